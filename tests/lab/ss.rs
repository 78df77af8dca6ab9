//! The output of `ss`. A test ends, ignored, if `ss` is not installed.

use std::process::Command;

use super::counts::{Counts, Inet, State};
use super::peer;

/// All TCP sockets of the namespace as `ss -Htan` lists them.
#[track_caller]
pub(crate) fn tcp_counts() -> Counts {
    let mut counts = Counts::default();
    for (inet, option) in [(Inet::V4, "-4"), (Inet::V6, "-6")] {
        for line in lines(&["-Htan", option]) {
            let word = line.split_whitespace().next().unwrap_or_default();
            let state = State::ALL.into_iter().find(|state| state.ss_name() == word);
            counts.note(inet, state.unwrap_or_else(|| panic!("a state that ss prints: {line}")), 1);
        }
    }
    counts
}

/// The lines that `ss` prints with these options.
#[track_caller]
pub(crate) fn lines(options: &[&str]) -> Vec<String> {
    peer::needs("ss");
    let output = Command::new("ss").args(options).output().expect("ss");
    assert!(output.status.success(), "ss {options:?}: {output:?}");
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}
