//! Sockets that are bound and forgotten.

use std::net::{Ipv4Addr, SocketAddr};
use std::os::fd::OwnedFd;

use rustix::net::{SocketFlags, bind, connect};

use crate::lab::actor::{Actor, stay};
use crate::lab::counts::Inet;
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::sockets;

pub(crate) const PROOF: Proof = Proof {
    rule: "bound-inactive",
    fault: "A program binds 283 ports of a range of 28,232 (1 %) and is refused by the service, and keeps the sockets",
    twin: "The same with 282",
    remedy: "The program closes a socket whose connect() failed",
    by: Remedied::FixedProgram,
    severities: &["notice"],
    prove,
    ..Proof::PLAIN
};

/// A program that binds this many ports, one after the other, each for a connection to a port without a listener.
fn program(n: u16, closes: bool) -> Actor {
    Actor::start("binder", Some(1_024), move |ready| {
        let nobody = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 9);
        let mut held: Vec<OwnedFd> = vec![];
        for port in 40_000..40_000 + n {
            let socket = sockets::tcp(Inet::V4, SocketFlags::empty()).expect("a socket");
            bind(&socket, &SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port)).expect("a free port");
            connect(&socket, &nobody).expect_err("nothing listens there");
            held.extend((!closes).then_some(socket));
        }
        ready.now();
        let _held = held;
        stay();
    })
}

fn prove(lab: &mut Lab) {
    let twin = program(282, false);
    lab.silent();
    drop(twin);
    let faulty = program(283, false);
    let found = lab.fires_on("notice", faulty.pid());
    assert_eq!((found.figure("sockets"), found.figure("ports")), (283.0, 283.0), "{found:?}");
    assert!((found.figure("range") - 28_232.0).abs() < 0.5, "{found:?}");
    drop(faulty);
    let _fixed = program(283, true);
    lab.gone();
}
