//! Long queues as `netstat` shows them, pasted: without ages and limits.

use crate::lab::makers::{self, Held};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::sockets::{self, Family};

pub(crate) const PROOF: Proof = Proof {
    rule: "queues-many",
    fault: "A client reads none of 10 connections whose server sends as much as the kernel takes; a server accepts none of \
            50; only the text of netstat is read",
    twin: "9 such connections; 49 that wait",
    remedy: "The connections end",
    by: Remedied::World,
    severities: &["warning"],
    pasted: &["netstat", "-tan"],
    prove,
    ..Proof::PLAIN
};

/// Connections whose servers have sent until the kernel takes no more.
fn unread(n: usize) -> Held {
    let held = makers::established(Family::V4, n);
    for server in &held.sockets {
        sockets::fill(server).expect("a full send buffer");
    }
    held
}

fn prove(lab: &mut Lab) {
    let fewer = unread(9);
    lab.silent();
    drop(fewer);
    let many = unread(10);
    let found = lab.fires("warning");
    assert!((found.figure("sockets") - 10.0).abs() < 0.5, "{found:?}");
    drop(many);
    lab.gone();

    let fewer = makers::not_accepted(Family::V4, 49);
    lab.silent();
    drop(fewer);
    let many = makers::not_accepted(Family::V4, 50);
    let found = lab.fires("warning");
    assert!((found.figure("accept_queue") - 50.0).abs() < 0.5, "{found:?}");
    drop(many);
    lab.gone();
}
