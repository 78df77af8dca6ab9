//! A program whose service is down.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use crate::lab::actor::{Actor, Ready, stay};
use crate::lab::counts::State;
use crate::lab::path::{FAR, Far};
use crate::lab::proc_net::{tcp_in, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::Server;
use crate::lab::traffic::loopback;

pub(crate) const LEFT: Proof = Proof {
    variant: "a listener that was closed",
    fault: "A server has closed its listener and keeps 3 connections of that port, to which a program connects all the time",
    twin: "For each refused attempt that program makes eight to a server that listens; without the 3 connections no port is named",
    remedy: "The service listens again",
    severities: &["warning"],
    prove: prove_left,
    ..PROOF
};

pub(crate) const PROOF: Proof = Proof {
    rule: "connects-refused",
    fault: "A program connects all the time to a port of another host where nothing listens, then to one of its own and, for each \
            of these attempts, to a server",
    twin: "For each refused attempt it makes eight that are not",
    remedy: "The service listens",
    by: Remedied::World,
    severities: &["warning", "notice"],
    between: "2s",
    prove,
    ..Proof::PLAIN
};

/// A program that connects to these places, one after the other, without end.
fn connects(to: Vec<SocketAddr>) -> Actor {
    Actor::start("proxy", None, move |ready| {
        ready.now();
        loop {
            for place in &to {
                // Refused or not.
                drop(TcpStream::connect(place));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    })
}

/// A ninth of the attempts is refused, which is silent; then all are.
fn refused_at_last(lab: &mut Lab, server: SocketAddr, down: SocketAddr) -> Actor {
    let some = connects([vec![server; 8], vec![down]].concat());
    lab.silent();
    drop(some);
    connects(vec![down])
}

/// Accepts clients, and closes their connections.
fn serve(at: SocketAddr, ready: Ready) {
    let listener = TcpListener::bind(at).expect("a listener");
    ready.now();
    listener.incoming().for_each(drop);
}

/// A server that accepts 3 clients, with these, and has closed its listener.
fn without_listener(at: SocketAddr) -> (Actor, Vec<TcpStream>) {
    let running = Actor::start("catalog", None, move |ready| {
        let listener = TcpListener::bind(at).expect("a listener");
        ready.now();
        let _open: Vec<_> = listener.incoming().take(3).collect();
        drop(listener);
        stay();
    });
    let clients = (0..3).map(|_| TcpStream::connect(at).expect("a server")).collect();
    until("the listener is closed", || tcp_in(State::Listen).iter().all(|row| row.local != at));
    (running, clients)
}

fn prove_left(lab: &mut Lab) {
    let (down, server) = (loopback(1, 9000), Server::at(8080));
    let _server = server.clone().start();
    let (running, clients) = without_listener(down);
    let all = refused_at_last(lab, server.address, down);
    let found = lab.fires("warning");
    assert_eq!(found.figure("port"), 9000.0, "{found:?}");
    assert_eq!(found.figure("connections_of_port"), 3.0, "{found:?}");
    drop((running, clients));
    let found = lab.fires("warning");
    assert!(found.0["evidence"].as_array().is_some_and(|all| all.iter().all(|one| one["name"] != "port")), "{found:?}");

    let service = Actor::start("catalog", None, |ready| serve(down, ready));
    lab.gone();
    drop((all, service));
}

fn prove(lab: &mut Lab) {
    let far = Far::connect();
    let (down, server) = (SocketAddr::new(FAR.into(), 9000), Server::at(8080));
    let _server = server.clone().start();
    let all = refused_at_last(lab, server.address, down);
    let found = lab.fires("warning");
    assert!(found.figure("refused") >= 10.0 && found.figure("resets_sent") < found.figure("refused"), "{found:?}");
    let service = far.start("service", |ready| serve(down, ready));
    lab.gone();
    drop((all, service));

    let _half = connects(vec![server.address, loopback(1, 9000)]);
    let found = lab.fires("notice");
    assert!(found.figure("resets_sent") >= found.figure("refused"), "{found:?}");
}
