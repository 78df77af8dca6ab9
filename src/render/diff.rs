//! `diff` for people.

use std::{
    cmp::Ordering,
    collections::BTreeSet,
    net::{IpAddr, SocketAddr},
};

use super::{
    findings::{rule_words, severity_word, subject::subject},
    group::{self, Users},
    json::time,
    prelude::*,
};
use crate::{
    book::{self, TopicKind},
    diff::{Change, Diff, Findings, Moves, ObservationHead, Unmatched},
    model::{
        finding::{Finding, Severity},
        group::NamedKey,
        sorted,
        state::State,
    },
    report::incident::{Incident, incidents},
    text::rule::duration,
};

const BOLD: Style = Style::new().bold();

/// Groups and counters that are shown without `--all`.
const SHOWN: usize = 10;

/// Writes the changes.
pub fn write(
    out: &mut dyn Write,
    diff: &Diff,
    keys: &[NamedKey],
    users: &Users,
    catalogue: &Catalogue,
    screen: &Screen,
    all: bool,
) -> io::Result<()> {
    write_ends(out, diff, catalogue, screen)?;
    writeln!(out)?;
    let seen = diff.states_seen();
    let states = diff.states.iter().filter(|one| seen.contains(&one.of));
    let rows = states.map(|one| (vec![one.of.to_string()], one.a, one.b)).collect::<Vec<_>>();
    table(out, &[catalogue.text(messages::KEY_STATE)], &rows, catalogue, screen)?;
    if !keys.is_empty() {
        let headings: Vec<String> = keys.iter().map(|(_, key)| catalogue.text(group::heading(*key))).collect();
        let most = if all { usize::MAX } else { SHOWN };
        let text = |value| group::cell(value, users, screen);
        let rows = diff.groups.iter().take(most).map(|one| (one.of.iter().map(text).collect(), one.a, one.b));
        writeln!(out)?;
        table(out, &headings, &rows.collect::<Vec<_>>(), catalogue, screen)?;
    }
    writeln!(out)?;
    match &diff.sockets {
        Ok(moves) => write_moves(out, moves, catalogue, screen, all)?,
        Err(why) => {
            let message = match why {
                Unmatched::Hosts => messages::DIFF_UNMATCHED_HOSTS,
                Unmatched::Namespaces => messages::DIFF_UNMATCHED_NETNS,
                Unmatched::Starts => messages::DIFF_UNMATCHED_STARTS,
                Unmatched::Unknown => messages::DIFF_UNMATCHED_UNKNOWN,
                Unmatched::Cookies => messages::DIFF_UNMATCHED_COOKIES,
            };
            lines(out, "", &catalogue.text(message), screen)?;
        }
    }
    write_counters(out, diff, catalogue, screen, all)?;
    write_findings(out, &diff.findings, catalogue, screen)
}

