//! Hand-made sockets against filters.

use std::net::IpAddr;

use super::super::{Filter, facts::Facts, names::NoNames};
use crate::model::{
    detail::{Detail, TcpInfo},
    entry::{End, Entry},
    family::{Family, Netid},
    owner::{Container, Holder, Place, Process},
    socket::Timer,
    state::State,
};

fn tcp(local: &str, peer: &str, state: State) -> Entry {
    let end = |text: &str| {
        let (address, port) = text.rsplit_once('-').unwrap();
        End::Inet(address.parse().unwrap(), port.parse().unwrap())
    };
    let local = end(local);
    let family = if matches!(local, End::Inet(IpAddr::V4(_), _)) { Family::Inet } else { Family::Inet6 };
    Entry {
        family,
        state,
        local,
        peer: end(peer),
        timer: if state == State::TIME_WAIT { Timer::TimeWait } else { Timer::None },
        raw_uid: Some(33),
        inode: if state == State::TIME_WAIT { 0 } else { 9 },
        ..Entry::blank(Netid::Tcp, 0)
    }
}

fn established() -> Entry {
    tcp("10.0.0.1-443", "192.0.2.9-50000", State::ESTABLISHED)
}

fn with_info(mut entry: Entry, fields: &[(usize, u32)]) -> Entry {
    let mut bytes = [0u8; 104];
    for (offset, value) in fields {
        bytes[*offset..offset + 4].copy_from_slice(&value.to_ne_bytes());
    }
    let info = Some(TcpInfo::new(&bytes));
    entry.detail = Some(Box::new(Detail { tcp_info: info, ..Detail::default() }));
    entry
}

struct Nginx {
    holders: [Holder; 2],
    process: Process,
}

impl Nginx {
    fn new() -> Nginx {
        let holder = |pid| Holder { inode: 9, pid, tid: pid, fd: 3 };
        let container = Container { runtime: "docker", id: "3f2abc".into(), pod: None };
        let place = Place { cgroup: None, unit: Some("nginx.service".into()), container: Some(container) };
        let program = (*b"nginx").into();
        Nginx {
            holders: [holder(4321), holder(4322)],
            process: Process { pid: 4321, program, place, ..Process::default() },
        }
    }
}

impl Facts for Nginx {
    fn holders(&self, entry: &Entry) -> &[Holder] {
        if entry.inode == 9 { &self.holders } else { &[] }
    }
    fn process(&self, pid: u32) -> Option<&Process> {
        (pid == 4321).then_some(&self.process)
    }
    fn netns(&self, _entry: &Entry) -> Option<&str> {
        Some("blue")
    }
    fn ephemeral_ports(&self, _entry: &Entry) -> Option<(u16, u16)> {
        Some((32768, 60999))
    }
}

fn check(entry: &Entry, facts: &dyn Facts, yes: &[&str], no: &[&str]) {
    for (texts, expected) in [(yes, true), (no, false)] {
        for text in texts {
            let filter = Filter::parse(text, &NoNames).unwrap();
            assert_eq!(filter.matches(entry, facts), expected, "{text}: {entry:?}");
        }
    }
}

#[test]
fn ends_are_compared_as_by_the_kernel() {
    check(
        &established(),
        &Nginx::new(),
        &[
            "src 10.0.0.1",
            "src 10/8",
            "10.0.0.1:443",
            "443",
            "dst 192.0.2.9:50000",
            "50000",
            "src 0.0.0.0/0",
            "src inet:",
        ],
        &["src 10.0.0.2", "dst 10/8", "444", "src 10.0.0.1:444", "src ::/0", "src inet6:", "src unix:*"],
    );
    let mapped = tcp("::-443", "192.0.2.9-50000", State::ESTABLISHED);
    check(
        &mapped,
        &Nginx::new(),
        &[
            "dst 192.0.2.0/24",
            "dst ::ffff:192.0.2.9",
            "dst inet6:*:50000",
            "dst inet6:",
            "src ::",
            "dport = inet6:50000",
        ],
        &["src 0.0.0.0", "src inet:", "dst ::", "dst [64:ff9b::]/96", "dport = inet:50000", "not src inet:1.2.3.4"],
    );
}

#[test]
fn ends_of_other_families_are_compared_as_by_ss() {
    let other = |netid, family, local, peer| Entry { netid, family, local, peer, ..established() };
    let unix = End::Unix { name: Some((*b"/run/Docker.sock").into()), inode: 77 };
    let unix = other(Netid::UnixStream, Family::Unix, unix, End::Unix { name: None, inode: 78 });
    check(
        &unix,
        &Nginx::new(),
        &["src unix:/run/docker*", "unix:*.sock", "src :77", "dport = 78", "dst unix:"],
        &["src unix:docker", "77", "src 10.0.0.1", "autobound"],
    );
    let hidden = End::Unix { name: Some((*b"\0a1b2c").into()), inode: 1 };
    let hidden = other(Netid::UnixDatagram, Family::Unix, hidden, End::None);
    check(&hidden, &Nginx::new(), &["src unix:@a1*", "autobound"], &["src unix:a1*"]);
    let netlink = other(Netid::Netlink, Family::Netlink, End::Netlink { protocol: 0, port: 99, group: 0 }, End::None);
    check(
        &netlink,
        &Nginx::new(),
        &["src netlink:rtnl", "src netlink:rtnl:99", "src :99"],
        &["src netlink:audit", "99"],
    );
    let packet = other(Netid::PacketRaw, Family::Packet, End::Packet { protocol: 0x86dd, interface: 2 }, End::None);
    check(
        &packet,
        &Nginx::new(),
        &["src link:ipv6:2", "src link:*:2", "dst link:"],
        &["src link:arp", "dst link:ipv6"],
    );
    let vsock =
        other(Netid::VsockStream, Family::Vsock, End::Vsock { cid: 2, port: 1024 }, End::Vsock { cid: 3, port: 1 });
    check(&vsock, &Nginx::new(), &["src vsock:2:1024", "1024", "dst vsock:3", "sport gt 1000"], &["src vsock:3"]);
}

