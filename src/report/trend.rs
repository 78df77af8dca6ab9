//! A host watched sample after sample: how states rise and fall, and which incidents come, worsen, ease and go.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, VecDeque},
    time::{Duration, SystemTime},
};

use super::{
    overview::{Overview, Row},
    rates::Rises,
};
use crate::model::{
    finding::{Finding, Severity},
    sorted,
    state::State,
};

/// Counts that are kept of each state; then every second one is dropped, and half as many are added from there on.
const MOST_COUNTS: usize = 128;

/// Incidents that are gone and still shown.
const MOST_GONE: usize = 16;

/// An incident is gone when this number of samples in a row do not show it: a rate may be zero once.
const MISSED: u32 = 2;

/// How an incident changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Course {
    /// It is there as before.
    Present,
    /// It appeared.
    New,
    /// It became more severe.
    Worse,
    /// It became less severe.
    Eased,
    /// It is there no more.
    Gone,
}

impl Course {
    /// The word in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Course::Present => "present",
            Course::New => "new",
            Course::Worse => "worse",
            Course::Eased => "eased",
            Course::Gone => "gone",
        }
    }

    /// From one severity to another; `None` where there was no such incident.
    fn between(before: Option<Severity>, now: Severity) -> Course {
        match before {
            None => Course::New,
            Some(before) if before < now => Course::Worse,
            Some(before) if before > now => Course::Eased,
            Some(_) => Course::Present,
        }
    }
}

/// A state in the newest sample.
#[derive(Clone, PartialEq, Debug)]
pub struct StateTrend {
    /// The state with its count.
    pub row: Row,
    /// How much it rose in a second since the sample before, below zero where it fell.
    pub per_second: Option<f64>,
    /// The counts from the first sample on, at equal distances.
    pub history: Vec<u64>,
}

/// An incident in the newest sample, or gone with it or before.
#[derive(Clone, PartialEq, Debug)]
pub struct IncidentTrend {
    /// The change since the sample before.
    pub course: Course,
    /// The change since the baseline.
    pub since_baseline: Course,
    /// The worst severity of its findings.
    pub severity: Severity,
    /// The finding that explains the others.
    pub cause: Finding,
    /// When it was seen first.
    pub since: SystemTime,
    /// When it was seen last.
    pub until: SystemTime,
}

/// One sample as it is watched.
#[derive(Clone, PartialEq, Debug)]
pub struct WatchSample {
    /// The sample.
    pub overview: Overview,
    /// The number of the sample, from 1.
    pub number: u64,
    /// The processor time that the sample took.
    pub cost: Duration,
    /// The time to the next one.
    pub interval: Duration,
    /// The filter that chooses the sockets of the states.
    pub filter: Option<String>,
    /// The rises of counters.
    pub rises: Rises,
    /// The states that have sockets or had some, most sockets first.
    pub states: Vec<StateTrend>,
    /// Those that are there, worst first, then those that are gone, the last to go first.
    pub incidents: Vec<IncidentTrend>,
    /// When the baseline was taken.
    pub baseline: SystemTime,
}

/// The history of a state.
#[derive(Default)]
struct History {
    last: Option<u64>,
    counts: Vec<u64>,
}

/// The history of a finding.
struct KnownFinding {
    shown: IncidentTrend,
    at_baseline: Option<Severity>,
    is_incident: bool,
    /// Its place among the incidents of the sample that showed it last.
    place: usize,
    missed: u32,
}

/// The data kept between samples. Its size does not depend on their number.
#[derive(Default)]
pub struct Trends {
    samples: u64,
    /// Samples for each count in a history.
    stride: u64,
    baseline: Option<SystemTime>,
    states: BTreeMap<Option<State>, History>,
    findings: BTreeMap<String, KnownFinding>,
    gone: VecDeque<IncidentTrend>,
}

impl Trends {
    /// Compares a sample with those before.
    pub fn take(&mut self, overview: Overview, rises: Rises) -> WatchSample {
        self.samples += 1;
        let now = overview.host.taken_at;
        let baseline = *self.baseline.get_or_insert(now);
        let states = self.states(&overview, &rises);
        let incidents = self.incidents(&overview, now);
        let (cost, interval, filter) = (Duration::ZERO, Duration::ZERO, None);
        let number = self.samples;
        WatchSample { overview, number, cost, interval, filter, rises, states, incidents, baseline }
    }

    /// From now on changes are reported since the newest sample.
    pub fn rebase(&mut self) {
        self.baseline = None;
        self.gone.clear();
        for known in self.findings.values_mut() {
            known.at_baseline = Some(known.shown.severity);
        }
    }

    /// From now on other sockets are counted.
    pub fn forget_states(&mut self) {
        self.states.clear();
    }

    fn states(&mut self, overview: &Overview, rises: &Rises) -> Vec<StateTrend> {
        let is_counted = (self.samples - 1).is_multiple_of(self.stride.max(1));
        let mut trends = Vec::new();
        for row in overview.rows(true) {
            let count = row.tally.sockets;
            let history = self.states.entry(row.state).or_default();
            if is_counted {
                history.counts.push(count);
            }
            let last = history.last.replace(count);
            let change = last.zip(rises.between);
            let per_second = change.map(|(last, between)| (count as f64 - last as f64) / between.as_secs_f64());
            if history.counts.iter().any(|&count| count > 0) || count > 0 {
                trends.push(StateTrend { row, per_second, history: history.counts.clone() });
            }
        }
        let longest = self.states.values().map(|history| history.counts.len()).max().unwrap_or(0);
        if longest >= MOST_COUNTS {
            self.stride = self.stride.max(1) * 2;
            for history in self.states.values_mut() {
                history.counts = history.counts.iter().step_by(2).copied().collect();
            }
        }
        trends
    }

