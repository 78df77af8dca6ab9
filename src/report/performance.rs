//! Performance data for monitors of the kind of Nagios: sockets by state, and the figures of findings beside the
//! thresholds of their rules.

use std::time::Duration;

use super::diagnosis::{Diagnosis, RuleRow};
use crate::model::{census::Census, finding::Figure, sorted, state::State};

/// One figure: `label=value[unit];warning;critical`.
#[derive(Clone, PartialEq, Debug)]
pub struct PerformanceFigure {
    /// What it is: `established`, `accept-queue-high.share`.
    pub label: String,
    /// The figure.
    pub value: f64,
    /// `s`, `B`, `%`, or nothing for a count.
    pub unit: &'static str,
    /// The thresholds of the rule that are in the same unit: the lower one, and the higher one where there are two.
    pub thresholds: [Option<f64>; 2],
}

/// More findings than this make the line too long for most monitors.
const MOST_FINDINGS: usize = 20;

/// The figures of a run: every state, and of each rule the worst finding.
pub fn performance(diagnosis: &Diagnosis, rules: &[RuleRow], tcp: Option<&Census>) -> Vec<PerformanceFigure> {
    let state = |state: State| {
        let label = state.name().unwrap_or_default().to_ascii_lowercase();
        tcp.map(|tcp| PerformanceFigure { label, value: tcp.sockets(state) as f64, unit: "", thresholds: [None; 2] })
    };
    let mut figures: Vec<PerformanceFigure> = State::ALL.into_iter().filter_map(state).collect();
    let mut told: Vec<&str> = Vec::new();
    for finding in &diagnosis.findings {
        let Some(rule) = rules.iter().find(|row| row.name == finding.rule) else { continue };
        if told.len() >= MOST_FINDINGS || told.contains(&finding.rule) {
            continue;
        }
        told.push(finding.rule);
        let plain: Vec<(&str, f64, &'static str)> = finding
            .evidence
            .iter()
            .filter_map(|one| plain(&one.value).map(|(value, unit)| (one.name, value, unit)))
            .collect();
        for (name, value, unit) in &plain {
            // Of several figures of one unit it is not known which is compared.
            let is_alone = plain.iter().filter(|(.., other)| other == unit).count() == 1;
            let thresholds = if is_alone { thresholds(rule, unit) } else { [None; 2] };
            figures.push(PerformanceFigure { label: format!("{}.{name}", rule.name), value: *value, unit, thresholds });
        }
    }
    figures
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

/// The thresholds of a rule in a unit, the lower first; none where there are more than two.
fn thresholds(rule: &RuleRow, unit: &str) -> [Option<f64>; 2] {
    let of_unit = rule.thresholds.iter().filter_map(|one| match (one.unit, unit) {
        ("ratio", "%") => Some(one.value * 100.0),
        ("seconds", "s") | ("bytes", "B") | ("count", "") => Some(one.value),
        _ => None,
    });
    let mut values: Vec<f64> = of_unit.collect();
    sorted::sort_by(&mut values, f64::total_cmp);
    match *values {
        [one] => [Some(one), None],
        [low, high] => [Some(low), Some(high)],
        _ => [None; 2],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::finding::{Finding, Severity, Subject},
        report::diagnosis::rows,
        rules::{RULES, Settings},
    };

    #[test]
    fn a_figure_has_the_thresholds_of_its_unit() {
        let rules = rows(RULES, &Settings::default());
        let finding = |rule: &'static str| Finding::new(rule, Severity::Warning, Subject::Host);
        let high = finding("accept-queue-high").evidence("share", Figure::Ratio(0.8), "x").evidence(
            "a",
            Figure::Count(4),
            "x",
        );
        let diagnosis = Diagnosis { findings: vec![high.clone(), high], ..Diagnosis::default() };
        let mut census = Census::default();
        census.count(State::LISTEN, crate::model::socket::Timer::None, 1);
        let figures = performance(&diagnosis, &rules, Some(&census));
        assert_eq!(figures.len(), State::ALL.len() + 2, "a rule is told once: {figures:?}");
        let of = |label: &str| figures.iter().find(|one| one.label == label).unwrap();
        assert_eq!((of("listen").value, of("time_wait").value), (1.0, 0.0));
        let share = of("accept-queue-high.share");
        assert_eq!((share.value, share.unit), (80.0, "%"));
        let of_rule = &rules.iter().find(|row| row.name == "accept-queue-high").unwrap().thresholds;
        assert!(of_rule.iter().any(|one| one.unit == "ratio") == share.thresholds[0].is_some(), "{share:?}");
    }
}
