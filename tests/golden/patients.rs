//! Diagnoses made by hand, and the host of the design's first screen with its diagnosis by the rule itself.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr},
};

use sockdoc::{
    model::{
        census::Census,
        detail::TcpInfo,
        family::Family,
        finding::{Confidence, Figure, Finding, NotChecked, Program, Remedy, RemedyKind, Runtime, Severity, Subject},
        owner::{Holder, Place, Process},
        sentence::{Placeholders, Sentence},
        snapshot::{ProcessFacts, Sample, Seen, Snapshot},
        socket::{Socket, Timer},
        state::State,
        tcp_info::LAST_ACK_RECV,
    },
    report::{diagnosis::Diagnosis, overview::Overview},
    rules::{self, RULES, Settings},
};

use crate::hosts;

const fn ten(third: u8, last: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(10, 0, third, last))
}

/// A socket in `CLOSE_WAIT` whose peer, a database, hung up so long ago.
fn close_wait(number: u32, ms: u64, unread: bool) -> Seen {
    let mut info = [0; 280];
    let (from, width) = (usize::from(LAST_ACK_RECV.offset), usize::from(LAST_ACK_RECV.width));
    info[from..from + width].copy_from_slice(&ms.to_ne_bytes()[..width]);
    Seen {
        socket: Socket {
            family: Family::Inet,
            state: State::CLOSE_WAIT,
            timer: Timer::None,
            retrans: 0,
            expires_ms: 0,
            local: ten(0, 1),
            local_port: 40_000,
            peer: ten(3, 7),
            peer_port: 5432,
            mapped: false,
            interface: 0,
            cookie: u64::from(number),
            rqueue: u32::from(unread),
            wqueue: 0,
            raw_uid: Some(1000),
            inode: number,
        },
        info: Some(TcpInfo::new(&info)),
        memory: None,
        cgroup_id: None,
    }
}

/// The leak of the design's first screen: 43 of 2,310 in the last ten minutes, 12 with something unread.
fn leaking() -> Snapshot {
    let mut now = Sample { tcp: Some(Census::default()), ..Sample::default() };
    let ages = (0..43).map(|number| 61_000 + number * 12_000).chain((43..2309).map(|number| 700_000 + number * 10_000));
    for (number, age) in (1..).zip(ages.chain([32_520_000])) {
        let seen = close_wait(number, age, (1000..1012).contains(&number));
        now.tcp.as_mut().unwrap().count(State::CLOSE_WAIT, Timer::None, seen.socket.inode);
        now.sockets.push(seen);
    }
    now.established_by_process.insert(4321, 812);
    now.descriptors.insert(4321, 3894);
    let process = Process {
        pid: 4321,
        program: b"java".as_slice().into(),
        uid: Some(1000),
        place: Place {
            cgroup: Some("/system.slice/orders.service".into()),
            unit: Some("orders.service".into()),
            container: None,
        },
        context: None,
    };
    let facts = ProcessFacts {
        process,
        runtime: Runtime::Java,
        soft_limit: Some(4096),
        hard_limit: Some(4096),
        sockets: None,
        is_init: false,
        parent: None,
        threads: None,
        master: None,
        busy_threads: 0,
        cpu_percent: 100,
        held_up: None,
    };
    Snapshot {
        host: hosts::busy().host,
        netns: None,
        is_initial_netns: true,
        holders: Some((1..=2310).map(|inode| Holder { inode, pid: 4321, tid: 4321, fd: 0 }).collect()),
        now,
        before: None,
        sysctls: BTreeMap::new(),
        processes: BTreeMap::from([(4321, facts)]),
        denied: 0,
        calls_denied: 0,
        users: BTreeMap::new(),
        places: BTreeMap::new(),
        closed_descriptors: None,
        held_up_sockets: None,
        unix_blocked: Vec::new(),
        blanks: Default::default(),
        gaps: Vec::new(),
    }
}

pub(crate) fn program(name: &str, pid: u32, processes: usize) -> Program {
    Program {
        pid,
        processes,
        name: name.into(),
        user: Some("www-data".into()),
        unit: Some(format!("{name}.service")),
        container: None,
        runtime: Runtime::Native,
    }
}

/// Words of a rule that is not asked here.
fn said(text: &str) -> Sentence {
    Sentence::plain("one").outside("value", text)
}

fn not_checked() -> Vec<NotChecked> {
    ["file-table-near-limit", "udp-drops", "reset-unread"]
        .map(|rule| NotChecked { rule, reason: Sentence::plain("missing-files"), needs: Some("sudo") })
        .into()
}

