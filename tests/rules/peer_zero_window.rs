//! Peers that do not read: a service that we send to, and many clients of ours.

use std::io::copy;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use crate::lab::actor::{Actor, stay};
use crate::lab::counts::State;
use crate::lab::proc_net::{Row, tcp_in, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::sender::Sender;
use crate::lab::server::{Answers, Reads, Server};
use crate::lab::subject::is_at;

pub(crate) const PROOF: Proof = Proof {
    rule: "peer-zero-window",
    fault: "A client sends to a service that does not read: after 3 s a notice, held up for half of 10 s a warning",
    twin: "The service reads 800 kB/s, so that its window is closed again and again, for less than 3 s; and a relay, whose own \
           receiver reads 100 kB/s",
    remedy: "The service reads; or the client sets TCP_USER_TIMEOUT and gives the connection up",
    by: Remedied::FixedProgram,
    severities: &["notice", "warning"],
    prove: service,
    ..Proof::PLAIN
};

pub(crate) const CLIENTS: Proof = Proof {
    variant: "many clients",
    fault: "20 clients of one service do not read its data",
    twin: "19 such clients of a service at the same settings",
    remedy: "The clients read",
    by: Remedied::World,
    severities: &["warning"],
    prove: clients,
    ..PROOF
};

/// Connections that wait with data for a closed window.
fn waiting() -> usize {
    tcp_in(State::Established).iter().filter(|row| row.timer == 4).count()
}

fn service(lab: &mut Lab) {
    let deaf = Server { name: "deaf", reads: Reads::Nothing, ..Server::at(8080) };

    let slow = Server { name: "slow", reads: Reads::Slowly(16_384), ..deaf.clone() };
    let running = (slow.clone().start(), Sender::to(slow.address, 1).start());
    until("a closed window", || waiting() == 1);
    lab.silent();
    drop(running);

    // A relay passes on what its receiver takes, and reads no more.
    let to = Server { reads: Reads::Slowly(2_000), ..Server { name: "sink", ..Server::at(8081) } };
    let running = (to.clone().start(), relay(slow.address, to.address), Sender::to(slow.address, 4).start());
    until("no room for 3 s", || closed_to(slow.address.port()).iter().any(|left| *left > FOUR_DOUBLINGS));
    lab.silent();
    drop(running);
    until("the relay has ended", || tcp_in(State::Listen).is_empty());

    let service = deaf.clone().start();
    let client = Sender::to(deaf.address, 2).start();
    let is_ours = |found: &_| is_at(found, "destination", deaf.address, client.pid());
    let found = lab.fires_where("notice", is_ours);
    assert!(found.figure("backoff") >= 4.0 && found.figure("sockets") > 0.5, "{found:?}");
    assert!(found.figure("probes_unanswered") < 1.5, "it answers its probes: {found:?}");
    let found = lab.fires_where("warning", is_ours);
    let waits: u32 = tcp_in(State::Established).iter().map(|row| row.tx).sum();
    assert!((found.figure("send_queue_bytes") - f64::from(waits)).abs() < 0.5, "{found:?}, {waits}");
    assert!(found.figure("peer_window_bytes") < 0.5 && found.figure("held_up_by_peer") > 0.9, "{found:?}");
    drop((client, service));

    // First the program here, against the same service.
    let service = deaf.clone().start();
    let client = Sender { gives_up: Some(2_000), ..Sender::to(deaf.address, 2) }.start();
    until("closed windows", || waiting() == 2);
    until("the client gave up", || waiting() == 0);
    lab.gone();
    drop((client, service));

    let reads = Server { reads: Reads::All, answers: Answers::Nothing, ..deaf };
    let _service = reads.clone().start();
    let _client = Sender::to(reads.address, 2).start();
    std::thread::sleep(Duration::from_secs(4));
    lab.gone();
}

/// Passes each connection on, as fast as the far end takes it.
fn relay(at: SocketAddr, to: SocketAddr) -> Actor {
    Actor::start("relay", None, move |ready| {
        let listener = TcpListener::bind(at).expect("a listener");
        ready.now();
        for near in listener.incoming() {
            let (mut near, mut far) = (near.expect("a client"), TcpStream::connect(to).expect("the receiver"));
            std::thread::spawn(move || copy(&mut near, &mut far));
        }
    })
}

/// This many clients, which read or not.
fn readers(server: &Server, n: usize, reads: bool) -> Actor {
    let to = server.address;
    Actor::start("reader", None, move |ready| {
        let sockets: Vec<_> = (0..n).map(|_| TcpStream::connect(to).expect("a connection")).collect();
        ready.now();
        for mut socket in sockets {
            std::thread::spawn(move || {
                if reads {
                    let _ = std::io::copy(&mut socket, &mut std::io::sink());
                }
                stay();
            });
        }
        stay();
    })
}

fn clients(lab: &mut Lab) {
    let server = Server { name: "tv", reads: Reads::Nothing, answers: Answers::Flood, ..Server::at(8080) };

    let running = (server.clone().start(), readers(&server, 19, false));
    // As long as the fault takes to be one.
    until("no room for 3 s", || {
        closed(server.address.port()).iter().filter(|left| **left > FOUR_DOUBLINGS).count() == 19
    });
    lab.silent();
    drop(running);

    let running = server.clone().start();
    let clients = readers(&server, 20, false);
    let found = lab.fires_where("warning", |found| is_at(found, "listener", server.address, running.pid()));
    assert!((found.figure("sockets") - 20.0).abs() < 0.5, "{found:?}");
    drop((running, clients));

    let _running = server.clone().start();
    let _clients = readers(&server, 20, true);
    std::thread::sleep(Duration::from_secs(4));
    lab.gone();
}

/// A time that is left only when the first probe's 0.2 s were doubled so often.
const FOUR_DOUBLINGS: Duration = Duration::from_millis(1_700);

/// The time to the next probe, of each connection to that port that waits for one.
fn closed(port: u16) -> Vec<Duration> {
    timed(|row| row.local.port() == port)
}

/// The same of connections to that port.
fn closed_to(port: u16) -> Vec<Duration> {
    timed(|row| row.peer.port() == port)
}

fn timed(is_meant: impl Fn(&Row) -> bool) -> Vec<Duration> {
    let rows = tcp_in(State::Established).into_iter();
    rows.filter(|row| is_meant(row) && row.timer == 4).map(|row| row.expires).collect()
}
