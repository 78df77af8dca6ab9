//! Crowds in passing states as `netstat` shows them, pasted: without timers and without the range of ports.

use crate::lab::counts::State;
use crate::lab::makers::{self, Hangup, Held};
use crate::lab::namespace::set_sysctl;
use crate::lab::proc_net::{tcp_counts, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::sockets::Family;

pub(crate) const PROOF: Proof = Proof {
    rule: "states-many",
    fault: "100 handshakes that do not finish; 10 attempts without an answer; 100 connections in FIN_WAIT1, in FIN_WAIT1 and \
            CLOSING, in LAST_ACK and in FIN_WAIT2; only the text of netstat is read",
    twin: "One less of each",
    remedy: "The peers answer or close",
    by: Remedied::World,
    severities: &["warning"],
    pasted: &["netstat", "-tan"],
    prove,
    ..Proof::PLAIN
};

pub(crate) const PORTS: Proof = Proof {
    variant: "local ports",
    fault: "50 connections to one service, where 50 are many; the text does not show the range of ports",
    twin: "49",
    remedy: "The connections end",
    set: &["ports=50"],
    prove: ports,
    ..PROOF
};

/// Makes this many connections in a state.
type Make = fn(usize) -> Held;

fn prove(lab: &mut Lab) {
    // The leftovers of a crowd end soon after it. A LAST_ACK that had waited longer than its one retry allows gives up without
    // another FIN, and its peer stays in FIN_WAIT2 for as long as the second setting says.
    for (name, value) in [("net.ipv4.tcp_orphan_retries", "1"), ("net.ipv4.tcp_fin_timeout", "1")] {
        set_sysctl(name, value).expect("a setting of this namespace");
    }
    let crowds: [(usize, usize, Make); 6] = [
        (100, 100, |n| makers::syn_recv_from_nowhere(Family::V4, n)),
        (10, 10, |n| makers::syn_sent(Family::V4, n)),
        (100, 100, |n| makers::fin_wait1(Family::V4, n, Hangup::Held)),
        // The peers of those in CLOSING are in FIN_WAIT1 here.
        (100, 50, |n| makers::closing(Family::V4, n, Hangup::Held)),
        (100, 100, |n| makers::last_ack(Family::V4, n, Hangup::Held)),
        (100, 100, |n| makers::fin_wait2(Family::V4, n, Hangup::Held)),
    ];
    for (least, made, make) in crowds {
        let fewer = make(made - 1);
        lab.silent();
        drop(fewer);
        nothing_left();
        let many = make(made);
        let found = lab.fires("warning");
        assert!((found.figure("sockets") - least as f64).abs() < 0.5, "{found:?}");
        drop(many);
        lab.gone();
        nothing_left();
    }
}

/// Waits until the kernel has given up the closed connections.
fn nothing_left() {
    until("a table of TIME_WAIT only", || {
        let counts = tcp_counts();
        counts.total() == counts.state(State::TimeWait)
    });
}

fn ports(lab: &mut Lab) {
    let fewer = makers::established(Family::V4, 49);
    lab.silent();
    drop(fewer);
    let many = makers::established(Family::V4, 50);
    let found = lab.fires("warning");
    assert!((found.figure("ports_used") - 50.0).abs() < 0.5, "{found:?}");
    drop(many);
    lab.gone();
}
