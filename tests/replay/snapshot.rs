//! A snapshot from held answers: the kept part of each socket, and the second lookup.

use crate::memory::MemorySource;
use std::{net::IpAddr, time::Duration};

use sockdoc::{
    collect::{
        series::{Baseline, Series},
        snapshot::{Depth, look_up, sample, snapshot},
    },
    model::{
        family::{Netid, Protocol},
        finding::Runtime,
        gap::{What, Why},
        group::Direction,
        snapshot::{Route, Sample, Snapshot},
        socket::Kind,
        state::State,
    },
};

use crate::kernel::{
    Inet, TCP_ONE_WALK, UDP4, UDP6, UNIX, at, attribute, datagram, done, dump, dump_of, inet, inet6, one_walk, record,
    refusal, tcp_info, unix,
};

const INFO: u16 = 2;
const SKMEMINFO: u16 = 7;
const CGROUP_ID: u16 = 21;

fn depth() -> Depth {
    Depth::default()
}

fn taken(held: &mut MemorySource) -> Sample {
    sample(held, &depth(), Some((6, 18))).0
}

fn with_range(mut held: MemorySource) -> MemorySource {
    held.file("/proc/sys/net/ipv4/ip_local_port_range", "30000\t40000\n");
    held
}

fn memory(drops: u32) -> Vec<u8> {
    [0, 1000, 0, 2000, 0, 0, 0, 0, drops].iter().flat_map(|word: &u32| word.to_ne_bytes()).collect()
}

fn listener(port: u16) -> Inet {
    inet(10).local("0.0.0.0", port).peer("0.0.0.0", 0).cookie(u64::from(port))
}

fn to(port: u16, state: u8) -> Inet {
    inet(state).local("10.0.0.1", port).peer("10.9.9.9", 443)
}

#[test]
fn every_listener_comes_with_queue_limit_and_drops() {
    let full = Inet { rqueue: 5, wqueue: 4, ..listener(80) };
    let full = full.attribute(SKMEMINFO, &memory(7)).attribute(CGROUP_ID, &99u64.to_ne_bytes());
    let any6 = inet6(10).local("::", 81).peer("::", 0).cookie(2);
    let sample = taken(&mut one_walk(dump(&[&[full, any6]])));
    let [first, second] = &sample.listeners[..] else { panic!("{:?}", sample.listeners) };
    assert_eq!((first.address, first.port, first.queue, first.limit), (at("0.0.0.0"), 80, 5, Some(4)));
    assert_eq!((first.drops, first.cgroup_id, first.uid, first.is_full()), (Some(7), Some(99), Some(1000), true));
    assert_eq!((second.address, second.drops, second.is_full()), (at("::"), None, false));
    assert_eq!(sample.tcp.unwrap().sockets(State::LISTEN), 2);
}

#[test]
fn healthy_connections_leave_a_count_and_an_inode() {
    let many: Vec<Inet> = (0..100).map(|n| inet(1).cookie(1 + n).inode(500 + n as u32)).collect();
    let mut held = one_walk(dump(&[&[listener(80)], &many]));
    // The kernel answers the second dump with the same sockets, each with its figures.
    held.answer(TCP_ONE_WALK, dump(&[&many]));
    let detailed: Vec<Inet> = many.iter().map(|one| one.clone().attribute(INFO, &tcp_info(280, 1, 0))).collect();
    held.answer(TCP_ONE_WALK, dump(&detailed.chunks(50).collect::<Vec<_>>()));
    let sample = taken(&mut held);
    assert_eq!(sample.tcp.as_ref().unwrap().sockets(State::ESTABLISHED), 100);
    assert_eq!((sample.sockets.len(), sample.all_established), (100, true), "few enough to be looked at closely");
    assert!(sample.sockets.iter().all(|seen| seen.direction() == Some(Direction::Outbound)));
    assert_eq!(sample.established_inodes, (500..600).collect::<Vec<u32>>());
    assert!(sample.outbound.is_empty(), "the ephemeral range is unknown");
    assert_eq!(sample.ephemeral_ports_used, None);
}

