//! `diff` for people.

use std::io::{self, Write};

use comfy_table::{Cell, CellAlignment, ContentArrangement, Row, Table, presets};

use super::{
    escape::visible,
    findings::{rule_words, subject::subject},
    group::{self, Users},
    json::time,
    screen::Screen,
};
use crate::{
    diff::{Diff, Moves},
    model::{finding::Finding, group::NamedKey},
    text::{Catalogue, Message, grouped, messages, words},
};

/// So many groups and counters are shown of each, unless all are asked for.
const SHOWN: usize = 10;

/// Writes what changed.
///
/// # Errors
/// As writing does.
pub fn write(
    out: &mut dyn Write,
    diff: &Diff,
    keys: &[NamedKey],
    users: &Users,
    catalogue: &Catalogue,
    screen: &Screen,
    all: bool,
) -> io::Result<()> {
    let name = |name: &str| visible(name.as_bytes(), screen.unicode);
    let end =
        |(host, at): &(crate::model::host::Host, std::time::SystemTime)| format!("{} {}", name(&host.name), time(*at));
    let span = match diff.between {
        Some(between) => format!("{:.1} s", between.as_secs_f64()),
        None => catalogue.text(messages::DIFF_BACKWARDS),
    };
    writeln!(out, "{}", [end(&diff.a), end(&diff.b), span].join(screen.separator()))?;
    writeln!(out)?;
    let seen = diff.states_seen();
    let states = diff.states.iter().filter(|one| seen.contains(&one.of));
    let rows = states.map(|one| (vec![one.of.to_string()], one.a, one.b)).collect::<Vec<_>>();
    table(out, &[catalogue.text(messages::KEY_STATE)], &rows, catalogue)?;
    if !keys.is_empty() {
        let headings: Vec<String> = keys.iter().map(|(_, key)| catalogue.text(group::heading(*key))).collect();
        let most = if all { usize::MAX } else { SHOWN };
        let text =
            |value| group::text(value, users).map_or_else(|| "-".to_owned(), |text| visible(&text, screen.unicode));
        let rows = diff.groups.iter().take(most).map(|one| (one.of.iter().map(text).collect(), one.a, one.b));
        writeln!(out)?;
        table(out, &headings, &rows.collect::<Vec<_>>(), catalogue)?;
    }
    writeln!(out)?;
    match &diff.sockets {
        Some(moves) => write_moves(out, moves, catalogue, screen)?,
        None => writeln!(out, "{}", catalogue.text(messages::DIFF_UNMATCHED))?,
    }
    let one = |finding: &Finding, what: Message| {
        let said = rule_words(finding.rule, catalogue, screen.unicode);
        let what = catalogue.text(what);
        let about = subject(finding, catalogue, screen.unicode);
        format!("{what} {} {}  {about}\n  {}", finding.severity.name(), finding.rule, said.say(&finding.title))
    };
    let mut lines: Vec<String> = diff.appeared.iter().map(|finding| one(finding, messages::DIFF_APPEARED)).collect();
    lines.extend(diff.gone.iter().map(|finding| one(finding, messages::DIFF_GONE)));
    for (before, after) in &diff.changed {
        let was = rule_words(before.rule, catalogue, screen.unicode).say(&before.title);
        let was = catalogue.say(messages::DIFF_WAS, &[("title", words(was))]);
        lines.push(format!("{}\n  {was}", one(after, messages::DIFF_CHANGED)));
    }
    for line in lines {
        writeln!(out, "\n{line}")?;
    }
    write_counters(out, diff, catalogue, all)
}

/// A table of what was and is.
fn table(
    out: &mut dyn Write,
    headings: &[String],
    rows: &[(Vec<String>, u64, u64)],
    catalogue: &Catalogue,
) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    let numbers = ["A".to_owned(), "B".to_owned(), catalogue.text(messages::DIFF_CHANGE)];
    table.set_header(Row::from(headings.iter().cloned().chain(numbers).map(Cell::new).collect::<Vec<_>>()));
    for (values, a, b) in rows {
        let sign = if b >= a { "+" } else { "-" };
        let change = if a == b { "0".to_owned() } else { format!("{sign}{}", grouped(a.abs_diff(*b))) };
        let numbers = [grouped(*a), grouped(*b), change];
        table.add_row(Row::from(values.iter().cloned().chain(numbers).map(Cell::new).collect::<Vec<_>>()));
    }
    let names = headings.len();
    table.column_iter_mut().enumerate().for_each(|(place, column)| {
        column.set_padding((0, 2));
        if place >= names {
            column.set_cell_alignment(CellAlignment::Right);
        }
    });
    for line in table.trim_fmt().lines() {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn write_moves(out: &mut dyn Write, moves: &Moves, catalogue: &Catalogue, screen: &Screen) -> io::Result<()> {
    let arrow = if screen.unicode { "→" } else { "->" };
    let of_state = |(state, sockets): (&crate::model::state::State, &u64)| format!("{state} {}", grouped(*sockets));
    let moved = moves.moved.iter().map(|((from, to), sockets)| format!("{from} {arrow} {to} {}", grouped(*sockets)));
    let lines: [(Message, Vec<String>); 3] = [
        (messages::DIFF_BORN, moves.born.iter().map(of_state).collect()),
        (messages::DIFF_DIED, moves.died.iter().map(of_state).collect()),
        (messages::DIFF_MOVED, moved.collect()),
    ];
    for (message, parts) in lines {
        let list = if parts.is_empty() { "0".to_owned() } else { parts.join(", ") };
        writeln!(out, "{}", catalogue.say(message, &[("list", words(list))]))?;
    }
    Ok(())
}

/// Those that rose fastest.
fn write_counters(out: &mut dyn Write, diff: &Diff, catalogue: &Catalogue, all: bool) -> io::Result<()> {
    let mut rates: Vec<(&str, f64)> =
        diff.counters.iter().filter_map(|one| Some((one.of.as_str(), diff.per_second(one)?))).collect();
    rates.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    if rates.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", catalogue.text(messages::DIFF_COUNTERS))?;
    let most = if all { usize::MAX } else { SHOWN };
    for (name, rate) in rates.iter().take(most) {
        writeln!(out, "  {name} {rate:.1}")?;
    }
    Ok(())
}
