//! Findings as text: what is wrong, what proves it, what to do about it; and the verdict in the last lines.
//!
//! A command stands alone on its line and is never broken, so that it can be selected; its risk stands on the line
//! before it.

mod incident;
mod lines;
pub(super) mod subject;

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use self::{
    incident::{MEMBER, members},
    lines::{LONGEST, hanging, padded},
};
use super::{
    screen::Screen,
    table::{Layout, TextTable},
};
use crate::{
    model::{
        finding::{Confidence, Evidence, Figure, Finding, Remedy, Severity},
        shell::ShellCommand,
    },
    report::diagnosis::Diagnosis,
    text::{
        Catalogue, Message,
        layout::columns,
        messages, number,
        rule::{RuleWords, bytes, decimal, duration},
        words,
    },
};

pub(super) use lines::cut;
pub use subject::{plain as subject_of, subject};

/// Findings that are shown in full unless all are asked for.
const IN_FULL: usize = 3;
/// Remedies of each kind shown in full unless all are asked for.
const REMEDIES: usize = 2;
/// Proofs shown unless all are asked for.
const PROOFS: usize = 2;
/// Columns of the severity with the blanks after it.
const SEVERITY: usize = 10;
/// Columns before what a label says.
const LABEL: usize = 9;
/// Columns before a table that has no label.
const INDENT: usize = 2;
/// Columns that the source of a figure needs.
const LEAST_SOURCE: usize = 16;
/// Columns before a command.
const COMMAND: usize = 11;

/// The file that keeps settings; read after the distribution's own.
pub(super) const SYSCTL_FILE: &str = "/etc/sysctl.d/99-zz-sockdoc.conf";

const BOLD: Style = Style::new().bold();

/// The words of a rule.
pub fn rule_words<'a>(name: &'a str, catalogue: &'a Catalogue, unicode: bool) -> RuleWords<'a> {
    RuleWords::new(catalogue, name, unicode)
}

