//! A program that is busy, or out of descriptors, while its clients wait to be accepted.

use std::time::Duration;

use crate::lab::crowd;
use crate::lab::load::{Ends, Load};
use crate::lab::proc_net::until;
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{Accepts, Server};

pub(crate) const PROOF: Proof = Proof {
    rule: "accept-queue-full",
    fault: "A server takes one client and is busy with it for an hour: 17 of 24 fit its queue of 16; notices are \
            a queue meant for one client (listen(1)) and one whose service systemd is just starting",
    twin: "The same server with 16 clients in its queue: full, but no client was dropped",
    remedy: "The work runs outside the accept loop",
    by: Remedied::FixedProgram,
    severities: &["critical", "notice"],
    prove,
    ..Proof::PLAIN
};

pub(crate) const DESCRIPTORS: Proof = Proof {
    variant: "out of descriptors",
    fault: "A server with 20 descriptors and 60 clients that stay: accept() fails with EMFILE, 17 wait, others are dropped",
    twin: "The same server with 30 clients: the last of them wait, and all fit",
    remedy: "A limit of 1,024 descriptors",
    severities: &["critical"],
    prove: out_of_descriptors,
    ..PROOF
};

fn prove(lab: &mut Lab) {
    let busy = Server { backlog: 16, accepts: Accepts::Nothing, ..Server::at(8080) };
    let running = busy.clone().start();
    let clients = crowd::all_at_once(busy.address, 16);
    lab.silent();
    drop((clients, running));

    let busy = Server { accepts: Accepts::OneEvery(Duration::from_secs(3_600)), ..busy };
    let running = busy.clone().start();
    let clients = crowd::all_at_once(busy.address, 24);
    let found = lab.fires_on("critical", running.pid());
    assert_eq!((found.figure("accept_queue"), found.figure("accept_limit")), (17.0, 16.0), "{found:?}");
    assert!(found.figure("drops_since_start") >= 6.0, "{found:?}");
    drop((clients, running));

    let fixed = Server { accepts: Accepts::All, ..busy };
    let running = fixed.clone().start();
    let clients = crowd::all_at_once(fixed.address, 24);
    lab.gone();
    drop((clients, running));

    let debugger = Server { name: "gdbserver", backlog: 1, accepts: Accepts::Nothing, ..Server::at(8081) };
    let running = debugger.clone().start();
    let clients = crowd::all_at_once(debugger.address, 2);
    lab.fires_on("notice", running.pid());
    drop((clients, running));

    let activator = Server { name: "systemd", backlog: 16, accepts: Accepts::Nothing, ..Server::at(8082) };
    let running = activator.clone().start();
    let _clients = crowd::all_at_once(activator.address, 24);
    lab.fires_on("notice", running.pid());
}

fn out_of_descriptors(lab: &mut Lab) {
    let scarce = Server { backlog: 16, descriptors: Some(20), ..Server::at(8080) };
    let load = |connections| Load { ends: Ends::Stays, awaits_answer: false, ..Load::to(scarce.address, connections) };

    let running = scarce.clone().start();
    let clients = load(30).complete();
    lab.silent();
    drop((clients, running));

    let running = scarce.clone().start();
    let clients = load(60).begin();
    let open = || std::fs::read_dir(format!("/proc/{}/fd", running.pid())).expect("a process").count();
    until("EMFILE", || open() == 20);
    let found = lab.fires_on("critical", running.pid());
    assert_eq!((found.figure("accept_queue"), found.figure("accept_limit")), (17.0, 16.0), "{found:?}");
    let says = found.remedies().join("\n");
    assert!(says.contains("20") && says.contains("descriptors"), "EMFILE is named: {says}");
    drop((clients, running));

    let fixed = Server { descriptors: Some(1_024), ..scarce.clone() };
    let _running = fixed.start();
    let _clients = load(60).complete();
    lab.gone();
}
