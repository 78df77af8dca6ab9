//! What the view shows and what keys do to it.

use anstyle::Style;

use super::{
    frame::Lines,
    keys::KeyPress,
    table::{self, Binding, Does},
};
use crate::{
    model::state::State,
    render::{
        screen::Screen,
        watch::{self, WatchStatus},
    },
    report::trend::{StateTrend, WatchSample},
    text::{Catalogue, layout::columns, messages, number},
};

/// A smaller window shows nothing but that it is too small.
const LEAST: (usize, usize) = (20, 5);

/// Below so many rows the states share a line.
const LOW: usize = 8;

/// Rows that incidents have at least, where there are as many.
const INCIDENTS: usize = 4;

const REVERSED: Style = Style::new().invert();
const BOLD: Style = Style::new().bold();

/// What can be chosen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Choice {
    /// A state.
    State(State),
    /// An incident, by the id of its cause.
    Incident(String),
}

/// What is shown.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub enum ViewPage {
    /// States, rates and incidents.
    #[default]
    Main,
    /// All about a state or an incident.
    Detail(Choice),
    /// The sockets of a state or an incident.
    Sockets(Choice),
    /// The sockets by a key, whose place in the list is given.
    Groups(usize),
}

/// In which order states are shown.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
enum SortBy {
    #[default]
    Sockets,
    Change,
    Name,
}

/// What is left to whoever takes samples.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ViewRequest {
    /// The end.
    Quit,
    /// The end; the last frame is kept.
    QuitKeeping,
    /// The text of another page.
    Open,
    /// The view freezes or goes on.
    Freeze,
    /// Changes are reported from now on.
    Rebase,
    /// A recording of what is there.
    Write,
    /// Other sockets: the text of a filter.
    Filter(String),
    /// An interval twice as long.
    Longer,
    /// An interval half as long.
    Shorter,
    /// In a recording, one sample on, or back.
    Step(bool),
    /// In a recording, on to the next sample in which an incident changes.
    Jump,
}

/// What a frame is made of.
pub struct Scene<'a> {
    /// The sample that is shown.
    pub sample: &'a WatchSample,
    /// What the head says beside it.
    pub status: WatchStatus,
    /// The text of the page, where it is not the main one.
    pub text: &'a [String],
    /// The words.
    pub catalogue: &'a Catalogue,
    /// The screen.
    pub screen: Screen,
    /// Its rows.
    pub rows: usize,
}

/// The view: which page, what is chosen, how far it is scrolled.
#[derive(Default, Debug)]
pub struct View {
    page: ViewPage,
    chosen: Option<Choice>,
    /// What could be chosen in the last frame, from top to bottom.
    items: Vec<Choice>,
    scroll: usize,
    /// How many lines the text had in the last frame, and rows for them.
    extent: (usize, usize),
    sort: SortBy,
    /// The filter that is being typed.
    typed: Option<String>,
    /// What is wrong, or done; until the next key.
    notice: Vec<String>,
    is_helping: bool,
    is_of_recording: bool,
}

impl View {
    /// The view of a recording, or of this host.
    pub fn new(is_of_recording: bool) -> View {
        View { is_of_recording, ..View::default() }
    }

    /// What is shown.
    pub fn page(&self) -> &ViewPage {
        &self.page
    }

    /// Says something until the next key.
    pub fn say(&mut self, notice: &str) {
        self.notice = notice.lines().map(str::to_owned).collect();
    }

    /// A filter that could not be read can be mended.
    pub fn retype(&mut self, filter: String) {
        self.typed = Some(filter);
    }

    /// Heeds a key; what it asks for.
    pub fn press(&mut self, key: KeyPress) -> Option<ViewRequest> {
        self.notice.clear();
        if self.typed.is_some() {
            return self.type_filter(key);
        }
        let does = table::of(self.context(), key)?;
        let is_scroll = matches!(does, Does::Choose(_) | Does::Scroll(_));
        // Any other key leaves the help.
        let was_helping = self.is_helping;
        self.is_helping &= is_scroll;
        match does {
            Does::Quit => return Some(ViewRequest::Quit),
            Does::QuitKeeping => return Some(ViewRequest::QuitKeeping),
            Does::Help => (self.is_helping, self.scroll) = (!was_helping, 0),
            Does::Back if !was_helping => self.page = ViewPage::Main,
            Does::Back => {}
            Does::Choose(rows) => self.scroll_by(table::Pages::Lines(rows)),
            Does::Scroll(part) => self.scroll_by(part),
            Does::Explain => return self.open(ViewPage::Detail),
            Does::Sockets => return self.open(ViewPage::Sockets),
            Does::Groups(step) => {
                let count = table::GROUPS.len();
                self.page = ViewPage::Groups(match self.page {
                    ViewPage::Groups(place) => (place + count).saturating_add_signed(step) % count,
                    _ => 0,
                });
                self.scroll = 0;
                return Some(ViewRequest::Open);
            }
            Does::Filter => self.typed = Some(String::new()),
            Does::Sort => {
                self.sort = match self.sort {
                    SortBy::Sockets => SortBy::Change,
                    SortBy::Change => SortBy::Name,
                    SortBy::Name => SortBy::Sockets,
                }
            }
            Does::Freeze => return Some(ViewRequest::Freeze),
            Does::Rebase => return Some(ViewRequest::Rebase),
            Does::Write => return Some(ViewRequest::Write),
            Does::Longer => return Some(ViewRequest::Longer),
            Does::Shorter => return Some(ViewRequest::Shorter),
            Does::Step(back) => return Some(ViewRequest::Step(back)),
            Does::Jump => return Some(ViewRequest::Jump),
        }
        None
    }

