//! Rules asked about a snapshot: what they find, and which of them could not be checked.

use super::{catalogue::sort, incidents, input::RuleInput, rule::Rule, settings::Settings};
use crate::model::{
    finding::{Finding, NotChecked},
    snapshot::Snapshot,
};

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
        let input = RuleInput { snapshot, rule: rule.name, settings };
        match rule.needs.iter().find_map(|need| need.missing_for(&input)) {
            Some((reason, needs)) => verdict.not_checked.push(NotChecked { rule: rule.name, reason, needs }),
            None => verdict.findings.extend(rule.evaluate(&input)),
        }
    }
    for finding in &mut verdict.findings {
        finding.netns.clone_from(&snapshot.netns);
    }
    sort(&mut verdict.findings);
    incidents::fold(&mut verdict.findings, snapshot, settings);
    verdict
}
