//! Every socket of a table, one after the other, as `list` shows it: in the kernel's order, in one entry that is filled
//! again and again, by the best way this kernel has.
//!
//! A family that the kernel lacks is a gap, never an empty success. A dump that the kernel breaks off is asked for
//! again only while nothing of it was given; what was given cannot be taken back.

mod inet;
mod other;

use std::io;

use super::{proc_net, tables};
use crate::{
    model::{
        entry::{End, Entry},
        family::{Family, Netid, Protocol},
        gap::{Gap, What, Why},
        socket::Timer,
        state::{State, StateSet},
    },
    source::Source,
    wire::{WireError, dump::walk, netlink, packet, request::Request, tipc, vsock, wanted::Wanted, xdp},
};

/// What is asked of every table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ask {
    /// Wanted states, without `BOUND_INACTIVE`. Families without states are given where `CLOSE` is among them, as in `ss`.
    pub states: StateSet,
    /// Whether TCP sockets that are bound but unused are asked for too.
    pub bound_inactive: bool,
    /// Only this internet family.
    pub family: Option<Family>,
    /// What is wanted beyond the common fields.
    pub wanted: Wanted,
    /// Only what is kept in the BPF maps of these descriptors; empty means all.
    pub bpf_maps: Vec<i32>,
    /// A program for the kernel (`INET_DIAG_REQ_BYTECODE`) that leaves out some internet sockets. A kernel that refuses
    /// it, and `/proc/net`, give them all: what comes must be tested again.
    pub bytecode: Option<Vec<u8>>,
    /// The kernel's version, which tells whether unused bound sockets can be asked for.
    pub kernel: Option<(u32, u32)>,
    /// Put into [`Entry::netns`].
    pub netns: u16,
}

impl Ask {
    /// Sockets in the given states, nothing beyond their common fields.
    pub fn states(states: StateSet) -> Ask {
        Ask {
            states,
            bound_inactive: false,
            family: None,
            wanted: Wanted::NOTHING,
            bpf_maps: Vec::new(),
            bytecode: None,
            kernel: None,
            netns: 0,
        }
    }
}

/// An entry of which nothing is known yet.
pub(super) fn blank(netid: Netid, netns: u16) -> Entry {
    Entry {
        netid,
        family: Family::Inet,
        state: State::CLOSE,
        local: End::None,
        peer: End::None,
        mapped: false,
        v6only: None,
        interface: 0,
        rqueue: 0,
        wqueue: 0,
        timer: Timer::None,
        retrans: 0,
        expires_ms: 0,
        raw_uid: None,
        inode: 0,
        cookie: 0,
        mark: None,
        shutdown: None,
        cgroup_id: None,
        netns,
        detail: None,
    }
}

/// Gives every socket of a protocol to `each`, and says what could not be seen.
///
/// The entry is the same each time: what is to be kept must be cloned.
pub fn entries(source: &mut dyn Source, protocol: Protocol, ask: &Ask, each: &mut dyn FnMut(&Entry)) -> Vec<Gap> {
    let mut out = Out { entry: blank(first_netid(protocol), ask.netns), ask, given: 0, each, gaps: Vec::new() };
    let what = What::Sockets(protocol);
    let wanted = ask.wanted;
    match protocol {
        Protocol::Tcp => {
            if !ask.states.is_empty() {
                inet::tcp(source, &mut out);
            }
            if ask.bound_inactive {
                inet::bound_inactive(source, &mut out);
            }
        }
        _ if ask.states.is_empty() => {}
        Protocol::Udp | Protocol::Raw | Protocol::Mptcp | Protocol::Sctp | Protocol::Dccp => {
            inet::inet(source, protocol, &mut out);
        }
        Protocol::Unix => other::unix_sockets(source, &mut out),
        Protocol::Vsock => other::plain(source, &Request::vsock(ask.states), vsock::fill, what, &mut out),
        Protocol::Tipc => other::plain(source, &Request::tipc(ask.states), tipc::fill, what, &mut out),
        // Asked in any case: a kernel without them must be told.
        Protocol::Xdp => other::plain(source, &Request::xdp(xdp::SHOW), xdp::fill, what, &mut out),
        // These have no states: all of them are unconnected, as far as states go.
        _ if !ask.states.contains(State::CLOSE) => {}
        Protocol::Packet => {
            let request = Request::packet(packet::show(wanted));
            other::stateless(source, &request, packet::fill, proc_net::packet, Family::Packet, what, &mut out);
        }
        Protocol::Netlink => {
            let request = Request::netlink(netlink::show(wanted));
            other::stateless(source, &request, netlink::fill, proc_net::netlink, Family::Netlink, what, &mut out);
        }
    }
    out.gaps
}

fn first_netid(protocol: Protocol) -> Netid {
    match protocol {
        Protocol::Tcp => Netid::Tcp,
        Protocol::Udp => Netid::Udp,
        Protocol::Raw => Netid::Raw,
        Protocol::Unix => Netid::UnixStream,
        Protocol::Mptcp => Netid::Mptcp,
        Protocol::Sctp => Netid::Sctp,
        Protocol::Dccp => Netid::Dccp,
        Protocol::Packet => Netid::PacketRaw,
        Protocol::Netlink => Netid::Netlink,
        Protocol::Vsock => Netid::VsockStream,
        Protocol::Tipc => Netid::TipcStream,
        Protocol::Xdp => Netid::Xdp,
    }
}

