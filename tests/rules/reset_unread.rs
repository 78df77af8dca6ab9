//! A server that closes before it has read all, beside one that does not.

use std::time::Duration;

use crate::lab::actor::Actor;
use crate::lab::counts::State;
use crate::lab::load::{Ends, Load};
use crate::lab::proc_net::{counter, tcp_counts, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{Answers, Reads, Server};

pub(crate) const PROOF: Proof = Proof {
    rule: "reset-unread",
    fault: "A server reads 30 of the 100 bytes of each request and closes after 100 ms: 20 clients a second are reset",
    twin: "It does so to one of 150 connections: 2 a second beside 298 that are read to the end",
    remedy: "The server reads to the end before it closes",
    by: Remedied::FixedProgram,
    severities: &["notice"],
    between: "2s",
    prove,
    ..Proof::PLAIN
};

/// This many requests a second, whose answers are not awaited; the client closes after the server.
fn requests(server: &Server, per_second: u32) -> Actor {
    let load = Load { awaits_answer: false, ends: Ends::Follows, ..Load::to(server.address, usize::MAX) };
    Load { per_second: Some(per_second), ..load }.begin()
}

fn prove(lab: &mut Lab) {
    let hasty = Server {
        reads: Reads::Only(30),
        answers: Answers::Nothing,
        hangs_up: Some(Duration::from_millis(100)),
        ..Server::at(8080)
    };
    let running = hasty.clone().start();
    let clients = [(); 4].map(|()| requests(&hasty, 5));
    let found = lab.fires("notice");
    let (aborted, closes) = (found.figure("aborted"), found.figure("closes"));
    // Both ends of each connection end here.
    assert!(aborted >= 20.0 && closes >= aborted && closes <= 2.2 * aborted + 10.0, "{found:?}");
    assert!(counter("TcpEstabResets").is_some_and(|resets| resets as f64 >= aborted), "the peers were reset");
    drop((clients, running));

    let fixed = Server { reads: Reads::All, ..hasty.clone() };
    let running = fixed.clone().start();
    let clients = [(); 4].map(|()| requests(&fixed, 5));
    lab.gone();
    drop((clients, running));
    until("nothing stays", || tcp_counts().state(State::Established) == 0);

    let (_hasty, _good) = (hasty.clone().start(), Server::at(8081).start());
    let busy = Load { per_second: Some(298), ..Load::to(Server::at(8081).address, usize::MAX) };
    let (_busy, _few) = (busy.begin(), requests(&hasty, 2));
    let before = counter("TcpExtTCPAbortOnClose");
    lab.silent();
    assert!(counter("TcpExtTCPAbortOnClose") > before, "a twin without a reset shows nothing");
}
