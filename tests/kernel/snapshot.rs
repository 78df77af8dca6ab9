//! The snapshot of known sockets: taken through the library, inside the lab.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::{AsRawFd, OwnedFd};
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use rustix::net::{
    AddressFamily, SocketAddrUnix, SocketFlags, SocketType, bind, connect, listen, socket_with, sockopt,
};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use sockdoc::collect::series::{Baseline, Series};
use sockdoc::collect::snapshot::{Depth, look_up, snapshot};
use sockdoc::model::finding::Runtime;
use sockdoc::model::group::Direction;
use sockdoc::model::snapshot::{Route, Seen, Snapshot};
use sockdoc::model::socket::Kind;
use sockdoc::model::state::State;
use sockdoc::model::tcp_info;
use sockdoc::rules;
use sockdoc::source::kernel::KernelSource;
use sockdoc::source::{Answer, Source, netns};

use crate::lab::container::NETWORK;
use crate::lab::counts::Counts;
use crate::lab::holder::{Holder, Holding};
use crate::lab::makers::{self, Hangup, Unread};
use crate::lab::process::Process;
use crate::lab::sockets::{self, Family};
use crate::lab::{mass, namespace, overflow, peer};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn taken() -> Snapshot {
    taken_with(&Depth::default())
}

fn taken_with(depth: &Depth) -> Snapshot {
    let (snapshot, counted) = snapshot(&mut KernelSource::new(None), depth, None);
    let tcp = counted.census(sockdoc::model::family::Netid::Tcp).expect("a census");
    assert_eq!(snapshot.now.tcp.as_ref(), Some(tcp), "the overview has the same counts");
    snapshot
}

fn of_state(snapshot: &Snapshot, state: State) -> Vec<&Seen> {
    snapshot.now.sockets.iter().filter(|seen| seen.socket.state == state).collect()
}

fn to(port: u16) -> Route {
    Route { source: HERE, address: HERE, port }
}

/// The kernel without `sock_diag`.
struct WithoutDiag(KernelSource);

impl Source for WithoutDiag {
    fn ask(&mut self, _request: &[u8]) -> io::Result<Box<dyn Answer + '_>> {
        Err(io::Error::from_raw_os_error(libc::ENOENT))
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn io::BufRead + '_>> {
        self.0.open(path)
    }

    fn now(&self) -> SystemTime {
        self.0.now()
    }
}

/// The kernel, where the first socket that is asked for by itself is the last moment of a listener.
struct ClosesBeforeALookup(KernelSource, Option<TcpListener>);

impl Source for ClosesBeforeALookup {
    fn ask(&mut self, request: &[u8]) -> io::Result<Box<dyn Answer + '_>> {
        let is_dump = request.get(6..8).is_some_and(|flags| flags[1] & 0x03 != 0);
        if !is_dump {
            self.1.take();
        }
        self.0.ask(request)
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn io::BufRead + '_>> {
        self.0.open(path)
    }

    fn now(&self) -> SystemTime {
        self.0.now()
    }
}

pub(crate) fn a_socket_that_ends_between_the_walk_and_its_lookup_is_no_evidence() {
    let listener = TcpListener::bind((HERE, 0)).expect("a listener");
    let at = listener.local_addr().expect("its address");
    drop(TcpStream::connect(at).expect("a client that gives up"));
    let waiting = taken();
    assert_eq!(of_state(&waiting, State::CLOSE_WAIT).len(), 1);
    assert_eq!(of_state(&waiting, State::CLOSE_WAIT)[0].kind(), Kind::NotAccepted);

    let mut source = ClosesBeforeALookup(KernelSource::new(None), Some(listener));
    let (snapshot, _) = snapshot(&mut source, &Depth::default(), None);
    assert!(source.1.is_none(), "nothing was looked up");
    assert_eq!(snapshot.now.tcp.as_ref().map(|tcp| tcp.sockets(State::CLOSE_WAIT)), Some(1), "the walk counted it");
    assert_eq!(of_state(&snapshot, State::CLOSE_WAIT).len(), 0);
}

