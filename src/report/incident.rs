//! Incidents: a cause with all that follows from it. Most hosts in trouble have one.

use std::cmp::Reverse;

use crate::model::{
    finding::{Finding, Severity},
    incident::Link,
    sorted,
};

/// A fault with its consequences.
#[derive(Clone, PartialEq, Debug)]
pub struct Incident<'a> {
    /// The finding that explains the others; its id is the incident's.
    pub cause: &'a Finding,
    /// The worst severity of its members.
    pub severity: Severity,
    /// Findings that the cause explains, that contribute to it, or that show the same fault from another side; nearest
    /// first.
    pub parts: Vec<Part<'a>>,
    /// Findings of other incidents that may have to do with this one.
    pub may_relate_to: Vec<&'a Finding>,
}

/// A finding folded beneath another.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Part<'a> {
    /// The finding.
    pub finding: &'a Finding,
    /// Its role for the finding `of`.
    pub link: Link,
    /// The id of the finding it is folded beneath: the cause, or another part.
    pub of: &'a str,
}

impl Incident<'_> {
    /// All its findings, the cause first.
    pub fn members(&self) -> impl Iterator<Item = &Finding> {
        std::iter::once(self.cause).chain(self.parts.iter().map(|part| part.finding))
    }
}

/// Gathers findings to incidents, worst first; of equal severity the one with the worst cause, then the largest.
pub fn incidents(findings: &[Finding]) -> Vec<Incident<'_>> {
    let by_id = |id: &str| findings.iter().find(|finding| finding.id == id);
    // A finding whose cause was left out of the list is an incident by itself.
    let is_root = |finding: &&Finding| finding.fold.as_ref().is_none_or(|fold| by_id(&fold.into).is_none());
    let mut incidents: Vec<Incident<'_>> =
        findings.iter().filter(is_root).map(|cause| gather(cause, findings)).collect();
    for incident in &mut incidents {
        let mut ids: Vec<&str> =
            incident.members().flat_map(|one| one.may_relate_to.iter().map(String::as_str)).collect();
        ids.sort_unstable();
        ids.dedup();
        let members: Vec<String> = incident.members().map(|one| one.id.clone()).collect();
        incident.may_relate_to =
            ids.into_iter().filter(|id| !members.iter().any(|member| member == id)).filter_map(by_id).collect();
    }
    sorted::sort_by_key(&mut incidents, |one| Reverse((one.severity, one.cause.severity, one.cause.weight)));
    incidents
}

fn gather<'a>(cause: &'a Finding, findings: &'a [Finding]) -> Incident<'a> {
    let mut parts: Vec<Part<'a>> = Vec::new();
    let mut level = vec![cause.id.as_str()];
    while !level.is_empty() {
        let below = findings.iter().filter_map(|finding| {
            let fold = finding.fold.as_ref().filter(|fold| level.contains(&fold.into.as_str()))?;
            Some(Part { finding, link: fold.link, of: &fold.into })
        });
        let below: Vec<Part<'a>> = below.filter(|part| !parts.contains(part)).collect();
        level = below.iter().map(|part| part.finding.id.as_str()).collect();
        parts.extend(below);
    }
    let severity = parts.iter().map(|part| part.finding.severity).fold(cause.severity, Severity::max);
    Incident { cause, severity, parts, may_relate_to: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{finding::Subject, incident::Fold};

    fn finding(rule: &'static str, severity: Severity, into: Option<&str>) -> Finding {
        let mut finding = Finding::new(rule, severity, Subject::Host);
        finding.fold = into.map(|into| Fold { into: into.to_owned(), link: Link::Causes });
        finding
    }

    #[test]
    fn a_chain_is_one_incident_as_bad_as_its_worst_member() {
        let mut findings = vec![
            finding("c", Severity::Critical, Some("b:host")),
            finding("d", Severity::Warning, None),
            finding("b", Severity::Notice, Some("a:host")),
            finding("a", Severity::Notice, None),
        ];
        findings[1].may_relate_to = vec!["a:host".to_owned()];
        let incidents = incidents(&findings);
        let told: Vec<(&str, Severity, Vec<&str>)> = incidents
            .iter()
            .map(|one| (one.cause.rule, one.severity, one.parts.iter().map(|part| part.finding.rule).collect()))
            .collect();
        assert_eq!(told, [("a", Severity::Critical, vec!["b", "c"]), ("d", Severity::Warning, vec![])]);
        assert_eq!(incidents[1].may_relate_to.len(), 1);
    }

    #[test]
    fn a_finding_whose_cause_is_not_in_the_list_stands_alone() {
        let findings = [finding("b", Severity::Notice, Some("a:host"))];
        assert_eq!(incidents(&findings).len(), 1);
    }
}
