//! Sockets that are still too young for a rule. Without a note, silence about them would suggest health.
//!
//! Excluded: `relay-waits` judges the `CLOSE_WAIT` of `close-wait-leak`, every healthy connection is younger than the
//! idle time of `idle-no-keepalive`, and rules that compare two samples report the required distance.

use super::{
    Rule, RuleInputs, close_wait_leak, close_wait_unaccepted, fin_wait1_orphans, fin_wait2_held, last_ack_stuck,
    path_dead, peer_zero_window, prelude::*, settings::Settings, syn_recv_pileup, syn_sent_stuck,
    unaccepted_established,
};
use crate::model::{
    snapshot::{AgeLimit, Snapshot},
    tcp_info::{BACKOFF, LAST_ACK_RECV},
};

/// Fewer come and go on any busy host.
const LEAST: u64 = 10;
/// The first retransmission timeout of a connection at least (`TCP_RTO_MIN`), and of an answer to a SYN.
const RTO: Duration = Duration::from_millis(200);
const FIRST: Duration = Duration::from_secs(1);

/// Sockets of a state that are too young for the rule that judges them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Young {
    /// The rule.
    pub rule: &'static str,
    /// Their state.
    pub state: State,
    /// How many.
    pub count: u64,
    /// The age from which the rule judges, or the time without an answer.
    pub age: Duration,
    /// How long the oldest of them still has to stay.
    pub left: Duration,
    /// Whether they wait for an answer.
    pub awaits_answer: bool,
}

/// Which sockets a rule judges from when on.
struct Aged {
    rule: &'static Rule,
    state: State,
    is_meant: fn(&Seen) -> bool,
    by: WaitedBy,
}

