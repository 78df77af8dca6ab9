//! A server that does not accept, and clients that lose patience.

use crate::lab::counts::State;
use crate::lab::load::{Ends, Load};
use crate::lab::proc_net::{tcp_in, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{Accepts, Server};

pub(crate) const PROOF: Proof = Proof {
    rule: "close-wait-unaccepted",
    fault: "A server accepts no client, and 10 clients close in its queue",
    twin: "The same server, and 10 clients that go on waiting",
    remedy: "A server that accepts",
    by: Remedied::FixedProgram,
    severities: &["warning"],
    prove,
    ..Proof::PLAIN
};

fn prove(lab: &mut Lab) {
    let stalled = Server { accepts: Accepts::Nothing, backlog: 64, ..Server::at(8080) };
    let impatient = Load { awaits_answer: false, ..Load::to(stalled.address, 10) };
    let running = stalled.clone().start();
    let patient = Load { ends: Ends::Stays, ..impatient.clone() }.complete();
    assert_eq!(tcp_in(State::Established).iter().filter(|row| row.inode == 0).count(), 10, "ten wait");
    lab.silent();
    drop((running, patient));

    let running = stalled.clone().start();
    let clients = impatient.clone().complete();
    until("ten gave up", || tcp_in(State::CloseWait).iter().filter(|row| row.inode == 0).count() == 10);
    let found = lab.fires_where("warning", |found| (found.figure("sockets") - 10.0).abs() < 0.5);
    assert_eq!(found.program(), Some(running.pid()), "{found:?}");
    found.has("accept_queue", 10);
    found.has("accept_limit", 64);
    drop((running, clients));

    let fixed = Server { accepts: Accepts::All, ..stalled };
    let _running = fixed.start();
    let _clients = impatient.complete();
    lab.gone();
}
