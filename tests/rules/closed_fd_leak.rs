//! Connections that their clients reset, and a server that keeps the descriptors.

use crate::lab::actor::Actor;
use crate::lab::load::{Ends, Load};
use crate::lab::proc_net::{counter, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{AtEnd, Server};

pub(crate) const PROOF: Proof = Proof {
    rule: "closed-fd-leak",
    fault: "25 clients reset their connections, and the server, with 400 descriptors, forgets close()",
    twin: "19 such with 64 descriptors; 45 such with 1,000",
    remedy: "close() after ECONNRESET, too",
    by: Remedied::FixedProgram,
    severities: &["warning"],
    prove,
    ..Proof::PLAIN
};

/// Resets so many connections of the server, and waits until it knows.
fn resets(server: &Server, n: usize) -> Actor {
    let before = counter("TcpEstabResets").expect("EstabResets");
    let clients = Load { ends: Ends::Aborts, ..Load::to(server.address, n) }.complete();
    // Both ends count.
    until("all are reset", || counter("TcpEstabResets").is_some_and(|now| now >= before + 2 * n as u64));
    clients
}

fn prove(lab: &mut Lab) {
    let forgetful = Server { at_end: AtEnd::Forget, ..Server::at(8080) };
    for (resets_n, descriptors) in [(19, 64), (45, 1_000)] {
        let server = Server { descriptors: Some(descriptors), ..forgetful.clone() };
        let running = server.clone().start();
        let clients = resets(&server, resets_n);
        lab.silent();
        drop((running, clients));
    }

    let faulty = Server { descriptors: Some(400), ..forgetful };
    let running = faulty.clone().start();
    let clients = resets(&faulty, 25);
    let found = lab.fires_on("warning", running.pid());
    found.has("descriptors_without_socket", 25);
    found.has("descriptor_limit", 400);
    drop((running, clients));

    let fixed = Server { at_end: AtEnd::Close, ..faulty };
    let _running = fixed.clone().start();
    let _clients = resets(&fixed, 25);
    lab.gone();
}
