//! Looks at a case, and judges what `check` says of it.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{Case, Culprit, Expects, Held, program};
use crate::lab::check::{self, Checked};
use crate::lab::proc_net::until;
use crate::lab::terminal;

/// How long an incident may take to appear.
const PATIENCE: Duration = Duration::from_secs(60);

/// Makes the case and checks it.
pub(crate) fn run(case: &'static Case) {
    program::need(case.programs);
    let seconds = seconds();
    match case.expects {
        Expects::Silence(make) => is_silent(seconds, || make(seconds)),
        Expects::SilenceAfter(make) => is_silent(2 * seconds, || make(seconds)),
        Expects::Unproven(make) => is_silent(seconds, make),
        Expects::Incident(rule, make) => {
            let (culprit, _held) = make();
            is_found(case, rule, culprit, &[&["--for", "1s"], &[]]);
        }
        Expects::Cured(rule, make, cure) => {
            let (culprit, _held) = make();
            is_found(case, rule, culprit, &[&["--for", "1s"], &[]]);
            cure();
            until("no alarm", || check::run(&[]).alarms().is_empty());
            all_go_well();
        }
        Expects::IncidentOverTime(rule, make) => {
            let (culprit, _held) = make();
            is_found(case, rule, culprit, &[&["--for", "1s"]]);
        }
    }
}

/// How long a healthy server is watched.
fn seconds() -> u64 {
    std::env::var("SOCKDOC_SOAK").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(10)
}

/// No program that was started has ended badly: a load that fails at once would be a quiet one.
fn all_go_well() {
    for (pid, line) in program::started() {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let after_name: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ended = after_name.first() == Some(&"Z");
        // The last figure is what wait() would say; 124 is the end of a time that was set.
        let status = after_name.last().and_then(|status| status.parse::<i32>().ok());
        let is_good = !ended
            || matches!(status.map(|status| status >> 8), Some(0 | 124))
                && status.is_some_and(|status| status & 0x7f == 0);
        assert!(is_good && !stat.is_empty(), "{line} has ended with {status:?}\n{}", program::log());
    }
}

/// No look raises an alarm: one sample, two, and two with everything.
fn is_silent(seconds: u64, make: impl FnOnce() -> Held) {
    let _held = make();
    let end = Instant::now() + Duration::from_secs(seconds);
    while Instant::now() < end {
        for args in [&[][..], &["--for", "1s"], &["--for", "2s", "--deep"]] {
            let checked = check::run(args);
            let incidents = &checked.document["incidents"];
            assert!(checked.alarms().is_empty(), "{args:?}: {incidents:#}\n{}", program::log());
        }
    }
    all_go_well();
}

/// The first incident is of this rule and about this culprit, in each of these looks, one right after the other.
fn is_found(case: &Case, rule: &str, culprit: Culprit, looks: &[&[&str]]) {
    let end = Instant::now() + PATIENCE;
    let set: Vec<&str> = case.set.iter().flat_map(|set| ["--set", set]).collect();
    let is_right = |checked: &Checked| {
        checked.document["incidents"].get(0).is_some_and(|first| first["rule"] == rule && culprit.is(&first["subject"]))
    };
    let last = looks.last().copied().unwrap_or_default();
    loop {
        let looks: Vec<Checked> = looks.iter().map(|look| check::run(&[&set[..], look].concat())).collect();
        let is_late = Instant::now() >= end;
        if is_late || looks.iter().all(is_right) {
            show(case, &[&set[..], last].concat());
            let incidents: Vec<&Value> = looks.iter().map(|checked| &checked.document["incidents"]).collect();
            assert!(!is_late, "no {rule} of {culprit:?} first: {incidents:#?}\n{}", program::log());
            return;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Keeps the first screen, where that is asked for.
fn show(case: &Case, arguments: &[&str]) {
    let Some(folder) = std::env::var_os("SOCKDOC_SCREENS") else { return };
    let arguments = if arguments.is_empty() { vec![] } else { [&["check"], arguments].concat() };
    let shown = terminal::run(80, 24, &arguments, &[("TERM", "xterm"), ("LANG", "en_US.UTF-8")]);
    let name = case.name().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let text = terminal::without_escapes(&shown.text);
    fs::write(std::path::Path::new(&folder).join(name), text).expect("the folder of screens");
}

impl Culprit {
    fn is(self, subject: &Value) -> bool {
        match self {
            Self::Process(pid) => subject["kind"] == "process" && subject["pid"] == pid,
            Self::Listener(port) => subject["kind"] == "listener" && subject["port"] == port,
            Self::Destination(port) => subject["kind"] == "destination" && subject["port"] == port,
            Self::Host => subject["kind"] == "host",
        }
    }
}
