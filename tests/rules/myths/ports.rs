//! Myths about TIME_WAIT and the ports it holds.

use std::io;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::lab::counts::{Inet, State};
use crate::lab::mass;
use crate::lab::namespace::set_sysctl;
use crate::lab::proc_net::{counter, tcp_counts};
use crate::lab::traffic::{First, connect_to, descriptors, in_a_row, loopback, only_ports, server};

fn set(name: &str, value: &str) {
    set_sysctl(name, value).expect("a setting of this namespace");
}

const NO_PORT: Option<io::ErrorKind> = Some(io::ErrorKind::AddrNotAvailable);

/// Longer than a TIME_WAIT must be old to be reused (tcp_tw_reuse_delay, 1 s).
const OLD_ENOUGH: Duration = Duration::from_millis(1_300);

pub(crate) fn tcp_tw_recycle_does_not_exist() {
    assert!(!Path::new("/proc/sys/net/ipv4/tcp_tw_recycle").exists());
    let status = Command::new("sh").args(["-c", "sysctl -w net.ipv4.tcp_tw_recycle=1 2>/dev/null"]).status();
    assert!(!status.expect("a shell").success());
}

pub(crate) fn tcp_tw_reuse_leaves_inbound_time_wait_alone() {
    set("net.ipv4.tcp_tw_reuse", "1");
    let _first = mass::time_wait_at_server(Inet::V4, 300);
    std::thread::sleep(OLD_ENOUGH);
    let _second = mass::time_wait_at_server(Inet::V4, 300);
    assert_eq!(tcp_counts().state(State::TimeWait), 600);
    assert_eq!(counter("TcpExtTWRecycled"), Some(0));
}

pub(crate) fn inbound_time_wait_eats_no_ports_and_no_descriptors() {
    let listener = server(8082);
    let before = descriptors();
    let (made, error) = in_a_row(&listener, loopback(1, 8082), First::Server, 200);
    assert_eq!((made, error), (200, None));
    let _mass = mass::time_wait_at_server(Inet::V4, 2_000);
    assert!(tcp_counts().state(State::TimeWait) >= 2_000);
    assert!(descriptors() <= before, "no descriptor belongs to TIME_WAIT");
    only_ports(100);
    let other = server(8081);
    let open: Vec<_> = (0..100).map(|_| connect_to(loopback(1, 8081)).expect("a port")).collect();
    let error = connect_to(loopback(1, 8081)).expect_err("all 100 are in use now");
    assert_eq!(Some(error.kind()), NO_PORT);
    drop((open, other));
}

pub(crate) fn who_closes_first_decides_who_runs_out_of_ports() {
    only_ports(100);
    // Its default, 2, reuses on loopback.
    set("net.ipv4.tcp_tw_reuse", "0");
    for timestamps in ["1", "0"] {
        set("net.ipv4.tcp_timestamps", timestamps);
        let port = if timestamps == "1" { 8080 } else { 8081 };
        let listener = server(port);
        assert_eq!(in_a_row(&listener, loopback(1, port), First::Server, 1_000), (1_000, None));
        assert!(tcp_counts().state(State::TimeWait) <= 200);
        let port = port + 100;
        let listener = server(port);
        assert_eq!(in_a_row(&listener, loopback(1, port), First::Client, 1_000), (100, NO_PORT));
    }
}

pub(crate) fn the_limit_of_connections_is_per_tuple() {
    only_ports(10);
    let listener = server(8080);
    let mut open = vec![];
    for last in 1..=3 {
        let to = loopback(last, 8080);
        open.extend((0..10).map(|_| connect_to(to).expect("a port")));
        assert_eq!(Some(connect_to(to).expect_err("the eleventh to one service").kind()), NO_PORT);
    }
    assert_eq!(tcp_counts().state(State::Established), 2 * 30, "30 at one port of one server, and their other ends");
    drop((open, listener));
}

pub(crate) fn without_timestamps_nothing_is_reused() {
    only_ports(10);
    set("net.ipv4.tcp_tw_reuse", "1");
    for (timestamps, port, more) in [("0", 8080, (0, NO_PORT)), ("1", 8081, (10, None))] {
        set("net.ipv4.tcp_timestamps", timestamps);
        let listener = server(port);
        assert_eq!(in_a_row(&listener, loopback(1, port), First::Client, 10), (10, None));
        std::thread::sleep(OLD_ENOUGH);
        // Timestamps for the new connection do not help: it is the old one that lacks them.
        set("net.ipv4.tcp_timestamps", "1");
        let reused = counter("TcpExtTWRecycled").expect("a counter");
        assert_eq!(in_a_row(&listener, loopback(1, port), First::Client, 10), more, "with timestamps {timestamps}");
        assert_eq!(counter("TcpExtTWRecycled").expect("a counter") - reused, more.0 as u64);
    }
}

pub(crate) fn time_wait_counts_per_service_and_not_in_sum() {
    only_ports(100);
    set("net.ipv4.tcp_tw_reuse", "0");
    let listener = server(8080);
    for last in 1..=10 {
        assert_eq!(in_a_row(&listener, loopback(last, 8080), First::Client, 60), (60, None));
    }
    assert_eq!(tcp_counts().state(State::TimeWait), 600);
    assert_eq!(in_a_row(&listener, loopback(1, 8080), First::Client, 100), (40, NO_PORT));
    assert_eq!(in_a_row(&listener, loopback(11, 8080), First::Client, 1), (1, None));
}
