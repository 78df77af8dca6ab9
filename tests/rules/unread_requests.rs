//! A program whose workers are all taken.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::lab::actor::{Actor, stay};
use crate::lab::counts::State;
use crate::lab::proc_net::{Row, tcp_in, until};
use crate::lab::process::Process;
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::sender::{Sender, Sends};
use crate::lab::server::{Answers, Reads, Server};
use crate::lab::traffic::loopback;

/// A worker's patience with the backend, where it has one.
const TIMEOUT: Duration = Duration::from_millis(300);

pub(crate) const PROOF: Proof = Proof {
    rule: "unread-requests",
    fault: "4 workers wait for a backend that does not answer, and 20 more clients have sent their requests",
    twin: "The same server whose backend answers; 4 clients more than it has workers; 12 processes that are at work for one \
           client each, which has sent more; and a server that sends to 12 clients all the time and never reads their \
           greeting",
    remedy: "The calls to the backend have a timeout",
    by: Remedied::FixedProgram,
    severities: &["notice"],
    set: &["age=1s"],
    prove,
    ..Proof::PLAIN
};

pub(crate) const PROVEN: Proof = Proof {
    variant: "in two samples",
    fault: "4 workers wait for a backend that does not answer, and 4 more clients have sent their requests, then 20",
    twin: "The same server whose backend answers; 3 clients of whose data the server has read a part; 12 processes that are at \
           work for one client each, which has sent more; and a server that sends to 12 clients all the time and never reads \
           their greeting",
    severities: &["warning", "notice"],
    between: "1500ms",
    prove: prove_twice,
    ..PROOF
};

pub(crate) const SOME: Proof = Proof {
    variant: "some clients of a program that serves the others",
    fault: "An event loop no longer waits for the input of 6 of 20 clients, and answers the others",
    twin: "The same loop, which answers all 20",
    remedy: "A loop that answers all",
    severities: &["warning"],
    prove: prove_some,
    ..PROVEN
};

pub(crate) const UNIX: Proof = Proof {
    variant: "UNIX sockets",
    fault: "A server at a path has accepted 6 clients and waits for something else",
    twin: "The same server with 4 clients",
    remedy: "A server that reads",
    severities: &["warning"],
    prove: prove_unix,
    ..PROVEN
};

/// Answers each client after a call to the backend, with four workers.
fn server(at: SocketAddr, backend: SocketAddr, has_timeout: bool) -> Actor {
    Actor::start("orders", None, move |ready| {
        let listener = TcpListener::bind(at).expect("a listener");
        ready.now();
        let (give, take) = mpsc::channel::<TcpStream>();
        let take = std::sync::Arc::new(std::sync::Mutex::new(take));
        for _ in 0..4 {
            let take = take.clone();
            thread::spawn(move || {
                loop {
                    let next = take.lock().expect("a queue").recv();
                    let Ok(mut client) = next else { return };
                    let mut request = [0; 100];
                    let _ = client.read(&mut request);
                    let mut call = TcpStream::connect(backend).expect("the backend");
                    call.set_read_timeout(has_timeout.then_some(TIMEOUT)).expect("a timeout");
                    let _ = call.write_all(b"q");
                    let _ = call.read(&mut request);
                    let _ = client.write_all(b"answer");
                }
            });
        }
        for client in listener.incoming() {
            give.send(client.expect("a client")).expect("a worker");
        }
        stay();
    })
}

/// Forks a process for each client, as `PostgreSQL` does, which is at work for it without end.
fn one_process_each(at: SocketAddr) -> Actor {
    Actor::start("backends", None, move |ready| {
        let listener = TcpListener::bind(at).expect("a listener");
        ready.now();
        let mut backends = vec![];
        for client in listener.incoming() {
            let client = client.expect("a client");
            let backend = &client;
            backends.push(Process::fork(|| {
                let _its_client = backend;
                stay()
            }));
        }
        stay();
    })
}

/// Sends to each client ten times a second, and reads nothing.
fn ticker(at: SocketAddr) -> Actor {
    Actor::start("ticker", None, move |ready| {
        let listener = TcpListener::bind(at).expect("a listener");
        ready.now();
        for client in listener.incoming() {
            let mut client = client.expect("a client");
            thread::spawn(move || {
                while client.write_all(b"tick").is_ok() {
                    thread::sleep(Duration::from_millis(100));
                }
            });
        }
    })
}

/// Requests that wait at a port.
fn unread(at: SocketAddr) -> usize {
    tcp_in(State::Established).iter().filter(|row| row.local == at && row.rx > 0).count()
}

fn prove(lab: &mut Lab) {
    shows(lab, "notice");
}

fn prove_twice(lab: &mut Lab) {
    shows(lab, "warning");
}

/// Answers clients in turn, and never again those that come after the first ones, once they were answered.
fn answers(at: SocketAddr, ever: usize) -> Actor {
    Actor::start("gateway", None, move |ready| {
        let listener = TcpListener::bind(at).expect("a listener");
        ready.now();
        let clients = listener.incoming().map(|client| client.expect("a client"));
        for (number, mut client) in clients.enumerate() {
            thread::spawn(move || {
                while client.read(&mut [0; 100]).is_ok_and(|length| length > 0) && client.write_all(b"answer").is_ok() {
                    if number >= ever {
                        stay();
                    }
                }
            });
        }
    })
}