pub(crate) fn drops_of_udp_are_known_without_sock_diag() {
    let at = SocketAddr::new(HERE, 5_140);
    let reader = overflow::udp_reader(at, 4_096).expect("a socket");
    let _healthy = overflow::udp_reader(SocketAddr::new(HERE, 5_141), 4_096).expect("a socket");
    overflow::datagrams(at, 50, 500).expect("a burst");
    let told = |source: &mut dyn Source| {
        let (snapshot, _) = snapshot(source, &Depth::default(), None);
        let drops: Vec<_> = snapshot
            .now
            .udp
            .iter()
            .flatten()
            .map(|seen| (seen.socket.local_port, seen.socket.inode, seen.memory.and_then(|memory| memory.drops)))
            .collect();
        let rule = rules::find("udp-drops").expect("the rule");
        let verdict = rules::examine(&snapshot, &[rule], &rules::Settings::default());
        assert!(verdict.not_checked.is_empty(), "{:?}", verdict.not_checked);
        let counts: Vec<_> =
            verdict.findings.iter().map(|finding| (finding.severity, finding.weight, finding.title.clone())).collect();
        (drops, counts)
    };
    let by_kernel = told(&mut KernelSource::new(None));
    assert!(matches!(by_kernel.0[..], [(5_140, _, Some(1..))]), "{by_kernel:?}");
    assert_eq!(by_kernel.1.len(), 1);
    assert_eq!(told(&mut WithoutDiag(KernelSource::new(None))), by_kernel);
    drop(reader);
}

pub(crate) fn a_listener_tells_its_queue_its_limit_and_its_drops() {
    let held = makers::full_accept_queue(Family::V4, 2, 3);
    let snapshot = taken();
    let [listener] = &snapshot.now.listeners[..] else { panic!("{:?}", snapshot.now.listeners) };
    assert_eq!((listener.port, listener.queue, listener.limit), (held.port, 3, Some(2)));
    assert!(listener.is_full() && listener.drops.is_some_and(|drops| drops >= 3), "{listener:?}");
    assert!(listener.cgroup_id.is_some() && listener.inode != 0 && listener.cookie != 0);
    let overflows = snapshot.now.counters["TcpExtListenOverflows"];
    assert!(overflows >= 3, "{overflows}");
    let waiting = of_state(&snapshot, State::ESTABLISHED);
    let unaccepted = waiting.iter().filter(|seen| seen.kind() == Kind::NotAccepted);
    assert_eq!(unaccepted.filter(|seen| seen.info.is_some() && seen.memory.is_some()).count(), 3);
    // The clients' SYNs: one route, with those that were taken.
    let route = &snapshot.now.outbound[&to(held.port)];
    assert_eq!((route.states[&State::SYN_SENT], route.states[&State::ESTABLISHED]), (3, 3));
}

pub(crate) fn the_age_of_a_close_wait_is_known() {
    let held = makers::close_wait(Family::Dual, 3, Unread::Nothing);
    let unread = makers::close_wait(Family::V6, 2, Unread::Bytes(9));
    std::thread::sleep(Duration::from_millis(1200));
    let snapshot = taken();
    let found = of_state(&snapshot, State::CLOSE_WAIT);
    assert_eq!(found.len(), 5);
    for seen in found {
        let age = seen.hung_up().expect("an age");
        assert!(
            age.limit == sockdoc::model::snapshot::AgeLimit::Exact
                && age.time >= Duration::from_millis(1100)
                && age.time < Duration::from_secs(20),
            "{age:?}"
        );
        assert_eq!(seen.direction(), Some(Direction::Inbound), "{seen:?}");
        let rest = if seen.socket.local_port == unread.port { (10, Some(0)) } else { (0, Some(1)) };
        assert_eq!((seen.socket.rqueue, seen.consumed()), rest);
        assert!(seen.cgroup_id.is_some());
    }
    drop(held);
}

