//! `watch` as lines: what a sample shows, in one line.

use std::io::{self, Write};

use super::{
    findings::{rule_words, severity_word, subject},
    json,
    screen::Screen,
};
use crate::{
    report::trend::{Course, IncidentTrend, WatchSample},
    text::{Catalogue, Lang, Message, grouped, messages, rule::decimal, words},
};

/// Writes a sample in one line: the time, the states, the rates, and the incidents that changed; in the first line all.
///
/// # Errors
/// As writing does.
pub fn write_line(out: &mut dyn Write, sample: &WatchSample, catalogue: &Catalogue, screen: &Screen) -> io::Result<()> {
    let states: Vec<String> = sample
        .states
        .iter()
        .filter_map(|one| {
            let name = one.row.state?.to_string();
            let count = grouped(one.row.tally.sockets, catalogue.lang());
            Some(match one.per_second.filter(|change| *change != 0.0) {
                None => format!("{name} {count}"),
                Some(change) => format!("{name} {count} ({}/s)", signed(change, catalogue.lang())),
            })
        })
        .collect();
    let mut parts = vec![json::time(sample.overview.host.taken_at).replace('T', " ")];
    parts.push(match states.is_empty() {
        true => catalogue.text(messages::NO_TCP_SOCKETS),
        false => states.join(catalogue.lang().comma()),
    });
    parts.extend(rates(sample, catalogue));
    let is_told = |one: &&IncidentTrend| one.course != Course::Present || sample.number == 1;
    parts.extend(sample.incidents.iter().filter(is_told).map(|one| incident(one, one.course, catalogue, screen)));
    writeln!(out, "{}", parts.join(screen.separator()))
}

/// A change with its sign.
pub(super) fn signed(change: f64, lang: Lang) -> String {
    let sign = if change < 0.0 { '-' } else { '+' };
    format!("{sign}{}", decimal(change.abs(), lang))
}

/// What happens in a second, as far as it is known.
pub(super) fn rates(sample: &WatchSample, catalogue: &Catalogue) -> Vec<String> {
    let rate: Vec<Option<f64>> = sample.rises.each().map(|(_, _, per_second)| per_second).collect();
    let [opened_in, opened_out, rest @ ..] = rate.as_slice() else { return Vec::new() };
    let said = |rate: f64| words(decimal(rate, catalogue.lang()));
    let opened = opened_in.zip(*opened_out).map(|(inwards, outwards)| {
        let values = [("rate", said(inwards + outwards)), ("in", said(inwards)), ("out", said(outwards))];
        catalogue.say(messages::WATCH_OPENED, &values)
    });
    let others =
        [messages::WATCH_RESET, messages::WATCH_RETRANSMITTED, messages::WATCH_ACCEPT_DROPS, messages::WATCH_UDP_DROPS];
    let others = others
        .into_iter()
        .zip(rest)
        .filter_map(|(message, rate)| Some(catalogue.say(message, &[("rate", said((*rate)?))])));
    opened.into_iter().chain(others).collect()
}

/// An incident in one line: how it changed, severity, rule, subject, headline.
pub(super) fn incident(one: &IncidentTrend, course: Course, catalogue: &Catalogue, screen: &Screen) -> String {
    let word = course_word(course).map(|word| catalogue.text(word));
    let severity = catalogue.text(severity_word(one.severity));
    let cause = &one.cause;
    let title = rule_words(cause.rule, catalogue, screen.unicode).say(&cause.title);
    let what = [word, Some(severity), Some(cause.rule.to_owned()), Some(subject(cause, catalogue, screen.unicode))];
    let what: Vec<String> = what.into_iter().flatten().collect();
    catalogue.say(messages::SUBJECT_TITLE, &[("what", words(what.join(" "))), ("more", words(title))])
}

/// The word of a change; none where nothing changed.
pub(super) fn course_word(course: Course) -> Option<Message> {
    match course {
        Course::Present => None,
        Course::New => Some(messages::WATCH_NEW),
        Course::Worse => Some(messages::WATCH_WORSE),
        Course::Eased => Some(messages::WATCH_EASED),
        Course::Gone => Some(messages::WATCH_GONE),
    }
}
