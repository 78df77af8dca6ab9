//! The examination: takes the samples of every namespace of the run, and asks the rules.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

use super::{config::RuleSet, gaps::each_once, prelude::*};
use crate::{
    cli::options::SampleOptions,
    collect::{
        owners,
        series::{Baseline, Series},
        snapshot::{self, Depth},
    },
    model::{
        counted::Counted,
        finding::{Finding, Severity, Subject},
        gap::Why,
        host::Host,
        namespace::Namespace,
        snapshot::Snapshot,
        sorted,
        waiting::UnreadData,
    },
    report::{
        diagnosis::{self, Diagnosis},
        overview::{NamespaceCount, Overview},
        rates::{CounterSums, Rises},
    },
    rules::{self, Rule, Settings, Verdict, young::Young},
};

/// Which rules are asked, with which thresholds, and how closely sockets are read for them.
pub(super) struct Examination {
    pub(super) rules: Vec<&'static Rule>,
    pub(super) settings: Settings,
    pub(super) depth: Depth,
    /// The times between the samples; one sample where there are none.
    pub(super) waits: Vec<Duration>,
    /// Whether the table of states has a row for sockets that are bound and unused.
    pub(super) bound_inactive: bool,
    /// Whether findings are only counted: of those about connections alone, likely processes are searched first.
    pub(super) only_counts: bool,
}

/// The rules for which a socket that is bound and unused counts.
const COUNT_BOUND: [&str; 3] = ["bound-inactive", "port-exhaustion", "port-range-pressure"];

impl Examination {
    /// With these rules. Naming a rule also enables its expensive data.
    pub(super) fn of(wanted: &RuleSet, sampling: SampleOptions, bound_inactive: bool) -> Examination {
        let is_named = |name: &str| wanted.named.contains(&name);
        Examination {
            rules: wanted.rules.clone(),
            settings: wanted.settings.clone(),
            depth: Depth {
                deep: sampling.deep,
                descriptors: sampling.deep || is_named("closed-fd-leak"),
                bound_inactive: sampling.deep || bound_inactive || COUNT_BOUND.iter().any(|name| is_named(name)),
                usage: false,
            },
            waits: sampling.wait.into_iter().collect(),
            bound_inactive,
            only_counts: false,
        }
    }

    /// Asks the rules twice: first for the suspects, then, with the owners of these, for the verdict. Owners of all
    /// sockets would cost more than everything else.
    ///
    /// Also finds the owners of the sockets in `also`. Returns the inodes whose owners were sought.
    pub(super) fn verdict(
        &self,
        source: &dyn Source,
        snapshot: &mut Snapshot,
        also: impl IntoIterator<Item = u32>,
    ) -> (Verdict, Vec<u32>) {
        let verdict = rules::examine(snapshot, &self.rules, &self.settings);
        // Harmless findings are not counted.
        let findings: Vec<&Finding> =
            verdict.findings.iter().filter(|finding| !self.only_counts || finding.severity > Severity::Ok).collect();
        let mut inodes = suspects(&findings, also);
        let listeners = listeners(&verdict, snapshot);
        if inodes.is_empty() {
            return (verdict, inodes);
        }
        let has_listener = |finding: &&Finding| {
            !finding.touches.listeners.is_empty() || matches!(finding.subject, Subject::Listener { .. })
        };
        let look_up = match self.only_counts && !findings.iter().any(has_listener) {
            true => snapshot::look_up_connections,
            false => snapshot::look_up,
        };
        look_up(source, snapshot, &inodes, &listeners);
        inodes.extend(listeners);
        (rules::examine(snapshot, &self.rules, &self.settings), inodes)
    }
}

/// The listeners of the connections that findings count: whoever holds one is a worker of the same service.
fn listeners(verdict: &Verdict, snapshot: &Snapshot) -> Vec<u32> {
    let flows = verdict.findings.iter().flat_map(|finding| &finding.touches.flows);
    let ports: BTreeSet<u16> = sorted::set(flows.map(|flow| flow.local.1));
    let listeners = snapshot.now.listeners.iter().filter(|listener| ports.contains(&listener.port));
    listeners.map(|listener| listener.inode).collect()
}

/// The inodes of the sockets that findings speak of, and of those of `also`, each once.
fn suspects(findings: &[&Finding], also: impl IntoIterator<Item = u32>) -> Vec<u32> {
    let found = findings.iter().flat_map(|finding| finding.inodes.iter().copied());
    let once: BTreeSet<u32> = found.chain(also).filter(|&inode| inode != 0).collect();
    once.into_iter().collect()
}

