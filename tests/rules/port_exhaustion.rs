//! The local ports towards one service: held by open connections, and by TIME_WAIT.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use crate::lab::check::Finding;
use crate::lab::counts::State;
use crate::lab::load::{Ends, Load};
use crate::lab::namespace::{enter_another, set_sysctl};
use crate::lab::outgoing::{self, Port, is_about, program_of};
use crate::lab::path::{Far, NEAR};
use crate::lab::proc_net::{counter, tcp_counts, tcp_in, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{Answers, Server};
use crate::lab::traffic::{self, loopback};

pub(crate) const PROOF: Proof = Proof {
    rule: "port-exhaustion",
    fault: "Of 100 ports 4 are reserved and one is a listener's; a program holds 67, then 86 connections to one service",
    twin: "It holds 66",
    remedy: "sysctl -w net.ipv4.ip_local_reserved_ports=…, then net.ipv4.ip_local_port_range=…: connect() works again",
    by: Remedied::Executed,
    severities: &["warning", "critical"],
    prove: held,
    ..Proof::PLAIN
};

pub(crate) const CHURN: Proof = Proof {
    variant: "by TIME_WAIT",
    fault: "A client makes 70, then 90 connections to another host and closes first: of its 100 ports they rest in TIME_WAIT",
    twin: "It makes 69",
    remedy: "A pool: the same requests over one connection; and where the server closes first",
    by: Remedied::FixedProgram,
    prove: churn,
    ..PROOF
};

pub(crate) const REUSE: Proof = Proof {
    variant: "by TIME_WAIT that may not be reused",
    fault: "The same until connect() fails: 100 TIME_WAIT to another host, and the default tcp_tw_reuse = 2",
    twin: "69 TIME_WAIT of 100 ports",
    remedy: "sysctl -w net.ipv4.tcp_tw_reuse=1: connect() takes their ports over",
    by: Remedied::Executed,
    severities: &["critical"],
    prove: reuse,
    ..PROOF
};

pub(crate) const PEER_WITHOUT: Proof = Proof {
    variant: "towards a host without timestamps",
    fault: "tcp_tw_reuse = 1, and another host with tcp_timestamps = 0: 99 TIME_WAIT and an open connection take all 100 ports",
    twin: "The same towards a host with timestamps: the 99 may be reused",
    remedy: "sysctl -w net.ipv4.ip_local_port_range=…; tcp_tw_reuse is not proposed",
    by: Remedied::Executed,
    severities: &["critical"],
    prove: peer_without,
    ..PROOF
};

pub(crate) const TIME_LEFT: Proof = Proof {
    variant: "the time that is left",
    fault: "A program opens 5 connections a second and closes none: the finding states when the last of 100 ports is gone, and it is gone then",
    twin: "65 connections that stay",
    remedy: "The same rate of connections, each closed by the server after its answer",
    by: Remedied::FixedProgram,
    severities: &["warning"],
    between: "1s",
    prove: time_left,
    ..PROOF
};

pub(crate) const ONE_SAMPLE: Proof = Proof {
    variant: "the time that is left, in one sample",
    fault: "3 connections a second that the client closes first, of 100 ports: their countdowns show when the last one goes",
    twin: "1 a second: after a minute as many end as come, at 60 of 100",
    remedy: "A pool: the same requests over one connection",
    by: Remedied::FixedProgram,
    severities: &["warning"],
    is_slow: true,
    prove: one_sample,
    ..PROOF
};

fn refused(to: SocketAddr) -> Option<io::ErrorKind> {
    traffic::connect_to(to).err().map(|error| error.kind())
}

fn held(lab: &mut Lab) {
    traffic::only_ports(100);
    set_sysctl("net.ipv4.ip_local_reserved_ports", "40000-40003,11211").expect("a setting of this namespace");
    let server = Server::at(8080);
    let _running = server.clone().start();
    // One in the range, which connect() passes over, and one in the wider range, to be reserved.
    let _listeners = [Server::at(40_050).start(), Server::at(30_000).start()];

    let mut holders = vec![outgoing::holder(&[server.address], 66, Port::AtConnect)];
    lab.silent();
    let pid = holders[0].pid();
    holders.push(outgoing::holder(&[server.address], 1, Port::AtConnect));
    let found = lab.fires_where("warning", |found| is_about(found, server.address) && program_of(found) == Some(pid));
    assert_eq!((found.figure("ports_used"), found.figure("ports_usable")), (67.0, 95.0), "{found:?}");
    // IPv6 sockets that connect to a v4-mapped address take their ports from the same ones.
    let mapped = SocketAddr::new(Ipv4Addr::LOCALHOST.to_ipv6_mapped().into(), 8080);
    holders.push(outgoing::holder(&[mapped], 19, Port::AtConnect));
    lab.fires_where("critical", |found| is_about(found, server.address) && program_of(found) == Some(pid));
    holders.push(outgoing::holder(&[server.address], 9, Port::AtConnect));
    let found = lab.fires_where("critical", |found| found.figure("ports_used") > 94.5);
    assert_eq!(refused(server.address), Some(io::ErrorKind::AddrNotAvailable), "95 were said to be usable");
    assert_eq!(refused(loopback(2, 8080)), Some(io::ErrorKind::ConnectionRefused), "another destination has ports");

    lab.runs(&found, "sysctl -w net.ipv4.ip_local_reserved_ports=11211,30000,40000-40003,40050");
    lab.runs(&found, "sysctl -w net.ipv4.ip_local_port_range='20000 60999'");
    lab.gone();
    assert_eq!(refused(server.address), None);
}

/// A fresh host with 100 ports, a server on another one, and nothing left of the past.
pub(super) fn fresh(answers: Answers) -> (Far, impl Sized, SocketAddr) {
    enter_another().expect("a namespace");
    traffic::only_ports(100);
    let far = Far::connect();
    let server = Server { address: Far::at(8080), answers, ..Server::at(8080) };
    let running = outgoing::serve(&far, server);
    (far, running, Far::at(8080))
}

/// `n` requests, each with a connection that this end closes first.
pub(super) fn requests(to: SocketAddr, n: usize) {
    drop(Load::to(to, n).complete());
    let far_end = |row: &crate::lab::proc_net::Row| row.local.ip() == NEAR;
    until("their TIME_WAIT", || tcp_in(State::TimeWait).into_iter().filter(far_end).count() >= n);
}

fn churn(lab: &mut Lab) {
    let (_far, _running, to) = fresh(Answers::Echo);
    requests(to, 69);
    lab.silent();
    requests(to, 1);
    let found = lab.fires_where("warning", |found| is_about(found, to));
    assert_eq!((found.figure("time_wait"), found.figure("ports_used")), (70.0, 70.0), "{found:?}");
    requests(to, 20);
    lab.fires_where("critical", |found| is_about(found, to));
    requests(to, 10);
    assert_eq!(refused(to), Some(io::ErrorKind::AddrNotAvailable));

    let (_far, _running, to) = fresh(Answers::Echo);
    let pool = outgoing::pool(to, 100);
    lab.gone();
    drop(pool);

    let (_far, _running, to) = fresh(Answers::OnceThenCloses);
    let clients = Load { ends: Ends::Follows, ..Load::to(to, 200) }.complete();
    lab.gone();
    assert_eq!(tcp_counts().state(State::TimeWait), 0, "they are at the server");
    drop(clients);
}

fn reuse(lab: &mut Lab) {
    let (_far, _running, to) = fresh(Answers::Echo);
    requests(to, 69);
    std::thread::sleep(Duration::from_millis(1_100));
    lab.silent();
    requests(to, 31);
    std::thread::sleep(Duration::from_millis(1_100));
    assert_eq!(refused(to), Some(io::ErrorKind::AddrNotAvailable), "old enough, and not taken over");
    let found = lab.fires_where("critical", |found| is_about(found, to));
    lab.runs(&found, "sysctl -w net.ipv4.tcp_tw_reuse=1");
    lab.gone();
    let before = counter("TcpExtTWRecycled").expect("a counter");
    drop(Load::to(to, 50).complete());
    assert!(counter("TcpExtTWRecycled").expect("a counter") >= before + 50, "the ports were taken over");
}

fn time_left(lab: &mut Lab) {
    let fresh = |answers| {
        enter_another().expect("a namespace");
        traffic::only_ports(100);
        let server = Server { answers, ..Server::at(8080) };
        (server.clone().start(), server.address)
    };
    let (_running, to) = fresh(Answers::Echo);
    let _held = outgoing::holder(&[to], 65, Port::AtConnect);
    lab.silent();
    let load = Load { per_second: Some(5), ends: Ends::Stays, ..Load::to(to, 35) };
    let _leak = load.clone().begin();
    let found = lab.fires_where("warning", |found| left(found).is_some());
    let open = || tcp_in(State::Established).into_iter().filter(|row| row.peer == to).count();
    // What was opened since the sample, while the answer was on its way, has taken its part of the time.
    let since = (open() as f64 - found.figure("ports_used")) / 5.0;
    let (told, seen) = (left(&found).expect("a time") - since, Instant::now());
    until("the last port", || open() == 100);
    let real = seen.elapsed().as_secs_f64();
    assert_eq!(refused(to), Some(io::ErrorKind::AddrNotAvailable));
    // The rate is that of 1 s, in steps of one connection.
    assert!((told - real).abs() <= 2.0, "told {told} s, it took {real} s: {found:?}");

    let (_running, to) = fresh(Answers::OnceThenCloses);
    let _held = outgoing::holder(&[to], 65, Port::AtConnect);
    let _fixed = Load { ends: Ends::Follows, connections: usize::MAX, ..load }.begin();
    lab.gone();
}

/// The seconds in `20 ports left: all taken in about 4 s (EADDRNOTAVAIL)`.
fn left(found: &Finding) -> Option<f64> {
    let (_, time) = found.0["limit"].as_str()?.split_once(" in about ")?;
    time.split_once(" s ")?.0.parse().ok()
}

fn one_sample(lab: &mut Lab) {
    let fresh = || {
        enter_another().expect("a namespace");
        traffic::only_ports(100);
        set_sysctl("net.ipv4.tcp_tw_reuse", "0").expect("a setting of this namespace");
        let server = Server::at(8080);
        (server.clone().start(), server.address)
    };
    let resting = || tcp_counts().state(State::TimeWait);
    let churn = |to, rate| Load { per_second: Some(rate), ..Load::to(to, usize::MAX) }.begin();

    let (_running, to) = fresh();
    let _twin = churn(to, 1);
    // The kernel's own timers may be late by seconds.
    std::thread::sleep(Duration::from_secs(64));
    assert!((58..=64).contains(&resting()), "{}", resting());
    lab.silent();

    let (_running, to) = fresh();
    let _faulty = churn(to, 3);
    let found = lab.fires_where("warning", |found| left(found).is_some());
    let (told, seen) = (left(&found).expect("a time"), Instant::now());
    until("the last port", || resting() == 100);
    let real = seen.elapsed().as_secs_f64();
    assert_eq!(refused(to), Some(io::ErrorKind::AddrNotAvailable));
    assert!((told - real).abs() <= 2.0, "told {told} s, it took {real} s: {found:?}");

    let (_running, to) = fresh();
    let _pool = outgoing::pool(to, 100);
    lab.gone();
}

fn peer_without(lab: &mut Lab) {
    let full = |to| {
        set_sysctl("net.ipv4.tcp_tw_reuse", "1").expect("a setting of this namespace");
        requests(to, 99);
        std::thread::sleep(Duration::from_millis(1_100));
        outgoing::holder(&[to], 1, Port::AtConnect)
    };
    let (_far, _running, to) = fresh(Answers::Echo);
    let _open = full(to);
    lab.silent();
    assert_eq!(refused(to), None);

    let (far, _running, to) = fresh(Answers::Echo);
    far.shell("sysctl -qw net.ipv4.tcp_timestamps=0");
    let _open = full(to);
    let found = lab.fires_where("critical", |found| is_about(found, to));
    assert_eq!((found.figure("ports_used"), found.figure("time_wait_reusable")), (100.0, 0.0), "{found:?}");
    assert_eq!(refused(to), Some(io::ErrorKind::AddrNotAvailable));
    assert!(found.commands().iter().all(|command| !command.contains("tw_reuse")), "{found:?}");
    lab.runs(&found, "sysctl -w net.ipv4.ip_local_port_range='20000 60999'");
    lab.gone();
    assert_eq!(refused(to), None);
}
