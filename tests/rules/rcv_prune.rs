//! A program that shrinks its receive buffer and does not read.

use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::net::{RecvFlags, SendFlags, SocketFlags, connect, recv, send, sockopt};

use crate::lab::actor::{Actor, stay};
use crate::lab::check::Finding;
use crate::lab::counts::Inet;
use crate::lab::proc_net::{counter, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::sockets;
use crate::lab::traffic::{self, loopback};

pub(crate) const PROOF: Proof = Proof {
    rule: "rcv-prune",
    fault: "A program shrinks the receive buffers of its connections, whose windows are open by then, to 2 KiB, and reads \
            nothing while 10,000 bytes come in pieces: the kernel drops them; it compacts pieces of one byte, a notice",
    twin: "The same program, and 2,000 bytes in two pieces",
    remedy: "The same program, and it reads",
    by: Remedied::FixedProgram,
    severities: &["warning", "notice"],
    between: "1s",
    prove,
    ..Proof::PLAIN
};

/// The receiver.
pub(super) fn program(port: u16, reads: bool) -> Actor {
    Actor::start("receiver", None, move |ready| {
        let listener = traffic::server(port);
        ready.now();
        let mut connections: Vec<OwnedFd> = vec![];
        loop {
            let connection = sockets::accepted(&listener).expect("a connection");
            // The least that the kernel grants; the peer may send what the first window allowed.
            sockopt::set_socket_recv_buffer_size(&connection, 1_024).expect("a small buffer");
            if reads {
                std::thread::spawn(move || {
                    let mut buffer = [0_u8; 16_384];
                    while recv(&connection, &mut buffer, RecvFlags::empty()).is_ok_and(|(length, _)| length > 0) {}
                });
            } else {
                connections.push(connection);
            }
        }
    })
}

/// The senders: four new connections a second, each with this many pieces of this many bytes.
pub(super) fn senders(port: u16, pieces: usize, bytes: usize) -> Actor {
    Actor::start("sender", None, move |ready| {
        ready.now();
        loop {
            // The receiver has shrunk its buffer by then.
            in_pieces(connected(port), Duration::from_millis(50), pieces, bytes);
            std::thread::sleep(Duration::from_millis(250));
        }
    })
}

/// `n` connections, of which four a second send ten pieces of 1,000 bytes, the first a second after all are there.
pub(super) fn in_turn(port: u16, n: usize) -> Actor {
    Actor::start("sender", None, move |ready| {
        let all: Vec<OwnedFd> = (0..n).map(|_| connected(port)).collect();
        ready.now();
        for (place, socket) in (4_u32..).zip(all) {
            in_pieces(socket, place * Duration::from_millis(250), 10, 1_000);
        }
        stay();
    })
}

fn connected(port: u16) -> OwnedFd {
    let socket = sockets::tcp(Inet::V4, SocketFlags::empty()).expect("a socket");
    sockopt::set_tcp_nodelay(&socket, true).expect("every piece a segment");
    connect(&socket, &loopback(1, port)).expect("a connection");
    socket
}

fn in_pieces(socket: OwnedFd, after: Duration, pieces: usize, bytes: usize) {
    std::thread::spawn(move || {
        std::thread::sleep(after);
        for _ in 0..pieces {
            send(&socket, &vec![b'x'; bytes], SendFlags::NOSIGNAL).expect("room");
            std::thread::sleep(Duration::from_millis(20));
        }
        stay();
    });
}

fn prove(lab: &mut Lab) {
    let running = program(8080, false);
    let load = senders(8080, 2, 1_000);
    lab.silent();
    drop((load, running));

    let running = program(8080, false);
    let load = senders(8080, 40, 1);
    until("compacted buffers", || counter("TcpExtPruneCalled").is_some_and(|called| called > 0));
    let found = lab.fires("notice");
    assert!(found.figure("prune_called") >= 1.0, "{found:?}");
    drop((load, running));

    let running = program(8080, false);
    let load = senders(8080, 10, 1_000);
    let found = lab.fires_where("warning", |found: &Finding| found.figure("prune_called") >= 1.0);
    // Each segment counts as pruned and as dropped, and is reported once.
    assert!((found.figure("pruned") - found.figure("receive_queue_drops")).abs() < 0.5, "{found:?}");
    let begin = format!("{} segment", found.figure("pruned"));
    assert!(found.0["title"].as_str().is_some_and(|title| title.starts_with(&begin)), "{found:?}");
    drop((load, running));

    let _running = program(8080, true);
    let _load = senders(8080, 10, 1_000);
    lab.gone();
}
