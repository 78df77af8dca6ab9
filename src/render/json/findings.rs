//! Findings and rules as JSON. Sentences are English, regardless of the language of the run.

use serde_json::{Value, json};

use super::writer::{SCHEMA, write_line};
use crate::{
    book::{
        self, Topic,
        live::{HostFigures, Remark},
    },
    model::{
        finding::{Evidence, Figure, Finding, NotChecked, Program, Remedy, Subject},
        incident::Link,
    },
    render::{findings::rule_words, prelude::*},
    report::{
        diagnosis::{Diagnosis, RuleRow},
        incident::{Incident, Part},
    },
    text::rule::{RuleWords, address_text},
};

/// The findings of a run.
pub fn findings(diagnosis: &Diagnosis) -> Vec<Value> {
    let catalogue = Catalogue::new(Lang::En);
    diagnosis.findings.iter().map(|finding| document(finding, &catalogue)).collect()
}

/// The incidents of a run: each root with its findings, by their IDs.
pub fn incidents(diagnosis: &Diagnosis) -> Vec<Value> {
    let catalogue = Catalogue::new(Lang::En);
    let one = |incident: &Incident<'_>| {
        let cause = incident.cause;
        let part = |part: &Part<'_>| json!({"id": part.finding.id, "rule": part.finding.rule, "link": part.link.name(), "of": part.of});
        json!({
            "id": cause.id,
            "rule": cause.rule,
            "severity": incident.severity.name(),
            "netns": cause.netns,
            "subject": subject(&cause.subject),
            "title": rule_words(cause.rule, &catalogue, true).say(&cause.title),
            "parts": incident.parts.iter().map(part).collect::<Vec<_>>(),
            "may_be_related": incident.may_relate_to.iter().map(|other| &other.id).collect::<Vec<_>>(),
        })
    };
    diagnosis.incidents().iter().map(one).collect()
}

/// The rules that were not checked.
pub fn not_checked(diagnosis: &Diagnosis) -> Vec<Value> {
    let catalogue = Catalogue::new(Lang::En);
    let one = |one: &NotChecked| {
        let reason = rule_words(one.rule, &catalogue, true).say(&one.reason);
        json!({"rule": one.rule, "reason": reason, "needs": one.needs.as_slice()})
    };
    diagnosis.not_checked.iter().map(one).collect()
}

fn document(finding: &Finding, catalogue: &Catalogue) -> Value {
    let said = rule_words(finding.rule, catalogue, true);
    json!({
        "rule": finding.rule,
        "severity": finding.severity.name(),
        "confidence": finding.confidence.name(),
        "netns": finding.netns,
        "subject": subject(&finding.subject),
        "title": said.say(&finding.title),
        "why": finding.why.as_ref().map(|why| said.say_whole(why)),
        "proof": finding.proof.iter().map(|proof| said.say(proof)).collect::<Vec<_>>(),
        "limit": finding.limit.as_ref().map(|limit| said.say(limit)),
        "evidence": finding.evidence.iter().map(evidence).collect::<Vec<_>>(),
        "remedies": finding.remedies.iter().map(|one| remedy(one, &said)).collect::<Vec<_>>(),
        "myths": finding.myths.iter().map(|myth| said.say(myth)).collect::<Vec<_>>(),
        "topic": finding.rule,
        "id": finding.id,
        "caused_by": caused_by(finding),
    })
}

/// The id of the finding that is the cause of this one.
pub(super) fn caused_by(finding: &Finding) -> Option<&str> {
    finding.fold.as_ref().filter(|fold| fold.link == Link::Causes).map(|fold| fold.into.as_str())
}

/// The subject of a finding.
pub(super) fn subject(subject: &Subject) -> Value {
    let kind = subject.kind();
    match subject {
        Subject::Process(program) => {
            let mut document = of_program(program);
            if let Some(fields) = document.as_object_mut() {
                fields.insert("kind".to_owned(), kind.into());
            }
            document
        }
        Subject::Unit(unit) => json!({"kind": kind, "unit": unit}),
        Subject::Container(container) => json!({"kind": kind, "container": container}),
        Subject::User(user) => json!({"kind": kind, "user": user}),
        Subject::Listener { address, port, path, program } => {
            // A path has no address: unknown is null, never 0.
            let of_ip = path.is_none();
            json!({
                "kind": kind,
                "address": of_ip.then(|| address_text(*address)),
                "port": of_ip.then_some(port),
                "path": path,
                "program": program.as_ref().map(of_program),
            })
        }
        Subject::Destination { source, address, port, program } => json!({
            "kind": kind,
            "source": source.map(|source| source.to_string()),
            "address": address_text(*address),
            "port": port,
            "program": program.as_ref().map(of_program),
        }),
        Subject::Host | Subject::Unknown => json!({"kind": kind}),
    }
}

fn of_program(program: &Program) -> Value {
    json!({
        "pid": program.pid,
        "processes": program.processes,
        "program": program.name,
        "user": program.user,
        "unit": program.unit,
        "container": program.container,
        "runtime": program.runtime.name(),
    })
}

