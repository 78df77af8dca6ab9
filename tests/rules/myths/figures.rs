//! Myths about what the figures mean.

use std::time::Duration;

use rustix::net::{SendFlags, send, sockopt};

use crate::lab::counts::{Inet, State};
use crate::lab::makers;
use crate::lab::namespace::set_sysctl;
use crate::lab::proc_net::{self, counter, tcp_in, until};
use crate::lab::program;
use crate::lab::segments::accept_queue;
use crate::lab::sockets::{self, Family};
use crate::lab::traffic::{self, loopback};

pub(crate) fn keepalive_settings_do_nothing_without_so_keepalive() {
    for name in ["time", "intvl"] {
        set_sysctl(&format!("net.ipv4.tcp_keepalive_{name}"), "1").expect("a setting of this namespace");
    }
    let _without = makers::established(Family::V4, 4);
    std::thread::sleep(Duration::from_millis(2_500));
    assert!(tcp_in(State::Established).iter().all(|row| row.timer == 0), "no timer runs");
    assert_eq!(counter("TcpExtTCPKeepAlive"), Some(0), "no probe was sent");
    let with = makers::established(Family::V4, 4);
    for socket in &with.sockets {
        sockopt::set_socket_keepalive(socket, true).expect("keepalive");
    }
    let timers = || tcp_in(State::Established).iter().filter(|row| row.timer == 2).count();
    assert_eq!(timers(), with.sockets.len());
    until("probes", || counter("TcpExtTCPKeepAlive").is_some_and(|sent| sent > 0));
}

pub(crate) fn uid_0_of_time_wait_is_no_owner() {
    let _open = makers::established(Family::V4, 2);
    let _closed = makers::time_wait(Family::V4, 2);
    // The table as user 1000 sees it, who is the one that made all this.
    let said = program::output_unprivileged("cat", &["/proc/self/net/tcp"]);
    let rows = proc_net::rows(&said.stdout, Inet::V4);
    let uids = |state: State| -> Vec<u32> { rows.iter().filter(|row| row.state == state).map(|row| row.uid).collect() };
    assert_eq!(uids(State::TimeWait), [0, 0]);
    let open = uids(State::Established);
    assert_eq!(open.len(), 4);
    if open != [0; 4] {
        assert_eq!(open, [1_000; 4]);
    }
}

pub(crate) fn the_queues_of_a_listener_are_connections() {
    let listener = sockets::listener_at(loopback(1, 8080), 3).expect("a listener");
    let clients: Vec<_> = (0..2).map(|_| traffic::connect_to(loopback(1, 8080)).expect("room")).collect();
    for client in &clients {
        send(client, &[b'x'; 1_000], SendFlags::empty()).expect("room in the buffers");
    }
    until("the bytes are there", || tcp_in(State::Established).iter().filter(|row| row.rx == 1_000).count() == 2);
    let listening = tcp_in(State::Listen);
    assert_eq!(listening.iter().map(|row| (row.rx, row.tx)).collect::<Vec<_>>(), [(2, 0)]);
    assert_eq!(accept_queue(&listener).expect("tcp_info"), (2, 3));
}
