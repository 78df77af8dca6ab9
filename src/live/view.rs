//! What the view shows and what keys do to it.

use anstyle::Style;

use super::{
    frame::Lines,
    keys::KeyPress,
    line::TypedLine,
    table::{self, Binding, Does, PageKind},
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
    /// A group, by the filter that takes its sockets.
    Group(String),
}

/// What is shown.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub enum ViewPage {
    /// States, rates and incidents.
    #[default]
    Main,
    /// All about a state or an incident.
    Detail(Choice),
    /// The sockets of a state, an incident or a group.
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
    /// In a recording, on to the next sample in which an incident changes, or back to the last one.
    Jump(bool),
    /// A screen that is painted anew.
    Redraw,
}

/// The text of a page.
#[derive(Clone, Default, Debug)]
pub struct PageText {
    /// The lines.
    pub lines: Vec<String>,
    /// What can be chosen: a line each, from the first of them on.
    pub choices: Vec<Choice>,
    /// The place of the line of the first choice.
    pub first: usize,
}

impl PageText {
    /// Without choices.
    pub fn of(lines: Vec<String>) -> PageText {
        PageText { lines, ..PageText::default() }
    }
}

/// What a frame is made of.
pub struct Scene<'a> {
    /// The sample that is shown.
    pub sample: &'a WatchSample,
    /// What the head says beside it.
    pub status: WatchStatus,
    /// The text of the page, where it is not the main one.
    pub text: &'a PageText,
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
    /// What is chosen on the main page, and among groups.
    chosen: [Option<Choice>; 2],
    /// The groups that a group's sockets were opened from.
    groups: usize,
    /// What could be chosen in the last frame, from top to bottom.
    items: Vec<Choice>,
    scroll: usize,
    /// How many lines the text had in the last frame, and rows for them.
    extent: (usize, usize),
    sort: SortBy,
    /// The filter that is being typed.
    typed: Option<TypedLine>,
    /// The filter that was typed last.
    last_typed: String,
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
    pub fn retype(&mut self, filter: &str) {
        self.typed = Some(TypedLine::of(filter));
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
            Does::Quit if was_helping => {}
            Does::Quit => return Some(ViewRequest::Quit),
            Does::QuitKeeping => return Some(ViewRequest::QuitKeeping),
            Does::Help => (self.is_helping, self.scroll) = (!was_helping, 0),
            Does::Back if was_helping => {}
            Does::Back => {
                let is_of_group = matches!(self.page, ViewPage::Sockets(Choice::Group(_)));
                self.page = if is_of_group { ViewPage::Groups(self.groups) } else { ViewPage::Main };
                return Some(ViewRequest::Open);
            }
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
                (self.scroll, self.chosen[1]) = (0, None);
                return Some(ViewRequest::Open);
            }
            Does::Filter => self.typed = Some(TypedLine::default()),
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
            Does::Jump(back) => return Some(ViewRequest::Jump(back)),
            Does::Redraw => return Some(ViewRequest::Redraw),
        }
        None
    }

    fn context(&self) -> table::Context {
        let page = match self.page {
            ViewPage::Main => PageKind::Main,
            ViewPage::Groups(_) => PageKind::Groups,
            _ => PageKind::Text,
        };
        table::Context { page, is_of_recording: self.is_of_recording }
    }

    /// What is chosen on this page.
    fn chosen(&mut self) -> &mut Option<Choice> {
        let [main, group] = &mut self.chosen;
        if matches!(self.page, ViewPage::Groups(_)) { group } else { main }
    }

    fn open(&mut self, page: fn(Choice) -> ViewPage) -> Option<ViewRequest> {
        let item = match &self.page {
            ViewPage::Detail(item) | ViewPage::Sockets(item) => item.clone(),
            _ => self.chosen().clone().or_else(|| self.items.first().cloned())?,
        };
        if let ViewPage::Groups(place) = self.page {
            self.groups = place;
        }
        self.scroll = 0;
        // Of a group there are the sockets alone.
        self.page = if matches!(item, Choice::Group(_)) { ViewPage::Sockets(item) } else { page(item) };
        Some(ViewRequest::Open)
    }

    fn type_filter(&mut self, key: KeyPress) -> Option<ViewRequest> {
        let typed = self.typed.as_mut()?;
        match key {
            KeyPress::Escape => {
                self.typed = None;
                return Some(ViewRequest::Filter(String::new()));
            }
            KeyPress::Enter => {
                let filter = self.typed.take()?.text();
                self.last_typed.clone_from(&filter);
                return Some(ViewRequest::Filter(filter));
            }
            KeyPress::Up => *typed = TypedLine::of(&self.last_typed),
            _ => typed.press(key),
        }
        None
    }

    /// The place of what is chosen among the lines.
    fn place(&mut self) -> Option<usize> {
        let chosen = self.chosen().clone()?;
        self.items.iter().position(|item| *item == chosen)
    }

    fn choose(&mut self, rows: isize) {
        let place = self.place();
        let last = self.items.len().saturating_sub(1);
        // The first step down chooses the first.
        let (from, rows) = place.map_or((0, rows.saturating_sub(1)), |place| (place, rows));
        *self.chosen() = self.items.get(from.saturating_add_signed(rows).min(last)).cloned();
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
        if self.context().page != PageKind::Text && !self.is_helping {
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

/// Columns of the mark before a line.
pub const MARK: usize = 2;

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
