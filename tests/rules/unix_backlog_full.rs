//! A UNIX listener with more clients than its queue holds.

use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::time::Duration;

use crate::lab::actor::{Actor, stay};
use crate::lab::namespace::set_sysctl;
use crate::lab::overflow::{shown, unix_clients, unix_listener};
use crate::lab::proc_net::until;
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::sockets;
use crate::lab::subject::is_path;

pub(crate) const PROOF: Proof = Proof {
    rule: "unix-backlog-full",
    fault: "A busy program with listen(8) and 6, then 9 clients; a queue for one client with two is a notice",
    twin: "5 clients of 8",
    remedy: "The program accepts",
    by: Remedied::FixedProgram,
    severities: &["critical", "warning", "notice"],
    prove,
    ..Proof::PLAIN
};

pub(crate) const CAPPED: Proof = Proof {
    variant: "the system's limit",
    fault: "listen(511) with net.core.somaxconn 8, and 11 clients at once: 9 fit",
    twin: "5 clients at once",
    remedy: "sysctl -w net.core.somaxconn=…, and the program is restarted: all 11 clients fit",
    by: Remedied::Executed,
    severities: &["critical"],
    prove: capped,
    ..PROOF
};

pub(crate) const DATAGRAMS: Proof = Proof {
    variant: "datagrams",
    fault: "A logger that does not read its datagrams, and two programs that wait to write more to it",
    twin: "The same logger with five datagrams, which fit",
    remedy: "A logger that reads",
    severities: &["warning"],
    prove: datagrams,
    ..PROOF
};

pub(crate) const NOT_READ: Proof = Proof {
    variant: "datagrams, in two samples",
    severities: &["critical"],
    between: "1s",
    prove: datagrams_twice,
    ..DATAGRAMS
};

pub(crate) const WAITING: Proof = Proof {
    variant: "in two samples",
    fault: "A busy program with listen(128), and 3 clients that it accepts in neither sample",
    twin: "A program that accepts a client each 20 ms, with always two or three in its queue",
    remedy: "A program that accepts",
    severities: &["warning"],
    between: "1s",
    prove: waiting,
    ..PROOF
};

/// A listener under that name; the program accepts at once, or never.
pub(super) fn program(name: &'static str, backlog: i32, accepts: bool) -> Actor {
    Actor::start("orders", None, move |ready| {
        let listener = unix_listener(name, backlog).expect("a listener");
        ready.now();
        if !accepts {
            stay();
        }
        let mut held = vec![];
        loop {
            held.push(sockets::accepted(&listener).expect("a client"));
        }
    })
}

fn prove(lab: &mut Lab) {
    let running = program("queue", 8, false);
    let mut clients = unix_clients("queue", 5).expect("clients");
    lab.silent();

    let is_ours = |found: &_| is_path(found, &shown("queue"), running.pid());
    clients.extend(unix_clients("queue", 1).expect("one more"));
    let found = lab.fires_where("warning", is_ours);
    assert!((found.figure("accept_queue") - 6.0).abs() < 0.5, "{found:?}");
    clients.extend(unix_clients("queue", 100).expect("as many as fit"));
    assert_eq!(clients.len(), 9);
    let found = lab.fires_where("critical", is_ours);
    assert!((found.figure("accept_queue") - 9.0).abs() < 0.5, "{found:?}");
    assert!((found.figure("accept_limit") - 8.0).abs() < 0.5, "{found:?}");
    drop((running, clients));

    let debugger = program("debugger", 1, false);
    let clients = unix_clients("debugger", 100).expect("as many as fit");
    lab.fires_where("notice", |found| is_path(found, &shown("debugger"), debugger.pid()));
    drop((debugger, clients));

    let _fixed = program("queue", 8, true);
    let mut clients = vec![];
    until("as many clients as the faulty one had, and more", || {
        clients.extend(unix_clients("queue", 50 - clients.len()).expect("clients"));
        clients.len() == 50
    });
    lab.gone();
}

