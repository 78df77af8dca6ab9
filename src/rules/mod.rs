//! The diagnosis: one file per rule, each a pure function of a [`Snapshot`].
//!
//! A rule begins with what is seen, why it hurts and where its threshold comes from. It declares what it needs; where
//! that was not seen it is *not checked*, so that silence means health. A new rule is its file, its texts in
//! `src/text/<language>/rules/`, and one line in [`RULES`].

mod case;
#[cfg(test)]
pub(crate) mod fixture;
pub mod hint;
mod need;
pub mod ports;
pub mod relay;
pub mod routes;
pub mod settings;
pub mod sysctl;

mod bad_sysctl;
mod bound_inactive;
mod close_wait_leak;
mod listener_in_port_range;
mod port_exhaustion;
mod port_range_pressure;
mod syn_sent_stuck;
mod time_wait_client;
mod time_wait_server;
mod tw_bucket_limit;
mod tw_reuse_blocked;

pub use case::Case;
pub use need::Need;
pub use settings::{Settings, Threshold, Unit};

use crate::{
    model::{
        finding::{Finding, NotChecked, Severity},
        snapshot::Snapshot,
    },
    text::RuleTexts,
};

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name, for ever.
    pub name: &'static str,
    /// The severities its findings may have, worst first.
    pub severities: &'static [Severity],
    /// The limits that can be changed.
    pub thresholds: &'static [Threshold],
    /// What must have been seen for it to be checked.
    pub needs: &'static [Need],
    /// Its words.
    pub texts: RuleTexts,
    /// Finds it.
    pub evaluate: fn(&Case<'_>) -> Vec<Finding>,
}

/// All rules, in the order of the catalogue.
pub static RULES: &[&Rule] = &[
    &close_wait_leak::RULE,
    &syn_sent_stuck::RULE,
    &port_exhaustion::RULE,
    &port_range_pressure::RULE,
    &bound_inactive::RULE,
    &time_wait_client::RULE,
    &time_wait_server::RULE,
    &tw_bucket_limit::RULE,
    &tw_reuse_blocked::RULE,
    &bad_sysctl::RULE,
    &listener_in_port_range::RULE,
];

/// A rule by its name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name).copied()
}

/// What the rules say of one snapshot.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Verdict {
    /// Worst first; of equal severity the largest first, then in the order of the catalogue.
    pub findings: Vec<Finding>,
    /// Rules whose input was missing.
    pub not_checked: Vec<NotChecked>,
}

/// Asks these rules about a snapshot.
pub fn examine(snapshot: &Snapshot, rules: &[&'static Rule], settings: &Settings) -> Verdict {
    let mut verdict = Verdict::default();
    for &rule in rules {
        match rule.needs.iter().find_map(|need| need.missing(snapshot)) {
            Some((reason, needs)) => verdict.not_checked.push(NotChecked { rule: rule.name, reason, needs }),
            None => verdict.findings.extend((rule.evaluate)(&Case { snapshot, rule, settings })),
        }
    }
    for finding in &mut verdict.findings {
        finding.netns.clone_from(&snapshot.netns);
    }
    sort(&mut verdict.findings);
    verdict
}

/// Worst first; of equal severity the largest first, then in the order of the catalogue (the sort is stable).
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by_key(|finding| std::cmp::Reverse((finding.severity, finding.weight)));
}