    fn incidents(&mut self, overview: &Overview, now: SystemTime) -> Vec<IncidentTrend> {
        let Some(diagnosis) = &overview.diagnosis else { return Vec::new() };
        for known in self.findings.values_mut() {
            known.missed += 1;
            known.shown.course = Course::Present;
        }
        for (place, incident) in diagnosis.incidents().into_iter().enumerate() {
            let parts = incident.parts.iter().map(|part| (part.finding, part.finding.severity, false));
            for (cause, severity, is_incident) in [(incident.cause, incident.severity, true)].into_iter().chain(parts) {
                let known = self.findings.get(&cause.id);
                // A finding of the first sample existed before.
                let unknown = (self.samples == 1).then_some(severity);
                let before = known.map_or(unknown, |known| Some(known.shown.severity));
                let at_baseline = known.map_or(unknown, |known| known.at_baseline);
                let shown = IncidentTrend {
                    course: Course::between(before, severity),
                    since_baseline: Course::between(at_baseline, severity),
                    severity,
                    cause: cause.clone(),
                    since: known.map_or(now, |known| known.shown.since),
                    until: now,
                };
                let known = KnownFinding { shown, at_baseline, is_incident, place, missed: 0 };
                self.findings.insert(cause.id.clone(), known);
            }
        }
        self.gone.iter_mut().for_each(|gone| gone.course = Course::Present);
        // A finding of an unchecked rule may persist.
        let is_unchecked = |rule: &str| diagnosis.not_checked.iter().any(|one| one.rule == rule);
        let is_gone = |known: &KnownFinding| known.missed >= MISSED && !is_unchecked(known.shown.cause.rule);
        let gone = self.findings.values().filter(|known| known.is_incident && is_gone(known));
        for known in gone {
            let (course, since_baseline) = (Course::Gone, Course::Gone);
            self.gone.push_front(IncidentTrend { course, since_baseline, ..known.shown.clone() });
        }
        self.findings.retain(|_, known| !is_gone(known));
        self.gone.truncate(MOST_GONE);
        let mut there: Vec<&KnownFinding> = self.findings.values().filter(|known| known.is_incident).collect();
        sorted::sort_by_key(&mut there, |known| (Reverse(known.shown.severity), known.place));
        there.into_iter().map(|known| &known.shown).chain(&self.gone).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{
            counted::Counted,
            finding::{NotChecked, Subject},
            host::Host,
            sentence::Sentence,
        },
        report::{diagnosis::Diagnosis, overview::DataOrigin},
    };

    /// A sample with findings of these severities, each of its own rule.
    fn sample(findings: &[(&'static str, Severity)]) -> Overview {
        let host = Host { name: String::new(), kernel: String::new(), taken_at: SystemTime::UNIX_EPOCH, netns: None };
        let findings = findings.iter().map(|(rule, severity)| Finding::new(rule, *severity, Subject::Host)).collect();
        Overview {
            host,
            counted: Counted::default(),
            others: Default::default(),
            netns: Vec::new(),
            bound_inactive: false,
            diagnosis: Some(Diagnosis { findings, ..Diagnosis::default() }),
            origin: DataOrigin::Kernel,
        }
    }

    fn courses(sample: &WatchSample) -> Vec<(&str, Course, Course)> {
        sample.incidents.iter().map(|one| (one.cause.rule, one.course, one.since_baseline)).collect()
    }

    #[test]
    fn incidents_come_worsen_ease_and_go() {
        use Course::{Eased, Gone, New, Present, Worse};
        let mut trends = Trends::default();
        let mut take = |findings: &[_]| trends.take(sample(findings), Rises::default());
        let (notice, warning) = (Severity::Notice, Severity::Warning);
        assert_eq!(courses(&take(&[("a", notice)])), [("a", Present, Present)]);
        assert_eq!(courses(&take(&[("b", warning), ("a", notice)])), [("b", New, New), ("a", Present, Present)]);
        assert_eq!(courses(&take(&[("a", warning), ("b", warning)])), [("a", Worse, Worse), ("b", Present, New)]);
        assert_eq!(courses(&take(&[("a", notice)])), [("b", Present, New), ("a", Eased, Present)]);
        assert_eq!(courses(&take(&[("a", notice)])), [("a", Present, Present), ("b", Gone, Gone)]);
        assert_eq!(courses(&take(&[("a", notice)])), [("a", Present, Present), ("b", Present, Gone)]);
        trends.rebase();
        assert_eq!(courses(&trends.take(sample(&[("a", warning)]), Rises::default())), [("a", Worse, Worse)]);
    }

    #[test]
    fn what_is_not_checked_is_not_gone() {
        let mut trends = Trends::default();
        trends.take(sample(&[("a", Severity::Notice)]), Rises::default());
        for _ in 0..3 {
            let mut unchecked = sample(&[]);
            let not_checked = NotChecked { rule: "a", reason: Sentence::plain("x"), needs: None };
            unchecked.diagnosis.get_or_insert_default().not_checked.push(not_checked);
            assert_eq!(courses(&trends.take(unchecked, Rises::default())), [("a", Course::Present, Course::Present)]);
        }
    }

    #[test]
    fn nothing_grows_with_the_number_of_samples() {
        let mut trends = Trends::default();
        for _ in 0..3_000 {
            trends.take(sample(&[("a", Severity::Notice)]), Rises::default());
            trends.take(sample(&[]), Rises::default());
            trends.take(sample(&[]), Rises::default());
        }
        assert!(trends.states.values().all(|history| history.counts.len() <= MOST_COUNTS));
        assert!(trends.gone.len() <= MOST_GONE && trends.findings.len() <= 1);
    }
}
