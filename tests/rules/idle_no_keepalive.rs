//! Unused connections that would not notice a vanished peer.

use std::time::Duration;

use crate::lab::actor::Actor;
use crate::lab::counts::State;
use crate::lab::load::{Ends, Load};
use crate::lab::path::Far;
use crate::lab::proc_net::{tcp_in, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::Server;

pub(crate) const PROOF: Proof = Proof {
    rule: "idle-no-keepalive",
    fault: "100 idle connections to another host without keepalive; then 7 of a program with 70 descriptors",
    twin: "99 such connections, and 6 of a program with 70 descriptors",
    remedy: "The program sets SO_KEEPALIVE",
    by: Remedied::FixedProgram,
    severities: &["notice"],
    set: &["idle=1s"],
    prove,
    ..Proof::PLAIN
};

/// Connections that are used once and then kept, on this host for this program.
fn pool(name: &'static str, n: usize, descriptors: u64, keepalive: Option<Duration>) -> Actor {
    let load = Load { name, ends: Ends::Stays, keepalive, ..Load::to(Far::at(8080), n) };
    Load { descriptors: Some(descriptors), ..load }.complete()
}

fn prove(lab: &mut Lab) {
    let far = Far::connect();
    let server = Server { address: Far::at(8080), ..Server::at(8080) };
    let _server = far.start("far-server", move |ready| server.run(ready));
    // Idle for as long as the fault takes to be one.
    let grow_old = || std::thread::sleep(Duration::from_millis(1_300));

    let (pools, few) = (pool("pool", 99, 1_024, None), pool("cron", 6, 70, None));
    grow_old();
    lab.silent();
    assert_eq!(tcp_in(State::Established).len(), 105);
    drop((pools, few));

    let many = pool("pool", 100, 1_024, None);
    let found = lab.fires_on("notice", many.pid());
    assert!((found.figure("sockets") - 100.0).abs() < 0.5, "{found:?}");
    assert!(found.figure("idle_at_least") >= 1_000.0, "{found:?}");
    drop(many);

    let scarce = pool("cron", 7, 70, None);
    let found = lab.fires_on("notice", scarce.pid());
    assert!((found.figure("descriptor_limit") - 70.0).abs() < 0.5, "{found:?}");
    drop(scarce);

    let hour = Some(Duration::from_secs(3_600));
    let _fixed = (pool("pool", 100, 1_024, hour), pool("cron", 7, 70, hour));
    until("keepalive", || tcp_in(State::Established).iter().filter(|row| row.timer == 2).count() == 107);
    grow_old();
    lab.gone();
}
