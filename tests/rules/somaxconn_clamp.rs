//! A listener whose queue the system makes shorter than the program asked for.

use std::os::fd::OwnedFd;

use crate::lab::namespace::set_sysctl;
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{Accepts, Server};
use crate::lab::traffic;

pub(crate) const PROOF: Proof = Proof {
    rule: "somaxconn-clamp",
    fault: "listen(511) with net.core.somaxconn 16, and 24 clients while the program is busy: 17 fit",
    twin: "The same listener with 16 clients: its queue is at the limit and drops no client",
    remedy: "sysctl -w net.core.somaxconn=…, and the program is restarted",
    by: Remedied::Executed,
    severities: &["notice"],
    prove,
    ..Proof::PLAIN
};

/// Clients that come all at once.
fn crowd(server: &Server, n: usize) -> Vec<OwnedFd> {
    (0..n).map(|_| traffic::knock(server.address).expect("a SYN sent")).collect()
}

fn prove(lab: &mut Lab) {
    set_sysctl("net.core.somaxconn", "16").expect("a setting of this namespace");
    // Busy for as long as it takes to look.
    let server = Server { backlog: 511, accepts: Accepts::Nothing, ..Server::at(8080) };

    let running = server.clone().start();
    let clients = crowd(&server, 16);
    lab.silent();
    drop((running, clients));

    let running = server.clone().start();
    let clients = crowd(&server, 24);
    let found = lab.fires("notice");
    lab.runs(&found, "sysctl -w net.core.somaxconn=");
    // The clients first, or those in SYN_SENT would try again at the new listener.
    drop(clients);
    drop(running);
    let _running = server.clone().start();
    let _clients = crowd(&server, 24);
    lab.gone();
}
