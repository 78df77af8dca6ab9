//! Sockets as they end: a line for each, and sums.

pub mod states;

use std::time::{SystemTime, UNIX_EPOCH};

use super::{findings::cut, prelude::*};
use crate::{
    model::{
        ending::{EndKind, Ending, Lived},
        entry::{End, Entry},
        family::Netid,
        group::Direction,
        owner::{Place, Process},
        transition::StateTransition,
    },
    report::events::EventTally,
    text::{
        layout::columns,
        rule::{self, decimal},
    },
};

/// A socket that has ended, with the data known about it.
pub struct EventRow<'a> {
    /// The socket.
    pub ending: &'a Ending,
    /// The processes that held it, or its listener.
    pub processes: Vec<&'a Process>,
    /// Where its own cgroup says that it belonged.
    pub place: Option<&'a Place>,
    /// The name of its user.
    pub user: Option<&'a str>,
}

/// A change of state, with the data known about its socket.
pub struct StateRow<'a> {
    /// The change.
    pub transition: &'a StateTransition,
    /// The namespace, where several are followed.
    pub netns: Option<&'a str>,
    /// The socket.
    pub event: EventRow<'a>,
}

impl<'a> EventRow<'a> {
    /// Where it belonged: by its own cgroup, else by the first process.
    pub(super) fn place(&self) -> Option<&'a Place> {
        self.place.or_else(|| self.processes.first().map(|process| &process.place))
    }
}

/// Heading, the width at first, whether the text is at the right, and which columns a narrow terminal goes without: first 1,
/// then 2, never 0.
type EventColumn = (Option<Message>, usize, bool, u8);

/// The last of those that may be left out.
const LEAST_NEEDED: u8 = 4;
/// Blanks between columns.
const GAP: usize = 2;
/// On a terminal the owner has what the other columns leave, and this at least; a longer name is cut.
const LEAST_WHO: usize = 12;

/// Of sockets that end.
const COLUMNS: [EventColumn; 11] = [
    (Some(messages::EVENTS_TIME), 12, false, 0),
    (Some(messages::EVENTS_LIVED), 8, true, 0),
    (Some(messages::EVENTS_END), 10, false, 0),
    (Some(messages::EVENTS_WHO), 17, false, 0),
    (Some(messages::EVENTS_LOCAL), 21, true, 3),
    (None, 2, false, 0),
    (Some(messages::EVENTS_PEER), 21, false, 0),
    (Some(messages::EVENTS_IN), 7, true, 4),
    (Some(messages::EVENTS_OUT), 7, true, 4),
    (Some(messages::EVENTS_RTT), 7, true, 2),
    (Some(messages::EVENTS_RETRANS), 7, true, 1),
];

/// The lines of a table of sockets that end.
#[derive(Default)]
pub struct EventTable(EventLines);

/// The lines of a table whose columns grow with their content.
#[derive(Default)]
struct EventLines {
    widths: Vec<usize>,
}

impl EventTable {
    /// Writes the heading.
    pub fn heading(&mut self, out: &mut dyn Write, catalogue: &Catalogue, screen: &Screen) -> io::Result<()> {
        let cells = COLUMNS.map(|(heading, ..)| heading.map(|heading| catalogue.text(heading)).unwrap_or_default());
        self.0.line(out, &cells, &COLUMNS, screen)
    }

    /// Writes a socket.
    pub fn row(
        &mut self,
        out: &mut dyn Write,
        row: &EventRow<'_>,
        catalogue: &Catalogue,
        screen: &Screen,
    ) -> io::Result<()> {
        let (ending, lang) = (row.ending, catalogue.lang());
        let figure = |figure: Option<u64>, text: &dyn Fn(u64) -> String| figure.map_or("-".to_owned(), text);
        let cells = [
            clock(ending.at),
            lived(ending.lived, lang),
            catalogue.text(end_word(ending.end)),
            who(row, screen),
            end(&ending.entry, &ending.entry.local),
            way(ending.direction).to_owned(),
            end(&ending.entry, &ending.entry.peer),
            figure(ending.bytes_in(), &size),
            figure(ending.bytes_out(), &size),
            figure(ending.rtt_us(), &|rtt| format!("{} {}", decimal(rtt as f64 / 1000.0, lang), lang.units()[4])),
            figure(ending.retransmitted(), &|count| count.to_string()),
        ];
        self.0.line(out, &cells, &COLUMNS, screen)
    }
}

