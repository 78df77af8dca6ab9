//! A program that does not read what it is sent.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

use crate::lab::actor::{Actor, stay};
use crate::lab::counts::State;
use crate::lab::proc_net::{tcp_in, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::sender::{Sender, Sends};
use crate::lab::server::{Answers, Reads, Server};
use crate::lab::traffic::loopback;

pub(crate) const PROOF: Proof = Proof {
    rule: "slow-reader",
    fault: "A server accepts 5 connections and reads nothing of what clients send as fast as they can; \
            behind a relay the server is named, not the relay",
    twin: "The same server under the same load reads 50 kB/s of each; and 100 unread bytes that leave room for more",
    remedy: "The server reads",
    by: Remedied::FixedProgram,
    severities: &["warning"],
    set: &["time=1s"],
    between: "1500ms",
    prove,
    ..Proof::PLAIN
};

pub(crate) const OUTPUT: Proof = Proof {
    variant: "output",
    fault: "A client passes what it receives on to a pipe that nobody reads: it waits, as it should",
    twin: "The same client, whose pipe is read",
    remedy: "A program that reads the pipe",
    by: Remedied::World,
    severities: &["notice"],
    prove: output,
    ..PROOF
};

pub(crate) const AT_DEFAULTS: Proof =
    Proof { variant: "at the default time", set: &[], between: "11s", is_slow: true, ..PROOF };

/// The unread bytes of each connection.
fn unread(server: &Server) -> Vec<u32> {
    let rows = tcp_in(State::Established).into_iter();
    rows.filter(|row| row.local == server.address && row.rx > 0).map(|row| row.rx).collect()
}

fn prove(lab: &mut Lab) {
    let deaf = Server { name: "orders", reads: Reads::Nothing, answers: Answers::Nothing, ..Server::at(8080) };

    let roomy = (deaf.clone().start(), Sender { sends: Sends::Once(100), ..Sender::to(deaf.address, 5) }.start());
    until("unread data", || unread(&deaf).len() == 5);
    lab.silent();
    drop(roomy);

    let slow = Server { reads: Reads::Slowly(1_000), ..deaf.clone() };
    let running = (slow.clone().start(), Sender::to(slow.address, 5).start());
    until("unread data", || unread(&slow).iter().filter(|bytes| **bytes > 10_000).count() == 5);
    lab.silent();
    assert_eq!(unread(&slow).len(), 5, "a twin that has read all shows nothing");
    drop(running);

    let running = deaf.clone().start();
    let clients = Sender::to(deaf.address, 5).start();
    let found = lab.fires_on_all("warning", running.pid(), ("sockets", 5));
    let bytes: u32 = unread(&deaf).iter().sum();
    assert!((found.figure("window_closed") - 5.0).abs() < 0.5, "{found:?}");
    assert!((found.figure("unread_bytes") - f64::from(bytes)).abs() < 0.5, "{found:?}, {bytes}");
    drop((running, clients));

    // Behind a relay, which is full and waits itself: the one that does not read is named, and no other.
    let running = deaf.clone().start();
    let relay = relay(loopback(1, 8081), deaf.address);
    let clients = Sender::to(loopback(1, 8081), 1).start();
    lab.fires_on("warning", running.pid());
    until("the relay is full", || tcp_in(State::Established).iter().filter(|row| row.timer == 4).count() == 2);
    let found = lab.look();
    let named: Vec<Option<u32>> = found.of("slow-reader").iter().map(|found| found.pid()).collect();
    assert_eq!(named, [Some(running.pid())], "the relay is {}: {:#}", relay.pid(), found.document["findings"]);
    drop((running, relay, clients));

    let reads = Server { reads: Reads::All, ..deaf };
    let _running = reads.clone().start();
    let _clients = Sender::to(reads.address, 5).start();
    lab.gone();
}

/// Writes what it receives to a pipe, at the other end of which a program reads, or does not.
fn client(to: SocketAddr, reads: bool) -> Actor {
    Actor::start("fetch", None, move |ready| {
        let mut from = TcpStream::connect(to).expect("the server");
        let (mut taken, mut pipe) = std::io::pipe().expect("a pipe");
        std::thread::spawn(move || {
            if reads {
                let _ = std::io::copy(&mut taken, &mut std::io::sink());
            }
            let _open = taken;
            stay();
        });
        ready.now();
        // Other than splice(), which io::copy() would use.
        let mut buffer = [0; 8_192];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            pipe.write_all(&buffer[..length]).expect("the pipe is open");
        }
        stay();
    })
}

fn output(lab: &mut Lab) {
    let server = Server { name: "files", answers: Answers::Flood, ..Server::at(8080) };
    let _running = server.clone().start();

    let well = client(server.address, true);
    lab.silent();
    drop(well);

    let stuck = client(server.address, false);
    let found = lab.fires_on("notice", stuck.pid());
    found.says("passes on what it receives");
    assert!(found.0["proof"].to_string().contains("pipe:["), "{found:?}");
    drop(stuck);

    let _fixed = client(server.address, true);
    lab.gone();
}

/// Passes one connection on, as fast as the far end takes it.
fn relay(at: SocketAddr, to: SocketAddr) -> Actor {
    Actor::start("relay", None, move |ready| {
        let listener = TcpListener::bind(at).expect("a listener");
        ready.now();
        let (mut near, _) = listener.accept().expect("a connection");
        let mut far = TcpStream::connect(to).expect("the server");
        let _ = std::io::copy(&mut near, &mut far);
        stay();
    })
}