/// Takes samples of every namespace of a run, one after the other, and asks the rules about the newest.
pub(super) struct Examiner<'a> {
    examination: &'a Examination,
    host: Host,
    scope: Scope,
    /// One for each namespace of the scope, with its counters in the newest sample that the rules were asked about.
    series: Vec<Mutex<(Series, Option<CounterSums>)>>,
    /// How many gaps the scope had from the start.
    known: usize,
    baseline: Baseline,
}

impl<'a> Examiner<'a> {
    /// Before the first sample.
    ///
    /// # Errors If the namespace does not exist.
    pub(super) fn new(run: &Run, examination: &'a Examination, baseline: Baseline) -> anyhow::Result<Examiner<'a>> {
        let host = collect::host::read(&*run.input.source());
        let scope = run.scope()?;
        let several = run.options.netns.is_some();
        let series = |label: String| Series::new(examination.depth, several.then_some(label), baseline);
        let series = scope.all_labels().into_iter().map(|label| Mutex::new((series(label), None))).collect();
        Ok(Examiner { examination, host, series, known: scope.gaps.len(), scope, baseline })
    }

    /// The time of the newest sample, this much after the one before.
    pub(super) fn pass(&mut self, between: Duration) -> SystemTime {
        self.host.taken_at += between;
        self.host.taken_at
    }

    /// Takes a sample without asking the rules.
    ///
    /// # Errors
    /// When the only namespace may not be entered.
    pub(super) fn take(&mut self, run: &Run) -> anyhow::Result<()> {
        let series = &self.series;
        self.scope.each(&*run.input, &|source, place| {
            if let Some(series) = series.get(place) {
                series.lock().unwrap_or_else(PoisonError::into_inner).0.next(source);
            }
        })?;
        // Namespaces that were refused are refused again, and reported once.
        self.scope.gaps.truncate(self.known);
        Ok(())
    }

    /// Takes all samples that were asked for but the last, and waits for that one.
    ///
    /// # Errors
    /// As [`Examiner::take`] does.
    pub(super) fn take_first(&mut self, run: &Run) -> anyhow::Result<()> {
        let mut samples = 0;
        for wait in run.input.waits(&self.examination.waits) {
            run.input.sample(samples, false);
            self.take(run)?;
            samples += 1;
            if !run.input.wait(wait) {
                break;
            }
        }
        run.input.sample(samples, true);
        Ok(())
    }

    /// Takes a sample and runs the rules; also returns the rises of counters since the previous sample.
    ///
    /// # Errors
    ///
    /// Those of [`Examiner::take`].
    pub(super) fn examine(&mut self, run: &Run) -> anyhow::Result<(Overview, Rises)> {
        let (overview, rises, _) = self.examine_and(run, &|_, _, _| ())?;
        Ok((overview, rises))
    }

    /// The same, with other data to read from each namespace's snapshot, by the label of the namespace.
    pub(super) fn examine_and<T: Send>(
        &mut self,
        run: &Run,
        read: &(dyn Fn(&dyn Source, &Snapshot, &Counted) -> T + Sync),
    ) -> anyhow::Result<(Overview, Rises, ByLabel<T>)> {
        let (series, examination) = (&self.series, self.examination);
        let labels = self.scope.lasting_labels(&*run.input.source());
        let places = self.scope.places.clone();
        let examined = self.scope.each(&*run.input, &|source, place| {
            let (series, last) = &mut *series.get(place)?.lock().unwrap_or_else(PoisonError::into_inner);
            let (snapshot, counted) = series.next(source);
            let now = CounterSums::of(&snapshot.now);
            let rises = last.replace(now).map(|last| Rises::between(&last, &now)).unwrap_or_default();
            let also = read(source, snapshot, &counted);
            Some((examine_one(source, examination, snapshot, counted, places.get(place)), rises, also))
        })?;
        let mut counted = Counted::default();
        let mut netns = Vec::new();
        let mut diagnosis = Diagnosis::default();
        let mut rises = Rises::default();
        let mut gaps = Vec::new();
        let mut all_read = Vec::new();
        for (place, (one, risen, also)) in examined.into_iter().filter_map(|(place, one)| Some((place, one?))) {
            netns.extend(places.get(place).map(|place| NamespaceCount {
                inode: (place.inode != 0).then_some(place.inode),
                label: place.label.clone(),
                own: place.own,
                sockets: one.counted.total(),
            }));
            counted.merge(one.counted);
            gaps.extend(one.gaps);
            diagnosis.merge(one.verdict, one.hidden);
            diagnosis.unread.add(one.unread);
            diagnosis.young.extend(one.young);
            rises.add(&risen);
            all_read.extend(labels.get(place).cloned().map(|label| (label, also)));
        }
        // Of owners it is said only whose sockets a finding speaks of.
        gaps.retain(|gap| gap.why.denied().is_none());
        counted.gaps.extend(gaps);
        counted.gaps = each_once(std::mem::take(&mut counted.gaps));
        let others = run.others(&*run.input.source(), &netns, &mut self.scope.gaps, self.host.netns);
        counted.gaps.extend(self.scope.gaps.iter().filter(|gap| gap.why.denied().is_none()).cloned());
        self.scope.gaps.truncate(self.known);
        let overview = Overview {
            host: self.host.clone(),
            counted,
            others,
            netns,
            bound_inactive: examination.bound_inactive,
            diagnosis: Some(diagnosis),
            origin: run.input.origin(),
        };
        Ok((overview, rises, all_read))
    }

    /// Looks for the namespaces of the run again; those that are still there go on with their samples.
    ///
    /// # Errors
    /// When the only namespace is gone.
    pub(super) fn sample_again(&mut self, run: &Run) -> anyhow::Result<()> {
        let mut fresh = Examiner::new(run, self.examination, self.baseline)?;
        let kept = self.scope.places.iter().zip(&mut self.series);
        for (place, series) in kept {
            let again = fresh.scope.places.iter().position(|one| one.inode == place.inode && one.label == place.label);
            if let Some(slot) = again.and_then(|at| fresh.series.get_mut(at)) {
                std::mem::swap(slot, series);
            }
        }
        *self = fresh;
        Ok(())
    }
}

/// The data of each namespace, by its label; of one's own without one where it has no name.
pub(super) type ByLabel<T> = Vec<(Option<String>, T)>;

/// The result for one namespace.
struct Examined {
    counted: Counted,
    verdict: Verdict,
    gaps: Vec<Gap>,
    hidden: u64,
    unread: UnreadData,
    young: Vec<Young>,
}

impl Run {
    /// How closely to read: a recording is read as closely as it was made.
    pub(super) fn closely(&self, asked: SampleOptions) -> SampleOptions {
        SampleOptions { deep: asked.deep || self.input.recorded().is_some_and(|recorded| recorded.deep), ..asked }
    }

