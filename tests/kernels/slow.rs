//! Proofs that need a machine: hours of its clock, or limits that belong to the host and not to a network namespace. Each
//! makes its fault for real, sees it found by the default threshold, and sees it gone by the printed remedy or a repaired
//! program. `tests/kernels/slow` runs them in a guest; on any other machine nothing does.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddrV4, TcpStream};
use std::time::Duration;

use crate::features::Feature;
use crate::lab::actor::{Actor, stay};
use crate::lab::check::{self, Finding};
use crate::lab::counts::State;
use crate::lab::crowd;
use crate::lab::load::{Ends, Load};
use crate::lab::makers::{self, Hangup};
use crate::lab::namespace;
use crate::lab::overflow;
use crate::lab::path::{self, Far};
use crate::lab::proc_net::{counter, tcp_in, until};
use crate::lab::program::{run, shell};
use crate::lab::segments;
use crate::lab::server::{AtEnd, Server};
use crate::lab::sockets::Family;

pub(crate) const SLOW: &[Feature] = &[
    ("idle-no-keepalive", idle_no_keepalive),
    ("fin-wait2-held", fin_wait2_held),
    ("orphans-near-limit", orphans_near_limit),
    ("tcp-memory", tcp_memory),
    ("syncookies-active", syncookies_active),
    ("conntrack-near-limit", conntrack_near_limit),
    ("udp-drops", udp_drops),
];

/// Names the proof that the process has to run, of those alone.
const PROOF: &str = "SOCKDOC_SLOW_PROOF";

/// The proof that is asked for.
pub(crate) fn chosen() -> Option<Feature> {
    let name = std::env::var(PROOF).ok()?;
    SLOW.iter().find(|(slow, _)| *slow == name).copied()
}

/// The only finding of a rule, at its default thresholds, in two seconds.
fn found(rule: &str) -> Option<Finding> {
    let checked = check::run(&["--only", rule, "--for", "2s"]);
    assert!(checked.unchecked(rule).is_none(), "{:#}", checked.document);
    checked.of(rule).first().map(|finding| (*finding).clone())
}

#[track_caller]
fn silent(rule: &str) {
    let found = found(rule);
    assert!(found.is_none(), "{found:?}");
}

/// The finding, with the number it must count.
#[track_caller]
fn fires(rule: &str, severity: &str, figure: &str, count: f64) -> Finding {
    let found = found(rule).unwrap_or_else(|| panic!("{rule} is silent"));
    assert_eq!(found.severity(), severity, "{found:?}");
    assert!(found.figure(figure) >= count, "{found:?}");
    found
}

/// Runs a printed command of a finding.
#[track_caller]
fn applies(found: &Finding, begin: &str) {
    let said = shell(found.command(begin));
    assert_eq!(said.code, Some(0), "{said:?}");
}

fn sleep(minutes: u64) {
    std::thread::sleep(Duration::from_secs(60 * minutes));
}

fn idle_no_keepalive() -> String {
    const RULE: &str = "idle-no-keepalive";
    let far = Far::connect();
    let server = Server { address: Far::at(8080), ..Server::at(8080) };
    let _server = far.start("far-server", move |ready| server.run(ready));
    let pool = |keepalive| Load { ends: Ends::Stays, keepalive, ..Load::to(Far::at(8080), 100) }.complete();
    let idle: Actor = pool(None);
    sleep(119);
    silent(RULE);
    sleep(2);
    let seen = fires(RULE, "notice", "idle_at_least", 7_200_000.0);
    assert_eq!(seen.pid(), Some(idle.pid()), "{seen:?}");
    drop(idle);
    let _repaired = pool(Some(Duration::from_secs(3_600)));
    sleep(121);
    silent(RULE);
    "silent after 119 min, found after 121, gone with keepalive after 121 more".to_owned()
}

fn fin_wait2_held() -> String {
    const RULE: &str = "fin-wait2-held";
    let server = Server { at_end: AtEnd::Forget, ..Server::at(8080) };
    let _server = server.clone().start();
    let clients = Load { ends: Ends::Finishes, ..Load::to(server.address, 10) }.complete();
    std::thread::sleep(Duration::from_secs(290));
    silent(RULE);
    std::thread::sleep(Duration::from_secs(20));
    let seen = fires(RULE, "notice", "oldest", 300.0);
    assert_eq!(seen.pid(), Some(clients.pid()), "{seen:?}");
    let said = run(&["kill", "fin-wait-2 and dport = :8080", "--yes"]);
    assert_eq!((said.code, tcp_in(State::FinWait2).len()), (Some(0), 0), "{said:?}");
    silent(RULE);
    "silent after 290 s, found after 310, gone by sockdoc kill".to_owned()
}

