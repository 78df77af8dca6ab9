//! PostgreSQL: a postmaster that accepts, and a process for each connection.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

use super::program::{USER, finish, folder, listening, start, stop};
use super::{Case, Culprit, Expects, Held, at, held};
use crate::lab::actor::{Actor, stay};
use crate::lab::container;
use crate::lab::counts::State;
use crate::lab::proc_net::{tcp_in, until};
use crate::lab::process::Process;

const PLAIN: Case = Case {
    server: "PostgreSQL",
    programs: &["postgres", "initdb", "pgbench", "psql"],
    what: "",
    set: &[],
    expects: Expects::Silence(idle),
};

pub(crate) const CASES: &[Case] = &[
    Case { what: "idle, 20 sessions", ..PLAIN },
    Case {
        what: "under load: pgbench with 10 sessions that stay, and 4 clients with a new one for each transaction",
        expects: Expects::SilenceAfter(load),
        ..PLAIN
    },
    Case {
        what: "a long query, with 1,000 more sent behind it on the same connection",
        expects: Expects::Silence(pipelined),
        ..PLAIN
    },
    Case {
        what: "5 sessions wait for a lock that another holds, with more queries sent behind",
        expects: Expects::Silence(locked),
        ..PLAIN
    },
    Case {
        what: "max_connections 20, reached; clients come and are refused",
        expects: Expects::Unproven(refuses),
        ..PLAIN
    },
    Case {
        what: "the disk of the database, 60 MiB, is full: PostgreSQL ends; 20 sessions of a pool were idle",
        set: &["close-wait-unread.age=2s"],
        expects: Expects::Incident("close-wait-unread", full_disk),
        ..PLAIN
    },
    Case {
        what: "the postmaster stopped (SIGSTOP), clients come",
        expects: Expects::Incident("program-hung", stopped),
        ..PLAIN
    },
];

/// PostgreSQL at 5432 with data in a folder, and with these settings.
#[track_caller]
fn server(data: &Path, settings: &[&str]) -> Process {
    let (data, sockets) = (data.display().to_string(), folder().display().to_string());
    finish("initdb", &["-D", &data, "-A", "trust", "-U", USER, "-N", "--wal-segsize=1"]);
    let plain =
        ["-D", &data, "-k", &sockets, "-h", "127.0.0.1", "-c", "dynamic_shared_memory_type=mmap", "-c", "fsync=off"];
    let running = start("postgres", &[&plain, settings].concat());
    listening(&[5432]);
    until("it lets clients in", || session(true).is_some());
    running
}

#[track_caller]
pub(super) fn plain_server() -> Process {
    server(&folder().join("data"), &[])
}

/// A session: the startup message and all that comes until the server is ready for a query; `None` where it refuses, or,
/// with `ends`, the session is closed well.
pub(super) fn session(ends: bool) -> Option<TcpStream> {
    let words = format!("user\0{USER}\0database\0postgres\0\0");
    let mut startup = u32::try_from(words.len() + 8).expect("a short message").to_be_bytes().to_vec();
    startup.extend(196_608_u32.to_be_bytes());
    startup.extend(words.as_bytes());
    let mut stream = TcpStream::connect(at(5432)).ok()?;
    stream.write_all(&startup).ok()?;
    let mut said = vec![];
    while !said.ends_with(b"Z\0\0\0\x05I") {
        let mut some = [0; 4096];
        let length = stream.read(&mut some).ok().filter(|&length| length > 0)?;
        said.extend_from_slice(some.get(..length)?);
    }
    if ends {
        stream.write_all(b"X\0\0\0\x04").ok()?;
    }
    Some(stream)
}

/// A query, as it is sent.
fn query(text: &str) -> Vec<u8> {
    let length = u32::try_from(text.len() + 5).expect("a short query").to_be_bytes();
    [&b"Q"[..], &length, text.as_bytes(), b"\0"].concat()
}

/// Sessions, this many, each of which sends this and reads no answer.
#[track_caller]
fn sessions(count: usize, sends: Vec<u8>) -> Actor {
    Actor::start("sessions", None, move |ready| {
        let mut all: Vec<TcpStream> = (0..count).map(|_| session(false).expect("a session")).collect();
        for stream in &mut all {
            stream.write_all(&sends).expect("what it sends");
        }
        ready.now();
        stay();
    })
}

fn idle(_: u64) -> Held {
    held![plain_server(), sessions(20, vec![])]
}

fn load(seconds: u64) -> Held {
    let running = plain_server();
    let bench = ["-h", "127.0.0.1", "-U", USER];
    finish("pgbench", &[&bench[..], &["-i", "-q", "postgres"]].concat());
    let time = seconds.to_string();
    held![
        running,
        start("pgbench", &[&bench[..], &["-c", "10", "-T", &time, "postgres"]].concat()),
        start("pgbench", &[&bench[..], &["-C", "-c", "4", "-T", &time, "postgres"]].concat()),
    ]
}

fn pipelined(_: u64) -> Held {
    let more = query("select 1").repeat(1000);
    held![plain_server(), sessions(3, [query("select pg_sleep(200)"), more].concat())]
}

fn locked(_: u64) -> Held {
    let running = plain_server();
    let mut holder = session(false).expect("a session");
    holder.write_all(&query("create table t(); begin; lock table t")).expect("a query");
    // Until it is ready, inside a transaction.
    let mut said = vec![0; 4096];
    let length = holder.read(&mut said).expect("an answer");
    assert!(said.get(..length).is_some_and(|said| said.ends_with(b"Z\0\0\0\x05T")), "the lock is held");
    let more = query("select 1").repeat(1000);
    let waiting = sessions(5, [query("begin; lock table t"), more].concat());
    held![running, holder, waiting]
}

fn refuses() -> Held {
    let running = server(&folder().join("data"), &["-c", "max_connections=20"]);
    let held = sessions(20, vec![]);
    assert!(session(false).is_none(), "one more is refused");
    let coming = Actor::start("clients", None, |ready| {
        ready.now();
        loop {
            assert!(session(false).is_none(), "one more is refused");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    });
    held![running, held, coming]
}

fn full_disk() -> (Culprit, Held) {
    let data = folder().join("data");
    std::fs::create_dir(&data).expect("a folder");
    container::mount_small(&data, 60 << 10).expect("a small disk");
    // As under a manager of clusters, which decides itself whether it starts again.
    let wal = ["-c", "max_wal_size=2MB", "-c", "min_wal_size=2MB", "-c", "restart_after_crash=off"];
    let running = server(&data, &wal);
    let pool = sessions(20, vec![]);
    let mut writer = session(false).expect("a session");
    let fill =
        std::fs::File::create(data.join("fill")).and_then(|mut file| std::io::copy(&mut std::io::repeat(0), &mut file));
    assert!(fill.is_err(), "the disk is full");
    writer
        .write_all(&query(
            "select pg_logical_emit_message(false, 'a', repeat('x', 1000000)) from generate_series(1, 20)",
        ))
        .expect("a query");
    until("the server has ended", || !tcp_in(State::Listen).iter().any(|row| row.local.port() == 5432));
    (Culprit::Process(pool.pid()), held![running, pool, writer])
}

fn stopped() -> (Culprit, Held) {
    let running = plain_server();
    let held = sessions(5, vec![]);
    stop(&[running.pid()]);
    let coming = Actor::start("clients", None, |ready| {
        ready.now();
        let _held: Vec<_> = (0..10).map(|_| std::thread::spawn(|| session(false))).collect();
        stay();
    });
    (Culprit::Process(running.pid()), held![running, held, coming])
}
