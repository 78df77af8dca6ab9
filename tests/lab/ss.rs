//! What `ss` says, where it is installed.

use std::process::Command;

use super::counts::{Counts, Inet, State};

/// All TCP sockets of the namespace as `ss -Htan` lists them; `None` without `ss`.
pub(crate) fn tcp_counts() -> Option<Counts> {
    let mut counts = Counts::default();
    for (inet, option) in [(Inet::V4, "-4"), (Inet::V6, "-6")] {
        for line in lines(&["-Htan", option])? {
            let word = line.split_whitespace().next().unwrap_or_default();
            let state = State::ALL.into_iter().find(|state| state.ss_name() == word);
            counts.note(inet, state.unwrap_or_else(|| panic!("a state that ss prints: {line}")), 1);
        }
    }
    Some(counts)
}

/// The lines that `ss` prints with these options; `None` without `ss`.
pub(crate) fn lines(options: &[&str]) -> Option<Vec<String>> {
    let output = match Command::new("ss").args(options).output() {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) => panic!("ss: {error}"),
    };
    assert!(output.status.success(), "ss {options:?}: {output:?}");
    Some(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}
