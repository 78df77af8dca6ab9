//! Changes of state: a line for each, and sums.

use std::time::SystemTime;

use super::{EventColumn, EventLines, StateRow, clock, end, lived, needed, said_lost, way, who};
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
    (Some(messages::STATES_AFTER), 8, true, 4),
    (Some(messages::EVENTS_WHO), 17, false, 0),
    (Some(messages::EVENTS_LOCAL), 21, true, 1),
    (None, 2, false, 0),
    (Some(messages::EVENTS_PEER), 21, false, 0),
    (Some(messages::STATES_CAUSE), 18, false, CAUSE),
];

/// The rank of the cause: where it is left out, a word of it is behind the state.
const CAUSE: u8 = 3;

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
        let word = cause_word(change, catalogue).filter(|_| needed(&self.columns(), screen) > CAUSE);
        let to: Vec<String> = std::iter::once(change.to().to_string()).chain(word).collect();
        let cells = vec![
            clock(ending.at),
            row.netns.unwrap_or_default().to_owned(),
            change.from.to_string(),
            to.join(" "),
            after,
            who(&row.event, screen),
            end(&ending.entry, &ending.entry.local),
            way(ending.direction).to_owned(),
            end(&ending.entry, &ending.entry.peer),
            cause(change, catalogue),
        ];
        self.line(out, cells, screen)
    }

    /// The columns of the run.
    fn columns(&self) -> Vec<EventColumn> {
        let mut columns = COLUMNS.to_vec();
        if !self.several {
            columns.remove(NETNS);
        }
        columns
    }

    fn line(&mut self, out: &mut dyn Write, mut cells: Vec<String>, screen: &Screen) -> io::Result<()> {
        if !self.several {
            cells.remove(NETNS);
        }
        let columns = self.columns();
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

/// The same in a word.
fn cause_word(change: &StateTransition, catalogue: &Catalogue) -> Option<String> {
    let name = change.cause()?;
    Some(catalogue.text(match name.as_str() {
        StateTransition::ABORTED => messages::STATES_ABORTED_WORD,
        "ECONNREFUSED" => messages::END_REFUSED,
        "ECONNRESET" => messages::END_RESET,
        "ETIMEDOUT" => messages::END_UNANSWERED,
        _ => return Some(name),
    }))
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

#[cfg(test)]
mod tests {
    use super::{super::EventRow, *};
    use crate::model::{
        ending::{EndKind, Ending},
        entry::{End, Entry},
        family::Netid,
        group::Direction,
        owner::Process,
    };

    /// A program with a long name that fails to connect, with this error.
    fn failed(error: i32, address: &str, screen: &Screen, lang: Lang) -> String {
        let end = |text: &str| text.parse().map(|to: std::net::SocketAddr| End::Inet(to.ip(), to.port())).unwrap();
        let entry = Entry { local: end("10.0.0.5:40312"), peer: end(address), ..Entry::blank(Netid::Tcp, 0) };
        let after = Duration::from_micros(48);
        let socket = Ending {
            at: SystemTime::UNIX_EPOCH,
            entry,
            end: EndKind::Failed,
            direction: Some(Direction::Outbound),
            lived: Lived { at_least: after, at_most: Some(after) },
            origin: None,
            held: 0,
            cgroup_id: None,
            is_wiped: false,
        };
        let transition = StateTransition { socket, from: State::SYN_SENT, netns: 1, error, caller: None };
        let process = Process {
            pid: 7,
            program: b"payments-worker".as_slice().into(),
            uid: None,
            place: Default::default(),
            context: None,
        };
        let event = EventRow { ending: &transition.socket, processes: vec![&process], place: None, user: None };
        let row = StateRow { transition: &transition, netns: None, event };
        let (words, mut out) = (Catalogue::new(lang), Vec::new());
        let mut table = StateTable::new(false);
        table.heading(&mut out, &words, screen).unwrap();
        table.row(&mut out, &row, &words, screen).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_failure_is_one_line_of_eighty_columns_with_its_cause() {
        for (error, english, chinese) in [
            (libc::ECONNREFUSED, "CLOSE refused ", "CLOSE 被拒绝 "),
            (libc::ETIMEDOUT, "CLOSE no answer ", "CLOSE 无应答 "),
            (libc::EHOSTUNREACH, "CLOSE EHOSTUNREACH ", "CLOSE EHOSTUNREACH "),
        ] {
            for (lang, word) in [(Lang::En, english), (Lang::Zh, chinese)] {
                let shown = failed(error, "10.0.12.34:5432", &Screen::terminal(80, true, false), lang);
                let widest = shown.lines().map(crate::text::layout::columns).max();
                assert!(widest.is_some_and(|widest| widest <= 80), "{shown}");
                assert!(shown.contains(word) && shown.contains("10.0.12.34:5432"), "{shown}");
            }
        }
    }

    #[test]
    fn a_wide_terminal_and_a_pipe_have_the_cause_in_its_column() {
        for screen in [Screen::terminal(140, true, false), Screen::plain(true)] {
            let shown = failed(libc::ECONNREFUSED, "10.0.12.34:5432", &screen, Lang::En);
            assert!(shown.trim_end().ends_with("  Connection refused") && shown.contains(" CLOSE  "), "{shown}");
            assert!(shown.contains("payments-worker"), "{shown}");
        }
    }
}
