//! `TIME_WAIT` on the port of a listener: often feared, harmless.
//!
//! Seen: `TIME_WAIT` whose local port listens, any number. The server closed first, the port is the listener's own and
//! takes any number of connections, no descriptor is held, and the client may come back on the same port at once
//! (`tcp_timewait_state_process()` in net/ipv4/tcp_minisocks.c). The only limit is `tcp_max_tw_buckets`, which is
//! another rule's.

use std::net::Ipv4Addr;

use super::prelude::*;
use crate::model::snapshot::TimeWaits;

/// The fewest that are spoken of: any.
const FEWEST: Threshold = Threshold::count("count", 1.0);
/// `sizeof(struct tcp_timewait_sock)` as the slab allocator hands it out (/proc/slabinfo, Linux 6.18).
const BYTES: u64 = 256;
/// Seconds that each lasts: `TCP_TIMEWAIT_LEN`.
const MINUTE: f64 = 60.0;
/// The last seconds, in which a load that began less than a minute ago shows whole.
const RECENT: usize = 10;
/// Rates below this say nothing.
const SLOW: f64 = 0.1;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "time-wait-server",
    severities: &[Severity::Ok],
    thresholds: &[FEWEST],
    needs: &[Need::Tcp],
    relations: &[],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let waits = input.now().time_wait_inbound.iter();
    let told = waits.filter(|(_, waits)| waits.sockets > 0 && waits.sockets as f64 >= input.limit(&FEWEST));
    told.map(|(&port, waits)| say(input, port, waits)).collect()
}

fn say(input: &RuleInput<'_>, port: u16, waits: &TimeWaits) -> Finding {
    let rate = waits.per_second(RECENT).max(waits.sockets as f64 / MINUTE);
    let title = match rate < SLOW {
        true => Sentence::plain("title-slow"),
        false => Sentence::plain("title").decimal("rate", rate),
    };
    let listener = listener(input, port);
    let subject = match listener {
        Some(listener) => input.listener_subject(listener),
        None => Subject::Listener { address: IpAddr::V4(Ipv4Addr::UNSPECIFIED), port, path: None, program: None },
    };
    let bytes = waits.sockets.saturating_mul(BYTES);
    input
        .finding(Severity::Ok, subject)
        .title(title.count("count", waits.sockets))
        .proof(Sentence::plain("proof").number("port", port.into()).bytes("bytes", bytes))
        .evidence("time_wait", Figure::Count(waits.sockets), "idiag_state")
        .evidence("close_rate", Figure::PerSecond(rate), "idiag_expires")
        .evidence("memory", Figure::Bytes(bytes), "/proc/slabinfo")
        // TIME_WAIT does not show who connected; the port of a listener nearly always does.
        .confidence(Confidence::Inferred)
        .myth("myth-reuse")
        .myth("myth-fin-timeout")
        .myth("myth-ports")
        .myth("myth-root")
        .about(listener.map(|listener| listener.inode).into_iter().collect(), waits.sockets)
}

/// The listener of a port: of several one whose program is known, then one that takes any address.
fn listener<'a>(input: &RuleInput<'a>, port: u16) -> Option<&'a Listener> {
    let listeners = input.now().listeners.iter().filter(|listener| listener.port == port);
    listeners.min_by_key(|listener| {
        (input.program(listener.inode).is_none(), !listener.address.is_unspecified(), listener.address, listener.inode)
    })
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, listener, route, severities, snapshot, ten, time_waits},
        *,
    };
    use crate::{
        model::{finding::Runtime, snapshot::Snapshot, state::State},
        text::{Catalogue, Lang, rule::RuleWords},
    };

    /// nginx on port 443 with this number of `TIME_WAIT`.
    fn with(count: u64) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.now.listeners.push(listener(443, 5));
        snapshot.hold(100, "nginx", Runtime::Nginx, [5]);
        snapshot.now.time_wait_inbound.insert(443, time_waits(count));
        snapshot
    }

    #[test]
    fn any_number_is_said_to_be_harmless() {
        assert_eq!(severities(&RULE, &with(1)), [Severity::Ok]);
        assert_eq!(severities(&RULE, &with(60_000)), [Severity::Ok]);
    }

    #[test]
    fn it_reads_as_in_the_design() {
        let finding = findings(&RULE, &with(3_904)).remove(0);
        let catalogue = Catalogue::new(Lang::En);
        let said = RuleWords::new(&catalogue, RULE.name, true).say(&finding.title);
        assert_eq!(said, "3,904 TIME_WAIT, 65 per second, all inbound: normal, nothing to do");
        let Subject::Listener { port: 443, program: Some(program), .. } = finding.subject else {
            panic!("no listener")
        };
        assert_eq!(program.name, "nginx");
    }

    #[test]
    fn a_load_that_began_less_than_a_minute_ago_has_its_whole_rate() {
        let rate = |ages: std::ops::Range<u32>| {
            let mut waits = TimeWaits::default();
            ages.for_each(|age| (0..200).for_each(|_| waits.add(60_000 - age * 1_000)));
            let mut snapshot = with(0);
            snapshot.now.time_wait_inbound.insert(443, waits);
            findings(&RULE, &snapshot)
                .remove(0)
                .evidence
                .iter()
                .find(|one| one.name == "close_rate")
                .unwrap()
                .value
                .clone()
        };
        assert_eq!(rate(1..19), Figure::PerSecond(200.0));
        assert_eq!(rate(1..60), Figure::PerSecond(200.0));
        assert_eq!(rate(30..60), Figure::PerSecond(100.0), "over the last minute");
    }

    #[test]
    fn without_owners_the_listener_is_named_and_asked_for() {
        let mut snapshot = with(10);
        snapshot.holders = None;
        let finding = findings(&RULE, &snapshot).remove(0);
        assert_eq!(finding.inodes, [5]);
        assert!(finding.subject.program().is_none());
    }

    #[test]
    fn a_listener_that_went_away_is_reported_by_its_port() {
        let mut snapshot = with(10);
        snapshot.now.listeners.clear();
        assert_eq!(severities(&RULE, &snapshot), [Severity::Ok]);
    }

    #[test]
    fn time_wait_of_connections_we_made_is_another_rule() {
        let mut snapshot = snapshot();
        let (route, usage) = route(ten(9), 443, State::TIME_WAIT, 20_000);
        snapshot.now.outbound.insert(route, usage);
        assert_eq!(severities(&RULE, &snapshot), []);
    }
}
