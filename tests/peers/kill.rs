//! `kill` beside real servers: sessions of SSH live on, and who connects again to Redis or PostgreSQL is served.

use std::collections::BTreeSet;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use super::program::{folder, need, python_has, start};
use super::{at, postgresql, redis, sshd};
use crate::lab::counts::State;
use crate::lab::proc_net::{tcp_in, until};
use crate::lab::program::run;

/// The tests, by name.
pub(crate) const TESTS: [(&str, fn()); 5] = [
    ("kill: a broad filter leaves the sessions of sshd alone", sessions_live_on),
    ("kill: a client of Redis that connects again is served", redis_serves_again),
    ("kill: a client of PostgreSQL that connects again is served", postgresql_serves_again),
    ("kill: a pool of redis-py fills again", pool_of_redis),
    ("kill: a pool of psycopg fills again", pool_of_postgresql),
];

/// Destroys what a filter takes: how many sockets are gone, and how many are skipped as remote access.
#[track_caller]
fn kill(filter: &str) -> (usize, usize) {
    let said = run(&["kill", filter, "--yes", "--json"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let document: Value = serde_json::from_str(&said.stdout).expect("a document");
    let list = |name: &str| document[name].as_array().expect("a list").clone();
    assert!(list("sockets").iter().all(|one| one["result"] == "destroyed"), "{document:#}");
    (list("sockets").len(), list("skipped").iter().filter(|one| one["reason"] == "remote-access").count())
}

fn sessions_live_on() {
    need(&["sshd", "ssh", "ssh-keygen"]);
    let _held = sshd::idle(0);
    let sessions = || tcp_in(State::Established).iter().filter(|row| row.local == at(2222)).count();
    assert_eq!((kill("src 127.0.0.1 or dst 127.0.0.1"), sessions()), ((0, 10), 5));
    assert_eq!((kill("dport = :2222"), sessions()), ((0, 5), 5));
}

/// Whether the connection was reset.
fn is_reset(mut client: &TcpStream) -> bool {
    client.read(&mut [0; 64]).is_err_and(|error| error.kind() == ErrorKind::ConnectionReset)
}

fn redis_serves_again() {
    need(&["redis-server"]);
    let _running = redis::server(&[]);
    let ping = || {
        let mut client = TcpStream::connect(at(6379)).expect("a connection");
        client.write_all(b"PING\r\n").expect("a request");
        let mut answer = [0; 7];
        client.read_exact(&mut answer).expect("an answer");
        assert_eq!(&answer, b"+PONG\r\n");
        client
    };
    let first = ping();
    assert_eq!(kill("established and sport = :6379"), (1, 0));
    assert!(is_reset(&first));
    ping();
}

fn postgresql_serves_again() {
    need(&["postgres", "initdb"]);
    let _running = postgresql::plain_server();
    let first = postgresql::session(false).expect("a session");
    assert_eq!(kill("established and sport = :5432"), (1, 0));
    assert!(is_reset(&first));
    assert!(postgresql::session(true).is_some(), "the next session");
}

fn pool_of_redis() {
    need(&["redis-server"]);
    let _running = redis::server(&[]);
    fills_again("redis", "redis", 6379);
}

fn pool_of_postgresql() {
    need(&["postgres", "initdb"]);
    let _running = postgresql::plain_server();
    fills_again("postgresql", "psycopg_pool", 5432);
}

/// Destroys all connections of a pool that is in use, from the server's side: it has as many new ones soon, and is served.
fn fills_again(server: &str, module: &str, port: u16) {
    python_has(module);
    let served = folder().join("served").display().to_string();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/pool.py");
    let _pool = start("/usr/bin/python3", &[script, server, &served]);
    let ports = || -> BTreeSet<u16> {
        let rows = tcp_in(State::Established);
        rows.iter().filter(|row| row.peer.port() == port).map(|row| row.local.port()).collect()
    };
    let count = || std::fs::read_to_string(&served).ok().and_then(|text| text.parse::<u32>().ok()).unwrap_or(0);
    until("the pool is full and in use", || ports().len() == 8 && count() > 100);
    let before = ports();
    assert_eq!(kill(&format!("established and sport = :{port}")), (8, 0));
    until("it is full again", || ports().len() == 8 && ports().is_disjoint(&before));
    let then = count();
    until("it is served", || count() > then + 100);
}