pub(crate) fn time_wait_is_folded_by_who_closed_first() {
    let inbound = makers::time_wait_at_server(Family::Dual, 30);
    let outbound = makers::time_wait(Family::V4, 20);
    let snapshot = taken();
    let now = &snapshot.now;
    assert_eq!(now.time_wait_inbound.keys().collect::<Vec<_>>(), [&inbound.port]);
    let waits = &now.time_wait_inbound[&inbound.port];
    assert_eq!((waits.sockets, waits.older_than(Duration::from_secs(20))), (30, 0));
    assert_eq!(waits.left[40..].iter().sum::<u32>(), 30, "{:?}", waits.left);
    let route = &now.outbound[&to(outbound.port)];
    assert_eq!((route.time_waits.sockets, route.sockets(), route.inodes.len()), (20, 20, 0));
    assert_eq!((now.outbound.len(), now.ephemeral_ports_used), (1, Some(20)));
    assert_eq!(now.tcp.as_ref().expect("a census").sockets(State::TIME_WAIT), 50);
    assert!(now.sockets.is_empty(), "TIME_WAIT is no evidence");
}

pub(crate) fn clients_of_both_families_share_a_route() {
    let listener = sockets::listener(Family::Dual, 16).expect("a listener");
    let port = sockets::local_address(&listener).expect("its address").port();
    let _clients: Vec<OwnedFd> = [Family::Dual, Family::Mapped, Family::Mapped]
        .map(|family| sockets::connected(family, &listener).expect("a connection"))
        .into();
    let snapshot = taken();
    let route = &snapshot.now.outbound[&to(port)];
    assert_eq!((route.sockets(), route.inodes.len(), snapshot.now.outbound.len()), (3, 3, 1));
}

pub(crate) fn a_lookup_tells_what_a_dump_tells() {
    let few = [Family::V4, Family::V6, Family::Dual, Family::Mapped].map(|family| makers::established(family, 3));
    let by_lookup = taken();
    assert!(by_lookup.now.all_established);
    assert_eq!(by_lookup.now.sockets.len(), 24);
    // Too many for lookups.
    let _more = makers::established(Family::V4, 50);
    let by_dump = taken();
    assert!(by_dump.now.all_established);
    assert_eq!(by_dump.now.sockets.len(), 124);
    let figures = |seen: &Seen| {
        let fields = [&tcp_info::BYTES_ACKED, &tcp_info::BYTES_SENT, &tcp_info::STATE, &tcp_info::OPTIONS];
        let info = fields.map(|field| seen.info(field).expect("a figure"));
        (seen.socket.clone(), info, seen.info.as_ref().map(|info| info.bytes().len()), seen.memory, seen.cgroup_id)
    };
    for seen in &by_lookup.now.sockets {
        let cookie = seen.socket.cookie;
        let same = by_dump.now.sockets.iter().find(|one| one.socket.cookie == cookie).expect("the same socket");
        assert_eq!(figures(seen), figures(same));
    }
    drop(few);
}

pub(crate) fn healthy_connections_in_large_numbers_leave_only_counts() {
    let _mass = mass::established(crate::lab::counts::Inet::V4, 10_400);
    let snapshot = taken();
    let now = &snapshot.now;
    assert_eq!((now.all_established, now.sockets.len()), (false, 0));
    assert_eq!(now.established_inodes.len(), 10_400);
    let deep = taken_with(&Depth { deep: true, ..Depth::default() });
    assert!(deep.now.all_established);
    assert_eq!(deep.now.sockets.iter().filter(|seen| seen.info.is_some()).count(), 10_400);
}

pub(crate) fn a_process_near_its_limit_of_descriptors_is_known() {
    let held = makers::established(Family::V4, 30);
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: Some(75), ..limit }).expect("a lower limit");
    let pid = std::process::id();
    let mut snapshot = taken();
    let facts = &snapshot.processes[&pid];
    assert_eq!((facts.soft_limit, facts.hard_limit), (Some(75), limit.maximum));
    let sockets = facts.sockets.expect("sockets among them");
    assert!((61..=64).contains(&sockets), "{sockets}");
    let used = snapshot.now.descriptors[&pid];
    assert!((64..=75).contains(&used), "{used}");
    setrlimit(Resource::Nofile, limit).expect("the limit as it was");

    let inode = snapshot.now.listeners[0].inode;
    look_up(&KernelSource::new(None), &mut snapshot, &[inode], &[]);
    assert_eq!(snapshot.now.established_by_process[&pid], 60);
    assert_eq!(snapshot.holders.as_ref().expect("holders")[0].pid, pid);
    drop(held);
}

