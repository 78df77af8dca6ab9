//! Myths about connections that begin.

use std::time::Duration;

use crate::lab::counts::State;
use crate::lab::half_open;
use crate::lab::namespace::set_sysctl;
use crate::lab::proc_net::{counter, tcp_counts, until};
use crate::lab::segments::accept_queue;
use crate::lab::sockets::{self, Family};
use crate::lab::traffic::{self, loopback};

fn set(name: &str, value: &str) {
    set_sysctl(name, value).expect("a setting of this namespace");
}

pub(crate) fn tcp_max_syn_backlog_does_not_bound_syn_recv_under_cookies() {
    const SYNS: usize = 60;
    set("net.ipv4.tcp_max_syn_backlog", "4");
    set("net.ipv4.tcp_syncookies", "1");
    let with = sockets::listener_at(loopback(1, 8080), 128).expect("a listener");
    let _kept = half_open::at_listener(8080, 0, SYNS).expect("SYNs sent");
    until("60 SYN_RECV", || tcp_counts().state(State::SynRecv) == SYNS);
    drop(with);
    until("they go with their listener", || tcp_counts().state(State::SynRecv) == 0);
    set("net.ipv4.tcp_syncookies", "0");
    let _without = sockets::listener_at(loopback(1, 8081), 128).expect("a listener");
    let _kept = half_open::at_listener(8081, SYNS, SYNS).expect("SYNs sent");
    std::thread::sleep(Duration::from_millis(300));
    let held = tcp_counts().state(State::SynRecv);
    assert!((1..=4).contains(&held), "{held} SYN_RECV without syncookies");
}

pub(crate) fn tcp_abort_on_overflow_does_not_answer_a_dropped_syn() {
    set("net.ipv4.tcp_abort_on_overflow", "1");
    let listener = sockets::listener_at(loopback(1, 8080), 2).expect("a listener");
    let waiting: Vec<_> = (0..3).map(|_| traffic::connect_to(loopback(1, 8080)).expect("room")).collect();
    assert_eq!(accept_queue(&listener).expect("tcp_info"), (3, 2), "full");
    let client = sockets::connecting(Family::V4, &listener, |_| Ok(())).expect("a SYN sent");
    std::thread::sleep(Duration::from_millis(1_500));
    assert_eq!(tcp_counts().state(State::SynSent), 1, "the client still waits");
    assert_eq!(rustix::net::sockopt::socket_error(&client), Ok(Ok(())), "and was told nothing");
    assert!(counter("TcpExtListenOverflows").is_some_and(|dropped| dropped >= 1));
    assert_eq!(counter("TcpExtEmbryonicRsts"), Some(0));
    assert_eq!(counter("TcpOutRsts"), Some(0));
    drop(waiting);
}

pub(crate) fn somaxconn_counts_only_at_listen() {
    set("net.core.somaxconn", "4096");
    let listener = sockets::listener_at(loopback(1, 8080), 100_000).expect("a listener");
    assert_eq!(accept_queue(&listener).expect("tcp_info").1, 4_096);
    set("net.core.somaxconn", "9000");
    assert_eq!(accept_queue(&listener).expect("tcp_info").1, 4_096, "as it was");
    rustix::net::listen(&listener, 100_000).expect("listen() again");
    assert_eq!(accept_queue(&listener).expect("tcp_info").1, 9_000);
}
