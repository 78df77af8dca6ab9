//! SYN cookies in use: the queue of half-open handshakes of a listener was full.
//!
//! Detected: `TcpExtSyncookiesSent` or `TcpExtTCPReqQFullDoCookies` rose between two samples. If at least half of the
//! cookies came back, real clients sent the SYNs and the backlog is too small for them; if few did, it is a flood. Half
//! is far from both: a flood with forged addresses answers none, real clients nearly all. With `tcp_syncookies` = 2
//! every handshake gets a cookie, and only missing answers have a meaning.

use super::{accept, half_open, prelude::*};

/// The part of the cookies that must come back for the clients to count as real.
const ANSWERED: Threshold = Threshold::ratio("answered", 0.50);
/// Cookies that went out.
const SENT: &str = "TcpExtSyncookiesSent";
/// Those that came back.
const RECEIVED: &str = "TcpExtSyncookiesRecv";
/// SYNs that found the queue full.
const FULL: &str = "TcpExtTCPReqQFullDoCookies";

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "syncookies-active",
    severities: &[Severity::Warning, Severity::Notice],
    thresholds: &[ANSWERED],
    needs: &[Need::Tcp, Need::TwoSamples, Need::Counter(SENT)],
    relations: &[],
    evaluate: Evaluate::One(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Option<Finding> {
    let (_, between) = input.before()?;
    let rise = |name| input.rise(name).unwrap_or(0);
    let (sent, received, full) = (rise(SENT), rise(RECEIVED), rise(FULL));
    if sent == 0 && full == 0 {
        return None;
    }
    let is_answered = received as f64 >= input.limit(&ANSWERED) * sent as f64;
    if is_answered && input.sysctl(half_open::SYNCOOKIES) == Some(2) {
        return None;
    }
    let (severity, why) = if is_answered { (Severity::Notice, "why-burst") } else { (Severity::Warning, "why-flood") };
    let (subject, service) = half_open::culprit(input);
    let per_second = sent as f64 / between.as_secs_f64();
    let proof = Sentence::plain("proof").decimal("rate", per_second).count("full", full);
    let mut finding = input
        .finding(severity, subject.clone())
        .count("count", sent)
        .count("received", received)
        .time("time", between)
        .confidence(Confidence::Likely)
        .why(why)
        .proof(proof)
        .evidence("cookies_sent", Figure::Count(sent), SENT)
        .evidence("cookies_returned", Figure::Count(received), RECEIVED)
        .evidence("queue_full", Figure::Count(full), FULL)
        .evidence("rate", Figure::PerSecond(per_second), SENT)
        .myth("accept-myth-syn-backlog")
        .about(service.as_ref().map(accept::Service::inodes).unwrap_or_default(), sent);
    if let Some(failed) = input.rise("TcpExtSyncookiesFailed") {
        finding = finding.evidence("cookies_failed", Figure::Count(failed), "TcpExtSyncookiesFailed");
    }
    if !is_answered {
        finding = finding.remedy(Remedy::new(RemedyKind::Operate, "half-open-flood"));
    }
    finding = match &service {
        Some(service) => {
            finding.remedy(accept::backlog(input, service, &subject, full)).remedy(accept::somaxconn(input, service))
        }
        None => finding.remedy(Remedy::new(RemedyKind::Config, "fix-backlog")),
    };
    Some(if is_answered { finding } else { finding.remedy(half_open::fewer_answers(input)) })
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, listener, severities, snapshot, socket},
        *,
    };
    use crate::model::{
        finding::Subject,
        snapshot::{Listener, Snapshot},
        socket::Timer,
        state::State,
    };

    fn cookies(sent: u64, received: u64) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.before.as_mut().unwrap().counter(SENT, 1_000);
        snapshot.now.counter(SENT, 1_000 + sent);
        snapshot.now.counter(RECEIVED, received);
        snapshot
    }

    #[test]
    fn cookies_that_do_not_come_back_are_a_flood() {
        assert_eq!(severities(&RULE, &cookies(100, 49)), [Severity::Warning]);
        let finding = findings(&RULE, &cookies(100, 0)).remove(0);
        let last = finding.remedies.last().and_then(|remedy| remedy.command.clone());
        assert_eq!(last.as_deref(), Some("sysctl -w net.ipv4.tcp_synack_retries=3"));
    }

    #[test]
    fn cookies_that_come_back_are_a_short_backlog() {
        assert_eq!(severities(&RULE, &cookies(100, 50)), [Severity::Notice]);
        assert_eq!(findings(&RULE, &cookies(100, 100))[0].why.as_ref().map(|why| why.id), Some("why-burst"));
    }

    #[test]
    fn cookies_of_long_ago_are_nothing() {
        assert_eq!(severities(&RULE, &cookies(0, 0)), []);
    }

    #[test]
    fn cookies_for_everybody_say_nothing_unless_unanswered() {
        let mut snapshot = cookies(100, 90);
        snapshot.sysctls.insert("net.ipv4.tcp_syncookies".to_owned(), "2".to_owned());
        assert_eq!(severities(&RULE, &snapshot), []);
        snapshot.now.counter(RECEIVED, 3);
        assert_eq!(severities(&RULE, &snapshot), [Severity::Warning]);
    }

    #[test]
    fn the_listener_whose_queue_is_full_is_named() {
        let mut snapshot = cookies(100, 100);
        snapshot.now.listeners = vec![Listener { limit: Some(16), ..listener(8080, 7) }];
        let half = |number: u16| {
            let mut seen = socket(State::SYN_RECV, 0);
            seen.socket.timer = Timer::Retransmit;
            seen.socket.peer_port = number;
            seen
        };
        snapshot.now.add((1..=15).map(half));
        assert_eq!(findings(&RULE, &snapshot)[0].subject, Subject::Host);
        snapshot.now.add((16..=17).map(half));
        let finding = findings(&RULE, &snapshot).remove(0);
        assert!(matches!(finding.subject, Subject::Listener { port: 8080, .. }));
        assert_eq!(finding.remedies[0].proposed.as_deref(), Some("128"));
    }

    #[test]
    fn no_cookies_say_nothing() {
        let mut snapshot = snapshot();
        snapshot.now.counter(SENT, 0);
        assert_eq!(severities(&RULE, &snapshot), []);
    }
}
