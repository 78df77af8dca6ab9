//! A service listens on a port that the kernel may give to an outgoing connection.
//!
//! Detected: a listening port inside `ip_local_port_range` and not in `ip_local_reserved_ports`. Impact: at the next
//! restart a `connect()` may take the port between the old listener and the new one, and `bind()` fails with
//! `EADDRINUSE`. A port that the kernel chose for the program is not at risk, but has the same figures; hence *likely*.

use super::{
    ports::{self, Ports},
    prelude::*,
    routes,
};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "listener-in-port-range",
    severities: &[Severity::Notice],
    thresholds: &[],
    needs: &[Need::Tcp, Need::Sysctl("net.ipv4.ip_local_port_range"), Need::Sysctl("net.ipv4.ip_local_reserved_ports")],
    relations: &[],
    evaluate: Evaluate::One(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Option<Finding> {
    let range = Ports::of(input)?;
    let listeners = input.now().listeners.iter();
    let exposed: Vec<&Listener> = listeners
        .filter(|listener| range.contains(listener.port) && !range.reserved.contains(&listener.port))
        .collect();
    let ports: BTreeSet<u16> = sorted::set(exposed.iter().map(|listener| listener.port));
    // All listeners of the host together: each alone would be noise, and one setting serves them all.
    let owners: BTreeSet<Subject> = sorted::set(exposed.iter().map(|listener| owner(input, listener)));
    let subject = match (exposed.first()?, owners.into_iter().collect::<Vec<_>>().as_slice()) {
        (listener, _) if ports.len() == 1 => input.listener_subject(listener),
        (_, [owner]) => owner.clone(),
        _ => Subject::Host,
    };
    Some(describe(input, subject, &exposed, &range, &ports))
}

/// The owner of a listener, without its address.
fn owner(input: &RuleInput<'_>, listener: &Listener) -> Subject {
    match input.program(listener.inode) {
        Some(program) => Subject::Process(program),
        None => listener.uid.map_or(Subject::Unknown, |uid| Subject::User(input.user(uid))),
    }
}

fn describe(
    input: &RuleInput<'_>,
    subject: Subject,
    listeners: &[&Listener],
    range: &Ports,
    ports: &BTreeSet<u16>,
) -> Finding {
    let count = ports.len() as u64;
    let name = subject.program_word();
    let list = ports::folded(ports);
    let said = |id| Sentence::plain(id).count("count", count).outside("ports", list.clone());
    let title = if count == 1 { said("title-port") } else { Sentence::plain("title").count("count", count) };
    let (low, high) = (Word::Plain(range.low.into()), Word::Plain(range.high.into()));
    let inodes: Vec<u32> = listeners.iter().map(|listener| listener.inode).collect();
    let text = Sentence::plain("fix").with("program", name.clone()).with("low", low.clone());
    input
        .finding(Severity::Notice, subject)
        .title(title)
        .why(Sentence::plain("why").with("program", name))
        .proof(said("proof").with("low", low).with("high", high))
        .proof("proof-random")
        .evidence("ports", Figure::Text(list.clone()), "idiag_sport")
        .evidence("range", Figure::Text(format!("{} {}", range.low, range.high)), "net.ipv4.ip_local_port_range")
        .evidence("reserved", Figure::Text(ports::folded(&range.reserved)), "net.ipv4.ip_local_reserved_ports")
        .confidence(Confidence::Likely)
        .remedy(Remedy::new(RemedyKind::Config, text))
        .remedy(routes::reserve(input, ports.iter().copied(), "ports-fix-reserve"))
        .myth("myth")
        .about(inodes, count)
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, listener, severities, snapshot},
        *,
    };
    use crate::model::{finding::Runtime, snapshot::Snapshot};

    fn listening(ports: &[u16]) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.now.listeners = (1..).zip(ports).map(|(inode, &port)| listener(port, inode)).collect();
        snapshot
    }

    #[test]
    fn a_port_within_the_range_is_reported_to_its_ends() {
        assert_eq!(severities(&RULE, &listening(&[32_767, 61_000])), []);
        assert_eq!(severities(&RULE, &listening(&[32_768])), [Severity::Notice]);
        assert_eq!(severities(&RULE, &listening(&[60_999])), [Severity::Notice]);
    }

    #[test]
    fn a_reserved_port_is_safe() {
        let mut snapshot = listening(&[50_000]);
        snapshot.sysctls.insert("net.ipv4.ip_local_reserved_ports".into(), "49999-50001".into());
        assert_eq!(severities(&RULE, &snapshot), []);
    }

    #[test]
    fn one_port_is_reported_of_its_listener_and_several_of_their_program() {
        let mut snapshot = listening(&[50_000, 50_001, 50_001]);
        let subject = &findings(&RULE, &snapshot)[0].subject;
        assert_eq!(subject, &Subject::User("1000".into()));
        snapshot.hold(9, "ftpd", Runtime::Native, [1]);
        snapshot.hold(10, "other", Runtime::Native, [2, 3]);
        let found = findings(&RULE, &snapshot);
        assert_eq!((found.len(), found[0].subject.kind()), (1, "host"));
        let mut snapshot = listening(&[50_000, 50_001]);
        snapshot.hold(9, "ftpd", Runtime::Native, [1, 2]);
        assert_eq!(findings(&RULE, &snapshot)[0].subject.program().map(|program| program.pid), Some(9));
    }

    #[test]
    fn no_more_than_a_twentieth_of_the_range_is_taken_away() {
        let many = |count: u16| listening(&(40_000..40_000 + count).collect::<Vec<_>>());
        let commands =
            |count| findings(&RULE, &many(count))[0].remedies.iter().filter(|one| one.command.is_some()).count();
        assert_eq!((commands(1_411), commands(1_412)), (1, 0));
    }

    #[test]
    fn every_finding_reserves_the_ports_of_all_and_those_that_are_reserved() {
        let mut snapshot = listening(&[50_000, 50_005]);
        snapshot.sysctls.insert("net.ipv4.ip_local_reserved_ports".into(), "11211".into());
        snapshot.hold(9, "ftpd", Runtime::Native, [1]);
        for finding in findings(&RULE, &snapshot) {
            let command = finding.remedies[1].command.as_deref();
            assert_eq!(command, Some("sysctl -w net.ipv4.ip_local_reserved_ports=11211,50000,50005"));
        }
    }
}
