//! `check` and `explain`: exit status, refusals, and a leak of this test that is found.

use std::{
    fs,
    io::Read,
    net::{TcpListener, TcpStream},
    path::PathBuf,
    time::Duration,
};

use crate::program::{good, ran, refused, sockdoc};

/// A wrong command line, the word its error names, and the word or text it offers.
const WRONG: &[(&[&str], &str, &str)] = &[
    (&["check", "close-wait-leek"], "close-wait-leek", "close-wait-leak"),
    (&["check", "--only", "close-wait-leek"], "close-wait-leek", "close-wait-leak"),
    (&["check", "--ignore", "CLOSE_WAIT_LEAKS"], "CLOSE_WAIT_LEAKS", "close-wait-leak"),
    (&["check", "xyzzy"], "xyzzy", "close-wait-leak"),
    (&["check", "--set", "close-wait-leak.agee=2s"], "agee", "age"),
    (&["check", "--set", "close-wait-leek.age=2s"], "close-wait-leek", "close-wait-leak"),
    (&["check", "--set", "close-wait-leak.age=2 parsecs"], "2 parsecs", "30s or 5m"),
    (&["check", "--set", "close-wait-leak.age=-1"], "-1", "30s or 5m"),
    (&["check", "--set", "close-wait-leak"], "close-wait-leak", "RULE.NAME=VALUE"),
    (&["check", "--fail-on", "fatal"], "fatal", "critical"),
    (&["check", "--for", "soon"], "soon", "--for"),
    (&["check", "--list", "--script"], "--list", "--script"),
    (&["check", "--format", "csv"], "csv", "check"),
    (&["check", "--script", "--json"], "json", "check"),
    (&["check", "--config", "/nonexistent/sockdoc.toml"], "/nonexistent/sockdoc.toml", "No such file"),
    (&["explain", "close-wait-leek"], "close-wait-leek", "close-wait-leak"),
    (&["explain", "xyzzy"], "xyzzy", "sockdoc explain"),
    (&["explain", "--format", "csv"], "csv", "explain"),
];

pub(crate) fn a_wrong_check_is_refused_by_name_with_a_way_out() {
    for (arguments, named, offered) in WRONG {
        let line = refused(&mut sockdoc(*arguments));
        assert!(line.contains(named) && line.contains(offered) && line.is_ascii(), "{arguments:?}: {line}");
        let chinese = refused(sockdoc(["--lang", "zh"]).args(*arguments));
        assert!(chinese.contains(named), "{arguments:?}: {chinese}");
    }
}

/// A file for one test, removed with it.
struct File(PathBuf);

