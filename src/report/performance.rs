//! Performance data for monitors of the kind of Nagios: sockets by state, and the figures of findings beside the
//! thresholds of their rules.

use std::time::Duration;

use super::diagnosis::{Diagnosis, RuleRow};
use crate::model::{
    census::Census,
    finding::{Evidence, Figure, Finding},
    state::State,
};

/// One figure: `label=value[unit];warning;critical;0;most`.
#[derive(Clone, PartialEq, Debug)]
pub struct PerformanceFigure {
    /// Its name: `established`, `accept-queue-high.share`.
    pub label: String,
    /// The figure.
    pub value: f64,
    /// `s`, `B`, `%`, or nothing for a count.
    pub unit: &'static str,
    /// From where on the rule warns, and from where on it is critical, in the unit of the figure.
    pub thresholds: [Option<f64>; 2],
    /// The most that it can be.
    pub most: Option<f64>,
}

/// Which figures of a rule's evidence are compared with which of its thresholds. On each line the rule, the figure, the threshold
/// from which on the rule warns (or says something, if it never warns), the one from which on it is critical, and, where these
/// are parts of a whole, the evidence that has the whole; `-` is none. Thresholds that only choose which sockets are counted
/// are in no line.
const COMPARED: &str = include_str!("performance.txt");

/// The figures of a rule that are compared with thresholds: figure, warning, critical, and the evidence that has the whole; `-` is
/// none.
pub fn compared(rule: &str) -> impl Iterator<Item = [&'static str; 4]> {
    let lines = COMPARED.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    lines.filter_map(move |words| match *words.as_slice() {
        [of, figure, warning, critical, whole] if of == rule => Some([figure, warning, critical, whole]),
        _ => None,
    })
}

/// More findings than this make the line too long for most monitors.
const MOST_FINDINGS: usize = 20;

/// The figures of a run: every state, and of each rule the worst finding.
pub fn performance(diagnosis: &Diagnosis, rules: &[RuleRow], tcp: Option<&Census>) -> Vec<PerformanceFigure> {
    let state = |state: State| {
        let label = state.name().unwrap_or_default().to_ascii_lowercase();
        let value = tcp?.sockets(state) as f64;
        Some(PerformanceFigure { label, value, unit: "", thresholds: [None; 2], most: None })
    };
    let mut figures: Vec<PerformanceFigure> = State::ALL.into_iter().filter_map(state).collect();
    let mut told: Vec<&str> = Vec::new();
    for finding in &diagnosis.findings {
        let Some(rule) = rules.iter().find(|row| row.name == finding.rule) else { continue };
        if told.len() >= MOST_FINDINGS || told.contains(&finding.rule) {
            continue;
        }
        told.push(finding.rule);
        figures.extend(finding.evidence.iter().filter_map(|one| figure(rule, finding, one)));
    }
    figures
}

/// A figure of a finding, with the thresholds that it is compared with.
fn figure(rule: &RuleRow, finding: &Finding, evidence: &Evidence) -> Option<PerformanceFigure> {
    let (value, unit) = plain(&evidence.value)?;
    let compared = compared(rule.name).find(|[figure, ..]| *figure == evidence.name);
    let of = |name: &str| finding.evidence.iter().find(|one| one.name == name).and_then(|one| plain(&one.value));
    let whole = compared.and_then(|[.., whole]| of(whole)).map(|(whole, _)| whole);
    let threshold = |name: &str| {
        let threshold = rule.thresholds.iter().find(|one| one.name == name)?;
        match (threshold.unit, unit) {
            ("ratio", "%") => Some(threshold.value * 100.0),
            ("ratio", _) => whole.map(|whole| threshold.value * whole),
            _ => Some(threshold.value),
        }
    };
    Some(PerformanceFigure {
        label: format!("{}.{}", rule.name, evidence.name),
        value,
        unit,
        thresholds: compared.map_or([None; 2], |[_, warning, critical, _]| [warning, critical].map(threshold)),
        most: if unit == "%" { Some(100.0) } else { whole },
    })
}

