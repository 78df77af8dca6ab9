//! The command line: its declaration, and what was asked for as plain values.
//!
//! The only module that names clap. All its words come from the catalogue, which is parsed only when
//! they are shown.

pub mod check;
mod declaration;
pub mod diff;
mod errors;
pub mod explain;
pub mod generate;
mod help;
pub mod list;
pub mod record;

use std::ffi::OsString;

use clap::{ArgMatches, error::ErrorKind};

use self::{
    check::{CheckOptions, Look},
    diff::DiffOptions,
    explain::ExplainOptions,
    list::ListOptions,
    record::RecordOptions,
};
use crate::{
    filter::{self, WordError},
    model::{
        family::{Family, Protocol},
        group::NamedKey,
        selection::Selection,
        state::StateSet,
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
        /// How closely the rules look.
        look: Look,
    },
    /// The findings.
    Check(Box<CheckOptions>),
    /// What there is to read.
    Explain(ExplainOptions),
    /// A recording of what there is.
    Record(RecordOptions),
    /// What changed between two looks.
    Diff(DiffOptions),
    /// One integer.
    Count(Wanted),
    /// The sockets.
    List(Box<ListOptions>),
    /// Counts by keys.
    Group {
        /// Which sockets.
        wanted: Wanted,
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
    /// One JSON document for each row.
    JsonLines,
    /// Comma-separated values.
    Csv,
}

/// The formats by the word of `--format`.
const FORMATS: [(&str, Format); 4] =
    [("table", Format::Table), ("json", Format::Json), ("jsonl", Format::JsonLines), ("csv", Format::Csv)];

impl Format {
    /// The word of `--format`.
    pub fn name(self) -> &'static str {
        FORMATS.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }
}

/// Which sockets `count` and `group` are asked about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// Tables, family, and whether unused bound sockets count.
    pub selection: Selection,
    /// The words of the filter.
    pub filter: Vec<String>,
    /// `-F`: a file with more of it, `-` for standard input.
    pub filter_file: Option<String>,
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
    /// Which network namespace: a name, `pid:N`, a path, or `all`.
    pub netns: Option<String>,
    /// `--from`: a file in place of the kernel.
    pub from: Option<String>,
    /// `--save`: where what was seen is kept.
    pub save: Option<String>,
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
    let arguments = &with_command(arguments);
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

/// Whether a command line is a monitor's, however wrong it is: that reads its answer on stdout.
pub fn is_for_nagios(arguments: &[OsString]) -> bool {
    let has = |wanted: &str| arguments.iter().any(|argument| argument == wanted);
    has("check") && has("--nagios")
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
        Some(("count", given)) => Command::Count(wanted(given)?),
        Some(("list", given)) => Command::List(Box::new(list::read(given)?)),
        Some(("group", given)) => Command::Group {
            wanted: wanted(given)?,
            keys: filter::keys::read(&words(given, "by"))?,
            top: given.get_one("top").copied(),
            min: given.get_one("min").copied().unwrap_or(0),
        },
        Some(("check", given)) => Command::Check(Box::new(check::read(given))),
        Some(("explain", given)) => Command::Explain(explain::read(given)),
        Some(("diff", given)) => Command::Diff(diff::read(given)?),
        Some(("record", given)) => Command::Record(record::read(given)),
        Some(("completions", given)) => Command::Completions(given.get_one("shell").copied().unwrap_or(Shell::Bash)),
        Some(("man", _)) => Command::Man,
        Some(("help", given)) => return Ok(Asked::HelpFor(given.get_one("command").cloned())),
        _ => Command::Overview { bound_inactive: matches.get_flag("bound-inactive"), look: check::read_look(matches) },
    };
    // Global options are seen from every command.
    let given = matches.subcommand().map_or(matches, |(_, given)| given);
    let named = given.get_one::<String>("format").map(String::as_str);
    let format = match FORMATS.iter().find(|(name, _)| Some(*name) == named) {
        _ if given.get_flag("json") => Format::Json,
        Some((_, format)) => *format,
        None => Format::Table,
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
        verbose: given.try_get_one::<bool>("verbose").ok().flatten().copied().unwrap_or(false),
        netns: given.get_one::<String>("netns").cloned(),
        from: given.get_one::<String>("from").cloned(),
        save: given.try_get_one::<String>("save").ok().flatten().cloned(),
    }))
}

/// Protocols, families and filter of `count` and `group`.
fn wanted(given: &ArgMatches) -> Result<Wanted, WordError> {
    let mut selection = Selection::tcp(StateSet::ALL);
    selection.bound_inactive = given.get_flag("bound-inactive");
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
    Ok(Wanted {
        selection: selection.with_protocols(&protocols),
        filter: words(given, "words"),
        filter_file: given.get_one::<String>("filter").cloned(),
    })
}

/// Puts `list` before the options of `ss` and `netstat` where no command is named: `sockdoc -tlnp`.
fn with_command(arguments: &[OsString]) -> Vec<OsString> {
    let texts = || arguments.iter().map(|argument| argument.to_str().unwrap_or_default());
    let declared = declaration::command(None);
    let is_command = |word: &str| declared.get_subcommands().any(|sub| sub.get_name() == word);
    // `-B` alone is the overview's; options of every command do not tell.
    let asks_for_list = texts().any(|word| list::is_list_option(word) && !matches!(word, "-B" | "--bound-inactive"));
    let mut all = arguments.to_vec();
    if asks_for_list && !texts().any(is_command) {
        all.insert(0, OsString::from("list"));
    }
    all
}

fn words(given: &ArgMatches, name: &str) -> Vec<String> {
    given.get_many::<String>(name).into_iter().flatten().cloned().collect()
}
