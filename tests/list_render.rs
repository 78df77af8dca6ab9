//! The listing in every format, byte for byte, and against its schema.

#![allow(clippy::unwrap_used, reason = "test code outside of test functions")]

use std::{fs, net::IpAddr, path::Path};

use expect_test::{Expect, expect};
use serde_json::{Value, json};
use sockdoc::{
    model::{
        detail::{
            CongestionInfo, Detail, Md5Key, MptcpSubflow, PacketDetail, PacketRing, SocketMemory, TcpInfoBytes,
            TipcDetail, Tls, Ulp, Umem, XdpDetail, XdpStatistics,
        },
        entry::{End, Entry},
        family::{Family, Netid},
        field::Field,
        limits::Limits,
        owner::{Container, Place, Process, Unknown},
        socket::Timer,
        state::State,
        tcp_info as fields,
    },
    render::{
        format::Format,
        list::{
            Listing, Owner, Shown, SocketRow, Wording,
            columns::Column,
            summary::{self, Summary},
        },
        screen::Screen,
    },
    report::ends::{Ends, ends},
    text::{Catalogue, Lang},
};

#[path = "schema/mutations.rs"]
mod mutations;

const LIMITS: Limits = Limits {
    tcp_fin_timeout: Some(60),
    tcp_syn_retries: Some(6),
    tcp_syn_linear_timeouts: Some(4),
    tcp_synack_retries: Some(5),
};

fn inet(address: &str, port: u16) -> End {
    End::Inet(address.parse::<IpAddr>().unwrap(), port)
}

fn entry(netid: Netid, family: Family, state: State, local: End, peer: End) -> Entry {
    Entry {
        netid,
        family,
        state,
        local,
        peer,
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
        netns: 0,
        detail: None,
    }
}

fn tcp(state: State, local: (&str, u16), peer: (&str, u16)) -> Entry {
    entry(Netid::Tcp, Family::Inet, state, inet(local.0, local.1), inet(peer.0, peer.1))
}