    fn context(&self) -> table::Context {
        table::Context { is_main: self.page == ViewPage::Main, is_of_recording: self.is_of_recording }
    }

    fn open(&mut self, page: fn(Choice) -> ViewPage) -> Option<ViewRequest> {
        let item = match &self.page {
            ViewPage::Detail(item) | ViewPage::Sockets(item) => item.clone(),
            _ => self.chosen.clone().or_else(|| self.items.first().cloned())?,
        };
        (self.page, self.scroll) = (page(item), 0);
        Some(ViewRequest::Open)
    }

    fn type_filter(&mut self, key: KeyPress) -> Option<ViewRequest> {
        let typed = self.typed.as_mut()?;
        match key {
            KeyPress::Char(character) => typed.push(character),
            KeyPress::Backspace => drop(typed.pop()),
            KeyPress::Escape => {
                self.typed = None;
                return Some(ViewRequest::Filter(String::new()));
            }
            KeyPress::Enter => return self.typed.take().map(ViewRequest::Filter),
            _ => {}
        }
        None
    }

    fn choose(&mut self, rows: isize) {
        let place = self.chosen.as_ref().and_then(|chosen| self.items.iter().position(|item| item == chosen));
        let last = self.items.len().saturating_sub(1);
        // The first step down chooses the first.
        let (from, rows) = place.map_or((0, rows.saturating_sub(1)), |place| (place, rows));
        self.chosen = self.items.get(from.saturating_add_signed(rows).min(last)).cloned();
    }

    fn scroll_by(&mut self, pages: table::Pages) {
        let (lines, rows) = self.extent;
        let last = lines.saturating_sub(rows);
        let step = match pages {
            table::Pages::Lines(lines) => lines,
            table::Pages::Page(pages) => pages * rows.max(1).cast_signed(),
            table::Pages::Top => isize::MIN,
            table::Pages::Bottom => isize::MAX,
        };
        if self.page == ViewPage::Main && !self.is_helping {
            return self.choose(step);
        }
        self.scroll = self.scroll.saturating_add_signed(step).min(last);
    }

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
            _ => self.text(scene.text, room),
        });
        lines.resize(rows.saturating_sub(foot.len()), String::new());
        lines.extend(foot);
        lines
    }

    /// The filter that is typed, a notice, or the keys.
    fn foot(&self, scene: &Scene<'_>) -> Lines {
        let mut lines = self.notice.clone();
        if let Some(typed) = &self.typed {
            lines.push(format!("/{typed}{}", scene.screen.styled(REVERSED, " ")));
        }
        if lines.is_empty() {
            lines.push(keys_line(table::bindings(self.context()), scene));
        }
        lines
    }

    /// States, rates, incidents.
    fn main(&mut self, scene: &Scene<'_>, room: usize) -> Lines {
        let Scene { sample, catalogue, screen, .. } = scene;
        // The mark of what is chosen stands before the lines.
        let narrow = Screen { width: screen.width.saturating_sub(MARK), ..*screen };
        let mut states: Vec<StateTrend> = sample.states.clone();
        match self.sort {
            SortBy::Sockets => {}
            SortBy::Change => states.sort_by(|a, b| {
                let change = |one: &StateTrend| one.per_second.unwrap_or(0.0).abs();
                change(b).total_cmp(&change(a))
            }),
            SortBy::Name => states.sort_by_key(|one| one.row.state.map(|state| state.to_string())),
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
        // The chosen one is always seen.
        let chosen = self.chosen.as_ref().and_then(|chosen| self.items.iter().position(|item| item == chosen));
        let beyond = chosen.map_or(0, |place| (place + 1).saturating_sub(first + left));
        lines.extend(self.marked(incidents, first, screen).into_iter().skip(beyond).take(left));
        self.extent = (0, left);
        lines
    }

    /// Lines with the mark before the chosen one; the first is the item of this place.
    fn marked(&self, lines: Lines, first: usize, screen: &Screen) -> Lines {
        let is_chosen = |place: usize| self.chosen.is_some() && self.items.get(first + place) == self.chosen.as_ref();
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

/// Columns of the mark before a line.
const MARK: usize = 2;

/// The keys of a page in one line: the way out and the help always, the others as far as there is room.
fn keys_line<'a>(bindings: impl Iterator<Item = &'a Binding>, scene: &Scene<'_>) -> String {
    let text = |one: &Binding| format!("{} {}", one.short, scene.catalogue.text(one.about));
    let mut all: Vec<&Binding> = bindings.filter(|one| !one.short.is_empty()).collect();
    all.sort_by_key(|one| !matches!(one.does, Does::Quit | Does::Help));
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
