//! Snapshots for the tests of rules: everything is ordinary but the point of the test.

#![allow(dead_code, reason = "no rule's tests use all of it")]

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr},
    time::{Duration, SystemTime},
};

use super::{Rule, Settings, examine};
use crate::{
    model::{
        blanks::Blanks,
        census::Census,
        detail::{SocketMemory, TcpInfo},
        family::Family,
        field::Field,
        finding::{Finding, Runtime, Severity},
        host::Host,
        owner::{Holder, Place, Process},
        snapshot::{Listener, ProcessFacts, Route, RouteUse, Sample, Seen, Snapshot, TimeWaits},
        socket::{Socket, Timer},
        state::State,
    },
    text::{Catalogue, Lang, rule::RuleWords},
};

/// 10.0.0.N.
pub(crate) fn ten(last: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(10, 0, 0, last))
}

/// An idle host: everything was read twice, 10 s apart, and nothing is there.
pub(crate) fn snapshot() -> Snapshot {
    let sample = |at| Sample {
        at: Duration::from_secs(at),
        tcp: Some(Census::default()),
        all_established: true,
        ephemeral_ports_used: Some(0),
        bound_inactive: Some(Vec::new()),
        udp: Some(Vec::new()),
        unix: Some(Vec::new()),
        sockstat: Some(crate::model::snapshot::Sockstat::default()),
        tcp_pressure: Some(false),
        files: Some((1_000, 1_000_000)),
        ..Sample::default()
    };
    let sysctls = [
        ("net.core.somaxconn", "4096"),
        ("net.core.rmem_max", "212992"),
        ("net.core.rmem_default", "212992"),
        ("net.core.wmem_max", "212992"),
        ("net.ipv4.ip_local_port_range", "32768\t60999"),
        ("net.ipv4.ip_local_reserved_ports", ""),
        ("net.ipv4.tcp_tw_reuse", "2"),
        ("net.ipv4.tcp_tw_reuse_delay", "1000"),
        ("net.ipv4.tcp_timestamps", "1"),
        ("net.ipv4.tcp_fin_timeout", "60"),
        ("net.ipv4.tcp_max_tw_buckets", "131072"),
        ("net.ipv4.tcp_ehash_entries", "262144"),
        ("net.ipv4.tcp_max_orphans", "131072"),
        ("net.ipv4.tcp_orphan_retries", "0"),
        ("net.ipv4.tcp_retries2", "15"),
        ("net.ipv4.tcp_syn_retries", "6"),
        ("net.ipv4.tcp_syn_linear_timeouts", "4"),
        ("net.ipv4.tcp_synack_retries", "5"),
        ("net.ipv4.tcp_syncookies", "1"),
        ("net.ipv4.tcp_max_syn_backlog", "4096"),
        ("net.ipv4.tcp_abort_on_overflow", "0"),
        ("net.ipv4.tcp_keepalive_time", "7200"),
        ("net.ipv4.tcp_keepalive_intvl", "75"),
        ("net.ipv4.tcp_keepalive_probes", "9"),
        ("net.ipv4.tcp_mem", "188319\t251094\t376638"),
        ("net.ipv4.tcp_rmem", "4096\t131072\t33554432"),
        ("net.ipv4.tcp_wmem", "4096\t16384\t4194304"),
        ("net.ipv4.tcp_rfc1337", "0"),
    ];
    Snapshot {
        host: Host { name: "web-1".into(), kernel: "6.18.0".into(), taken_at: SystemTime::UNIX_EPOCH, netns: Some(1) },
        netns: None,
        is_initial_netns: true,
        now: sample(10),
        before: Some(sample(0)),
        sysctls: sysctls.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        holders: Some(Vec::new()),
        processes: BTreeMap::new(),
        denied: 0,
        calls_denied: 0,
        users: BTreeMap::new(),
        places: BTreeMap::new(),
        closed_descriptors: Some(BTreeMap::new()),
        held_up_sockets: None,
        unix_blocked: Vec::new(),
        gaps: Vec::new(),
        blanks: Blanks::default(),
    }
}

/// A TCP socket 10.0.0.1:8080 to 10.0.0.2:40000, held, with `tcp_info` of zeros and nothing in its queues. Each has its
/// own inode and cookie.
pub(crate) fn socket(state: State, number: u32) -> Seen {
    Seen {
        socket: Socket {
            family: Family::Inet,
            state,
            timer: Timer::None,
            retrans: 0,
            expires_ms: 0,
            local: ten(1),
            local_port: 8080,
            peer: ten(2),
            peer_port: 40_000,
            mapped: false,
            interface: 0,
            cookie: u64::from(number),
            rqueue: 0,
            wqueue: 0,
            raw_uid: Some(1000),
            inode: number,
        },
        info: Some(TcpInfo::new(&[0; 280])),
        memory: Some(SocketMemory {
            rmem_alloc: 0,
            rcvbuf: 131_072,
            wmem_alloc: 0,
            sndbuf: 87_040,
            fwd_alloc: 0,
            wmem_queued: 0,
            optmem: 0,
            backlog: Some(0),
            drops: Some(0),
        }),
        cgroup_id: None,
    }
}