/// The host of the design's first screen.
pub(crate) fn busy() -> Overview {
    let leak = RULES.iter().find(|rule| rule.name == "close-wait-leak").unwrap();
    let mut diagnosis = Diagnosis::default();
    diagnosis.merge(rules::examine(&leaking(), &[leak], &Settings::default()), 214);
    let any = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let nginx = Subject::Listener { address: any, port: 443, path: None, program: Some(program("nginx", 77, 1)) };
    let harmless = said("3,904 TIME_WAIT, 65 per second, all inbound: normal, nothing to do");
    let finding = Finding::new("time-wait-server", Severity::Ok, nginx).title(harmless);
    diagnosis.findings.push(Finding { why: None, ..finding });
    diagnosis.not_checked = not_checked();
    Overview { diagnosis: Some(diagnosis), ..hosts::busy() }
}

fn sysctl() -> Remedy {
    let mut remedy = Remedy::new(RemedyKind::Sysctl, said("raise the limit of the queue from 4096 to 8192"))
        .command("ip netns exec a-namespace-with-a-long-name sysctl -w net.core.somaxconn=8192 # never broken")
        .risk(said("clients wait longer before they are refused"))
        .needs(Sentence::plain("needs-net-admin"))
        .verify("sysctl net.core.somaxconn");
    remedy.setting = Some("net.core.somaxconn");
    remedy.entry = Some("ip netns exec a-namespace-with-a-long-name ".into());
    remedy.current = Some("4096".into());
    remedy.proposed = Some("8192".into());
    remedy.persist = Some("net.core.somaxconn = 8192".into());
    remedy.undo = Some("sysctl -w net.core.somaxconn=4096".into());
    remedy
}

/// Every kind of subject and severity, more findings than are shown in full, and names that would move the cursor.
pub(crate) fn crowded() -> Diagnosis {
    let hostile = "a\u{1b}[2J\u{202e}b\n主机";
    let any = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let path = Some("/run/\u{1b}[31m/x.sock".to_owned());
    let mut contained = program("postgres", 900, 8);
    contained.container = Some("docker 3f2a91c4d5e6".into());
    let subjects = [
        (Severity::Critical, Subject::Listener { address: any, port: 0, path, program: Some(program(hostile, 7, 1)) }),
        (Severity::Critical, Subject::Process(contained)),
        (
            Severity::Warning,
            Subject::Unit("a-unit-with-a-name-that-is-longer-than-any-terminal-is-wide@instance-1.service".into()),
        ),
        (Severity::Warning, Subject::User("www-data".into())),
        (Severity::Notice, Subject::Container("docker 3f2a91c4d5e6".into())),
        (
            Severity::Notice,
            Subject::Destination { source: Some(ten(0, 1)), address: ten(3, 7), port: Some(5432), program: None },
        ),
        (
            Severity::Notice,
            Subject::Destination { source: None, address: ten(3, 7), port: None, program: Some(program("curl", 5, 1)) },
        ),
        (Severity::Ok, Subject::Host),
        (Severity::Ok, Subject::Unknown),
    ];
    let text = "a headline that is long enough to be broken on a terminal of eighty columns, and that ends here";
    let finding = |(severity, subject)| {
        let mut finding = Finding::new("accept-queue-full", severity, subject)
            .title(said(text))
            .why(said(hostile))
            .proof(said("one"))
            .proof(said("two"))
            .proof(said("three"))
            .evidence("queue", Figure::Count(14_438), "idiag_rqueue")
            .evidence("drops", Figure::PerSecond(0.25), "TcpExtListenDrops")
            .evidence("name", Figure::Text(hostile.into()), "/proc/7/comm")
            .remedy(Remedy::new(RemedyKind::Code, said("accept faster.")))
            .remedy(sysctl())
            .remedy(Remedy::new(RemedyKind::Operate, said("a third remedy")))
            .remedy(Remedy::new(RemedyKind::Operate, said("look at it.")).first_aid().command("ss -ltn"))
            .confidence(Confidence::Inferred);
        finding.netns = Some(hostile.into());
        finding.myths.push(said("It does not help to hope."));
        finding
    };
    let mut not_checked = not_checked();
    not_checked[1].needs = Some("--deep");
    not_checked[2].needs = None;
    Diagnosis { findings: subjects.map(finding).into(), not_checked, hidden: 1, ..Diagnosis::default() }
}
