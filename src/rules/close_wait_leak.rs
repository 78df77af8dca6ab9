//! A program that has read to the end of connections whose peers hung up, and does not close them.
//!
//! Seen: `CLOSE_WAIT`, held, `Recv-Q` 0, `Send-Q` 0, for a minute and more. It hurts because each keeps a descriptor
//! until `EMFILE`. A minute exceeds any normal delay of a close (knowledge: catalogue).

use super::{connections, fullest::Fullest, hint, prelude::*, relations, relay, unit};
use crate::model::snapshot::{Age, AgeLimit};

/// Older than any delay of a program that does close.
pub(super) const AGE: Threshold = Threshold::seconds("age", 60.0);
/// The part of the descriptors that makes a leak dangerous though it does not grow.
const SHARE: Threshold = Threshold::ratio("share", 0.10);
/// Descriptors used from which the limit is near.
const NEAR: Threshold = Threshold::ratio("near-limit", 0.80);
/// The least part of the open descriptors for which the leak is the cause.
const CAUSE: f64 = 0.5;
/// The time over which one sample shows a rate: the youngest of the leaked.
const RECENT: Duration = Duration::from_secs(600);
/// A leak whose oldest socket is older is a warning, however many descriptors are left: it does not end by itself.
const OLD: Threshold = Threshold::seconds("old", 3600.0);
/// A warning from this number on.
const MANY: Threshold = Threshold::count("many", 10.0);
/// The part of [`OLD`] by which the youngest is younger than the oldest, where they did not come all at once.
const APART: u32 = 6;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "close-wait-leak",
    severities: &[Severity::Critical, Severity::Warning, Severity::Notice],
    thresholds: &[AGE, SHARE, NEAR, OLD, MANY],
    needs: &[Need::Tcp, Need::Details(&[State::CLOSE_WAIT])],
    relations: &[
        Relation::causes("fd-near-limit", SharedBy::Process).where_(relations::holds_most_descriptors),
        Relation::causes("fin-wait2-peer", SharedBy::OtherEnd),
        Relation::causes("fin-wait2-held", SharedBy::OtherEnd),
    ],
    evaluate: Evaluate::Many(evaluate),
};

/// The leak of one subject.
struct Leak<'a> {
    /// All its `CLOSE_WAIT`, young ones too.
    all: Vec<&'a Seen>,
    /// Those that count as leaked, with their ages.
    leaked: Vec<(&'a Seen, Age)>,
}

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let held = input.sockets(State::CLOSE_WAIT).filter(|seen| seen.kind() == Kind::Full);
    input.by_subject(held).into_iter().filter_map(|(subject, all)| judge(input, subject, all)).collect()
}

fn judge(input: &RuleInput<'_>, subject: Subject, all: Vec<&Seen>) -> Option<Finding> {
    let is_leaked = |seen: &&&Seen| seen.socket.rqueue == 0 && seen.socket.wqueue == 0 && !is_answering(input, seen);
    let aged = all.iter().filter(is_leaked).filter_map(|seen| Some((*seen, seen.hung_up()?)));
    let leaked: Vec<(&Seen, Age)> = aged.filter(|(_, age)| age.time >= input.time(&AGE)).collect();
    if leaked.is_empty() || relay::legs(input, &input.workers(&all)).is_some() {
        return None;
    }
    // Old ones with unread data are close-wait-unread's.
    let is_mine =
        |seen: &&Seen| seen.socket.rqueue == 0 || seen.hung_up().is_none_or(|age| age.time < input.time(&AGE));
    let leak = Leak { all: all.into_iter().filter(is_mine).collect(), leaked };
    let fullest = input.fullest(&leak.all);
    let scale = connections::scale(input, State::CLOSE_WAIT);
    let count = (leak.all.len() as f64 * scale).round() as u64;
    let rate = leak.per_minute(input).map(|rate| rate * scale);
    let grew = input.before().is_some() && rate.is_some_and(|rate| rate > 0.0);
    let severity = severity(input, scale, grew || leak.is_old(input), fullest);
    let oldest = leak.leaked.iter().map(|(_, age)| *age).max()?;
    let mut finding = input
        .finding(severity, subject.clone())
        .title(title(count, rate, oldest))
        .why(Sentence::plain("why").with("program", subject.program_word()))
        .proof(leak.proof(count, scale))
        .limit(fullest.map(|fullest| limit(fullest, rate, count)))
        .evidence("sockets", Figure::Count(count), "idiag_state")
        .evidence("recv_queue_empty", Figure::Count(leak.empty(scale)), "idiag_rqueue")
        .evidence("oldest", Figure::Time(oldest.time), "tcp_info.last_ack_recv")
        .evidence("ages", Figure::Counts(leak.histogram()), "tcp_info.last_ack_recv")
        .myth("myth")
        .counts(leak.all.iter().copied())
        .about(leak.all.iter().map(|seen| seen.socket.inode).chain(relay::candidates(input)).collect(), count);
    if let Some(rate) = rate {
        finding = finding.evidence("growth", Figure::PerSecond(rate / 60.0), "tcp_info.last_ack_recv");
    }
    if let Some(fullest) = fullest {
        finding = fullest.tell(finding);
    }
    if oldest.limit == AgeLimit::AtMost {
        finding = finding.confidence(Confidence::Likely);
    }
    finding = connections::with_workers(input, finding, &leak.all);
    Some(leak.remedies(input, finding, &subject))
}

