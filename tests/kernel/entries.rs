//! Entries of every family from the kernel, compared with `ss`. Families that the kernel lacks must be reported as
//! gaps.

use std::{
    io::{Read, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream, UdpSocket},
    os::{
        fd::{AsFd, OwnedFd},
        linux::net::SocketAddrExt,
        unix::net::{UnixListener, UnixStream},
    },
};

use rustix::net::{
    AddressFamily, SocketType, bind, connect, ipproto, listen, netlink::SocketAddrNetlink, socket, sockopt,
};
use sockdoc::{
    collect::{entries::entries, query::DumpQuery},
    model::{
        detail::TcpInfo,
        entry::{End, Entry},
        family::{Family, Netid, Protocol},
        gap::{Gap, What, Why},
        needs::Needs,
        socket::{Kind, Timer},
        state::{State, StateSet},
        tcp_info,
    },
    source::kernel::KernelSource,
};

use crate::lab::{peer, ss};

/// All that an ordinary user may ask for.
const ALL: Needs = Needs::all().difference(Needs::BPF_STORAGES);

fn seen(protocol: Protocol, ask: &DumpQuery) -> (Vec<Entry>, Vec<Gap>) {
    let mut kept = Vec::new();
    let gaps = entries(&mut KernelSource::new(None), protocol, ask, &mut |entry| kept.push(entry.clone()));
    (kept, gaps)
}

fn all(needs: Needs) -> DumpQuery {
    DumpQuery { needs, ..DumpQuery::states(StateSet::ALL) }
}

fn by_local(entries: &[Entry], end: SocketAddr) -> Entry {
    let wanted = End::Inet(end.ip(), end.port());
    entries.iter().find(|entry| entry.local == wanted).expect("the socket is listed").clone()
}

fn inode(socket: impl AsFd) -> u32 {
    rustix::fs::fstat(socket).expect("a socket has a status").st_ino as u32
}

/// The line of `ss` that has this word in this place.
fn line_of_ss(options: &[&str], place: usize, text: &str) -> String {
    let lines = ss::lines(&[&["-H", "-O", "-n", "-a"], options].concat());
    let line = lines.iter().find(|line| line.split_ascii_whitespace().nth(place) == Some(text));
    line.unwrap_or_else(|| panic!("ss lists {text}: {lines:?}")).clone()
}

/// The text after a word of `ss` up to the next blank.
fn word<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    line.split_ascii_whitespace().find_map(|word| word.strip_prefix(name))
}

fn number(line: &str, name: &str) -> Option<u64> {
    word(line, name)?.parse().ok()
}

/// A connection over loopback: listener, client, and what it accepted.
fn connection(ip: IpAddr) -> (TcpListener, TcpStream, TcpStream) {
    let listener = TcpListener::bind((ip, 0)).unwrap();
    let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (mut server, _) = listener.accept().unwrap();
    client.write_all(b"hello").unwrap();
    server.read_exact(&mut [0; 5]).unwrap();
    (listener, client, server)
}

