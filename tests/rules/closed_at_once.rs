//! A server at its own limit of connections, which turns new ones away.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use crate::lab::actor::{Actor, stay};
use crate::lab::load::{Ends, Load};
use crate::lab::path::{Far, NEAR};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::traffic::loopback;

pub(crate) const PROOF: Proof = Proof {
    rule: "closed-at-once",
    fault: "A server keeps 6 connections, and closes those of 50 clients a second on another host without reading their requests",
    twin: "The same server, which answers each of the others before it closes",
    remedy: "A higher limit",
    by: Remedied::FixedProgram,
    severities: &["warning"],
    between: "1s",
    prove,
    ..Proof::PLAIN
};

/// A server that keeps this many connections and closes further ones, after reading their request or without.
fn server(most: usize, reads: bool) -> Actor {
    Actor::start("limited", None, move |ready| {
        let listener = TcpListener::bind(SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), 8080)).expect("a listener");
        ready.now();
        let mut kept: Vec<TcpStream> = vec![];
        let mut request = [0; 100];
        for client in listener.incoming() {
            let mut client = client.expect("a client");
            // The request comes meanwhile.
            std::thread::sleep(Duration::from_millis(2));
            if (kept.len() < most || reads) && client.read_exact(&mut request).is_ok() {
                // A client that is gone is no matter.
                let _ = client.write_all(&request);
            }
            if kept.len() < most {
                kept.push(client);
            }
        }
        stay();
    })
}

/// Clients of the other host, one after the other, which go when they have their answer.
fn clients(far: &Far) -> Actor {
    far.start("clients", |ready| {
        ready.now();
        loop {
            if let Ok(mut server) = TcpStream::connect(SocketAddr::new(NEAR.into(), 8080)) {
                // Refused or not.
                let _ = server.write_all(&[b'?'; 100]);
                let _ = server.read_exact(&mut [0; 100]);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    })
}

fn prove(lab: &mut Lab) {
    let far = Far::connect();
    let that_stay = || Load { ends: Ends::Stays, ..Load::to(loopback(1, 8080), 6) }.complete();

    let running = server(6, true);
    let (stay, coming) = (that_stay(), clients(&far));
    lab.silent();
    drop((coming, stay, running));

    let running = server(6, false);
    let (stay, coming) = (that_stay(), clients(&far));
    let found = lab.fires_on("warning", running.pid());
    assert!((found.figure("stay") - 6.0).abs() < 0.5, "{found:?}");
    drop((coming, stay, running));

    let _running = server(500, false);
    let (_stay, _coming) = (that_stay(), clients(&far));
    lab.gone();
}