#[test]
fn what_tells_something_is_kept() {
    let queued = |one: Inet| Inet { rqueue: 1, ..one };
    let records = [
        inet(1).cookie(1).inode(0),
        queued(inet(1).cookie(2)),
        Inet { wqueue: 9, ..inet(1).cookie(3) },
        Inet { retrans: 2, ..inet(1).cookie(4).timer(1) },
        inet(1).cookie(5).timer(4),
        inet(2).cookie(6),
        inet(3).cookie(7).timer(1).small(),
        inet(4).cookie(8),
        inet(5).cookie(9).timer(3).small(),
        inet(8).cookie(10),
        inet(9).cookie(11),
        inet(11).cookie(12),
        inet(6).cookie(13).timer(3).small(),
        inet(7).cookie(14),
    ];
    let sample = taken(&mut one_walk(dump(&[&records])));
    let cookies: Vec<u64> = sample.sockets.iter().map(|seen| seen.socket.cookie).collect();
    assert_eq!(cookies, (1..=12).collect::<Vec<u64>>());
    assert!(!sample.all_established, "nobody answered for their figures");
    assert_eq!(sample.sockets[6].kind(), Kind::RequestSock);
}

#[test]
fn a_thousand_of_a_state_are_kept_and_the_rest_is_counted() {
    let many: Vec<Inet> = (0..1200).map(|n| inet(8).cookie(1 + n)).collect();
    let mut datagrams: Vec<&[Inet]> = many.chunks(100).collect();
    let one = [inet(3).timer(1).small()];
    datagrams.push(&one);
    let sample = taken(&mut one_walk(dump(&datagrams)));
    assert_eq!(sample.sockets.len(), 1001);
    assert_eq!(sample.beyond.iter().collect::<Vec<_>>(), [(&State::CLOSE_WAIT, &200)]);
    assert_eq!(sample.tcp.unwrap().sockets(State::CLOSE_WAIT), 1200);
}

#[test]
fn few_sockets_are_looked_up_one_by_one_and_taken_as_they_are_later() {
    let mut held =
        one_walk(dump(&[&[inet(1).cookie(1).inode(0), inet(8).cookie(2), inet(8).cookie(3), inet(1).cookie(4)]]));
    let closed = inet(8).cookie(1).inode(0).attribute(INFO, &tcp_info(280, 0, 0));
    held.answer_exact(1, record(&closed.bytes()));
    // The listener answers where the connection is gone.
    held.answer_exact(2, record(&listener(80).bytes()));
    let mine = inet(8).cookie(3).attribute(INFO, &tcp_info(232, 1, 0)).attribute(SKMEMINFO, &memory(0));
    held.answer_exact(3, record(&mine.bytes()));
    let sample = taken(&mut held);
    let figures: Vec<_> =
        sample.sockets.iter().map(|seen| (seen.socket.cookie, seen.socket.state, seen.info.is_some())).collect();
    // The second is gone: it was on its way. The fourth was healthy, and nothing is known of it.
    let close_wait = State::CLOSE_WAIT;
    assert_eq!(figures, [(1, close_wait, true), (3, close_wait, true)]);
    assert_eq!(sample.sockets[1].memory.unwrap().rcvbuf, 1000);
    assert!(sample.all_established);
}

#[test]
fn many_sockets_are_asked_for_in_one_more_dump() {
    let plain: Vec<Inet> = (1..=70).map(|n| inet(8).cookie(n)).collect();
    let mut held = one_walk(dump(&[&[listener(80)]]));
    held.answer(TCP_ONE_WALK, dump(&[&plain]));
    // One has gone, one has moved on, and one is new.
    let mut later: Vec<Inet> = (2..=71).map(|n| inet(8).cookie(n).attribute(INFO, &tcp_info(280, 0, 0))).collect();
    later[0].state = 9;
    held.answer(TCP_ONE_WALK, dump(&[&later]));
    let sample = taken(&mut held);
    // The dump asks for CLOSE_WAIT alone: sockets that ended or moved on since are not evidence.
    let infos = sample.sockets.iter().filter(|seen| seen.info.is_some()).count();
    assert_eq!((sample.sockets.len(), infos), (68, 68));
    assert!(sample.sockets.iter().all(|seen| seen.socket.cookie > 2));
    assert_eq!(sample.tcp.unwrap().sockets(State::CLOSE_WAIT), 70, "the census is that of the first walk");
}