fn waiting(lab: &mut Lab) {
    let slow = Actor::start("orders", None, |ready| {
        let listener = unix_listener("queue", 128).expect("a listener");
        let mut clients = unix_clients("queue", 2).expect("clients");
        let mut held = vec![];
        ready.now();
        loop {
            clients.extend(unix_clients("queue", 1).expect("one more"));
            std::thread::sleep(Duration::from_millis(20));
            held.push(sockets::accepted(&listener).expect("a client"));
            if clients.len() > 100 {
                (held, clients) = (vec![], clients.split_off(98));
            }
        }
    });
    lab.silent();
    drop(slow);

    let running = program("queue", 128, false);
    let clients = unix_clients("queue", 3).expect("clients");
    let found = lab.fires_where("warning", |found| is_path(found, &shown("queue"), running.pid()));
    found.has("waiting_in_both_samples", 3);
    drop((clients, running));

    let _fixed = program("queue", 128, true);
    let _clients = unix_clients("queue", 3).expect("clients");
    lab.gone();
}

fn capped(lab: &mut Lab) {
    set_sysctl("net.core.somaxconn", "8").expect("a setting of this namespace");

    let running = program("queue", 511, false);
    let clients = unix_clients("queue", 5).expect("clients");
    lab.silent();
    drop((running, clients));

    let running = program("queue", 511, false);
    let clients = unix_clients("queue", 11).expect("as many as fit");
    assert_eq!(clients.len(), 9);
    let found = lab.fires_where("critical", |found| is_path(found, &shown("queue"), running.pid()));
    lab.runs(&found, "sysctl -w net.core.somaxconn=16");
    drop((running, clients));

    let _running = program("queue", 511, false);
    let clients = unix_clients("queue", 11).expect("clients");
    assert_eq!(clients.len(), 11);
    lab.gone();
}

/// A receiver of datagrams at a path; it reads all that comes, or nothing.
pub(super) fn logger(path: &Path, reads: bool) -> Actor {
    let _ = std::fs::remove_file(path);
    let path = path.to_owned();
    Actor::start("syslog", None, move |ready| {
        let socket = UnixDatagram::bind(&path).expect("a receiver");
        ready.now();
        if !reads {
            stay();
        }
        loop {
            socket.recv(&mut [0; 64]).expect("a datagram");
        }
    })
}

/// A program that writes this many datagrams to it, on one connected socket, and says so, then as many more.
fn logs(path: &Path, at_first: usize, more: usize) -> Actor {
    let path = path.to_owned();
    Actor::start("app", None, move |ready| {
        let socket = UnixDatagram::unbound().expect("a socket");
        socket.connect(&path).expect("the receiver");
        let write = |lines| (0..lines).for_each(|_| assert_eq!(socket.send(b"line").expect("room for it"), 4));
        write(at_first);
        ready.now();
        write(more);
        stay()
    })
}

/// Whether it waits for the receiver.
pub(super) fn is_blocked(app: &Actor) -> bool {
    std::fs::read_to_string(format!("/proc/{}/wchan", app.pid())).is_ok_and(|place| place == "unix_wait_for_peer")
}

fn datagrams(lab: &mut Lab) {
    never_read(lab, "warning");
}

fn datagrams_twice(lab: &mut Lab) {
    never_read(lab, "critical");
}

fn never_read(lab: &mut Lab, severity: &str) {
    let path = std::env::temp_dir().join("log");
    let running = logger(&path, false);
    let few = logs(&path, 5, 0);
    lab.silent();
    drop((few, running));

    let running = logger(&path, false);
    let many = [(); 2].map(|()| logs(&path, 0, 1_000));
    until("both wait", || many.iter().all(is_blocked));
    let shown = path.to_str().expect("a path");
    let found = lab.fires_where(severity, |found| is_path(found, shown, running.pid()));
    found.has("blocked_processes", 2);
    drop((many, running));

    let _fixed = logger(&path, true);
    let _many = [(); 2].map(|()| logs(&path, 0, 1_000));
    lab.gone();
}
