//! One rule: its name, its needs and its check.

use super::{input::RuleInput, need::Need, relations::Relation, settings::Threshold};
use crate::model::finding::{Finding, Severity};

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name; it never changes.
    pub name: &'static str,
    /// The severities its findings may have, worst first.
    pub severities: &'static [Severity],
    /// The limits that can be changed.
    pub thresholds: &'static [Threshold],
    /// The data that it needs.
    pub needs: &'static [Need],
    /// Its relations to other rules.
    pub relations: &'static [Relation],
    /// Finds it.
    pub evaluate: Evaluate,
}

/// The function of a rule.
#[derive(Clone, Copy, Debug)]
pub enum Evaluate {
    /// A rule about the host: one finding at most.
    One(fn(&RuleInput<'_>) -> Option<Finding>),
    /// A rule about programs, listeners or peers: a finding for each.
    Many(fn(&RuleInput<'_>) -> Vec<Finding>),
}

impl Rule {
    /// Its check; the data it needs must be there.
    pub fn evaluate(&self, input: &RuleInput<'_>) -> Vec<Finding> {
        match self.evaluate {
            Evaluate::One(evaluate) => evaluate(input).into_iter().collect(),
            Evaluate::Many(evaluate) => evaluate(input),
        }
    }
}
