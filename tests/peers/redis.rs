//! Redis: one thread that serves all.

use std::net::SocketAddr;

use super::clients;
use super::program::{folder, listening, start, stop};
use super::{Case, Culprit, Expects, Held, at, held};
use crate::lab::path::{Far, NEAR};
use crate::lab::process::Process;

const PLAIN: Case = Case {
    server: "Redis",
    programs: &["redis-server", "redis-benchmark"],
    what: "",
    set: &[],
    expects: Expects::Silence(idle),
};

const PING: &[u8] = b"PING\r\n";
const ENDLESS: &[u8] = b"EVAL 'while true do end' 0\r\n";

pub(crate) const CASES: &[Case] = &[
    Case { what: "idle, 50 clients keep their connections", ..PLAIN },
    Case { what: "under load: redis-benchmark with 50 clients", expects: Expects::SilenceAfter(load), ..PLAIN },
    Case { what: "stopped (SIGSTOP), clients come", expects: Expects::Incident("program-hung", stopped), ..PLAIN },
    Case {
        what: "a script that does not end, clients come",
        expects: Expects::Incident("program-hung", busy),
        ..PLAIN
    },
    Case {
        what: "a command that sleeps (DEBUG SLEEP), clients come",
        expects: Expects::Incident("unaccepted-established", asleep),
        ..PLAIN
    },
    Case {
        what: "maxclients 20, reached; clients of this host come",
        expects: Expects::Unproven(refuses_here),
        ..PLAIN
    },
    Case {
        what: "maxclients 20, reached; clients of another host come",
        expects: Expects::IncidentOverTime("closed-at-once", refuses),
        ..PLAIN
    },
];

fn asleep() -> (Culprit, Held) {
    let running = server(&["--enable-debug-command", "yes"]);
    let sleep = clients::waiting(at(6379), 1, b"DEBUG SLEEP 100\r\n");
    std::thread::sleep(std::time::Duration::from_millis(200));
    (Culprit::Listener(6379), held![running, sleep, clients::waiting(at(6379), 10, PING)])
}

fn refuses_here() -> Held {
    let running = server(&["--maxclients", "20"]);
    held![running, clients::holding(at(6379), 20, PING), clients::coming(None, at(6379), 50, PING)]
}

fn refuses() -> (Culprit, Held) {
    let far = Far::connect();
    let running = server(&["--maxclients", "20", "--bind", "0.0.0.0", "--protected-mode", "no"]);
    let stay = clients::holding(at(6379), 20, PING);
    let coming = clients::coming(Some(&far), SocketAddr::new(NEAR.into(), 6379), 50, PING);
    (Culprit::Listener(6379), held![far, running, stay, coming])
}

/// Redis at 6379, with these options.
#[track_caller]
pub(crate) fn server(options: &[&str]) -> Process {
    let folder = folder().display().to_string();
    let plain = ["--port", "6379", "--bind", "127.0.0.1", "--save", "", "--dir", &folder];
    let running = start("redis-server", &[&plain, options].concat());
    listening(&[6379]);
    running
}

fn idle(_: u64) -> Held {
    held![server(&[]), clients::holding(at(6379), 50, PING)]
}

fn load(seconds: u64) -> Held {
    let running = server(&[]);
    let load = format!("timeout {seconds} redis-benchmark -q -l -c 50 -n 20000");
    held![running, start("sh", &["-c", &load])]
}

fn stopped() -> (Culprit, Held) {
    let running = server(&[]);
    let held = clients::holding(at(6379), 5, PING);
    stop(&[running.pid()]);
    (Culprit::Process(running.pid()), held![running, held, clients::waiting(at(6379), 10, PING)])
}

fn busy() -> (Culprit, Held) {
    // After five seconds Redis would take clients between two steps of the script, to tell them that it is busy.
    let running = server(&["--lua-time-limit", "0"]);
    let script = clients::waiting(at(6379), 1, ENDLESS);
    std::thread::sleep(std::time::Duration::from_millis(200));
    (Culprit::Process(running.pid()), held![running, script, clients::waiting(at(6379), 10, PING)])
}
