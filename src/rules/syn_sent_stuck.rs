//! Connection attempts that nobody answers, not even with a refusal.
//!
//! Seen: `SYN_SENT` whose SYN was sent again twice or more, that is 2 to 3 s without any answer, which no network in
//! order takes. One is worth knowing; three to one destination, or one after five timeouts, costs somebody something.
//! It hurts because the caller waits, up to 131 s by default. The socket does not tell its age; the timeouts do, for
//! their schedule is fixed (`tcp_write_timeout()` and `tcp_retransmit_timer()` in net/ipv4/tcp_timer.c).

use std::{collections::BTreeMap, net::IpAddr, time::Duration};

use super::{Case, Need, Rule, Threshold, Unit, sysctl};
use crate::{
    model::{
        finding::{Figure, Finding, Remedy, RemedyKind, Severity, Subject},
        sentence::{Sentence, Word},
        snapshot::Seen,
        state::State,
    },
    text::texts,
};

/// Timeouts after which an answer is late: 2 s of silence (3 s before Linux 6.5).
const RETRANS: Threshold = Threshold { name: "retrans", unit: Unit::Count, default: 2.0 };
/// So many to one destination are no chance.
const COUNT: Threshold = Threshold { name: "count", unit: Unit::Count, default: 3.0 };
/// Timeouts after which one attempt is enough: 5 s of silence (31 s before Linux 6.5).
const LONG: Threshold = Threshold { name: "long", unit: Unit::Count, default: 5.0 };
/// Destinations of one owner that are told one by one; a scanner or crawler has more.
const SEVERAL: usize = 5;
/// The first timeout, `TCP_TIMEOUT_INIT`, and the longest, `TCP_RTO_MAX`, in seconds.
const FIRST: u64 = 1;
const LONGEST: u64 = 120;
/// What is proposed for `tcp_syn_retries`: 15 s, or 19 s with the four linear timeouts.
const FEWER_RETRIES: u64 = 3;
const RETRIES: &str = "net.ipv4.tcp_syn_retries";
const LINEAR: &str = "net.ipv4.tcp_syn_linear_timeouts";

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "syn-sent-stuck",
    severities: &[Severity::Warning, Severity::Notice],
    thresholds: &[RETRANS, COUNT, LONG],
    needs: &[Need::Tcp, Need::Timers(&[State::SYN_SENT])],
    texts: texts!("syn-sent-stuck"),
    evaluate,
};

/// Where attempts go.
type Destination = (IpAddr, u16);

fn evaluate(case: &Case<'_>) -> Vec<Finding> {
    let is_stuck = |seen: &&Seen| f64::from(seen.socket.retrans) >= case.limit(&RETRANS);
    let mut destinations: BTreeMap<Destination, Vec<&Seen>> = BTreeMap::new();
    for seen in case.sockets(State::SYN_SENT).filter(is_stuck) {
        destinations.entry((seen.socket.peer, seen.socket.peer_port)).or_default().push(seen);
    }
    let mut owners: BTreeMap<Subject, Vec<Destination>> = BTreeMap::new();
    for (&destination, stuck) in &destinations {
        if let Some(first) = stuck.first() {
            owners.entry(case.subject(first)).or_default().push(destination);
        }
    }
    let mut findings = Vec::new();
    for (owner, places) in owners {
        let stuck = |place| destinations.get(place).map(Vec::as_slice).unwrap_or_default();
        if places.len() > SEVERAL {
            let severity = places.iter().map(|place| severity(case, stuck(place))).max();
            let all: Vec<&Seen> = places.iter().flat_map(stuck).copied().collect();
            findings.extend(severity.map(|severity| scattered(case, severity, owner, &all, places.len())));
        } else {
            findings.extend(places.iter().map(|place| told(case, *place, stuck(place))));
        }
    }
    findings
}

fn severity(case: &Case<'_>, stuck: &[&Seen]) -> Severity {
    let is_long = stuck.iter().any(|seen| f64::from(seen.socket.retrans) >= case.limit(&LONG));
    let is_many = scaled(case, stuck.len()) as f64 >= case.limit(&COUNT);
    if is_many || is_long { Severity::Warning } else { Severity::Notice }
}

/// One destination.
fn told(case: &Case<'_>, (address, port): Destination, stuck: &[&Seen]) -> Finding {
    let inodes: Vec<u32> = stuck.iter().map(|seen| seen.socket.inode).collect();
    let program = case.main_program(&inodes);
    let name = match &program {
        Some(program) => Word::Outside(program.name.clone()),
        None => Sentence::plain("some-program").part(),
    };
    let subject = Subject::Destination { source: None, address, port: Some(port), program };
    let peer = || Word::Endpoint(address, port);
    let count = scaled(case, stuck.len());
    let title = Sentence::plain("title").with("count", Word::Count(count));
    let age = Word::Time(oldest(case, stuck));
    let finding = base(case, severity(case, stuck), subject, title.with("age", age), stuck);
    let timeout = Sentence::plain("fix-timeout").with("program", name);
    let timeout = Remedy::new(RemedyKind::Code, timeout);
    // A listener of this host drops a SYN in silence for one reason only.
    if case.is_own(address) && case.listener(address, port).is_some() {
        let look = Remedy::new(RemedyKind::Operate, Sentence::plain("fix-queue").with("peer", peer()));
        return finding
            .why(Sentence::plain("why-here").with("peer", peer()))
            .remedy(look.command(format!("sockdoc list state listening sport = :{port} -p")))
            .remedy(timeout)
            .myth("myth-abort");
    }
    let look = Remedy::new(RemedyKind::Operate, Sentence::plain("fix-path").with("peer", peer()));
    finding
        .why(Sentence::plain("why").with("peer", peer()))
        .remedy(timeout)
        .remedy(look.command(format!("ip route get {address}")))
        .remedy(give_up(case))
        .myth("myth-refused")
}

