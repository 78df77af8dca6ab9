//! Requirements that a machine may lack: programs that a test compares with or runs, and rights that the kernel
//! reserves.
//!
//! A test that finds one missing ends there and is reported as ignored, by name and with the reason, after all that it
//! could show without it. With `SOCKDOC_REQUIRE_LAB=1` it fails.

#![allow(clippy::exit, reason = "the process is the test's own, and its status says how the test ended")]

use std::path::PathBuf;

/// Set to 1, it turns any missing requirement into a failure.
const REQUIRE: &str = "SOCKDOC_REQUIRE_LAB";
/// The same for the servers of `tests/peers`, which no other test needs.
const REQUIRE_SERVERS: &str = "SOCKDOC_REQUIRE_PEERS";
/// The status of a process whose test could not go on.
pub(crate) const LACKING: i32 = 77;

/// Whether a missing requirement is a failure.
pub(crate) fn is_required() -> bool {
    is_set(REQUIRE)
}

/// Ends the test: this machine lacks what it needs.
#[track_caller]
pub(crate) fn lacks(what: &str) -> ! {
    ends(REQUIRE, what)
}

/// Ends the test: this machine lacks a server or its clients.
#[track_caller]
pub(crate) fn lacks_server(program: &str) -> ! {
    ends(REQUIRE_SERVERS, program)
}

/// Ends the test also where it is demanded: no setting of this machine gives it what it needs.
pub(crate) fn cannot_have(what: &str) -> ! {
    eprintln!("needs {what}");
    std::process::exit(LACKING)
}

#[track_caller]
fn ends(required_by: &str, what: &str) -> ! {
    assert!(!is_set(required_by), "{required_by}=1 demands {what}");
    cannot_have(what)
}

fn is_set(variable: &str) -> bool {
    std::env::var(variable).is_ok_and(|value| value == "1")
}

/// The program is installed, or the test ends here.
#[track_caller]
pub(crate) fn needs(program: &str) {
    if find(program).is_none() {
        lacks(program);
    }
}

/// Whether a program is installed that gives one more opinion, and nothing that the test is about.
#[track_caller]
pub(crate) fn has(program: &str) -> bool {
    let is_there = find(program).is_some();
    assert!(is_there || !is_required(), "{REQUIRE}=1 demands {program}");
    is_there
}

/// Where a program is installed: in `PATH`, or where root finds such as `sysctl`.
fn find(program: &str) -> Option<PathBuf> {
    let path = super::program::search_path();
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}