pub(crate) fn an_interpreter_is_known_by_its_executable() {
    peer::needs("python3");
    let found = Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output().expect("python3");
    let python = String::from_utf8(found.stdout).expect("a path");
    let mut command = Command::new(python.trim());
    let listens = "import socket,time; s=socket.create_server(('127.0.0.1',7007)); time.sleep(60)";
    command.args(["-c", listens]);
    let process = Process::start(command);
    let end = Instant::now() + Duration::from_secs(20);
    let mut snapshot = taken();
    while snapshot.now.listeners.is_empty() {
        assert!(Instant::now() < end, "the interpreter never listened");
        std::thread::sleep(Duration::from_millis(50));
        snapshot = taken();
    }
    let inode = snapshot.now.listeners[0].inode;
    look_up(&KernelSource::new(None), &mut snapshot, &[inode], &[]);
    let facts = &snapshot.processes[&process.pid()];
    assert_eq!((facts.runtime, facts.is_init), (Runtime::Python, false));
    assert!(facts.process.program.starts_with(b"python"), "{facts:?}");
}

pub(crate) fn a_descriptor_whose_socket_is_gone_is_found() {
    let listener = sockets::listener(Family::V4, 16).expect("a listener");
    let pair = || sockets::pairs(Family::V4, &listener, 1).expect("a connection").pop().expect("one");
    let (reset, open) = (pair(), pair());
    sockopt::set_socket_linger(&reset.client, Some(Duration::ZERO)).expect("an abortive close");
    drop(reset.client);
    let _bound = sockets::bound(crate::lab::counts::Inet::V4).expect("a bound socket");
    let depth = Depth { descriptors: true, bound_inactive: true, ..Depth::default() };
    let snapshot = taken_with(&depth);
    let closed = snapshot.closed_descriptors.expect("a look at every descriptor");
    let gone = u32::try_from(reset.server.as_raw_fd()).expect("a descriptor");
    assert_eq!(closed.get(&std::process::id()), Some(&vec![gone]));
    if snapshot.host.kernel_version() >= Some((6, 8)) {
        assert_eq!(snapshot.now.bound_inactive.expect("asked for").len(), 1);
    }
    assert_eq!(taken().closed_descriptors, None);
    drop(open);
}

pub(crate) fn datagrams_that_were_lost_are_reported() {
    let receiver = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a receiver");
    sockopt::set_socket_recv_buffer_size(&receiver, 4096).expect("a small buffer");
    let sender = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a sender");
    let target: SocketAddr = receiver.local_addr().expect("its address");
    for _ in 0..50 {
        sender.send_to(&[0; 1000], target).expect("a datagram");
    }
    let snapshot = taken();
    let udp = snapshot.now.udp.expect("the table");
    let [seen] = &udp[..] else { panic!("{udp:?}") };
    assert_eq!(seen.socket.local_port, target.port());
    let memory = seen.memory.expect("its memory");
    let drops = u64::from(memory.drops.expect("its drops"));
    assert!(drops > 0 && seen.socket.rqueue > 0 && memory.rcvbuf > 0, "{seen:?}");
    assert_eq!(snapshot.now.counters["UdpRcvbufErrors"], drops);
    assert_eq!(snapshot.now.counters["Udp6RcvbufErrors"], 0);
}

pub(crate) fn a_unix_listener_tells_its_queue() {
    let stream = |flags| socket_with(AddressFamily::UNIX, SocketType::STREAM, flags | SocketFlags::CLOEXEC, None);
    let name = SocketAddrUnix::new_abstract_name(b"sockdoc-lab").expect("a name");
    let listener = stream(SocketFlags::empty()).expect("a socket");
    bind(&listener, &name).expect("its name");
    listen(&listener, 2).expect("a short queue");
    let clients: Vec<OwnedFd> = (0..4).map(|_| stream(SocketFlags::NONBLOCK).expect("a socket")).collect();
    let connected = clients.iter().filter(|client| connect(client, &name).is_ok()).count();
    let snapshot = taken();
    let unix = snapshot.now.unix.expect("the table");
    let [one] = &unix[..] else { panic!("{unix:?}") };
    assert_eq!((one.path.as_deref(), one.queue, one.limit), (Some("@sockdoc-lab"), 3, Some(2)));
    assert_eq!(connected, 3);
    assert!(one.inode != 0);
}

