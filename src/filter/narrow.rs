//! Whether a filter narrows anything: a command that destroys sockets refuses every form of a filter that matches all
//! connections (`all`, `sport ge 0`, `src 0.0.0.0/0`, `not dport = 0`).
//!
//! The filter is tried on made-up sockets that differ in everything that a condition can test.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{Filter, facts::Facts, prelude::*};
use crate::model::{
    detail::{Detail, TcpInfo},
    entry::End,
    family::Netid,
    owner::{Container, Holder, NO_FD, Place, Process},
    socket::Timer,
    tcp_info,
};

/// How many sockets of each table, state and family the filter is tried on.
const SAMPLES: u32 = 16;

/// The tables, states and families of which a filter must leave something out.
const KINDS: [(Netid, State); 4] = [
    (Netid::Tcp, State::ESTABLISHED),
    (Netid::Tcp, State::LISTEN),
    (Netid::Udp, State::ESTABLISHED),
    (Netid::Udp, State::CLOSE),
];

impl Filter {
    /// Whether it leaves out some established connections and some listeners of each table and family, where `takes` says
    /// that those are taken at all. `netns` is the label of the network namespace that all sockets are in.
    pub fn narrows(&self, netns: Option<&str>, takes: &dyn Fn(Netid, State) -> bool) -> bool {
        let takes_all = |(netid, state), family| {
            (0..SAMPLES).all(|sample| {
                let sample = MadeUpSocket::new(sample, netns);
                self.takes(&sample.socket(netid, state, family), &sample)
            })
        };
        let mut kinds = KINDS.iter().filter(|(netid, state)| takes(*netid, *state));
        !kinds.any(|kind| takes_all(*kind, Family::Inet) || takes_all(*kind, Family::Inet6))
    }
}

/// The facts about a made-up socket.
struct MadeUpSocket<'a> {
    number: u32,
    holder: Holder,
    process: Process,
    netns: Option<&'a str>,
}

impl<'a> MadeUpSocket<'a> {
    fn new(number: u32, netns: Option<&'a str>) -> MadeUpSocket<'a> {
        let pid = 2 + number * 1013;
        let container = Container {
            runtime: "docker",
            id: format!("{:064x}", u128::MAX / 17 * u128::from(number)).into(),
            pod: None,
        };
        let place =
            Place { cgroup: None, unit: Some(format!("sample-{number}.service").into()), container: Some(container) };
        let program = format!("sample-{number}").into_bytes().into();
        MadeUpSocket {
            number,
            holder: Holder { inode: 1, pid, tid: pid, fd: NO_FD },
            process: Process { pid, program, uid: None, place, context: None },
            netns,
        }
    }

    /// A number that differs widely from sample to sample: 0, then a bit more than each power of two.
    fn wide(&self, powers: u32) -> u32 {
        if self.number == 0 { 0 } else { (3 << (self.number % powers)) + self.number }
    }

    fn end(&self, family: Family, salt: u32) -> End {
        let spread = (self.number * 4 + salt).wrapping_mul(0x9e37_79b1) | 1;
        let address = match family {
            Family::Inet => IpAddr::V4(Ipv4Addr::from(spread)),
            _ => IpAddr::V6(Ipv6Addr::from(u128::from(spread).wrapping_mul(0x1_0000_0001_0000_0001_0000_0001))),
        };
        End::Inet(address, (3 << ((spread >> 8) % 14)) as u16 + self.number as u16)
    }

    fn socket(&self, netid: Netid, state: State, family: Family) -> Entry {
        let is_connected = state == State::ESTABLISHED;
        let any = match family {
            Family::Inet => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            _ => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        };
        let mut info = [0; TcpInfo::ROOM];
        for field in [tcp_info::LAST_DATA_SENT, tcp_info::LAST_DATA_RECV, tcp_info::RTT] {
            let place = info.iter_mut().skip(usize::from(field.offset));
            place.zip(self.wide(29).max(1).to_ne_bytes()).for_each(|(place, byte)| *place = byte);
        }
        Entry {
            family,
            state,
            local: self.end(family, 1),
            peer: if is_connected { self.end(family, 2) } else { End::Inet(any, 0) },
            interface: self.number % 3,
            rqueue: self.wide(24),
            wqueue: self.wide(20),
            timer: match self.number % 4 {
                0 => Timer::Retransmit,
                1 => Timer::Keepalive,
                2 => Timer::Persist,
                _ => Timer::None,
            },
            retrans: self.number as u8,
            raw_uid: Some(self.wide(14)),
            inode: 1,
            mark: Some(self.wide(28)),
            cgroup_id: Some(u64::from(self.wide(28)) + 1),
            detail: Some(Box::new(Detail { tcp_info: Some(TcpInfo::new(&info)), ..Detail::default() })),
            ..Entry::blank(netid, 0)
        }
    }
}

impl Facts for MadeUpSocket<'_> {
    fn holders(&self, _: &Entry) -> &[Holder] {
        std::slice::from_ref(&self.holder)
    }