/// Where entries go.
struct Out<'a> {
    entry: Entry,
    ask: &'a Ask,
    given: u64,
    each: &'a mut dyn FnMut(&Entry),
    gaps: Vec<Gap>,
}

impl Out<'_> {
    fn give(&mut self) {
        self.given += 1;
        (self.each)(&self.entry);
    }

    fn give_selected(&mut self) {
        if self.ask.states.contains(self.entry.state) {
            self.give();
        }
    }

    fn gap(&mut self, what: What, why: Why) {
        let gap = Gap { what, why };
        if !self.gaps.contains(&gap) {
            self.gaps.push(gap);
        }
    }
}

/// Takes the payload of a record.
type Take<'a> = &'a mut dyn FnMut(&[u8], &mut Out<'_>);

/// Walks one dump. [`WireError::NotAvailable`] is answered only where nothing was given.
fn stream(source: &mut dyn Source, request: &Request, out: &mut Out<'_>, take: Take<'_>) -> Result<(), WireError> {
    let before = out.given;
    for _ in 0..tables::TRIES {
        match walk(source, request, |payload| take(payload, out)) {
            Err(WireError::Interrupted) if out.given == before => {}
            Err(WireError::NotAvailable(error)) if out.given != before => return Err(WireError::Kernel(error, None)),
            ended => return ended,
        }
    }
    Err(WireError::Interrupted)
}

/// What reading a file instead means.
fn from_proc(refused: String, read: io::Result<()>) -> Why {
    match read {
        Ok(()) => Why::ReadFromProc(refused),
        Err(error) => Why::Unreadable(format!("{refused}; {error}")),
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;
    use crate::source::memory::MemorySource;

    fn message(kind: u16, payload: &[u8]) -> Vec<u8> {
        let mut bytes = ((16 + payload.len()) as u32).to_ne_bytes().to_vec();
        bytes.extend(kind.to_ne_bytes());
        bytes.extend([2, 0]);
        bytes.extend(1u32.to_ne_bytes());
        bytes.extend(1u32.to_ne_bytes());
        bytes.extend(payload);
        bytes
    }

    fn answer(payloads: &[Vec<u8>]) -> Vec<Vec<u8>> {
        let mut datagrams: Vec<_> = payloads.iter().map(|payload| message(20, payload)).collect();
        datagrams.push(message(3, &[0; 4]));
        datagrams
    }

    fn tcp(port: u16, state: u8) -> Vec<u8> {
        let mut bytes = vec![0; 72];
        bytes[..2].copy_from_slice(&[2, state]);
        bytes[4..6].copy_from_slice(&port.to_be_bytes());
        bytes[44..46].copy_from_slice(&port.to_ne_bytes());
        bytes
    }

    fn ask() -> Ask {
        Ask::states(StateSet::ALL)
    }

    fn seen(source: &mut dyn Source, protocol: Protocol, ask: &Ask) -> (Vec<Entry>, Vec<Gap>) {
        let mut kept = Vec::new();
        let gaps = entries(source, protocol, ask, &mut |entry| kept.push(entry.clone()));
        (kept, gaps)
    }

    const TABLE: &str =
        "heading\n   0: 0100007F:1F90 00000000:0000 0A 00000000:00000001 00:00000000 00000000 1000 0 42 1\n";

    #[test]
    fn one_walk_gives_the_selected_states_in_order() {
        let mut held = MemorySource::default();
        held.answer((18, 2, 0), answer(&[tcp(1, 10), tcp(2, 1), tcp(3, 6)]));
        let mut ask = Ask::states(StateSet::of(State::LISTEN).with(State::TIME_WAIT));
        ask.netns = 7;
        let (kept, gaps) = seen(&mut held, Protocol::Tcp, &ask);
        let any = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        let ends: Vec<_> = kept.iter().map(|entry| (entry.local.clone(), entry.netns)).collect();
        assert_eq!(ends, [(End::Inet(any, 1), 7), (End::Inet(any, 3), 7)]);
        assert_eq!(gaps, []);
    }

    #[test]
    fn each_family_falls_back_alone() {
        let mut held = MemorySource::default();
        held.refuse((18, 2, 0), libc::ENOENT);
        held.answer((20, 10, 6), answer(&[tcp(9, 10)]));
        held.file("/proc/thread-self/net/tcp", TABLE);
        let (kept, gaps) = seen(&mut held, Protocol::Tcp, &ask());
        assert_eq!(kept.iter().map(|entry| entry.inode).collect::<Vec<_>>(), [42, 0]);
        assert_eq!(kept[0].uid(), Some(1000));
        assert!(matches!(&gaps[..], [Gap { why: Why::ReadFromProc(_), .. }]), "{gaps:?}");
    }

    #[test]
    fn a_family_the_kernel_lacks_is_a_gap() {
        use Protocol::{Dccp, Mptcp, Netlink, Packet, Sctp, Tipc, Vsock, Xdp};
        for protocol in [Mptcp, Sctp, Dccp, Vsock, Tipc, Xdp, Packet, Netlink] {
            for errno in [libc::ENOENT, libc::EINVAL, libc::EOPNOTSUPP, libc::EPROTONOSUPPORT] {
                let mut held = MemorySource::default();
                for family in [2, 10, 16, 17, 30, 40, 44] {
                    for number in [0, 33, 132, 255] {
                        held.refuse((20, family, number), errno);
                    }
                }
                let (kept, gaps) = seen(&mut held, protocol, &ask());
                assert!(kept.is_empty());
                assert!(matches!(&gaps[..], [Gap { why: Why::NotAvailable(_), .. }]), "{protocol:?}: {gaps:?}");
                assert!(gaps[0].is_loss());
            }
        }
    }

    #[test]
    fn unreadable_tables_are_gaps_too() {
        for protocol in [Protocol::Tcp, Protocol::Udp, Protocol::Raw, Protocol::Unix] {
            for family in [None, Some(Family::Inet6)] {
                let ask = Ask { family, ..ask() };
                let (kept, gaps) = seen(&mut MemorySource::default(), protocol, &ask);
                assert!(kept.is_empty());
                assert!(matches!(&gaps[..], [Gap { why: Why::Unreadable(_), .. }, ..]), "{protocol:?}: {gaps:?}");
            }
        }
    }

    #[test]
    fn a_refused_program_or_storage_is_left_out() {
        let mut held = MemorySource::default();
        // With both, with the program, with nothing.
        held.refuse((18, 2, 0), libc::EPERM);
        held.refuse((18, 2, 0), libc::EINVAL);
        held.answer((18, 2, 0), answer(&[tcp(1, 10)]));
        let mut ask = ask();
        ask.bytecode = Some(vec![0; 4]);
        ask.wanted.bpf_storages = true;
        let (kept, gaps) = seen(&mut held, Protocol::Tcp, &ask);
        assert_eq!(kept.len(), 1);
        assert!(matches!(&gaps[..], [Gap { what: What::BpfStorages, why: Why::NotAvailable(_) }]), "{gaps:?}");
    }

    #[test]
    fn a_walk_broken_off_after_something_was_given_is_not_begun_again() {
        let mut held = MemorySource::default();
        let mut broken: Vec<_> = (1..=300).map(|port| message(20, &tcp(port, 1))).collect();
        broken.push(message(3, &(-libc::EINTR).to_ne_bytes()));
        held.answer((18, 2, 0), vec![broken.concat()]);
        held.answer((18, 2, 0), answer(&[tcp(1, 1)]));
        let (kept, gaps) = seen(&mut held, Protocol::Tcp, &ask());
        assert!((1..300).contains(&kept.len()), "{}", kept.len());
        assert!(matches!(&gaps[..], [Gap { why: Why::Unreadable(_), .. }]), "{gaps:?}");
    }

    #[test]
    fn a_unix_peer_gets_its_name_from_the_same_table() {
        let record = |inode: u32, attribute: &[u8]| {
            let mut bytes = vec![1, 1, 1, 0];
            bytes.extend([inode, inode, 0].iter().flat_map(|word| word.to_ne_bytes()));
            bytes.extend(attribute);
            bytes
        };
        let mut held = MemorySource::default();
        let named = record(5, &[8, 0, 0, 0, b'/', b'a', 0, 0]);
        let client = record(6, &[8, 0, 2, 0, 5, 0, 0, 0]);
        held.answer((20, 1, 0), answer(&[client, named]));
        let mut ask = ask();
        let (kept, _) = seen(&mut held, Protocol::Unix, &ask);
        assert_eq!(kept[0].peer, End::Unix { name: None, inode: 5 });
        ask.wanted.unix_peers = true;
        let (kept, _) = seen(&mut held, Protocol::Unix, &ask);
        assert_eq!(kept[0].peer, End::Unix { name: Some(b"/a"[..].into()), inode: 5 });
        assert_eq!((&kept[1].peer, &kept[1].detail), (&End::None, &None));
    }

    #[test]
    fn packet_and_netlink_are_read_from_their_files() {
        let mut held = MemorySource::default();
        held.file("/proc/thread-self/net/packet", "sk\n0 3 3 0003 2 1 16 0 11\n");
        held.file("/proc/thread-self/net/netlink", "sk\n0 15 77 00000002 1 2 0 2 0 12\n");
        let (kept, gaps) = seen(&mut held, Protocol::Packet, &ask());
        assert_eq!((kept[0].inode, kept[0].family), (11, Family::Packet));
        assert!(matches!(&gaps[..], [Gap { why: Why::ReadFromProc(_), .. }]));
        let (kept, gaps) = seen(&mut held, Protocol::Netlink, &ask());
        assert_eq!((kept[0].inode, kept[0].family), (12, Family::Netlink));
        assert!(matches!(&gaps[..], [Gap { why: Why::ReadFromProc(_), .. }]));
    }
}