pub(crate) fn the_kernels_own_count_tells_who_connected() {
    let held = [Family::V4, Family::V6, Family::Dual].map(|family| makers::established(family, 4));
    let half_closed = makers::fin_wait2(Family::V4, 2, Hangup::Held);
    let snapshot = taken();
    for seen in &snapshot.now.sockets {
        let is_server =
            held.iter().any(|held| held.port == seen.socket.local_port) || half_closed.port == seen.socket.local_port;
        let expected = if is_server { Direction::Inbound } else { Direction::Outbound };
        assert_eq!(seen.direction(), Some(expected), "{seen:?}");
    }
    assert_eq!(snapshot.now.sockets.len(), 24 + 4);
}

pub(crate) fn settings_and_figures_are_those_of_this_namespace() {
    namespace::set_sysctl("net.ipv4.ip_local_port_range", "20000 20100").expect("a narrow range");
    let _held = makers::time_wait(Family::V4, 7);
    let mut live = KernelSource::new(None);
    let mut series = Series::new(Depth::default(), None, Baseline::First);
    let (snapshot, _) = series.next(&mut live);
    assert!(!snapshot.is_initial_netns, "tcp_mem is the host's alone");
    assert_eq!(snapshot.sysctls["net.ipv4.ip_local_port_range"], "20000\t20100");
    assert!(snapshot.sysctls.contains_key("net.core.somaxconn") && !snapshot.sysctls.contains_key("net.ipv4.tcp_mem"));
    let sockstat = snapshot.now.sockstat.expect("sockstat");
    assert_eq!(sockstat.time_wait, 7);
    assert_eq!(snapshot.now.tcp_pressure, Some(false));
    assert!(snapshot.now.files.is_some_and(|(open, most)| open > 0 && most > open));
    assert_eq!(snapshot.now.counters["TcpActiveOpens"], 7);
    assert_eq!(snapshot.now.ephemeral_ports_used, Some(7));

    let _more = makers::time_wait(Family::V4, 5);
    let (snapshot, _) = series.next(&mut live);
    let before = snapshot.before.as_ref().expect("an earlier look");
    assert!(before.at < snapshot.now.at);
    assert_eq!(snapshot.now.counters["TcpActiveOpens"] - before.counters["TcpActiveOpens"], 5);
    assert!(before.descriptors.contains_key(&std::process::id()));
}

pub(crate) fn another_namespace_is_seen_from_within() {
    let mut holder = Holder::start_in(NETWORK, || {
        namespace::bring_loopback_up().expect("lo");
        namespace::set_sysctl("net.ipv4.ip_local_port_range", "21000 21100").expect("a narrow range");
        Holding { sockets: makers::time_wait(Family::V4, 4).others, made: Counts::default() }
    });
    holder.ready();
    let path = format!("/proc/{}/ns/net", holder.pid());
    let look = |mut kernel| snapshot(&mut kernel, &Depth::default(), Some("there".into())).0;
    let there = netns::within(None.into(), &path, look).expect("a look from within");
    let here = taken();
    assert_ne!(there.host.netns, here.host.netns);
    assert_eq!(there.sysctls["net.ipv4.ip_local_port_range"], "21000\t21100");
    assert_ne!(here.sysctls["net.ipv4.ip_local_port_range"], "21000\t21100");
    assert_eq!((there.now.counters["TcpActiveOpens"], here.now.counters["TcpActiveOpens"]), (4, 0));
    assert_eq!(there.now.sockstat.map(|sockstat| sockstat.time_wait), Some(4));
    assert_eq!((there.now.ephemeral_ports_used, here.now.listeners.len()), (Some(4), 0));
}
