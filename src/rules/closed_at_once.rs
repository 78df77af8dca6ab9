//! A server that accepts connections and closes them at once: usually it has reached its own limit.
//!
//! Detected: between two samples this host closed nearly every new connection with unread data (`TCPAbortOnClose`
//! against `PassiveOpens`), while older connections of one listener stay and no new one joins them. Redis at maxclients
//! and sshd at `MaxStartups` show this. `PostgreSQL` at `max_connections` does not: it reads the startup message and
//! its clients close first, as after any short session. Clients on this host are excluded, because their own closes
//! count, too.

use super::{hint, prelude::*};

/// Fewer are chance.
const CLOSED: Threshold = Threshold::count("closed", 10.0);
/// The part of the connections that came in: with fewer, the program serves some.
const SHARE: Threshold = Threshold::ratio("share", 0.90);
/// Connections that stay; a program without any is not at a limit.
const STAY: Threshold = Threshold::count("stay", 5.0);
/// The part of the connections that this host may have made itself.
const OWN: f64 = 0.1;
/// Counters of closes with unread data, and of closes just before data arrived.
const UNREAD: &str = "TcpExtTCPAbortOnClose";
const LATER: &str = "TcpExtTCPAbortOnData";

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "closed-at-once",
    severities: &[Severity::Warning],
    thresholds: &[CLOSED, SHARE, STAY],
    needs: &[Need::Tcp, Need::TwoSamples, Need::EveryEstablished, Need::Counter(UNREAD)],
    relations: &[Relation::causes("reset-unread", SharedBy::Host), Relation::causes("linger-zero", SharedBy::Host)],
    evaluate: Evaluate::One(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Option<Finding> {
    let (_, between) = input.before()?;
    let opened = input.rise("TcpPassiveOpens")?;
    let made = input.rise("TcpActiveOpens")?;
    let unread = input.rise(UNREAD)?;
    let closed = (unread + input.rise(LATER).unwrap_or(0)).min(opened);
    let is_most = closed as f64 >= input.limit(&SHARE) * opened as f64 && unread * 2 >= opened;
    let is_others = made as f64 <= OWN * opened as f64 && unread <= opened + made;
    if (closed as f64) < input.limit(&CLOSED) || !is_most || !is_others {
        return None;
    }
    let all = only_full(input, opened)?;
    let stay = all.len() as u64;
    let first = &all.first()?.socket;
    let listener = input.listener(first.local, first.local_port)?;
    let subject = input.listener_subject(listener);
    let limit = Sentence::plain("fix").with("hint", hint::own_limit(subject.runtime()).part());
    let holders = ShellCommand::new("sockdoc group --by peer state established sport = :").then(listener.port);
    let finding = input
        .finding(Severity::Warning, subject)
        .count("closed", closed)
        .count("opened", opened)
        .time("time", between)
        .confidence(Confidence::Likely)
        .proof(Sentence::plain("proof").count("stay", stay).count("closed", closed).count("opened", opened))
        .evidence("closed_unread", Figure::Count(closed), "TcpExtTCPAbortOnClose, TcpExtTCPAbortOnData")
        .evidence("opened", Figure::Count(opened), "TcpPassiveOpens")
        .evidence("stay", Figure::Count(stay), "idiag_state, idiag_cookie")
        .about(vec![listener.inode], closed);
    Some(
        finding
            .remedy(Remedy::new(RemedyKind::Config, limit))
            .remedy(Remedy::new(RemedyKind::Operate, "find").inspect().command(holders))
            .remedy(Remedy::new(RemedyKind::Operate, "fix-other"))
            .myth("myth"),
    )
}

/// The connections of the one listener whose connections stay while no new one stays with them; `None` where that is true of
/// none, or of several.
fn only_full<'a>(input: &RuleInput<'a>, opened: u64) -> Option<Vec<&'a Seen>> {
    let (before, _) = input.before()?;
    let known: BTreeSet<u64> = before.sockets.iter().map(|seen| seen.socket.cookie).collect();
    let mut services: BTreeMap<(IpAddr, u16), (Vec<&Seen>, u64)> = BTreeMap::new();
    for seen in input.sockets(State::ESTABLISHED).filter(|seen| seen.kind() == Kind::Full) {
        let Some(listener) = input.listener(seen.socket.local, seen.socket.local_port) else { continue };
        let (stay, new) = services.entry((listener.address, listener.port)).or_default();
        match known.contains(&seen.socket.cookie) {
            true => stay.push(seen),
            false => *new += 1,
        }
    }
    // One that was accepted just now is about to be closed.
    let is_full = |(stay, new): &(Vec<&Seen>, u64)| stay.len() as f64 >= input.limit(&STAY) && *new * 10 <= opened;
    let mut full = services.into_values().filter(is_full);
    let (stay, _) = full.next()?;
    full.next().is_none().then_some(stay)
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{listener, severities, snapshot, socket},
        *,
    };
    use crate::model::snapshot::{Sample, Snapshot};

    /// This number of connections that stay on a listener, and the rises of the counters.
    fn counted(stay: u32, opened: u64, made: u64, unread: u64) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.now.listeners.push(listener(6379, 7));
        for number in 1..=stay {
            let mut seen = socket(State::ESTABLISHED, number);
            (seen.socket.local_port, seen.socket.cookie) = (6379, u64::from(number));
            snapshot.now.add([seen]);
        }
        snapshot.now.all_established = true;
        let mut before = snapshot.now.clone();
        before.at = std::time::Duration::ZERO;
        let set = |sample: &mut Sample, [opened, made, unread]: [u64; 3]| {
            sample.counter("TcpPassiveOpens", opened);
            sample.counter("TcpActiveOpens", made);
            sample.counter(UNREAD, unread);
            sample.counter(LATER, 0);
        };
        set(&mut before, [0; 3]);
        set(&mut snapshot.now, [opened, made, unread]);
        snapshot.before = Some(before);
        snapshot
    }

    #[test]
    fn nine_in_ten_that_came_in_closed_unread_are_a_warning() {
        assert_eq!(severities(&RULE, &counted(20, 100, 0, 90)), [Severity::Warning]);
        assert_eq!(severities(&RULE, &counted(20, 100, 0, 89)), []);
        assert_eq!(severities(&RULE, &counted(20, 9, 0, 9)), []);
        assert_eq!(severities(&RULE, &counted(4, 100, 0, 100)), []);
    }

    #[test]
    fn closes_of_clients_on_this_host_prove_nothing() {
        assert_eq!(severities(&RULE, &counted(20, 100, 100, 100)), []);
        assert_eq!(severities(&RULE, &counted(20, 10, 0, 100)), []);
    }

    #[test]
    fn a_listener_with_new_connections_that_stay_is_not_full() {
        let mut snapshot = counted(20, 100, 0, 100);
        snapshot.before.as_mut().unwrap().sockets.truncate(9);
        assert_eq!(severities(&RULE, &snapshot), []);
    }

    #[test]
    fn of_two_listeners_that_may_be_full_neither_is_named() {
        let mut snapshot = counted(20, 100, 0, 100);
        for sample in [Some(&mut snapshot.now), snapshot.before.as_mut()].into_iter().flatten() {
            sample.listeners.push(listener(22, 8));
            for seen in sample.sockets.iter_mut().take(10) {
                seen.socket.local_port = 22;
            }
        }
        assert_eq!(severities(&RULE, &snapshot), []);
    }
}
