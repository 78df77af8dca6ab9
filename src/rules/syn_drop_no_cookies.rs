//! SYNs dropped because SYN cookies are off.
//!
//! Detected: `TcpExtTCPReqQFullDrop` rose between two samples. The queue of half-open handshakes of a listener was
//! full, and without cookies the kernel can only drop: a flood of forged SYNs then shuts real clients out. Any such
//! drop is a fault, because cookies cost nothing until the queue is full. A queue longer than three quarters of
//! `tcp_max_syn_backlog` never fills: above them the kernel drops strangers, and counts that only as `ListenDrops`. So
//! those drops count too, minus the overflows, while a queue is that full.

use super::{
    accept,
    half_open::{self, HalfOpen, SYNCOOKIES},
    prelude::*,
    sysctl,
};

/// SYNs that found the queue full and got no cookie.
const DROPPED: &str = "TcpExtTCPReqQFullDrop";
/// The drops of all listeners, for every reason.
const OF_ALL: &str = "TcpExtListenDrops";

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "syn-drop-no-cookies",
    severities: &[Severity::Critical],
    thresholds: &[],
    needs: &[Need::Tcp, Need::TwoSamples, Need::Counter(DROPPED)],
    relations: &[],
    evaluate: Evaluate::One(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Option<Finding> {
    let (_, between) = input.before()?;
    let setting = input.sysctl(SYNCOOKIES);
    if setting.is_some_and(|setting| setting > 0) {
        // Turned on between the samples: the drops came before.
        return None;
    }
    let full = input.rise(DROPPED).filter(|&rise| rise > 0);
    let (dropped, proof, source) = match full {
        Some(full) => (full, "proof", DROPPED),
        None => (strangers(input)?, "proof-strangers", OF_ALL),
    };
    let (subject, service) = half_open::culprit(input);
    let mut finding = input
        .finding(Severity::Critical, subject)
        .count("count", dropped)
        .time("time", between)
        .why(if setting.is_some() { "why" } else { "why-kernel" })
        .proof(Sentence::plain(proof).count("count", dropped))
        .evidence("dropped", Figure::Count(dropped), source)
        .evidence("rate", Figure::PerSecond(dropped as f64 / between.as_secs_f64()), source)
        .about(service.as_ref().map(accept::Service::inodes).unwrap_or_default(), dropped);
    if let Some(setting) = setting {
        finding = finding.evidence("tcp_syncookies", Figure::Count(setting), SYNCOOKIES);
    }
    if let Some(service) = &service {
        finding = accept::figures(finding, service);
    }
    let cookies = sysctl::set(input, SYNCOOKIES, "1", "fix");
    let instead = Remedy::new(RemedyKind::Config, "fix-kernel");
    Some(finding.remedy(cookies.unwrap_or(instead)))
}

/// SYNs of hosts that the kernel does not know, dropped though the queue had room; `None` where no queue is that full.
fn strangers(input: &RuleInput<'_>) -> Option<u64> {
    let overflowed = input.rise("TcpExtListenOverflows").unwrap_or(0);
    let dropped = input.rise(OF_ALL)?.checked_sub(overflowed).filter(|&dropped| dropped > 0)?;
    half_open::all(input).iter().any(HalfOpen::is_full).then_some(dropped)
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, listener, severities, snapshot, socket, ten},
        *,
    };
    use crate::model::{
        snapshot::{Listener, Snapshot},
        state::State,
    };

    fn dropped(count: u64, syncookies: Option<&str>) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.before.as_mut().unwrap().counter(DROPPED, 7);
        snapshot.now.counter(DROPPED, 7 + count);
        snapshot.sysctls.remove(SYNCOOKIES);
        if let Some(value) = syncookies {
            snapshot.sysctls.insert(SYNCOOKIES.to_owned(), format!("{value}\n"));
        }
        snapshot
    }

    #[test]
    fn one_syn_dropped_without_cookies_is_critical() {
        let finding = findings(&RULE, &dropped(1, Some("0"))).remove(0);
        assert_eq!(finding.severity, Severity::Critical);
        assert_eq!(finding.remedies[0].command.as_deref(), Some("sysctl -w net.ipv4.tcp_syncookies=1"));
    }

    #[test]
    fn drops_of_long_ago_are_nothing() {
        assert_eq!(severities(&RULE, &dropped(0, Some("0"))), []);
    }

    #[test]
    fn cookies_turned_on_since_are_the_cure() {
        assert_eq!(severities(&RULE, &dropped(9, Some("1"))), []);
    }

    #[test]
    fn a_kernel_without_cookies_gets_no_command() {
        let finding = findings(&RULE, &dropped(9, None)).remove(0);
        assert_eq!(finding.why.map(|why| why.id), Some("why-kernel"));
        assert_eq!(finding.remedies[0].command, None);
    }

    /// Nine SYNs dropped, the listener's queue not full, this number half-open.
    fn reserved(half_open: u8, overflowed: u64) -> Snapshot {
        let mut snapshot = dropped(0, Some("0"));
        snapshot.sysctls.insert("net.ipv4.tcp_max_syn_backlog".to_owned(), "16".to_owned());
        snapshot.now.counter(OF_ALL, 9);
        snapshot.now.counter("TcpExtListenOverflows", overflowed);
        snapshot.now.listeners = vec![Listener { limit: Some(128), ..listener(8080, 7) }];
        snapshot.now.add((0..half_open).map(|from| {
            let mut half = socket(State::SYN_RECV, 0);
            (half.info, half.memory, half.socket.peer) = (None, None, ten(from));
            half
        }));
        snapshot
    }

    #[test]
    fn strangers_are_dropped_before_the_queue_is_full() {
        let finding = findings(&RULE, &reserved(13, 0)).remove(0);
        assert_eq!((finding.severity, finding.proof[0].id), (Severity::Critical, "proof-strangers"));
        assert_eq!(severities(&RULE, &reserved(11, 0)), []);
    }

    #[test]
    fn overflows_of_accept_queues_are_another_rule() {
        assert_eq!(severities(&RULE, &reserved(13, 9)), []);
    }

    #[test]
    fn no_drops_say_nothing() {
        let mut snapshot = snapshot();
        snapshot.now.counter(DROPPED, 0);
        assert_eq!(severities(&RULE, &snapshot), []);
    }
}
