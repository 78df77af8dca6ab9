//! A listener whose queue is as short as the program made it.

use std::time::Duration;

use crate::lab::check::Finding;
use crate::lab::crowd;
use crate::lab::namespace::set_sysctl;
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{Accepts, Reads, Server};

pub(crate) const PROOF: Proof = Proof {
    rule: "backlog-small",
    fault: "listen(5), as Python's socketserver does, and 20 clients while the program is busy: 6 fit",
    twin: "5 clients, all of whom fit; and listen(5) with 20 clients where net.core.somaxconn is 5 as well",
    remedy: "listen() with the number that is proposed",
    by: Remedied::FixedProgram,
    severities: &["notice"],
    prove,
    ..Proof::PLAIN
};

pub(crate) const BURSTS: Proof = Proof {
    variant: "in bursts",
    fault: "listen(5), a program that accepts all 20 ms, and 20 clients at once four times a second: 6 fit each time",
    twin: "5 clients at once",
    between: "1s",
    prove: in_bursts,
    ..PROOF
};

fn proposed(found: &Finding) -> i32 {
    let remedies = found.0["remedies"].as_array().expect("remedies");
    let proposed = remedies.iter().find_map(|remedy| remedy["proposed"].as_str()).expect("a number");
    proposed.parse().expect("a number")
}

fn prove(lab: &mut Lab) {
    let short = Server { backlog: 5, accepts: Accepts::Nothing, ..Server::at(8080) };
    let running = short.clone().start();
    let clients = crowd::all_at_once(short.address, 5);
    lab.silent();
    drop((clients, running));

    let running = short.clone().start();
    let clients = crowd::all_at_once(short.address, 20);
    let found = lab.fires_on("notice", running.pid());
    assert_eq!((found.figure("accept_queue"), found.figure("accept_limit")), (6.0, 5.0), "{found:?}");
    drop((clients, running));

    let fixed = Server { backlog: proposed(&found), ..short.clone() };
    let running = fixed.clone().start();
    let clients = crowd::all_at_once(fixed.address, 20);
    lab.gone();
    drop((clients, running));

    set_sysctl("net.core.somaxconn", "5").expect("a setting of this namespace");
    let _running = short.clone().start();
    let _clients = crowd::all_at_once(short.address, 20);
    lab.silent();
}

fn in_bursts(lab: &mut Lab) {
    const PAUSE: Duration = Duration::from_millis(250);
    // Whoever reads at a pace looks at his queue at that pace.
    let short = Server { backlog: 5, reads: Reads::Slowly(4_096), ..Server::at(8080) };
    let running = short.clone().start();
    let clients = crowd::without_end(short.address, 5, PAUSE);
    lab.silent();
    drop(clients);

    let clients = crowd::without_end(short.address, 20, PAUSE);
    let pid = running.pid();
    let is_seen_by_drops = |found: &Finding| found.pid() == Some(pid) && found.figure("accept_queue") < 6.0;
    let found = lab.fires_where("notice", is_seen_by_drops);
    drop((clients, running));

    let fixed = Server { backlog: proposed(&found), ..short };
    let _running = fixed.clone().start();
    let _clients = crowd::without_end(fixed.address, 20, PAUSE);
    lab.gone();
}
