//! Which key does what, and where.

use super::keys::KeyPress;
use crate::text::{Message, messages};

/// The keys that sockets are grouped by, one after the other.
pub const GROUPS: [&str; 6] = ["state", "service", "proc", "lport", "unit", "peer/24"];

/// How far a text is scrolled, or the choice moved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pages {
    /// Lines.
    Lines(isize),
    /// Pages.
    Page(isize),
    /// To the beginning.
    Top,
    /// To the end.
    Bottom,
}

/// The action of a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Does {
    /// Leaves.
    Quit,
    /// Leaves and keeps the last frame.
    QuitKeeping,
    /// Shows the keys.
    Help,
    /// Back to the main page.
    Back,
    /// Chooses another line.
    Choose(isize),
    /// Scrolls.
    Scroll(Pages),
    /// Explains the selected row.
    Explain,
    /// Lists the sockets of the selected row.
    Sockets,
    /// Groups by the next key or the one before.
    Groups(isize),
    /// Begins a filter.
    Filter,
    /// Freezes the view, or plays a recording on.
    Freeze,
    /// Starts a new baseline.
    Rebase,
    /// Writes a recording.
    Write,
    /// Sorts states otherwise.
    Sort,
    /// A longer interval.
    Longer,
    /// A shorter interval.
    Shorter,
    /// The next sample of a recording, or the one before.
    Step(bool),
    /// The next sample with a change, or the one before.
    Jump(bool),
    /// Redraws everything.
    Redraw,
}

/// The kind of content of a page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PageKind {
    /// States, rates and incidents.
    Main,
    /// A list of groups.
    Groups,
    /// A text.
    Text,
}

/// Where a key is pressed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Context {
    /// The page.
    pub page: PageKind,
    /// Watching a recording.
    pub is_of_recording: bool,
}

/// Where a binding holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Where {
    Everywhere,
    Main,
    /// Where one of several lines can be chosen.
    List,
    Groups,
    /// Where there is something to go back from.
    Behind,
    Text,
    NotGroups,
    Live,
    Recording,
}

/// The action of some keys.
#[derive(Debug)]
pub struct Binding {
    /// The keys, for the help.
    pub keys: &'static str,
    /// The key for the last row; empty where it is not shown there.
    pub short: &'static str,
    /// Its description.
    pub about: Message,
    /// The action.
    pub does: Does,
    at: Where,
    pressed: &'static [(KeyPress, Does)],
}

