//! A program that is busy, or out of descriptors, while its clients wait to be accepted.

use std::net::TcpListener;
use std::time::Duration;

use crate::lab::actor::stay;
use crate::lab::check::Finding;
use crate::lab::counts::State;
use crate::lab::crowd;
use crate::lab::inherited::Family;
use crate::lab::load::{Ends, Load};
use crate::lab::proc_net::{tcp_in, until};
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

pub(crate) const INHERITED: Proof = Proof {
    variant: "inherited by another program",
    fault: "A job inherited the listener of a server that started later, and 24 clients come. The server has one client; \
            then it has none and the job is a sleep; then nothing shows which of them serves",
    twin: "The same programs with 16 clients in the queue",
    remedy: "The server accepts",
    severities: &["critical"],
    prove: inherited,
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

/// Whether the evidence names both programs.
fn names_both(found: &Finding, family: &Family, job: &str) -> bool {
    let evidence = found.0["evidence"].as_array().expect("a list of evidence");
    let holders = evidence.iter().find(|one| one["name"] == "holders").expect("all holders");
    let all = holders["value"].as_str().expect("their names");
    all.contains(&format!("{job} ({})", family.job)) && all.contains(&format!("orders ({})", family.server))
}

fn inherited(lab: &mut Lab) {
    let at = Server::at(8080).address;
    let takes_one = |listener: &TcpListener| {
        let _client = listener.accept().expect("a client");
        stay();
    };
    let is_accepted = || tcp_in(State::Established).iter().any(|row| row.local == at && row.inode != 0);
    let family = Family::start(at, 16, "report", takes_one);
    let first = Load { awaits_answer: false, ends: Ends::Stays, ..Load::to(at, 1) }.complete();
    until("the first client is accepted", is_accepted);
    let clients = crowd::all_at_once(at, 16);
    lab.silent();
    let more = crowd::all_at_once(at, 8);
    let found = lab.fires_on("critical", family.server);
    assert!(names_both(&found, &family, "report"), "{found:?}");
    drop((more, clients, first, family));
    until("the family has ended", || tcp_in(State::Listen).is_empty());

    let family = Family::start(at, 16, "sleep", |_| {});
    let clients = crowd::all_at_once(at, 24);
    let found = lab.fires_on("critical", family.server);
    assert!(names_both(&found, &family, "sleep"), "{found:?}");
    drop((clients, family));
    until("the family has ended", || tcp_in(State::Listen).is_empty());

    let family = Family::start(at, 16, "report", |_| {});
    let clients = crowd::all_at_once(at, 24);
    let found = lab.fires("critical");
    assert!(names_both(&found, &family, "report"), "{found:?}");
    let proof = found.0["proof"].to_string();
    assert!(proof.contains("several programs") && found.0["confidence"] == "likely", "{found:?}");
    drop((clients, family));
    until("the family has ended", || tcp_in(State::Listen).is_empty());

    let _family = Family::start(at, 16, "report", |listener| {
        let _all: Vec<_> = listener.incoming().collect();
    });
    let _clients = crowd::all_at_once(at, 16);
    lab.gone();
}
