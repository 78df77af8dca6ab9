//! Sockets made by hand, of every family and with all that a detail can hold, and how they are listed.

use std::net::IpAddr;

use serde_json::json;
use sockdoc::{
    model::{
        blanks::Blanks,
        detail::{
            CongestionInfo, Detail, Md5Key, MptcpSubflow, PacketDetail, PacketRing, SocketMemory, TcpInfo, TipcDetail,
            Tls, Ulp, Umem, XdpDetail, XdpStatistics,
        },
        entry::{End, Entry},
        family::{Family, Netid},
        field::Field,
        limits::Limits,
        owner::{Container, Place, Process, Unknown},
        socket::Timer,
        state::{State, StateSet},
        tcp_info as fields,
    },
    render::{
        format::Format,
        list::{Listing, Owner, Shown, SocketRow, Wording},
        screen::Screen,
    },
    report::ends::{Ends, ends},
    text::{Catalogue, Lang},
};

pub(crate) const LIMITS: Limits = Limits {
    tcp_fin_timeout: Some(60),
    tcp_syn_retries: Some(6),
    tcp_syn_linear_timeouts: Some(4),
    tcp_synack_retries: Some(5),
};

fn inet(address: &str, port: u16) -> End {
    End::Inet(address.parse::<IpAddr>().unwrap(), port)
}

pub(crate) fn entry(netid: Netid, family: Family, state: State, local: End, peer: End) -> Entry {
    Entry { family, state, local, peer, ..Entry::blank(netid, 0) }
}

pub(crate) fn tcp(state: State, local: (&str, u16), peer: (&str, u16)) -> Entry {
    entry(Netid::Tcp, Family::Inet, state, inet(local.0, local.1), inet(peer.0, peer.1))
}

/// Sockets of TCP in the states that differ in their known fields.
pub(crate) fn tcp_sockets() -> Vec<Entry> {
    let held = |entry: Entry| Entry { raw_uid: Some(0), inode: 4711, cookie: 0x1f, ..entry };
    let listener = held(Entry {
        family: Family::Inet6,
        local: inet("::", 443),
        peer: inet("::", 0),
        wqueue: 511,
        v6only: Some(false),
        ..tcp(State::LISTEN, ("::", 443), ("::", 0))
    });
    let open = held(Entry {
        wqueue: 1448,
        timer: Timer::Keepalive,
        expires_ms: 6_600_000,
        shutdown: Some(0),
        cgroup_id: Some(0x11),
        mark: Some(0x2a),
        interface: 2,
        detail: Some(Box::new(detail())),
        ..tcp(State::ESTABLISHED, ("10.0.0.1", 443), ("192.0.2.7", 51_000))
    });
    let leaked = held(tcp(State::CLOSE_WAIT, ("10.0.0.1", 40_000), ("10.0.3.7", 5432)));
    let mapped = Entry {
        family: Family::Inet6,
        mapped: true,
        ..tcp(State::ESTABLISHED, ("10.0.0.1", 443), ("198.51.100.9", 50_001))
    };
    let gone = Entry {
        timer: Timer::TimeWait,
        expires_ms: 53_900,
        ..tcp(State::TIME_WAIT, ("10.0.0.1", 443), ("203.0.113.20", 50_002))
    };
    let asking = held(Entry {
        family: Family::Inet6,
        wqueue: 1,
        timer: Timer::Retransmit,
        expires_ms: 1_200,
        retrans: 5,
        ..tcp(State::SYN_SENT, ("2001:db8::1", 40_001), ("2001:db8:0:1:1:1:1:1", 80))
    });
    vec![listener, open, leaked, mapped, gone, asking]
}

fn info() -> TcpInfo {
    let mut bytes = [0; 280];
    let mut set = |field: &Field, value: u64| {
        let begin = usize::from(field.offset);
        let width = usize::from(field.width);
        let shifted = value << field.bits.map_or(0, |(first, _)| first);
        let old = field.bits.map_or(0, |_| bytes[begin]);
        bytes[begin..begin + width].copy_from_slice(&shifted.to_le_bytes()[..width]);
        bytes[begin] |= old;
    };
    for (field, value) in [
        (&fields::STATE, 1),
        (&fields::CA_STATE, 4),
        (&fields::OPTIONS, 7),
        (&fields::SND_WSCALE, 7),
        (&fields::RCV_WSCALE, 9),
        (&fields::DELIVERY_RATE_APP_LIMITED, 1),
        (&fields::RTO, 204_000),
        (&fields::RTT, 20),
        (&fields::RTTVAR, 10),
        (&fields::SND_MSS, 32_768),
        (&fields::SND_CWND, 10),
        (&fields::SND_SSTHRESH, 0x7fff_ffff),
        (&fields::REORDERING, 3),
        (&fields::TOTAL_RETRANS, 2),
        (&fields::PACING_RATE, 2_621_440_000),
        (&fields::MAX_PACING_RATE, u64::MAX),
        (&fields::BYTES_ACKED, 101),
        (&fields::BUSY_TIME, 30_000),
        (&fields::RWND_LIMITED, 10_000),
        (&fields::MIN_RTT, 12),
        (&fields::SND_WND, 65_536),
        (&fields::RCV_WND, 458_496),
        (&fields::TOTAL_RTO, 2),
        (&fields::TOTAL_RTO_TIME, 612),
    ] {
        set(field, value);
    }
    TcpInfo::new(&bytes)
}

