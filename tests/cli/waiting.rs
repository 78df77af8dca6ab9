//! `count --until`.

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use crate::lab::{
    counts::State,
    load::{Ends, Load},
    proc_net::{tcp_in, until},
    program::{run, run_unprivileged},
    server::{AtEnd, Server},
    terminal,
};

pub(crate) fn a_port_that_begins_to_listen_ends_the_wait() {
    let began = Instant::now();
    let later = std::thread::spawn(|| {
        std::thread::sleep(Duration::from_millis(600));
        TcpListener::bind("127.0.0.1:8080").unwrap()
    });
    let said =
        run(&["count", "listen", "sport", "=", ":8080", "--until", "> 0", "--every", "100ms", "--timeout", "20s"]);
    assert_eq!((said.stdout.as_str(), said.code), ("1\n", Some(0)), "{said:?}");
    assert_eq!(said.stderr, "", "nothing but the number goes to a pipe");
    assert!(began.elapsed() >= Duration::from_millis(600));
    drop(later.join().unwrap());
}

pub(crate) fn a_leak_that_drains_ends_the_wait() {
    let server = Server { at_end: AtEnd::Forget, ..Server::at(8080) };
    let leak = server.clone().start();
    let clients = Load { ends: Ends::Closes, ..Load::to(server.address, 30) }.complete();
    until("all are in CLOSE_WAIT", || tcp_in(State::CloseWait).len() == 30);
    let waits = ["count", "close-wait", "--until", "= 0", "--every", "100ms"];
    let said = run(&[&waits[..], &["--timeout", "400ms", "--json"]].concat());
    assert_eq!(said.code, Some(1), "{said:?}");
    let document: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(document["sockets"], 30);
    assert_eq!((&document["until"]["goal"], &document["until"]["reached"]), (&"= 0".into(), &false.into()));
    assert!(document["until"]["waited_ms"].as_u64().unwrap() >= 400);
    let mend = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        drop((leak, clients));
    });
    let said = run(&[&waits[..], &["--timeout", "20s"]].concat());
    assert_eq!((said.stdout.as_str(), said.code), ("0\n", Some(0)), "{said:?}");
    mend.join().unwrap();
}

pub(crate) fn a_terminal_shows_what_is_waited_for() {
    // Where one count takes all of the time there is no wait to be shown.
    for timeout in ["300ms", "3s", "30s"] {
        let args = ["count", "listen", "--until", "> 0", "--timeout", timeout, "--every", "100ms"];
        let shown = terminal::run(80, 24, &args, &[("TERM", "xterm")]);
        assert!(shown.text.ends_with("\r\u{1b}[K0\r\n"), "{shown:?}");
        assert_eq!(shown.code, Some(1));
        if shown.text.contains("\r0 sockets, waiting for > 0 (") {
            return;
        }
    }
    panic!("no wait was shown");
}

pub(crate) fn what_could_not_be_read_is_said_once() {
    // The processes of root cannot be read, each time that is counted.
    let args = ["count", "proc = x", "--until", "> 0", "--timeout", "1500ms", "--every", "100ms"];
    let said = run_unprivileged(&args);
    assert_eq!((said.stdout.as_str(), said.code), ("0\n", Some(1)), "{said:?}");
    assert_eq!(said.stderr.matches("could not be read").count(), 1, "{said:?}");
}

pub(crate) fn a_goal_that_always_holds_ends_at_once() {
    for goal in [">= 0", "!= 4000000000", "< 4000000000"] {
        // A second count would be an hour later.
        let said = run(&["count", "listen", "--until", goal, "--every", "1h"]);
        assert_eq!((said.stdout.as_str(), said.code), ("0\n", Some(0)), "{goal}: {said:?}");
    }
}

pub(crate) fn a_goal_that_is_none_is_refused() {
    for (args, words) in [
        (&["--until", "many"][..], "invalid condition \"many\" for --until; use for example '> 0', '= 0' or '< 100'"),
        (&["--until", "-1"], "invalid condition \"-1\""),
        (
            &["--until", "< 0"],
            "no count can meet the condition \"< 0\" of --until: a count is 0 or more; use for example '= 0'",
        ),
        (&["--timeout", "5s"], "--until"),
        (&["--every", "5s"], "--until"),
        (&["--until", "> 0", "--timeout", "soon"], "--timeout"),
    ] {
        let said = run(&[&["count"][..], args].concat());
        assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""), "{said:?}");
        assert!(said.stderr.contains(words), "{said:?}");
    }
}
