//! What this kernel lets sockdoc do: one test a feature, each of which makes sockets and compares. `tests/kernels/run` boots
//! other kernels with this program as their work, and makes `docs/kernels.md` of what it writes.
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

use lab::harness::{Closed, Experiment};

/// The folder that takes the words.
const FOLDER: &str = "SOCKDOC_KERNELS";

fn main() -> ExitCode {
    let experiments = features::FEATURES.iter().map(|&(name, show)| Experiment {
        name: name.to_owned(),
        body: Box::new(move || {
            let word = show();
            if let Some(folder) = std::env::var_os(FOLDER) {
                std::fs::write(std::path::Path::new(&folder).join(name), word).expect("a folder for the words");
            }
        }),
        is_slow: false,
        is_possible: true,
    });
    lab::harness::run(experiments.collect(), vec![], Closed::Ignores)
}
