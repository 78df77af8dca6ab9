//! A server that closes with SO_LINGER 0.

use std::time::Duration;

use crate::lab::counts::State;
use crate::lab::load::{Ends, Load};
use crate::lab::proc_net::{counter, tcp_counts, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{Answers, Reads, Server};

pub(crate) const PROOF: Proof = Proof {
    rule: "linger-zero",
    fault: "A server answers 20 requests a second and closes each connection with SO_LINGER 0",
    twin: "A server that closes with unread data: resets as well, but not by SO_LINGER",
    remedy: "A plain close(), after which TIME_WAIT stays as it should",
    by: Remedied::FixedProgram,
    severities: &["notice"],
    between: "1s",
    prove,
    ..Proof::PLAIN
};

fn prove(lab: &mut Lab) {
    let requests = |server: &Server| {
        Load { per_second: Some(20), ends: Ends::Follows, ..Load::to(server.address, usize::MAX) }.begin()
    };
    let unread = Server { reads: Reads::Nothing, hangs_up: Some(Duration::from_millis(20)), ..Server::at(8081) };
    let running = unread.clone().start();
    let clients = requests(&unread);
    until("resets", || counter("TcpExtTCPAbortOnClose").is_some_and(|resets| resets > 0));
    lab.silent();
    drop((clients, running));

    let aborting = Server { answers: Answers::OnceThenCloses, aborts: true, ..Server::at(8080) };
    let running = aborting.clone().start();
    let clients = requests(&aborting);
    let found = lab.fires("notice");
    assert!((5.0..=40.0).contains(&found.figure("aborted")), "{found:?}");
    assert_eq!(tcp_counts().state(State::TimeWait), 0, "none is left behind");
    drop((clients, running));

    let fixed = Server { aborts: false, ..aborting };
    let _running = fixed.clone().start();
    let _clients = requests(&fixed);
    until("TIME_WAIT", || tcp_counts().state(State::TimeWait) > 0);
    lab.gone();
}
