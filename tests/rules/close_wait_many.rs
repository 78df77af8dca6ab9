//! A leak and a busy server as `/proc/net/tcp` shows them, pasted: without ages.

use std::time::Duration;

use crate::lab::counts::State;
use crate::lab::load::Load;
use crate::lab::proc_net::{tcp_in, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{AtEnd, Server};

pub(crate) const PROOF: Proof = Proof {
    rule: "close-wait-many",
    fault: "A server reads 40 connections to the end and does not call close(); only the text of /proc/net/tcp is read",
    twin: "The same server closes 1 s after the end: about 3 in CLOSE_WAIT at any time",
    remedy: "close() at the end of the stream",
    by: Remedied::FixedProgram,
    severities: &["warning"],
    pasted: &["cat", "/proc/self/net/tcp"],
    prove,
    ..Proof::PLAIN
};

fn prove(lab: &mut Lab) {
    let faulty = Server { at_end: AtEnd::Forget, ..Server::at(8080) };
    let running = faulty.clone().start();
    let clients = Load::to(faulty.address, 40).complete();
    let found = lab.fires("warning");
    assert!((found.figure("sockets") - 40.0).abs() < 0.5, "{found:?}");
    drop((running, clients));

    let fixed = Server { at_end: AtEnd::Close, ..faulty.clone() };
    let running = fixed.clone().start();
    let clients = Load::to(fixed.address, 40).complete();
    lab.gone();
    drop((running, clients));

    let late = Server { at_end: AtEnd::After(Duration::from_secs(1)), ..faulty };
    let _running = late.clone().start();
    let _clients = Load { per_second: Some(3), ..Load::to(late.address, usize::MAX) }.begin();
    until("the twin has its CLOSE_WAIT", || !tcp_in(State::CloseWait).is_empty());
    lab.silent();
}