impl EventLines {
    fn line(
        &mut self,
        out: &mut dyn Write,
        cells: &[String],
        shape: &[EventColumn],
        screen: &Screen,
    ) -> io::Result<()> {
        self.widths.resize(shape.len(), 0);
        for (width, (cell, (_, least, ..))) in self.widths.iter_mut().zip(cells.iter().zip(shape)) {
            *width = columns(cell).max(*least).max(*width);
        }
        let needed = needed(shape, screen);
        let is_shown = |rank: u8| !(1..needed).contains(&rank);
        let is_who = |(heading, ..): &EventColumn| *heading == Some(messages::EVENTS_WHO);
        if let Some(who) = shape.iter().position(is_who).filter(|_| screen.terminal) {
            let others = shape.iter().zip(&self.widths).enumerate();
            let others = others.filter(|(place, ((.., rank), _))| *place != who && is_shown(*rank));
            let room = screen.width.saturating_sub(others.map(|(_, (_, width))| width + GAP).sum());
            if let Some(width) = self.widths.get_mut(who) {
                *width = (*width).min(room.max(LEAST_WHO));
            }
        }
        let mut line = String::new();
        for (place, (cell, &(_, _, is_right, rank))) in cells.iter().zip(shape).enumerate() {
            let Some(&width) = self.widths.get(place).filter(|_| is_shown(rank)) else { continue };
            let cell = &cut(cell, width, screen.unicode);
            let pad = " ".repeat(width - columns(cell));
            let gap = if line.is_empty() { "" } else { "  " };
            let (before, after) = if is_right { (pad.as_str(), "") } else { ("", pad.as_str()) };
            line.extend([gap, before, cell, after]);
        }
        writeln!(out, "{}", line.trim_end())
    }
}

/// The rank from which on columns are shown: 1 on a wide terminal and in a file, more where a terminal is too narrow for all.
fn needed(shape: &[EventColumn], screen: &Screen) -> u8 {
    let width = |from: u8| -> usize {
        shape.iter().filter(|(.., rank)| !(1..from).contains(rank)).map(|(_, least, ..)| least + GAP).sum()
    };
    // The last column of a line is rarely full.
    (1..=LEAST_NEEDED).find(|&from| !screen.terminal || width(from) <= screen.width + 4).unwrap_or(LEAST_NEEDED + 1)
}

/// The time of the day in UTC, to the millisecond.
fn clock(at: SystemTime) -> String {
    let ms = at.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() % 86_400_000;
    format!("{:02}:{:02}:{:02}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000)
}

/// How long it lived: exactly, less or more than something, or between two times.
fn lived(lived: Lived, lang: Lang) -> String {
    let text = |time: Duration| {
        let whole = rule::duration(time, lang);
        // Of few seconds the tenths count.
        match (time.as_millis(), whole.split_once(' ')) {
            (ms @ 1000..60_000, Some((_, unit))) => format!("{} {unit}", decimal(ms as f64 / 1000.0, lang)),
            _ => whole,
        }
    };
    let shortest = Duration::from_millis(1);
    match (lived.at_least, lived.at_most) {
        (least, None) if least < shortest => "-".to_owned(),
        (_, Some(most)) if most < shortest => format!("<{}", text(shortest)),
        (least, None) => format!(">{}", text(least)),
        (least, Some(most)) if (most - least.min(most)) * 10 <= most => text(most),
        (least, Some(most)) if least * 10 <= most => format!("<{}", text(most)),
        (least, Some(most)) => format!("{}-{}", text(least).split(' ').next().unwrap_or_default(), text(most)),
    }
}

/// Bytes in few characters: `512`, `3.1 K`, `88 M`.
fn size(bytes: u64) -> String {
    rule::bytes(bytes).replace("iB", "").replace(" B", "")
}

/// The side that connected.
fn way(direction: Option<Direction>) -> &'static str {
    match direction {
        Some(Direction::Inbound) => "<-",
        Some(Direction::Outbound) => "->",
        Some(Direction::Listener) | None => "",
    }
}

/// The unit, where it is a service of the system; else the program; else the container; a question mark where nothing is
/// known.
fn who(row: &EventRow<'_>, screen: &Screen) -> String {
    let place = row.place();
    let unit = place.and_then(|place| place.unit.as_deref());
    let service = unit.filter(|unit| unit.ends_with(".service") && !unit.starts_with("user@"));
    let program = row.processes.first().map(|process| visible(&process.program, screen.unicode));
    let container =
        place.and_then(|place| place.container.as_ref()).map(|container| container.id.chars().take(12).collect());
    let service = service.map(|unit| visible(unit.as_bytes(), screen.unicode));
    service.or(program).or(container).or(unit.map(str::to_owned)).unwrap_or_else(|| "?".to_owned())
}

/// An end as `udp 10.0.0.5:53`; TCP, which most are, is not named.
fn end(entry: &Entry, end: &End) -> String {
    let End::Inet(address, port) = end else { return "-".to_owned() };
    if *port == 0 && address.is_unspecified() {
        return "-".to_owned();
    }
    let text = match port {
        0 => format!("{}:?", rule::endpoint(*address, 0).trim_end_matches(":0")),
        port => rule::endpoint(*address, *port),
    };
    let is_local = std::ptr::eq(end, &raw const entry.local);
    if entry.netid == Netid::Udp && is_local { format!("udp {text}") } else { text }
}

