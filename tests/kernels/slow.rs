//! Proofs that need a machine: hours of its clock, or limits that belong to the host and not to a network namespace. Each
//! makes its fault for real, sees it found by the default threshold, and sees it gone by the printed remedy or a repaired
//! program. `tests/kernels/slow` runs them in a guest; on any other machine nothing does.

use std::fs;
use std::time::Duration;

use crate::features::Feature;
use crate::lab::actor::Actor;
use crate::lab::check::{self, Finding};
use crate::lab::counts::State;
use crate::lab::crowd;
use crate::lab::load::{Ends, Load};
use crate::lab::makers::{self, Hangup};
use crate::lab::overflow;
use crate::lab::path::Far;
use crate::lab::proc_net::{tcp_in, until};
use crate::lab::program::{run, shell};
use crate::lab::server::{AtEnd, Server};
use crate::lab::sockets::Family;

pub(crate) const SLOW: &[Feature] = &[
    ("idle-no-keepalive", idle_no_keepalive),
    ("fin-wait2-held", fin_wait2_held),
    ("orphans-near-limit", orphans_near_limit),
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

/// The only finding of a rule, at its default thresholds.
fn found(rule: &str) -> Option<Finding> {
    let checked = check::run(&["--only", rule]);
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
