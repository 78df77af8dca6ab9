//! Findings as text: the problem, its evidence, its remedies; and the verdict in the last lines.
//!
//! A command is alone on its line and never broken, so that it can be selected; its risk is on the line before it.

pub mod amount;
mod incident;
mod lines;
mod page;
mod severity;
pub(super) mod subject;

use self::{
    amount::Amount,
    incident::{MEMBER, members},
    page::FindingWriter,
    severity::BOLD,
};

use super::prelude::*;
use crate::{
    model::finding::{Finding, Severity},
    report::diagnosis::Diagnosis,
    text::{
        layout::LONGEST_PROSE,
        rule::{RuleWords, duration},
    },
};

pub(crate) use lines::cut;
pub(super) use page::SYSCTL_FILE;
pub use severity::severity_word;
pub(super) use subject::with_more;
pub use subject::{plain as subject_of, subject};

/// Columns before a table that has no label.
const INDENT: usize = 2;

/// The words of a rule.
pub fn rule_words<'a>(name: &'a str, catalogue: &'a Catalogue, unicode: bool) -> RuleWords<'a> {
    RuleWords::new(catalogue, name, unicode)
}

/// Writes the findings, worst first, each after an empty line, as far as they fit. `is_first` means that nothing
/// precedes them.
pub fn write(
    out: &mut dyn Write,
    diagnosis: &Diagnosis,
    catalogue: &Catalogue,
    screen: &Screen,
    amount: &Amount,
    is_first: bool,
) -> io::Result<()> {
    let writer = |finding: &Finding, severity| FindingWriter::new(finding.rule, severity, catalogue, screen, amount);
    let mut incidents = diagnosis.incidents();
    // If space is short, harmless findings are only counted.
    if amount.lines != usize::MAX {
        incidents.retain(|incident| incident.severity != Severity::Ok);
    }
    let mut is_first = is_first;
    for (place, incident) in incidents.iter().take(amount.whole.saturating_add(amount.lines)).enumerate() {
        let is_short = place >= amount.whole;
        if !std::mem::take(&mut is_first) && (!is_short || place == amount.whole) {
            writeln!(out)?;
        }
        let page = writer(incident.cause, incident.severity);
        let mut lines = match is_short {
            true => vec![page.one_line(incident.cause, "")],
            false => page.lines(incident.cause),
        };
        if !is_short {
            let one_line = |one: &Finding| writer(one, one.severity).one_line(one, MEMBER);
            lines.extend(members(incident, catalogue, screen, amount.members.then_some(&one_line)));
        }
        for part in incident.parts.iter().filter(|_| amount.all) {
            lines.push(String::new());
            lines.extend(writer(part.finding, part.finding.severity).lines(part.finding));
        }
        for line in lines {
            writeln!(out, "{line}")?;
        }
    }
    let beyond = incidents.len().saturating_sub(amount.whole.saturating_add(amount.lines));
    if beyond > 0 {
        writeln!(out, "{}", catalogue.say(messages::INCIDENTS_BEYOND, &[("count", number(beyond as u64))]))?;
    }
    Ok(())
}

/// Writes why rules were not checked.
pub fn write_not_checked(
    out: &mut dyn Write,
    diagnosis: &Diagnosis,
    catalogue: &Catalogue,
    screen: &Screen,
) -> io::Result<()> {
    if diagnosis.not_checked.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", screen.styled(BOLD, &catalogue.text(messages::HEADING_NOT_CHECKED)))?;
    let mut table = TextTable::new([Layout::LEFT, Layout::LEFT]);
    for one in &diagnosis.not_checked {
        let mut reason = rule_words(one.rule, catalogue, screen.unicode).say(&one.reason);
        if let Some(needs) = one.needs {
            let values = [("what", words(reason)), ("more", words(needs))];
            reason = catalogue.say(messages::JOINED, &values);
        }
        table.row([one.rule.to_owned(), reason]);
    }
    table.wrap_last(screen.width.min(LONGEST_PROSE) - INDENT);
    for line in table.lines(screen) {
        writeln!(out, "{:INDENT$}{line}", "")?;
    }
    writeln!(out)
}

/// Writes the verdict: counts by severity, the rules not checked, and the next command to type; `command` shows more
/// with `-v`.
pub fn write_verdict(
    out: &mut dyn Write,
    diagnosis: &Diagnosis,
    catalogue: &Catalogue,
    screen: &Screen,
    command: Option<&str>,
) -> io::Result<()> {
    for young in &diagnosis.young {
        let seconds = |time: Duration| words(duration(Duration::from_secs(time.as_secs().max(1)), catalogue.lang()));
        let values = [
            ("count", number(young.count)),
            ("state", words(young.state.to_string())),
            ("age", seconds(young.age)),
            ("left", seconds(young.left)),
            ("wait", words(format!("{}s", young.left.as_secs() + 1))),
            ("rule", words(young.rule)),
        ];
        let message = if young.awaits_answer { messages::TOO_SHORT } else { messages::TOO_YOUNG };
        for line in wrapped(&catalogue.say(message, &values), screen.width) {
            writeln!(out, "{line}")?;
        }
    }
    for line in screen.joined(&verdict(diagnosis, catalogue)) {
        writeln!(out, "{}", screen.styled(BOLD, &line))?;
    }
    let shows_all = |command| catalogue.say(messages::SHOWS_ALL, &[("command", words(format!("{command} -v")))]);
    let mut next: Vec<String> = command.map(shows_all).into_iter().collect();
    let incidents = diagnosis.incidents();
    next.extend(incidents.first().map(|incident| format!("sockdoc explain {}", incident.cause.rule)));
    for line in screen.joined(&next) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// The parts of the verdict.
pub fn verdict(diagnosis: &Diagnosis, catalogue: &Catalogue) -> Vec<String> {
    let mut parts: Vec<String> = Severity::ALL
        .into_iter()
        .map(|severity| (severity, diagnosis.count(severity)))
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| catalogue.say(verdict_of(severity), &[("count", number(count))]))
        .collect();
    if parts.is_empty() {
        parts.push(catalogue.text(messages::VERDICT_NOTHING));
    }
    let hidden = (diagnosis.hidden > 0)
        .then(|| catalogue.say(messages::SOCKETS_OF_OTHERS, &[("count", number(diagnosis.hidden))]));
    let missed = diagnosis.rules_not_checked();
    if missed == 0 {
        parts.extend(hidden);
        return parts;
    }
    let what = catalogue.say(messages::RULES_NOT_CHECKED, &[("count", number(missed))]);
    let needs = diagnosis.needs().into_iter().filter(|needs| *needs != "sudo" || hidden.is_none());
    // Options that would have some of the rules checked do not promise the others.
    let needs = needs.map(|needs| match diagnosis.rules_that_need(needs) {
        count if count == missed => needs.to_owned(),
        count => catalogue.say(messages::NEEDS_OF_SOME, &[("count", number(count)), ("needs", words(needs))]),
    });
    let needs: Vec<String> = needs.chain(hidden.clone()).collect();
    parts.push(match needs.is_empty() {
        true => what,
        false => catalogue.say(
            messages::WITH_NEEDS,
            &[("what", words(what)), ("needs", words(needs.join(catalogue.lang().pause())))],
        ),
    });
    parts
}

fn verdict_of(severity: Severity) -> Message {
    match severity {
        Severity::Critical => messages::VERDICT_CRITICAL,
        Severity::Warning => messages::VERDICT_WARNING,
        Severity::Notice => messages::VERDICT_NOTICE,
        Severity::Ok => messages::VERDICT_OK,
    }
}