/// Whether a program still sends on a connection whose peer has finished: a half-close, as it may be.
fn is_answering(input: &RuleInput<'_>, seen: &Seen) -> bool {
    use crate::model::tcp_info::BYTES_ACKED;
    let earlier = input.earlier(seen).and_then(|earlier| earlier.info(&BYTES_ACKED));
    matches!((earlier, seen.info(&BYTES_ACKED)), (Some(before), Some(now)) if now > before)
}

/// `lasts` where it grows, or has grown for long; `scale` as each socket that was read stands for others, too.
fn severity(input: &RuleInput<'_>, scale: f64, lasts: bool, fullest: Option<Fullest>) -> Severity {
    let Some(fullest) = fullest.filter(|fullest| fullest.most > 0) else {
        return if lasts { Severity::Warning } else { Severity::Notice };
    };
    let (count, used, most) = (fullest.sockets as f64 * scale, fullest.used as f64, fullest.most as f64);
    if used >= input.limit(&NEAR) * most && count >= CAUSE * used {
        Severity::Critical
    } else if lasts || count >= input.limit(&SHARE) * most {
        Severity::Warning
    } else {
        Severity::Notice
    }
}

fn title(count: u64, rate: Option<f64>, oldest: Age) -> Sentence {
    let id = match (rate, oldest.limit != AgeLimit::AtMost) {
        (Some(_), true) => "title-growing",
        (Some(_), false) => "title-growing-at-most",
        (None, true) => "title",
        (None, false) => "title-at-most",
    };
    let sentence = Sentence::plain(id).count("count", count).time("age", oldest.time);
    match rate {
        Some(rate) => sentence.decimal("rate", rate),
        None => sentence,
    }
}

/// The sentence for a service with this number of leaked sockets and this rise per minute.
fn limit(fullest: Fullest, rate: Option<f64>, count: u64) -> Sentence {
    let Fullest { sockets, used, most, .. } = fullest;
    let rate = rate.map(|rate| rate * part(sockets, count.max(sockets).max(1)));
    let left = most.saturating_sub(used) as f64;
    // From ten minutes on, seconds are noise: 46 min 59 s are about 47 min.
    let rounded = |minutes: f64| if minutes < 10.0 { (minutes * 60.0).round() } else { minutes.round() * 60.0 };
    let full = rate.and_then(|rate| Duration::try_from_secs_f64(rounded(left / rate).max(1.0)).ok());
    let sentence = match full {
        _ if used >= most => Sentence::plain("limit-reached"),
        Some(time) => Sentence::plain("limit-full-in").time("time", time),
        None => Sentence::plain("limit"),
    };
    sentence.count("used", used).count("most", most)
}

