//! The proofs: every rule on the real kernel, and every myth that a lab can show.
//!
//! A proof makes the fault and sockdoc finds it; makes the healthy twin, with the same settings just below the limit, and
//! sockdoc is silent; applies the remedy, and the finding is gone. It is one file in `tests/rules/`, one line in its list
//! (`tests/rules/mod.rs`), and consists of a [`lab::proof::Proof`] with the words for `docs/proofs.md` and a function
//! that takes the steps through [`lab::proof::Lab`]. A proof that left one out fails.
//!
//! What they are made with, all in [`lab`]: `server` and `load` (programs in their own processes, faulty and fixed in
//! one field), `actor` (any other program), `makers` and `mass` (sockets in every state, by the dozen and the
//! thousand), `traffic` (small ranges of ports, which end closes first), `half_open` (SYNs from nowhere), `overflow`
//! (UDP, UNIX), `path` (another host, which can fall silent), `sockets::{blind, lossy}` (loss without netem),
//! `segments` (hand-made ones), `forged` (figures that no namespace reaches), `proc_net` (what the kernel says of it:
//! rows, counters, `until`).
//!
//! Each runs in its own process, user and network namespace. If the kernel refuses that, they are reported as ignored;
//! with `SOCKDOC_REQUIRE_LAB=1` that is a failure. Slow ones, which keep the default thresholds, run with `cargo test
//! --test rules -- --ignored`. `SOCKDOC_REGENERATE=1 cargo test --test rules table` rewrites the table.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "test code; clippy knows it by #[test], which a harness of its own does not have"
)]

use std::process::ExitCode;

use libtest_mimic::Trial;

#[path = "lab/mod.rs"]
mod lab;
#[path = "rules/mod.rs"]
mod rules;

use lab::harness::{Closed, Experiment};
use lab::proof;

fn main() -> ExitCode {
    let proofs = rules::PROOFS.iter().map(|&proof| Experiment {
        name: proof.name(),
        body: Box::new(move || proof::run(proof)),
        is_slow: proof.is_slow,
        is_possible: (proof.is_possible)(),
    });
    let quiet = rules::quiet::SCENARIOS.iter().map(|scenario| Experiment {
        name: format!("quiet: {}", scenario.name),
        body: Box::new(move || rules::quiet::run(scenario)),
        is_slow: scenario.is_slow,
        is_possible: true,
    });
    let myths = rules::myths::MYTHS.iter().map(|myth| Experiment {
        name: format!("myth: {}", myth.name),
        body: Box::new(myth.show),
        is_slow: myth.is_slow,
        is_possible: true,
    });
    let helpers = rules::helpers::HELPERS.iter().map(|&(name, body)| Experiment {
        name: format!("helper: {name}"),
        body: Box::new(body),
        is_slow: false,
        is_possible: true,
    });
    let incidents = rules::incidents::INCIDENTS.iter().map(|&(name, body)| Experiment {
        name: format!("incident: {name}"),
        body: Box::new(body),
        is_slow: false,
        is_possible: true,
    });
    let relations = rules::relations::RELATIONS.iter().map(|shown| Experiment {
        name: format!("relation: {}", shown.name),
        body: Box::new(move || rules::relations::run(shown)),
        is_slow: false,
        is_possible: true,
    });
    let outside = vec![
        Trial::test("table: docs/proofs.md is that of the proofs", rules::table::is_current),
        Trial::test("table: every proof is of a rule, and has a name of its own", rules::table::names_are_right),
        Trial::test("table: every rule is proven", rules::table::every_rule_is_proven),
        Trial::test("table: every relation is shown", || {
            rules::relations::every_relation_is_shown();
            Ok(())
        }),
        Trial::test("table: every step of every proof is recorded", rules::table::every_proof_is_recorded),
        Trial::test("table: the READMEs say how many", rules::table::readmes_say_how_many),
    ];
    lab::harness::run(
        proofs.chain(quiet).chain(incidents).chain(relations).chain(myths).chain(helpers).collect(),
        outside,
        Closed::Ignores,
    )
}
