//! HAProxy before nginx.

use super::clients::{self, GET};
use rustix::process::Signal;

use super::program::{children, file, listening, signal, start, started, stop};
use super::{Case, Culprit, Expects, Held, at, held, nginx};
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
];

/// HAProxy at 8000 before 8080, and at 8002 before the files at 8082.
#[track_caller]
fn server(most: u32) -> Process {
    let running = start("haproxy", &["-W", "-f", &configured(most)]);
    listening(&[8000, 8002]);
    running
}

/// Its configuration, in a file.
fn configured(most: u32) -> String {
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
    server one 127.0.0.1:8080
listen files
    bind 127.0.0.1:8002
    server two 127.0.0.1:8082
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
