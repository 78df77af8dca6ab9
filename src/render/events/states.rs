//! Changes of state: a line for each, and sums.

use std::time::SystemTime;

use super::{EventColumn, EventLines, StateRow, clock, end, lived, said_lost, way, who};
use crate::{
    model::{ending::Lived, state::State, transition::StateTransition},
    render::prelude::*,
    report::events::states::StateTally,
    text::{
        rule::{self, decimal},
        system_error,
    },
};

/// The columns of changes.
const COLUMNS: [EventColumn; 10] = [
    (Some(messages::EVENTS_TIME), 12, false, 0),
    (Some(messages::STATES_NETNS), 12, false, 0),
    (Some(messages::STATES_FROM), 11, false, 2),
    (Some(messages::STATES_TO), 11, false, 0),
    (Some(messages::STATES_AFTER), 8, true, 0),
    (Some(messages::EVENTS_WHO), 17, false, 0),
    (Some(messages::EVENTS_LOCAL), 21, true, 1),
    (None, 2, false, 0),
    (Some(messages::EVENTS_PEER), 21, false, 0),
    (Some(messages::STATES_CAUSE), 0, false, 0),
];

/// The place of the namespace among them.
const NETNS: usize = 1;

/// The lines of a table of changes.
pub struct StateTable {
    table: EventLines,
    several: bool,
}

impl StateTable {
    /// One with a column of namespaces where there are several.
    pub fn new(several: bool) -> StateTable {
        StateTable { table: EventLines::default(), several }
    }

    /// Writes the heading.
    pub fn heading(&mut self, out: &mut dyn Write, catalogue: &Catalogue, screen: &Screen) -> io::Result<()> {
        let cells = COLUMNS.map(|(heading, ..)| heading.map(|heading| catalogue.text(heading)).unwrap_or_default());
        self.line(out, cells.into(), screen)
    }

    /// Writes a change.
    pub fn row(
        &mut self,
        out: &mut dyn Write,
        row: &StateRow<'_>,
        catalogue: &Catalogue,
        screen: &Screen,
    ) -> io::Result<()> {
        let (change, ending, lang) = (row.transition, &row.transition.socket, catalogue.lang());
        let after = if change.from == State::CLOSE { "-".to_owned() } else { stayed(ending.lived, lang) };
        let cells = vec![
            clock(ending.at),
            row.netns.unwrap_or_default().to_owned(),
            change.from.to_string(),
            change.to().to_string(),
            after,
            who(&row.event, screen),
            end(&ending.entry, &ending.entry.local),
            way(ending.direction).to_owned(),
            end(&ending.entry, &ending.entry.peer),
            cause(change, catalogue),
        ];
        self.line(out, cells, screen)
    }

    fn line(&mut self, out: &mut dyn Write, mut cells: Vec<String>, screen: &Screen) -> io::Result<()> {
        let mut columns = COLUMNS.to_vec();
        if !self.several {
            cells.remove(NETNS);
            columns.remove(NETNS);
        }
        self.table.line(out, &cells, &columns, screen)
    }
}

/// Why it failed, in words; empty where it did not.
fn cause(change: &StateTransition, catalogue: &Catalogue) -> String {
    match change.error {
        0 if change.is_aborted() => catalogue.text(messages::STATES_ABORTED),
        0 => String::new(),
        error => {
            let said = io::Error::from_raw_os_error(error).to_string();
            // The number says nothing to a reader.
            system_error(said.split(" (os error").next().unwrap_or_default(), catalogue.lang())
        }
    }
}

/// How long it was in the state before: of less than ten seconds also the parts.
fn stayed(time: Lived, lang: Lang) -> String {
    match time.exactly() {
        Some(time) if time < Duration::from_secs(10) => short(time.as_micros() as u64, lang),
        _ => lived(time, lang),
    }
}

/// A time of less than some seconds: `48 µs`, `1.2 ms`.
fn short(micros: u64, lang: Lang) -> String {
    let [.., seconds, millis, unit] = lang.units();
    match micros {
        0..1_000 => format!("{micros} {unit}"),
        1_000..1_000_000 => format!("{} {millis}", decimal(micros as f64 / 1e3, lang)),
        _ => format!("{} {seconds}", decimal(micros as f64 / 1e6, lang)),
    }
}

/// Writes that changes were lost between the line before and the next.
pub fn write_lost(out: &mut dyn Write, count: Option<u64>, at: SystemTime, catalogue: &Catalogue) -> io::Result<()> {
    let values = [("time", words(clock(at))), ("count", number(count.unwrap_or_default()))];
    writeln!(out, "{}", catalogue.say(messages::STATES_LOST, &values))
}

/// Writes the number of changes, the time that connecting took, and the causes of failures.
pub fn write_sums(out: &mut dyn Write, tally: &StateTally, until: SystemTime, catalogue: &Catalogue) -> io::Result<()> {
    let lang = catalogue.lang();
    let (all, _) = tally.events.counts();
    let of =
        |name: String, count| catalogue.say(messages::EVENTS_SUM, &[("count", number(count)), ("end", words(name))]);
    let states: Vec<String> = tally.entered().map(|(state, count)| of(state.to_string(), count)).collect();
    let time = rule::duration(until.duration_since(tally.events.since).unwrap_or_default(), lang);
    let values = [
        ("count", number(all)),
        ("time", words(time)),
        ("states", words(states.join(lang.comma()))),
        ("lost", words(said_lost(&tally.events, catalogue))),
    ];
    let message = if all == 0 { messages::STATES_SUMS_NONE } else { messages::STATES_SUMS };
    writeln!(out, "{}", catalogue.say(message, &values))?;
    let times = &tally.connects;
    if let (Some(half), Some(most)) = (times.percentile(50), times.percentile(99)) {
        let [half, most, longest] = [half, most, times.longest].map(|micros| words(short(micros, lang)));
        let values = [("count", number(times.count)), ("half", half), ("most", most), ("longest", longest)];
        writeln!(out, "{}", catalogue.say(messages::STATES_CONNECTS, &values))?;
    }
    if !tally.causes.is_empty() {
        let said = |cause: &String| match cause == StateTransition::ABORTED {
            true => catalogue.text(messages::STATES_ABORTED),
            false => cause.clone(),
        };
        let causes: Vec<String> = tally.causes.iter().map(|(cause, count)| of(said(cause), *count)).collect();
        let values = [("causes", words(causes.join(lang.comma())))];
        writeln!(out, "{}", catalogue.say(messages::STATES_CAUSES, &values))?;
    }
    Ok(())
}
