//! One finding as lines: its title, stop-gaps, cause, evidence, and fixes.

use super::{
    amount::Amount,
    lines::{cut, hanging, padded},
    severity::{BOLD, severity_word, style},
    subject::subject,
};
use crate::{
    model::{
        finding::{Confidence, Evidence, Figure, Finding, Remedy, Severity},
        sentence::{Sentence, Word},
        shell::ShellCommand,
    },
    render::prelude::*,
    text::{
        layout::{LONGEST_PROSE, columns},
        rule::{RuleWords, bytes, duration, percent},
    },
};

/// The file that keeps settings; read after the distribution's own.
pub(in crate::render) const SYSCTL_FILE: &str = "/etc/sysctl.d/99-zz-sockdoc.conf";

/// Columns of the severity with the blanks after it.
const SEVERITY: usize = 10;
/// Columns that the source of a figure needs.
const LEAST_SOURCE: usize = 16;
/// Blanks before a label, and after the longest.
const AROUND: usize = 2;
/// Blanks before a command, from where its text begins.
const COMMAND: usize = 2;

const LABELS: [Message; 9] = [
    messages::LABEL_NOW,
    messages::LABEL_WHY,
    messages::LABEL_PROOF,
    messages::LABEL_DEADLINE,
    messages::LABEL_LIMIT,
    messages::LABEL_DATA,
    messages::LABEL_FIX,
    messages::LABEL_INSPECT,
    messages::LABEL_MYTH,
];

/// A figure with its unit.
fn figure(figure: &Figure, catalogue: &Catalogue, screen: &Screen) -> String {
    let lang = catalogue.lang();
    match figure {
        Figure::Count(count) => grouped(*count, lang),
        Figure::Bytes(count) => bytes(*count),
        Figure::Time(time) => duration(*time, lang),
        Figure::Ratio(ratio) => percent(*ratio, lang),
        Figure::PerSecond(rate) => format!("{rate:.3}/s"),
        Figure::Text(text) => visible(text.as_bytes(), screen.unicode),
        Figure::Counts(counts) => counts.iter().map(|count| grouped(*count, lang)).collect::<Vec<_>>().join(" "),
    }
}

/// One finding being written.
pub(super) struct FindingWriter<'a> {
    catalogue: &'a Catalogue,
    said: RuleWords<'a>,
    /// The finding's own, or that of the incident it is the cause of.
    severity: Severity,
    screen: &'a Screen,
    amount: &'a Amount,
    /// Columns before the text of a label.
    label: usize,
}

