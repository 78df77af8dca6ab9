//! Features of sockdoc on this kernel: one test for each, which makes sockets and compares. `tests/kernels/run` boots
//! other kernels with this program, and makes `docs/kernels.md` of its output.
//!
//! A feature is written in a word or two, or fails: `exact`, or what the kernel or the build lacks. With
//! `SOCKDOC_KERNELS=FOLDER` each is a file there, of the feature's name.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "test code; clippy knows it by #[test], which a harness of its own does not have"
)]

use std::process::ExitCode;

#[path = "kernels/features.rs"]
mod features;
#[allow(dead_code, reason = "shared with the tests of events, which use all of it")]
#[path = "events/follower.rs"]
mod follower;
#[path = "lab/mod.rs"]
mod lab;
#[path = "kernels/slow.rs"]
mod slow;

use lab::harness::{Closed, Experiment};

/// The folder that takes the words.
const FOLDER: &str = "SOCKDOC_KERNELS";

fn main() -> ExitCode {
    let experiment = |(name, show, needs_host): (&'static str, fn() -> String, bool)| Experiment {
        name: name.to_owned(),
        body: Box::new(move || {
            if needs_host && let Err(refused) = lab::namespace::enter_another() {
                lab::peer::cannot_have(&format!("a network namespace: {refused}"));
            }
            write(name, show);
        }),
        is_slow: false,
        is_possible: true,
    };
    let in_the_lab = features::FEATURES.iter().map(|&(name, show)| experiment((name, show, false)));
    let of_the_host = features::OF_THE_HOST.iter().map(|&(name, show)| experiment((name, show, true)));
    if let Some((name, show)) = slow::chosen() {
        write(name, show);
        return ExitCode::SUCCESS;
    }
    lab::harness::run_with(in_the_lab.collect(), of_the_host.collect(), vec![], Closed::Ignores)
}

/// Runs what shows a feature, and writes its word.
fn write(name: &str, show: fn() -> String) {
    let word = show();
    if let Some(folder) = std::env::var_os(FOLDER) {
        std::fs::write(std::path::Path::new(&folder).join(name), word).expect("a folder for the words");
    }
}
