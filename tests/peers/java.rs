//! A pool of connections in Java, before Redis.

use super::program::{folder, start};
use super::{Case, Culprit, Expects, Held, held, redis};
use crate::lab::counts::State;
use crate::lab::proc_net::{tcp_in, until};
use crate::lab::process::Process;

const PLAIN: Case = Case {
    server: "a Java pool",
    programs: &["java", "javac", "redis-server"],
    what: "",
    set: &[],
    expects: Expects::Silence(idle),
};

pub(crate) const CASES: &[Case] = &[
    Case { what: "idle, 30 connections to Redis", ..PLAIN },
    Case { what: "under load: 8 threads borrow from 30 connections", expects: Expects::Silence(load), ..PLAIN },
    Case {
        set: &["close-wait-leak.age=2s", "close-wait-unread.age=2s"],
        what: "Redis closes idle connections (timeout 1), the pool does not notice",
        expects: Expects::Incident("close-wait-unread", stale),
        ..PLAIN
    },
];

/// The pool, with this many threads that borrow from it.
#[track_caller]
fn pool(threads: usize) -> Process {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/Pool.java");
    let temp = format!("-Djava.io.tmpdir={}", folder().display());
    let flags = ["-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xmx64m", &temp];
    let running = start("java", &[&flags[..], &[source, "6379", "30", &threads.to_string()]].concat());
    until("the pool is full", || tcp_in(State::Established).iter().filter(|row| row.peer.port() == 6379).count() == 30);
    running
}

fn idle(_: u64) -> Held {
    held![redis::server(&[]), pool(0)]
}

fn load(_: u64) -> Held {
    held![redis::server(&[]), pool(8)]
}

fn stale() -> (Culprit, Held) {
    let (redis, pool) = (redis::server(&["--timeout", "1"]), pool(0));
    (Culprit::Process(pool.pid()), held![redis, pool])
}