/// The bindings in the order of the help.
const BINDINGS: &[Binding] = &[
    Binding {
        keys: "Up Down j k",
        short: "",
        about: messages::KEY_CHOOSE,
        does: Does::Choose(1),
        at: Where::List,
        pressed: &[
            (KeyPress::Up, Does::Choose(-1)),
            (KeyPress::Down, Does::Choose(1)),
            (KeyPress::Char('k'), Does::Choose(-1)),
            (KeyPress::Char('j'), Does::Choose(1)),
        ],
    },
    Binding {
        keys: "Up Down j k",
        short: "",
        about: messages::KEY_SCROLL,
        does: Does::Scroll(Pages::Lines(1)),
        at: Where::Text,
        pressed: &[
            (KeyPress::Up, Does::Scroll(Pages::Lines(-1))),
            (KeyPress::Down, Does::Scroll(Pages::Lines(1))),
            (KeyPress::Char('k'), Does::Scroll(Pages::Lines(-1))),
            (KeyPress::Char('j'), Does::Scroll(Pages::Lines(1))),
        ],
    },
    Binding {
        keys: "PgUp PgDn Home End",
        short: "",
        about: messages::KEY_PAGES,
        does: Does::Scroll(Pages::Page(1)),
        at: Where::Everywhere,
        pressed: &[
            (KeyPress::PageUp, Does::Scroll(Pages::Page(-1))),
            (KeyPress::PageDown, Does::Scroll(Pages::Page(1))),
            (KeyPress::Home, Does::Scroll(Pages::Top)),
            (KeyPress::End, Does::Scroll(Pages::Bottom)),
        ],
    },
    one("Enter", "Enter", messages::KEY_EXPLAIN, Does::Explain, Where::NotGroups, &[(KeyPress::Enter, Does::Explain)]),
    one(
        "Esc Backspace",
        "Esc",
        messages::KEY_BACK,
        Does::Back,
        Where::Behind,
        &[(KeyPress::Escape, Does::Back), (KeyPress::Backspace, Does::Back)],
    ),
    one("l", "l", messages::KEY_SOCKETS, Does::Sockets, Where::NotGroups, &[(KeyPress::Char('l'), Does::Sockets)]),
    one(
        "Enter l",
        "Enter",
        messages::KEY_SOCKETS,
        Does::Sockets,
        Where::Groups,
        &[(KeyPress::Enter, Does::Sockets), (KeyPress::Char('l'), Does::Sockets)],
    ),
    Binding {
        keys: "g G",
        short: "g",
        about: messages::KEY_GROUPS,
        does: Does::Groups(1),
        at: Where::Everywhere,
        pressed: &[(KeyPress::Char('g'), Does::Groups(1)), (KeyPress::Char('G'), Does::Groups(-1))],
    },
    one("/", "/", messages::KEY_FILTER, Does::Filter, Where::Everywhere, &[(KeyPress::Char('/'), Does::Filter)]),
    one(
        "Space f",
        "Space",
        messages::KEY_FREEZE,
        Does::Freeze,
        Where::Live,
        &[(KeyPress::Char(' '), Does::Freeze), (KeyPress::Char('f'), Does::Freeze)],
    ),
    one(
        "Space f",
        "Space",
        messages::KEY_PLAY,
        Does::Freeze,
        Where::Recording,
        &[(KeyPress::Char(' '), Does::Freeze), (KeyPress::Char('f'), Does::Freeze)],
    ),
    one(
        "Left Right",
        "Left Right",
        messages::KEY_STEP,
        Does::Step(false),
        Where::Recording,
        &[(KeyPress::Left, Does::Step(true)), (KeyPress::Right, Does::Step(false))],
    ),
    one(
        "n N",
        "n",
        messages::KEY_JUMP,
        Does::Jump(false),
        Where::Recording,
        &[(KeyPress::Char('n'), Does::Jump(false)), (KeyPress::Char('N'), Does::Jump(true))],
    ),
    one("r", "r", messages::KEY_REBASE, Does::Rebase, Where::Live, &[(KeyPress::Char('r'), Does::Rebase)]),
    one("w", "w", messages::KEY_WRITE, Does::Write, Where::Live, &[(KeyPress::Char('w'), Does::Write)]),
    one("s", "s", messages::KEY_SORT, Does::Sort, Where::Main, &[(KeyPress::Char('s'), Does::Sort)]),
    one("+ -", "", messages::KEY_INTERVAL, Does::Longer, Where::Live, INTERVAL_KEYS),
    one("+ -", "", messages::KEY_SPEED, Does::Longer, Where::Recording, INTERVAL_KEYS),
    one(
        "? h F1",
        "?",
        messages::KEY_HELP,
        Does::Help,
        Where::Everywhere,
        &[(KeyPress::Char('?'), Does::Help), (KeyPress::Char('h'), Does::Help), (KeyPress::F1, Does::Help)],
    ),
    one("Ctrl-L", "", messages::KEY_REDRAW, Does::Redraw, Where::Everywhere, &[(KeyPress::Ctrl('l'), Does::Redraw)]),
    one("q Ctrl-C", "q", messages::KEY_QUIT, Does::Quit, Where::Everywhere, &[(KeyPress::Char('q'), Does::Quit)]),
    one(
        "Q",
        "",
        messages::KEY_QUIT_KEEPING,
        Does::QuitKeeping,
        Where::Everywhere,
        &[(KeyPress::Char('Q'), Does::QuitKeeping)],
    ),
];

const INTERVAL_KEYS: &[(KeyPress, Does)] =
    &[(KeyPress::Char('+'), Does::Longer), (KeyPress::Char('='), Does::Longer), (KeyPress::Char('-'), Does::Shorter)];

const fn one(
    keys: &'static str,
    short: &'static str,
    about: Message,
    does: Does,
    at: Where,
    pressed: &'static [(KeyPress, Does)],
) -> Binding {
    Binding { keys, short, about, does, at, pressed }
}

/// The bindings that hold somewhere, in the order of the help.
pub fn bindings(context: Context) -> impl Iterator<Item = &'static Binding> + Clone {
    BINDINGS.iter().filter(move |one| match one.at {
        Where::Everywhere => true,
        Where::Main => context.page == PageKind::Main,
        Where::List => context.page != PageKind::Text,
        Where::Groups => context.page == PageKind::Groups,
        Where::Behind => context.page != PageKind::Main,
        Where::Text => context.page == PageKind::Text,
        Where::NotGroups => context.page != PageKind::Groups,
        Where::Live => !context.is_of_recording,
        Where::Recording => context.is_of_recording,
    })
}

/// The action of a key in a context.
pub fn of(context: Context, key: KeyPress) -> Option<Does> {
    let pressed = bindings(context).flat_map(|one| one.pressed);
    // Escape closes the help wherever it is.
    let escape = (key == KeyPress::Escape).then_some(Does::Back);
    pressed.clone().find(|(known, _)| *known == key).map(|(_, does)| *does).or(escape)
}
