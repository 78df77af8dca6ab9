//! Unsupported requests.

use crate::lab::program::{command, finish, run, without_groups, without_threads};

pub(crate) fn what_cannot_be_followed_is_said_before_anything_is_done() {
    for (args, word) in [
        (&["events", "time-wait"][..], "no state"),
        (&["events", "tcp and not close-wait"], "no state"),
        (&["events", "timer = persist"], "timer or keepalive"),
        (&["events", "--from", "/dev/null"], "--from"),
        (&["list", "-E", "--from", "/dev/null"], "--from"),
        (&["events", "--netns", "all"], "one network namespace"),
        (&["events", "--netns", "nowhere"], "nowhere"),
        (&["events", "--by", "state"], "grouped by state"),
        (&["events", "--by", "colour"], "colour"),
        (&["events", "--interval", "1ms"], "--interval"),
        (&["events", "--summary", "0"], "--summary"),
        (&["events", "--top", "3"], "--by"),
        (&["events", "-c", "0"], "-c"),
        (&["events", "--format", "csv"], "csv"),
    ] {
        let said = run(args);
        assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""), "{args:?}: {said:?}");
        assert!(said.stderr.contains(word), "{args:?}: {said:?}");
    }
    let no_thread = finish(without_threads(command(&["events", "--for", "1s"])));
    let no_group = finish(without_groups(command(&["events", "--for", "1s", "--json"])));
    let listed = finish(without_groups(command(&["list", "-E"])));
    assert_eq!((no_thread.code, no_thread.stdout.as_str()), (Some(2), ""), "{no_thread:?}");
    assert!(no_thread.stderr.contains("cannot start a thread"), "{no_thread:?}");
    for said in [no_group, listed] {
        assert!(said.code == Some(2) && said.stdout.is_empty() && said.stderr.contains("destroy groups"), "{said:?}");
    }
}
