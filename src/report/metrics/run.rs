//! The series of a run: those of its namespaces, within the bounds, and those of the rules.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use super::{
    families::{
        ALL, BUILD, DROPPED, DURATION, FINDINGS, GAP_SOCKETS, GAPS, INCIDENTS, MetricFamily, NAMESPACES, RULE_CHECKED,
        SUCCESS, TIMESTAMP,
    },
    namespace::NamespaceSeries,
    series::{MetricBounds, MetricSeries, bounded},
};
use crate::{
    model::{
        family::Protocol,
        finding::Severity,
        gap::{Gap, What},
        sorted,
    },
    report::{diagnosis::Diagnosis, overview::Overview},
    rules::Rule,
};

/// The results of a run, and its cost.
#[derive(Debug)]
pub struct RunFigures<'a> {
    /// The counts and the verdict.
    pub overview: &'a Overview,
    /// The rules that were asked.
    pub rules: &'a [&'static Rule],
    /// The series of each namespace, by its label; those of one's own without a name have none.
    pub namespaces: Vec<(Option<String>, NamespaceSeries)>,
    /// Whether series have a label for the network namespace.
    pub several: bool,
    /// When the sample was taken.
    pub taken_at: SystemTime,
    /// How long it took.
    pub cost: Duration,
    /// The version of this program.
    pub version: &'static str,
}

/// The severities with series; harmless findings have none.
const SEVERITIES: [Severity; 3] = [Severity::Critical, Severity::Warning, Severity::Notice];

/// Data that may be unreadable, as the value of a label.
const READ: [(&str, What); 6] = [
    ("tcp", What::Sockets(Protocol::Tcp)),
    ("udp", What::Sockets(Protocol::Udp)),
    ("raw", What::Sockets(Protocol::Raw)),
    ("unix", What::Sockets(Protocol::Unix)),
    ("owners", What::Owners),
    ("namespaces", What::Namespaces),
];

/// Whether data is missing. Of raw sockets /proc/net shows the same as the kernel.
fn is_missed(gap: &Gap) -> bool {
    gap.is_loss() || gap.what != What::Sockets(Protocol::Raw)
}

/// All series, family by family, no more than the bounds allow.
pub fn gather(mut run: RunFigures<'_>, bounds: &MetricBounds) -> Vec<MetricSeries> {
    let mut dropped: BTreeMap<&'static str, u64> = BTreeMap::new();
    let mut all = Vec::new();
    sorted::sort_by_key(&mut run.namespaces, |(_, one)| Reverse(one.sockets));
    let [mut unplaced, mut unexamined] = [0; 2];
    for (number, (label, one)) in std::mem::take(&mut run.namespaces).into_iter().enumerate() {
        unplaced += one.unplaced;
        unexamined += one.unexamined;
        let netns = label.filter(|_| run.several);
        for (family, count) in one.dropped {
            *dropped.entry(family.name).or_default() += count;
        }
        for series in one.series {
            if number < NAMESPACES {
                all.push(MetricSeries { netns: netns.as_deref().map(bounded), ..series });
            } else {
                *dropped.entry(series.family.name).or_default() += 1;
            }
        }
    }
    all.extend(
        [("no_cgroup", unplaced), ("beyond_limit", unexamined)]
            .map(|(what, count)| MetricSeries::count(&GAP_SOCKETS, [what], count)),
    );
    of_run(&run, &mut all);
    let place = |family: &MetricFamily| ALL.iter().position(|one| one.name == family.name);
    sorted::sort_by_key(&mut all, |series| place(series.family));
    once(&mut all);
    let room = bounds.series.saturating_sub(DROPPED.most);
    for series in all.drain(room.min(all.len())..) {
        *dropped.entry(series.family.name).or_default() += 1;
    }
    all.extend(dropped.into_iter().map(|(family, count)| MetricSeries::count(&DROPPED, [family], count)));
    all
}