    fn process(&self, _: u32) -> Option<&Process> {
        Some(&self.process)
    }

    fn place(&self, _: &Entry) -> Option<&Place> {
        Some(&self.process.place)
    }

    fn netns(&self, _: &Entry) -> Option<&str> {
        self.netns
    }

    fn ephemeral_ports(&self, _: &Entry) -> Option<(u16, u16)> {
        Some((32768, 60999))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::names::NoNames;

    fn narrows(text: &str) -> bool {
        Filter::parse(text, &NoNames).unwrap().narrows(Some("blue"), &|_, _| true)
    }

    #[test]
    fn what_takes_every_connection_or_listener_narrows_nothing() {
        for text in [
            "",
            "all",
            "connected",
            "synchronized",
            "big",
            "established",
            "listen",
            "listening",
            "not close-wait",
            "exclude time-wait",
            "tcp",
            "udp",
            "inet",
            "family = inet6",
            "not udp",
            "sport ge 0",
            "sport gt 0",
            "dport != 0",
            "not dport = 0",
            "not dport = 443",
            "src 0.0.0.0/0",
            "dst ::/0",
            "0.0.0.0/0",
            "src 0.0.0.0/0 or src ::/0",
            "src 0.0.0.0/1 or src 128.0.0.0/1",
            "sport = 80 or sport != 80",
            "established or dport = 80",
            "recvq ge 0",
            "sendq lt 4294967295",
            "rtt gt 0us",
            "idle ge 0s",
            "retrans ge 0",
            "retrans lt 200",
            "fwmark = 0/0",
            "pid != 1",
            "not proc = nosuch",
            "netns = blue",
            "not netns = red",
            "not (established and dport = 443)",
            "dport = 0",
            "sport le 65535 and established",
            "keepalive = on or keepalive = off or timer = on or timer = persist",
        ] {
            assert!(!narrows(text), "{text}");
        }
    }

    #[test]
    fn what_names_an_end_an_owner_or_a_measure_narrows() {
        for text in [
            "close-wait",
            "fin-wait-2",
            "syn-sent",
            "time-wait close-wait",
            "dport = 5432",
            "443",
            "10.0.0.5",
            "dst 10.0.0.0/8",
            "src 127.0.0.1",
            "sport = 80 or sport = 443",
            "sport ge 1024",
            "proc = java",
            "java",
            "unit = orders.service",
            "container = 3f2a",
            "pid = 4321",
            "user = 1000",
            "idle gt 1h",
            "retrans ge 2",
            "rtt gt 100ms",
            "recvq gt 0",
            "keepalive = off",
            "established and dport = 443",
            "timer = persist",
            "close-wait and not dport = 22",
            "all dport = 443",
            "listen sport = 80",
            "netns = red",
            "fwmark = 5",
            "udp sport = 53",
            "age gt 10m",
            "not (dport = 443 or not dport = 80)",
        ] {
            assert!(narrows(text), "{text}");
        }
    }
}
