//! A sample as `watch` shows it: in one line, or as the parts of the live view.

use std::time::SystemTime;

use super::{
    bars,
    findings::{cut, rule_words, severity_word, subject},
    json, overview,
    prelude::*,
    screen::PLAIN_WIDTH,
};
use crate::{
    report::{
        overview::Row,
        trend::{Course, IncidentTrend, StateTrend, WatchSample},
    },
    text::{
        self,
        layout::columns,
        rule::{decimal, duration},
    },
};

/// Writes a sample in one line: the time, the states, the rates, and the incidents that changed; in the first line all.
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
    let is_shown = |one: &&IncidentTrend| one.course != Course::Present || sample.number == 1;
    parts.extend(sample.incidents.iter().filter(is_shown).map(|one| incident(one, one.course, catalogue, screen)));
    writeln!(out, "{}", parts.join(screen.separator()))
}

/// A change with its sign.
fn signed(change: f64, lang: Lang) -> String {
    let sign = if change < 0.0 { '-' } else { '+' };
    format!("{sign}{}", decimal(change.abs(), lang))
}

/// Rates per second, as far as they are known.
pub fn rates(sample: &WatchSample, catalogue: &Catalogue) -> Vec<String> {
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
fn incident(one: &IncidentTrend, course: Course, catalogue: &Catalogue, screen: &Screen) -> String {
    let word = course_word(course).map(|word| catalogue.text(word));
    let severity = catalogue.text(severity_word(one.severity));
    let cause = &one.cause;
    let title = rule_words(cause.rule, catalogue, screen.unicode).say(&cause.title);
    let what = [word, Some(severity), Some(cause.rule.to_owned()), Some(subject(cause, catalogue, screen.unicode))];
    let what: Vec<String> = what.into_iter().flatten().collect();
    catalogue.say(messages::SUBJECT_TITLE, &[("what", words(what.join(" "))), ("more", words(title))])
}

/// The word of a change; none where nothing changed.
fn course_word(course: Course) -> Option<Message> {
    match course {
        Course::Present => None,
        Course::New => Some(messages::WATCH_NEW),
        Course::Worse => Some(messages::WATCH_WORSE),
        Course::Eased => Some(messages::WATCH_EASED),
        Course::Gone => Some(messages::WATCH_GONE),
    }
}

/// The state of the live view, shown in its head beside the sample.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct WatchStatus {
    /// Whether the view is frozen.
    pub is_frozen: bool,
    /// Of a recording, the sample that is shown, how many there are, and how long each is shown while it plays.
    pub position: Option<(u64, u64, Duration)>,
    /// How old the newest sample is, where the next one is overdue.
    pub late: Option<Duration>,
}

/// The head of the live view: host, interval and cost, baseline, filter, time.
pub fn head(sample: &WatchSample, status: &WatchStatus, catalogue: &Catalogue, screen: &Screen) -> Vec<String> {
    let host = &sample.overview.host;
    let lasting = |time: Duration| words(duration(time, catalogue.lang()));
    let mut parts = vec![visible(host.name.as_bytes(), screen.unicode), clock(host.taken_at)];
    match status.position {
        Some((number, count, interval)) => {
            let values =
                [("number", text::number(number)), ("count", text::number(count)), ("interval", lasting(interval))];
            parts.push(catalogue.say(messages::WATCH_POSITION, &values));
        }
        None => {
            let values = [("interval", lasting(sample.interval)), ("cost", lasting(sample.cost))];
            parts.push(catalogue.say(messages::WATCH_EVERY, &values));
        }
    }
    let since = host.taken_at.duration_since(sample.baseline).unwrap_or_default().as_secs();
    let values = [("time", words(clock(sample.baseline))), ("length", lasting(Duration::from_secs(since)))];
    if since > 0 {
        parts.push(catalogue.say(messages::WATCH_SINCE, &values));
    }
    if let Some(filter) = &sample.filter {
        let filter = visible(filter.as_bytes(), screen.unicode);
        parts.push(catalogue.say(messages::WATCH_FILTER, &[("filter", words(filter))]));
    }
    if status.is_frozen {
        parts.insert(1, catalogue.text(messages::WATCH_FROZEN));
    }
    if let Some(age) = status.late {
        parts.insert(1, catalogue.say(messages::WATCH_LATE, &[("age", lasting(age))]));
    }
    screen.joined(&parts)
}

/// Hours, minutes and seconds in UTC.
fn clock(time: SystemTime) -> String {
    json::time(time).get(11..19).unwrap_or_default().to_owned()
}

/// Below this width the line of counts is left out, and below this room who acts next.
const LINE_FROM: usize = 60;
const LEAST_WHO: usize = 16;
/// Columns of the line of counts, on 80 columns and at most.
const LINE: usize = 12;
const LONGEST_LINE: usize = 60;

/// The table of states, each on one line after the heading.
pub fn states(states: &[StateTrend], catalogue: &Catalogue, screen: &Screen) -> Vec<String> {
    let mut table = TextTable::new([Layout::LEFT, Layout::RIGHT, Layout::RIGHT, Layout::LEFT]);
    let headings = [messages::COLUMN_STATE, messages::COLUMN_SOCKETS, messages::COLUMN_CHANGE, messages::COLUMN_WHO];
    table.heading(Style::new().bold(), headings.map(|message| catalogue.text(message)));
    for one in states {
        let change = one.per_second.map_or_else(String::new, |change| match change {
            0.0 => "0".to_owned(),
            change => signed(change, catalogue.lang()),
        });
        let name = one.row.state.map_or_else(|| catalogue.text(messages::STATE_UNNAMED), |state| state.to_string());
        let who = catalogue.text(one.row.state.map_or(messages::WHO_UNNAMED, overview::who_acts));
        table.row([name, grouped(one.row.tally.sockets, catalogue.lang()), change, who]);
    }
    if screen.width >= LINE_FROM {
        let longest = (LINE + screen.width.saturating_sub(PLAIN_WIDTH) / 2).min(LONGEST_LINE);
        let line = |one: &StateTrend| bars::line(&one.history, longest, screen.unicode);
        table.insert(3, Layout { least: longest, style: overview::BARS, ..Layout::LEFT }, states.iter().map(line));
    }
    let room = screen.width.saturating_sub(table.before_last());
    table.edit_last(&|who| if room < LEAST_WHO { String::new() } else { cut(who, room, screen.unicode) });
    table.lines(screen)
}

/// Reduces the states to this number, in their order, if not all fit: the most important ones.
pub fn most(states: &mut Vec<StateTrend>, count: usize) {
    let rows: Vec<Row> = states.iter().map(|one| one.row).collect();
    let shown = overview::most(&rows, count);
    states.retain(|one| shown.contains(&one.row));
}

/// A line for each incident: its change since the baseline, and when it was first seen, or last seen if it is gone.
pub fn incidents(sample: &WatchSample, catalogue: &Catalogue, screen: &Screen) -> Vec<String> {
    let line = |one: &IncidentTrend| {
        let (message, time) = match one.since_baseline {
            Course::Gone => (messages::WATCH_LAST_SEEN, one.until),
            Course::New => (messages::WATCH_FIRST_SEEN, one.since),
            _ => return cut(&incident(one, one.since_baseline, catalogue, screen), screen.width, screen.unicode),
        };
        let time = catalogue.say(message, &[("time", words(clock(time)))]);
        let room = screen.width.saturating_sub(columns(&time) + 1);
        let what = cut(&incident(one, one.since_baseline, catalogue, screen), room, screen.unicode);
        format!("{what} {time}")
    };
    sample.incidents.iter().map(line).collect()
}