fn orphans_near_limit() -> String {
    const RULE: &str = "orphans-near-limit";
    fs::write("/proc/sys/net/ipv4/tcp_max_orphans", "100").expect("root");
    let few = makers::fin_wait1(Family::V4, 40, Hangup::Orphan);
    silent(RULE);
    let more = makers::fin_wait1(Family::V4, 20, Hangup::Orphan);
    let seen = fires(RULE, "warning", "orphans", 50.0);
    applies(&seen, "sysctl -w net.ipv4.tcp_max_orphans=");
    silent(RULE);
    drop((few, more));
    "silent at 40 of 100, warning at 60, gone by the printed sysctl".to_owned()
}

/// Orphans that the kernel resets because TCP's memory is full, far below their own limit.
fn tcp_memory() -> String {
    const RULE: &str = "tcp-memory";
    const ABORTED: &str = "TcpExtTCPAbortOnMemory";
    // What the servers do not take stays in the memory of the clients: many small parts, so that a few less change little.
    fs::write("/proc/sys/net/ipv4/tcp_wmem", "4096 16384 131072").expect("root");
    let held = makers::zero_window(Family::V4, 80);
    silent(RULE);
    let pages = pages();
    let part = |hundredths: u64| pages * hundredths / 100;
    fs::write("/proc/sys/net/ipv4/tcp_mem", format!("{} {} {}", part(60), part(80), part(85))).expect("root");
    let mut clients = held.sockets.into_iter();
    let mut close_within = |rule: &str| {
        let few: Vec<_> = clients.by_ref().take(4).collect();
        let closing = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_secs(1));
            drop(few);
        });
        let found = found(rule);
        closing.join().expect("closed");
        found
    };
    let aborted = || counter(ABORTED).expect("a counter");
    let (before, seen) = (aborted(), close_within(RULE).expect("a finding"));
    assert_eq!((seen.severity(), aborted() - before), ("critical", 4), "{seen:?}");
    assert!(seen.figure("aborted") >= 1.0, "{seen:?}");
    let orphans = close_within("orphans-near-limit");
    assert!(orphans.is_none() && aborted() > before + 4, "{orphans:?}");
    applies(&seen, "sysctl -w net.ipv4.tcp_mem=");
    let before = aborted();
    let seen = close_within(RULE);
    assert!(seen.is_none() && aborted() == before, "{seen:?}");
    "silent before; critical as tcp_mem is reached and orphans are reset, of which orphans-near-limit is silent; gone by the \
     printed sysctl"
        .to_owned()
}

/// The pages of memory that TCP has.
fn pages() -> u64 {
    let text = fs::read_to_string("/proc/net/sockstat").expect("procfs");
    let line = text.lines().find(|line| line.starts_with("TCP:")).expect("a line of TCP");
    line.rsplit(' ').next().and_then(|number| number.parse().ok()).expect("pages")
}