/// A figure as a number with its unit.
fn plain(figure: &Figure) -> Option<(f64, &'static str)> {
    match figure {
        Figure::Count(count) => Some((*count as f64, "")),
        Figure::Bytes(bytes) => Some((*bytes as f64, "B")),
        Figure::Time(time) => Some((Duration::as_secs_f64(time), "s")),
        Figure::Ratio(part) => Some((part * 100.0, "%")),
        Figure::PerSecond(rate) => Some((*rate, "")),
        Figure::Text(_) | Figure::Counts(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::finding::{Severity, Subject},
        report::diagnosis::rows,
        rules::{RULES, Settings},
    };

    /// Rules with thresholds of which no figure is compared with one, and why.
    const WITHOUT: [(&str, &str); 5] = [
        ("close-wait-unaccepted", "its threshold chooses the sockets that are counted"),
        ("reuseport-imbalance", "its figure is a list of queues"),
        ("syncookies-active", "its threshold tells two causes apart"),
        ("tw-reuse-blocked", "its threshold is a part of the ports of each destination, of which it may name several"),
        ("bad-sysctl", "its threshold is the least, not the most"),
    ];

    /// A finding of a rule that has every figure that is compared, and its whole.
    fn proven(rule: &'static str) -> Finding {
        let row = rows(RULES, &Settings::default()).into_iter().find(|row| row.name == rule).unwrap();
        let mut finding = Finding::new(rule, Severity::Warning, Subject::Host);
        for [figure, warning, critical, whole] in compared(rule) {
            let threshold = row.thresholds.iter().find(|one| [warning, critical].contains(&one.name)).unwrap();
            let value = match (threshold.unit, whole) {
                ("seconds", _) => Figure::Time(Duration::from_secs(100)),
                ("ratio", "-") => Figure::Ratio(0.99),
                _ => Figure::Count(990),
            };
            finding = finding.evidence(figure, value, "x");
            if whole != "-" {
                finding = finding.evidence(whole, Figure::Count(1000), "x");
            }
        }
        finding
    }

    #[test]
    fn every_rule_with_thresholds_has_its_figures_beside_them() {
        for row in rows(RULES, &Settings::default()) {
            let figures = performance(
                &Diagnosis { findings: vec![proven(row.name)], ..Diagnosis::default() },
                &rows(RULES, &Settings::default()),
                None,
            );
            let is_without = WITHOUT.iter().any(|(rule, _)| *rule == row.name);
            assert_eq!(compared(row.name).next().is_none(), is_without || row.thresholds.is_empty(), "{}", row.name);
            for [figure, warning, critical, whole] in compared(row.name) {
                let label = format!("{}.{figure}", row.name);
                let shown = figures.iter().find(|one| one.label == label).unwrap_or_else(|| panic!("{label}"));
                let is_given = [warning, critical].map(|name| name != "-");
                assert_eq!(shown.thresholds.map(|one| one.is_some()), is_given, "{label}: {shown:?}");
                assert_eq!(shown.most.is_some(), whole != "-" || shown.unit == "%", "{label}: {shown:?}");
                let [warning, critical] = shown.thresholds;
                assert!(
                    warning.zip(critical).is_none_or(|(warning, critical)| warning < critical),
                    "{label}: {shown:?}"
                );
                let above = critical.or(warning).unwrap();
                assert!(above > 0.0 && shown.most.is_none_or(|most| above <= most), "{label}: {shown:?}");
            }
        }
    }

    #[test]
    fn a_figure_has_the_thresholds_of_its_rule() {
        let rules = rows(RULES, &Settings::default());
        let finding = |rule: &'static str| Finding::new(rule, Severity::Warning, Subject::Host);
        let high = finding("accept-queue-high").evidence("share", Figure::Ratio(0.8), "x").evidence(
            "a",
            Figure::Count(4),
            "x",
        );
        let files = finding("fd-near-limit").descriptors(1, 900, 1000);
        let diagnosis = Diagnosis { findings: vec![high.clone(), high, files], ..Diagnosis::default() };
        let mut census = Census::default();
        census.count(State::LISTEN, crate::model::socket::Timer::None, 1);
        let figures = performance(&diagnosis, &rules, Some(&census));
        assert_eq!(figures.len(), State::ALL.len() + 4, "a rule is told once: {figures:?}");
        let of = |label: &str| figures.iter().find(|one| one.label == label).unwrap();
        assert_eq!((of("listen").value, of("time_wait").value), (1.0, 0.0));
        let share = of("accept-queue-high.share");
        assert_eq!(
            (share.value, share.unit, share.thresholds, share.most),
            (80.0, "%", [Some(75.0), None], Some(100.0))
        );
        assert_eq!(of("accept-queue-high.a").thresholds, [None; 2]);
        let files = of("fd-near-limit.descriptors");
        assert_eq!((files.value, files.thresholds, files.most), (900.0, [Some(800.0), Some(950.0)], Some(1000.0)));
        assert_eq!(of("fd-near-limit.descriptor_limit").most, None);
    }
}