impl Leak<'_> {
    /// How many more there are each minute: by the sockets that came between two samples, else by the youngest ages.
    fn per_minute(&self, input: &RuleInput<'_>) -> Option<f64> {
        if let Some((_, between)) = input.before() {
            let born = self.all.iter().filter(|seen| input.earlier(seen).is_none()).count();
            return (born > 0).then(|| born as f64 * 60.0 / between.as_secs_f64());
        }
        let exact = self.exact_ages();
        let oldest = *exact.iter().max()?;
        let window = oldest.min(RECENT);
        let young = exact.iter().filter(|&&age| age <= window).count();
        // One socket has no rate, and a crowd of one age is a single event.
        let spread = oldest.saturating_sub(*exact.iter().min()?);
        (young > 1 && spread > window / 4).then(|| young as f64 * 60.0 / window.as_secs_f64())
    }

    /// The ages of the leaked that are known: keepalive and data sent since make an age look young.
    fn exact_ages(&self) -> Vec<Duration> {
        self.leaked.iter().filter(|(_, age)| age.limit == AgeLimit::Exact).map(|(_, age)| age.time).collect()
    }

    /// Whether many came over a long time: a burst that a restart of the peer left is not one.
    fn is_old(&self, input: &RuleInput<'_>) -> bool {
        let (ages, old) = (self.exact_ages(), input.time(&OLD));
        let ends = ages.iter().max().zip(ages.iter().min());
        let is_apart = ends.is_some_and(|(&oldest, &youngest)| oldest >= old && oldest - youngest >= old / APART);
        ages.len() as f64 >= input.limit(&MANY) && is_apart
    }

    /// How many have everything taken from them.
    fn empty(&self, scale: f64) -> u64 {
        let empty = self.all.iter().filter(|seen| seen.socket.rqueue == 0).count();
        (empty as f64 * scale).round() as u64
    }

    /// How many are younger than a minute, ten minutes, an hour, six hours, a day, and older.
    fn histogram(&self) -> Vec<u64> {
        const BOUNDS: [u64; 5] = [60, 600, 3600, 21_600, 86_400];
        let mut counts = vec![0; BOUNDS.len() + 1];
        for age in self.all.iter().filter_map(|seen| seen.hung_up()) {
            let place = BOUNDS.iter().position(|&bound| age.time.as_secs() < bound).unwrap_or(BOUNDS.len());
            if let Some(count) = counts.get_mut(place) {
                *count += 1;
            }
        }
        counts
    }

    /// The service at the other end, if it is one: for connections we made its port, else nothing.
    fn service(&self) -> Option<(std::net::IpAddr, u16)> {
        let mut peers: BTreeMap<(std::net::IpAddr, u16), usize> = BTreeMap::new();
        for seen in &self.all {
            *peers.entry((seen.socket.peer, seen.socket.peer_port)).or_default() += 1;
        }
        let (&peer, &count) = peers.iter().max_by_key(|(_, count)| **count)?;
        (count == self.all.len() && count > 1 || peers.len() == 1).then_some(peer)
    }

    /// The port of ours that all came to.
    fn local_port(&self) -> Option<u16> {
        let port = self.all.first()?.socket.local_port;
        self.all.iter().all(|seen| seen.socket.local_port == port).then_some(port)
    }

    fn proof(&self, count: u64, scale: f64) -> Sentence {
        let sentence = match (self.service(), self.local_port()) {
            (Some((address, port)), _) => Sentence::plain("proof-service").endpoint("peer", address, port),
            (None, Some(port)) => Sentence::plain("proof-port").number("port", port.into()),
            (None, None) => Sentence::plain("proof"),
        };
        sentence.count("empty", self.empty(scale)).count("count", count)
    }

    fn remedies(&self, input: &RuleInput<'_>, finding: Finding, subject: &Subject) -> Finding {
        let program = subject.program();
        let runtime = program.map(|program| program.runtime).unwrap_or_default();
        let code = match (self.service(), self.local_port()) {
            (Some((address, port)), _) => Sentence::plain("fix-service").endpoint("peer", address, port),
            (None, Some(port)) => Sentence::plain("fix-port").number("port", port.into()),
            (None, None) => Sentence::plain("fix"),
        };
        let mut finding = finding.remedy(Remedy::new(RemedyKind::Code, code.with("hint", hint::close(runtime).part())));
        let workers = input.workers(&self.all);
        if let (Some(program), Some(&(worst, _))) = (program, workers.first()) {
            let find = Sentence::plain("find").outside("program", program.name.clone());
            let find = Remedy::new(RemedyKind::Operate, find).inspect().needs("needs-ptrace");
            finding = finding
                .remedy(restart(input, program, &workers))
                .remedy(find.command(ShellCommand::new("strace -f -e trace=network,close -p ").then(worst)));
        }
        if self.all.iter().any(|seen| seen.socket.timer == Timer::Keepalive) {
            finding = finding.myth("myth-keepalive");
        }
        finding
    }
}