/// A flood from forged addresses that comes over a router, beside clients who are real. The remedy is a SYN proxy there.
fn syncookies_active() -> String {
    const RULE: &str = "syncookies-active";
    let router = Far::connect();
    let clients = Actor::start("clients-host", None, |ready| {
        namespace::enter_another().expect("a namespace for the clients");
        ready.now();
        stay();
    });
    path::ip(&format!("link add clients type veth peer name router netns {}", clients.pid()));
    path::ip(&format!("link set clients netns {}", router.pid()));
    path::shell_in(
        clients.pid(),
        "ip addr add 10.98.0.2/24 dev router && ip link set router up && ip route add default via 10.98.0.1",
    );
    // Answers to forged addresses reach a host that is no router, and are lost.
    router.shell(
        "echo 1 >/proc/sys/net/ipv4/ip_forward && ip addr add 10.98.0.1/24 dev clients && ip link set clients up &&
         ip route add 10.97.0.0/16 via 10.98.0.2",
    );
    let clients_host = format!("/proc/{}/ns/net", clients.pid());
    path::ip(&format!("route add default via {}", path::FAR));
    fs::write("/proc/sys/net/core/somaxconn", "16").expect("root");
    let address = SocketAddrV4::new(path::NEAR, 8080);
    let server = Server { address: address.into(), ..Server::at(8080) }.start();
    // Returns when the server has answered.
    let client = || {
        Actor::start("client", None, |ready| {
            path::enter(&clients_host);
            let mut connection = TcpStream::connect(address).expect("a connection");
            connection.write_all(b"?").expect("sent");
            connection.read_exact(&mut [0]).expect("an answer");
            ready.now();
        })
    };
    drop(client());
    silent(RULE);
    let _flood = Actor::start("flood", None, |ready| {
        path::enter(&clients_host);
        ready.now();
        for number in 0_u32.. {
            let from = SocketAddrV4::new(Ipv4Addr::from(0x0a61_0000 | (number & 0xffff)), 1024);
            segments::send(from, address, segments::SYN, number).expect("a SYN sent");
            std::thread::sleep(Duration::from_millis(5));
        }
    });
    until("the queue of the listener is full", || tcp_in(State::SynRecv).len() >= 16);
    let seen = fires(RULE, "warning", "cookies_sent", 100.0);
    assert!(seen.pid() == Some(server.pid()) && seen.figure("cookies_returned") < 2.0, "{seen:?}");
    assert!(seen.remedies().iter().any(|words| words.contains("SYN proxy upstream")), "{seen:?}");
    for line in [
        "nft add table ip p",
        "nft 'add chain ip p first { type filter hook prerouting priority raw; }'",
        "nft add rule ip p first tcp dport 8080 tcp flags syn notrack",
        "nft 'add chain ip p forward { type filter hook forward priority filter; }'",
        "nft add rule ip p forward tcp dport 8080 ct state invalid,untracked synproxy mss 1460 wscale 7 timestamp sack-perm",
        "nft add rule ip p forward ct state invalid drop",
        // The last ACK of a handshake with a cookie is of no connection that it knows.
        "echo 0 >/proc/sys/net/netfilter/nf_conntrack_tcp_loose",
    ] {
        router.shell(line);
    }
    // What the flood left of handshakes is given up.
    sleep(3);
    let before = counter("TcpExtSyncookiesSent");
    silent(RULE);
    drop(client());
    assert_eq!((tcp_in(State::SynRecv).len(), counter("TcpExtSyncookiesSent")), (0, before));
    "silent before; a warning at 200 forged SYNs a second that come over a router; gone with nftables' synproxy on the router, \
     behind which clients still connect"
        .to_owned()
}

fn conntrack_near_limit() -> String {
    const RULE: &str = "conntrack-near-limit";
    const MAX: &str = "/proc/sys/net/netfilter/nf_conntrack_max";
    for line in [
        "nft add table ip t",
        "nft 'add chain ip t o { type filter hook output priority 0; }'",
        "nft add rule ip t o ct state new accept",
    ] {
        assert_eq!(shell(line).code, Some(0), "{line}");
    }
    fs::write(MAX, "100").expect("root");
    let held = makers::established(Family::V4, 60);
    silent(RULE);
    let more = makers::established(Family::V4, 25);
    fires(RULE, "warning", "tracked", 80.0);
    // More than there is room for: the kernel drops their SYNs.
    let server = Server::at(8081);
    let _server = server.clone().start();
    let _rest = crowd::all_at_once(server.address, 40);
    until("the table is full", || {
        fs::read_to_string("/proc/sys/net/netfilter/nf_conntrack_count").is_ok_and(|count| count.trim() == "100")
    });
    assert!(!tcp_in(State::SynSent).is_empty(), "none waits");
    let seen = fires(RULE, "critical", "tracked", 100.0);
    applies(&seen, "sysctl -w net.netfilter.nf_conntrack_max=");
    silent(RULE);
    until("those that waited are connected", || tcp_in(State::SynSent).is_empty());
    drop((held, more));
    "silent at 60 of 100, warning at 85, critical at 100 with SYNs dropped, gone by the printed sysctl".to_owned()
}

/// A reader that asks for more than `rmem_max` allows, and a burst.
fn udp_drops() -> String {
    const RULE: &str = "udp-drops";
    let address = ([127, 0, 0, 1], 5_140).into();
    let burst = || {
        let reader = overflow::udp_reader(address, 200_000).expect("a socket");
        overflow::datagrams(address, 200, 500).expect("a burst");
        reader
    };
    fs::write("/proc/sys/net/core/rmem_max", "32768").expect("root");
    let small = burst();
    let seen = fires(RULE, "notice", "drops", 50.0);
    applies(&seen, "sysctl -w net.core.rmem_max=");
    drop(small);
    let _large = burst();
    silent(RULE);
    "a burst lost under rmem_max 32768, none once the printed sysctl was applied and the program restarted".to_owned()
}
