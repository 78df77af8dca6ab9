//! The command line: its declaration, and what was asked for as plain values.
//!
//! The only module that names clap. All its words come from the catalogue, which is parsed only when
//! they are shown.

mod declaration;
mod errors;
pub mod generate;
mod help;

use std::ffi::OsString;

use clap::{ArgMatches, error::ErrorKind};

use crate::{
    filter::{self, WordError},
    model::{
        family::{Family, Protocol},
        group::NamedKey,
        selection::Selection,
        state::{State, StateSet},
    },
    text::{Catalogue, Lang},
};

pub use declaration::{SHELLS, Shell, proc_root};

/// What to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// The overview.
    Overview {
        /// Also sockets that are bound and unused.
        bound_inactive: bool,
    },
    /// One integer.
    Count(Selection),
    /// Counts by keys.
    Group {
        /// Which sockets.
        selection: Selection,
        /// By what.
        keys: Vec<NamedKey>,
        /// Only so many groups.
        top: Option<usize>,
        /// Only groups of so many sockets.
        min: u64,
    },
    /// A completion script.
    Completions(Shell),
    /// The man page.
    Man,
}

/// How to print.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// For people.
    Table,
    /// One JSON document.
    Json,
    /// Comma-separated values.
    Csv,
}

/// When to use colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Color {
    /// On a terminal that takes it.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What the command line asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options {
    /// What to do.
    pub command: Command,
    /// How to print.
    pub format: Format,
    /// The language, if the locale is not to choose.
    pub lang: Option<Lang>,
    /// When to use colour.
    pub color: Color,
    /// Everything.
    pub verbose: bool,
}

/// What came of reading the command line.
#[derive(Debug)]
pub enum Parsed {
    /// Something to do.
    Run(Box<Options>),
    /// Text that was asked for: help or the version.
    Print(String),
    /// One line that says what is wrong.
    Wrong(String),
}

/// What the texts of help and errors depend on.
pub struct Surroundings {
    /// The language of the locale.
    pub lang: Lang,
    /// The width help is wrapped to.
    pub width: usize,
    /// Whether help may be coloured, unless `--color` says otherwise.
    pub color: bool,
    /// Whether the terminal takes other characters than ASCII.
    pub unicode: bool,
}

/// Reads the command line, without the program's name.
pub fn parse(arguments: &[OsString], around: &Surroundings) -> Parsed {
    let lang = asked(arguments, "--lang", &Lang::ALL).unwrap_or(around.lang);
    let color = match asked(arguments, "--color", &COLORS) {
        Some(Color::Always) => true,
        Some(Color::Never) => false,
        Some(Color::Auto) | None => around.color,
    };
    let around = &Surroundings { color, ..*around };
    let line = || std::iter::once(OsString::from("sockdoc")).chain(arguments.iter().cloned());
    let wrong = |error| Parsed::Wrong(errors::word(&error, &Catalogue::new(lang), around.unicode));
    match declaration::command(None).try_get_matches_from(line()) {
        Ok(matches) => match options(&matches) {
            Ok(Asked::Options(options)) => Parsed::Run(Box::new(options)),
            Ok(Asked::HelpFor(command)) => help::of(command.as_deref(), &Catalogue::new(lang), around),
            Err(error) => wrong(error),
        },
        Err(error) if error.kind() == ErrorKind::DisplayVersion => {
            Parsed::Print(format!("sockdoc {}\n", env!("CARGO_PKG_VERSION")))
        }
        Err(error) if error.kind() == ErrorKind::DisplayHelp => help::asked(line(), &Catalogue::new(lang), around),
        Err(error) => Parsed::Wrong(errors::line(&error, &Catalogue::new(lang), around.unicode)),
    }
}

/// The last valid value of an option, found before the rest is understood: errors and help already heed it.
fn asked<T: Copy>(arguments: &[OsString], option: &str, valid: &[(&str, T)]) -> Option<T> {
    let mut words = arguments.iter().map(|argument| argument.to_str().unwrap_or_default());
    let mut found = None;
    while let Some(word) = words.next() {
        let value = match word.split_once('=') {
            Some((name, value)) if name == option => Some(value),
            _ if word == option => words.next(),
            _ => None,
        };
        found = valid.iter().find(|(name, _)| Some(*name) == value).map(|(_, value)| *value).or(found);
    }
    found
}

const COLORS: [(&str, Color); 3] = [("auto", Color::Auto), ("always", Color::Always), ("never", Color::Never)];

enum Asked {
    Options(Options),
    HelpFor(Option<String>),
}

fn options(matches: &ArgMatches) -> Result<Asked, WordError> {
    let command = match matches.subcommand() {
        Some(("count", given)) => Command::Count(selection(given)?),
        Some(("group", given)) => Command::Group {
            selection: selection(given)?,
            keys: filter::keys::read(&words(given, "by"))?,
            top: given.get_one("top").copied(),
            min: given.get_one("min").copied().unwrap_or(0),
        },
        Some(("completions", given)) => Command::Completions(given.get_one("shell").copied().unwrap_or(Shell::Bash)),
        Some(("man", _)) => Command::Man,
        Some(("help", given)) => return Ok(Asked::HelpFor(given.get_one("command").cloned())),
        _ => Command::Overview { bound_inactive: matches.get_flag("bound-inactive") },
    };
    // Global options are seen from every command.
    let given = matches.subcommand().map_or(matches, |(_, given)| given);
    let format = match given.get_one::<String>("format").map(String::as_str) {
        _ if given.get_flag("json") => Format::Json,
        Some("json") => Format::Json,
        Some("csv") => Format::Csv,
        _ => Format::Table,
    };
    let lang = given.get_one::<String>("lang").map(String::as_str);
    let color = match given.get_one::<String>("color").map(String::as_str) {
        Some("always") => Color::Always,
        Some("never") => Color::Never,
        _ => Color::Auto,
    };
    Ok(Asked::Options(Options {
        command,
        format,
        lang: Lang::ALL.iter().find(|(name, _)| Some(*name) == lang).map(|(_, lang)| *lang),
        color,
        verbose: given.get_flag("verbose"),
    }))
}

/// Protocols, families and states of `count` and `group`.
fn selection(given: &ArgMatches) -> Result<Selection, WordError> {
    let states = words(given, "states");
    let asked = filter::states::union(&states)?;
    let mut selection = Selection::tcp(asked.without(State::BOUND_INACTIVE));
    selection.bound_inactive = given.get_flag("bound-inactive") || asked.contains(State::BOUND_INACTIVE);
    // `count -B` alone asks for all states and the unused ones; `count bound-inactive` for these only.
    if selection.states.is_empty() && states.is_empty() {
        selection.states = StateSet::ALL;
    }
    selection.family = match (given.get_flag("ipv4"), given.get_flag("ipv6")) {
        (true, true) => return Err(WordError::BothFamilies),
        (true, false) => Some(Family::Inet),
        (false, true) => Some(Family::Inet6),
        (false, false) => None,
    };
    let protocols: Vec<Protocol> =
        Protocol::OVERVIEW.into_iter().filter(|protocol| given.get_flag(declaration::flag(*protocol))).collect();
    if let (&[Protocol::Unix], Some(family)) = (protocols.as_slice(), selection.family) {
        return Err(WordError::UnixFamily(if family == Family::Inet { "-4" } else { "-6" }));
    }
    Ok(selection.with_protocols(&protocols))
}

fn words(given: &ArgMatches, name: &str) -> Vec<String> {
    given.get_many::<String>(name).into_iter().flatten().cloned().collect()
}