pub(crate) fn a_listener_and_a_connection_are_as_ss_tells() {
    let (listener, client, _server) = connection(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let (kept, gaps) = seen(Protocol::Tcp, &all(ALL));
    assert_eq!(gaps, []);

    let entry = by_local(&kept, listener.local_addr().unwrap());
    assert_eq!((entry.netid, entry.family, entry.state), (Netid::Tcp, Family::Inet, State::LISTEN));
    assert_eq!((entry.rqueue, entry.inode), (0, inode(&listener)));
    assert_eq!(entry.uid(), Some(rustix::process::getuid().as_raw()));

    let local = client.local_addr().unwrap();
    let entry = by_local(&kept, local);
    let peer = client.peer_addr().unwrap();
    assert_eq!((entry.state, entry.kind(), entry.inode), (State::ESTABLISHED, Kind::Full, inode(&client)));
    assert_eq!(entry.peer, End::Inet(peer.ip(), peer.port()));
    assert_eq!((entry.shutdown, entry.mapped), (Some(0), false));
    let detail = entry.detail.as_ref().unwrap();
    let info = detail.tcp_info.as_ref().unwrap();
    assert_eq!(info.get(&tcp_info::STATE), Some(1));
    assert_eq!(info.get(&tcp_info::BYTES_SENT), Some(5));
    // Five bytes of data and the SYN.
    assert_eq!(info.get(&tcp_info::BYTES_ACKED), Some(6));
    assert_eq!(info.or_zero(&tcp_info::OPTIONS) & tcp_info::OPT_TIMESTAMPS, own_timestamps());

    let line = line_of_ss(&["-t", "-e", "-m", "-i"], 3, &local.to_string());
    assert!(line.starts_with("ESTAB"), "{line}");
    assert_eq!(number(&line, "ino:"), Some(u64::from(entry.inode)), "{line}");
    assert_eq!(word(&line, "sk:").map(|sk| u64::from_str_radix(sk, 16).unwrap()), Some(entry.cookie), "{line}");
    assert!(line.contains(&format!(" {} ", detail.congestion.as_deref().unwrap())), "{line}");
    same_info(info, &line);
    let memory = detail.memory.unwrap();
    let expected = format!(
        "skmem:(r{},rb{},t{},tb{},f{},w{},o{},bl{},d{})",
        memory.rmem_alloc,
        memory.rcvbuf,
        memory.wmem_alloc,
        memory.sndbuf,
        memory.fwd_alloc,
        memory.wmem_queued,
        memory.optmem,
        memory.backlog.unwrap(),
        memory.drops.unwrap()
    );
    assert!(line.contains(&expected), "{expected}: {line}");
}

/// Whether the connection has timestamps, by this host's setting: both ends are here.
fn own_timestamps() -> u64 {
    let setting = std::fs::read_to_string("/proc/sys/net/ipv4/tcp_timestamps").unwrap();
    u64::from(setting.trim() != "0")
}

/// The figures of an idle connection, as `ss -i` writes them.
fn same_info(info: &TcpInfo, line: &str) {
    for (name, field) in [
        ("mss:", &tcp_info::SND_MSS),
        ("pmtu:", &tcp_info::PMTU),
        ("rcvmss:", &tcp_info::RCV_MSS),
        ("advmss:", &tcp_info::ADVMSS),
        ("cwnd:", &tcp_info::SND_CWND),
        ("bytes_sent:", &tcp_info::BYTES_SENT),
        ("bytes_acked:", &tcp_info::BYTES_ACKED),
        ("segs_out:", &tcp_info::SEGS_OUT),
        ("segs_in:", &tcp_info::SEGS_IN),
        ("data_segs_out:", &tcp_info::DATA_SEGS_OUT),
        ("delivered:", &tcp_info::DELIVERED),
        ("rcv_space:", &tcp_info::RCV_SPACE),
        ("rcv_ssthresh:", &tcp_info::RCV_SSTHRESH),
        ("snd_wnd:", &tcp_info::SND_WND),
        ("rcv_wnd:", &tcp_info::RCV_WND),
    ] {
        if let Some(told) = number(line, name) {
            assert_eq!(info.get(field), Some(told), "{name} {line}");
        }
    }
    let wscale = (info.or_zero(&tcp_info::SND_WSCALE), info.or_zero(&tcp_info::RCV_WSCALE));
    if let Some(told) = word(line, "wscale:") {
        assert_eq!(told, format!("{},{}", wscale.0, wscale.1), "{line}");
    }
    let milliseconds = |field| info.or_zero(field) as f64 / 1000.0;
    let rto: f64 = word(line, "rto:").unwrap().parse().unwrap();
    assert!((rto - milliseconds(&tcp_info::RTO)).abs() < 0.01, "{line}");
    let (rtt, _) = word(line, "rtt:").unwrap().split_once('/').unwrap();
    let rtt: f64 = rtt.parse().unwrap();
    assert!((rtt - milliseconds(&tcp_info::RTT)).abs() < 0.01, "{line}");
}

pub(crate) fn the_one_walk_gives_both_families_and_a_family_only_its_own() {
    let (v4, ..) = connection(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let v4 = v4.local_addr().unwrap();
    let Ok(any) = TcpListener::bind((Ipv6Addr::UNSPECIFIED, 0)) else { peer::lacks("IPv6") };
    let mapped = TcpStream::connect((Ipv4Addr::LOCALHOST, any.local_addr().unwrap().port())).unwrap();
    let (kept, gaps) = seen(Protocol::Tcp, &all(Needs::empty()));
    assert_eq!(gaps, []);
    assert_eq!(by_local(&kept, v4).family, Family::Inet);
    assert_eq!(by_local(&kept, any.local_addr().unwrap()).v6only, Some(false));
    let accepted = by_local(&kept, mapped.peer_addr().unwrap());
    assert_eq!((accepted.family, accepted.mapped, accepted.kind()), (Family::Inet6, true, Kind::NotAccepted));
    assert!(kept.iter().all(|entry| entry.detail.is_none()));
    let (kept, _) = seen(Protocol::Tcp, &DumpQuery { family: Some(Family::Inet6), ..all(Needs::empty()) });
    assert!(kept.iter().all(|entry| entry.family == Family::Inet6));
    assert!(!kept.is_empty());
}

pub(crate) fn the_kernel_runs_the_program_it_is_given() {
    let (listener, _client, _server) = connection(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let port = listener.local_addr().unwrap().port();
    // S_GE port, S_LE port: code, yes, no; the port is in a second op's last field.
    let mut program = Vec::new();
    for (code, no) in [(2u8, 20u16), (3, 12)] {
        program.extend([code, 8]);
        program.extend(no.to_ne_bytes());
        program.extend([0, 0]);
        program.extend(port.to_ne_bytes());
    }
    for family in [None, Some(Family::Inet)] {
        let ask = DumpQuery { bytecode: Some(program.clone()), family, ..all(Needs::empty()) };
        let (kept, gaps) = seen(Protocol::Tcp, &ask);
        assert_eq!(gaps, []);
        assert!(kept.iter().all(|entry| matches!(entry.local, End::Inet(_, local) if local == port)), "{kept:?}");
        // The listener and what it accepted.
        assert_eq!(kept.len(), 2);
    }
}

pub(crate) fn time_wait_and_bound_sockets_have_their_states() {
    let (listener, client, server) = connection(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let local = client.local_addr().unwrap();
    drop(client);
    drop(server);
    let bound = socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
    bind(&bound, &SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap();
    let ask = DumpQuery { bound_inactive: true, ..all(ALL) };
    let (kept, gaps) = seen(Protocol::Tcp, &ask);
    assert_eq!(gaps, []);
    let left = by_local(&kept, local);
    assert_eq!((left.state, left.timer, left.uid()), (State::TIME_WAIT, Timer::TimeWait, None));
    assert!((50_000..=60_100).contains(&left.expires_ms), "{}", left.expires_ms);
    assert_eq!(left.detail.unwrap().tcp_info, None);
    // A kernel before 6.8 ignores the bit; this test has nothing to say about it.
    if let Some(entry) = kept.iter().find(|entry| entry.inode == inode(&bound)) {
        assert_eq!(entry.state, State::BOUND_INACTIVE);
        assert!(entry.detail.as_ref().unwrap().memory.is_some());
    }
    let old = DumpQuery { kernel: Some((6, 1)), states: StateSet::EMPTY, ..ask };
    let (kept, gaps) = seen(Protocol::Tcp, &old);
    assert_eq!((kept.len(), gaps), (0, vec![Gap { what: What::BoundInactive, why: Why::TooOld("6.8") }]));
    drop(listener);
}

pub(crate) fn udp_sockets_are_as_ss_tells() {
    let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let sender = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let local = udp.local_addr().unwrap();
    sender.send_to(b"1234", local).unwrap();
    sender.connect(local).unwrap();
    let (kept, gaps) = seen(Protocol::Udp, &all(ALL));
    assert_eq!(gaps, []);
    let entry = by_local(&kept, local);
    assert_eq!((entry.netid, entry.state, entry.inode), (Netid::Udp, State::CLOSE, inode(&udp)));
    let memory = entry.detail.unwrap().memory.unwrap();
    assert_eq!(memory.rmem_alloc, entry.rqueue);
    assert_eq!(by_local(&kept, sender.local_addr().unwrap()).state, State::ESTABLISHED);
    let line = line_of_ss(&["-u", "-e"], 3, &local.to_string());
    assert_eq!(number(&line, "ino:"), Some(u64::from(entry.inode)), "{line}");
    assert_eq!(line.split_ascii_whitespace().nth(1), Some(&*entry.rqueue.to_string()), "{line}");
}

pub(crate) fn unix_sockets_have_their_peers_names_and_waiting_connections() {
    let name = format!("sockdoc-entries-{}", std::process::id());
    let address = std::os::unix::net::SocketAddr::from_abstract_name(&name).unwrap();
    let listener = UnixListener::bind_addr(&address).unwrap();
    let mut client = UnixStream::connect_addr(&address).unwrap();
    client.write_all(b"abc").unwrap();
    let (kept, gaps) = seen(Protocol::Unix, &all(ALL));
    assert_eq!(gaps, []);
    let by_inode = |inode| kept.iter().find(|entry| entry.inode == inode).cloned();
    let listening = by_inode(inode(&listener)).unwrap();
    let bytes: Box<[u8]> = [b"\0", name.as_bytes()].concat().into();
    assert_eq!(listening.local, End::Unix { name: Some(bytes.clone()), inode: inode(&listener) });
    assert_eq!((listening.netid, listening.state, listening.rqueue), (Netid::UnixStream, State::LISTEN, 1));
    assert_eq!(listening.raw_uid, Some(rustix::process::geteuid().as_raw()));
    let detail = listening.detail.as_ref().unwrap();
    // The kernel names the connecting end of each waiting connection.
    assert_eq!(detail.unix_pending, [inode(&client)]);
    let connected = by_inode(inode(&client)).unwrap();
    // Not accepted yet: its peer has no inode, but the listener's name.
    assert!(matches!(&connected.peer, End::Unix { inode: 0, .. } | End::None), "{:?}", connected.peer);
    let (server, _) = listener.accept().unwrap();
    let (kept, _) = seen(Protocol::Unix, &all(ALL));
    let connected = kept.iter().find(|entry| entry.inode == inode(&client)).unwrap();
    assert_eq!(connected.peer, End::Unix { name: Some(bytes), inode: inode(&server) });
    let accepted = kept.iter().find(|entry| entry.inode == inode(&server)).unwrap();
    assert_eq!((accepted.state, accepted.shutdown), (State::ESTABLISHED, Some(0)));
    let line = line_of_ss(&["-x", "-e"], 5, &inode(&server).to_string());
    let fields: Vec<_> = line.split_ascii_whitespace().collect();
    assert_eq!((fields[0], fields[1]), ("u_str", "ESTAB"), "{line}");
    assert_eq!(fields[2], accepted.rqueue.to_string(), "{line}");
    assert!(line.contains(&inode(&client).to_string()), "{line}");
}

pub(crate) fn netlink_sockets_have_their_port_and_groups() {
    let one: OwnedFd = socket(AddressFamily::NETLINK, SocketType::RAW, None).unwrap();
    // Protocol 0, NETLINK_ROUTE; group RTMGRP_LINK.
    bind(&one, &SocketAddrNetlink::new(0, 1)).unwrap();
    let (kept, gaps) = seen(Protocol::Netlink, &all(ALL));
    assert_eq!(gaps, []);
    let entry = kept.iter().find(|entry| entry.inode == inode(&one)).expect("the socket is listed");
    assert!(matches!(entry.local, End::Netlink { protocol: 0, port, .. } if port != 0), "{entry:?}");
    assert_eq!((entry.state, &entry.peer), (State::CLOSE, &End::None));
    let detail = entry.detail.as_ref().unwrap();
    assert_eq!((detail.netlink_groups, detail.memory.is_some()), (Some(1), true));
    assert!(detail.netlink_flags.is_some());
    // The socket that asks is connected to the kernel, and left out.
    assert!(kept.iter().all(|entry| entry.state == State::CLOSE), "{kept:?}");
    let (none, gaps) = seen(Protocol::Netlink, &DumpQuery::states(StateSet::CONNECTED));
    assert_eq!((none.len(), gaps.len()), (0, 0));
}

pub(crate) fn packet_sockets_are_listed_where_they_may_be_made() {
    // ETH_P_ALL, network order.
    let protocol = rustix::net::Protocol::from_raw(std::num::NonZeroU32::new(u32::from(3u16.to_be())).unwrap());
    let made = socket(AddressFamily::PACKET, SocketType::DGRAM, Some(protocol));
    let (kept, gaps) = seen(Protocol::Packet, &all(ALL));
    assert_eq!(gaps, []);
    let Ok(made) = made else { peer::lacks("CAP_NET_RAW") };
    let entry = kept.iter().find(|entry| entry.inode == inode(&made)).expect("the socket is listed");
    assert_eq!((entry.netid, entry.state), (Netid::PacketDatagram, State::CLOSE));
    assert_eq!(entry.local, End::Packet { protocol: 3, interface: 0 });
    assert_eq!(entry.raw_uid, Some(rustix::process::geteuid().as_raw()));
    let detail = entry.detail.as_ref().unwrap();
    assert_eq!(detail.memory.unwrap().rcvbuf as usize, sockopt::socket_recv_buffer_size(&made).unwrap());
    assert_eq!(detail.packet.as_ref().unwrap().fanout, None);
}

pub(crate) fn mptcp_is_listed_where_the_kernel_has_it() {
    let (kept, gaps) = seen(Protocol::Mptcp, &all(ALL));
    let Ok(made) = socket(AddressFamily::INET, SocketType::STREAM, Some(ipproto::MPTCP)) else {
        assert!(kept.is_empty());
        peer::lacks("a kernel with MPTCP")
    };
    assert_eq!(gaps, []);
    bind(&made, &SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap();
    listen(&made, 4).unwrap();
    let local = SocketAddr::try_from(rustix::net::getsockname(&made).unwrap()).unwrap();
    let client = socket(AddressFamily::INET, SocketType::STREAM, Some(ipproto::MPTCP)).unwrap();
    connect(&client, &local).unwrap();
    let (kept, gaps) = seen(Protocol::Mptcp, &all(ALL));
    assert_eq!(gaps, []);
    // Its connection in the accept queue has the same local end.
    let here = End::Inet(local.ip(), local.port());
    assert!(kept.iter().any(|entry| entry.local == here && entry.state == State::LISTEN), "{kept:?}");
    let end = SocketAddr::try_from(rustix::net::getsockname(&client).unwrap()).unwrap();
    let connected = by_local(&kept, end);
    assert_eq!((connected.netid, connected.state, connected.inode), (Netid::Mptcp, State::ESTABLISHED, inode(&client)));
    let detail = connected.detail.unwrap();
    assert!(detail.protocol_info.is_some_and(|info| info.len() >= 40));
    assert_eq!(detail.tcp_info, None);
    // Its subflow is in the table of TCP.
    let (kept, _) = seen(Protocol::Tcp, &all(ALL));
    let ulp = by_local(&kept, end).detail.unwrap().ulp.expect("a subflow has an upper layer");
    assert_eq!(&*ulp.name, "mptcp");
}

pub(crate) fn what_the_kernel_lacks_is_reported() {
    for protocol in [Protocol::Sctp, Protocol::Dccp, Protocol::Vsock, Protocol::Tipc, Protocol::Xdp, Protocol::Raw] {
        let (kept, gaps) = seen(protocol, &all(ALL));
        if kept.is_empty() && !gaps.is_empty() {
            let why = &gaps[0].why;
            let told = match protocol {
                Protocol::Raw => matches!(why, Why::ReadFromProc(_)),
                _ => matches!(why, Why::NotAvailable(_)),
            };
            assert!(told, "{gaps:?}");
            assert_eq!(gaps.len(), 1);
        }
    }
}
