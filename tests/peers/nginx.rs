//! nginx: a master and two workers.

use std::fs::File;

use super::clients::{self, GET};
use super::program::{children, file, folder, listening, start, stop};
use super::{Case, Culprit, Expects, Held, at, held};
use crate::lab::proc_net::until;
use crate::lab::process::Process;

const PLAIN: Case =
    Case { server: "nginx", programs: &["nginx", "wrk"], what: "", set: &[], expects: Expects::Silence(idle) };

pub(crate) const CASES: &[Case] = &[
    Case { what: "idle, 20 clients keep their connections", ..PLAIN },
    Case {
        what: "under load: 100 connections that stay, 20 that nginx closes after each answer",
        expects: Expects::SilenceAfter(load),
        ..PLAIN
    },
    Case { what: "10 clients read slowly what they asked for", expects: Expects::Silence(slow), ..PLAIN },
    Case {
        what: "a backlog of 4, and 200 clients with a new connection for each request",
        expects: Expects::Incident("backlog-small", backlog),
        ..PLAIN
    },
    Case {
        what: "30 descriptors for a worker, and 60 clients that stay (EMFILE)",
        expects: Expects::Incident("fd-near-limit", descriptors),
        ..PLAIN
    },
    Case {
        what: "one of two workers with a listener each (reuseport) stopped, clients come",
        expects: Expects::Incident("program-hung", one_stopped),
        ..PLAIN
    },
    Case {
        what: "both workers stopped (SIGSTOP), clients come",
        expects: Expects::Incident("program-hung", stopped),
        ..PLAIN
    },
];

/// nginx at 8080 with the workers that are configured so; at 8081 it closes after each answer, at 8082 it has a file of
/// 64 MiB.
#[track_caller]
pub(crate) fn server(workers: &str, listen: &str) -> Process {
    let folder = folder();
    let files = folder.join("files");
    std::fs::create_dir_all(&files).expect("a folder for files");
    let big = File::create(files.join("index.html")).expect("a file");
    big.set_len(64 << 20).expect("a file of 64 MiB");
    let folder = folder.display();
    let conf = format!(
        "daemon off; pid {folder}/nginx.pid; error_log {folder}/log; {workers}
         events {{ worker_connections 1024; }}
         http {{
             access_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
             uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
             server {{ listen 8080 {listen}; location / {{ return 200 \"hello\\n\"; }} }}
             server {{ listen 8081; keepalive_timeout 0; location / {{ return 200 \"hello\\n\"; }} }}
             server {{ listen 8082; root {folder}/files; }}
         }}"
    );
    let conf = file("nginx.conf", &conf);
    let running = start("nginx", &["-c", &conf]);
    listening(&[8080, 8081, 8082]);
    until("its workers run", || !children(running.pid()).is_empty());
    running
}

/// A load by wrk on an address, with this many connections, for this many seconds.
#[track_caller]
pub(crate) fn wrk(url: &str, connections: usize, seconds: u64, header: &str) -> Process {
    start("wrk", &["-t1", &format!("-c{connections}"), &format!("-d{seconds}s"), "-H", header, url])
}

fn idle(_: u64) -> Held {
    held![server("worker_processes 2;", ""), clients::holding(at(8080), 20, GET)]
}

fn load(seconds: u64) -> Held {
    let running = server("worker_processes 2;", "");
    held![
        running,
        wrk("http://127.0.0.1:8080/", 100, seconds, "A: b"),
        wrk("http://127.0.0.1:8081/", 20, seconds, "A: b"),
    ]
}

fn slow(_: u64) -> Held {
    held![server("worker_processes 2;", ""), clients::slow(at(8082), 10, GET)]
}

fn backlog() -> (Culprit, Held) {
    let running = server("worker_processes 1;", "backlog=4");
    let load = wrk("http://127.0.0.1:8080/", 200, 60, "Connection: close");
    (Culprit::Listener(8080), held![running, load])
}

fn descriptors() -> (Culprit, Held) {
    let running = server("worker_processes 1; worker_rlimit_nofile 30;", "");
    let worker = children(running.pid())[0];
    (Culprit::Process(worker), held![running, clients::waiting(at(8080), 60, GET)])
}

fn one_stopped() -> (Culprit, Held) {
    let running = server("worker_processes 2;", "reuseport");
    let worker = children(running.pid())[0];
    stop(&[worker]);
    (Culprit::Process(worker), held![running, clients::waiting(at(8080), 30, GET)])
}

fn stopped() -> (Culprit, Held) {
    let running = server("worker_processes 2;", "");
    let workers = children(running.pid());
    stop(&workers);
    (Culprit::Process(workers[0]), held![running, clients::waiting(at(8080), 10, GET)])
}