/// The same with a field of its `tcp_info` set.
pub(crate) fn with_info(mut seen: Seen, field: &Field, value: u64) -> Seen {
    let mut bytes = seen.info.as_ref().map_or_else(|| vec![0; 280], |info| info.bytes().to_vec());
    let (from, width) = (usize::from(field.offset), usize::from(field.width));
    bytes[from..from + width].copy_from_slice(&value.to_ne_bytes()[..width]);
    seen.info = Some(TcpInfo::new(&bytes));
    seen
}

/// This number of connections of one state from 10.0.0.1 to a service; `TIME_WAIT` are spread evenly over their minute.
pub(crate) fn route(address: IpAddr, port: u16, state: State, count: u64) -> (Route, RouteUse) {
    let mut usage = RouteUse::default();
    usage.states.insert(state, count);
    if state == State::TIME_WAIT {
        usage.time_waits = time_waits(count);
    }
    (Route { source: ten(1), address, port }, usage)
}

/// This number of `TIME_WAIT`, spread evenly over their minute.
pub(crate) fn time_waits(count: u64) -> TimeWaits {
    let mut waits = TimeWaits::default();
    (0..count).for_each(|number| waits.add((number * 60_000 / count) as u32));
    waits
}

/// A listener on 0.0.0.0 with 511 places.
pub(crate) fn listener(port: u16, inode: u32) -> Listener {
    Listener {
        family: Family::Inet,
        address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        port,
        interface: 0,
        queue: 0,
        limit: Some(511),
        drops: Some(0),
        inode,
        cookie: u64::from(inode),
        uid: Some(1000),
        cgroup_id: None,
    }
}

impl Sample {
    /// Puts sockets in, counted too.
    pub(crate) fn add(&mut self, sockets: impl IntoIterator<Item = Seen>) {
        for seen in sockets {
            let socket = &seen.socket;
            self.tcp.get_or_insert_default().count(socket.state, socket.timer, socket.inode);
            self.sockets.push(seen);
        }
    }

    /// Sets a counter.
    pub(crate) fn counter(&mut self, name: &str, value: u64) {
        self.counters.insert(name.to_owned(), value);
    }
}

impl Snapshot {
    /// Adds the listener of [`socket`], held by process 4321, with this number in its queue.
    pub(crate) fn queue(&mut self, count: u32) {
        self.now.listeners.push(Listener { queue: count, ..listener(8080, 77) });
        self.hold(4321, "orders", Runtime::Python, [77]);
    }

    /// Gives inodes to a process with 1024 descriptors at most.
    pub(crate) fn hold(&mut self, pid: u32, program: &str, runtime: Runtime, inodes: impl IntoIterator<Item = u32>) {
        let holders = self.holders.get_or_insert_default();
        let first = holders.len();
        holders.extend(inodes.into_iter().map(|inode| Holder { inode, pid, tid: pid, fd: 0 }));
        let held = (holders.len() - first) as u64;
        holders.sort_unstable();
        let process = Process {
            pid,
            program: program.as_bytes().into(),
            uid: Some(1000),
            place: Place {
                cgroup: Some(format!("/system.slice/{program}.service").into()),
                unit: Some(format!("{program}.service").into()),
                container: None,
            },
            context: None,
        };
        let facts = ProcessFacts {
            process,
            runtime,
            soft_limit: Some(1024),
            hard_limit: Some(524_288),
            sockets: Some(held),
            is_init: false,
            parent: None,
            threads: None,
            master: None,
            busy_threads: 0,
            cpu_percent: 100,
            held_up: None,
        };
        self.processes.insert(pid, facts);
        self.now.descriptors.insert(pid, held + 4);
    }
}

/// The findings of one rule with default thresholds. Checks that all their sentences are complete in both languages.
pub(crate) fn findings(rule: &'static Rule, snapshot: &Snapshot) -> Vec<Finding> {
    let verdict = examine(snapshot, &[rule], &Settings::default());
    assert!(verdict.not_checked.is_empty(), "not checked: {:?}", verdict.not_checked);
    for finding in &verdict.findings {
        assert_can_be_said(rule, finding);
        assert!(rule.severities.contains(&finding.severity), "{:?} is not declared", finding.severity);
        assert!(!finding.evidence.is_empty(), "no evidence");
    }
    verdict.findings
}

/// The severities of one rule's findings.
pub(crate) fn severities(rule: &'static Rule, snapshot: &Snapshot) -> Vec<Severity> {
    findings(rule, snapshot).into_iter().map(|finding| finding.severity).collect()
}

fn assert_can_be_said(rule: &Rule, finding: &Finding) {
    for (_, lang) in Lang::ALL {
        let catalogue = Catalogue::new(lang);
        let words = RuleWords::new(&catalogue, rule.name, true);
        let remedies = finding
            .remedies
            .iter()
            .flat_map(|remedy| [Some(&remedy.text), remedy.risk.as_ref(), remedy.needs.as_ref()].into_iter().flatten());
        let all = [&finding.title].into_iter().chain(&finding.why).chain(&finding.proof).chain(&finding.limit);
        for sentence in all.chain(remedies).chain(&finding.myths) {
            let said = words.try_say(sentence);
            assert!(said.is_ok(), "{} in {}: {said:?}", rule.name, lang.name());
        }
    }
}