impl<'a> FindingWriter<'a> {
    /// For the findings of a rule.
    pub(super) fn new(
        rule: &'a str,
        severity: Severity,
        catalogue: &'a Catalogue,
        screen: &'a Screen,
        amount: &'a Amount,
    ) -> FindingWriter<'a> {
        let label = LABELS.iter().map(|label| columns(&catalogue.text(*label))).max().unwrap_or(0) + 2 * AROUND;
        FindingWriter {
            catalogue,
            said: RuleWords::new(catalogue, rule, screen.unicode),
            severity,
            screen,
            amount,
            label,
        }
    }

    /// Severity, rule and subject; a guess is marked as one.
    fn heading(&self, finding: &Finding) -> Vec<String> {
        let word = self.catalogue.text(severity_word(self.severity));
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
            *first = format!("{}{rest}", self.screen.styled(style(self.severity), &word));
        }
        lines
    }

    /// All on one line, cut where the line ends.
    pub(super) fn one_line(&self, finding: &Finding, indent: &str) -> String {
        let word = self.catalogue.text(severity_word(self.severity));
        let subject = subject(finding, self.catalogue, self.screen.unicode);
        let values = [("what", words(subject)), ("more", words(self.said.say(&finding.title)))];
        let rest = format!("{}  {}", finding.rule, self.catalogue.say(messages::SUBJECT_TITLE, &values));
        let rest = cut(&rest, self.screen.width.saturating_sub(indent.len() + SEVERITY), self.screen.unicode);
        let blanks = " ".repeat(SEVERITY.saturating_sub(columns(&word)));
        format!("{indent}{}{blanks}{rest}", self.screen.styled(style(self.severity), &word))
    }

    /// The finding as far as there is room.
    pub(super) fn lines(&self, finding: &Finding) -> Vec<String> {
        let mut lines = self.heading(finding);
        lines.extend(hanging("  ", 2, &self.said.say(&finding.title), self.screen.width));
        let amount = self.amount;
        // A harmless finding needs only its reason.
        if self.severity == Severity::Ok && !amount.all {
            return lines;
        }
        let say = |sentence: &Sentence| self.said.say(sentence);
        self.remedies(&mut lines, messages::LABEL_NOW, finding, amount.stop_gaps, Remedy::is_stop_gap);
        let why: Vec<String> = finding.why.iter().take(amount.whys).map(|why| self.said.say_whole(why)).collect();
        self.labelled(&mut lines, messages::LABEL_WHY, &why);
        let proof: Vec<String> = finding.proof.iter().take(amount.proofs).map(say).collect();
        self.labelled(&mut lines, messages::LABEL_PROOF, &proof);
        if let Some(limit) = &finding.limit {
            // What gives no time is no deadline.
            let has_time = limit.values.iter().any(|(_, word)| matches!(word, Word::Time(_)));
            let label = if has_time { messages::LABEL_DEADLINE } else { messages::LABEL_LIMIT };
            self.labelled(&mut lines, label, &[say(limit)]);
        }
        if amount.all {
            self.data(&mut lines, &finding.evidence);
        }
        self.remedies(&mut lines, messages::LABEL_FIX, finding, amount.fixes, |remedy| !remedy.first_aid);
        self.remedies(&mut lines, messages::LABEL_INSPECT, finding, amount.inspections, |remedy| remedy.inspects);
        let myths: Vec<String> = finding.myths.iter().take(amount.myths).map(say).collect();
        self.labelled(&mut lines, messages::LABEL_MYTH, &myths);
        lines
    }

    /// Some of its remedies of one kind, behind one label.
    fn remedies(
        &self,
        lines: &mut Vec<String>,
        label: Message,
        finding: &Finding,
        most: usize,
        is_meant: fn(&Remedy) -> bool,
    ) {
        let chosen = finding.remedies.iter().filter(|remedy| is_meant(remedy)).take(most);
        for (place, remedy) in chosen.enumerate() {
            self.remedy(lines, (place == 0).then_some(label), remedy);
        }
    }

    /// Evidence as a table behind its label, or where that is too wide as sentences.
    fn data(&self, lines: &mut Vec<String>, evidence: &[Evidence]) {
        let mut table = TextTable::new([Layout::LEFT; 3]);
        for one in evidence {
            let source = visible(one.source.as_bytes(), self.screen.unicode);
            table.row([one.name.to_owned(), figure(&one.value, self.catalogue, self.screen), source]);
        }
        let room = self.screen.width.min(LONGEST_PROSE) - self.label;
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
            lines.push(format!("{}{line}", padded(&format!("{:AROUND$}{label}", ""), self.label)));
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
        hanging(&padded(&format!("{:AROUND$}{label}", ""), self.label), self.label, text, self.screen.width)
    }

    /// The text with its risk, then the command on its own line; with all, also the undo and the file.
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
        if !self.amount.all {
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
        // One colon is enough for a sentence.
        let colon = if text.contains('：') { String::new() } else { self.catalogue.text(messages::COLON) };
        format!("{text}{colon}")
    }

    fn shown<'b>(&self, command: &'b Option<ShellCommand>) -> Option<&'b str> {
        command.as_deref().filter(|command| self.screen.shows(command))
    }

    /// Never broken.
    fn command(&self, command: &str) -> String {
        format!("{}{}", " ".repeat(self.label + COMMAND), self.screen.styled(BOLD, command))
    }
}
