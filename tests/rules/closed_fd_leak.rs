//! Connections that their clients reset, and a server that keeps the descriptors.

use std::os::fd::OwnedFd;

use rustix::net::{SocketFlags, connect};

use crate::lab::actor::{Actor, stay};
use crate::lab::counts::Inet;
use crate::lab::load::{Ends, Load};
use crate::lab::proc_net::{counter, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{AtEnd, Server};
use crate::lab::sockets;
use crate::lab::traffic::loopback;

pub(crate) const PROOF: Proof = Proof {
    rule: "closed-fd-leak",
    fault: "25 clients reset their connections, and the server, with 400 descriptors, forgets close(); 100 clients do it to a server with 4,000",
    twin: "19 such with 64 descriptors; 45 such with 1,000; 90 such with 4,000",
    remedy: "close() after ECONNRESET, too",
    by: Remedied::FixedProgram,
    severities: &["warning"],
    prove,
    ..Proof::PLAIN
};

pub(crate) const REFUSED: Proof = Proof {
    variant: "never connected",
    fault: "A client with 400 descriptors is refused 25 times and keeps the sockets",
    twin: "A client that keeps 15 such, and 25 that are bound to a port",
    remedy: "close() after ECONNREFUSED, too",
    prove: prove_refused,
    ..PROOF
};

/// Resets this many connections of the server, and waits until the kernel reports it.
fn resets(server: &Server, n: usize) -> Actor {
    let before = counter("TcpEstabResets").expect("EstabResets");
    let clients = Load { ends: Ends::Aborts, ..Load::to(server.address, n) }.complete();
    // Both ends count.
    until("all are reset", || counter("TcpEstabResets").is_some_and(|now| now >= before + 2 * n as u64));
    clients
}

fn prove(lab: &mut Lab) {
    let forgetful = Server { at_end: AtEnd::Forget, ..Server::at(8080) };
    for (resets_n, descriptors) in [(19, 64), (45, 1_000), (90, 4_000)] {
        let server = Server { descriptors: Some(descriptors), ..forgetful.clone() };
        let running = server.clone().start();
        let clients = resets(&server, resets_n);
        lab.silent();
        drop((running, clients));
    }

    let roomy = Server { descriptors: Some(4_000), ..forgetful.clone() };
    let running = roomy.clone().start();
    let clients = resets(&roomy, 100);
    lab.fires_on("warning", running.pid());
    drop((running, clients));

    let faulty = Server { descriptors: Some(400), ..forgetful };
    let running = faulty.clone().start();
    let clients = resets(&faulty, 25);
    let found = lab.fires_on("warning", running.pid());
    found.has("descriptors_without_socket", 25);
    found.has("descriptor_limit", 400);
    drop((running, clients));

    let fixed = Server { at_end: AtEnd::Close, ..faulty };
    let _running = fixed.clone().start();
    let _clients = resets(&fixed, 25);
    lab.gone();
}

/// A client that is refused this many times, closes the failed sockets or not, and also holds this many bound sockets.
fn refused(times: usize, closes: bool, bound: usize) -> Actor {
    Actor::start("refused-client", Some(400), move |ready| {
        let mut kept: Vec<OwnedFd> = (0..bound).map(|_| sockets::bound(Inet::V4).expect("a socket")).collect();
        for _ in 0..times {
            let socket = sockets::tcp(Inet::V4, SocketFlags::empty()).expect("a socket");
            assert!(connect(&socket, &loopback(1, 9)).is_err(), "nobody listens there");
            if !closes {
                kept.push(socket);
            }
        }
        ready.now();
        stay();
    })
}

fn prove_refused(lab: &mut Lab) {
    let few = refused(15, false, 25);
    lab.silent();
    drop(few);
    let faulty = refused(25, false, 0);
    let found = lab.fires_on("warning", faulty.pid());
    found.has("descriptors_without_socket", 25);
    drop(faulty);
    let _fixed = refused(25, true, 0);
    lab.gone();
}