#[test]
fn owners_are_compared_and_the_unknown_is_no_match() {
    check(
        &established(),
        &Nginx::new(),
        &[
            "pid = 4322",
            "proc = nginx",
            "proc = ng*",
            "nginx",
            "unit = nginx",
            "unit = nginx.service",
            "user = 33",
            "container = 3F2",
            "netns = blue",
            "pid != 1",
            "proc != apache",
        ],
        &[
            "pid = 1",
            "proc != nginx",
            "proc = NGINX",
            "unit = nginx.socket",
            "container = 3f2abcd",
            "user != 33",
            "pid != 4321",
        ],
    );
    let time_wait = Entry { raw_uid: Some(0), ..tcp("10.0.0.1-443", "192.0.2.9-50000", State::TIME_WAIT) };
    check(
        &time_wait,
        &Nginx::new(),
        &["not proc = nginx", "not user = 0", "autobound", "fwmark = 0", "netns = blue"],
        &["proc = nginx", "proc != nginx", "user = 0", "user != 0", "pid != 1", "unit != a", "rtt lt 1s", "idle ge 0s"],
    );
}

#[test]
fn a_program_name_is_cut_as_the_kernel_cuts_it() {
    let mut facts = Nginx::new();
    facts.process.program = (*b"systemd-resolve").into();
    check(
        &established(),
        &facts,
        &["proc = systemd-resolved", "proc = systemd-resolve"],
        &["proc = systemd-resolvX", "proc = systemd"],
    );
}

#[test]
fn ages_are_what_the_records_prove() {
    let time_wait = Entry { expires_ms: 15_000, ..tcp("10.0.0.1-443", "192.0.2.9-50000", State::TIME_WAIT) };
    check(&time_wait, &Nginx::new(), &["age = 45s", "age > 44s", "age < 46s"], &["age > 45s"]);
    let close_wait = with_info(Entry { state: State::CLOSE_WAIT, ..established() }, &[(56, 5_000)]);
    check(&close_wait, &Nginx::new(), &["age = 5s", "age < 6s", "age > 4s"], &["age > 5s"]);
    let with_keepalive = Entry { timer: Timer::Keepalive, ..close_wait.clone() };
    check(&with_keepalive, &Nginx::new(), &["age > 4s", "age ge 5s"], &["age = 5s", "age < 6s", "age > 5s"]);
    check(&Entry { detail: None, ..close_wait }, &Nginx::new(), &[], &["age > 0s", "age < 100d"]);
    check(&established(), &Nginx::new(), &["not age > 0s"], &["age > 0s", "age ge 0s"]);
}

#[test]
fn measures_come_from_tcp_info() {
    let entry = with_info(established(), &[(44, 9_000), (52, 7_000), (68, 150_000)]);
    check(&entry, &Nginx::new(), &["idle = 7s", "rtt > 100ms", "rtt = 150ms"], &["idle > 7s", "rtt gt 150ms"]);
    check(&with_info(established(), &[]), &Nginx::new(), &["idle = 0s"], &["rtt lt 1s"]);
    let mut short = established();
    short.detail = Some(Box::new(Detail { tcp_info: Some(TcpInfo::new(&[0; 54])), ..Detail::default() }));
    check(&short, &Nginx::new(), &[], &["idle ge 0s"]);
    let listener = with_info(Entry { state: State::LISTEN, rqueue: 3, wqueue: 128, ..established() }, &[]);
    check(&listener, &Nginx::new(), &["recvq = 3", "sendq = 128"], &["idle ge 0s", "keepalive = off"]);
}

#[test]
fn timers_tell_about_keepalive_where_they_can() {
    let with = |timer| Entry { timer, ..established() };
    check(&with(Timer::None), &Nginx::new(), &["keepalive = off", "keepalive != on", "timer = off"], &["keepalive on"]);
    check(&with(Timer::Keepalive), &Nginx::new(), &["keepalive = on", "timer = keepalive"], &["keepalive off"]);
    check(&with(Timer::Retransmit), &Nginx::new(), &["timer = on"], &["keepalive on", "keepalive off"]);
    let orphan = Entry { state: State::FIN_WAIT2, inode: 0, ..with(Timer::Keepalive) };
    check(&orphan, &Nginx::new(), &[], &["keepalive on", "keepalive off"]);
}
