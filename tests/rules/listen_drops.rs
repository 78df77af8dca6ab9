//! A listener that drops clients, beside one whose counter rises though it drops none.

use std::time::Duration;

use crate::lab::crowd;
use crate::lab::load::Load;
use crate::lab::proc_net::{counter, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{Accepts, Server};

pub(crate) const PROOF: Proof = Proof {
    rule: "listen-drops",
    fault: "50 clients a second at a busy server with a queue of 16; with listen(1) it is a notice, and when the clients \
            have gone, the finding reports the past",
    twin: "16 clients in the same queue, and a listener with TCP_DEFER_ACCEPT, whose own counter rises with every client",
    remedy: "A loop that only accepts",
    by: Remedied::FixedProgram,
    severities: &["critical", "notice", "ok"],
    between: "1s",
    prove,
    ..Proof::PLAIN
};

/// 50 a second.
const OFTEN: Duration = Duration::from_millis(20);

fn prove(lab: &mut Lab) {
    let busy = Server { backlog: 16, accepts: Accepts::Nothing, ..Server::at(8080) };
    let deferring = Server { defers: Some(30), ..Server::at(8082) };
    let healthy = deferring.clone().start();
    let served = Load { per_second: Some(20), ..Load::to(deferring.address, usize::MAX) }.begin();
    until("deferred clients", || counter("TcpExtTCPDeferAcceptDrop").is_some_and(|deferred| deferred > 0));
    let running = busy.clone().start();
    let clients = crowd::all_at_once(busy.address, 16);
    lab.silent();
    assert_eq!(counter("TcpExtListenDrops"), Some(0));
    drop((clients, running));

    let running = busy.clone().start();
    let clients = crowd::without_end(busy.address, 1, OFTEN);
    let found = lab.fires_on("critical", running.pid());
    let dropped = found.figure("drops");
    assert!(dropped >= 20.0, "{found:?}");
    assert!(found.figure("overflows_of_all") >= dropped, "no more than the namespace dropped: {found:?}");
    // The one that defers is never accused of what the other drops.
    for _ in 0..3 {
        let seen = lab.look();
        let accused = seen.alarms().into_iter().filter_map(|finding| finding.pid()).collect::<Vec<_>>();
        assert_eq!(accused, [running.pid()], "{seen:#?}");
    }
    drop(clients);
    lab.fires_on("ok", running.pid());
    drop((served, healthy, running));

    let fixed = Server { accepts: Accepts::All, ..busy };
    let running = fixed.clone().start();
    let clients = crowd::without_end(fixed.address, 1, OFTEN);
    lab.gone();
    drop((clients, running));

    let debugger = Server { name: "gdbserver", backlog: 1, accepts: Accepts::Nothing, ..Server::at(8081) };
    let running = debugger.clone().start();
    let _clients = crowd::without_end(debugger.address, 1, OFTEN);
    let found = lab.fires_on("notice", running.pid());
    assert_eq!(found.0["confidence"], "proven", "nobody else drops: {found:?}");
}
