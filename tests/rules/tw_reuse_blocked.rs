//! Ports that rest in TIME_WAIT, and the three settings that keep connect() from them.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use crate::lab::counts::State;
use crate::lab::load::Load;
use crate::lab::namespace::set_sysctl;
use crate::lab::outgoing;
use crate::lab::path::Far;
use crate::lab::proc_net::{counter, tcp_counts, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::Server;
use crate::lab::traffic;

pub(crate) const PROOF: Proof = Proof {
    rule: "tw-reuse-blocked",
    fault: "100 ports in TIME_WAIT towards another host, and tcp_tw_reuse = 2, the default: loopback only",
    twin: "69 of them",
    remedy: "sysctl -w net.ipv4.tcp_tw_reuse=1: connect() takes the ports over",
    by: Remedied::Executed,
    severities: &["notice"],
    prove: loopback_only,
    ..Proof::PLAIN
};

pub(crate) const OFF: Proof = Proof {
    variant: "switched off",
    fault: "100 ports in TIME_WAIT over the loopback, and tcp_tw_reuse = 0",
    prove: off,
    ..PROOF
};

pub(crate) const TIMESTAMPS: Proof = Proof {
    variant: "without timestamps",
    fault: "100 ports in TIME_WAIT over the loopback, and tcp_timestamps = 0",
    remedy: "sysctl -w net.ipv4.tcp_timestamps=1: connect() takes over the ports of new connections",
    prove: timestamps,
    ..PROOF
};

/// Longer than a TIME_WAIT must be old to be reused (tcp_tw_reuse_delay, 1 s).
const OLD_ENOUGH: Duration = Duration::from_millis(1_100);

fn requests(to: SocketAddr, n: usize) {
    let before = tcp_counts().state(State::TimeWait);
    drop(Load::to(to, n).complete());
    until("their TIME_WAIT", || tcp_counts().state(State::TimeWait) >= before + n);
    std::thread::sleep(OLD_ENOUGH);
}

fn has_port(to: SocketAddr) -> bool {
    match traffic::connect_to(to) {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.kind(), io::ErrorKind::AddrNotAvailable);
            false
        }
    }
}

/// Twin, fault and the command that begins like this.
fn blocked(lab: &mut Lab, to: SocketAddr, command: &str) {
    requests(to, 69);
    lab.silent();
    requests(to, 31);
    assert!(!has_port(to), "none is left");
    let found = lab.fires("notice");
    assert_eq!((found.figure("time_wait_old"), found.figure("destinations")), (100.0, 1.0), "{found:?}");
    lab.runs(&found, command);
    lab.gone();
}

/// The ports in TIME_WAIT serve as many connections again.
fn all_reused(to: SocketAddr, n: usize) {
    let before = counter("TcpExtTWRecycled").expect("a counter");
    drop(Load::to(to, n).complete());
    assert!(counter("TcpExtTWRecycled").expect("a counter") >= before + n as u64);
}

fn loopback_only(lab: &mut Lab) {
    traffic::only_ports(100);
    let far = Far::connect();
    let _running = outgoing::serve(&far, Server { address: Far::at(8080), ..Server::at(8080) });
    blocked(lab, Far::at(8080), "sysctl -w net.ipv4.tcp_tw_reuse=1");
    all_reused(Far::at(8080), 100);
}

fn off(lab: &mut Lab) {
    traffic::only_ports(100);
    set_sysctl("net.ipv4.tcp_tw_reuse", "0").expect("a setting of this namespace");
    let server = Server::at(8080);
    let _running = server.clone().start();
    blocked(lab, server.address, "sysctl -w net.ipv4.tcp_tw_reuse=1");
    all_reused(server.address, 100);
}

fn timestamps(lab: &mut Lab) {
    traffic::only_ports(100);
    set_sysctl("net.ipv4.tcp_timestamps", "0").expect("a setting of this namespace");
    let server = Server::at(8080);
    let _running = server.clone().start();
    blocked(lab, server.address, "sysctl -w net.ipv4.tcp_timestamps=1");
    assert!(!has_port(server.address), "the old ones have no timestamps: they rest for their minute");
    let other = Server::at(8081);
    let _running = other.clone().start();
    requests(other.address, 100);
    all_reused(other.address, 100);
}
