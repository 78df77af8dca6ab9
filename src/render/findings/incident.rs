//! The members of an incident beneath its cause.

use super::lines::hanging;
use crate::{
    model::{finding::Finding, incident::Link},
    render::prelude::*,
    report::incident::Incident,
};

/// Before a member of an incident.
pub(super) const MEMBER: &str = "    ";

/// The findings of an incident besides its root, and possible ones: a line each, or only their names.
pub(super) fn members(
    incident: &Incident<'_>,
    catalogue: &Catalogue,
    screen: &Screen,
    one_line: Option<&dyn Fn(&Finding) -> String>,
) -> Vec<String> {
    let results = incident.parts.iter().filter(|part| part.link != Link::Contributes);
    let reasons = incident.parts.iter().filter(|part| part.link == Link::Contributes);
    let groups: [(Message, Vec<&Finding>); 3] = [
        (messages::INCIDENT_CONTRIBUTES, reasons.map(|part| part.finding).collect()),
        (messages::INCIDENT_RESULTS, results.map(|part| part.finding).collect()),
        (messages::INCIDENT_MAY_BE_RELATED, incident.may_relate_to.clone()),
    ];
    let mut lines = Vec::new();
    for (heading, findings) in groups.into_iter().filter(|(_, findings)| !findings.is_empty()) {
        let heading = catalogue.text(heading);
        match one_line {
            Some(one_line) => {
                lines.extend(hanging("  ", 2, &heading, screen.width));
                lines.extend(findings.into_iter().map(one_line));
            }
            None => {
                let mut names: Vec<&str> = findings.iter().map(|finding| finding.rule).collect();
                names.dedup();
                let text = format!("{heading} {}", names.join(catalogue.lang().comma()));
                lines.extend(hanging("  ", 2, &text, screen.width));
            }
        }
    }
    lines
}