/// Namespaces, units and others whose names are equal once they are cut become one series.
fn once(all: &mut Vec<MetricSeries>) {
    let mut seen: BTreeSet<(&'static str, Option<String>, Vec<String>)> = BTreeSet::new();
    all.retain(|one| seen.insert((one.family.name, one.netns.clone(), one.labels.clone())));
}

fn of_run(run: &RunFigures<'_>, all: &mut Vec<MetricSeries>) {
    let overview = run.overview;
    let seconds = run.taken_at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    all.extend([
        MetricSeries::count(&SUCCESS, [], u64::from(overview.tcp().is_some())),
        MetricSeries::new(&TIMESTAMP, [], seconds),
        MetricSeries::new(&DURATION, [], run.cost.as_secs_f64()),
        MetricSeries::count(&BUILD, [run.version], 1),
    ]);
    let gaps: Vec<&Gap> = overview.counted.gaps.iter().chain(&overview.others.gap).collect();
    for (name, what) in READ {
        all.push(MetricSeries::count(
            &GAPS,
            [name],
            u64::from(gaps.iter().any(|gap| gap.what == what && is_missed(gap))),
        ));
    }
    let Some(diagnosis) = &overview.diagnosis else { return };
    all.push(MetricSeries::count(&GAP_SOCKETS, ["other_user"], diagnosis.hidden));
    for rule in run.rules {
        let is_checked = !diagnosis.not_checked.iter().any(|one| one.rule == rule.name);
        all.push(MetricSeries::count(&RULE_CHECKED, [rule.name], u64::from(is_checked)));
        verdict(rule, is_checked, diagnosis, all);
    }
}

/// How many findings and incidents a rule has. Of one that was not checked, 0 would be a claim.
fn verdict(rule: &Rule, is_checked: bool, diagnosis: &Diagnosis, all: &mut Vec<MetricSeries>) {
    let incidents = diagnosis.incidents();
    for severity in SEVERITIES {
        let findings = diagnosis.findings.iter().filter(|one| one.rule == rule.name && one.severity == severity);
        let (findings, incidents) = (
            findings.count() as u64,
            incidents.iter().filter(|one| one.cause.rule == rule.name && one.severity == severity).count() as u64,
        );
        // A cause may be less severe than its effects.
        let is_possible = rule.severities.contains(&severity);
        if findings > 0 || is_checked && is_possible {
            all.push(MetricSeries::count(&FINDINGS, [rule.name, severity.name()], findings));
        }
        if incidents > 0 || is_checked && is_possible {
            all.push(MetricSeries::count(&INCIDENTS, [rule.name, severity.name()], incidents));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;
    use crate::{
        model::{
            counted::Counted,
            family::Family,
            host::Others,
            owner::Place,
            snapshot::{Listener, Snapshot},
            usage::Usage,
        },
        report::metrics::namespace::{self, NamespaceFacts},
        rules::{RULES, fixture::snapshot},
    };

    const BOUNDS: MetricBounds = MetricBounds { top: None, series: MetricBounds::SERIES, peers: true };

    /// A host with very many units, whose names are long and hostile, and very many listeners.
    fn crowded() -> (Snapshot, NamespaceFacts) {
        let mut host = snapshot();
        let mut around = NamespaceFacts { files: Some(Vec::new()), ..NamespaceFacts::default() };
        let mut usage = Usage::default();
        for number in 0..5000u64 {
            let name = format!("{}\n\"\\{number}.service", "x".repeat(if number % 2 == 0 { 5 } else { 300 }));
            let place = Place { unit: Some(name.into()), ..Place::default() };
            around.places.insert(number, place.clone());
            around.files.get_or_insert_default().push((place, 0.5));
            usage.cgroups.insert(Some(number), [number, u64::from(number == 17) * 9000, 0, 1]);
        }
        host.now.usage = Some(usage);
        host.now.listeners = (0..10_000u32)
            .map(|number| Listener {
                family: Family::Inet,
                address: IpAddr::V4(Ipv4Addr::from(number)),
                port: 80,
                interface: 0,
                queue: number % 100,
                limit: Some(128),
                drops: Some(number),
                inode: number,
                cookie: u64::from(number),
                uid: None,
                cgroup_id: Some(u64::from(number % 5000)),
            })
            .collect();
        (host, around)
    }

    fn run(namespaces: usize, bounds: &MetricBounds) -> Vec<MetricSeries> {
        let (host, around) = crowded();
        let one = namespace::read(&host, &Counted::default(), &around, bounds);
        let overview = Overview {
            host: host.host.clone(),
            counted: Counted::default(),
            others: Others::default(),
            netns: Vec::new(),
            bound_inactive: false,
            diagnosis: Some(Diagnosis::default()),
            origin: Default::default(),
        };
        let figures = RunFigures {
            overview: &overview,
            rules: RULES,
            namespaces: (0..namespaces).map(|number| (Some(format!("net{number}")), one.clone())).collect(),
            several: namespaces > 1,
            taken_at: UNIX_EPOCH + Duration::from_secs(9),
            cost: Duration::ZERO,
            version: "1",
        };
        gather(figures, bounds)
    }

    fn of<'a>(series: &'a [MetricSeries], name: &str) -> Vec<&'a MetricSeries> {
        series.iter().filter(|one| one.family.name == name).collect()
    }

    #[test]
    fn no_host_has_more_series_than_the_bounds_allow() {
        let series = run(1, &BOUNDS);
        assert!(series.len() < 800, "{}", series.len());
        for family in ALL {
            let count = of(&series, family.name).len();
            assert!(count <= family.most, "{}: {count}", family.name);
        }
        let many = run(200, &BOUNDS);
        assert!((1900..=BOUNDS.series).contains(&many.len()), "{}", many.len());
        assert!(of(&many, "sockdoc_series_dropped").iter().map(|one| one.value).sum::<f64>() > 1000.0);
        let few = run(3, &MetricBounds { top: Some(1000), series: 200, peers: false });
        assert!(few.len() <= 200, "{}", few.len());
        assert_eq!(of(&few, "sockdoc_tcp_sockets").len(), 36, "the states come first");
    }

    #[test]
    fn no_series_is_there_twice_and_no_socket_is_lost_to_the_bound() {
        let series = run(1, &BOUNDS);
        let names: BTreeSet<_> =
            series.iter().map(|one| (one.family.name, one.netns.clone(), one.labels.clone())).collect();
        assert_eq!(names.len(), series.len());
        let units = of(&series, "sockdoc_unit_tcp_sockets");
        let open = units.iter().filter(|one| one.labels[1] == "established").map(|one| one.value).sum::<f64>();
        assert_eq!(open, (0..5000).sum::<u64>() as f64);
        assert!(units.iter().any(|one| one.labels[1] == "close_wait" && one.value == 9000.0), "a leak is reported");
        assert!(units.iter().all(|one| one.labels[0].len() <= 128 && !one.labels[0].contains('\n')));
    }

    #[test]
    fn what_was_not_checked_has_no_figure() {
        let series = run(1, &BOUNDS);
        let of_rule = |name: &str, rule: &str| of(&series, name).iter().filter(|one| one.labels[0] == rule).count();
        assert_eq!(of_rule("sockdoc_findings", "close-wait-leak"), 3);
        let mut diagnosis = Diagnosis::default();
        diagnosis.not_checked.push(crate::model::finding::NotChecked {
            rule: "close-wait-leak",
            reason: crate::model::sentence::Sentence::plain("missing-tcp"),
            needs: None,
        });
        let mut series = Vec::new();
        let rule = crate::rules::find("close-wait-leak").unwrap();
        verdict(rule, false, &diagnosis, &mut series);
        assert_eq!(series, []);
    }
}