/// The two compared observations, and the time between them.
fn write_ends(out: &mut dyn Write, diff: &Diff, catalogue: &Catalogue, screen: &Screen) -> io::Result<()> {
    let name = |name: &str| visible(name.as_bytes(), screen.unicode);
    let parts = |letter: &str, end: &ObservationHead| {
        vec![format!("{letter}  {}", name(&end.name)), name(&end.host.name), time(end.taken_at)]
    };
    let span = match diff.between {
        Some(between) => {
            let between = duration(between, catalogue.lang());
            catalogue.say(messages::DIFF_LATER, &[("time", words(between))])
        }
        None => catalogue.text(messages::DIFF_BACKWARDS),
    };
    let mut second = parts("B", &diff.b);
    second.push(span);
    for parts in [parts("A", &diff.a), second] {
        for line in screen.joined(&parts) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

/// Writes a text in lines that fit, each behind `before`.
fn lines(out: &mut dyn Write, before: &str, text: &str, screen: &Screen) -> io::Result<()> {
    for line in wrapped(text, screen.width.saturating_sub(before.len())) {
        writeln!(out, "{before}{line}")?;
    }
    Ok(())
}

/// Incidents by the change of their findings, and the verdict.
fn write_findings(out: &mut dyn Write, all: &Findings, catalogue: &Catalogue, screen: &Screen) -> io::Result<()> {
    // A change of severity says more than one in the number of sockets.
    let by = |ordering, in_severity: bool| {
        let is_so = move |(before, after): &&(Finding, Finding)| {
            (after.severity != before.severity) == in_severity
                && (after.severity, after.weight).cmp(&(before.severity, before.weight)) == ordering
        };
        all.changed.iter().filter(is_so)
    };
    let alone = |findings: &'_ [Finding]| findings.iter().map(|finding| (finding.clone(), None)).collect::<Vec<_>>();
    let pairs = |ordering, in_severity| {
        let all = by(ordering, in_severity).map(|(before, after)| (after.clone(), Some(before.clone())));
        all.collect::<Vec<_>>()
    };
    let sections = [
        (messages::DIFF_APPEARED, messages::DIFF_COUNT_APPEARED, alone(&all.appeared)),
        (messages::DIFF_WORSE, messages::DIFF_COUNT_WORSE, pairs(Ordering::Greater, true)),
        (messages::DIFF_GREW, messages::DIFF_COUNT_GREW, pairs(Ordering::Greater, false)),
        (messages::DIFF_SHRANK, messages::DIFF_COUNT_SHRANK, pairs(Ordering::Less, false)),
        (messages::DIFF_BETTER, messages::DIFF_COUNT_BETTER, pairs(Ordering::Less, true)),
        (messages::DIFF_SAME, messages::DIFF_COUNT_SAME, alone(&all.unchanged)),
        (messages::DIFF_GONE, messages::DIFF_COUNT_GONE, alone(&all.gone)),
        (messages::DIFF_UNCHECKED_BEFORE, messages::DIFF_COUNT_UNCHECKED_BEFORE, alone(&all.unchecked_before)),
        (messages::DIFF_UNCHECKED_AFTER, messages::DIFF_COUNT_UNCHECKED_AFTER, alone(&all.unchecked_after)),
    ];
    let mut verdict = Vec::new();
    for (heading, count, pairs) in sections.into_iter().filter(|(.., pairs)| !pairs.is_empty()) {
        writeln!(out, "\n{}", screen.styled(BOLD, &catalogue.text(heading)))?;
        let (findings, before): (Vec<Finding>, Vec<Option<Finding>>) = pairs.into_iter().unzip();
        let earlier = |id: &str| before.iter().zip(&findings).find(|(_, one)| one.id == id)?.0.as_ref();
        let incidents = incidents(&findings);
        for incident in &incidents {
            write_incident(out, incident, earlier(&incident.cause.id), catalogue, screen)?;
        }
        verdict.push(catalogue.say(count, &[("count", number(incidents.len() as u64))]));
    }
    if verdict.is_empty() {
        verdict.push(catalogue.text(messages::DIFF_NO_FINDINGS));
    }
    writeln!(out)?;
    for line in screen.joined(&verdict) {
        writeln!(out, "{}", screen.styled(BOLD, &line))?;
    }
    Ok(())
}

/// An incident: its cause, the cause's former state, and a line for each of its findings.
fn write_incident(
    out: &mut dyn Write,
    incident: &Incident<'_>,
    before: Option<&Finding>,
    catalogue: &Catalogue,
    screen: &Screen,
) -> io::Result<()> {
    let title = |finding: &Finding| rule_words(finding.rule, catalogue, screen.unicode).say(&finding.title);
    let about = |finding: &Finding, severity: Severity| {
        let severity = catalogue.text(severity_word(severity));
        format!("{severity}  {}  {}", finding.rule, subject(finding, catalogue, screen.unicode))
    };
    lines(out, "  ", &about(incident.cause, incident.severity), screen)?;
    lines(out, "    ", &title(incident.cause), screen)?;
    if let Some(before) = before {
        let was = format!("{} {}", catalogue.text(severity_word(before.severity)), title(before));
        lines(out, "    ", &catalogue.say(messages::DIFF_WAS, &[("title", words(was))]), screen)?;
    }
    for part in &incident.parts {
        let severity = catalogue.text(severity_word(part.finding.severity));
        lines(out, "      ", &format!("{severity}  {}  {}", part.finding.rule, title(part.finding)), screen)?;
    }
    Ok(())
}

/// A table of the values before and after.
fn table(
    out: &mut dyn Write,
    headings: &[String],
    rows: &[(Vec<String>, u64, u64)],
    catalogue: &Catalogue,
    screen: &Screen,
) -> io::Result<()> {
    let mut table = TextTable::new(headings.iter().map(|_| Layout::LEFT).chain([Layout::RIGHT; 3]));
    let numbers = ["A".to_owned(), "B".to_owned(), catalogue.text(messages::DIFF_CHANGE)];
    table.heading(Style::new(), headings.iter().cloned().chain(numbers));
    for (values, a, b) in rows {
        let sign = if b >= a { "+" } else { "-" };
        let change =
            if a == b { "0".to_owned() } else { format!("{sign}{}", grouped(a.abs_diff(*b), catalogue.lang())) };
        table.row(values.iter().cloned().chain([grouped(*a, catalogue.lang()), grouped(*b, catalogue.lang()), change]));
    }
    table.write(out, screen)
}

fn write_moves(
    out: &mut dyn Write,
    moves: &Moves,
    catalogue: &Catalogue,
    screen: &Screen,
    all: bool,
) -> io::Result<()> {
    let arrow = if screen.unicode { "→" } else { "->" };
    let of_state = |(state, sockets): (&State, &u64)| format!("{state} {}", grouped(*sockets, catalogue.lang()));
    let moved = moves
        .moved
        .iter()
        .map(|((from, to), sockets)| format!("{from} {arrow} {to} {}", grouped(*sockets, catalogue.lang())));
    let summaries: [(Message, Vec<String>); 3] = [
        (messages::DIFF_BORN, moves.born.iter().map(of_state).collect()),
        (messages::DIFF_DIED, moves.died.iter().map(of_state).collect()),
        (messages::DIFF_MOVED, moved.collect()),
    ];
    for (message, parts) in summaries {
        let list = if parts.is_empty() { "0".to_owned() } else { parts.join(catalogue.lang().comma()) };
        lines(out, "", &catalogue.say(message, &[("list", words(list))]), screen)?;
    }
    if !all {
        if !moves.each.is_empty() {
            lines(out, "", &catalogue.text(messages::DIFF_LISTS), screen)?;
        }
        return Ok(());
    }
    for (from, to, [local, peer]) in &moves.each {
        let states = match (from, to) {
            (Some(from), Some(to)) => format!("{from} {arrow} {to}"),
            (Some(from), None) => format!("- {from}"),
            (None, Some(to)) => format!("+ {to}"),
            (None, None) => continue,
        };
        let end = |(address, port): &(IpAddr, u16)| SocketAddr::new(*address, *port).to_string();
        let has_peer = !peer.0.is_unspecified() || peer.1 != 0;
        let ends = if has_peer { format!("{} {arrow} {}", end(local), end(peer)) } else { end(local) };
        writeln!(out, "  {states}  {ends}")?;
    }
    if moves.beyond > 0 {
        writeln!(out, "  {}", catalogue.say(messages::DIFF_BEYOND, &[("count", number(moves.beyond))]))?;
    }
    Ok(())
}

/// Rises and rates of counters; those with a topic come first.
fn write_counters(
    out: &mut dyn Write,
    diff: &Diff,
    catalogue: &Catalogue,
    screen: &Screen,
    all: bool,
) -> io::Result<()> {
    let known: BTreeSet<&str> = sorted::set(
        book::topics(catalogue.lang()).iter().filter(|topic| topic.kind == TopicKind::Counter).map(|topic| topic.name),
    );
    let is_known = |name: &str| known.contains(name) || known.contains(name.strip_prefix("TcpExt").unwrap_or(name));
    let rate = |one: &Change<String>| Some((one.of.clone(), one.b.checked_sub(one.a)?, diff.per_second(one)?));
    let mut rates: Vec<(String, u64, f64)> = diff.counters.iter().filter_map(rate).collect();
    sorted::sort_by(&mut rates, |a, b| {
        is_known(&b.0).cmp(&is_known(&a.0)).then(b.2.total_cmp(&a.2)).then(a.0.cmp(&b.0))
    });
    if rates.is_empty() {
        return Ok(());
    }
    let most = if all { usize::MAX } else { SHOWN };
    let mut table = TextTable::new([Layout::LEFT, Layout::RIGHT, Layout::RIGHT]);
    let headings = [messages::DIFF_COUNTER, messages::DIFF_RISE, messages::DIFF_PER_SECOND];
    table.heading(Style::new(), headings.map(|heading| catalogue.text(heading)));
    for (name, rise, rate) in rates.iter().take(most) {
        // Tenths of large numbers do not matter.
        let rate = if *rate < 100.0 { format!("{rate:.1}") } else { grouped(rate.round() as u64, catalogue.lang()) };
        table.row([name.clone(), grouped(*rise, catalogue.lang()), rate]);
    }
    writeln!(out)?;
    table.write(out, screen)
}