/// Sockets of TCP in the states that differ in what is known of them.
fn tcp_sockets() -> Vec<Entry> {
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

fn info() -> TcpInfoBytes {
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
    TcpInfoBytes::new(&bytes)
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
fn other_sockets() -> Vec<Entry> {
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
                End::Netlink { protocol: 0, port: 4348 },
                End::Netlink { protocol: 0, port: 0 },
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

fn screen(columns: usize) -> Screen {
    Screen::terminal(columns, true, false)
}

/// What stands behind the sockets of `listing`.
struct World {
    processes: Vec<Process>,
    place: Place,
}

impl World {
    fn new() -> World {
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

    fn owners(&self) -> Vec<Owner<'_>> {
        let owner = |process| Owner { pid: 0, tid: 0, fd: 3, process, user: Some("www-data"), socket_context: None };
        self.processes.iter().map(|process| Owner { pid: process.pid, tid: process.pid, ..owner(process) }).collect()
    }
}

fn listing(entries: &[Entry], format: Format, shown: Shown<'_>, screen: Screen, lang: Lang) -> String {
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
            ..SocketRow::plain(entry, ends(entry, &LIMITS))
        };
        listing.row(&row).unwrap();
    }
    listing.finish(&[json!({"what": "netns", "why": "one reason", "remedy": null})]).unwrap();
    String::from_utf8(out).unwrap()
}

fn check(entries: &[Entry], format: Format, shown: Shown<'_>, expected: Expect) {
    let text = listing(entries, format, shown, Screen::plain(true), Lang::En);
    expected.assert_eq(&text);
    assert!(!text.lines().any(|line| line.ends_with(' ')), "blanks at an end: {text}");
}

const ALL: Shown<'static> = Shown {
    made_up_inodes: false,
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

#[test]
fn the_plain_table_has_the_columns_of_ss() {
    check(
        &tcp_sockets(),
        Format::Table,
        Shown::default(),
        expect![[r#"
            State        Recv-Q  Send-Q  Local Address:Port   Peer Address:Port
            LISTEN            0     511  *:443                *:*
            ESTABLISHED       0    1448  10.0.0.1%eth0:443    192.0.2.7:51000
            CLOSE_WAIT        0       0  10.0.0.1:40000       10.0.3.7:5432
            ESTABLISHED       0       0  10.0.0.1:443         198.51.100.9:50001
            TIME_WAIT         0       0  10.0.0.1:443         203.0.113.20:50002
            SYN_SENT          0       1  [2001:db8::1]:40001  [2001:db8:0:1:1:1:1:1]:80
        "#]],
    );
}

#[test]
fn all_details_stand_as_in_ss() {
    check(
        &tcp_sockets(),
        Format::Table,
        Shown { several: false, ..ALL },
        expect![[r#"
            State        Recv-Q  Send-Q  Local Address:Port   Peer Address:Port          Process
            LISTEN            0     511  *:443                *:*                        users:(("nginx",pid=19,fd=3),("a"b\x0a",pid=99,fd=3)) uid:0 ino:4711 sk:1f cgroup:/system.slice/nginx.service v6only:0
            ESTABLISHED       0    1448  10.0.0.1%eth0:443    192.0.2.7:51000            users:(("nginx",pid=19,fd=3),("a"b\x0a",pid=99,fd=3)) timer:(keepalive,110min,0) uid:0 ino:4711 sk:1f fwmark:0x2a cgroup:/system.slice/nginx.service <-> tos:0x10
            	 inet-sockopt: ( is_icsk mc_loop bind_addr_no_port)
            	 skmem:(r0,rb131072,t0,tb87040,f4096,w2304,o0,bl0,d3) ts sack cubic wscale:7,9 rto:204 rtt:0.02/0.01 mss:32768 cwnd:10 bytes_acked:101 send 131Gbps pacing_rate 21Gbps app_limited busy:30ms rwnd_limited:10ms(33.3%) retrans:0/2 minrtt:0.012 snd_wnd:65536 rcv_wnd:458496 ca_state:loss total_rto:2 total_rto_time:612ms
            CLOSE_WAIT        0       0  10.0.0.1:40000       10.0.3.7:5432              users:(("nginx",pid=19,fd=3),("a"b\x0a",pid=99,fd=3)) never goes away uid:0 ino:4711 sk:1f cgroup:/system.slice/nginx.service
            ESTABLISHED       0       0  10.0.0.1:443         198.51.100.9:50001         - (not accepted yet) ino:0 sk:0
            TIME_WAIT         0       0  10.0.0.1:443         203.0.113.20:50002         - (kernel keeps none) timer:(timewait,53sec,0) goes away in 53 s ino:0 sk:0
            SYN_SENT          0       1  [2001:db8::1]:40001  [2001:db8:0:1:1:1:1:1]:80  users:(("nginx",pid=19,fd=3),("a"b\x0a",pid=99,fd=3)) timer:(on,1.200ms,5) goes away in 2 min 5 s uid:0 ino:4711 sk:1f cgroup:/system.slice/nginx.service
        "#]],
    );
}

#[test]
fn every_family_has_its_ends() {
    check(
        &other_sockets(),
        Format::Table,
        ALL,
        expect![[r#"
            Netid  State        Recv-Q  Send-Q  Local Address:Port       Peer Address:Port  Process
            udp    UNCONN            0       0  127.0.0.53:53            0.0.0.0:*          - (other user: sudo) ino:0 sk:0
            raw    UNCONN            0       0  *:58                     *:*                - (other user: sudo) ino:0 sk:0
            u_str  LISTEN            0       0  /run/a "b"\\\x1b[2J 123  * 0                - (other user: sudo) ino:7 dev:8/1 peers: 9 10
            u_seq  ESTABLISHED       0       0  * 124                    @x\xff 125         - (not accepted yet) peer:(("a"b\x0a",pid=99,fd=3))
            p_raw  UNCONN            0       0  *:eth0                   *                  - (other user: sudo) ino:0 sk:0
            	 ver:2 cpy_thresh:0 flags( running auxdata )
            	 ring_rx(blk_size:4096,blk_nr:8,frm_size:2048,frm_nr:16,tmo:60,features:0x1)
            	 fanout(id:7,type:lb)
            	 bpf filter (2):  0x28 0 0 12, 0x06 0 0 4294967295,
            nl     UNCONN            0       0  rtnl:4348                rtnl:kernel        - (other user: sudo) ino:0 sk:0 groups=0x200000000000000111
            v_str  LISTEN            0       0  *:22                     *:*                - (other user: sudo) ino:0 sk:0
            ti_st  UNCONN            0       0  1:2                      *                  - (other user: sudo) ino:0 sk:0
            	 type:STREAM cong:conn drop:2 publ via {1000,1}
            xdp    UNCONN            0       0  eth0:q3                  *                  - (other user: sudo) ino:0 sk:0
            	 rx(entries:2048)
            	 umem(id:3,size:4194304,num_pages:1024,chunk_size:4096,headroom:0,ifindex:0,qid:0,zc:1,refs:0)
            	 fr(entries:512)
            	 cr(entries:256)
            	 stats(rx dropped:0,rx invalid:0,rx queue full:7,rx fill ring empty:0,tx invalid:0,tx ring empty:0)
            mptcp  ESTABLISHED       0       0  10.0.0.1:1               10.0.0.2:2         - (not accepted yet) ino:0 sk:0
            	 subflows:1 add_addr_signal:1 add_addr_accepted:1 subflows_max:1 add_addr_signal_max:1 add_addr_accepted_max:1 fallback token:1010101 write_seq:101010101010101 snd_una:101010101010101 rcv_nxt:101010101010101 md5keys:10.0.0.0/8 tcp-ulp-mptcp version: 1.3 cipher: unknown(99) rxconf: none txconf: sw flags:Me token:00ab(id:0)/cdef0123(id:1) seq:ffffffffffffffff
            	 bpf_map_id:5 value:01ab
            sctp   LISTEN            0       0  0.0.0.0:9                0.0.0.0:*          - (other user: sudo) ino:0 sk:0
            	 tag:3 state:ESTAB locals:10.0.0.1,::1
        "#]],
    );
}

#[test]
fn details_that_do_not_fit_the_terminal_go_below() {
    let shown = Shown { several: false, wording: Wording::Words, socket_options: false, ..ALL };
    let text = listing(&tcp_sockets(), Format::Table, shown, screen(100), Lang::Zh);
    expect![[r#"
        状态         接收队列  发送队列  本地地址：端口       对端地址：端口             进程
        LISTEN              0       511  *:443                *:*
        	 nginx (19), a"b\x0a (99) uid:0 ino:4711 sk:1f cgroup:/system.slice/nginx.service v6only:0
        ESTABLISHED         0      1448  10.0.0.1%eth0:443    192.0.2.7:51000
        	 nginx (19), a"b\x0a (99) 保活探测倒计时：1 小时 50 分 uid:0 ino:4711 sk:1f fwmark:0x2a
        	 cgroup:/system.slice/nginx.service <-> tos:0x10
        	 内存：已收 0 B（上限 128 KiB），待发 2.3 KiB（上限 85 KiB），已交网卡 0 B，预留 4 KiB，选项
        	 0 B，等待加锁 0 B，丢弃 3 个包
        	 ts sack cubic wscale:7,9 rto:204 rtt:0.02/0.01 mss:32768 cwnd:10 bytes_acked:101 send
        	 131Gbps pacing_rate 21Gbps app_limited busy:30ms rwnd_limited:10ms(33.3%) retrans:0/2
        	 minrtt:0.012 snd_wnd:65536 rcv_wnd:458496 ca_state:loss total_rto:2 total_rto_time:612ms
        CLOSE_WAIT          0         0  10.0.0.1:40000       10.0.3.7:5432
        	 nginx (19), a"b\x0a (99) 除非程序关闭，否则不会消失 uid:0 ino:4711 sk:1f
        	 cgroup:/system.slice/nginx.service
        ESTABLISHED         0         0  10.0.0.1:443         198.51.100.9:50001
        	 -（还没被接收） 直到一方关闭才结束（没有保活） ino:0 sk:0
        TIME_WAIT           0         0  10.0.0.1:443         203.0.113.20:50002
        	 -（内核不保留） 消失倒计时：53 秒 ino:0 sk:0
        SYN_SENT            0         1  [2001:db8::1]:40001  [2001:db8:0:1:1:1:1:1]:80
        	 nginx (19), a"b\x0a (99) 重发倒计时：1 秒，已试 5 次；消失倒计时：2 分 5 秒 uid:0 ino:4711
        	 sk:1f cgroup:/system.slice/nginx.service
    "#]]
    .assert_eq(&text);
}

#[test]
fn one_line_is_one_line() {
    let shown = Shown { one_line: true, no_header: true, ..ALL };
    let text = listing(&other_sockets(), Format::Table, shown, screen(40), Lang::En);
    assert_eq!(text.lines().count(), other_sockets().len());
}

#[test]
fn chosen_columns_come_in_their_order() {
    let names = ["ends", "user", "process", "state", "container", "unit", "lport", "rtt", "pacing_rate"];
    let columns: Vec<Column> = names.iter().map(|name| Column::of_name(name).unwrap()).collect();
    let services = |_, port| (port == 443).then_some("https");
    let shown = Shown { columns: Some(&columns), services: Some(&services), ..Shown::default() };
    check(
        &tcp_sockets(),
        Format::Table,
        shown,
        expect![[r#"
            Goes Away In  User  Process                   State        Container     Unit           Local Port   rtt  pacing_rate
            when closed   root  nginx (19), a"b\x0a (99)  LISTEN       0123456789ab  nginx.service       https     -            -
            -             root  nginx (19), a"b\x0a (99)  ESTABLISHED  0123456789ab  nginx.service       https  0.02       21Gbps
            never         root  nginx (19), a"b\x0a (99)  CLOSE_WAIT   0123456789ab  nginx.service       40000     -            -
            when closed   -     - (not accepted yet)      ESTABLISHED  -             -                   https     -            -
            53 s          -     - (kernel keeps none)     TIME_WAIT    -             -                   https     -            -
            2 min 5 s     root  nginx (19), a"b\x0a (99)  SYN_SENT     0123456789ab  nginx.service       40001     -            -
        "#]],
    );
    check(
        &tcp_sockets(),
        Format::Csv,
        Shown { services: None, ..shown },
        expect![[r#"
        ends_in_ms,user,process,state,container,unit,lport,rtt_us,pacing_rate_bytes_per_second
        never,root,"nginx a""b
        ",LISTEN,0123456789abcdef,nginx.service,443,,
        ,root,"nginx a""b
        ",ESTABLISHED,0123456789abcdef,nginx.service,443,20,2621440000
        never,root,"nginx a""b
        ",CLOSE_WAIT,0123456789abcdef,nginx.service,40000,,
        never,,,ESTABLISHED,,,443,,
        53900,,,TIME_WAIT,,,443,,
        125200,root,"nginx a""b
        ",SYN_SENT,0123456789abcdef,nginx.service,40001,,
    "#]],
    );
}

#[test]
fn a_wider_row_after_the_first_ones_pushes_its_line_only() {
    let narrow = tcp(State::LISTEN, ("10.0.0.1", 1), ("0.0.0.0", 0));
    let wide = tcp(State::ESTABLISHED, ("2001:db8:1:1:1:1:1:1", 65_535), ("10.0.0.2", 1));
    let entries: Vec<Entry> = std::iter::repeat_n(narrow, 1_000).chain([wide]).collect();
    let text = listing(&entries, Format::Table, Shown::default(), Screen::plain(true), Lang::En);
    assert_eq!(text.lines().count(), 1_002);
    assert_eq!(text.lines().nth(1_000).unwrap(), "LISTEN       0       0  10.0.0.1:1          0.0.0.0:*");
    assert_eq!(text.lines().last().unwrap(), "ESTABLISHED  0       0  [2001:db8:1:1:1:1:1:1]:65535  10.0.0.2:1");
}

#[test]
fn a_cell_beyond_the_widest_column_keeps_two_blanks_and_later_columns_their_place() {
    let path = format!("/run/{}", "x".repeat(60));
    let unix = |name: &str| {
        let end = End::Unix { name: Some(name.as_bytes().into()), inode: 7 };
        let peer = End::Unix { name: None, inode: 8 };
        Entry { inode: 7, ..entry(Netid::UnixStream, Family::Unix, State::ESTABLISHED, end, peer) }
    };
    let columns = ["local", "recvq", "inode"].map(|name| Column::of_name(name).unwrap());
    let shown = Shown { columns: Some(&columns), ..Shown::default() };
    let short = format!("/run/{}", "y".repeat(39));
    let text = listing(&[unix(&path), unix(&short)], Format::Table, shown, Screen::plain(true), Lang::En);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[1], format!("{path} 7  0  7"));
    assert_eq!(lines[2], format!("{short} 7   {:>6}  {:>5}", 0, 7));
}

#[test]
fn a_terminal_gets_words_and_owners_in_tokens_unless_they_repeat() {
    let shown = |wording| Shown { wording, timers: true, memory: true, processes: true, ..Shown::default() };
    let of = |wording, lang| listing(&tcp_sockets(), Format::Table, shown(wording), Screen::plain(true), lang);
    expect![[r#"
        State        Recv-Q  Send-Q  Local Address:Port   Peer Address:Port          Process
        LISTEN            0     511  *:443                *:*                        users:(("nginx",pid=19,fd=3),("a"b\x0a",pid=99,fd=3))
        ESTABLISHED       0    1448  10.0.0.1%eth0:443    192.0.2.7:51000            users:(("nginx",pid=19,fd=3),("a"b\x0a",pid=99,fd=3)) keepalive probe in 1 h 50 min
        	 memory: received 0 B (limit 128 KiB), to send 2.3 KiB (limit 85 KiB), at the device 0 B, reserved 4 KiB, options 0 B, waiting for the lock 0 B, packets dropped: 3
        CLOSE_WAIT        0       0  10.0.0.1:40000       10.0.3.7:5432              users:(("nginx",pid=19,fd=3),("a"b\x0a",pid=99,fd=3)) never goes away unless its program closes it
        ESTABLISHED       0       0  10.0.0.1:443         198.51.100.9:50001         - (not accepted yet) stays until one side closes it (no keepalive)
        TIME_WAIT         0       0  10.0.0.1:443         203.0.113.20:50002         - (kernel keeps none) goes away in 53 s
        SYN_SENT          0       1  [2001:db8::1]:40001  [2001:db8:0:1:1:1:1:1]:80  users:(("nginx",pid=19,fd=3),("a"b\x0a",pid=99,fd=3)) sends again in 1 s, tries so far: 5; goes away in 2 min 5 s
    "#]].assert_eq(&of(Wording::Terminal, Lang::En));
    expect![[r#"
        状态         接收队列  发送队列  本地地址：端口       对端地址：端口             进程
        LISTEN              0       511  *:443                *:*                        users:(("nginx",pid=19,fd=3),("a"b\x0a",pid=99,fd=3))
        ESTABLISHED         0      1448  10.0.0.1%eth0:443    192.0.2.7:51000            users:(("nginx",pid=19,fd=3),("a"b\x0a",pid=99,fd=3)) 保活探测倒计时：1 小时 50 分
        	 内存：已收 0 B（上限 128 KiB），待发 2.3 KiB（上限 85 KiB），已交网卡 0 B，预留 4 KiB，选项 0 B，等待加锁 0 B，丢弃 3 个包
        CLOSE_WAIT          0         0  10.0.0.1:40000       10.0.3.7:5432              users:(("nginx",pid=19,fd=3),("a"b\x0a",pid=99,fd=3)) 除非程序关闭，否则不会消失
        ESTABLISHED         0         0  10.0.0.1:443         198.51.100.9:50001         -（还没被接收） 直到一方关闭才结束（没有保活）
        TIME_WAIT           0         0  10.0.0.1:443         203.0.113.20:50002         -（内核不保留） 消失倒计时：53 秒
        SYN_SENT            0         1  [2001:db8::1]:40001  [2001:db8:0:1:1:1:1:1]:80  users:(("nginx",pid=19,fd=3),("a"b\x0a",pid=99,fd=3)) 重发倒计时：1 秒，已试 5 次；消失倒计时：2 分 5 秒
    "#]].assert_eq(&of(Wording::Terminal, Lang::Zh));
    expect![[r#"
        State        Recv-Q  Send-Q  Local Address:Port   Peer Address:Port          Process
        LISTEN            0     511  *:443                *:*                        users:(("nginx",pid=19,fd=3),("a"b\x0a",pid=99,fd=3))
        ESTABLISHED       0    1448  10.0.0.1%eth0:443    192.0.2.7:51000            users:(("nginx",pid=19,fd=3),("a"b\x0a",pid=99,fd=3)) timer:(keepalive,110min,0)
        	 skmem:(r0,rb131072,t0,tb87040,f4096,w2304,o0,bl0,d3)
        CLOSE_WAIT        0       0  10.0.0.1:40000       10.0.3.7:5432              users:(("nginx",pid=19,fd=3),("a"b\x0a",pid=99,fd=3))
        ESTABLISHED       0       0  10.0.0.1:443         198.51.100.9:50001
        TIME_WAIT         0       0  10.0.0.1:443         203.0.113.20:50002         timer:(timewait,53sec,0)
        SYN_SENT          0       1  [2001:db8::1]:40001  [2001:db8:0:1:1:1:1:1]:80  users:(("nginx",pid=19,fd=3),("a"b\x0a",pid=99,fd=3)) timer:(on,1.200ms,5)
    "#]].assert_eq(&of(Wording::Tokens, Lang::En));
    let world = World::new();
    let owners = world.owners();
    let open = &tcp_sockets()[1];
    for (wording, expected) in
        [(Wording::Terminal, "nginx ×8 (12, 13, 14, 15, 16, …)"), (Wording::Pipe, "(\"nginx\",pid=19,fd=3)")]
    {
        let mut out = Vec::new();
        let mut listing =
            Listing::new(&mut out, Format::Table, shown(wording), &Catalogue::new(Lang::En), &Screen::plain(true));
        listing.row(&SocketRow { owners: &owners, ..SocketRow::plain(open, Ends::Unknown) }).unwrap();
        listing.finish(&[] as &[u8]).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn a_netlink_port_has_the_name_of_its_program() {
    let end = |port| End::Netlink { protocol: 4, port };
    let socket = entry(Netid::Netlink, Family::Netlink, State::CLOSE, end(1694), End::None);
    let mut out = Vec::new();
    let words = Catalogue::new(Lang::En);
    let mut listing = Listing::new(&mut out, Format::Table, Shown::default(), &words, &Screen::plain(true));
    listing.row(&SocketRow { hosts: [Some("s\u{1b}s/1694"), None], ..SocketRow::plain(&socket, Ends::Never) }).unwrap();
    listing.finish(&[] as &[u8]).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains(" tcpdiag:s\\x1bs/1694 "), "{text}");
}

#[test]
fn the_summary_is_a_table_in_both_languages() {
    let transport = |protocol, sockets, versions: Option<u64>| summary::ProtocolTotals {
        protocol,
        sockets: Some(sockets),
        inet: versions,
        inet6: versions.map(|_| 1),
    };
    let summary = Summary {
        sockets: 12_345,
        tcp: summary::TcpTotals { sockets: 7, established: 1, listen: 2, time_wait: 3 },
        host: summary::HostTotals { tcp_orphaned: None, tcp_allocated: Some(70_000) },
        transports: vec![transport("tcp", 7, Some(6)), transport("unix", 12_338, None)],
    };
    let table = |lang| {
        let mut out = Vec::new();
        summary::table(&mut out, &summary, &Catalogue::new(lang), &Screen::plain(true)).unwrap();
        String::from_utf8(out).unwrap()
    };
    expect![[r#"
        Total: 12,345
        TCP: 7 (established 1, listen 2, time-wait 3)
        Whole host, all network namespaces: TCP orphaned -, allocated 70,000

        Transport        Total        IPv4        IPv6
        TCP                  7           6           1
        UNIX            12,338
    "#]]
    .assert_eq(&table(Lang::En));
    expect![[r#"
        总数：12,345
        TCP：7（已建立 1，监听 2，TIME_WAIT 3）
        整台主机（所有网络命名空间）：TCP 孤儿 -，已分配 70,000

        传输协议          合计        IPv4        IPv6
        TCP                  7           6           1
        UNIX            12,338
    "#]]
    .assert_eq(&table(Lang::Zh));
}

#[test]
fn an_empty_listing_has_its_heading() {
    check(
        &[],
        Format::Table,
        Shown::default(),
        expect![[r#"
        State  Recv-Q  Send-Q  Local Address:Port  Peer Address:Port
    "#]],
    );
    check(
        &[],
        Format::Csv,
        Shown::default(),
        expect![[r#"
        state,recvq,sendq,local,peer
    "#]],
    );
    check(&[], Format::JsonLines, Shown::default(), expect![[r#""#]]);
    check(
        &[],
        Format::Json,
        Shown::default(),
        expect![[r#"
        {"schema":"sockdoc/1","sockets":[],"gaps":[{"remedy":null,"what":"netns","why":"one reason"}]}
    "#]],
    );
}

#[test]
fn a_line_of_json_has_every_field() {
    check(
        &tcp_sockets()[4..5],
        Format::JsonLines,
        Shown::default(),
        expect![[r#"
        {"schema":"sockdoc/1","netid":"tcp","netns":null,"family":"inet","mapped":false,"v6only":null,"state":"TIME_WAIT","local":{"address":"10.0.0.1","port":443,"interface":null},"peer":{"address":"203.0.113.20","port":50002},"recv_queue_bytes":0,"send_queue_bytes":0,"accept_queue":null,"accept_limit":null,"uid":null,"user":null,"inode":null,"cookie":null,"mark":null,"shutdown":null,"timer":{"kind":"timewait","expires_ms":53900,"retrans":0},"ends":"timer","ends_in_ms":53900,"cgroup":null,"unit":null,"container":null,"owners":null,"owner_unknown":"none-kept","peer_owners":null,"tcp_info":null,"memory":null,"details":null}
    "#]],
    );
}

fn all_sockets() -> Vec<Entry> {
    tcp_sockets().into_iter().chain(other_sockets()).collect()
}

fn validator() -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/list.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::draft202012::options().build(&schema).unwrap()
}

#[test]
fn json_fits_its_schema() {
    let validator = validator();
    let whole = |shown| listing(&all_sockets(), Format::Json, shown, Screen::plain(true), Lang::En);
    let lines = |shown| listing(&all_sockets(), Format::JsonLines, shown, Screen::plain(true), Lang::En);
    for shown in [ALL, Shown::default()] {
        assert_eq!(whole(shown).lines().count(), 1, "one document is one line");
        for text in [whole(shown), lines(shown)].iter().flat_map(|text| text.lines()) {
            let document: Value = serde_json::from_str(text).unwrap();
            let faults: Vec<_> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
            assert!(faults.is_empty(), "{faults:#?}\n{document:#}");
        }
    }
}

#[test]
fn spoiled_json_is_refused() {
    let validator = validator();
    let text = listing(&all_sockets(), Format::JsonLines, ALL, Screen::plain(true), Lang::En);
    let mut tried = 0;
    for line in text.lines() {
        let document: Value = serde_json::from_str(line).unwrap();
        for mutation in mutations::mutations(&document, &[]) {
            // Where null stands another value may be as right, and most fields may be null; those that must not are
            // spoiled below.
            let place = mutation.what.split(" = ").next().and_then(|pointer| document.pointer(pointer));
            if place == Some(&Value::Null) || mutation.what.ends_with("= null") {
                continue;
            }
            tried += 1;
            assert!(!validator.is_valid(&mutation.document), "{}", mutation.what);
        }
        for field in ["netid", "family", "mapped", "state", "ends", "schema"] {
            let mut spoiled = document.clone();
            spoiled[field] = Value::Null;
            assert!(!validator.is_valid(&spoiled), "{field} = null");
        }
    }
    assert!(tried > 1_000, "{tried}");
}

/// `cargo test --release --test list_render -- --ignored --nocapture`
#[test]
#[ignore = "a measurement: run it in a release build"]
fn nanoseconds_per_row() {
    use std::{io::Write as _, time::Instant};
    let entries: Vec<Entry> = tcp_sockets().into_iter().map(|entry| Entry { detail: None, ..entry }).collect();
    let open = &tcp_sockets()[1..2];
    let v4 = &entries[2..3];
    let mut err = std::io::stderr();
    for (name, entries, format, shown) in [
        ("plain table, IPv4", v4, Format::Table, Shown::default()),
        ("plain table, mix", &entries[..], Format::Table, Shown::default()),
        ("-o -e", &entries[..], Format::Table, Shown { timers: true, extended: true, ..Shown::default() }),
        ("-i -m", open, Format::Table, Shown { info: true, memory: true, ..Shown::default() }),
        ("JSON Lines", &entries[..], Format::JsonLines, Shown::default()),
        ("JSON Lines with tcp_info", open, Format::JsonLines, ALL),
        ("CSV", &entries[..], Format::Csv, Shown::default()),
    ] {
        let rows: Vec<SocketRow<'_>> = entries.iter().map(|entry| SocketRow::plain(entry, Ends::Unknown)).collect();
        const ROUNDS: usize = 1_000_000;
        let mut sink = std::io::sink();
        let words = Catalogue::new(Lang::En);
        let mut listing = Listing::new(&mut sink, format, shown, &words, &Screen::plain(true));
        let start = Instant::now();
        for row in rows.iter().cycle().take(ROUNDS) {
            listing.row(row).unwrap();
        }
        listing.finish(&[] as &[u8]).unwrap();
        writeln!(err, "{name}: {} ns", start.elapsed().as_nanos() / ROUNDS as u128).unwrap();
    }
}

#[test]
fn end_of_a_socket_is_told_in_every_format() {
    assert_eq!(Ends::Timer(5).in_ms(), Some(5));
    let text = listing(&tcp_sockets()[4..5], Format::JsonLines, Shown::default(), Screen::plain(true), Lang::En);
    let line: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&line["ends"], &line["ends_in_ms"]), (&json!("timer"), &json!(53_900)));
}