    /// Examines all namespaces of the run. Of several samples the rules see the first and the last; those between are
    /// for the recording, if there is one.
    pub(super) fn examine(&self, examination: &Examination) -> anyhow::Result<Overview> {
        let mut examiner = Examiner::new(self, examination, Baseline::First)?;
        examiner.take_first(self)?;
        Ok(examiner.examine(self)?.0)
    }

    /// The namespaces that were not read.
    fn others(
        &self,
        source: &dyn Source,
        netns: &[NamespaceCount],
        gaps: &mut [Gap],
        own: Option<u64>,
    ) -> crate::model::host::Others {
        let mut others = match self.options.netns.as_deref() {
            Some("all") => Default::default(),
            _ => collect::namespaces::others(source, own),
        };
        if self.options.netns.is_some() {
            others.count = others.count.saturating_sub(u64::from(!netns.iter().any(|one| one.own)));
        }
        // The footer names hidden namespaces, whichever namespace was examined.
        if others.gap.is_none() {
            others.gap = gaps.iter().find(|gap| gap.why.denied().is_some()).cloned();
        }
        others
    }
}

/// Asks the rules about the newest sample of a namespace.
fn examine_one(
    source: &dyn Source,
    examination: &Examination,
    snapshot: &mut Snapshot,
    counted: Counted,
    place: Option<&Namespace>,
) -> Examined {
    let (mut verdict, suspects) = examination.verdict(source, snapshot, []);
    let young = Young::all(snapshot, &examination.settings, &examination.rules, &verdict.findings);
    let mut hidden = 0;
    // Root sees no more by sudo.
    if matches!(owners::denied(source, snapshot.denied), Some(Why::Denied(_))) {
        let held: BTreeSet<u32> = snapshot.holders.iter().flatten().map(|holder| holder.inode).collect();
        hidden = suspects.iter().filter(|inode| !held.contains(inode)).count() as u64;
    }
    if let Some(place) = place {
        verdict.findings.iter_mut().for_each(|finding| diagnosis::elsewhere(finding, place));
    }
    Examined { counted, verdict, gaps: snapshot.gaps.clone(), hidden, unread: snapshot.now.unread(), young }
}