#[test]
fn time_wait_is_folded_by_who_closed() {
    let small = |port: u16, left: u32| Inet { expires_ms: left, ..to(port, 6).timer(3).small() };
    let records = [
        listener(80),
        small(80, 59_900),
        small(80, 30_000),
        small(31_000, 59_000),
        small(31_001, 59_500),
        small(31_002, 1_000).peer("10.9.9.8", 443),
        // Neither listening nor ephemeral: a server that is gone.
        small(8080, 10_000),
    ];
    let sample = taken(&mut with_range(one_walk(dump(&[&records]))));
    let inbound: Vec<_> = sample.time_wait_inbound.iter().map(|(port, waits)| (*port, waits.sockets)).collect();
    assert_eq!(inbound, [(80, 2)]);
    let waits = &sample.time_wait_inbound[&80];
    assert_eq!((waits.left[59], waits.left[30], waits.older_than(Duration::from_secs(20))), (1, 1, 1));
    let outbound: Vec<_> = sample.outbound.iter().map(|(route, used)| (route.address, used.sockets())).collect();
    assert_eq!(outbound, [(at("10.9.9.8"), 1), (at("10.9.9.9"), 2)]);
    let busy = sample.outbound.values().nth(1).unwrap();
    assert_eq!((busy.time_waits.sockets, busy.time_waits.left[59], busy.states[&State::TIME_WAIT]), (2, 2, 2));
    assert_eq!(sample.ephemeral_ports_used, Some(3));
    assert_eq!(sample.tcp.unwrap().sockets(State::TIME_WAIT), 6);
}

#[test]
fn a_route_counts_every_state_and_takes_mapped_addresses_for_ipv4() {
    let mapped = Inet { family: 10, ..to(30_001, 1).local("::ffff:10.0.0.1", 30_001).peer("::ffff:10.9.9.9", 443) };
    let records = [
        listener(30_005),
        to(30_000, 1).inode(11),
        mapped.inode(12),
        to(30_002, 2).inode(13),
        to(30_003, 6).timer(3).small(),
        // The same port towards another destination is one port.
        to(30_003, 8).peer("10.9.9.7", 25).inode(14),
        // A listener in the range takes connections: they are not ours.
        to(30_005, 1),
        to(29_999, 1),
        to(40_001, 1),
    ];
    let sample = taken(&mut with_range(one_walk(dump(&[&records]))));
    let route = |address: &str, port| Route { source: at("10.0.0.1"), address: at(address), port };
    let used = &sample.outbound[&route("10.9.9.9", 443)];
    let states: Vec<_> = used.states.iter().map(|(state, count)| (state.number(), *count)).collect();
    assert_eq!(states, [(1, 2), (2, 1), (6, 1)]);
    assert_eq!(used.inodes, [11, 12, 13]);
    assert_eq!(sample.outbound[&route("10.9.9.7", 25)].sockets(), 1);
    assert_eq!((sample.outbound.len(), sample.routes_beyond, sample.ephemeral_ports_used), (2, 0, Some(4)));
}

#[test]
fn the_largest_routes_are_kept_and_the_rest_is_counted() {
    let address = |n: u32| IpAddr::from(n.to_be_bytes());
    let one = |n: u32| Inet { peer: (address(0x0a00_0000 + n), 443), ..to(30_000, 6).timer(3).small() };
    let mut records: Vec<Inet> = (0..4100).map(one).collect();
    records.push(one(4099));
    let datagrams: Vec<&[Inet]> = records.chunks(100).collect();
    let sample = taken(&mut with_range(one_walk(dump(&datagrams))));
    assert_eq!((sample.outbound.len(), sample.routes_beyond), (4096, 4));
    let route = Route { source: at("10.0.0.1"), address: address(0x0a00_0000 + 4099), port: 443 };
    assert_eq!(sample.outbound[&route].sockets(), 2);
}

#[test]
fn figures_in_the_answer_are_not_asked_for_again() {
    // As `ss -D` writes them.
    let told = inet(8).cookie(5).attribute(INFO, &tcp_info(280, 1, 0));
    let sample = taken(&mut one_walk(dump(&[&[told]])));
    assert!(sample.sockets[0].info.is_some());
}

