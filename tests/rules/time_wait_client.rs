//! A client that opens a connection for each request and closes first.

use std::net::SocketAddr;
use std::time::Duration;

use crate::lab::counts::State;
use crate::lab::load::Load;
use crate::lab::namespace::{enter_another, set_sysctl};
use crate::lab::outgoing::{self, is_about};
use crate::lab::path::Far;
use crate::lab::proc_net::{tcp_counts, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::Server;
use crate::lab::traffic;

pub(crate) const PROOF: Proof = Proof {
    rule: "time-wait-client",
    fault: "A client makes 25 connections to another host, one for each request, and closes first: a quarter of 100 ports",
    twin: "It makes 24",
    remedy: "A pool: the same requests over one connection",
    by: Remedied::FixedProgram,
    severities: &["notice"],
    prove: pooled,
    ..Proof::PLAIN
};

pub(crate) const REUSE: Proof = Proof {
    variant: "at a steady rate",
    fault: "A client with 20 such requests a second over the loopback, with tcp_tw_reuse = 0",
    twin: "24 such requests in all",
    remedy: "sysctl -w net.ipv4.tcp_tw_reuse=1, while the client goes on",
    by: Remedied::Executed,
    prove: reused,
    ..PROOF
};

pub(crate) const TAKEN_OVER: Proof = Proof {
    variant: "ports that are taken over",
    fault: "60 such requests a second with tcp_tw_reuse = 1: the countdowns show one a second, the openings show all of them",
    twin: "15 a second",
    remedy: "A pool: the same requests over one connection",
    between: "1s",
    prove: taken_over,
    ..PROOF
};

/// `n` requests, each with a connection that the client closes first.
fn requests(to: SocketAddr, n: usize) {
    let before = tcp_counts().state(State::TimeWait);
    drop(Load::to(to, n).complete());
    until("their TIME_WAIT", || tcp_counts().state(State::TimeWait) >= before + n);
}

fn pooled(lab: &mut Lab) {
    let fresh = || {
        traffic::only_ports(100);
        let far = Far::connect();
        let running = outgoing::serve(&far, Server { address: Far::at(8080), ..Server::at(8080) });
        (far, running)
    };
    let to = Far::at(8080);
    let _hosts = fresh();
    requests(to, 24);
    lab.silent();
    requests(to, 1);
    let found = lab.fires_where("notice", |found| is_about(found, to));
    assert_eq!((found.figure("time_wait"), found.figure("ports_usable")), (25.0, 100.0), "{found:?}");
    // None was old enough to end: as many a second as there are, over the minute.
    assert!((found.figure("close_rate") - 25.0 / 60.0).abs() < 0.01, "{found:?}");

    // The old ones would rest for a minute.
    enter_another().expect("a namespace");
    let _hosts = fresh();
    let _pool = outgoing::pool(to, 25);
    lab.gone();
}

fn reused(lab: &mut Lab) {
    traffic::only_ports(100);
    set_sysctl("net.ipv4.tcp_tw_reuse", "0").expect("a setting of this namespace");
    let server = Server::at(8080);
    let _running = server.clone().start();
    requests(server.address, 24);
    lab.silent();
    let _client = Load { per_second: Some(20), ..Load::to(server.address, usize::MAX) }.begin();
    let found = lab.fires_where("notice", |found| is_about(found, server.address));
    assert!(found.figure("time_wait") > 24.5, "{found:?}");
    lab.runs(&found, "sysctl -w net.ipv4.tcp_tw_reuse=1");
    lab.gone();
    let opened = crate::lab::proc_net::connections_opened();
    until("the client goes on", || crate::lab::proc_net::connections_opened() > opened + 5);
}

fn taken_over(lab: &mut Lab) {
    traffic::only_ports(100);
    set_sysctl("net.ipv4.tcp_tw_reuse", "1").expect("a setting of this namespace");
    let server = Server::at(8080);
    let _running = server.clone().start();
    let load = |rate| Load { per_second: Some(rate), ..Load::to(server.address, usize::MAX) }.begin();
    let few = load(15);
    lab.silent();
    drop(few);

    let many = load(60);
    // The first second of it has no openings for half of the time.
    std::thread::sleep(Duration::from_secs(2));
    let found = lab.fires_where("notice", |found| is_about(found, server.address));
    assert!((40.0..75.0).contains(&found.figure("close_rate")), "{found:?}");
    drop(many);

    let _pool = outgoing::pool(server.address, 60);
    lab.gone();
}
