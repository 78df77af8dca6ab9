//! Three processes at one port (SO_REUSEPORT), one of which does not accept.

use std::os::fd::OwnedFd;

use crate::lab::actor::Actor;
use crate::lab::check::Finding;
use crate::lab::counts::State;
use crate::lab::crowd;
use crate::lab::proc_net::{counter, tcp_in, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{Accepts, Server};

pub(crate) const PROOF: Proof = Proof {
    rule: "reuseport-imbalance",
    fault: "One of three servers at a port is stuck: 4 clients wait for it, none for the others",
    twin: "3 clients wait for it; and all three are stuck, before 60 clients",
    remedy: "A loop that accepts in all three",
    by: Remedied::FixedProgram,
    severities: &["warning"],
    between: "500ms",
    prove,
    ..Proof::PLAIN
};

pub(crate) const MIGRATED: Proof = Proof {
    variant: "the stuck one is restarted",
    twin: "3 clients wait for it",
    remedy: "sysctl -w net.ipv4.tcp_migrate_req=1, and the stuck one is stopped: the others take over all that waited",
    by: Remedied::Executed,
    prove: restarted,
    ..PROOF
};

fn worker(accepts: Accepts) -> Server {
    Server { name: "worker", backlog: 64, shares_port: true, accepts, ..Server::at(8080) }
}

/// One that is stuck, and two that are not.
fn one_is_stuck() -> (Actor, [Actor; 2]) {
    let stuck = worker(Accepts::Nothing).start();
    (stuck, [(); 2].map(|()| worker(Accepts::All).start()))
}

/// Adds clients, one at a time, until this many wait for one of the listeners.
fn clients(there: &mut Vec<OwnedFd>, waiting: u32) {
    until("clients who wait for one", || {
        let queues: Vec<u32> = tcp_in(State::Listen).iter().map(|row| row.rx).filter(|&queue| queue > 0).collect();
        if queues == [waiting] {
            return true;
        }
        // Whoever is not stuck takes his clients at once.
        if queues.len() < 2 {
            there.extend(crowd::all_at_once(worker(Accepts::All).address, 1));
            // In this order: read before it, the server's end is not yet there, and the client's is open after it.
            until("the handshake", || tcp_in(State::SynSent).is_empty() && tcp_in(State::SynRecv).is_empty());
        }
        false
    });
}

/// It fires at 4, of the right one, and not at 3.
fn fires(lab: &mut Lab, stuck: &Actor, there: &mut Vec<OwnedFd>) -> Finding {
    clients(there, 3);
    lab.silent();
    clients(there, 4);
    let found = lab.fires_on("warning", stuck.pid());
    let holders = found.0["evidence"].as_array().into_iter().flatten().find(|figure| figure["name"] == "holders");
    assert_eq!(holders.map(|holders| &holders["value"]), Some(&stuck.pid().to_string().into()), "{found:?}");
    found
}

fn prove(lab: &mut Lab) {
    let (stuck, others) = one_is_stuck();
    let mut there = vec![];
    fires(lab, &stuck, &mut there);
    let as_many = there.len();
    drop((there, stuck, others));

    let servers = [(); 3].map(|()| worker(Accepts::All).start());
    let again = crowd::all_at_once(worker(Accepts::All).address, as_many);
    lab.gone();
    drop((again, servers));

    // Where all are stuck, none of them is the one.
    let _servers = [(); 3].map(|()| worker(Accepts::Nothing).start());
    let _clients = crowd::all_at_once(worker(Accepts::All).address, 60);
    lab.silent();
}

fn restarted(lab: &mut Lab) {
    let (stuck, others) = one_is_stuck();
    let mut there = vec![];
    let found = fires(lab, &stuck, &mut there);
    lab.runs(&found, "sysctl -w net.ipv4.tcp_migrate_req=");
    drop(stuck);
    lab.gone();
    assert_eq!(counter("TcpExtTCPMigrateReqSuccess"), Some(4), "the others took them over");
    assert_eq!(tcp_in(State::Established).len(), 2 * there.len(), "nobody was reset");
    drop(others);
}
