//! Handshakes that do not finish: answers that are lost, a queue without room, a flood, and clients that may wait.

use std::os::fd::OwnedFd;

use rustix::net::{SocketFlags, connect};

use crate::lab::check::Finding;
use crate::lab::counts::{Inet, State};
use crate::lab::crowd;
use crate::lab::half_open;
use crate::lab::load::{Ends, Load};
use crate::lab::namespace::set_sysctl;
use crate::lab::proc_net::{Row, tcp_in, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{Accepts, Server};
use crate::lab::sockets;

pub(crate) const PROOF: Proof = Proof {
    rule: "syn-recv-pileup",
    fault: "Clients that do not receive the answers to their SYN: 16 at a backlog of 16, or 10 at one of 20; and, reported as \
            harmless, 12 at a listener with TCP_DEFER_ACCEPT that send nothing",
    twin: "9 such clients, of whom most had their answer sent again; and 10 at a backlog of 21",
    remedy: "The answers reach the clients again",
    by: Remedied::World,
    severities: &["critical", "warning", "ok"],
    prove,
    ..Proof::PLAIN
};

pub(crate) const NO_ROOM: Proof = Proof {
    variant: "no room in the accept queue",
    fault: "12 clients whose last ACK finds the accept queue of a busy server full",
    twin: "9 such clients",
    remedy: "A loop that only accepts",
    by: Remedied::FixedProgram,
    severities: &["warning"],
    prove: no_room,
    ..PROOF
};

pub(crate) const FLOOD: Proof = Proof {
    variant: "old ones",
    fault: "20 clients with 20 addresses that never finish, at a backlog of 200: their answer was sent again three times",
    twin: "19 such clients",
    remedy: "sysctl -w net.ipv4.tcp_synack_retries=…: the kernel gives them up after 15 s, not 63",
    by: Remedied::Executed,
    severities: &["warning"],
    is_slow: true,
    prove: old_ones,
    ..PROOF
};

/// Clients that send a SYN and do not hear the answer.
fn deaf(server: &Server, n: usize) -> Vec<OwnedFd> {
    let one = || -> std::io::Result<OwnedFd> {
        let client = sockets::tcp(Inet::V4, SocketFlags::NONBLOCK)?;
        sockets::blind(&client)?;
        match connect(&client, &server.address) {
            Ok(()) | Err(rustix::io::Errno::INPROGRESS) => Ok(client),
            Err(error) => Err(error.into()),
        }
    };
    (0..n).map(|_| one().expect("a SYN sent")).collect()
}

/// Waits until this many handshakes had their answer sent again this often.
fn until_resent(n: usize, times: u32) {
    let resent = || tcp_in(State::SynRecv).iter().filter(|row| row.retransmits >= times).count();
    until("answers sent again", || resent() >= n);
}

fn prove(lab: &mut Lab) {
    let [twenty, twenty_one] = [(8080, 20), (8081, 21)].map(|(port, backlog)| Server { backlog, ..Server::at(port) });
    let running = [twenty.clone().start(), twenty_one.clone().start()];
    let clients = [deaf(&twenty, 9), deaf(&twenty_one, 10)];
    until_resent(19, 1);
    lab.silent();
    drop((clients, running));
    until("the handshakes end with their listener", || tcp_in(State::SynRecv).is_empty());

    let running = twenty.clone().start();
    let clients = deaf(&twenty, 10);
    let found = lab.fires_on("warning", running.pid());
    assert!((found.figure("half_open") - 10.0).abs() < 0.5 && found.figure("sent_again") >= 1.0, "{found:?}");
    assert!((found.figure("remotes") - 1.0).abs() < 0.5, "{found:?}");
    assert_eq!(found.command("ip route get "), "ip route get 127.0.0.1", "few clients: the way back");
    // Their own next SYN gets another answer, and now they hear it.
    for client in &clients {
        sockets::see(client).expect("the filter taken off");
    }
    lab.gone();
    drop((clients, running));

    let sixteen = Server { backlog: 16, ..Server::at(8082) };
    let running = sixteen.clone().start();
    let clients = deaf(&sixteen, 16);
    let found = lab.fires_on("critical", running.pid());
    assert!((found.figure("half_open") - 16.0).abs() < 0.5, "{found:?}");
    drop((clients, running));

    let deferring = Server { backlog: 64, defers: Some(30), ..Server::at(8083) };
    let running = deferring.clone().start();
    let quiet = Load { request: 0, ends: Ends::Stays, ..Load::to(deferring.address, 12) }.complete();
    lab.fires_on("ok", running.pid());
    drop((quiet, running));
}

/// Clients whose SYN is answered before the queue is full, and whose last ACK comes after.
pub(super) fn late(server: &Server, n: usize) -> [Vec<OwnedFd>; 2] {
    // By default the kernel gives them up after 63 s, in which a busy machine may not look often enough.
    set_sysctl("net.ipv4.tcp_synack_retries", "8").expect("a setting of this namespace");
    let late = deaf(server, n);
    until("their SYNs are there", || tcp_in(State::SynRecv).len() == n);
    let room = usize::try_from(server.backlog).expect("a backlog") + 1;
    let early = crowd::all_at_once(server.address, room);
    // Otherwise some of the late ones would be in time.
    let is_early = |row: &&Row| row.peer == server.address;
    until("the early ones are connected", || tcp_in(State::Established).iter().filter(is_early).count() == room);
    for client in &late {
        sockets::see(client).expect("the filter taken off");
    }
    [late, early]
}

fn no_room(lab: &mut Lab) {
    let busy = Server { backlog: 16, accepts: Accepts::Nothing, ..Server::at(8080) };
    let running = busy.clone().start();
    let clients = late(&busy, 9);
    until_resent(9, 1);
    lab.silent();
    drop((clients, running));
    until("the handshakes end with their listener", || tcp_in(State::SynRecv).is_empty());

    let running = busy.clone().start();
    let clients = late(&busy, 12);
    let pid = running.pid();
    let is_proven = |found: &Finding| found.pid() == Some(pid) && found.0["confidence"] == "proven";
    let found = lab.fires_where("warning", is_proven);
    assert_eq!((found.figure("accept_queue"), found.figure("accept_limit")), (17.0, 16.0), "{found:?}");
    assert!(found.0["why"].as_str().is_some_and(|why| why.contains("accept")), "{found:?}");
    drop((clients, running));

    let fixed = Server { accepts: Accepts::All, ..busy };
    let _running = fixed.clone().start();
    let _clients = late(&fixed, 12);
    lab.gone();
}

fn old_ones(lab: &mut Lab) {
    let server = Server { backlog: 200, ..Server::at(8080) };
    let running = server.clone().start();
    let few = half_open::at_listener(8080, 0, 19).expect("SYNs sent");
    until_resent(19, 3);
    lab.silent();
    drop((few, running));
    until("the handshakes end with their listener", || tcp_in(State::SynRecv).is_empty());

    let running = server.clone().start();
    let _clients = half_open::at_listener(8080, 100, 20).expect("SYNs sent");
    let found = lab.fires_on("warning", running.pid());
    assert!(found.figure("most_retrans") >= 3.0, "{found:?}");
    assert!((found.figure("remotes") - 20.0).abs() < 0.5, "{found:?}");
    let fired = std::time::Instant::now();
    lab.runs(&found, "sysctl -w net.ipv4.tcp_synack_retries=");
    lab.gone();
    let took = fired.elapsed().as_secs();
    assert!(took < 40, "as the setting has it, and not after 63 s: {took} s");
}
