//! The state of the view, and the effect of keys on it.

mod draw;

use super::{
    keys::KeyPress,
    line::TypedLine,
    table::{self, Does, PageKind},
};
use crate::{
    model::state::State,
    render::{screen::Screen, watch::WatchStatus},
    report::trend::WatchSample,
    text::Catalogue,
};

/// Columns of the mark before a line.
pub const MARK: usize = 2;

/// A row that can be selected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Choice {
    /// A state.
    State(State),
    /// An incident, by the id of its cause.
    Incident(String),
    /// A group, by the filter that takes its sockets.
    Group(String),
}

/// The page.
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

/// A request to the caller, which takes the samples.
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
    /// Write a recording of this state.
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
    /// Redraw the screen.
    Redraw,
}

/// The text of a page.
#[derive(Clone, Default, Debug)]
pub struct PageText {
    /// The lines.
    pub lines: Vec<String>,
    /// The rows that can be selected: one line each, from the first of them on.
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

/// The parts of a frame.
pub struct Scene<'a> {
    /// The sample that is shown.
    pub sample: &'a WatchSample,
    /// The state that the head shows beside the sample.
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

/// The view: its page, selection and scroll position.
#[derive(Default, Debug)]
pub struct View {
    page: ViewPage,
    /// The selected row of the main page, and of the groups.
    chosen: [Option<Choice>; 2],
    /// The groups that a group's sockets were opened from.
    groups: usize,
    /// The rows of the last frame, from top to bottom.
    items: Vec<Choice>,
    scroll: usize,
    /// How many lines the text had in the last frame, and rows for them.
    extent: (usize, usize),
    sort: SortBy,
    /// The filter that is being typed.
    typed: Option<TypedLine>,
    /// The filter that was typed last.
    last_typed: String,
    /// An error or a result, shown until the next key.
    notice: Vec<String>,
    is_helping: bool,
    is_of_recording: bool,
}

impl View {
    /// The view of a recording, or of this host.
    pub fn new(is_of_recording: bool) -> View {
        View { is_of_recording, ..View::default() }
    }

    /// The page.
    pub fn page(&self) -> &ViewPage {
        &self.page
    }

    /// Says something until the next key.
    pub fn say(&mut self, notice: &str) {
        self.notice = notice.lines().map(str::to_owned).collect();
    }

    /// Returns an unparsable filter to its line, for correction.
    pub fn retype(&mut self, filter: &str) {
        self.typed = Some(TypedLine::of(filter));
    }

    /// Handles a key; returns its request.
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

    /// The selection on this page.
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

    /// The line of the selection.
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
}
