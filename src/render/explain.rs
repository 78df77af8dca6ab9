//! `explain`: a topic with its drawings and this host's figures, as Markdown or laid out for a terminal.

use super::{
    findings::{cut, rule_words, severity_word, subject_of},
    markdown::{self, literal},
    prelude::*,
};
use crate::{
    book::{
        Topic, TopicKind,
        live::{HostFigures, Remark},
    },
    draw::{exchanges::EXCHANGES, machine, sequence},
    text::{layout::columns, rule},
};

const BOLD: Style = Style::new().bold();

/// Columns of the longest name in the table of contents; longer ones push their sentence.
const LONGEST_NAME: usize = 24;

/// A topic as Markdown: its drawings put in as code, the figures of this host at its end.
pub fn document(topic: &Topic, lives: &[HostFigures], catalogue: &Catalogue, screen: &Screen) -> String {
    let census = lives.first().and_then(|live| live.census.as_ref());
    let mut text = format!("# {}\n\n", topic.title);
    for line in topic.body.lines() {
        match drawing(line, topic, census, catalogue, screen) {
            Some(lines) => text.push_str(&lines),
            None => text.push_str(line),
        }
        text.push('\n');
    }
    for live in lives {
        text.push_str(&figures(live, catalogue, screen));
    }
    text
}

/// The drawing that a line asks for, as a block of code.
fn drawing(
    line: &str,
    topic: &Topic,
    census: Option<&crate::model::census::Census>,
    catalogue: &Catalogue,
    screen: &Screen,
) -> Option<String> {
    let what = line.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    let here = topic.state();
    let (wide, lines) = match what.strip_prefix("sequence:") {
        Some(name) => {
            let exchange = EXCHANGES.iter().find(|exchange| exchange.name == name)?;
            (sequence::WIDTH, sequence::draw(exchange, here, catalogue, screen.unicode))
        }
        None => (machine::WIDTH, machine::draw(census, here, catalogue, screen.unicode)),
    };
    if screen.width < wide {
        return Some(catalogue.say(messages::EXPLAIN_NARROW, &[("columns", number(wide as u64))]));
    }
    Some(format!("```text\n{}\n```", lines.join("\n")))
}

/// The figures of one namespace as a section; empty without figures.
fn figures(live: &HostFigures, catalogue: &Catalogue, screen: &Screen) -> String {
    let mut section = Section { catalogue, screen, text: String::new() };
    for line in &live.lines {
        match line {
            Remark::Said(message, values) => section.sentence(*message, values),
            Remark::Share(subject, count) => section.item(&share(subject, *count, catalogue, screen)),
            Remark::More(count) => section.item(&catalogue.say(messages::LIVE_MORE, &[("count", number(*count))])),
        }
    }
    if let Some(findings) = &live.findings {
        section.paragraph();
        if findings.is_empty() && live.not_checked.is_empty() {
            section.words(&catalogue.text(messages::LIVE_FINDS_NOTHING));
        } else if !findings.is_empty() {
            section.words(&catalogue.text(messages::LIVE_FINDS));
        }
        for finding in findings {
            let severity = catalogue.text(severity_word(finding.severity));
            let title = rule_words(finding.rule, catalogue, screen.unicode).say(&finding.title);
            let subject = subject_of(&finding.subject, catalogue, screen.unicode);
            let values = [
                ("severity", words(format!("**{severity}**"))),
                ("rule", words(format!("{} {}", finding.rule, literal(&subject)))),
                ("title", words(literal(&title))),
            ];
            section.item(&catalogue.say(messages::STORY_FINDING, &values));
        }
        for one in &live.not_checked {
            let mut why = rule_words(one.rule, catalogue, screen.unicode).say(&one.reason);
            if let Some(needs) = one.needs {
                why = catalogue.say(messages::JOINED, &[("what", words(why)), ("more", words(needs))]);
            }
            let values = [("rule", words(one.rule)), ("why", words(literal(&why)))];
            section.item(&catalogue.say(messages::LIVE_NOT_CHECKED, &values));
        }
    }
    if section.text.is_empty() {
        return String::new();
    }
    let outside = |text: &str| words(literal(&super::escape::visible(text.as_bytes(), screen.unicode)));
    let netns = live.netns.as_deref().map(|netns| ("netns", outside(netns)));
    let named = |file: &str| match file {
        "-" => words(catalogue.text(messages::STANDARD_INPUT)),
        path => outside(path),
    };
    let taken = live.taken.as_ref().map(|(file, at)| [("file", named(file)), ("time", words(super::json::time(*at)))]);
    let heading = match (netns, taken) {
        (None, None) => catalogue.text(messages::EXPLAIN_HERE),
        (Some(netns), None) => catalogue.say(messages::EXPLAIN_HERE_IN, &[netns]),
        (None, Some(taken)) => catalogue.say(messages::EXPLAIN_THERE, &taken),
        (Some(netns), Some([file, at])) => catalogue.say(messages::EXPLAIN_THERE_IN, &[file, at, netns]),
    };
    format!("\n## {heading}\n\n{}\n", section.text.trim())
}

