//! The pictures of the README and its recording: real screens of the built program, over a planted leak.
//!
//! `SOCKDOC_REGENERATE=1 cargo test --test picture` makes `docs/picture` again; without it the files are compared with
//! what the program shows now, times, numbers and the host's name aside.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "test code; clippy knows it by #[test], which a harness of its own does not have"
)]

use std::process::ExitCode;

#[path = "lab/mod.rs"]
mod lab;
#[path = "picture/screens.rs"]
mod screens;

const TESTS: &[lab::harness::Test] = lab::harness::tests! {
    screens:
        the_pictures_are_what_the_program_shows
        the_recording_is_what_the_program_shows;
};

fn main() -> ExitCode {
    lab::harness::main(TESTS, Vec::new(), lab::harness::Closed::Ignores)
}
