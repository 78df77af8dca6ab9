//! A queue that is nearly full, and stays so.

use crate::lab::crowd;
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{Accepts, Server};

pub(crate) const PROOF: Proof = Proof {
    rule: "accept-queue-high",
    fault: "A server is busy outside its accept loop: 12 clients in its queue of 16 in both samples; 8 are a notice",
    twin: "7 clients in the same queue",
    remedy: "A loop that only accepts",
    by: Remedied::FixedProgram,
    severities: &["warning", "notice"],
    between: "500ms",
    prove,
    ..Proof::PLAIN
};

fn prove(lab: &mut Lab) {
    let busy = Server { backlog: 16, accepts: Accepts::Nothing, ..Server::at(8080) };
    let running = busy.clone().start();
    let mut clients = crowd::all_at_once(busy.address, 7);
    lab.silent();

    clients.extend(crowd::all_at_once(busy.address, 1));
    let found = lab.fires_on("notice", running.pid());
    assert!((found.figure("share") - 0.5).abs() < 0.001, "{found:?}");
    clients.extend(crowd::all_at_once(busy.address, 4));
    let found = lab.fires_on("warning", running.pid());
    assert_eq!((found.figure("accept_queue"), found.figure("accept_limit")), (12.0, 16.0), "{found:?}");
    drop((clients, running));

    let fixed = Server { accepts: Accepts::All, ..busy };
    let _running = fixed.clone().start();
    let _clients = crowd::all_at_once(fixed.address, 12);
    lab.gone();
}
