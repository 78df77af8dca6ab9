//! The recordings of a flight recorder as a table.

use std::time::SystemTime;

use super::{json, prelude::*};

/// A recording of a flight recorder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Flight {
    /// When the finding was new.
    pub at: SystemTime,
    /// Its severity, by its word.
    pub severity: String,
    /// Its rule.
    pub rule: String,
    /// Whether it was written some time later.
    pub is_after: bool,
    /// Its size.
    pub bytes: u64,
    /// The name of the file.
    pub name: String,
}

/// Writes a line for each.
pub fn write(out: &mut dyn Write, flights: &[Flight], catalogue: &Catalogue, screen: &Screen) -> io::Result<()> {
    let mut table = TextTable::new([Layout::LEFT, Layout::LEFT, Layout::LEFT, Layout::RIGHT, Layout::LEFT]);
    let headings = [
        messages::COLUMN_TIME,
        messages::COLUMN_SEVERITY,
        messages::COLUMN_RULE,
        messages::COLUMN_BYTES,
        messages::COLUMN_FILE,
    ];
    table.heading(Style::new().bold(), headings.map(|message| catalogue.text(message)));
    for one in flights {
        let outside = |text: &str| visible(text.as_bytes(), screen.unicode);
        let rule = match one.is_after {
            true => catalogue.say(messages::FLIGHT_AFTER, &[("rule", words(outside(&one.rule)))]),
            false => outside(&one.rule),
        };
        let time = json::time(one.at).replace('T', " ");
        table.row([time, outside(&one.severity), rule, grouped(one.bytes, catalogue.lang()), outside(&one.name)]);
    }
    table.write(out, screen)
}
