//! sockdoc under the conditions of real use: without privilege, while sockets come and go, on terminals.

use unicode_width::UnicodeWidthStr;

use crate::lab::agreement::{count, rows, sockdoc_counts};
use crate::lab::churn::Churn;
use crate::lab::counts::{Counts, State};
use crate::lab::makers::{self, Hangup, Held, Unread};
use crate::lab::program::{run, run_unprivileged};
use crate::lab::sockets::Family;
use crate::lab::{proc_net, program, terminal};

/// Sockets in most states.
fn some_of_everything() -> (Vec<Held>, Counts) {
    let held = vec![
        makers::syn_recv(Family::V4, 3),
        makers::established(Family::Dual, 8),
        makers::fin_wait1(Family::V6, 2, Hangup::Orphan),
        makers::fin_wait2(Family::V4, 4, Hangup::Held),
        makers::closing(Family::V4, 2, Hangup::Held),
        makers::time_wait(Family::Mapped, 30),
        makers::close_wait(Family::Dual, 7, Unread::Nothing),
        makers::last_ack(Family::V4, 2, Hangup::Held),
    ];
    let mut made = Counts::default();
    for held in &held {
        made += &held.made;
    }
    (held, made)
}

pub(crate) fn an_unprivileged_program_has_no_privilege() {
    let status = program::output_unprivileged("cat", &["/proc/self/status"]);
    let field = |name: &str| status.stdout.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    assert_eq!(field("CapEff:").trim().trim_matches('0'), "", "{status:?}");
    assert!(!field("Uid:").split_whitespace().any(|uid| uid == "0"), "{status:?}");
}

pub(crate) fn an_unprivileged_run_counts_the_same() {
    let (_held, made) = some_of_everything();
    let _bound = makers::bound_inactive(crate::lab::counts::Inet::V4, 4);
    sockdoc_counts(&made, run_unprivileged);
    assert_eq!(count(run_unprivileged, &["bound-inactive"]), 4);
    for key in ["state", "lport", "service", "direction", "timer"] {
        let args = ["group", "--json", "--by", key];
        assert_eq!(run_unprivileged(&args).json(), run(&args).json(), "{key}");
    }
}

pub(crate) fn counts_hold_in_the_face_of_churn() {
    let held = makers::close_wait(Family::V4, 500, Unread::Nothing);
    let listeners = makers::listen(Family::V6, 20);
    let _churn = [Churn::start(Family::V4), Churn::start(Family::Dual)];
    let expected = held.made.clone() + listeners.made.clone();
    let opened = proc_net::connections_opened();
    for _ in 0..20 {
        let overview = run(&["--json"]).json();
        let states = rows(&overview["states"], "state");
        assert_eq!(states.len(), 11);
        for state in [State::CloseWait, State::Listen] {
            let seen = states.iter().find(|(name, _)| name == state.name()).expect("every state").1;
            // A walk may meet a moving socket twice or never, but not lose one that stays.
            assert!(seen >= expected.state(state), "{} of {expected:?}", seen);
        }
        let grouped = run(&["group", "--json", "--by", "lport", "close-wait"]).json();
        let port = rows(&grouped["groups"], "lport").into_iter().find(|(port, _)| *port == held.port.to_string());
        assert!(port.is_some_and(|(_, n)| n >= 500), "{grouped}");
    }
    assert!(proc_net::connections_opened() > opened + 100, "nothing churned");
}

pub(crate) fn a_terminal_of_80_columns_gets_lines_that_fit() {
    lines_fit(80);
}

pub(crate) fn a_terminal_of_200_columns_gets_lines_that_fit() {
    lines_fit(200);
}

fn lines_fit(columns: u16) {
    let (_held, _) = some_of_everything();
    for language in ["C", "en_US.UTF-8", "zh_CN.UTF-8"] {
        for args in [&[][..], &["group", "--by", "state"], &["group", "--by", "service"], &["--help"]] {
            let environment = [("LC_ALL", language), ("TERM", "xterm-256color")];
            let shown = terminal::run(columns, 24, args, &environment);
            assert_eq!(shown.code, Some(0), "{shown:?}");
            // A command of a remedy is alone on its line and is never broken.
            let is_command =
                |line: &&str| line.strip_prefix("           ").is_some_and(|line| line.starts_with("sysctl "));
            for line in terminal::without_escapes(&shown.text).lines().filter(|line| !is_command(line)) {
                assert!(line.width() <= usize::from(columns), "{language} {args:?}, {} wide: {line}", line.width());
            }
        }
    }
}

pub(crate) fn a_terminal_gets_the_counts_that_were_made() {
    let (_held, made) = some_of_everything();
    for (color, escapes) in [(&[("TERM", "xterm")][..], true), (&[("TERM", "xterm"), ("NO_COLOR", "1")], false)] {
        // High enough for all states.
        let shown = terminal::run(80, 100, &[], color);
        assert_eq!(shown.code, Some(0), "{shown:?}");
        assert_eq!(shown.text.contains('\u{1b}'), escapes, "{shown:?}");
        let text = terminal::without_escapes(&shown.text);
        for state in State::ALL.into_iter().filter(|state| made.state(*state) > 0) {
            let mut words = text.lines().map(str::split_whitespace);
            let mut row = words.find(|words| words.clone().next() == Some(state.name())).expect("a row for each state");
            assert_eq!(row.nth(1), Some(made.state(state).to_string().as_str()), "{}: {text}", state.name());
        }
    }
}
