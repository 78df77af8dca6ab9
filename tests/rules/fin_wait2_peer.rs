//! A server that hangs up, and clients that do not follow.

use std::net::Ipv4Addr;
use std::time::Duration;

use crate::lab::counts::State;
use crate::lab::load::{Ends, Load};
use crate::lab::namespace::set_sysctl;
use crate::lab::proc_net::{tcp_in, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{Answers, Server};

pub(crate) const PROOF: Proof = Proof {
    rule: "fin-wait2-peer",
    fault: "A server closes 60 connections of a client that keeps its ends, with tcp_fin_timeout 30 s, of which 15 s are over",
    twin: "49 such; 60 with most of the time left",
    remedy: "A client that closes when the server does",
    by: Remedied::FixedProgram,
    severities: &["notice"],
    prove: |lab| prove(lab, "30"),
    ..Proof::PLAIN
};

pub(crate) const TWO_HALVES: Proof = Proof {
    variant: "longer than TIME_WAIT",
    fault: "The same with tcp_fin_timeout 75 s, which the kernel makes 15 s with a socket and 15 s without",
    prove: |lab| prove(lab, "75"),
    ..PROOF
};

pub(crate) const AT_DEFAULTS: Proof = Proof {
    variant: "at the default timeout",
    fault: "The same with tcp_fin_timeout 60 s, of which 30 s are over",
    twin: "The same, just closed",
    remedy: "A client that closes; and sysctl -w net.ipv4.tcp_fin_timeout=30, executed, halves the time of later ones",
    is_slow: true,
    prove: prove_at_defaults,
    ..PROOF
};

fn server() -> Server {
    Server { answers: Answers::OnceThenCloses, ..Server::at(8080) }
}

fn keeps(n: usize) -> Load {
    Load { ends: Ends::Stays, ..Load::to(server().address, n) }
}

fn waiting() -> usize {
    tcp_in(State::FinWait2).len()
}

fn prove(lab: &mut Lab, timeout: &str) {
    set_sysctl("net.ipv4.tcp_fin_timeout", timeout).expect("a setting of this namespace");
    let _running = server().start();
    // Where the look took so long that the first were forgotten before its end, it shows nothing.
    let shown = (0..3).any(|_| {
        let few = keeps(49).complete();
        until("49 wait", || waiting() == 49);
        std::thread::sleep(Duration::from_secs(16));
        lab.silent();
        let shown = waiting() == 49;
        drop(few);
        until("they close, too", || waiting() == 0);
        shown
    });
    assert!(shown, "49 were never there for a whole look");

    let seen = (0..3).find_map(|_| {
        let clients = keeps(60).complete();
        until("60 wait", || waiting() == 60);
        lab.silent();
        lab.fires_unless("notice", || waiting() == 0).map(|found| (found, clients))
    });
    let (found, clients) = seen.expect("a finding before all are forgotten");
    found.leads_to(Ipv4Addr::LOCALHOST);
    found.has("sockets", 60);
    assert!(found.figure("in_second_half") > 30.0, "{found:?}");
    found.says(&format!("The other end is client ({}) on this host", clients.pid()));
    // 30 s are over soon, with 75 s as well.
    until("all are forgotten", || waiting() == 0);
    drop(clients);

    let _clients = Load { ends: Ends::Follows, ..keeps(60) }.complete();
    lab.gone();
}

fn prove_at_defaults(lab: &mut Lab) {
    let running = server().start();
    let clients = keeps(60).complete();
    until("60 wait", || waiting() == 60);
    lab.silent();
    let found = lab.fires("notice");
    found.has("fin_timeout", 60_000);
    lab.runs(&found, "sysctl -w net.ipv4.tcp_fin_timeout=30");
    // The others have less than 30 s left by now.
    std::thread::sleep(Duration::from_secs(3));
    let later = Load { connections: 10, ..keeps(60) }.complete();
    until("ten more", || waiting() == 70);
    let left = tcp_in(State::FinWait2).into_iter().map(|row| row.expires);
    let new: Vec<Duration> = left.filter(|&left| left > Duration::from_secs(28)).collect();
    assert!(new.len() == 10 && new.iter().all(|&left| left <= Duration::from_secs(31)), "{new:?}");
    drop((clients, later));
    let _clients = Load { ends: Ends::Follows, ..keeps(60) }.complete();
    lab.gone();
    drop(running);
}
