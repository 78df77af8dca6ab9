//! HAProxy before nginx.

use std::net::SocketAddr;

use super::clients::{self, GET};
use rustix::process::Signal;

use super::program::{children, file, listening, signal, start, started, stop};
use super::{Case, Culprit, Expects, Held, at, held, nginx};
use crate::lab::path::Far;
use crate::lab::process::Process;

const PLAIN: Case = Case {
    server: "HAProxy",
    programs: &["haproxy", "nginx", "wrk"],
    what: "",
    set: &[],
    expects: Expects::Silence(idle),
};

pub(crate) const CASES: &[Case] = &[
    Case { what: "idle, 20 clients keep their connections", ..PLAIN },
    Case {
        what: "under load: 50 clients with a new connection for each request, 50 that stay",
        expects: Expects::SilenceAfter(load),
        ..PLAIN
    },
    Case { what: "10 clients read slowly what the server behind it sends", expects: Expects::Silence(slow), ..PLAIN },
    Case {
        what: "checks ten times a second, by a request and by a connection alone; 20 clients keep their connections",
        expects: Expects::Silence(checked),
        ..PLAIN
    },
    Case {
        what: "maxconn 10, and 40 clients that stay: its queue, as long as maxconn, is full",
        expects: Expects::Cured("accept-queue-full", || full(40), more),
        ..PLAIN
    },
    Case {
        what: "maxconn 10, and 14 clients that stay: 4 wait",
        expects: Expects::Cured("unaccepted-established", || full(14), more),
        ..PLAIN
    },
    Case {
        what: "the server behind it is stopped (SIGSTOP)",
        expects: Expects::Incident("program-hung", behind),
        ..PLAIN
    },
    Case {
        what: "the server behind it is stopped (SIGSTOP), and only checks come",
        expects: Expects::Incident("program-hung", stopped_for_checks),
        ..PLAIN
    },
    Case {
        what: "the servers behind it are down, checks are refused, clients come and get 503",
        expects: Expects::IncidentOverTime("connects-refused", down),
        ..PLAIN
    },
    Case {
        what: "the host of the server behind it does not answer, clients come",
        expects: Expects::Incident("syn-sent-stuck", silent_host),
        ..PLAIN
    },
];

/// HAProxy at 8000 before 8080, and at 8002 before the files at 8082.
#[track_caller]
fn server(most: u32) -> Process {
    started_with(&configured(most))
}

#[track_caller]
fn started_with(conf: &str) -> Process {
    let running = start("haproxy", &["-W", "-f", conf]);
    listening(&[8000, 8002]);
    running
}

/// Its configuration, in a file.
fn configured(most: u32) -> String {
    configured_with(most, at(8080), "")
}

/// The same with another first server, and checks of both: the first by a request, the second by a connection.
fn configured_with(most: u32, first: SocketAddr, checks: &str) -> String {
    let by_request = if checks.is_empty() { "" } else { "option httpchk GET /" };
    let conf = format!(
        "global
    maxconn {most}
defaults
    mode http
    timeout connect 5s
    timeout client 100s
    timeout server 100s
listen in
    bind 127.0.0.1:8000
    {by_request}
    server one {first} {checks}
listen files
    bind 127.0.0.1:8002
    server two 127.0.0.1:8082 {checks}
"
    );
    file("haproxy.cfg", &conf)
}

/// A higher limit, and a reload as systemd's unit has it (SIGUSR2 to the master).
fn more() {
    configured(2000);
    let (master, _) = started().into_iter().find(|(_, line)| line.starts_with("haproxy")).expect("HAProxy");
    signal(&[master], Signal::USR2);
}

fn idle(_: u64) -> Held {
    held![nginx::server("worker_processes 2;", ""), server(2000), clients::holding(at(8000), 20, GET)]
}

fn load(seconds: u64) -> Held {
    let (behind, running) = (nginx::server("worker_processes 2;", ""), server(2000));
    held![
        behind,
        running,
        nginx::wrk("http://127.0.0.1:8000/", 50, seconds, "Connection: close"),
        nginx::wrk("http://127.0.0.1:8000/", 50, seconds, "A: b"),
    ]
}

fn slow(_: u64) -> Held {
    held![nginx::server("worker_processes 2;", ""), server(2000), clients::slow(at(8002), 10, GET)]
}

fn full(clients: usize) -> (Culprit, Held) {
    let (behind, running) = (nginx::server("worker_processes 2;", ""), server(10));
    (Culprit::Listener(8000), held![behind, running, clients::waiting(at(8000), clients, GET)])
}

fn behind() -> (Culprit, Held) {
    let (behind, running) = (nginx::server("worker_processes 1;", ""), server(2000));
    let worker = children(behind.pid())[0];
    stop(&[worker]);
    (Culprit::Process(worker), held![behind, running, clients::waiting(at(8000), 20, GET)])
}

/// Ten checks a second.
const OFTEN: &str = "check inter 100ms";

fn checked(_: u64) -> Held {
    let behind = nginx::server("worker_processes 2;", "");
    let running = started_with(&configured_with(2000, at(8080), OFTEN));
    held![behind, running, clients::holding(at(8000), 20, GET)]
}

fn stopped_for_checks() -> (Culprit, Held) {
    let behind = nginx::server("worker_processes 1;", "");
    let worker = children(behind.pid())[0];
    stop(&[worker]);
    (Culprit::Process(worker), held![behind, started_with(&configured_with(2000, at(8080), OFTEN))])
}

fn down() -> (Culprit, Held) {
    let running = started_with(&configured_with(2000, at(8080), OFTEN));
    (Culprit::Host, held![running, clients::coming(None, at(8000), 5, GET)])
}

fn silent_host() -> (Culprit, Held) {
    let far = Far::connect();
    far.fall_silent();
    let running = started_with(&configured_with(2000, Far::at(8080), ""));
    (Culprit::Destination(8080), held![far, running, clients::waiting(at(8000), 10, GET)])
}