/// The word of a kind of end.
fn end_word(end: EndKind) -> Message {
    match end {
        EndKind::Closed => messages::END_CLOSED,
        EndKind::Reset => messages::END_RESET,
        EndKind::Unfinished => messages::END_UNFINISHED,
        EndKind::Refused => messages::END_REFUSED,
        EndKind::Unanswered => messages::END_UNANSWERED,
        EndKind::Failed => messages::END_FAILED,
        EndKind::Unused => messages::END_UNUSED,
        EndKind::Listener => messages::END_LISTENER,
    }
}

/// Writes that messages were lost between the line before and the next.
pub fn write_lost(out: &mut dyn Write, count: Option<u64>, at: SystemTime, catalogue: &Catalogue) -> io::Result<()> {
    let time = ("time", words(clock(at)));
    let line = match count {
        Some(count) => catalogue.say(messages::EVENTS_LOST, &[time, ("count", number(count))]),
        None => catalogue.say(messages::EVENTS_LOST_UNCOUNTED, &[time]),
    };
    writeln!(out, "{line}")
}

/// Writes how many ended, and how, in one line.
pub fn write_sums(out: &mut dyn Write, tally: &EventTally, until: SystemTime, catalogue: &Catalogue) -> io::Result<()> {
    let lang = catalogue.lang();
    let (all, ends) = tally.ends();
    let each = ends.filter(|(_, count)| *count > 0).map(|(end, count)| {
        let word = catalogue.text(end_word(end));
        catalogue.say(messages::EVENTS_SUM, &[("count", number(count)), ("end", words(word))])
    });
    let each: Vec<String> = each.collect();
    let time = rule::duration(until.duration_since(tally.since).unwrap_or_default(), lang);
    let lost = said_lost(tally, catalogue);
    let message = if all == 0 { messages::EVENTS_SUMS_NONE } else { messages::EVENTS_SUMS };
    let ends = words(each.join(lang.comma()));
    let values = [("count", number(all)), ("time", words(time)), ("ends", ends), ("lost", words(lost))];
    writeln!(out, "{}", catalogue.say(message, &values))
}

/// How many messages were lost.
fn said_lost(tally: &EventTally, catalogue: &Catalogue) -> String {
    match (tally.losses, tally.lost()) {
        (0, _) => catalogue.say(messages::EVENTS_SUM_LOST, &[("count", number(0))]),
        (_, Some(count)) => catalogue.say(messages::EVENTS_SUM_LOST, &[("count", number(count))]),
        (times, None) => catalogue.say(messages::EVENTS_SUM_LOST_UNCOUNTED, &[("times", number(times))]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_is_reported_as_far_as_it_is_known() {
        let said = |least: u64, most: Option<u64>| {
            let [least, most] = [Some(least), most].map(|ms| ms.map(Duration::from_millis));
            lived(Lived { at_least: least.unwrap_or_default(), at_most: most }, Lang::En)
        };
        assert_eq!(said(0, Some(1900)), "<1.9 s");
        assert_eq!(said(48, Some(48)), "48 ms");
        assert_eq!(said(3100, Some(5100)), "3.1-5.1 s");
        assert_eq!(said(130_000, Some(132_000)), "2 min 12 s");
        assert_eq!(said(12_000, None), ">12 s");
        assert_eq!([said(0, Some(0)), said(0, None)], ["<1 ms", "-"]);
    }

    #[test]
    fn a_narrow_terminal_goes_without_columns_and_a_pipe_has_all() {
        let heading = |screen: &Screen| {
            let mut out = Vec::new();
            EventTable::default().heading(&mut out, &Catalogue::new(Lang::En), screen).unwrap();
            String::from_utf8(out).unwrap()
        };
        let all = heading(&Screen::plain(true));
        assert_eq!(all.split_whitespace().last(), Some("RETRANS"));
        assert_eq!(all, heading(&Screen::terminal(200, true, false)));
        for (width, last) in [(133, "RTT"), (122, "OUT"), (80, "PEER"), (40, "PEER")] {
            let line = heading(&Screen::terminal(width, true, false));
            assert_eq!(line.split_whitespace().last(), Some(last), "{width}: {line}");
            assert!(line.trim_end().len() <= width.max(80), "{width}: {line}");
        }
    }

    #[test]
    fn the_time_is_that_of_the_day() {
        assert_eq!(clock(UNIX_EPOCH + Duration::from_millis(86_400_000 + 3_723_004)), "01:02:03.004");
    }

    #[test]
    fn sizes_are_short() {
        assert_eq!([0, 512, 3_200, 90_112].map(size), ["0", "512", "3.1 K", "88 K"]);
    }
}
