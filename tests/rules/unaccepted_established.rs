//! A program that does not call accept(), though its queue has room.

use std::os::fd::OwnedFd;
use std::time::Duration;

use crate::lab::actor::{Actor, stay};
use crate::lab::counts::State;
use crate::lab::load::{Ends, Load};
use crate::lab::proc_net::{tcp_in, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{Accepts, Server};
use crate::lab::traffic;

use super::fd_near_limit;

pub(crate) const PROOF: Proof = Proof {
    rule: "unaccepted-established",
    fault: "A server accepts no client, and 10 clients wait in its queue of 64",
    twin: "A server that accepts one client every 100 ms, and 6 that come at once",
    remedy: "A server that accepts",
    by: Remedied::FixedProgram,
    severities: &["warning"],
    prove,
    ..Proof::PLAIN
};

pub(crate) const FOR_A_WHILE: Proof = Proof {
    variant: "in two looks",
    fault: "A server accepts one client in 5 s, and 10 wait",
    twin: "The same server, and 10 clients that come between the two samples",
    set: &["age=0.1s"],
    between: "3s",
    prove: prove_for_a_while,
    ..PROOF
};

pub(crate) const FILES: Proof = Proof {
    variant: "descriptors used up by files",
    fault: "A server with 100 descriptors has opened as many files, and 5 clients wait",
    twin: "The same server with 85 files",
    remedy: "The same server that closes its files",
    prove: prove_files,
    ..PROOF
};

fn waiting() -> usize {
    tcp_in(State::Established).iter().filter(|row| row.inode == 0).count()
}

fn prove(lab: &mut Lab) {
    let stalled = Server { accepts: Accepts::Nothing, backlog: 64, ..Server::at(8080) };
    let load = Load { awaits_answer: false, ends: Ends::Stays, ..Load::to(stalled.address, 10) };
    let running = stalled.clone().start();
    let clients = load.clone().complete();
    let found = lab.fires_where("warning", |found| found.program() == Some(running.pid()) && found.counts(10));
    found.has("accept_queue", 10);
    found.has("accept_limit", 64);
    found.lasts("oldest", 1);
    drop((running, clients));

    let fixed = Server { accepts: Accepts::All, ..stalled.clone() };
    let running = fixed.start();
    let clients = load.complete();
    // Longer than the fault took to be one.
    std::thread::sleep(Duration::from_millis(1_100));
    lab.gone();
    drop((running, clients));

    let slow = Server { accepts: Accepts::OneEvery(Duration::from_millis(100)), ..stalled };
    let _running = slow.clone().start();
    let clients: Vec<OwnedFd> = (0..6).map(|_| traffic::knock(slow.address).expect("a SYN sent")).collect();
    until("some wait", || waiting() > 0);
    lab.silent();
    drop(clients);
}

fn prove_files(lab: &mut Lab) {
    let at = traffic::loopback(1, 8080);
    let load = Load { awaits_answer: false, ends: Ends::Stays, ..Load::to(at, 5) };
    for (files, is_twin) in [(85, true), (100, false), (0, true)] {
        let running = fd_near_limit::full_of_files(at, files);
        let clients = load.clone().complete();
        if is_twin {
            until("all are accepted", || waiting() == 0);
        } else {
            let found = lab.fires_on("warning", running.pid());
            found.says("only 3 of them sockets");
            assert!(!found.remedies().iter().any(|fix| fix.contains("maxconn")), "{found:?}");
        }
        match files {
            85 => lab.silent(),
            0 => lab.gone(),
            _ => {}
        }
        drop((running, clients));
    }
}

fn prove_for_a_while(lab: &mut Lab) {
    let slow = Server { accepts: Accepts::OneEvery(Duration::from_secs(5)), backlog: 64, ..Server::at(8080) };
    let address = slow.address;
    let running = slow.clone().start();
    // They come in the middle of the two looks.
    let clients = Actor::start("client", None, move |ready| {
        ready.now();
        std::thread::sleep(Duration::from_millis(1_500));
        let _clients: Vec<OwnedFd> = (0..10).filter_map(|_| traffic::knock(address).ok()).collect();
        stay();
    });
    assert_eq!(waiting(), 0);
    lab.silent();
    assert!(waiting() > 0, "a twin whose queue is empty shows nothing");
    let found = lab.fires("warning");
    assert_eq!(found.program(), Some(running.pid()), "{found:?}");
    drop((running, clients));

    let fixed = Server { accepts: Accepts::All, ..slow };
    let _running = fixed.start();
    let _clients = Load { awaits_answer: false, ends: Ends::Stays, ..Load::to(address, 10) }.complete();
    lab.gone();
}
