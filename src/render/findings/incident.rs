//! The members of an incident beneath its cause.

use super::lines::hanging;
use crate::{
    model::{finding::Finding, incident::Link},
    render::screen::Screen,
    report::incident::Incident,
    text::{Catalogue, Message, messages},
};

/// Before a member of an incident.
pub(super) const MEMBER: &str = "    ";

/// What belongs to an incident beside its cause, and what may: a line each.
pub(super) fn members(
    incident: &Incident<'_>,
    catalogue: &Catalogue,
    screen: &Screen,
    one_line: &dyn Fn(&Finding) -> String,
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
        lines.extend(hanging("  ", 2, &catalogue.text(heading), screen.width));
        lines.extend(findings.into_iter().map(one_line));
    }
    lines
}