impl File {
    fn new(name: &str, text: &str) -> File {
        let path = std::env::temp_dir().join(format!("sockdoc-{}-{name}.toml", std::process::id()));
        fs::write(&path, text).unwrap();
        File(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

pub(crate) fn a_broken_configuration_names_file_line_and_key() {
    for (name, text, line, named) in [
        ("syntax", "# a\nignore = [", 2, "TOML"),
        ("key", "\nignor = []", 2, "ignore"),
        ("rule", "[close-wait-leak]\nage = 1\n[close-wait-leek]\nage = 1", 3, "close-wait-leek"),
        ("threshold", "[close-wait-leak]\nshare = 0.5\nagee = 1", 3, "close-wait-leak.agee"),
        ("value", "[close-wait-leak]\nage = \"2 parsecs\"", 2, "close-wait-leak.age"),
        ("kind", "[close-wait-leak]\nage = true", 2, "close-wait-leak.age"),
        ("list", "ignore = [\n \"close-wait-leek\"]", 2, "close-wait-leak"),
        ("severity", "fail-on = \"fatal\"", 1, "critical"),
    ] {
        let file = File::new(name, text);
        for command in [&["check"][..], &["check", "--list"]] {
            let refusal = refused(sockdoc(command).args(["--config", file.path()]));
            assert!(refusal.starts_with(&format!("{}:{line}: ", file.path())), "{refusal}");
            assert!(refusal.contains(named), "{refusal}");
        }
    }
}

pub(crate) fn the_configuration_of_the_user_is_found_and_outweighed_by_the_command_line() {
    let home = std::env::temp_dir().join(format!("sockdoc-{}-home", std::process::id()));
    fs::create_dir_all(home.join("sockdoc")).unwrap();
    fs::write(home.join("sockdoc/config.toml"), "[close-wait-leak]\nage = \"7s\"\nshare = \"20%\"\n").unwrap();
    let list = |more: &[&str]| {
        let mut command = sockdoc(["check", "--list", "--json"]);
        let ran = ran(command.args(more).env("XDG_CONFIG_HOME", &home));
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        document["rules"][0]["thresholds"].clone()
    };
    let plain = list(&[]);
    assert_eq!((&plain[0]["value"], &plain[0]["origin"]), (&7.0.into(), &"config".into()));
    assert_eq!((&plain[1]["value"], &plain[2]["origin"]), (&0.2.into(), &"default".into()));
    let set = list(&["--set", "close_wait_leak.AGE=2s"]);
    assert_eq!((&set[0]["value"], &set[0]["origin"]), (&2.0.into(), &"command-line".into()));
    fs::remove_dir_all(&home).unwrap();
}

/// Five connections whose peer has gone and whose end has been read: a leak, until they are dropped.
fn leak() -> (TcpListener, Vec<TcpStream>) {
    let listener = crate::program::listener();
    let address = listener.local_addr().unwrap();
    let held = (0..5).map(|_| {
        drop(TcpStream::connect(address).unwrap());
        let (mut server, _) = listener.accept().unwrap();
        server.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        assert_eq!(server.read(&mut [0; 16]).unwrap(), 0);
        server
    });
    let held = held.collect();
    (listener, held)
}

pub(crate) fn a_leak_is_found_and_decides_the_exit_status() {
    let (listener, held) = leak();
    std::thread::sleep(Duration::from_millis(1_200));
    let port = listener.local_addr().unwrap().port().to_string();
    let check = |more: &[&str]| {
        let mut command = sockdoc(["check", "close-wait-leak", "--set", "close-wait-leak.age=1s"]);
        ran(command.args(more))
    };
    let notice = check(&["--fail-on", "notice"]);
    assert_eq!(notice.code, Some(1), "{notice:?}");
    assert!(notice.stdout.contains("close-wait-leak") && notice.stdout.contains(&port), "{}", notice.stdout);
    assert_eq!(notice.stdout.lines().last(), Some("sockdoc check -v shows all · sockdoc explain close-wait-leak"));
    let document: serde_json::Value = serde_json::from_str(&check(&["--json", "--fail-on", "notice"]).stdout).unwrap();
    let pid = u64::from(std::process::id());
    let findings = document["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["subject"]["pid"] == pid), "{document:#}");
    let monitor = check(&["--nagios", "--fail-on", "notice"]);
    assert_eq!(monitor.code, Some(1), "{monitor:?}");
    assert!(monitor.stdout.starts_with("SOCKDOC WARNING - ") && monitor.stdout.lines().count() == 1, "{monitor:?}");
    assert!(monitor.stdout.contains(" | critical=0 warning="), "{monitor:?}");
    assert!(monitor.stdout.contains(" close_wait=") && monitor.stdout.contains(" listen="), "{monitor:?}");
    let figures = performance_data(&monitor.stdout);
    let sockets = figures.iter().find(|one| one.label == "close-wait-leak.sockets").expect("the figures of the rule");
    assert!(sockets.value >= 1.0, "{sockets:?}");
    let oldest = figures.iter().find(|one| one.label == "close-wait-leak.oldest").expect("the figures of the rule");
    assert!(oldest.unit == "s" && oldest.ranges[0].is_some_and(|from| oldest.value >= from), "{oldest:?}");
    let ignored = check(&["--ignore", "close-wait-leak", "--fail-on", "notice"]);
    assert_eq!((ignored.code, ignored.stdout.contains(&port)), (Some(0), false), "{ignored:?}");
    for what in ["--script", "--sysctl-d", "--list"] {
        assert_eq!(check(&[what, "--fail-on", "notice"]).code, Some(0), "{what}");
    }
    drop(held);
}

/// One figure of performance data.
#[derive(Debug)]
struct MonitorFigure {
    label: String,
    value: f64,
    unit: String,
    /// Warning, critical, least, most.
    ranges: [Option<f64>; 4],
}

/// Reads performance data as the Monitoring Plugins guidelines have it: `label=value[unit];[warn];[crit];[min];[max]`.
fn performance_data(line: &str) -> Vec<MonitorFigure> {
    let (text, data) = line.trim_end().split_once(" | ").unwrap_or_else(|| panic!("{line}"));
    assert!(!text.contains('|') && !data.contains('|') && line.len() < 4096, "{line}");
    let figure = |one: &str| {
        let (label, rest) = one.split_once('=').unwrap_or_else(|| panic!("{one}"));
        assert!(!label.is_empty() && !label.contains(['\'', '"', ' ']), "{one}");
        let parts: Vec<&str> = rest.split(';').collect();
        assert!(parts.len() <= 5, "{one}");
        let end = parts[0].find(|c: char| !(c.is_ascii_digit() || ".-".contains(c))).unwrap_or(parts[0].len());
        let (value, unit) = parts[0].split_at(end);
        assert!(["", "s", "%", "B", "c"].contains(&unit), "{one}");
        let range = |at: usize| parts.get(at).filter(|part| !part.is_empty()).map(|part| part.parse().expect(one));
        let ranges = [range(1), range(2), range(3), range(4)];
        let value: f64 = value.parse().expect(one);
        assert!(ranges[2].is_none_or(|least| value >= least), "{one}");
        MonitorFigure { label: label.to_owned(), value, unit: unit.to_owned(), ranges }
    };
    let figures: Vec<MonitorFigure> = data.split(' ').map(figure).collect();
    let labels: std::collections::BTreeSet<&str> = figures.iter().map(|one| one.label.as_str()).collect();
    assert_eq!(labels.len(), figures.len(), "no label is there twice: {data}");
    figures
}

pub(crate) fn a_monitor_gets_one_line_and_3_for_every_failure() {
    for arguments in [
        &["check", "--nagios", "--frobnicate"][..],
        &["check", "--nagios", "close-wait-leek"],
        &["check", "--nagios", "--set", "x"],
        &["check", "--nagios", "--netns", "no-such-namespace"],
        &["check", "--nagios", "--config", "/nonexistent"],
    ] {
        let ran = ran(&mut sockdoc(arguments));
        assert_eq!(ran.code, Some(3), "{ran:?}");
        assert!(ran.stdout.starts_with("SOCKDOC UNKNOWN - ") && ran.stdout.lines().count() == 1, "{ran:?}");
    }
}

pub(crate) fn the_script_is_one_that_a_shell_understands() {
    let script = good(["check", "--script"]);
    let file = File::new("script", &script);
    let status = std::process::Command::new("sh").args(["-n", file.path()]).status().unwrap();
    assert!(status.success(), "{script}");
}

pub(crate) fn a_topic_is_found_in_any_spelling_and_printed_as_markdown() {
    let text = good(["explain", "close-wait-leak"]);
    assert!(text.starts_with("# close-wait-leak\n"), "{text}");
    for word in ["CLOSE_WAIT_LEAK", "close_wait-Leak", "closewaitleak"] {
        assert_eq!(good(["explain", word]), text, "{word}");
    }
    assert_eq!(good(["explain", "close", "wait", "leak"]), text);
    let chinese = good(["explain", "--lang", "zh", "close-wait-leak"]);
    assert!(chinese.starts_with("# CLOSE_WAIT 泄漏（close-wait-leak）\n"), "{chinese}");
    let list = good(["explain"]);
    assert!(list.contains("\n- close-wait-leak: ") && list.starts_with("## States\n"), "{list}");
}

pub(crate) fn the_verdict_is_the_end_of_the_overview() {
    for arguments in [&[][..], &["--for", "10ms"], &["--deep"], &["-v"]] {
        let ran = ran(&mut sockdoc(arguments));
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let last = ran.stdout.lines().last().unwrap();
        // An option that is given already is not offered again.
        let is_all = arguments == ["-v"];
        assert!(last.starts_with(if is_all { "nothing found" } else { "sockdoc -v shows all" }), "{ran:?}");
    }
}
