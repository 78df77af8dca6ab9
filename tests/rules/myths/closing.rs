//! Myths about connections that end.

use std::io;
use std::net::{SocketAddr, SocketAddrV4};
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::net::sockopt;

use crate::lab::counts::State;
use crate::lab::makers::{self, Hangup};
use crate::lab::namespace::set_sysctl;
use crate::lab::proc_net::{counter, tcp_counts, tcp_in, until};
use crate::lab::segments::{self, RST};
use crate::lab::sockets::{self, Family};
use crate::lab::traffic::{self, First, loopback};

fn set(name: &str, value: &str) {
    set_sysctl(name, value).expect("a setting of this namespace");
}

fn count(state: State) -> usize {
    tcp_counts().state(state)
}

pub(crate) fn tcp_fin_timeout_does_not_shorten_time_wait() {
    for (seconds, made) in [("5", 1), ("60", 2), ("120", 3)] {
        set("net.ipv4.tcp_fin_timeout", seconds);
        let _held = makers::time_wait(Family::V4, 1);
        let rows = tcp_in(State::TimeWait);
        assert_eq!(rows.len(), made, "the earlier ones are still there");
        let left = rows.iter().map(|row| row.expires).max().expect("at least one");
        assert!((59_000..=60_500).contains(&left.as_millis()), "with tcp_fin_timeout={seconds}: {left:?}");
    }
}

pub(crate) fn a_lower_tcp_max_tw_buckets_takes_the_protection_away() {
    set("net.ipv4.tcp_tw_reuse", "0");
    traffic::only_ports(1);
    let [kept, skipped] = [8080, 8081].map(traffic::server);
    let refused = (1, Some(io::ErrorKind::AddrNotAvailable));
    assert_eq!(traffic::in_a_row(&kept, loopback(1, 8080), First::Client, 5), refused, "TIME_WAIT protects the port");
    set("net.ipv4.tcp_max_tw_buckets", "1");
    assert_eq!(traffic::in_a_row(&skipped, loopback(1, 8081), First::Client, 5), (5, None), "nothing protects it");
    assert_eq!(count(State::TimeWait), 1);
    assert_eq!(counter("TcpExtTCPTimeWaitOverflow"), Some(5));
}

pub(crate) fn keepalive_makes_a_close_wait_leak_invisible() {
    set("net.ipv4.tcp_fin_timeout", "3");
    let listener = traffic::server(8080);
    let client = traffic::connect_to(loopback(1, 8080)).expect("a connection");
    let leaked = sockets::accepted(&listener).expect("a connection");
    sockopt::set_socket_keepalive(&leaked, true).expect("keepalive");
    sockopt::set_tcp_keepidle(&leaked, Duration::from_secs(1)).expect("keepalive");
    sockopt::set_tcp_keepintvl(&leaked, Duration::from_secs(1)).expect("keepalive");
    let descriptors = traffic::descriptors();
    drop(client);
    until("a probe is answered", || counter("TcpExtTCPKeepAlive").is_some_and(|sent| sent >= 1));
    assert_eq!(count(State::CloseWait), 1, "the peer's FIN_WAIT2 answers probes");
    until("the record is gone", || count(State::CloseWait) == 0);
    assert_eq!(traffic::descriptors(), descriptors - 1, "only the client's descriptor was closed");
    assert_eq!(sockopt::socket_error(&leaked), Ok(Err(rustix::io::Errno::PIPE)), "and the socket is a dead one");
    drop(leaked);
    assert_eq!(traffic::descriptors(), descriptors - 2, "close() is what frees it");
}

pub(crate) fn tcp_rfc1337_protects_time_wait_from_resets() {
    let listener = traffic::server(8080);
    for (value, left) in [("1", 1), ("0", 0)] {
        set("net.ipv4.tcp_rfc1337", value);
        let client = traffic::connect_to(loopback(1, 8080)).expect("a connection");
        let here = sockets::local_address(&client).expect("its address");
        let server = sockets::accepted(&listener).expect("a connection");
        // Behind the FIN that is yet to come.
        let sequence = segments::next_to_send(&server).expect("repair mode").wrapping_add(1);
        traffic::end(client, server, First::Client);
        let here_in = |row: &&crate::lab::proc_net::Row| row.local == here && row.state == State::TimeWait;
        until("TIME_WAIT", || tcp_in(State::TimeWait).iter().filter(here_in).count() == 1);
        segments::send(v4(loopback(1, 8080)), v4(here), RST, sequence).expect("a reset sent");
        std::thread::sleep(Duration::from_millis(200));
        assert_eq!(tcp_in(State::TimeWait).iter().filter(here_in).count(), left, "with tcp_rfc1337={value}");
    }
}

fn v4(address: SocketAddr) -> SocketAddrV4 {
    match address {
        SocketAddr::V4(address) => address,
        SocketAddr::V6(address) => panic!("{address} is no IPv4 address"),
    }
}

pub(crate) fn tcp_orphan_retries_0_acts_as_8() {
    let shown = std::fs::read_to_string("/proc/sys/net/ipv4/tcp_orphan_retries").expect("a setting");
    assert_eq!(shown.trim(), "0");
    let begin = Instant::now();
    let _held = makers::fin_wait1(Family::V4, 3, Hangup::Orphan);
    while count(State::FinWait1) > 0 {
        assert!(begin.elapsed() < Duration::from_secs(140), "still there");
        std::thread::sleep(Duration::from_millis(200));
    }
    // 0.2 s doubled eight times: 102.2 s, and timers fire late.
    let took = begin.elapsed().as_secs();
    assert!((95..=125).contains(&took), "{took} s");
}

pub(crate) fn an_overflow_of_time_wait_is_not_logged() {
    let before = logged();
    set("net.ipv4.tcp_max_tw_buckets", "1");
    let listener = traffic::server(8080);
    traffic::in_a_row(&listener, loopback(1, 8080), First::Client, 20);
    assert!(counter("TcpExtTCPTimeWaitOverflow").is_some_and(|skipped| skipped >= 19));
    assert_eq!(logged(), before);
}

/// Lines of the kernel log about it; `None` where the log may not be read.
fn logged() -> Option<usize> {
    let output = Command::new("dmesg").output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).matches("time wait bucket").count())
}
