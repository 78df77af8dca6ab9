//! A program whose service is down.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use crate::lab::actor::Actor;
use crate::lab::path::{FAR, Far};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::Server;
use crate::lab::traffic::loopback;

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

fn prove(lab: &mut Lab) {
    let far = Far::connect();
    let (down, server) = (SocketAddr::new(FAR.into(), 9000), Server::at(8080));
    let _server = server.clone().start();
    let mut places = vec![server.address; 8];
    places.push(down);
    let some = connects(places);
    lab.silent();
    drop(some);

    let all = connects(vec![down]);
    let found = lab.fires("warning");
    assert!(found.figure("refused") >= 10.0 && found.figure("resets_sent") < found.figure("refused"), "{found:?}");
    let service = far.start("service", move |ready| {
        let listener = TcpListener::bind(down).expect("a listener");
        ready.now();
        let _open: Vec<_> = listener.incoming().map(drop).collect();
    });
    lab.gone();
    drop((all, service));

    let _half = connects(vec![server.address, loopback(1, 9000)]);
    let found = lab.fires("notice");
    assert!(found.figure("resets_sent") >= found.figure("refused"), "{found:?}");
}
