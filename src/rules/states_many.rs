//! Many sockets in states that usually pass within moments, in a text that shows no timers: `netstat`, or `ss` without
//! `-o`.
//!
//! Detected: as many as a service with short connections seldom has at one moment, and at least half as many as there are
//! open connections; or more connections to one service than the usual range of ports allows. They are a fault if they
//! stay, and traffic if they go: only a second sample shows which. Where the timers are known, syn-recv-pileup,
//! syn-sent-stuck, fin-wait1-orphans, last-ack-stuck, fin-wait2-peer and port-exhaustion apply.

use super::{connections, ports::Ports, prelude::*, routes};

/// A client has one or two while a service restarts, and more only if nothing answers.
const ATTEMPTS: Threshold = Threshold::count("attempts", 10.0);
/// Normal at any time with 1,000 connections a second and a round trip of 100 ms.
const LEAST: Threshold = Threshold::count("least", 100.0);
/// The part of the open connections that is at least in such a state.
const SHARE: Threshold = Threshold::ratio("share", 0.5);
/// 70 % of the 28,232 ports of the kernel's own range.
const PORTS: Threshold = Threshold::count("ports", 19_763.0);

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "states-many",
    severities: &[Severity::Warning],
    thresholds: &[ATTEMPTS, LEAST, SHARE, PORTS],
    needs: &[Need::Tcp],
    relations: &[],
    evaluate: Evaluate::Many(evaluate),
};

/// States of one meaning, and the words of their finding.
struct Crowd {
    states: &'static [State],
    subject: fn(&RuleInput<'_>, &Seen) -> Subject,
    title: &'static str,
    why: &'static str,
    command: &'static str,
    fix: &'static str,
}

static CROWDS: [Crowd; 4] = [
    Crowd {
        states: &[State::SYN_RECV],
        subject: |input, seen| connections::listener(input, &[seen]).unwrap_or(Subject::Host),
        title: "title-half-open",
        why: "why-half-open",
        command: "ss -tnoe state syn-recv",
        fix: "fix-half-open",
    },
    Crowd {
        states: &[State::SYN_SENT],
        subject: |input, seen| connections::destination(input, seen.socket.peer, Some(seen.socket.peer_port), &[seen]),
        title: "title-attempts",
        why: "why-attempts",
        command: "ss -tnope state syn-sent",
        fix: "fix-attempts",
    },
    Crowd {
        states: &[State::FIN_WAIT1, State::CLOSING, State::LAST_ACK],
        subject: |_, _| Subject::Host,
        title: "title-closing",
        why: "why-closing",
        command: "sockdoc list -oe state fin-wait-1,closing,last-ack",
        fix: "fix-closing",
    },
    Crowd {
        states: &[State::FIN_WAIT2],
        subject: |_, _| Subject::Host,
        title: "title-half-closed",
        why: "why-half-closed",
        command: "ss -tnope state fin-wait-2",
        fix: "fix-half-closed",
    },
];

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let mut found = full_routes(input);
    for crowd in &CROWDS {
        if Need::Timers(crowd.states).missing(input.snapshot).is_some() {
            found.extend(crowd.judge(input));
        }
    }
    found
}

impl Crowd {
    fn judge(&self, input: &RuleInput<'_>) -> Vec<Finding> {
        let is_open_before = self.states.contains(&State::SYN_SENT);
        let least = match is_open_before {
            true => input.limit(&ATTEMPTS),
            false => input.limit(&LEAST).max(input.limit(&SHARE) * input.count(State::ESTABLISHED) as f64),
        };
        let mut groups: BTreeMap<Subject, (f64, Vec<&Seen>)> = BTreeMap::new();
        for &state in self.states {
            let scale = connections::scale(input, state);
            for seen in input.sockets(state) {
                let group = groups.entry((self.subject)(input, seen)).or_default();
                group.0 += scale;
                group.1.push(seen);
            }
        }
        let many = groups.into_iter().filter(|(_, (count, _))| count.round() >= least);
        many.map(|(subject, (count, all))| {
            let count = count.round() as u64;
            input
                .finding(Severity::Warning, subject)
                .title(self.title)
                .count("count", count)
                .why(self.why)
                .evidence("sockets", Figure::Count(count), "idiag_state")
                .confidence(Confidence::Inferred)
                .counts(all.iter().copied())
                .about(connections::inodes(&all), count)
                .remedy(Remedy::new(RemedyKind::Operate, "inspect").inspect().command(self.command))
                .remedy(Remedy::new(RemedyKind::Operate, self.fix))
        })
        .collect()
    }
}

/// Services to which more local ports are in use than the kernel's own range leaves free, where the range is unknown.
fn full_routes(input: &RuleInput<'_>) -> Vec<Finding> {
    if Ports::of(input).is_some() {
        return Vec::new();
    }
    let used = input.now().outbound.iter().map(|(route, usage)| (route, usage, usage.sockets()));
    let full = used.filter(|(.., used)| *used as f64 >= input.limit(&PORTS));
    full.map(|(route, usage, used)| {
        let program = input.main_program(&usage.inodes);
        let to = Subject::Destination { source: None, address: route.address, port: Some(route.port), program };
        input
            .finding(Severity::Warning, to)
            .title("title-ports")
            .count("count", used)
            .why("why-ports")
            .evidence("ports_used", Figure::Count(used), "inet_diag")
            .confidence(Confidence::Inferred)
            .over([routes::flow(route)])
            .about(usage.inodes.clone(), used)
            .remedy(Remedy::new(RemedyKind::Operate, "inspect-ports").inspect().command(RANGE))
            .remedy(Remedy::new(RemedyKind::Code, "fix-ports"))
            .myth("ports-myth-fin-timeout")
    })
    .collect()
}

/// Shows the range of ports, and whether ports in TIME_WAIT are reused.
const RANGE: &str = "sysctl net.ipv4.ip_local_port_range net.ipv4.tcp_tw_reuse";

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, snapshot, socket},
        *,
    };
    use crate::model::snapshot::Snapshot;

    fn pasted(state: State, count: u32) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.blanks.timers = true;
        snapshot.now.add((1..=count).map(|number| socket(state, number)));
        snapshot
    }

    #[test]
    fn every_state_has_its_limit_and_known_timers_are_left_to_other_rules() {
        for (state, least) in [
            (State::SYN_RECV, 100),
            (State::SYN_SENT, 10),
            (State::FIN_WAIT1, 100),
            (State::CLOSING, 100),
            (State::LAST_ACK, 100),
            (State::FIN_WAIT2, 100),
        ] {
            let many = pasted(state, least);
            let [one] = &findings(&RULE, &many)[..] else { panic!("{state}") };
            assert_eq!((one.severity, one.confidence), (Severity::Warning, Confidence::Inferred), "{state}");
            assert!(findings(&RULE, &pasted(state, least - 1)).is_empty(), "{state}");
            let mut timed = many;
            timed.blanks.timers = false;
            assert!(findings(&RULE, &timed).is_empty(), "{state}");
        }
    }

    #[test]
    fn a_busy_server_has_more_open_connections() {
        let mut busy = pasted(State::LAST_ACK, 100);
        busy.now.add((1_000..1_201).map(|number| socket(State::ESTABLISHED, number)));
        assert!(findings(&RULE, &busy).is_empty());
    }
}
