//! The overview as text, for a terminal or a pipe.

use std::cmp::Reverse;

use anstyle::AnsiColor;

use super::{
    bars::bar,
    findings::{
        self,
        amount::{self, Amount},
    },
    prelude::*,
};
use crate::{
    model::{census::Tally, family::Protocol, gap::Why, host::Host, sorted, state::State, waiting::UnreadData},
    report::overview::{DataOrigin, NamespaceCount, Overview, Row as StateRow},
    text::{self, rule::bytes},
};

/// Columns of the longest bar: on 80 columns, and the most on wider ones.
const BAR: usize = 16;
const LONGEST_BAR: usize = 40;
/// A shorter bar shows nothing.
const LEAST_BAR: usize = 4;
/// The width of the design's own screen.
const WIDE: usize = super::screen::PLAIN_WIDTH;
/// Blanks between a bar and the words, on narrow screens and on others.
const GAP: usize = 2;
const BAR_GAP: usize = 5;
/// Columns the words are left before the bar gets any.
const ENOUGH_WORDS: usize = 30;

/// From this number of bytes on, open connections are described as unread even if the data is young.
const MUCH_UNREAD: u64 = 64 << 10;

const TITLE: Style = Style::new().bold();
/// Readable on light and dark ground alike.
pub(super) const BARS: Style = AnsiColor::Cyan.on_default();

/// Writes the overview; `all` also shows states without sockets.
pub fn write(
    out: &mut dyn Write,
    overview: &Overview,
    words: &Catalogue,
    screen: &Screen,
    all: bool,
) -> io::Result<()> {
    amount::fitted(out, screen, all, &|out, amount| write_with(out, overview, words, screen, amount))
}

fn write_with(
    out: &mut dyn Write,
    overview: &Overview,
    words: &Catalogue,
    screen: &Screen,
    amount: &Amount,
) -> io::Result<()> {
    let all = amount.all;
    for line in title(overview, words, screen) {
        writeln!(out, "{}", screen.styled(TITLE, &line))?;
    }
    writeln!(out)?;
    let rows = overview.rows(all);
    let unread = overview.diagnosis.as_ref().map_or_else(UnreadData::default, |diagnosis| diagnosis.unread);
    if rows.is_empty() {
        let message = match (overview.tcp(), overview.origin) {
            (Some(_), _) => messages::NO_TCP_SOCKETS,
            (None, DataOrigin::Text(_)) => messages::TCP_NOT_IN_TEXT,
            (None, _) => messages::TCP_UNREADABLE,
        };
        writeln!(out, "{}", words.text(message))?;
    } else {
        let shown = most(&rows, amount.states);
        write_table(out, &shown, unread, words, screen)?;
        let (states, sockets) =
            (rows.len() - shown.len(), |rows: &[StateRow]| -> u64 { rows.iter().map(|row| row.tally.sockets).sum() });
        if states > 0 {
            let values = [("count", number(states as u64)), ("sockets", number(sockets(&rows) - sockets(&shown)))];
            writeln!(out, "{}", words.say(messages::STATES_BEYOND, &values))?;
        }
    }
    for line in screen.joined(&footer(overview, words, screen)) {
        writeln!(out, "{line}")?;
    }
    let Some(diagnosis) = &overview.diagnosis else { return Ok(()) };
    findings::write(out, diagnosis, words, screen, amount, false)?;
    writeln!(out)?;
    if all {
        findings::write_not_checked(out, diagnosis, words, screen)?;
    }
    findings::write_verdict(out, diagnosis, words, screen, (!all).then_some("sockdoc"))
}

/// Host and kernel; of a text, which has neither, whose text it is.
pub(super) fn whose(host: &Host, origin: DataOrigin, words: &Catalogue, screen: &Screen) -> Vec<String> {
    match origin {
        DataOrigin::Text(kind) => vec![super::gaps::text_of(kind, words)],
        _ => vec![
            visible(host.name.as_bytes(), screen.unicode),
            format!("Linux {}", visible(host.kernel.as_bytes(), screen.unicode)),
        ],
    }
}

