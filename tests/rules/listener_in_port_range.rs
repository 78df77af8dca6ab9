//! A service on a port that connect() may take while the service restarts.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use crate::lab::actor::Actor;
use crate::lab::namespace::{enter_another, set_sysctl};
use crate::lab::outgoing::{self, Port, is_about, program_of};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::Server;
use crate::lab::sockets;
use crate::lab::traffic::{self, connect_to};

pub(crate) const PROOF: Proof = Proof {
    rule: "listener-in-port-range",
    fault: "A server listens on 40,004 of the range 40,000 to 40,019; while it restarts a connection takes the port, and bind() fails",
    twin: "It listens on 39,999",
    remedy: "sysctl -w net.ipv4.ip_local_reserved_ports=…: no connection takes the port, and the server restarts",
    by: Remedied::Executed,
    severities: &["notice"],
    prove,
    ..Proof::PLAIN
};

/// The error that a restarted program gets at that port; SO_REUSEADDR is set.
fn bound_again(port: u16) -> Option<io::ErrorKind> {
    sockets::listener_at(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port), 16).err().map(|error| error.kind())
}

/// A fresh host with twenty ports, and a server of others on it.
fn fresh() -> (Actor, SocketAddr) {
    enter_another().expect("a namespace");
    traffic::only_ports(20);
    set_sysctl("net.ipv4.ip_local_reserved_ports", "11211").expect("a setting of this namespace");
    let other = Server::at(8080);
    (other.clone().start(), other.address)
}

fn prove(lab: &mut Lab) {
    let server = Server::at(40_004);

    let (_other, to) = fresh();
    let twin = Server::at(39_999).start();
    lab.silent();
    drop(twin);
    let running = server.clone().start();
    let found = lab.fires_where("notice", |found| is_about(found, server.address));
    assert_eq!(program_of(&found), Some(running.pid()), "{found:?}");
    // The feared case happens: all other ports are taken, and the server is down for a moment.
    let _nineteen = outgoing::holder(&[to], 19, Port::AtConnect);
    assert!(connect_to(to).is_err(), "its port is not for connect() while it listens");
    drop(running);
    let _twentieth = outgoing::holder(&[to], 1, Port::AtConnect);
    assert_eq!(bound_again(40_004), Some(io::ErrorKind::AddrInUse));

    let (_other, to) = fresh();
    let running = server.clone().start();
    let found = lab.fires_where("notice", |found| is_about(found, server.address));
    lab.runs(&found, "sysctl -w net.ipv4.ip_local_reserved_ports=11211,40004");
    lab.gone();
    drop(running);
    let _nineteen = outgoing::holder(&[to], 19, Port::AtConnect);
    assert!(connect_to(to).is_err(), "nineteen are left for connect()");
    let _running = server.start();
}