fn memory() -> SocketMemory {
    SocketMemory {
        rmem_alloc: 0,
        rcvbuf: 131_072,
        wmem_alloc: 0,
        sndbuf: 87_040,
        fwd_alloc: 4096,
        wmem_queued: 2304,
        optmem: 0,
        backlog: Some(0),
        drops: Some(3),
    }
}

fn detail() -> Detail {
    Detail {
        tcp_info: Some(info()),
        congestion: Some("cubic".into()),
        memory: Some(memory()),
        tos: Some(0x10),
        sockopt: Some(0b1_0001_0010),
        ..Detail::default()
    }
}

/// Sockets of every other family, with all that a detail can hold.
pub(crate) fn other_sockets() -> Vec<Entry> {
    let unix = |name: Option<&[u8]>, inode| End::Unix { name: name.map(Into::into), inode };
    let with = |entry: Entry, detail: Detail| Entry { detail: Some(Box::new(detail)), ..entry };
    let subflow = MptcpSubflow {
        flags: Some(0x41),
        token_remote: Some(0xab),
        token_local: Some(0xcdef_0123),
        id_remote: Some(0),
        id_local: Some(1),
        map_seq: Some(u64::MAX),
        ..MptcpSubflow::default()
    };
    let tls = Tls { version: Some(0x304), cipher: Some(99), tx: Some(2), rx: Some(1), ..Tls::default() };
    let ring = PacketRing {
        block_size: 4096,
        blocks: 8,
        frame_size: 2048,
        frames: 16,
        retire_ms: Some(60),
        private_size: Some(0),
        features: Some(1),
    };
    let xdp = XdpDetail {
        rx_ring: Some(2048),
        tx_ring: None,
        fill_ring: Some(512),
        completion_ring: Some(256),
        umem: Some(Umem { size: 4_194_304, id: 3, pages: 1024, chunk_size: 4096, zero_copy: true, ..Umem::default() }),
        statistics: Some(XdpStatistics { rx_full: 7, ..XdpStatistics::default() }),
    };
    let tipc = TipcDetail {
        connection_congested: true,
        drops: Some(2),
        published: true,
        service: Some((1000, 1)),
        ..TipcDetail::default()
    };
    let packet = PacketDetail {
        flags: Some(3),
        version: Some(2),
        rx_ring: Some(ring),
        fanout: Some(0x1_0007),
        ..PacketDetail::default()
    };
    vec![
        entry(Netid::Udp, Family::Inet, State::CLOSE, inet("127.0.0.53", 53), inet("0.0.0.0", 0)),
        entry(Netid::Raw, Family::Inet6, State::CLOSE, inet("::", 58), inet("::", 0)),
        with(
            entry(
                Netid::UnixStream,
                Family::Unix,
                State::LISTEN,
                unix(Some(b"/run/a \"b\"\\\x1b[2J"), 123),
                unix(None, 0),
            ),
            Detail { unix_vfs: Some((7, 8 << 20 | 1)), unix_pending: vec![9, 10], ..Detail::default() },
        ),
        entry(Netid::UnixSeqpacket, Family::Unix, State::ESTABLISHED, unix(None, 124), unix(Some(b"\0x\xff"), 125)),
        with(
            entry(Netid::PacketRaw, Family::Packet, State::CLOSE, End::Packet { protocol: 3, interface: 2 }, End::None),
            Detail { packet: Some(packet), bpf: vec![(0x28, 0, 0, 12), (6, 0, 0, u32::MAX)], ..Detail::default() },
        ),
        with(
            entry(
                Netid::Netlink,
                Family::Netlink,
                State::CLOSE,
                End::Netlink { protocol: 0, port: 4348, group: 0 },
                End::Netlink { protocol: 0, port: 0, group: 0 },
            ),
            Detail {
                netlink_groups: Some(0x111),
                netlink_more_groups: vec![0x20],
                netlink_flags: Some(1),
                ..Detail::default()
            },
        ),
        entry(
            Netid::VsockStream,
            Family::Vsock,
            State::LISTEN,
            End::Vsock { cid: u32::MAX, port: 22 },
            End::Vsock { cid: u32::MAX, port: u32::MAX },
        ),
        with(
            entry(Netid::TipcStream, Family::Tipc, State::CLOSE, End::Tipc { node: 1, reference: 2 }, End::None),
            Detail { tipc: Some(tipc), ..Detail::default() },
        ),
        with(
            entry(Netid::Xdp, Family::Xdp, State::CLOSE, End::Xdp { interface: 2, queue: 3 }, End::None),
            Detail { xdp: Some(xdp), ..Detail::default() },
        ),
        with(
            entry(Netid::Mptcp, Family::Inet, State::ESTABLISHED, inet("10.0.0.1", 1), inet("10.0.0.2", 2)),
            Detail {
                protocol_info: Some(vec![1; 40].into()),
                ulp: Some(Ulp { name: "mptcp".into(), tls: Some(tls), mptcp: Some(subflow) }),
                md5: vec![Md5Key { address: "10.0.0.0".parse().unwrap(), prefix: 8 }],
                bpf_storages: vec![(5, Box::new([1, 0xab]))],
                ..Detail::default()
            },
        ),
        with(
            entry(Netid::Sctp, Family::Inet, State::LISTEN, inet("0.0.0.0", 9), inet("0.0.0.0", 0)),
            Detail {
                protocol_info: Some(vec![3, 0, 0, 0, 3, 0, 0, 0].into()),
                congestion_info: Some(CongestionInfo::Dctcp {
                    enabled: 1,
                    ce_state: 0,
                    alpha: 1024,
                    ab_ecn: 1,
                    ab_tot: 2,
                }),
                sctp_locals: vec!["10.0.0.1".parse().unwrap(), "::1".parse().unwrap()],
                ..Detail::default()
            },
        ),
    ]
}

