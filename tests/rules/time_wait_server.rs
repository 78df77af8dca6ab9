//! TIME_WAIT at a server, which people fear.

use crate::lab::counts::State;
use crate::lab::load::{Ends, Load};
use crate::lab::outgoing::{is_about, program_of};
use crate::lab::proc_net::{tcp_counts, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{Answers, Server};

pub(crate) const PROOF: Proof = Proof {
    rule: "time-wait-server",
    fault: "A server hangs up first on 200 clients",
    twin: "200 clients that hang up first: their TIME_WAIT are no server's",
    remedy: "None is needed",
    by: Remedied::Harmless,
    severities: &["ok"],
    prove,
    ..Proof::PLAIN
};

fn prove(lab: &mut Lab) {
    let server = Server::at(8080);
    let _running = server.clone().start();
    drop(Load::to(server.address, 200).complete());
    until("their TIME_WAIT", || tcp_counts().state(State::TimeWait) == 200);
    lab.silent();

    let server = Server { answers: Answers::OnceThenCloses, ..Server::at(8081) };
    let running = server.clone().start();
    drop(Load { ends: Ends::Follows, ..Load::to(server.address, 200) }.complete());
    until("their TIME_WAIT", || tcp_counts().state(State::TimeWait) == 400);
    let found = lab.fires_where("ok", |found| is_about(found, server.address));
    assert_eq!(program_of(&found), Some(running.pid()), "{found:?}");
    assert_eq!((found.figure("time_wait"), found.figure("memory")), (200.0, 200.0 * 256.0), "{found:?}");
    assert!(found.commands().is_empty(), "{found:?}");
}
