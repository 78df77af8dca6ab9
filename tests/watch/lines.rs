//! The line mode: text and JSON Lines, the changes of incidents, rates, exit status.

use std::{
    io::{BufRead, BufReader},
    net::{TcpListener, TcpStream},
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::lab::{
    load::Load,
    program::{LIMIT, command, run},
    server::{AtEnd, Server},
};

/// A watch that runs, and what it says.
struct Watch {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Watch {
    fn start(args: &[&str]) -> Watch {
        let mut all = vec!["watch"];
        all.extend(args);
        let mut command: Command = command(&all);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("sockdoc");
        let lines = BufReader::new(child.stdout.take().unwrap());
        Watch { child, lines }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        assert!(self.lines.read_line(&mut line).unwrap() > 0, "watch has ended");
        line
    }

    fn document(&mut self) -> Value {
        serde_json::from_str(&self.line()).unwrap()
    }

    /// Asks it to end; its status.
    fn interrupt(mut self) -> Option<i32> {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How the one incident changed in a document.
fn change(document: &Value) -> Option<String> {
    document["incidents"][0]["change"].as_str().map(str::to_owned)
}

pub(crate) fn a_leak_is_new_within_two_samples_and_gone_after_the_fix() {
    let rule = ["--only", "close-wait-leak", "--set", "close-wait-leak.age=1s"];
    let mut watch = Watch::start(&[&["-n", "1", "--json"][..], &rule].concat());
    assert_eq!(change(&watch.document()), None);
    let faulty = Server { at_end: AtEnd::Forget, ..Server::at(8080) };
    let running = faulty.clone().start();
    let clients = Load::to(faulty.address, 40).complete();
    std::thread::sleep(Duration::from_secs(1));
    // From here on the sockets are of age: the sample that is being taken, and the next. Older ones may still be unread.
    let of_age = std::time::SystemTime::now();
    let taken_at = |one: &Value| humantime::parse_rfc3339(one["taken_at"].as_str().unwrap()).unwrap();
    let first = loop {
        let document = watch.document();
        if taken_at(&document) + Duration::from_secs(1) > of_age || change(&document).is_some() {
            break document;
        }
    };
    let second = watch.document();
    let third = watch.document();
    let new = [&first, &second, &third].into_iter().find(|one| change(one).as_deref() == Some("new"));
    let new = new.unwrap_or_else(|| panic!("{first}\n{second}\n{third}"));
    assert_eq!(new["incidents"][0]["subject"]["pid"], running.pid(), "{new}");
    assert_eq!(
        new["states"].as_array().unwrap().iter().find(|one| one["state"] == "CLOSE_WAIT").unwrap()["sockets"],
        40
    );
    drop((running, clients));
    let fixed = Server::at(8080).start();
    let began = Instant::now();
    let gone = loop {
        let document = watch.document();
        if change(&document).as_deref() == Some("gone") {
            break document;
        }
        assert!(began.elapsed() < LIMIT / 2, "still there: {document}");
    };
    let incident = &gone["incidents"][0];
    assert!(incident["last_seen"].as_str() < gone["taken_at"].as_str(), "{gone}");
    assert_eq!(change(&watch.document()).as_deref(), Some("gone"), "it is no incident that is there");
    assert_eq!(watch.interrupt(), Some(0));
    drop(fixed);
}

pub(crate) fn rates_are_the_rises_of_the_counters() {
    let mut watch = Watch::start(&["-n", "0.3", "--json"]);
    assert_eq!(watch.document()["rates"][0]["rise"], Value::Null);
    let listener = TcpListener::bind("127.0.0.1:8080").unwrap();
    let mut ends = Vec::new();
    let mut risen = [0, 0];
    for _ in 0..3 {
        for _ in 0..25 {
            ends.push((TcpStream::connect("127.0.0.1:8080").unwrap(), listener.accept().unwrap()));
        }
        let began = Instant::now();
        let want = ends.len() as u64;
        while risen != [want, want] {
            let document = watch.document();
            for (place, sum) in risen.iter_mut().enumerate() {
                let rate = &document["rates"][place];
                let rise = rate["rise"].as_u64().unwrap();
                *sum += rise;
                let per_second = rise as f64 / document["seconds"].as_f64().unwrap();
                assert!((rate["per_second"].as_f64().unwrap() - per_second).abs() < 1e-6, "{document}");
            }
            assert!(risen.iter().all(|&sum| sum <= want) && began.elapsed() < LIMIT, "{risen:?} of {want}");
        }
    }
    // A past rise does not repeat.
    assert!(watch.document()["rates"].as_array().unwrap().iter().all(|rate| rate["rise"] == 0));
}

pub(crate) fn a_line_for_each_sample_and_the_status_of_check() {
    let quiet = run(&["watch", "-n", "0.1", "-c", "3"]);
    assert_eq!((quiet.code, quiet.stdout.lines().count()), (Some(0), 3), "{quiet:?}");
    let server = Server { at_end: AtEnd::Forget, ..Server::at(8080) };
    let running = server.clone().start();
    let clients = Load::to(server.address, 40).complete();
    std::thread::sleep(Duration::from_secs(2));
    let rule = ["--only", "close-wait-leak", "--set", "close-wait-leak.age=1s"];
    for (fail_on, status) in [("notice", 1), ("critical", 0)] {
        let args = [&["watch", "-n", "0.1", "-c", "2", "--fail-on", fail_on][..], &rule].concat();
        let said = run(&args);
        assert_eq!((said.code, said.stdout.lines().count()), (Some(status), 2), "{said:?}");
        let first = said.stdout.lines().next().unwrap();
        // A finding of the start is named in the first line, and is not new.
        let expected = format!("close-wait-leak echo-server ({})", running.pid());
        assert!(first.contains(&expected) && first.contains("CLOSE_WAIT 40") && !first.contains("NEW"), "{said:?}");
        assert!(said.stdout.is_ascii() && !said.stdout.lines().last().unwrap().contains("close-wait-leak"), "{said:?}");
    }
    drop(clients);
    let timed = run(&["watch", "-n", "0.5", "--for", "2"]);
    // On a busy host samples come later, never sooner.
    assert!((2..=5).contains(&timed.stdout.lines().count()), "{timed:?}");
    let wrong = run(&["watch", "-n", "0.01"]);
    assert!(wrong.code == Some(2) && wrong.stderr.contains("100 ms"), "{wrong:?}");
}

pub(crate) fn the_habit_of_netstat_leads_to_it() {
    for habit in [&["-c"][..], &["--continuous"], &["--lang", "en", "-c"]] {
        let mut child = command(habit).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(line.starts_with("20") && line.ends_with('\n'), "{habit:?}: {line}");
    }
    let said = run(&["-tanc"]);
    assert!(said.code == Some(2) && said.stderr.contains("sockdoc watch"), "{said:?}");
}

pub(crate) fn a_filter_chooses_what_the_states_count() {
    let (one, other) = (TcpListener::bind("127.0.0.1:8080").unwrap(), TcpListener::bind("127.0.0.1:8081").unwrap());
    let ends = [8080, 8081, 8081].map(|port| TcpStream::connect(("127.0.0.1", port)).unwrap());
    // On a slow machine this program, which accepts nothing, may be found busy.
    let said = run(&["watch", "--json", "-c", "1", "--only", "close-wait-leak", "dport = :8081"]);
    let document = said.json();
    assert_eq!(
        (&document["filter"], &document["states"][0]["sockets"]),
        (&"dport = :8081".into(), &2.into()),
        "{said:?}"
    );
    assert_eq!(document["states"].as_array().unwrap().len(), 1, "{document}");
    let wrong = run(&["watch", "-c", "1", "dport", "=", ":80x"]);
    assert!(wrong.code == Some(2) && wrong.stderr.contains('^'), "{wrong:?}");
    drop((one, other, ends));
}

pub(crate) fn an_expensive_sample_stretches_the_interval() {
    let document = run(&["watch", "--json", "-c", "1", "-n", "0.1"]).json();
    let [cost, interval] = ["cost_ms", "interval_ms"].map(|name| document[name].as_u64().unwrap());
    assert!(interval >= 100.max(20 * cost), "{document}");
    assert_eq!(run(&["watch", "--json", "-c", "1", "-n", "1h"]).json()["interval_ms"], 3_600_000);
    // It is said, and once. With enough sockets each sample is expensive.
    let listener = TcpListener::bind("127.0.0.1:8080").unwrap();
    let ends: Vec<_> =
        (0..400).map(|_| (TcpStream::connect("127.0.0.1:8080").unwrap(), listener.accept().unwrap())).collect();
    let said = run(&["watch", "--json", "-c", "4", "-n", "0.1"]);
    let interval = |line: &str| serde_json::from_str::<Value>(line).unwrap()["interval_ms"].as_u64().unwrap();
    let is_stretched = said.stdout.lines().map(interval).any(|interval| interval > 100);
    assert_eq!(said.stderr.matches("instead of 100 ms").count(), usize::from(is_stretched), "{said:?}");
    drop(ends);
}

/// Records two seconds in which a listener begins after the second sample and before the last but one, at port 8080. On
/// a busy host that can take more than one try.
pub(crate) fn record_a_listener_that_begins(path: &str, every: &str, samples: usize) {
    let began = Instant::now();
    loop {
        let recorder = command(&["record", "--for", "2s", "--every", every, "--force", "-o", path]).spawn();
        std::thread::sleep(Duration::from_millis(1200));
        let listener = TcpListener::bind("127.0.0.1:8080").unwrap();
        assert_eq!(recorder.unwrap().wait().unwrap().code(), Some(0));
        drop(listener);
        let said = run(&["watch", "--from", path, "--json"]);
        let documents = said.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let listening: Vec<bool> = documents.map(|one| one["states"][0]["sockets"] == 1).collect();
        if listening.len() == samples && !listening[1] && listening[samples - 2] {
            return;
        }
        assert!(began.elapsed() < LIMIT, "the listener is in no recording as it should be");
    }
}

pub(crate) fn a_recording_is_played_in_lines() {
    let path = std::env::temp_dir().join("watched.sockdoc");
    let path = path.to_str().unwrap();
    record_a_listener_that_begins(path, "500ms", 5);
    let play = |args: &[&str]| {
        let said = run(&[&["watch", "--from", path, "--json"], args].concat());
        assert_eq!(said.code, Some(0), "{said:?}");
        said.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
    };
    let played = play(&[]);
    let listening: Vec<u64> = played.iter().map(|one| one["states"][0]["sockets"].as_u64().unwrap_or(0)).collect();
    assert_eq!((listening.len(), listening.first(), listening.last()), (5, Some(&0), Some(&1)), "{played:#?}");
    assert!(listening.is_sorted(), "{listening:?}");
    assert_eq!(play(&["-c", "2"]).len(), 2);
    let times: Vec<&str> = played.iter().map(|one| one["taken_at"].as_str().unwrap()).collect();
    assert!(times.is_sorted() && times.first() < times.last(), "{times:?}");
    let text = std::env::temp_dir().join("no-recording");
    std::fs::write(&text, "State Recv-Q Send-Q Local Address:Port Peer Address:Port\n").unwrap();
    let refused = run(&["watch", "--from", text.to_str().unwrap()]);
    assert!(refused.code == Some(2) && refused.stderr.contains("is not a recording"), "{refused:?}");
}
