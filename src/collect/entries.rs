//! Every socket of a table, one after the other, as `list` shows it: in the kernel's order, in one entry that is filled
//! again and again.

use super::{
    prelude::*,
    proc_net,
    query::DumpQuery,
    walk::{self, Visitor},
};
use crate::{
    model::family::Family,
    wire::{dump, inet::Record, inet_detail, netlink, packet, request::Request, tipc, unix, vsock, xdp},
};

/// Puts a record into an entry.
type FillEntry = fn(&[u8], Needs, &mut Entry) -> bool;

/// Passes every socket of a protocol to `each`, and returns the gaps.
///
/// `each` gets the same entry every time: clone it to keep it.
#[must_use = "sockets that could not be read are missing from what was given"]
pub fn entries(
    source: &mut dyn Source,
    protocol: Protocol,
    query: &DumpQuery,
    each: &mut dyn FnMut(&Entry),
) -> Vec<Gap> {
    let (states, needs) = (query.states, query.needs);
    let mut list = Emitter { entry: Entry::blank(first_netid(protocol), query.netns), query, each };
    let mut plain = |request, fill| plain(source, protocol, request, fill, &mut list);
    match protocol {
        Protocol::Tcp => {
            let mut gaps = Vec::new();
            if !states.is_empty() {
                gaps = walk::inet(source, protocol, query, &mut list, &mut Emitter::inet);
            }
            if query.bound_inactive {
                gaps.extend(walk::bound_inactive(source, query, &mut list, &mut Emitter::inet));
            }
            gaps
        }
        _ if states.is_empty() => Vec::new(),
        Protocol::Udp | Protocol::UdpLite | Protocol::Raw | Protocol::Mptcp | Protocol::Sctp | Protocol::Dccp => {
            walk::inet(source, protocol, query, &mut list, &mut Emitter::inet)
        }
        Protocol::Unix => unix_sockets(source, &mut list),
        Protocol::Vsock => plain(Request::vsock(states), vsock::fill),
        Protocol::Tipc => plain(Request::tipc(states), tipc::fill),
        // Asked in any case: a kernel without them must be reported.
        Protocol::Xdp => plain(Request::xdp(xdp::SHOW), xdp::fill),
        // These have no states: all of them are unconnected, as far as states go.
        _ if !states.contains(State::CLOSE) => Vec::new(),
        Protocol::Packet => {
            list.entry.family = Family::Packet;
            let mut fill = |list: &mut Emitter<'_>, payload: &[u8]| list.stateless(payload, packet::fill);
            let file = |source: &dyn Source, list: &mut Emitter<'_>| {
                list.entry.empty_detail(needs);
                proc_net::packet(source, &mut list.entry, list.each)
            };
            walk::other(source, protocol, Request::packet(packet::show(needs)), &mut list, &mut fill, Some(file))
        }
        Protocol::Netlink => {
            list.entry.family = Family::Netlink;
            let mut fill = |list: &mut Emitter<'_>, payload: &[u8]| list.stateless(payload, netlink::fill);
            let file = |source: &dyn Source, list: &mut Emitter<'_>| {
                list.entry.empty_detail(needs);
                proc_net::netlink(source, &mut list.entry, list.each)
            };
            let request = Request::netlink(netlink::show(needs)).with_asker(query.as_ss);
            walk::other(source, protocol, request, &mut list, &mut fill, Some(file))
        }
    }
}

fn first_netid(protocol: Protocol) -> Netid {
    match protocol {
        Protocol::Tcp => Netid::Tcp,
        Protocol::Udp => Netid::Udp,
        Protocol::UdpLite => Netid::UdpLite,
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

/// Receives entries; an entry cannot be withdrawn.
struct Emitter<'a> {
    entry: Entry,
    query: &'a DumpQuery,
    each: &'a mut dyn FnMut(&Entry),
}

impl Visitor for Emitter<'_> {
    fn restart(&mut self) -> bool {
        false
    }
}

impl Emitter<'_> {
    fn inet(&mut self, record: &Record<'_>) {
        if inet_detail::fill(record, self.query.needs, &mut self.entry) {
            self.give();
        }
    }

    fn stateless(&mut self, payload: &[u8], fill: FillEntry) {
        if fill(payload, self.query.needs, &mut self.entry) {
            (self.each)(&self.entry);
        }
    }

    /// Gives the entry, unless its state is not wanted; one that is bound and unused is there because it was asked for.
    fn give(&mut self) {
        let state = self.entry.state;
        if state == State::BOUND_INACTIVE || self.query.states.contains(state) {
            (self.each)(&self.entry);
        }
    }
}

/// UNIX sockets; with their peers' names, where those are wanted, from a first pass over the same table.
fn unix_sockets(source: &mut dyn Source, list: &mut Emitter<'_>) -> Vec<Gap> {
    let query = list.query;
    let mut names = BTreeMap::new();
    if query.needs.contains(Needs::UNIX_PEERS) {
        let request = Request::unix(StateSet::ALL, unix::SHOW_NAME);
        // A failure here also fails the walk that counts, which reports it.
        let _ = dump::walk(source, &request, |payload| names.extend(unix::named(payload)));
    }
    walk::unix(source, query.states, unix::show(query.needs), list, &mut |list, payload| {
        if unix::fill(payload, query.needs, &mut list.entry) {
            if let End::Unix { name, inode } = &mut list.entry.peer {
                *name = names.get(inode).cloned();
            }
            list.give();
        }
    })
}

/// A family that only netlink lists, and whose records carry a state.
fn plain(
    source: &mut dyn Source,
    protocol: Protocol,
    request: Request,
    fill: FillEntry,
    list: &mut Emitter<'_>,
) -> Vec<Gap> {
    let mut take = |list: &mut Emitter<'_>, payload: &[u8]| {
        if fill(payload, list.query.needs, &mut list.entry) {
            list.give();
        }
    };
    let no_file = None::<fn(&dyn Source, &mut Emitter<'_>) -> std::io::Result<()>>;
    walk::other(source, protocol, request, list, &mut take, no_file)
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;
    use crate::{
        model::gap::{What, Why},
        source::memory::{MemorySource, message},
    };

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

    fn ask() -> DumpQuery {
        DumpQuery::states(StateSet::ALL)
    }

    fn seen(source: &mut dyn Source, protocol: Protocol, ask: &DumpQuery) -> (Vec<Entry>, Vec<Gap>) {
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
        let mut ask = DumpQuery::states(StateSet::of(State::LISTEN).with(State::TIME_WAIT));
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
                let ask = DumpQuery { family, ..ask() };
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
        ask.needs |= Needs::BPF_STORAGES;
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
        ask.needs |= Needs::UNIX_PEERS;
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
