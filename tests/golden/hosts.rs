//! Hosts made by hand.

use std::time::{Duration, SystemTime};

use sockdoc::{
    model::{
        census::Census,
        counted::Counted,
        family::{Netid, Protocol},
        gap::{Gap, What, Why},
        host::{Host, Others},
        socket::Timer,
        state::State,
    },
    report::overview::{NamespaceCount, Overview},
};

/// 2026-11-22T06:05:11Z.
pub(crate) const TAKEN_AT: Duration = Duration::from_secs(1_795_327_511);

/// A census of this many sockets by state, each held by a program.
pub(crate) fn census(figures: &[(State, u64)]) -> Census {
    let mut census = Census::default();
    for &(state, sockets) in figures {
        for _ in 0..sockets {
            census.count(state, Timer::None, 1);
        }
    }
    census
}

fn small(sockets: u64) -> Census {
    census(&[(State::CLOSE, sockets)])
}

fn host(name: &str) -> Host {
    Host {
        name: name.into(),
        kernel: "6.8.0".into(),
        taken_at: SystemTime::UNIX_EPOCH + TAKEN_AT,
        netns: Some(4_026_531_840),
    }
}

fn overview(name: &str, tcp: Census, [udp, raw, stream, datagram, seqpacket]: [u64; 5]) -> Overview {
    let netids = vec![
        (Netid::Tcp, Some(tcp)),
        (Netid::Udp, Some(small(udp))),
        (Netid::Raw, Some(small(raw))),
        (Netid::UnixStream, Some(small(stream))),
        (Netid::UnixDatagram, Some(small(datagram))),
        (Netid::UnixSeqpacket, Some(small(seqpacket))),
    ];
    Overview {
        host: host(name),
        counted: Counted { netids, gaps: Vec::new() },
        others: Default::default(),
        netns: vec![NamespaceCount { inode: Some(4_026_531_840), label: None, own: true, sockets: 14_881 }],
        bound_inactive: false,
        origin: Default::default(),
        diagnosis: None,
    }
}

/// A web server whose database client leaks: the figures of the design's first screen.
pub(crate) fn busy() -> Overview {
    let mut census = census(&[(State::ESTABLISHED, 8201), (State::CLOSE_WAIT, 2310), (State::LISTEN, 23)]);
    for _ in 0..3904 {
        census.count(State::TIME_WAIT, Timer::TimeWait, 0);
    }
    let mut overview = overview("web-1", census, [31, 0, 380, 30, 2]);
    overview.others = Others { count: 37, gap: None };
    overview
}

/// Nothing at all.
pub(crate) fn empty() -> Overview {
    overview("empty", Census::default(), [0; 5])
}

/// Every state, every kind of note, and figures of every length.
pub(crate) fn everything() -> Overview {
    let mut census = census(&[
        (State::ESTABLISHED, 99_000),
        (State::SYN_SENT, 7),
        (State::FIN_WAIT1, 12),
        (State::CLOSE, 1),
        (State::CLOSE_WAIT, 40),
        (State::LAST_ACK, 3),
        (State::LISTEN, 310),
        (State::CLOSING, 2),
        (State::FIN_WAIT2, 1),
        (State::BOUND_INACTIVE, 5),
        (State::from_kernel(14), 4),
    ]);
    for _ in 0..1234 {
        census.count(State::ESTABLISHED, Timer::None, 0);
    }
    census.count(State::CLOSE_WAIT, Timer::None, 0);
    for _ in 0..900 {
        census.count(State::SYN_RECV, Timer::Retransmit, 0);
        census.count(State::FIN_WAIT2, Timer::TimeWait, 0);
    }
    for _ in 0..120_000 {
        census.count(State::TIME_WAIT, Timer::TimeWait, 0);
    }
    let mut overview = overview("all.states.example.net", census, [3, 2, 1204, 9, 1]);
    overview.bound_inactive = true;
    overview.others = Others { count: 1, gap: None };
    overview
}

/// TCP and UDP could not be read, the rest could.
pub(crate) fn unreadable() -> Overview {
    let mut overview = overview("sandbox", Census::default(), [0, 1, 2, 0, 0]);
    for (_, census) in overview.counted.netids.iter_mut().take(2) {
        *census = None;
    }
    let unreadable = |protocol| Gap {
        what: What::Sockets(protocol),
        why: Why::Unreadable(
            "sock_diag: Permission denied; reading /proc/thread-self/net/tcp: Permission denied".into(),
        ),
    };
    overview.counted.gaps = vec![unreadable(Protocol::Tcp), unreadable(Protocol::Udp)];
    overview
}

/// An ordinary user, who sees the namespaces of few processes.
pub(crate) fn hidden() -> Overview {
    let mut overview = overview("shared", census(&[(State::ESTABLISHED, 1), (State::LISTEN, 1)]), [1, 0, 3, 0, 0]);
    let gap = Gap { what: What::Namespaces, why: Why::Denied(214) };
    overview.others = Others { count: 1204, gap: Some(gap) };
    overview.counted.gaps = vec![Gap {
        what: What::Sockets(Protocol::Raw),
        why: Why::ReadFromProc("sock_diag: No such file or directory".into()),
    }];
    overview
}

/// Names that would move the cursor, turn the text and change the title of the window.
pub(crate) fn hostile() -> Overview {
    let mut overview = overview("a\u{1b}[2J\u{1b}]0;x\u{7}\u{202e}b\n主机", census(&[(State::LISTEN, 2)]), [0; 5]);
    overview.host.kernel = "6.8.0\u{1b}[31m-é".into();
    overview
}

/// All of them, by name.
pub(crate) fn all() -> Vec<(&'static str, Overview)> {
    vec![
        ("busy", busy()),
        ("empty", empty()),
        ("everything", everything()),
        ("unreadable", unreadable()),
        ("hidden", hidden()),
        ("hostile", hostile()),
    ]
}
