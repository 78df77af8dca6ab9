//! Long queues as `netstat` shows them, pasted: without ages and limits.

use std::net::{TcpStream, UdpSocket};
use std::time::Duration;

use rustix::net::sockopt;

use crate::lab::makers::{self, Held};
use crate::lab::proc_net::{tcp, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::sender::Sender;
use crate::lab::server::{Answers, Reads, Server};
use crate::lab::sockets::{self, Family};

pub(crate) const PROOF: Proof = Proof {
    rule: "queues-many",
    fault: "A client reads none of 10 connections whose server sends as much as the kernel takes; a server accepts none of \
            50; a UDP server reads none of 120 datagrams; only the text of netstat is read",
    twin: "9 such connections; 49 that wait; 60 datagrams",
    remedy: "The connections end; the datagrams are read",
    by: Remedied::World,
    severities: &["warning"],
    pasted: &["netstat", "-tuan"],
    prove,
    ..Proof::PLAIN
};

pub(crate) const WINDOW: Proof = Proof {
    variant: "closed window",
    fault: "A program sends to a server that does not read; only the text of netstat is read, with timers",
    twin: "A server sends to a client that does not read",
    remedy: "The server ends",
    set: &["window=3"],
    pasted: &["netstat", "-tano"],
    prove: window,
    ..PROOF
};

/// Connections whose servers have sent until the kernel takes no more.
fn unread(n: usize) -> Held {
    let held = makers::established(Family::V4, n);
    for server in &held.sockets {
        sockets::fill(server).expect("a full send buffer");
    }
    held
}

fn prove(lab: &mut Lab) {
    let fewer = unread(9);
    lab.silent();
    drop(fewer);
    let many = unread(10);
    let found = lab.fires("warning");
    assert!((found.figure("sockets") - 10.0).abs() < 0.5, "{found:?}");
    drop(many);
    lab.gone();

    let fewer = makers::not_accepted(Family::V4, 49);
    lab.silent();
    drop(fewer);
    let many = makers::not_accepted(Family::V4, 50);
    let found = lab.fires("warning");
    assert!((found.figure("accept_queue") - 50.0).abs() < 0.5, "{found:?}");
    drop(many);
    lab.gone();

    // Twice this is the buffer that a program gets unless it or the host sets another. Each datagram of 600 bytes takes
    // 1,280 of it.
    let server = UdpSocket::bind("127.0.0.1:0").expect("a UDP server");
    sockopt::set_socket_recv_buffer_size(&server, 106_496).expect("a receive buffer");
    let client = UdpSocket::bind("127.0.0.1:0").expect("a UDP client");
    let address = server.local_addr().expect("its address");
    let send = |count: usize| {
        for _ in 0..count {
            client.send_to(&[0; 600], address).expect("a datagram");
        }
    };
    send(60);
    lab.silent();
    send(60);
    let found = lab.fires("warning");
    assert!(found.figure("recv_queue_bytes") >= 106_496.0, "{found:?}");
    for _ in 0..120 {
        server.recv(&mut [0; 600]).expect("a datagram");
    }
    lab.gone();
}

/// Whether a connection's persist timer still runs for as long as the proof asks.
fn is_closed_for_long() -> bool {
    tcp().iter().any(|row| row.timer == 4 && row.expires >= Duration::from_secs(3))
}

fn window(lab: &mut Lab) {
    let floods = Server { answers: Answers::Flood, ..Server::at(8080) };
    let running = floods.clone().start();
    let client = TcpStream::connect(floods.address).expect("a connection");
    until("a closed window", is_closed_for_long);
    lab.silent();
    drop((client, running));

    let deaf = Server { reads: Reads::Nothing, answers: Answers::Nothing, ..Server::at(8081) };
    let running = deaf.clone().start();
    let _sender = Sender::to(deaf.address, 1).start();
    let found = lab.fires_where("warning", |found| found.0["subject"]["port"] == deaf.address.port());
    assert!(found.figure("send_queue_bytes") > 0.0, "{found:?}");
    drop(running);
    lab.gone();
}