/// A restart frees the descriptors and drops open connections.
fn restart(input: &RuleInput<'_>, program: &Program, workers: &[(u32, u64)]) -> Remedy {
    let open = workers.iter().map(|(pid, _)| input.now().established_by_process.get(pid).copied()).sum();
    let risk = match open {
        Some(0) => Sentence::plain("restart-risk-none"),
        Some(open) => Sentence::plain("restart-risk").count("count", open),
        None => Sentence::plain("restart-risk-unknown"),
    };
    let risk = risk.outside("program", program.name.clone());
    let remedy = Remedy::new(RemedyKind::Operate, "restart").first_aid().risk(risk);
    match input.process(program.pid).and_then(|facts| unit::restart(&facts.process.place)) {
        Some(command) => remedy.command(command).needs("needs-root"),
        None => remedy,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, severities, snapshot, socket, with_info},
        *,
    };
    use crate::model::{finding::Runtime, snapshot::Snapshot, tcp_info::LAST_ACK_RECV};

    /// This number of leaked sockets: the youngest has this age, the others are each `step` older.
    fn leaked(count: u32, age: u64, step: u64) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.before = None;
        let aged =
            |number: u32| with_info(socket(State::CLOSE_WAIT, number), &LAST_ACK_RECV, age + step * u64::from(number));
        snapshot.now.add((1..=count).map(aged));
        snapshot.hold(4321, "orders", Runtime::Java, 1..=count);
        snapshot
    }

    #[test]
    fn one_forgotten_socket_is_a_notice() {
        assert_eq!(severities(&RULE, &leaked(1, 61_000, 0)), [Severity::Notice]);
    }

    #[test]
    fn a_socket_younger_than_a_minute_is_none() {
        assert_eq!(severities(&RULE, &leaked(1, 59_000, 0)), []);
    }

    #[test]
    fn a_tenth_of_the_descriptors_is_a_warning() {
        assert_eq!(severities(&RULE, &leaked(103, 61_000, 0)), [Severity::Warning]);
        assert_eq!(severities(&RULE, &leaked(102, 61_000, 0)), [Severity::Notice]);
    }

    #[test]
    fn many_of_different_ages_over_an_hour_are_a_warning() {
        let over_an_hour = |count, step| severities(&RULE, &leaked(count, 3_600_000, step));
        assert_eq!(over_an_hour(10, 70_000), [Severity::Warning]);
        assert_eq!(over_an_hour(9, 70_000), [Severity::Notice]);
        assert_eq!(over_an_hour(10, 60_000), [Severity::Notice], "apart by less than ten minutes");
        assert_eq!(severities(&RULE, &leaked(10, 2_000_000, 100_000)), [Severity::Notice]);
    }

    #[test]
    fn descriptors_nearly_full_of_them_are_critical() {
        let finding = findings(&RULE, &leaked(900, 61_000, 1_000)).remove(0);
        assert_eq!(finding.severity, Severity::Critical);
        assert_eq!(finding.limit.map(|limit| limit.id), Some("limit-full-in"));
    }

    #[test]
    fn unread_data_is_another_rule() {
        let mut snapshot = leaked(3, 61_000, 0);
        for seen in &mut snapshot.now.sockets {
            seen.socket.rqueue = 1;
        }
        assert_eq!(severities(&RULE, &snapshot), []);
    }

    #[test]
    fn a_relay_is_another_rule() {
        let mut snapshot = leaked(3, 61_000, 0);
        snapshot.now.add((11..=13).map(|number| socket(State::FIN_WAIT2, number)));
        snapshot.hold(4321, "orders", Runtime::Java, 11..=13);
        assert_eq!(severities(&RULE, &snapshot), []);
    }

    #[test]
    fn an_answer_still_being_sent_is_a_half_close() {
        let mut snapshot = leaked(1, 61_000, 0);
        let mut before = crate::model::snapshot::Sample::default();
        before.add(snapshot.now.sockets.iter().cloned());
        snapshot.before = Some(before);
        let acked = &crate::model::tcp_info::BYTES_ACKED;
        snapshot.now.sockets = snapshot.now.sockets.into_iter().map(|seen| with_info(seen, acked, 10)).collect();
        assert_eq!(severities(&RULE, &snapshot), []);
    }
}
