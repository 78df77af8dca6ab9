//! All counts must agree: of the makers of the sockets, the kernel's text files, `ss`, and sockdoc.

use serde_json::Value;

use super::counts::{Counts, Inet, State};
use super::program::{Said, run};
use super::ss;
use super::{peer, proc_net};

/// `/proc/net/tcp`, `/proc/net/tcp6` and `ss` show the made sockets.
#[track_caller]
pub(crate) fn kernel_shows(made: &Counts) {
    proc_net::settle(made);
    if peer::has("ss") {
        assert_eq!(ss::tcp_counts(), *made, "ss and what was made");
    }
}

/// The kernel shows the made sockets, and so does sockdoc in all its ways.
#[track_caller]
pub(crate) fn everybody_counts(made: &Counts) {
    kernel_shows(made);
    sockdoc_counts(made, run);
    // A timer might have moved a socket meanwhile; then it is not sockdoc that was wrong.
    kernel_shows(made);
}

/// `sockdoc`, `count` and `group`, run in the given way, show the made sockets.
#[track_caller]
pub(crate) fn sockdoc_counts(made: &Counts, run: fn(&[&str]) -> Said) {
    let overview = run(&["--json"]).json();
    let expected: Vec<(String, usize)> =
        State::ALL.iter().map(|state| (state.name().to_owned(), made.state(*state))).collect();
    assert_eq!(rows(&overview["states"], "state"), expected, "the overview");
    for state in State::ALL {
        assert_eq!(count(run, &[state.name()]), made.state(state), "count {}", state.name());
        let v4 = count(run, &["-4", state.name()]);
        assert_eq!(v4, made.get(Inet::V4, state), "count -4 {}", state.name());
    }
    assert_eq!(count(run, &[]), made.total(), "count");
    assert_eq!(count(run, &["-4"]), made.family(Inet::V4), "count -4");
    assert_eq!(count(run, &["-6"]), made.family(Inet::V6), "count -6");
    let grouped = run(&["group", "--by", "state", "--json"]).json();
    let mut groups = rows(&grouped["groups"], "state");
    groups.sort();
    let mut expected: Vec<(String, usize)> = expected.into_iter().filter(|(_, n)| *n > 0).collect();
    expected.sort();
    assert_eq!(groups, expected, "group --by state");
    assert_eq!(number(&grouped["total"]), made.total(), "the total of group");
}

/// The integer of `sockdoc count --json` with these arguments.
#[track_caller]
pub(crate) fn count(run: fn(&[&str]) -> Said, args: &[&str]) -> usize {
    let said = run(&[&["count", "--json"], args].concat()).json();
    assert_eq!(said["schema"], "sockdoc/1");
    number(&said["sockets"])
}

/// `(text of that key, sockets)` for each member of an array.
#[track_caller]
pub(crate) fn rows(array: &Value, key: &str) -> Vec<(String, usize)> {
    let rows = array.as_array().unwrap_or_else(|| panic!("an array, not {array}"));
    rows.iter()
        .map(|row| {
            let text = match &row[key] {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            (text, number(&row["sockets"]))
        })
        .collect()
}

#[track_caller]
fn number(value: &Value) -> usize {
    let number = value.as_u64().unwrap_or_else(|| panic!("a number, not {value}"));
    usize::try_from(number).expect("fits")
}
