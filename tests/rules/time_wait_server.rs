//! TIME_WAIT at a server, which people fear.

use std::net::Ipv6Addr;
use std::time::Instant;

use crate::lab::counts::State;
use crate::lab::load::{Ends, Load};
use crate::lab::outgoing::{is_about, program_of};
use crate::lab::proc_net::{tcp_counts, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{Answers, Server};
use crate::lab::traffic::loopback;

pub(crate) const PROOF: Proof = Proof {
    rule: "time-wait-server",
    fault: "A server hangs up first on 200 clients",
    twin: "200 clients that hang up first: their TIME_WAIT belong to no server",
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
    let begin = Instant::now();
    drop(Load { ends: Ends::Follows, ..Load::to(server.address, 200) }.complete());
    until("their TIME_WAIT", || tcp_counts().state(State::TimeWait) == 400);
    let found = lab.fires_where("ok", |found| is_about(found, server.address));
    assert_eq!(program_of(&found), Some(running.pid()), "{found:?}");
    assert_eq!((found.figure("time_wait"), found.figure("memory")), (200.0, 200.0 * 256.0), "{found:?}");
    assert!(found.commands().is_empty(), "{found:?}");
    // All of the last ten seconds, unless the machine took longer.
    let (rate, is_recent) = (found.figure("close_rate"), begin.elapsed().as_secs() < 9);
    assert!((3.3..=20.0).contains(&rate) && (rate > 19.9 || !is_recent), "{found:?}");

    // IPv4 clients of a server that listens on all IPv6 addresses: their records are IPv6.
    let dual =
        Server { answers: Answers::OnceThenCloses, address: (Ipv6Addr::UNSPECIFIED, 8082).into(), ..Server::at(8082) };
    let running = dual.clone().start();
    drop(Load { ends: Ends::Follows, ..Load::to(loopback(1, 8082), 50) }.complete());
    until("their TIME_WAIT", || tcp_counts().state(State::TimeWait) == 450);
    let found = lab.fires_where("ok", |found| is_about(found, dual.address));
    assert_eq!(program_of(&found), Some(running.pid()), "{found:?}");
    assert!((found.figure("time_wait") - 50.0).abs() < 0.5, "{found:?}");
}