#[test]
fn without_sock_diag_the_table_of_proc_is_read_and_nothing_is_made_up() {
    let mut held = MemorySource::default();
    let head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
    let lines = "   0: 00000000:0050 00000000:0000 0A 00000000:00000003 00:00000000 00000000     0        0 7 1\n   \
                 1: 0100007F:0050 0200007F:C350 08 00000000:00000001 00:00000000 00000000  1000        0 8 1\n   \
                 2: 0100007F:0050 0200007F:C351 01 00000000:00000000 00:00000000 00000000  1000        0 9 1\n";
    held.file("/proc/thread-self/net/tcp", format!("{head}{lines}"));
    held.file("/proc/thread-self/net/udp", head);
    held.file("/proc/thread-self/net/unix", "Num\n");
    let (sample, counted) = sample(&mut held, &depth(), Some((6, 18)));
    assert_eq!(sample.listeners[0].limit, None);
    assert!(!sample.listeners[0].is_full());
    assert_eq!((sample.sockets.len(), sample.all_established), (1, false));
    assert_eq!((&sample.udp, &sample.unix), (&Some(vec![]), &None), "drops of UDP, no queues of UNIX");
    let told = counted.gaps.iter().filter(|gap| gap.what == What::Sockets(Protocol::Tcp)).count();
    assert_eq!(told, 1, "{:?}", counted.gaps);
    assert!(matches!(counted.gaps[0].why, Why::ReadFromProc(_)));
}

#[test]
fn what_cannot_be_read_is_unknown() {
    let mut held = MemorySource::default();
    let (snapshot, counted) = snapshot(&mut held, &Depth { descriptors: true, ..depth() }, None);
    let now = &snapshot.now;
    assert_eq!((&now.tcp, &now.udp, &now.unix, now.sockstat), (&None, &None, &None, None));
    assert_eq!((now.tcp_pressure, now.files, now.conntrack, now.ephemeral_ports_used), (None, None, None, None));
    assert_eq!((&now.bound_inactive, &snapshot.closed_descriptors, &snapshot.holders), (&None, &None, &None));
    assert!(now.counters.is_empty() && snapshot.sysctls.is_empty() && !snapshot.is_initial_netns);
    assert!(!counted.gaps.is_empty() && snapshot.gaps == counted.gaps);
}

#[test]
fn counts_for_the_overview_come_from_the_same_walks() {
    let mut held = one_walk(dump(&[&[listener(80), inet(1)]]));
    held.answer(UDP4, dump(&[&[inet(7).cookie(1), Inet { rqueue: 3, ..inet(7).cookie(2) }]]));
    held.answer(UDP6, dump(&[&[inet6(1).cookie(3).attribute(SKMEMINFO, &memory(4))]]));
    let queue = |waiting: u32, limit: u32| [waiting.to_ne_bytes(), limit.to_ne_bytes()].concat();
    let path = [attribute(0, b"/run/app.sock\0"), attribute(4, &queue(3, 2))].concat();
    let hidden = [attribute(0, b"\0bus"), attribute(4, &queue(0, 128))].concat();
    let records = [unix(1, 10, 1, &path), unix(5, 10, 2, &hidden), unix(2, 7, 3, &[]), unix(1, 1, 4, &[])];
    held.answer(UNIX, dump_of(&records));
    let (sample, counted) = sample(&mut held, &depth(), Some((6, 18)));
    let totals = [Netid::Tcp, Netid::Udp, Netid::UnixStream, Netid::UnixDatagram, Netid::UnixSeqpacket];
    let totals = totals.map(|netid| counted.census(netid).map_or(0, sockdoc::model::census::Census::total));
    assert_eq!(totals, [2, 3, 2, 1, 1]);
    let udp: Vec<u64> = sample.udp.unwrap().iter().map(|seen| seen.socket.cookie).collect();
    assert_eq!(udp, [2, 3], "one with a queue, one that lost something");
    let listeners = sample.unix.unwrap();
    let shown: Vec<_> = listeners.iter().map(|one| (one.path.as_deref(), one.queue, one.limit)).collect();
    assert_eq!(shown, [(Some("/run/app.sock"), 3, Some(2)), (Some("@bus"), 0, Some(128))]);
}

