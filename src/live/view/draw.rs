//! The lines of a frame.

use anstyle::Style;

use super::{Choice, MARK, PageText, Scene, SortBy, View, ViewPage};
use crate::{
    live::{
        frame::Lines,
        table::{self, Binding, Does},
    },
    model::sorted,
    render::{screen::Screen, watch},
    report::trend::StateTrend,
    text::{layout::columns, messages, number},
};

/// A smaller window shows nothing but that it is too small.
const LEAST: (usize, usize) = (20, 5);

/// With fewer rows the states share a line.
const LOW: usize = 8;

/// Rows that incidents have at least, where there are as many.
const INCIDENTS: usize = 4;

const REVERSED: Style = Style::new().invert();
const BOLD: Style = Style::new().bold();

impl View {
    /// The lines of a frame, one for each row.
    pub fn draw(&mut self, scene: &Scene<'_>) -> Lines {
        let (width, rows) = (scene.screen.width, scene.rows);
        if width < LEAST.0 || rows < LEAST.1 {
            let values = [("columns", number(LEAST.0 as u64)), ("rows", number(LEAST.1 as u64))];
            let text = scene.catalogue.say(messages::WATCH_TOO_SMALL, &values);
            return crate::text::layout::wrapped(&text, width).into_iter().take(rows).collect();
        }
        let mut head = watch::head(scene.sample, &scene.status, scene.catalogue, &scene.screen);
        head.truncate(if rows < 10 { 1 } else { 2 });
        let mut lines: Lines = head.iter().map(|line| scene.screen.styled(BOLD, line)).collect();
        let mut foot = self.foot(scene);
        foot.truncate(rows / 2);
        let room = rows.saturating_sub(lines.len() + foot.len());
        lines.extend(match self.page {
            _ if self.is_helping => self.text(&self.help(scene), room),
            ViewPage::Main => self.main(scene, room),
            ViewPage::Groups(_) => self.group_lines(scene, room),
            _ => self.text(&scene.text.lines, room),
        });
        lines.resize(rows.saturating_sub(foot.len()), String::new());
        lines.extend(foot);
        lines
    }

    /// The filter that is typed, a notice, or the keys.
    fn foot(&self, scene: &Scene<'_>) -> Lines {
        let mut lines = self.notice.clone();
        if let Some(typed) = &self.typed {
            lines.push(typed.line(&scene.screen));
        }
        if lines.is_empty() {
            lines.push(keys_line(table::bindings(self.context()), scene));
        }
        lines
    }

    /// States, rates, incidents.
    fn main(&mut self, scene: &Scene<'_>, room: usize) -> Lines {
        let Scene { sample, catalogue, screen, .. } = scene;
        // The mark of the selection precedes the lines.
        let narrow = Screen { width: screen.width.saturating_sub(MARK), ..*screen };
        let mut states: Vec<StateTrend> = sample.states.clone();
        match self.sort {
            SortBy::Sockets => {}
            SortBy::Change => sorted::sort_by(&mut states, |a, b| {
                let change = |one: &StateTrend| one.per_second.unwrap_or(0.0).abs();
                change(b).total_cmp(&change(a))
            }),
            SortBy::Name => sorted::sort_by_key(&mut states, |one| one.row.state.map(|state| state.to_string())),
        }
        let mut rates = screen.joined(&watch::rates(sample, catalogue));
        let incidents = watch::incidents(sample, catalogue, &narrow);
        let items = sample.incidents.iter().map(|one| Choice::Incident(one.cause.id.clone()));
        if room < LOW - 2 {
            let counts = states.iter().filter_map(|one| Some((one.row.state?.to_string(), one.row.tally.sockets)));
            let counts: Vec<String> = counts
                .map(|(name, count)| format!("{name} {}", crate::text::grouped(count, catalogue.lang())))
                .collect();
            let mut lines: Lines = screen.joined(&counts).into_iter().take(room.saturating_sub(1)).collect();
            self.items = items.collect();
            lines.extend(self.marked(incidents, 0, screen).into_iter().take(room - lines.len()));
            return lines;
        }
        let is_roomy = room > states.len() + rates.len() + incidents.len().min(INCIDENTS) + 3;
        if !is_roomy {
            rates.truncate(1);
        }
        let taken = 1 + rates.len() + incidents.len().min(INCIDENTS);
        watch::most(&mut states, room.saturating_sub(taken).max(2));
        self.items = states.iter().filter_map(|one| one.row.state).map(Choice::State).chain(items).collect();
        let mut table = watch::states(&states, catalogue, &narrow);
        let mut lines = vec![format!("{:MARK$}{}", "", table.remove(0))];
        lines.extend(self.marked(table, 0, screen));
        lines.extend(is_roomy.then(String::new));
        lines.extend(rates);
        lines.extend(is_roomy.then(String::new));
        let first = states.iter().filter(|one| one.row.state.is_some()).count();
        let left = room.saturating_sub(lines.len());
        if incidents.is_empty() {
            lines.extend(Some(catalogue.text(messages::VERDICT_NOTHING)).filter(|_| left > 0));
        }
        lines.extend(self.seen(incidents, first, left, screen));
        lines
    }