/// The rule's measure of time.
enum WaitedBy {
    /// An age, read by this.
    Age(Threshold, fn(&Seen) -> Option<Duration>),
    /// Timeouts in a row, read by this function; that many take this long.
    Timeouts(Threshold, fn(&Seen) -> u64, fn(&RuleInput<'_>, u64) -> Duration),
}

static AGED: [Aged; 10] = [
    Aged {
        rule: &close_wait_leak::RULE,
        state: State::CLOSE_WAIT,
        is_meant: is_held,
        by: hung_up(close_wait_leak::AGE),
    },
    Aged {
        rule: &close_wait_unaccepted::RULE,
        state: State::CLOSE_WAIT,
        is_meant: is_queued,
        by: WaitedBy::Age(close_wait_unaccepted::AGE, heard),
    },
    Aged {
        rule: &unaccepted_established::RULE,
        state: State::ESTABLISHED,
        is_meant: is_queued,
        by: WaitedBy::Age(unaccepted_established::AGE, heard),
    },
    Aged { rule: &fin_wait2_held::RULE, state: State::FIN_WAIT2, is_meant: is_held, by: hung_up(fin_wait2_held::AGE) },
    Aged {
        rule: &syn_sent_stuck::RULE,
        state: State::SYN_SENT,
        is_meant: |_| true,
        by: WaitedBy::Timeouts(syn_sent_stuck::RETRANS, resent, syn_sent_stuck::timeouts),
    },
    Aged {
        rule: &syn_recv_pileup::RULE,
        state: State::SYN_RECV,
        is_meant: |_| true,
        by: WaitedBy::Timeouts(syn_recv_pileup::OLD_RETRANS, resent, |_, timeouts| doubling(FIRST, timeouts)),
    },
    Aged {
        rule: &fin_wait1_orphans::RULE,
        state: State::FIN_WAIT1,
        is_meant: |seen| seen.kind() == Kind::Orphan,
        by: resent_by(fin_wait1_orphans::RETRIES),
    },
    Aged {
        rule: &last_ack_stuck::RULE,
        state: State::LAST_ACK,
        is_meant: |_| true,
        by: resent_by(last_ack_stuck::RETRIES),
    },
    Aged {
        rule: &path_dead::RULE,
        state: State::ESTABLISHED,
        is_meant: |seen| is_held(seen) && seen.socket.timer == Timer::Retransmit,
        by: resent_by(path_dead::RETRANS),
    },
    Aged {
        rule: &peer_zero_window::RULE,
        state: State::ESTABLISHED,
        is_meant: |seen| is_held(seen) && seen.waits_for_window(),
        by: WaitedBy::Timeouts(peer_zero_window::BACKOFF, backoff, |_, timeouts| doubling(RTO, timeouts)),
    },
];

/// Of a connection that the program still sends on, the age is unknown, and may look young for ever.
const fn hung_up(age: Threshold) -> WaitedBy {
    WaitedBy::Age(age, |seen| seen.hung_up().filter(|age| age.limit != AgeLimit::AtLeast).map(|age| age.time))
}

const fn resent_by(timeouts: Threshold) -> WaitedBy {
    WaitedBy::Timeouts(timeouts, resent, |_, timeouts| doubling(RTO, timeouts))
}

fn is_held(seen: &Seen) -> bool {
    seen.kind() == Kind::Full
}

fn is_queued(seen: &Seen) -> bool {
    seen.kind() == Kind::NotAccepted
}

fn heard(seen: &Seen) -> Option<Duration> {
    seen.since(&LAST_ACK_RECV)
}

fn resent(seen: &Seen) -> u64 {
    seen.socket.retrans.into()
}

fn backoff(seen: &Seen) -> u64 {
    seen.info(&BACKOFF).unwrap_or(0)
}

/// The time of this number of timeouts, each twice the one before.
fn doubling(first: Duration, timeouts: u64) -> Duration {
    let times = 1_u32.checked_shl(u32::try_from(timeouts).unwrap_or(u32::MAX)).unwrap_or(u32::MAX);
    first.saturating_mul(times - 1)
}

impl Young {
    /// Those of a snapshot, for these rules; a rule that found something says enough of its state.
    pub fn all(snapshot: &Snapshot, settings: &Settings, rules: &[&Rule], found: &[Finding]) -> Vec<Young> {
        let is_asked = |aged: &&Aged| {
            let name = aged.rule.name;
            rules.iter().any(|rule| rule.name == name) && found.iter().all(|finding| finding.rule != name)
        };
        let inputs = RuleInputs::new(snapshot, settings);
        let of = |aged: &Aged| aged.young(&inputs.of(aged.rule.name));
        AGED.iter().filter(is_asked).filter_map(of).collect()
    }
}

impl Aged {
    fn young(&self, input: &RuleInput<'_>) -> Option<Young> {
        let (age, waited): (Duration, Vec<Duration>) = match &self.by {
            WaitedBy::Age(age, of) => (input.time(age), self.sockets(input).filter_map(of).collect()),
            WaitedBy::Timeouts(threshold, of, time) => {
                let most = input.limit(threshold).ceil() as u64;
                // One is sent again now and then on any path.
                let many = self.sockets(input).map(of).filter(|&timeouts| timeouts * 2 >= most);
                (time(input, most), many.map(|timeouts| time(input, timeouts)).collect())
            }
        };
        let young: Vec<Duration> = waited.into_iter().filter(|&time| time < age).collect();
        let left = age.saturating_sub(*young.iter().max()?);
        let awaits_answer = matches!(self.by, WaitedBy::Timeouts(..));
        let count = young.len() as u64;
        let rule = self.rule.name;
        (count >= LEAST).then_some(Young { rule, state: self.state, count, age, left, awaits_answer })
    }

    fn sockets<'a>(&self, input: &RuleInput<'a>) -> impl Iterator<Item = &'a Seen> + use<'a> {
        input.sockets(self.state).filter({
            let is_meant = self.is_meant;
            move |seen| is_meant(seen)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            RULES,
            fixture::{snapshot, socket, with_info},
        },
        *,
    };

    fn young(snapshot: &Snapshot) -> Vec<(&'static str, u64, u64, u64)> {
        let all = Young::all(snapshot, &Settings::default(), RULES, &[]);
        all.iter().map(|one| (one.rule, one.count, one.age.as_millis() as u64, one.left.as_millis() as u64)).collect()
    }

    #[test]
    fn many_young_ones_are_reported_with_the_time_that_is_left() {
        let of = |count: u32, age: u64| {
            let mut snapshot = snapshot();
            let aged = |number: u32| with_info(socket(State::CLOSE_WAIT, number), &LAST_ACK_RECV, age * 1_000);
            snapshot.now.add((1..=count).map(aged));
            young(&snapshot)
        };
        assert_eq!(of(40, 35), [("close-wait-leak", 40, 60_000, 25_000)]);
        assert_eq!((of(9, 35), of(40, 60)), (vec![], vec![]));
    }

    #[test]
    fn one_that_is_still_sent_to_has_no_age() {
        use crate::model::tcp_info::{LAST_DATA_RECV, LAST_DATA_SENT};
        let of = |sent: u64, received: u64, wqueue: u32| {
            let mut snapshot = snapshot();
            snapshot.now.add((1..=12).map(|number| {
                let seen = with_info(socket(State::CLOSE_WAIT, number), &LAST_ACK_RECV, 4_000);
                let mut seen = with_info(with_info(seen, &LAST_DATA_SENT, sent), &LAST_DATA_RECV, received);
                seen.socket.wqueue = wqueue;
                seen
            }));
            young(&snapshot).len()
        };
        assert_eq!((of(4_010, 70_000, 0), of(4_500, 5_500, 0), of(20_000, 70_000, 9)), (0, 0, 0));
        // An answer at once, and one long before the peer closed.
        assert_eq!((of(4_010, 4_900, 0), of(4_501, 70_000, 0)), (1, 1));
    }

    #[test]
    fn those_that_wait_for_an_answer_are_reported_by_their_timeouts() {
        let of = |state, retrans: u8, inode: u32| {
            let mut snapshot = snapshot();
            snapshot.now.add((1..=12).map(|number| {
                let mut seen = socket(state, number);
                (seen.socket.retrans, seen.socket.inode, seen.socket.timer) = (retrans, inode, Timer::Retransmit);
                seen
            }));
            young(&snapshot)
        };
        assert_eq!(of(State::LAST_ACK, 2, 0), [("last-ack-stuck", 12, 1_400, 800)]);
        assert_eq!(of(State::FIN_WAIT1, 3, 0), [("fin-wait1-orphans", 12, 3_000, 1_600)]);
        assert_eq!(of(State::SYN_RECV, 2, 0), [("syn-recv-pileup", 12, 7_000, 4_000)]);
        assert_eq!(of(State::SYN_SENT, 1, 5), [("syn-sent-stuck", 12, 2_000, 1_000)]);
        assert_eq!(of(State::ESTABLISHED, 4, 5), [("path-dead", 12, 12_600, 9_600)]);
        // Fewer are the ordinary loss of a packet, more are a finding.
        assert_eq!((of(State::ESTABLISHED, 2, 5), of(State::ESTABLISHED, 6, 5)), (vec![], vec![]));
    }

    #[test]
    fn a_rule_that_found_something_or_was_not_asked_adds_nothing() {
        let mut snapshot = snapshot();
        snapshot.now.add((1..=12).map(|number| with_info(socket(State::CLOSE_WAIT, number), &LAST_ACK_RECV, 9_000)));
        let found = Finding::new(close_wait_leak::RULE.name, Severity::Notice, Subject::Host);
        let settings = Settings::default();
        assert_eq!(Young::all(&snapshot, &settings, RULES, &[found]), []);
        assert_eq!(Young::all(&snapshot, &settings, &[&fin_wait2_held::RULE], &[]), []);
    }
}
