//! The table of `counters`: groups under their headings, each counter with its figures and their meaning.

use super::{overview::whose, prelude::*};
use crate::{
    book::counters::{CounterBook, CounterText},
    model::{counter::CounterRow, host::Host},
    report::overview::DataOrigin,
    text::{
        layout::LONGEST_PROSE,
        rule::{decimal, duration},
    },
};

const BOLD: Style = Style::new().bold();
/// Blanks before the words of a counter.
const INDENT: usize = 6;

/// The table to show.
#[derive(Clone, Debug)]
pub struct CounterTable {
    /// Where and when.
    pub host: Host,
    /// Where the counters come from.
    pub origin: DataOrigin,
    /// Whether the counters are those of the host's first network namespace, which is as old as the host.
    pub is_initial_netns: bool,
    /// The time between two samples; `None` where there was one.
    pub seconds: Option<Duration>,
    /// The counters, group by group.
    pub rows: Vec<CounterRow>,
    /// How many are left out because they are 0 or did not change.
    pub hidden: usize,
    /// Whether each counter gets the conclusion from a rise; else only those that rose.
    pub detailed: bool,
}

/// Writes the counters.
pub fn write(
    out: &mut dyn Write,
    table: &CounterTable,
    book: &CounterBook,
    catalogue: &Catalogue,
    screen: &Screen,
) -> io::Result<()> {
    for line in wrapped(&title(table, catalogue, screen), screen.width) {
        writeln!(out, "{}", screen.styled(BOLD, &line))?;
    }
    let lines = figures(table, catalogue.lang(), screen);
    let mut lines = lines.iter();
    for (number, group) in book.groups().iter().enumerate() {
        let of_group = table.rows.iter().filter(|row| book.place(&row.counter.name).0 == number);
        for (at, (row, line)) in of_group.zip(&mut lines).enumerate() {
            if at == 0 {
                writeln!(out, "\n{}", screen.styled(BOLD, group.heading))?;
            }
            writeln!(out, "  {line}")?;
            let text = book.text(&row.counter.name);
            let is_proof = table.detailed || row.rise.is_some_and(|rise| rise > 0);
            for line in text.map(|text| said(text, is_proof, catalogue, screen)).unwrap_or_default() {
                writeln!(out, "{:INDENT$}{line}", "")?;
            }
        }
    }
    if table.hidden > 0 {
        let message = if table.seconds.is_some() { messages::COUNTERS_UNCHANGED } else { messages::COUNTERS_ZERO };
        let line = catalogue.say(message, &[("count", number(table.hidden as u64))]);
        writeln!(out)?;
        wrapped(&line, screen.width).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    Ok(())
}

fn title(table: &CounterTable, catalogue: &Catalogue, screen: &Screen) -> String {
    let since = match table.seconds {
        Some(time) => {
            let time = duration(time.max(Duration::from_millis(1)), catalogue.lang());
            Some(catalogue.say(messages::COUNTERS_RISE, &[("time", words(time))]))
        }
        // It may be a rise, or since boot.
        None if matches!(table.origin, DataOrigin::Text(_)) => None,
        None if table.is_initial_netns => Some(catalogue.text(messages::COUNTERS_SINCE_BOOT)),
        None => Some(catalogue.text(messages::COUNTERS_SINCE_NETNS)),
    };
    let mut parts = whose(&table.host, table.origin, catalogue, screen);
    parts.extend(since);
    parts.push(super::json::time(table.host.taken_at).replace('T', " "));
    parts.join(screen.separator())
}

/// A line for each counter: its name, its value, and with two samples the rise and the rate.
fn figures(table: &CounterTable, lang: Lang, screen: &Screen) -> Vec<String> {
    let digits = |value: i64| match u64::try_from(value) {
        // Scripts want plain digits; people want them grouped.
        Ok(value) if screen.terminal => grouped(value, lang),
        _ => value.to_string(),
    };
    let mut lines = TextTable::new([Layout::LEFT, Layout::RIGHT, Layout::RIGHT, Layout::RIGHT]);
    for row in &table.rows {
        let mut cells = vec![visible(row.counter.name.as_bytes(), screen.unicode), digits(row.counter.value)];
        if let Some(rise) = row.rise {
            cells.push(if rise < 0 { rise.to_string() } else { format!("+{}", digits(rise)) });
        }
        cells.extend(row.per_second.map(|rate| format!("{}/s", decimal(rate, lang))));
        lines.row(cells);
    }
    lines.lines(screen)
}

/// The meaning of a counter, and what a rise proves.
fn said(text: &CounterText, is_proof: bool, catalogue: &Catalogue, screen: &Screen) -> Vec<String> {
    let room = screen.width.min(LONGEST_PROSE).saturating_sub(INDENT);
    let rise = text.rise.as_ref().filter(|_| is_proof);
    let rise = rise.map(|rise| catalogue.say(messages::COUNTERS_PROOF, &[("what", words(without_code(rise)))]));
    [Some(without_code(&text.gloss)), rise].into_iter().flatten().flat_map(|line| wrapped(&line, room)).collect()
}

/// The marks of Markdown around names are for `explain`.
fn without_code(text: &str) -> String {
    text.replace('`', "")
}
