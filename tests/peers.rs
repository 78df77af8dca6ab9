//! Real servers at work: nginx, HAProxy, Redis, PostgreSQL, sshd and a pool of connections in Java.
//!
//! Healthy, idle and under load, none of them may raise an alarm (warning or critical); broken in one real way, the first
//! incident must name the right rule and the right program or listener. Each case is one entry of a list in
//! `tests/peers/<server>.rs`; `docs/soak.md` is made from the lists.
//!
//! A case whose programs are not installed is reported as ignored, by name; with `SOCKDOC_REQUIRE_PEERS=1` that is a failure.
//! `tests/soak.sh` installs them and runs all. Healthy servers are watched for `SOCKDOC_SOAK` seconds, 10 unless it is set.
//! `SOCKDOC_SCREENS=FOLDER` keeps the first screen of each broken server, as a terminal of 80 × 24 shows it.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "test code; clippy knows it by #[test], which a harness of its own does not have"
)]

use std::process::ExitCode;

use libtest_mimic::Trial;

#[path = "lab/mod.rs"]
mod lab;
#[path = "peers/mod.rs"]
mod peers;

use lab::harness::{Closed, Experiment};

fn main() -> ExitCode {
    let experiments = peers::cases().map(|case| Experiment {
        name: case.name(),
        body: Box::new(move || peers::watch::run(case)),
        is_slow: false,
        is_possible: true,
    });
    let others = peers::metrics::TESTS.into_iter().chain(peers::packaging::TESTS).chain(peers::kill::TESTS);
    let others = others.map(|(name, body)| Experiment {
        name: name.to_owned(),
        body: Box::new(body),
        is_slow: false,
        is_possible: true,
    });
    let experiments = experiments.chain(others);
    let table = Trial::test("table: docs/soak.md is that of the cases", peers::table::is_current);
    lab::harness::run(experiments.collect(), vec![table], Closed::Ignores)
}