/// Many destinations of one owner.
fn scattered(case: &Case<'_>, severity: Severity, owner: Subject, stuck: &[&Seen], places: usize) -> Finding {
    let title = Sentence::plain("title-scattered")
        .with("count", Word::Count(scaled(case, stuck.len())))
        .with("destinations", Word::Count(places as u64));
    let name = match owner.program() {
        Some(program) => Word::Outside(program.name.clone()),
        None => Sentence::plain("some-program").part(),
    };
    let look = Remedy::new(RemedyKind::Operate, Sentence::plain("find"));
    base(case, severity, owner, title, stuck)
        .why(Sentence::plain("why-scattered"))
        .evidence("destinations", Figure::Count(places as u64), "inet_diag")
        .remedy(Remedy::new(RemedyKind::Code, Sentence::plain("fix-timeout").with("program", name)))
        .remedy(look.command("sockdoc list state syn-sent -o -p"))
        .remedy(give_up(case))
        .myth("myth-refused")
}

/// What both have.
fn base(case: &Case<'_>, severity: Severity, subject: Subject, title: Sentence, stuck: &[&Seen]) -> Finding {
    let count = scaled(case, stuck.len());
    let retrans = stuck.iter().map(|seen| u64::from(seen.socket.retrans)).max().unwrap_or(0);
    let end = case.sysctl(RETRIES).map(|retries| elapsed(retries + linear(case) + 1, linear(case)));
    let finding = case
        .finding(severity, subject, title)
        .proof(Sentence::plain("proof").with("count", Word::Count(retrans + 1)))
        .limit(end.map(|time| Sentence::plain("limit").with("time", Word::Time(time))))
        .evidence("attempts", Figure::Count(count), "idiag_state")
        .evidence("timeouts", Figure::Count(retrans), "idiag_retrans")
        .evidence("oldest", Figure::Time(oldest(case, stuck)), "idiag_retrans")
        .about(stuck.iter().map(|seen| seen.socket.inode).collect(), count);
    match end {
        Some(time) => finding.evidence("gives_up_after", Figure::Time(time), RETRIES),
        None => finding,
    }
}

/// Shorter waiting for all programs; the program's own timeout is the better way.
fn give_up(case: &Case<'_>) -> Option<Remedy> {
    let time = elapsed(FEWER_RETRIES + linear(case) + 1, linear(case));
    let text = Sentence::plain("fix-retries").with("time", Word::Time(time));
    Some(sysctl::lower(case, RETRIES, FEWER_RETRIES, text)?.first_aid().risk(Sentence::plain("risk-retries")))
}

/// Sockets that so many kept ones stand for, where there were more than are kept.
fn scaled(case: &Case<'_>, count: usize) -> u64 {
    let kept = case.sockets(State::SYN_SENT).count() as f64;
    let beyond = case.now().beyond.get(&State::SYN_SENT).copied().unwrap_or(0) as f64;
    if kept > 0.0 { (count as f64 * (kept + beyond) / kept).round() as u64 } else { 0 }
}

fn linear(case: &Case<'_>) -> u64 {
    case.sysctl(LINEAR).unwrap_or(0)
}

fn oldest(case: &Case<'_>, stuck: &[&Seen]) -> Duration {
    stuck.iter().map(|seen| age(seen, linear(case))).max().unwrap_or_default()
}

/// How long ago the first SYN left: the timeouts that passed, and what has passed of the next.
fn age(seen: &Seen, linear: u64) -> Duration {
    let timeouts = u64::from(seen.socket.retrans);
    let next = elapsed(timeouts + 1, linear);
    next.saturating_sub(Duration::from_millis(seen.socket.expires_ms.into())).max(elapsed(timeouts, linear))
}

/// The time that so many timeouts take: `linear` more than one of a second each, then each twice the one before.
fn elapsed(timeouts: u64, linear: u64) -> Duration {
    let one = |place: u64| {
        let doubled = u32::try_from(place.saturating_sub(linear)).unwrap_or(u32::MAX);
        FIRST.checked_shl(doubled).unwrap_or(LONGEST).clamp(FIRST, LONGEST)
    };
    // No setting allows more than 127 + 127 (net/ipv4/sysctl_net_ipv4.c).
    Duration::from_secs((0..timeouts.min(255)).map(one).sum())
}

#[cfg(test)]
mod tests;
