//! Clients that hung up first and do not hear that the server has followed.

use std::time::Duration;

use crate::lab::counts::State;
use crate::lab::deaf::{Deaf, server_that_gives_up};
use crate::lab::makers::{self, Hangup};
use crate::lab::proc_net::{tcp_counts, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::Server;
use crate::lab::sockets::Family;
use crate::lab::traffic::loopback;

pub(crate) const PROOF: Proof = Proof {
    rule: "last-ack-stuck",
    fault: "25 clients hang up and receive nothing more, and the server closes",
    twin: "The same with 19 clients",
    remedy: "sysctl -w net.ipv4.tcp_orphan_retries=5: the kernel gives up after 12.6 s instead of 105 s",
    by: Remedied::Executed,
    severities: &["warning"],
    prove,
    ..Proof::PLAIN
};

pub(crate) const GIVES_UP: Proof = Proof {
    variant: "TCP_USER_TIMEOUT",
    remedy: "A server that sets TCP_USER_TIMEOUT, here to 1 s: the kernel gives up before it is a finding",
    by: Remedied::FixedProgram,
    prove: prove_gives_up,
    ..PROOF
};

pub(crate) const CLOSING: Proof = Proof {
    variant: "CLOSING",
    fault: "Both ends of 25 connections hang up at once, and one end receives nothing",
    twin: "The same with 19",
    remedy: "The path is mended",
    by: Remedied::World,
    prove: prove_closing,
    ..PROOF
};

fn stuck() -> usize {
    tcp_counts().state(State::LastAck)
}

/// 19 clients that are deaf for longer than the fault takes to be one, and then hear again.
fn twin(lab: &mut Lab, server: &Server) {
    let clients = Deaf::finished(server.address, 19);
    until("19 without their last ACK", || stuck() == 19);
    std::thread::sleep(Duration::from_millis(2_500));
    lab.silent();
    assert_eq!(stuck(), 19);
    clients.hear();
    until("all is acknowledged", || stuck() == 0);
}

fn prove(lab: &mut Lab) {
    let server = Server::at(8080);
    let _running = server.clone().start();
    twin(lab, &server);

    let _clients = Deaf::finished(server.address, 25);
    let found = lab.fires_where("warning", |found| found.counts(25));
    found.leads_to(std::net::Ipv4Addr::LOCALHOST);
    found.has("to_one_peer", 25);
    assert!(found.figure("most_timeouts") >= 3.0, "{found:?}");
    lab.runs(&found, "sysctl -w net.ipv4.tcp_orphan_retries=");
    lab.gone();
    until("the kernel has given up", || stuck() == 0);
}

fn prove_gives_up(lab: &mut Lab) {
    let server = Server::at(8080);
    let running = server.clone().start();
    twin(lab, &server);
    let clients = Deaf::finished(server.address, 25);
    lab.fires_where("warning", |found| found.counts(25));
    clients.hear();
    lab.gone();
    until("all is acknowledged", || stuck() == 0);
    drop((running, clients));

    let _running = server_that_gives_up(8081, Duration::from_secs(1), true);
    let _clients = Deaf::finished(loopback(1, 8081), 25);
    until("25 without their last ACK", || stuck() == 25);
    until("the kernel has given up", || stuck() == 0);
    lab.gone();
}

fn prove_closing(lab: &mut Lab) {
    let mended = |held: makers::Held| {
        for socket in &held.others {
            // The listener among them has no filter.
            let _ = crate::lab::sockets::see(socket);
        }
        held
    };
    let few = makers::closing(Family::V4, 19, Hangup::Orphan);
    std::thread::sleep(Duration::from_millis(2_500));
    lab.silent();
    assert_eq!(tcp_counts().state(State::Closing), 19);
    let few = mended(few);
    until("all is acknowledged", || tcp_counts().state(State::Closing) == 0);
    drop(few);
    let held = makers::closing(Family::V4, 25, Hangup::Orphan);
    lab.fires_where("warning", |found| found.counts(25));
    let _held = mended(held);
    lab.gone();
}