/// 20 clients, each of which asks again a little after each answer.
fn asks_again(at: SocketAddr) -> Actor {
    Actor::start("clients", None, move |ready| {
        for _ in 0..20 {
            let mut stream = TcpStream::connect(at).expect("a server");
            thread::spawn(move || {
                while stream.write_all(b"request").is_ok() && stream.read(&mut [0; 100]).is_ok() {
                    thread::sleep(Duration::from_millis(50));
                }
            });
        }
        ready.now();
        stay();
    })
}

fn prove_some(lab: &mut Lab) {
    let at = loopback(1, 8080);
    let (running, clients) = (answers(at, 20), asks_again(at));
    lab.silent();
    drop((clients, running));

    let (running, clients) = (answers(at, 14), asks_again(at));
    until("6 requests lie unread", || unread(at) >= 6);
    thread::sleep(Duration::from_millis(1_100));
    let found = lab.fires_on_all("warning", running.pid(), ("sockets", 6));
    assert!(found.figure("served") >= 1.0, "{found:?}");
    drop((clients, running));

    let (_running, _clients) = (answers(at, 20), asks_again(at));
    lab.gone();
}

fn prove_unix(lab: &mut Lab) {
    let path = std::env::temp_dir().join("orders");
    let server = |reads: bool| {
        let at = path.clone();
        Actor::start("orders", None, move |ready| {
            let listener = UnixListener::bind(&at).expect("a listener");
            ready.now();
            let mut clients = vec![];
            for client in listener.incoming() {
                let mut client = client.expect("a client");
                client.write_all(b"!").expect("room for it");
                if reads {
                    client.read_exact(&mut [0; 7]).expect("a request");
                }
                clients.push(client);
            }
        })
    };
    let client = || {
        let mut client = UnixStream::connect(&path).expect("a server");
        client.read_exact(&mut [0]).expect("a greeting");
        client.write_all(b"request").expect("room for it");
        client
    };
    let stuck = server(false);
    let few = [(); 4].map(|()| client());
    lab.silent();
    let more = [(); 2].map(|()| client());
    lab.fires_on_all("warning", stuck.pid(), ("sockets", 6));
    drop((few, more, stuck));

    std::fs::remove_file(&path).expect("its path");
    let _fixed = server(true);
    let _clients = [(); 6].map(|()| client());
    lab.gone();
}

fn shows(lab: &mut Lab, severity: &str) {
    let is_twice = severity == "warning";
    // Each client's request stays as it is.
    let (at, dumb) = (loopback(1, 8080), Server { answers: Answers::Nothing, ..Server::at(8081) });
    let clients = |n| Sender { sends: Sends::Once(100), ..Sender::to(at, n) }.start();

    let answers = Server::at(8082);
    let well = (answers.clone().start(), server(at, answers.address, false), clients(24));
    // Of each connection one end stays, or both do.
    until("all are served", || {
        let of_clients = |row: &&Row| row.local == at || row.peer == at;
        tcp_in(State::TimeWait).iter().filter(of_clients).count() >= 24
    });
    lab.silent();
    drop(well);

    let of_processes = one_process_each(at);
    let pipelined = clients(12);
    until("requests wait", || unread(at) == 12);
    thread::sleep(Duration::from_millis(1_200));
    lab.silent();
    drop((pipelined, of_processes));
    until("all of them have ended", || tcp_in(State::Listen).is_empty());

    let ticks = ticker(at);
    let greeters = [(); 12].map(|()| {
        let mut client = TcpStream::connect(at).expect("the ticker");
        client.write_all(b"hello").expect("room for it");
        client
    });
    until("greetings wait", || unread(at) == 12);
    thread::sleep(Duration::from_millis(1_500));
    lab.silent();
    assert_eq!(unread(at), 12, "a twin that has read all shows nothing");
    drop((greeters, ticks));
    until("they have ended", || tcp_in(State::Listen).is_empty());

    if is_twice {
        // Who has read something of a client is at work for it, or has paused it.
        let halves = Server { reads: Reads::Only(50), answers: Answers::Nothing, ..Server::at(8080) }.start();
        let some = clients(3);
        until("half of each is read", || unread(at) == 3 && tcp_in(State::Established).iter().all(|row| row.rx <= 50));
        thread::sleep(Duration::from_millis(1_200));
        lab.silent();
        drop((some, halves));
        until("they have ended", || tcp_in(State::Listen).is_empty());
    }

    let running = dumb.clone().start();
    let stuck = server(at, dumb.address, false);
    let _few = (clients(4), clients(4));
    until("requests wait", || unread(at) == 4);
    thread::sleep(Duration::from_millis(1_200));
    if is_twice {
        let found = lab.fires_where("notice", |found| found.pid() == Some(stuck.pid()));
        found.has("sockets", 4);
    } else {
        lab.silent();
    }
    let _many = clients(16);
    let found = lab.fires_where(severity, |found| found.pid() == Some(stuck.pid()));
    assert!((found.figure("sockets") - 20.0).abs() < 0.5, "{found:?}");
    assert!((found.figure("unread_bytes") - 2_000.0).abs() < 0.5, "{found:?}");
    drop(stuck);

    let _fixed = server(at, dumb.address, true);
    let _clients = clients(24);
    until("all are served", || unread(at) == 0);
    lab.gone();
    drop(running);
}
