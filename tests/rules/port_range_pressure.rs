//! Ports of the range over all destinations: shared by connect(), and taken whole by bind().

use std::io;
use std::net::Ipv4Addr;

use crate::lab::actor::Actor;
use crate::lab::counts::Inet;
use crate::lab::makers;
use crate::lab::namespace::enter_another;
use crate::lab::outgoing::{self, Port};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::Server;
use crate::lab::traffic::{self, loopback};

pub(crate) const PROOF: Proof = Proof {
    rule: "port-range-pressure",
    fault: "Of 100 ports a program takes 45 for each of two services, bound before connect(); or 10 sockets are bound and unused beside 81 connections",
    twin: "44 for each of two services, bound before connect()",
    remedy: "The same program with IP_BIND_ADDRESS_NO_PORT: its connections share ports",
    by: Remedied::FixedProgram,
    severities: &["warning"],
    prove: bound,
    ..Proof::PLAIN
};

pub(crate) const SHARED: Proof = Proof {
    variant: "by connect() alone",
    fault: "Of 100 ports connect() chose 90 for one service; 50 connections to each of two others share them",
    twin: "89 for the one service, and the same to the others",
    remedy: "sysctl -w net.ipv4.ip_local_port_range=…",
    by: Remedied::Executed,
    severities: &["notice"],
    prove: shared,
    ..PROOF
};

const FROM: Ipv4Addr = Ipv4Addr::LOCALHOST;

/// A fresh host with 100 ports and a server on all its addresses: older connections would rest in TIME_WAIT.
fn fresh() -> Actor {
    enter_another().expect("a namespace");
    traffic::only_ports(100);
    Server { address: (Ipv4Addr::UNSPECIFIED, 8080).into(), ..Server::at(8080) }.start()
}

fn bound(lab: &mut Lab) {
    let places = [loopback(1, 8080), loopback(2, 8080)];
    let server = fresh();
    let twin = outgoing::holder(&places, 44, Port::AtBind(FROM));
    lab.silent();
    let more = outgoing::holder(&places, 1, Port::AtBind(FROM));
    let found = lab.fires("warning");
    assert_eq!((found.figure("ports_used"), found.figure("ports_usable")), (90.0, 100.0), "{found:?}");
    assert_eq!((found.figure("connections"), found.figure("destinations")), (90.0, 2.0), "{found:?}");
    let rest = outgoing::holder(&places[..1], 10, Port::AtBind(FROM));
    let refused = |port| outgoing::connected(loopback(3, 8080), port).err().map(|error| error.kind());
    assert_eq!(refused(Port::AtBind(FROM)), Some(io::ErrorKind::AddrInUse), "bind() finds no port");
    assert_eq!(refused(Port::AtConnect), Some(io::ErrorKind::AddrNotAvailable), "and gave none away to share");
    drop((server, twin, more, rest));

    let server = fresh();
    let fixed = outgoing::holder(&places, 45, Port::LateAtBind(FROM));
    lab.gone();
    drop((server, fixed));

    let _server = fresh();
    let unused = makers::bound_inactive(Inet::V4, 10);
    let _holder = outgoing::holder(&places[..1], 80, Port::AtConnect);
    lab.silent();
    let _more = outgoing::holder(&places[..1], 1, Port::AtConnect);
    let found = lab.fires("warning");
    assert_eq!((found.figure("ports_used"), found.figure("bound_inactive")), (81.0, 10.0), "{found:?}");
    drop(unused);
    lab.gone();
}

fn shared(lab: &mut Lab) {
    let _server = fresh();
    // connect() begins with the even ports for every destination: these are all of them.
    let _halves = outgoing::holder(&[loopback(2, 8080), loopback(3, 8080)], 50, Port::AtConnect);
    let busiest = loopback(1, 8080);
    let _twin = outgoing::holder(&[busiest], 89, Port::AtConnect);
    lab.silent();
    let _more = outgoing::holder(&[busiest], 1, Port::AtConnect);
    let found = lab.fires("notice");
    assert_eq!((found.figure("ports_used"), found.figure("connections")), (90.0, 190.0), "{found:?}");
    lab.runs(&found, "sysctl -w net.ipv4.ip_local_port_range='20000 60999'");
    lab.gone();
}
