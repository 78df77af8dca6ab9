//! A server whose clients gave up before their data was read, and a pool whose server hung up.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use crate::lab::actor::Actor;
use crate::lab::counts::State;
use crate::lab::load::{Ends, Load};
use crate::lab::proc_net::{Row, counter, tcp_in, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{Answers, Reads, Server};
use crate::lab::traffic::loopback;

pub(crate) const PROOF: Proof = Proof {
    rule: "close-wait-unread",
    fault: "A server accepts 10 clients, reads nothing, and they hang up; a notice is a pool of 10 that its server closed",
    twin: "A server that is busy for 1 s before it reads: about 10 in CLOSE_WAIT unread at any time",
    remedy: "A server that reads; a pool that closes when its server does",
    by: Remedied::FixedProgram,
    severities: &["notice", "warning"],
    set: &["age=3s"],
    prove: |lab| prove(lab, Duration::from_secs(1), 10),
    ..Proof::PLAIN
};

pub(crate) const AT_DEFAULTS: Proof = Proof {
    variant: "at the default age",
    twin: "A server that is busy for 40 s before it reads: 80 in CLOSE_WAIT unread at any time",
    set: &[],
    is_slow: true,
    prove: |lab| prove(lab, Duration::from_secs(40), 2),
    ..PROOF
};

pub(crate) const GROWING: Proof = Proof {
    variant: "growing",
    fault: "4 clients a second give up on a server with 100 descriptors that reads nothing",
    twin: "A server that reads 4 bytes of each of 10 clients every 20 ms, long after they closed",
    remedy: "A server that reads",
    by: Remedied::FixedProgram,
    severities: &["warning", "critical"],
    set: &["age=1s"],
    between: "1s",
    prove: prove_growing,
    ..PROOF
};

pub(crate) const ENDED: Proof = Proof {
    variant: "the server has ended",
    fault: "A server ends, and the pool of 10 connections that a program here had to it does not notice",
    twin: "The same pool while its server runs",
    remedy: "The server runs again, and the pool has new connections",
    by: Remedied::World,
    severities: &["warning"],
    prove: prove_ended,
    ..PROOF
};

/// Clients that send 100 bytes and hang up without an answer.
fn impatient(server: &Server, n: usize) -> Load {
    Load { awaits_answer: false, ..Load::to(server.address, n) }
}

fn unread() -> Vec<Row> {
    tcp_in(State::CloseWait).into_iter().filter(|row| row.inode != 0 && row.rx > 0).collect()
}

/// A server with a thread for each client, which reads to the end and closes, but not at once.
fn busy_reader(port: u16, busy: Duration) -> Actor {
    Actor::start("busy-reader", None, move |ready| {
        let listener = TcpListener::bind(loopback(1, port)).expect("a listener");
        ready.now();
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            std::thread::spawn(move || {
                std::thread::sleep(busy);
                let mut question = vec![];
                // The client may be gone.
                if stream.read_to_end(&mut question).is_ok() {
                    let _ = stream.write_all(&question);
                }
            });
        }
    })
}

fn prove(lab: &mut Lab, busy: Duration, per_second: u32) {
    let stuck = Server { reads: Reads::Nothing, ..Server::at(8080) };
    let running = stuck.clone().start();
    let clients = impatient(&stuck, 10).complete();
    // Not at once: a client that finds the FIN behind the answer has read it, too.
    let short = Server { hangs_up: Some(Duration::from_millis(500)), ..Server::at(8081) };
    let closing = short.clone().start();
    let pool = Load { ends: Ends::Stays, ..Load::to(short.address, 10) };
    let holding = pool.clone().complete();

    let found = lab.fires_where("warning", |found| found.pid() == Some(running.pid()) && found.counts(10));
    found.has("unread_bytes", 1_000);
    found.has("inbound", 10);
    found.lasts("oldest", 3);
    let found = lab.fires_where("notice", |found| found.pid() == Some(holding.pid()) && found.counts(10));
    found.has("unread_bytes", 0);
    found.has("inbound", 0);
    found.says("in a pool");
    drop((running, clients, holding));

    let fixed = Server { reads: Reads::All, ..stuck };
    let running = fixed.clone().start();
    let clients = impatient(&fixed, 10).complete();
    let holding = Load { ends: Ends::Follows, ..pool }.complete();
    lab.gone();
    drop((running, clients, closing, holding));

    let _running = busy_reader(8082, busy);
    let late = Server::at(8082);
    let _clients = Load { per_second: Some(per_second), ..impatient(&late, usize::MAX) }.begin();
    // The first ones are about to be read: this is as old as they get.
    std::thread::sleep(busy);
    until("the twin has its CLOSE_WAIT", || !unread().is_empty());
    lab.silent();
    assert!(!unread().is_empty(), "a twin without CLOSE_WAIT shows nothing");
}

fn prove_ended(lab: &mut Lab) {
    let server = Server::at(8081);
    let pool = Load { ends: Ends::Stays, ..Load::to(server.address, 10) };
    let (running, holding) = (server.clone().start(), pool.clone().complete());
    lab.silent();
    drop(running);
    let found = lab.fires_on("warning", holding.pid());
    found.says("where nothing listens");
    found.counts(10);
    drop(holding);
    let (_running, _holding) = (server.start(), pool.complete());
    lab.gone();
}

fn prove_growing(lab: &mut Lab) {
    let stuck = Server { reads: Reads::Nothing, descriptors: Some(100), ..Server::at(8080) };
    let load = Load { per_second: Some(4), ..impatient(&stuck, 80) };
    let running = stuck.clone().start();
    let clients = load.clone().begin();
    lab.fires_on("warning", running.pid());
    let found = lab.fires_on("critical", running.pid());
    assert!(found.figure("sockets") >= 10.0, "a tenth of the descriptors: {found:?}");
    found.has("descriptor_limit", 100);
    drop((running, clients));

    let fixed = Server { reads: Reads::All, ..stuck };
    let running = fixed.clone().start();
    let before = counter("TcpPassiveOpens");
    let clients = load.begin();
    // Two seconds of them: longer than the age.
    until("clients of the fixed server", || counter("TcpPassiveOpens") >= before.map(|opens| opens + 8));
    lab.gone();
    drop((running, clients));

    let slow = Server { reads: Reads::Slowly(4), answers: Answers::Nothing, ..Server::at(8081) };
    let _running = slow.clone().start();
    let _clients = Load { request: 10_000, ..impatient(&slow, 10) }.complete();
    until("ten hung up", || unread().len() == 10);
    std::thread::sleep(Duration::from_millis(1_500));
    lab.silent();
    assert_eq!(unread().len(), 10, "a twin that has read everything shows nothing");
}
