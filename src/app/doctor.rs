//! The examination: looks into every namespace asked for, asks the rules, looks up owners for what they found, and asks
//! them again.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::Run;
use crate::{
    collect::{
        self,
        snapshot::{self, Depth},
    },
    model::{
        counted::Counted,
        gap::{Gap, Why},
        namespace::Namespace,
        snapshot::Snapshot,
    },
    report::{
        diagnosis::{self, Diagnosis},
        overview::{NamespaceCount, Overview},
    },
    rules::{self, Rule, Settings, Verdict},
    source::Source,
};

/// Which rules look, how closely, and with which thresholds.
pub(super) struct Plan {
    pub(super) rules: Vec<&'static Rule>,
    pub(super) settings: Settings,
    pub(super) depth: Depth,
    /// The times between the looks; one look where there are none.
    pub(super) waits: Vec<Duration>,
    /// Whether the table of states has a row for sockets that are bound and unused.
    pub(super) bound_inactive: bool,
}

/// What came of one namespace.
struct Looked {
    counted: Counted,
    verdict: Verdict,
    gaps: Vec<Gap>,
    hidden: u64,
}

impl Run {
    /// Examines all namespaces of the run.
    pub(super) fn examine(&self, source: &mut dyn Source, plan: &Plan) -> anyhow::Result<Overview> {
        let host = collect::host::read(source);
        let mut scope = self.scope(source)?;
        let labels = scope.all_labels();
        let several = self.options.netns.is_some();
        let first: Mutex<Vec<Option<(Snapshot, Counted)>>> = Mutex::new(scope.places.iter().map(|_| None).collect());
        let label = |place: usize| if several { labels.get(place).cloned() } else { None };
        let look = |source: &mut dyn Source, place: usize| snapshot::snapshot(source, &plan.depth, label(place));
        let waits = self.way.waits(&plan.waits);
        let known = scope.gaps.len();
        let mut looks = 0;
        for (number, wait) in waits.iter().enumerate() {
            self.way.look(number, false);
            scope.each(source, &|source, place| {
                let seen = look(source, place);
                if number > 0 {
                    // Kept by the recording, if there is one; the rules go by the first and the last look.
                    return;
                }
                if let Some(kept) = first.lock().unwrap_or_else(PoisonError::into_inner).get_mut(place) {
                    *kept = Some(seen);
                }
            })?;
            looks += 1;
            let goes_on = self.way.wait(*wait);
            // Those that were refused are refused again, and told once.
            scope.gaps.truncate(known);
            if !goes_on {
                break;
            }
        }
        self.way.look(looks, true);
        let places = scope.places.clone();
        let looked = scope.each(source, &|source, place| {
            let kept = first.lock().unwrap_or_else(PoisonError::into_inner).get_mut(place).and_then(Option::take);
            let (snapshot, counted) = match kept {
                None => look(source, place),
                Some((mut snapshot, _)) => {
                    let counted = snapshot::again(source, &plan.depth, &mut snapshot);
                    (snapshot, counted)
                }
            };
            ask(source, plan, snapshot, counted, places.get(place))
        })?;
        let mut counted = Counted::default();
        let mut netns = Vec::new();
        let mut diagnosis = Diagnosis::default();
        let mut gaps = Vec::new();
        for (place, one) in looked {
            netns.extend(scope.places.get(place).map(|place| NamespaceCount {
                inode: (place.inode != 0).then_some(place.inode),
                label: place.label.clone(),
                own: place.own,
                sockets: one.counted.total(),
            }));
            counted.merge(one.counted);
            gaps.extend(one.gaps);
            diagnosis.merge(one.verdict, one.hidden);
        }
        // Of owners it is said only whose sockets a finding speaks of.
        gaps.retain(|gap| !matches!(gap.why, Why::Denied(_)));
        counted.gaps.extend(gaps);
        counted.gaps = super::gaps::each_once(std::mem::take(&mut counted.gaps));
        let others = self.others(source, &netns, &mut scope.gaps, host.netns);
        scope.gaps.retain(|gap| !matches!(gap.why, Why::Denied(_)));
        counted.gaps.append(&mut scope.gaps);
        let diagnosis = Some(diagnosis);
        Ok(Overview {
            host,
            counted,
            others,
            netns,
            bound_inactive: plan.bound_inactive,
            diagnosis,
            origin: self.way.origin(),
        })
    }

    /// The namespaces that were not looked at.
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
        // Hidden namespaces are told in the footer, wherever the look went.
        if others.gap.is_none() {
            others.gap = gaps.iter().find(|gap| matches!(gap.why, Why::Denied(_))).cloned();
        }
        others
    }
}

/// Asks the rules; then once more, with the owners of what they found.
fn ask(
    source: &mut dyn Source,
    plan: &Plan,
    mut snapshot: Snapshot,
    counted: Counted,
    place: Option<&Namespace>,
) -> Looked {
    let mut verdict = rules::examine(&snapshot, &plan.rules, &plan.settings);
    let inodes = inodes(&verdict);
    let mut hidden = 0;
    if !inodes.is_empty() {
        snapshot::look_up(source, &mut snapshot, &inodes);
        verdict = rules::examine(&snapshot, &plan.rules, &plan.settings);
        if snapshot.denied > 0 {
            let held: BTreeSet<u32> = snapshot.holders.iter().flatten().map(|holder| holder.inode).collect();
            hidden = inodes.iter().filter(|inode| !held.contains(inode)).count() as u64;
        }
    }
    if let Some(place) = place {
        verdict.findings.iter_mut().for_each(|finding| diagnosis::elsewhere(finding, place));
    }
    Looked { counted, verdict, gaps: snapshot.gaps, hidden }
}

/// The sockets that the findings speak of, each once.
fn inodes(verdict: &Verdict) -> Vec<u32> {
    let all = verdict.findings.iter().flat_map(|finding| &finding.inodes);
    let once: BTreeSet<u32> = all.copied().filter(|&inode| inode != 0).collect();
    once.into_iter().collect()
}