fn evidence(one: &Evidence) -> Value {
    let ms = |time: &Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let (value, unit) = match &one.value {
        Figure::Count(count) => (json!(count), Some("count")),
        Figure::Bytes(count) => (json!(count), Some("bytes")),
        Figure::Time(time) => (json!(ms(time)), Some("ms")),
        Figure::Ratio(ratio) => (json!(ratio), Some("ratio")),
        Figure::PerSecond(rate) => (json!(rate), Some("per_second")),
        Figure::Text(text) => (json!(text), None),
        Figure::Counts(counts) => (json!(counts), Some("count")),
    };
    json!({"name": one.name, "value": value, "unit": unit, "source": one.source})
}

fn remedy(remedy: &Remedy, said: &RuleWords<'_>) -> Value {
    json!({
        "kind": remedy.kind.name(),
        "first_aid": remedy.first_aid,
        "text": said.say(&remedy.text),
        "command": remedy.command.as_deref(),
        "current": remedy.current,
        "proposed": remedy.proposed,
        "persist": remedy.persist,
        "undo": remedy.undo.as_deref(),
        "risk": remedy.risk.as_ref().map(|risk| said.say(risk)),
        "needs": remedy.needs.as_ref().map(|needs| said.say(needs)),
        "verify": remedy.verify.as_deref(),
    })
}

/// Writes `{schema, rules}`: every rule with its thresholds.
pub fn rules(out: &mut dyn Write, rows: &[RuleRow]) -> io::Result<()> {
    let one = |row: &RuleRow| {
        let thresholds: Vec<Value> = row
            .thresholds
            .iter()
            .map(|one| {
                json!({
                    "name": one.name, "value": one.value, "unit": one.unit, "default": one.default,
                    "origin": one.origin,
                })
            })
            .collect();
        json!({
            "rule": row.name,
            "severities": row.severities.iter().map(|severity| severity.name()).collect::<Vec<_>>(),
            "needs": row.needs.iter().map(|need| need.name()).collect::<Vec<_>>(),
            "thresholds": thresholds,
            "summary": book::search::find(row.name, Lang::En).map(|topic| topic.summary()).unwrap_or_default(),
            "topic": row.name,
        })
    };
    write_line(out, &json!({"schema": SCHEMA, "rules": rows.iter().map(one).collect::<Vec<_>>()}))
}

/// A text as JSON gives it.
#[derive(Clone, Copy, Debug)]
pub struct TopicText<'a> {
    /// The subject: a topic's name, or the filter of a story.
    pub topic: &'a str,
    /// The kind of the subject.
    pub kind: &'static str,
    /// Its heading.
    pub title: &'a str,
    /// The whole text.
    pub markdown: &'a str,
}

/// Writes `{schema, topic, kind, language, title, markdown, live}`.
pub fn topic(out: &mut dyn Write, text: &TopicText<'_>, lives: &[HostFigures], lang: Lang) -> io::Result<()> {
    let live: Option<Vec<Value>> = (!lives.is_empty()).then(|| lives.iter().map(live).collect());
    write_line(
        out,
        &json!({
            "schema": SCHEMA, "topic": text.topic, "kind": text.kind, "language": lang.name(),
            "title": text.title, "markdown": text.markdown, "live": live,
        }),
    )
}

/// The figures of one namespace; sentences are English, as in findings.
fn live(live: &HostFigures) -> Value {
    let catalogue = Catalogue::new(Lang::En);
    let shares = live.lines.iter().filter_map(|line| match line {
        Remark::Share(who, sockets) => Some(json!({"subject": subject(who), "sockets": sockets})),
        Remark::Said(..) | Remark::More(_) => None,
    });
    let finding = |finding: &Finding| {
        json!({
            "rule": finding.rule, "severity": finding.severity.name(), "subject": subject(&finding.subject),
            "title": rule_words(finding.rule, &catalogue, true).say(&finding.title),
        })
    };
    let skipped = Diagnosis { not_checked: live.not_checked.clone(), ..Diagnosis::default() };
    json!({
        "netns": live.netns,
        "figures": live.figures.iter().map(evidence).collect::<Vec<_>>(),
        "shares": shares.collect::<Vec<_>>(),
        "findings": live.findings.as_ref().map(|findings| findings.iter().map(finding).collect::<Vec<_>>()),
        "not_checked": not_checked(&skipped),
    })
}

/// Writes `{schema, language, topics}`; `all` with the texts.
pub fn topics(out: &mut dyn Write, topics: &[(Topic, Option<String>)], lang: Lang) -> io::Result<()> {
    let one = |(topic, markdown): &(Topic, Option<String>)| json!({"topic": topic.name, "kind": topic.kind.name(), "summary": topic.summary(), "markdown": markdown});
    let topics: Vec<Value> = topics.iter().map(one).collect();
    write_line(out, &json!({"schema": SCHEMA, "language": lang.name(), "topics": topics}))
}