/// Host, kernel, total, time.
fn title(overview: &Overview, words: &Catalogue, screen: &Screen) -> Vec<String> {
    let host = &overview.host;
    let mut parts = whose(host, overview.origin, words, screen);
    parts.extend(overview.tcp().map(|tcp| words.say(messages::TCP_SOCKETS, &[("count", number(tcp.total()))])));
    parts.push(super::json::time(host.taken_at).replace('T', " "));
    if let DataOrigin::Recording { samples, redacted } = overview.origin {
        parts.push(words.say(messages::ORIGIN_RECORDING, &[("samples", number(samples))]));
        parts.extend(redacted.then(|| words.text(messages::ORIGIN_REDACTED)));
    }
    screen.joined(&parts)
}

/// The first states to show: those in which a connection should not stay, then those with the most sockets, then those
/// without any.
pub(super) fn most(rows: &[StateRow], count: usize) -> Vec<StateRow> {
    let is_usual = |row: &StateRow| matches!(row.state, Some(State::ESTABLISHED | State::TIME_WAIT | State::LISTEN));
    let mut places: Vec<usize> = (0..rows.len()).collect();
    let key = |row: &StateRow| (row.tally.sockets == 0, is_usual(row), Reverse(row.tally.sockets));
    sorted::sort_by_key(&mut places, |&place| rows.get(place).map(key));
    places.truncate(count);
    places.sort_unstable();
    places.into_iter().filter_map(|place| rows.get(place).cloned()).collect()
}

fn write_table(
    out: &mut dyn Write,
    rows: &[StateRow],
    unread: UnreadData,
    words: &Catalogue,
    screen: &Screen,
) -> io::Result<()> {
    let mut table = TextTable::new([Layout::LEFT, Layout::RIGHT, Layout::LEFT]);
    let headings = [messages::COLUMN_STATE, messages::COLUMN_SOCKETS, messages::COLUMN_WHO];
    table.heading(TITLE, headings.map(|message| words.text(message)));
    for row in rows {
        table.row([name(row, words), grouped(row.tally.sockets, words.lang()), who(row, unread, words)]);
    }
    let (bars, gap) = bar_width(screen.width, table.before_last());
    if bars > 0 {
        let most = rows.iter().map(|row| row.tally.sockets).max().unwrap_or(0);
        let cells = rows.iter().map(|row| bar(row.tally.sockets, most, bars, screen.unicode));
        table.insert(2, Layout { gap, least: bars, style: BARS, ..Layout::LEFT }, cells);
    }
    table.wrap_last(screen.width);
    table.write(out, screen)
}

/// Columns of the longest bar, and of the blanks after it: 16 and 5 on 80 columns, more on wider ones, and on narrow
/// ones nothing, for the words need the place.
fn bar_width(width: usize, figures: usize) -> (usize, usize) {
    match width {
        WIDE.. => ((BAR + (width - WIDE) / 3).min(LONGEST_BAR), BAR_GAP),
        _ => {
            let room = width.saturating_sub(figures + ENOUGH_WORDS + GAP);
            if room < LEAST_BAR { (0, 0) } else { (room.min(BAR), GAP) }
        }
    }
}

/// The state's name.
fn name(row: &StateRow, words: &Catalogue) -> String {
    row.state.map_or_else(|| words.text(messages::STATE_UNNAMED), |state| state.to_string())
}

/// The side that acts next, and special facts about some of the state's sockets.
fn who(row: &StateRow, unread: UnreadData, words: &Catalogue) -> String {
    let Some(state) = row.state else { return words.text(messages::WHO_UNNAMED) };
    let mut lines = vec![match state {
        State::ESTABLISHED if unread.is_old || unread.bytes >= MUCH_UNREAD => words.say(
            messages::WHO_UNREAD,
            &[("count", number(unread.sockets)), ("bytes", text::words(bytes(unread.bytes)))],
        ),
        _ => words.text(who_acts(state)),
    }];
    let Tally { not_accepted, .. } = row.tally;
    if not_accepted > 0 {
        lines.push(words.say(messages::NOT_ACCEPTED, &[("count", number(not_accepted))]));
    }
    // Only an owner's FIN_WAIT2 has no timer: shutdown() without close().
    if state == State::FIN_WAIT2 && row.tally.held() > 0 {
        lines.push(words.say(messages::HELD_WITHOUT_LIMIT, &[("count", number(row.tally.held()))]));
    }
    lines.join("\n")
}