pub(crate) fn screen(columns: usize) -> Screen {
    Screen::terminal(columns, true, false)
}

/// The surroundings of the sockets of `listing`.
pub(crate) struct World {
    processes: Vec<Process>,
    place: Place,
}

impl World {
    pub(crate) fn new() -> World {
        let container = Container { runtime: "docker", id: "0123456789abcdef".into(), pod: None };
        let process = |pid, program: &[u8]| Process {
            pid,
            program: program.into(),
            uid: Some(33),
            place: Place { unit: Some("nginx.service".into()), ..Place::default() },
            context: None,
        };
        World {
            processes: (12..20).map(|pid| process(pid, b"nginx")).chain([process(99, b"a\"b\n")]).collect(),
            place: Place {
                cgroup: Some("/system.slice/nginx.service".into()),
                unit: Some("nginx.service".into()),
                container: Some(container),
            },
        }
    }

    pub(crate) fn owners(&self) -> Vec<Owner<'_>> {
        let owner =
            |process| Owner { pid: 0, tid: 0, fd: Some(3), process, user: Some("www-data"), socket_context: None };
        self.processes.iter().map(|process| Owner { pid: process.pid, tid: process.pid, ..owner(process) }).collect()
    }
}

pub(crate) fn listing(entries: &[Entry], format: Format, shown: Shown<'_>, screen: Screen, lang: Lang) -> String {
    let world = World::new();
    let owners = world.owners();
    let mut out = Vec::new();
    let words = Catalogue::new(lang);
    let mut listing = Listing::new(&mut out, format, shown, &words, &screen);
    for entry in entries {
        let full = entry.inode != 0;
        let row = SocketRow {
            owners: if full { &owners[7..] } else { &[] },
            unknown: (!full).then_some(match entry.state {
                State::ESTABLISHED => Unknown::NotAccepted,
                State::TIME_WAIT => Unknown::NoneKept,
                _ => Unknown::NotPermitted,
            }),
            place: full.then_some(&world.place),
            user: full.then_some("root"),
            interface: Some("eth0"),
            peer_owners: if matches!(entry.peer, End::Unix { inode: 125, .. }) { &owners[8..] } else { &[] },
            ..plain(entry, ends(entry, &LIMITS))
        };
        listing.row(&row).unwrap();
    }
    listing.finish(&[json!({"what": "netns", "why": "one reason", "remedy": null})]).unwrap();
    String::from_utf8(out).unwrap()
}

/// A socket for which nothing was looked up.
pub(crate) fn plain(entry: &Entry, ends: Ends) -> SocketRow<'_> {
    SocketRow {
        entry,
        owners: &[],
        unknown: None,
        place: None,
        netns: None,
        user: None,
        hosts: [None; 2],
        interface: None,
        ends,
        peer_owners: &[],
    }
}

pub(crate) const ALL: Shown<'static> = Shown {
    compat: None,
    one_state: false,
    blanks: Blanks { host: false, timers: false, inodes: false, queues: false, closed: false, states: StateSet::EMPTY },
    no_queues: false,
    columns: None,
    several: true,
    namespaces: false,
    no_header: false,
    one_line: false,
    numeric: false,
    wording: Wording::Pipe,
    tipc_info: true,
    timers: true,
    extended: true,
    memory: true,
    info: true,
    processes: true,
    threads: false,
    contexts: false,
    socket_contexts: false,
    tos: true,
    cgroup: true,
    socket_options: true,
    filters: true,
    storages: true,
    services: None,
};

pub(crate) fn all_sockets() -> Vec<Entry> {
    tcp_sockets().into_iter().chain(other_sockets()).collect()
}