fn share(subject: &crate::model::finding::Subject, count: u64, catalogue: &Catalogue, screen: &Screen) -> String {
    let who = subject_of(subject, catalogue, screen.unicode);
    catalogue.say(messages::LIVE_SHARE, &[("who", words(literal(&who))), ("sockets", number(count))])
}

/// A text of sentences and items that grows.
pub(super) struct Section<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) screen: &'a Screen,
    pub(super) text: String,
}

impl Section<'_> {
    /// A sentence after the one before.
    pub(super) fn sentence(&mut self, message: Message, values: &[(&'static str, crate::model::sentence::Word)]) {
        let said = rule::say(self.catalogue, message, values, self.screen.unicode, &literal);
        self.words(&said);
    }

    /// Words after those before.
    pub(super) fn words(&mut self, said: &str) {
        if self.text.ends_with('\n') && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        } else if !self.text.is_empty() && !self.text.ends_with('\n') && self.catalogue.lang() == Lang::En {
            self.text.push(' ');
        }
        self.text.push_str(said);
    }

    /// An item of a list.
    pub(super) fn item(&mut self, said: &str) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        self.text.push_str(&format!("- {said}\n"));
    }

    /// The end of a paragraph.
    pub(super) fn paragraph(&mut self) {
        while !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }
}

/// Writes a text: as Markdown on a pipe, laid out on a terminal.
pub fn write(out: &mut dyn Write, document: &str, screen: &Screen) -> io::Result<()> {
    if !screen.terminal {
        return writeln!(out, "{}", document.trim_end());
    }
    for line in markdown::lines(document, screen) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// Writes the table of contents: all topics by kind, each with its sentence on a line; on a terminal the line is cut.
pub fn write_list(out: &mut dyn Write, topics: &[Topic], catalogue: &Catalogue, screen: &Screen) -> io::Result<()> {
    for kind in TopicKind::ALL {
        let topics: Vec<&Topic> = topics.iter().filter(|topic| topic.kind == kind).collect();
        let heading = catalogue.text(heading_of(kind));
        if screen.terminal {
            writeln!(out, "{}", screen.styled(BOLD, &heading))?;
        } else {
            writeln!(out, "## {heading}\n")?;
        }
        let widest = topics.iter().map(|topic| topic.name.len()).max().unwrap_or(0).min(LONGEST_NAME);
        for topic in topics {
            let summary = topic.summary();
            if screen.terminal {
                let name = format!("  {:widest$}  ", topic.name);
                let summary =
                    cut(&summary.replace('`', ""), screen.width.saturating_sub(columns(&name)), screen.unicode);
                writeln!(out, "{name}{summary}")?;
            } else {
                let item = format!("- {}: {summary}", topic.name);
                for (place, line) in wrapped(&item, screen.width - 2).iter().enumerate() {
                    writeln!(out, "{}{line}", if place == 0 { "" } else { "  " })?;
                }
            }
        }
        writeln!(out)?;
    }
    let command = if screen.terminal { "sockdoc explain TIME_WAIT" } else { "`sockdoc explain TIME_WAIT`" };
    writeln!(out, "{}", catalogue.say(messages::EXPLAIN_ASK, &[("command", words(command))]))
}

/// The heading of all topics of a kind.
fn heading_of(kind: TopicKind) -> Message {
    match kind {
        TopicKind::State => messages::KINDS_STATE,
        TopicKind::Exchange => messages::KINDS_EXCHANGE,
        TopicKind::Rule => messages::KINDS_RULE,
        TopicKind::Error => messages::KINDS_ERROR,
        TopicKind::Field => messages::KINDS_FIELD,
        TopicKind::Sysctl => messages::KINDS_SYSCTL,
        TopicKind::Counter => messages::KINDS_COUNTER,
        TopicKind::Myth => messages::KINDS_MYTH,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book;

    #[test]
    fn a_drawing_stands_where_it_is_asked_for() {
        let catalogue = Catalogue::new(Lang::En);
        let topic = book::search::find("time-wait", Lang::En).unwrap();
        let text = document(&topic, &[], &catalogue, &Screen::plain(false));
        assert!(text.contains("```text\n") && text.contains("< you are here"), "{text}");
        assert!(!text.contains("{{"), "{text}");
        let narrow = document(&topic, &[], &catalogue, &Screen::terminal(60, true, false));
        assert!(narrow.contains("needs 78 columns") && !narrow.contains("```"), "{narrow}");
    }

    #[test]
    fn a_pipe_gets_the_text_as_it_is_written() {
        let mut out = Vec::new();
        write(&mut out, "# A\n\nb **c**\n\n", &Screen::plain(true)).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "# A\n\nb **c**\n");
    }

    #[test]
    fn the_table_of_contents_has_a_line_for_each_topic() {
        for (_, lang) in Lang::ALL {
            let topics = book::topics(lang);
            let mut out = Vec::new();
            let screen = Screen::terminal(80, true, false);
            write_list(&mut out, &topics, &Catalogue::new(lang), &screen).unwrap();
            let text = String::from_utf8(out).unwrap();
            assert!(text.lines().all(|line| columns(line) <= 80), "{text}");
            for topic in topics {
                assert!(text.lines().any(|line| line.starts_with(&format!("  {} ", topic.name))), "{}", topic.name);
            }
        }
    }
}
