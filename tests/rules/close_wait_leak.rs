//! A server that forgets close(), against one that remembers, under the same load.

use std::time::Duration;

use crate::lab::actor::Actor;
use crate::lab::counts::State;
use crate::lab::load::Load;
use crate::lab::proc_net::{tcp_in, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{AtEnd, Server};

pub(crate) const PROOF: Proof = Proof {
    rule: "close-wait-leak",
    fault: "A server reads 40 connections to the end and does not call close(); with 50 descriptors it is critical",
    twin: "The same server closes, but only 1 s after the end: 25 in CLOSE_WAIT at any time",
    remedy: "close() at the end of the stream",
    by: Remedied::FixedProgram,
    severities: &["notice", "critical"],
    set: &["age=2s"],
    prove: |lab| prove(lab, Duration::from_secs(1), 25),
    ..Proof::PLAIN
};

pub(crate) const AT_DEFAULTS: Proof = Proof {
    variant: "at the default age",
    twin: "The same server closes, but only 40 s after the end: 80 in CLOSE_WAIT at any time",
    set: &[],
    is_slow: true,
    prove: |lab| prove(lab, Duration::from_secs(40), 2),
    ..PROOF
};

pub(crate) const OLD: Proof = Proof {
    variant: "over an hour",
    fault: "A server forgets to close 10 connections that came over 2 s, the oldest older than the limit of an hour, here 4 s; \
            10 that came at once stay a notice",
    twin: "The same server closes 300 ms after the end of each",
    severities: &["notice", "warning"],
    set: &["age=1s", "old=4s"],
    prove: prove_old,
    ..PROOF
};

/// The same load for all: connections that are made, used and closed by the clients.
fn load(server: &Server) -> Actor {
    Load::to(server.address, 40).complete()
}

fn prove(lab: &mut Lab, delay: Duration, per_second: u32) {
    let faulty = Server { at_end: AtEnd::Forget, ..Server::at(8080) };
    let running = faulty.clone().start();
    let clients = load(&faulty);
    lab.fires_on_all("notice", running.pid(), ("sockets", 40));
    drop((running, clients));

    let scarce = Server { descriptors: Some(50), ..faulty.clone() };
    let running = scarce.clone().start();
    let clients = load(&scarce);
    lab.fires_on("critical", running.pid());
    drop((running, clients));

    let fixed = Server { at_end: AtEnd::Close, ..scarce };
    let running = fixed.clone().start();
    let clients = load(&fixed);
    lab.gone();
    drop((running, clients));

    let late = Server { at_end: AtEnd::After(delay), ..faulty };
    let _running = late.clone().start();
    let _clients = Load { per_second: Some(per_second), ..Load::to(late.address, usize::MAX) }.begin();
    // The first ones are about to be closed: this is as old as they get.
    std::thread::sleep(delay);
    until("the twin has its CLOSE_WAIT", || !tcp_in(State::CloseWait).is_empty());
    lab.silent();
    assert!(!tcp_in(State::CloseWait).is_empty(), "a twin without CLOSE_WAIT shows nothing");
}

fn prove_old(lab: &mut Lab) {
    let faulty = Server { at_end: AtEnd::Forget, ..Server::at(8080) };
    let steady = |server: &Server| Load { per_second: Some(5), ..Load::to(server.address, 10) }.complete();
    let running = faulty.clone().start();
    let clients = Load::to(faulty.address, 10).complete();
    std::thread::sleep(Duration::from_millis(4_500));
    lab.fires_on("notice", running.pid());
    drop((running, clients));

    let running = faulty.clone().start();
    let clients = steady(&faulty);
    let found = lab.fires_on("warning", running.pid());
    assert!(found.figure("oldest") >= 4_000.0, "{found:?}");
    drop((running, clients));

    let late = Server { at_end: AtEnd::After(Duration::from_millis(300)), ..faulty.clone() };
    let running = late.clone().start();
    let clients = Load { per_second: Some(5), ..Load::to(late.address, usize::MAX) }.begin();
    std::thread::sleep(Duration::from_millis(1_500));
    lab.silent();
    drop((running, clients));

    let fixed = Server { at_end: AtEnd::Close, ..faulty };
    let _running = fixed.clone().start();
    let _clients = steady(&fixed);
    lab.gone();
}