    /// A list of groups: its head, and as many of its lines as there is room for.
    fn group_lines(&mut self, scene: &Scene<'_>, room: usize) -> Lines {
        let PageText { lines, choices, first } = scene.text;
        self.items.clone_from(choices);
        let (head, groups) = lines.split_at_checked(*first).unwrap_or_default();
        let mut shown: Lines = head.iter().take(room).cloned().collect();
        if let Some(heading) = shown.last_mut() {
            heading.insert_str(0, &" ".repeat(MARK));
        }
        let left = room.saturating_sub(shown.len());
        shown.extend(self.seen(groups.to_vec(), 0, left, &scene.screen));
        shown
    }

    /// As many lines as there is room for, with the mark; the chosen one is always seen.
    fn seen(&mut self, lines: Lines, first: usize, room: usize, screen: &Screen) -> Lines {
        let beyond = self.place().map_or(0, |place| (place + 1).saturating_sub(first + room));
        self.extent = (0, room);
        self.marked(lines, first, screen).into_iter().skip(beyond).take(room).collect()
    }

    /// Lines with the mark before the chosen one; the first is the item of this place.
    fn marked(&mut self, lines: Lines, first: usize, screen: &Screen) -> Lines {
        let chosen = self.place();
        let is_chosen = |place: usize| chosen == Some(first + place);
        let mark = |(place, line): (usize, String)| match is_chosen(place) {
            true => screen.styled(REVERSED, &format!("> {}", plain(&line))),
            false => format!("{:MARK$}{line}", ""),
        };
        lines.into_iter().enumerate().map(mark).collect()
    }

    /// The text of a page, as far as it is scrolled.
    fn text(&mut self, text: &[String], room: usize) -> Lines {
        self.extent = (text.len(), room);
        self.scroll = self.scroll.min(text.len().saturating_sub(room));
        text.iter().skip(self.scroll).take(room).cloned().collect()
    }

    /// The keys that do something here.
    fn help(&self, scene: &Scene<'_>) -> Lines {
        let bindings = table::bindings(self.context());
        let widest = bindings.clone().map(|one| columns(one.keys)).max().unwrap_or(0);
        let line = |one: &Binding| format!("  {:widest$}  {}", one.keys, scene.catalogue.text(one.about));
        bindings.map(line).collect()
    }
}

/// The keys of a page in one line: the way out and the help always, the others as far as there is room.
fn keys_line<'a>(bindings: impl Iterator<Item = &'a Binding>, scene: &Scene<'_>) -> String {
    let text = |one: &Binding| format!("{} {}", one.short, scene.catalogue.text(one.about));
    let mut all: Vec<&Binding> = bindings.filter(|one| !one.short.is_empty()).collect();
    sorted::sort_by_key(&mut all, |one| !matches!(one.does, Does::Quit | Does::Help));
    let mut line = String::new();
    for text in all.into_iter().map(text) {
        let next = if line.is_empty() { text } else { format!("{line}  {text}") };
        if columns(&next) > scene.screen.width {
            break;
        }
        line = next;
    }
    scene.screen.styled(BOLD, &line)
}

/// A line without its colours.
fn plain(line: &str) -> String {
    let mut parts = line.split("\x1b[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |line, part| line + part.split_once('m').map_or(part, |(_, rest)| rest))
}