/// Writes the findings, worst first, each after an empty line; `all` shows all of each. Where `is_first` nothing
/// stands before them.
///
/// # Errors
/// As writing does.
pub fn write(
    out: &mut dyn Write,
    diagnosis: &Diagnosis,
    catalogue: &Catalogue,
    screen: &Screen,
    all: bool,
    is_first: bool,
) -> io::Result<()> {
    let writer = |finding: &Finding| {
        let said = RuleWords::new(catalogue, finding.rule, screen.unicode);
        FindingWriter { catalogue, said, screen, all }
    };
    let mut is_first = is_first;
    for (place, incident) in diagnosis.incidents().iter().enumerate() {
        let is_short = !all && place >= IN_FULL;
        if !std::mem::take(&mut is_first) && (!is_short || place == IN_FULL) {
            writeln!(out)?;
        }
        let page = writer(incident.cause);
        let mut lines = match is_short {
            true => vec![page.one_line(incident.cause, "")],
            false => page.lines(incident.cause),
        };
        if !is_short {
            lines.extend(members(incident, catalogue, screen, &|one| writer(one).one_line(one, MEMBER)));
        }
        for part in incident.parts.iter().filter(|_| all) {
            lines.push(String::new());
            lines.extend(writer(part.finding).lines(part.finding));
        }
        for line in lines {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

/// Writes why rules were not checked.
///
/// # Errors
/// As writing does.
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
    table.wrap_last(screen.width.min(LONGEST) - INDENT);
    for line in table.lines(screen) {
        writeln!(out, "{:INDENT$}{line}", "")?;
    }
    writeln!(out)
}

/// Writes the verdict: how many of each severity, what was not checked, and what to type next.
///
/// # Errors
/// As writing does.
pub fn write_verdict(
    out: &mut dyn Write,
    diagnosis: &Diagnosis,
    catalogue: &Catalogue,
    screen: &Screen,
    command: &str,
) -> io::Result<()> {
    for line in screen.joined(&verdict(diagnosis, catalogue)) {
        writeln!(out, "{}", screen.styled(BOLD, &line))?;
    }
    let mut next = vec![catalogue.say(messages::SHOWS_ALL, &[("command", words(format!("{command} -v")))])];
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
    // What would have a part of them checked does not promise the rest.
    let needs = needs.map(|needs| match diagnosis.rules_that_need(needs) {
        count if count == missed => needs.to_owned(),
        count => catalogue.say(messages::NEEDS_OF_SOME, &[("count", number(count)), ("needs", words(needs))]),
    });
    let needs: Vec<String> = needs.chain(hidden.clone()).collect();
    parts.push(match needs.is_empty() {
        true => what,
        false => catalogue.say(messages::WITH_NEEDS, &[("what", words(what)), ("needs", words(needs.join(", ")))]),
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

/// The word of a severity.
pub fn severity_word(severity: Severity) -> Message {
    match severity {
        Severity::Critical => messages::SEVERITY_CRITICAL,
        Severity::Warning => messages::SEVERITY_WARNING,
        Severity::Notice => messages::SEVERITY_NOTICE,
        Severity::Ok => messages::SEVERITY_OK,
    }
}

/// The colour goes with the word, never alone.
fn style(severity: Severity) -> Style {
    match severity {
        Severity::Critical => AnsiColor::Red.on_default().bold(),
        Severity::Warning => AnsiColor::Yellow.on_default().bold(),
        Severity::Notice => BOLD,
        Severity::Ok => AnsiColor::Green.on_default().bold(),
    }
}

/// A figure with its unit.
fn figure(figure: &Figure, catalogue: &Catalogue, screen: &Screen) -> String {
    match figure {
        Figure::Count(count) => crate::text::grouped(*count),
        Figure::Bytes(count) => bytes(*count),
        Figure::Time(time) => duration(*time, catalogue.lang()),
        Figure::Ratio(ratio) => format!("{} %", decimal(ratio * 100.0)),
        Figure::PerSecond(rate) => format!("{rate:.3}/s"),
        Figure::Text(text) => super::escape::visible(text.as_bytes(), screen.unicode),
        Figure::Counts(counts) => counts.iter().map(|count| crate::text::grouped(*count)).collect::<Vec<_>>().join(" "),
    }
}

/// One finding being written.
struct FindingWriter<'a> {
    catalogue: &'a Catalogue,
    said: RuleWords<'a>,
    screen: &'a Screen,
    all: bool,
}

impl FindingWriter<'_> {
    /// Severity, rule and subject; a guess is marked as one.
    fn heading(&self, finding: &Finding) -> Vec<String> {
        let word = self.catalogue.text(severity_word(finding.severity));
        let mark = padded(&word, SEVERITY);
        let mut text = format!("{}  {}", finding.rule, subject(finding, self.catalogue, self.screen.unicode));
        let sureness = match finding.confidence {
            Confidence::Proven => None,
            Confidence::Likely => Some(messages::LIKELY),
            Confidence::Inferred => Some(messages::INFERRED),
        };
        if let Some(sureness) = sureness {
            text.push_str(&format!("  [{}]", self.catalogue.text(sureness)));
        }
        let mut lines = hanging(&mark, SEVERITY, &text, self.screen.width);
        if let Some(first) = lines.first_mut()
            && let Some(rest) = first.strip_prefix(&word)
        {
            *first = format!("{}{rest}", self.screen.styled(style(finding.severity), &word));
        }
        lines
    }

    /// All on one line, cut where the line ends.
    fn one_line(&self, finding: &Finding, indent: &str) -> String {
        let word = self.catalogue.text(severity_word(finding.severity));
        let subject = subject(finding, self.catalogue, self.screen.unicode);
        let values = [("what", words(subject)), ("more", words(self.said.say(&finding.title)))];
        let rest = format!("{}  {}", finding.rule, self.catalogue.say(messages::JOINED, &values));
        let rest = cut(&rest, self.screen.width.saturating_sub(indent.len() + SEVERITY), self.screen.unicode);
        let blanks = " ".repeat(SEVERITY.saturating_sub(columns(&word)));
        format!("{indent}{}{blanks}{rest}", self.screen.styled(style(finding.severity), &word))
    }

    fn lines(&self, finding: &Finding) -> Vec<String> {
        let mut lines = self.heading(finding);
        lines.extend(hanging("  ", 2, &self.said.say(&finding.title), self.screen.width));
        // What is harmless needs no more than its reason.
        if finding.severity == Severity::Ok && !self.all {
            return lines;
        }
        let most = |few: usize| if self.all { usize::MAX } else { few };
        let why: Vec<String> = finding.why.iter().map(|why| self.said.say(why)).collect();
        self.labelled(&mut lines, messages::LABEL_WHY, &why);
        let proof: Vec<String> = finding.proof.iter().take(most(PROOFS)).map(|proof| self.said.say(proof)).collect();
        self.labelled(&mut lines, messages::LABEL_PROOF, &proof);
        let limit: Vec<String> = finding.limit.iter().map(|limit| self.said.say(limit)).collect();
        self.labelled(&mut lines, messages::LABEL_LIMIT, &limit);
        if self.all {
            self.data(&mut lines, &finding.evidence);
        }
        for (is_first_aid, label, few) in [(false, messages::LABEL_FIX, REMEDIES), (true, messages::LABEL_UNTIL, 1)] {
            let chosen = finding.remedies.iter().filter(|remedy| remedy.first_aid == is_first_aid).take(most(few));
            for (place, remedy) in chosen.enumerate() {
                self.remedy(&mut lines, (place == 0).then_some(label), remedy);
            }
        }
        let myths: Vec<String> = finding.myths.iter().take(most(1)).map(|myth| self.said.say(myth)).collect();
        self.labelled(&mut lines, messages::LABEL_MYTH, &myths);
        lines
    }

    /// Evidence as a table behind its label, or where that is too wide as sentences.
    fn data(&self, lines: &mut Vec<String>, evidence: &[Evidence]) {
        let mut table = TextTable::new([Layout::LEFT; 3]);
        for one in evidence {
            let source = super::escape::visible(one.source.as_bytes(), self.screen.unicode);
            table.row([one.name.to_owned(), figure(&one.value, self.catalogue, self.screen), source]);
        }
        let room = self.screen.width.min(LONGEST) - LABEL;
        if table.before_last() + LEAST_SOURCE > room {
            let sentence = |row: &Vec<String>| match &row[..] {
                [name, value, source] => format!("{name} {value} ({source})"),
                cells => cells.join(" "),
            };
            let sentences: Vec<String> = table.rows().iter().map(sentence).collect();
            return self.labelled(lines, messages::LABEL_DATA, &sentences);
        }
        table.wrap_last(room);
        for (place, line) in table.lines(self.screen).into_iter().enumerate() {
            let label = if place == 0 { self.catalogue.text(messages::LABEL_DATA) } else { String::new() };
            lines.push(format!("{}{line}", padded(&format!("  {label}"), LABEL)));
        }
    }

    /// Texts behind one label.
    fn labelled(&self, lines: &mut Vec<String>, label: Message, texts: &[String]) {
        for (place, text) in texts.iter().enumerate() {
            lines.extend(self.behind((place == 0).then_some(label), text));
        }
    }

    fn behind(&self, label: Option<Message>, text: &str) -> Vec<String> {
        let label = label.map(|label| self.catalogue.text(label)).unwrap_or_default();
        hanging(&padded(&format!("  {label}"), LABEL), LABEL, text, self.screen.width)
    }

    /// The text with its risk, then the command on its own line; with all, what goes with it.
    fn remedy(&self, lines: &mut Vec<String>, label: Option<Message>, remedy: &Remedy) {
        let mut text = self.said.say(&remedy.text);
        if let Some(risk) = &remedy.risk {
            let first = text.trim_end_matches(['.', '。']).to_owned();
            let values = [("text", words(first)), ("risk", words(self.said.say(risk)))];
            text = self.catalogue.say(messages::REMEDY_WITH_RISK, &values);
        }
        let Some(command) = self.shown(&remedy.command) else {
            lines.extend(self.behind(label, &text));
            return;
        };
        lines.extend(self.behind(label, &self.before_command(&text)));
        lines.push(self.command(command));
        if !self.all {
            return;
        }
        if let Some(needs) = &remedy.needs {
            let needs = self.catalogue.say(messages::REMEDY_NEEDS, &[("what", words(self.said.say(needs)))]);
            lines.extend(self.behind(None, &needs));
        }
        // The lines of a file, or a command.
        let is_line = remedy.persist.as_ref().is_some_and(|persist| persist.contains(" = "));
        let persist = match is_line {
            true => self.catalogue.say(messages::REMEDY_PERSIST_IN, &[("file", words(SYSCTL_FILE))]),
            false => self.catalogue.text(messages::REMEDY_PERSIST),
        };
        let more = [
            (remedy.persist.as_deref(), persist),
            (self.shown(&remedy.undo), self.catalogue.text(messages::REMEDY_UNDO)),
            (self.shown(&remedy.verify), self.catalogue.text(messages::REMEDY_VERIFY)),
        ];
        for (command, before) in more {
            if let Some(command) = command {
                lines.extend(self.behind(None, &self.before_command(&before)));
                lines.extend(command.lines().map(|line| self.command(line)));
            }
        }
    }

    fn before_command(&self, text: &str) -> String {
        let text = text.trim_end_matches(['.', '。', ':', '：']);
        format!("{text}{}", self.catalogue.text(messages::COLON))
    }

    fn shown<'a>(&self, command: &'a Option<ShellCommand>) -> Option<&'a str> {
        command.as_deref().filter(|command| self.screen.shows(command))
    }

    /// Never broken.
    fn command(&self, command: &str) -> String {
        format!("{}{}", " ".repeat(COMMAND), self.screen.styled(BOLD, command))
    }
}