/// The side that must act next in a state.
pub fn who_acts(state: State) -> Message {
    match state {
        State::ESTABLISHED => messages::WHO_ESTABLISHED,
        State::SYN_SENT => messages::WHO_SYN_SENT,
        State::SYN_RECV => messages::WHO_SYN_RECV,
        State::FIN_WAIT1 => messages::WHO_FIN_WAIT1,
        State::FIN_WAIT2 => messages::WHO_FIN_WAIT2,
        State::TIME_WAIT => messages::WHO_TIME_WAIT,
        State::CLOSE => messages::WHO_CLOSE,
        State::CLOSE_WAIT => messages::WHO_CLOSE_WAIT,
        State::LAST_ACK => messages::WHO_LAST_ACK,
        State::LISTEN => messages::WHO_LISTEN,
        State::CLOSING => messages::WHO_CLOSING,
        State::BOUND_INACTIVE => messages::WHO_BOUND_INACTIVE,
        _ => messages::WHO_UNNAMED,
    }
}

/// Why the number of other namespaces is unknown. A text never holds it: its title says so already.
fn namespaces_unknown(origin: DataOrigin) -> Option<Message> {
    match origin {
        DataOrigin::Kernel => Some(messages::NAMESPACES_UNREADABLE),
        DataOrigin::Recording { .. } => Some(messages::NAMESPACES_NOT_RECORDED),
        DataOrigin::Text(_) => None,
    }
}

/// Totals of the other protocols, and gaps.
fn footer(overview: &Overview, catalogue: &Catalogue, screen: &Screen) -> Vec<String> {
    // A text without a protocol is a choice of options, not a failure.
    let is_text = matches!(overview.origin, DataOrigin::Text(_));
    let mut parts: Vec<String> = [Protocol::Udp, Protocol::Unix, Protocol::Raw]
        .into_iter()
        .filter_map(|protocol| match overview.counted.protocol(protocol) {
            Some(sockets) => Some(format!("{} {}", protocol.name(), grouped(sockets, catalogue.lang()))),
            None if is_text => None,
            None => Some(catalogue.say(messages::PROTOCOL_UNREADABLE, &[("protocol", words(protocol.name()))])),
        })
        .collect();
    if overview.netns.len() > 1 {
        let count = |one: &NamespaceCount, screen: &Screen| {
            let label = match (&one.label, one.inode) {
                (Some(label), _) => visible(label.as_bytes(), screen.unicode),
                (None, Some(inode)) => format!("net:[{inode}]"),
                (None, None) => "?".to_owned(),
            };
            format!("{label} {}", grouped(one.sockets, catalogue.lang()))
        };
        let list: Vec<String> = overview.netns.iter().map(|one| count(one, screen)).collect();
        parts.push(catalogue.say(messages::NAMESPACE_COUNTS, &[("list", words(list.join(catalogue.lang().comma())))]));
    }
    let others = &overview.others;
    if others.count > 0 {
        parts.push(catalogue.say(messages::OTHER_NAMESPACES, &[("count", number(others.count))]));
    }
    match others.gap.as_ref().map(|gap| &gap.why) {
        Some(Why::OutOfReach(processes)) => {
            parts.push(catalogue.say(messages::NAMESPACES_OUT_OF_REACH, &[("count", number(*processes))]));
        }
        Some(Why::Denied(processes)) => {
            parts.push(catalogue.say(messages::HIDDEN_NAMESPACES, &[("count", number(*processes))]));
        }
        Some(_) => parts.extend(namespaces_unknown(overview.origin).map(|message| catalogue.text(message))),
        None => {}
    }
    parts
}