/// A host with one program near its limit, one that holds a connection, and one that may not be seen.
fn host() -> MemorySource {
    let mut held =
        one_walk(dump(&[&[listener(80).inode(70), inet(8).cookie(2).inode(71), inet(1).cookie(3).inode(72)]]));
    held.file("/proc/sys/net/ipv4/tcp_mem", "1 2 3\n");
    held.file("/etc/passwd", "www:x:33:33::/:/bin/false\n");
    for (pid, name, limit) in [(1, "systemd", 1024), (20, "worker", 40), (30, "python3", 1024)] {
        held.file(&format!("/proc/{pid}/comm"), format!("{name}\n"));
        held.file(&format!("/proc/{pid}/status"), "Uid:\t33\t33\t33\t33\nCapEff:\t0000000000000000\n");
        held.file(&format!("/proc/{pid}/limits"), format!("Max open files  {limit}  4096  files\n"));
    }
    for fd in 0..36 {
        held.symlink(&format!("/proc/20/fd/{fd}"), if fd % 2 == 0 { "/dev/null" } else { "socket:[9]" });
    }
    held.symlink("/proc/1/fd/3", "socket:[70]");
    for (fd, inode) in [(3, 70), (4, 71), (5, 72), (6, 72)] {
        held.symlink(&format!("/proc/30/fd/{fd}"), &format!("socket:[{inode}]"));
    }
    held.symlink("/proc/30/exe", "/usr/bin/python3.12");
    held
}

fn of_host(held: &mut MemorySource) -> Snapshot {
    snapshot(held, &depth(), None).0
}

#[test]
fn a_process_near_its_limit_is_known_without_being_looked_up() {
    let snapshot = of_host(&mut host());
    assert!(snapshot.is_initial_netns);
    assert_eq!(snapshot.processes.keys().collect::<Vec<_>>(), [&20]);
    let worker = &snapshot.processes[&20];
    assert_eq!((worker.soft_limit, worker.hard_limit, worker.sockets), (Some(40), Some(4096), Some(18)));
    assert_eq!((&*worker.process.program, worker.is_init), (&b"worker"[..], false));
    assert_eq!(snapshot.now.descriptors.iter().collect::<Vec<_>>(), [(&1, &1), (&20, &36), (&30, &4)]);
}

#[test]
fn owners_are_looked_up_for_what_a_finding_speaks_of() {
    let mut held = host();
    let mut snapshot = of_host(&mut held);
    look_up(&held, &mut snapshot, &[71, 70, 0, 71], &[]);
    let holders: Vec<_> = snapshot.holders.as_ref().unwrap().iter().map(|one| (one.inode, one.pid, one.fd)).collect();
    assert_eq!(holders, [(70, 1, 3), (70, 30, 3), (71, 30, 4)]);
    let init = &snapshot.processes[&1];
    assert!(init.is_init);
    let python = &snapshot.processes[&30];
    assert_eq!((python.runtime, python.soft_limit, python.sockets), (Runtime::Python, Some(1024), Some(4)));
    assert_eq!(snapshot.users[&33], "www");
    assert_eq!(snapshot.now.established_by_process.iter().collect::<Vec<_>>(), [(&30, &1)], "that which leaks");
    assert!(snapshot.processes.contains_key(&20), "still known");
}

#[test]
fn a_socket_that_nobody_is_seen_to_hold_is_placed_by_its_cgroup() {
    let of = |one: Inet, id: u64| one.attribute(CGROUP_ID, &id.to_ne_bytes());
    let records = [of(listener(80).inode(70), 20), of(inet(8).cookie(2).inode(71), 300), of(inet(4).inode(0), 21)];
    let mut held = one_walk(dump(&[&records]));
    held.symlink("/proc/1/fd/3", "socket:[70]");
    held.file("/proc/1/comm", "systemd\n");
    held.file("/proc/self/mountinfo", "41 31 0:38 / /sys/fs/cgroup rw shared:9 - cgroup2 cgroup2 rw\n");
    for (path, id) in [("", 1), ("/a.service", 20), ("/nginx.service", 300), ("/b.service", 21)] {
        held.symlink(&format!("/sys/fs/cgroup{path}"), &format!("cgroup:[{id}]"));
    }
    let mut snapshot = of_host(&mut held);
    look_up(&held, &mut snapshot, &[70, 71], &[]);
    let units: Vec<_> = snapshot.places.iter().map(|(id, place)| (*id, place.unit.as_deref())).collect();
    assert_eq!(units, [(21, Some("b.service")), (300, Some("nginx.service"))], "not the one with a process");
}

