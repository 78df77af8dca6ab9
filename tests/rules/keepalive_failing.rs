//! Keepalive probes that stay unanswered.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use crate::lab::actor::Actor;
use crate::lab::counts::State;
use crate::lab::load::{Ends, Load};
use crate::lab::namespace::set_sysctl;
use crate::lab::path::{FAR, Far};
use crate::lab::proc_net::{counter, tcp_in, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::Server;
use crate::lab::subject::{is_host, is_this_host};

pub(crate) const PROOF: Proof = Proof {
    rule: "keepalive-failing",
    fault: "Three idle connections with keepalive to a host that falls silent; two of them are a notice, one to each of \
            three hosts a warning",
    twin: "The same connections to a host that answers each probe",
    remedy: "The host answers again; or `sockdoc kill` ends the connections",
    by: Remedied::World,
    severities: &["warning", "notice"],
    prove,
    ..Proof::PLAIN
};

/// Idle connections that are probed every second.
fn probed(last: u8, n: usize) -> Actor {
    let to = SocketAddr::new(Ipv4Addr::new(10, 99, 0, last).into(), 8080);
    Load { ends: Ends::Stays, keepalive: Some(Duration::from_secs(1)), ..Load::to(to, n) }.complete()
}

/// How many connections have this many unanswered probes.
fn unanswered(probes: u32) -> usize {
    tcp_in(State::Established).iter().filter(|row| row.timer == 2 && row.retransmits >= probes).count()
}

fn prove(lab: &mut Lab) {
    // With the default of 9 the kernel ends the connections after ten seconds, in which a busy machine may not have looked.
    set_sysctl("net.ipv4.tcp_keepalive_probes", "100").expect("a sysctl of the namespace");
    let far = Far::connect();
    far.shell("for i in 3 4; do ip addr add 10.99.0.$i/24 dev far; done");
    let server = Server { address: SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), 8080), ..Server::at(8080) };
    let _server = far.start("far-server", move |ready| server.run(ready));

    let three = probed(2, 3);
    until("probes", || counter("TcpExtTCPKeepAlive").is_some_and(|probes| probes >= 9));
    lab.silent();

    far.fall_silent();
    let is_far = |found: &_, pid| is_host(found, IpAddr::V4(FAR), pid);
    let found = lab.fires_where("warning", |found| is_far(found, three.pid()));
    assert!((found.figure("sockets") - 3.0).abs() < 0.5, "{found:?}");
    assert!(found.figure("probes_unanswered") >= 2.0 && found.figure("last_heard") >= 2_000.0, "{found:?}");
    far.answer_again();
    lab.gone();
    assert_eq!((tcp_in(State::Established).len(), unanswered(1)), (3, 0), "they live on");
    drop(three);

    let destroyed = probed(2, 3);
    far.fall_silent();
    let found = lab.fires_where("warning", |found| is_far(found, destroyed.pid()));
    lab.destroys(&found);
    lab.gone();
    assert_eq!(tcp_in(State::Established).len(), 0, "they are destroyed");
    far.answer_again();
    drop(destroyed);

    let two = probed(2, 2);
    far.fall_silent();
    lab.fires_where("notice", |found| is_far(found, two.pid()));
    far.answer_again();
    drop(two);

    let _each = [probed(2, 1), probed(3, 1), probed(4, 1)];
    far.fall_silent();
    let found = lab.fires_where("warning", is_this_host);
    assert!((found.figure("peers") - 3.0).abs() < 0.5, "{found:?}");
    far.answer_again();
    lab.gone();
}