#[test]
fn a_second_sample_makes_the_first_the_earlier_one() {
    let mut held = host();
    held.file("/proc/thread-self/net/netstat", "TcpExt: ListenDrops\nTcpExt: 3\n");
    let mut series = Series::new(depth(), Some("blue".into()), Baseline::First);
    series.next(&mut held);
    held.clock += std::time::Duration::from_secs(1);
    held.file("/proc/thread-self/net/netstat", "TcpExt: ListenDrops\nTcpExt: 5\n");
    let (snapshot, _) = series.next(&mut held);
    let before = snapshot.before.as_ref().unwrap();
    assert!(before.at < snapshot.now.at);
    assert_eq!((before.counters["TcpExtListenDrops"], snapshot.now.counters["TcpExtListenDrops"]), (3, 5));
    assert_eq!(before.descriptors[&20], snapshot.now.descriptors[&20]);
    assert_eq!(snapshot.netns.as_deref(), Some("blue"));
}

#[test]
fn a_closed_descriptor_has_one_socket_before_and_after_a_dump_without_it() {
    let mut held = host();
    for (fd, inode, protocol) in [(7, 500, "TCP\0"), (8, 501, "TCPv6\0"), (9, 502, "UDP\0"), (10, 503, "UNIX\0")] {
        held.symlink(&format!("/proc/30/fd/{fd}"), &format!("socket:[{inode}]"));
        held.attribute(&format!("/proc/30/fd/{fd}"), "system.sockprotoname", protocol);
    }
    for pid in [20, 30] {
        held.symlink(&format!("/proc/{pid}/ns/net"), "net:[1]");
    }
    // A process that may enter other namespaces may hold sockets of others.
    held.symlink("/proc/40/fd/1", "socket:[600]");
    held.attribute("/proc/40/fd/1", "system.sockprotoname", "TCP\0");
    held.file("/proc/40/status", "CapEff:\t0000000000200000\n");
    let depth = Depth { descriptors: true, ..depth() };
    let (snapshot, _) = snapshot(&mut held, &depth, None);
    let closed = snapshot.closed_descriptors.unwrap();
    assert_eq!(closed.iter().collect::<Vec<_>>(), [(&30, &vec![7, 8])]);
}

#[test]
fn bound_sockets_are_asked_for_only_on_request() {
    let mut held = one_walk(dump(&[&[inet(1)]]));
    held.answer(crate::kernel::TCP4, dump(&[&[inet(7).peer("0.0.0.0", 0)]]));
    held.answer(crate::kernel::TCP6, vec![done()]);
    assert_eq!(taken(&mut held.clone()).bound_inactive, None);
    let depth = Depth { bound_inactive: true, ..depth() };
    let (now, counted) = sample(&mut held.clone(), &depth, Some((6, 18)));
    assert_eq!(now.bound_inactive.unwrap()[0].state, State::BOUND_INACTIVE);
    assert_eq!(counted.census(Netid::Tcp).unwrap().sockets(State::BOUND_INACTIVE), 1);
    let (old, counted) = sample(&mut held, &depth, Some((6, 1)));
    assert_eq!(old.bound_inactive, None);
    assert!(counted.gaps.iter().any(|gap| gap.what == What::BoundInactive));
}

#[test]
fn a_dump_that_is_broken_off_is_begun_again() {
    let mut held = one_walk(dump(&[&[listener(80)]]));
    held.answer(TCP_ONE_WALK, vec![datagram(&[inet(8).cookie(1), inet(8).cookie(2)]), refusal(libc::EINTR)]);
    held.answer(TCP_ONE_WALK, dump(&[&[inet(8).cookie(1)]]));
    let sample = taken(&mut held);
    assert_eq!((sample.sockets.len(), sample.tcp.unwrap().total()), (1, 2));
}
