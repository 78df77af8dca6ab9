//! Options shared by commands: output and input.

use clap::{Arg, ArgAction, builder::PossibleValuesParser};

use super::options::{Given, Words, flag, value};
use crate::{
    filter::states,
    model::{engine::Engine, state::State},
    render::format::Format,
    text::{Lang, messages},
};

/// The command line besides the options of its command.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Options {
    /// How to print.
    pub format: Format,
    /// The language, if the locale is not to choose.
    pub lang: Option<Lang>,
    /// When to use colour.
    pub color: Color,
    /// Everything.
    pub verbose: bool,
    /// `-r`: names of hosts may be asked for.
    pub resolve: bool,
    /// Which network namespace: a name, `pid:N`, a path, or `all`.
    pub netns: Option<String>,
    /// `--engine`: which of the kernel's interfaces are asked.
    pub engine: Engine,
    /// `--from`: a file instead of the kernel.
    pub from: Option<String>,
    /// `--capture`: which capture of a text, from 1; the last where it is not said.
    pub capture: Option<u64>,
    /// `--partial`: a text may have rows that are not understood.
    pub partial: bool,
    /// The one state that a filter names, which rows of a text without a column for it are in.
    pub stated: Option<State>,
    /// `--save`: the file for the samples.
    pub save: Option<String>,
    /// The files besides that of `--from` that are read: a filter, a configuration.
    pub reads: Vec<String>,
    /// `--force`: a file that is written may take the place of another one.
    pub force: bool,
}

/// When to use colour.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Color {
    /// On a terminal that takes it.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// When to use colour, by the word of `--color`.
pub(super) const COLORS: [(&str, Color); 3] =
    [("auto", Color::Auto), ("always", Color::Always), ("never", Color::Never)];

/// `--json` and `--format`, for a command that has these formats.
pub(super) fn formats(words: Words<'_>, formats: &[Format]) -> Vec<Arg> {
    if formats.is_empty() {
        return Vec::new();
    }
    let heading = messages::HEADING_OUTPUT;
    let names = words.listing(messages::OPTION_FORMAT, formats.iter().map(|format| format.name()));
    vec![
        flag("json", None, words, messages::OPTION_JSON, heading),
        // Accepts every format here, so that the error for one that the command lacks names the command.
        choice(value("format", "FMT", words, messages::OPTION_FORMAT, heading).help(names), &Format::ALL),
    ]
}

/// The options of every command.
pub(super) fn everywhere(words: Words<'_>) -> [Arg; 3] {
    let heading = messages::HEADING_OUTPUT;
    [
        choice(value("lang", "LANG", words, messages::OPTION_LANG, heading), &Lang::ALL),
        choice(value("color", "WHEN", words, messages::OPTION_COLOR, heading), &COLORS),
        flag("help", Some('h'), words, messages::OPTION_HELP, heading).action(ArgAction::Help),
    ]
}

/// `--engine`.
pub(super) fn engine(words: Words<'_>) -> Arg {
    choice(value("engine", "ENGINE", words, messages::OPTION_ENGINE, messages::HEADING_SOCKETS), &Engine::ALL)
}

/// One of some words; the text of the option names them.
fn choice<V>(argument: Arg, words: &[(&'static str, V)]) -> Arg {
    let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    argument.value_parser(PossibleValuesParser::new(words)).hide_possible_values(true)
}

impl Options {
    pub(super) fn read(given: &Given<'_>) -> Options {
        Options {
            format: match chosen(given, "format", &Format::ALL) {
                _ if given.flag("json") => Format::Json,
                format => format.unwrap_or(Format::Table),
            },
            lang: chosen(given, "lang", &Lang::ALL),
            color: chosen(given, "color", &COLORS).unwrap_or(Color::Auto),
            verbose: given.flag("verbose"),
            resolve: given.flag("resolve"),
            netns: given.text("netns"),
            engine: chosen(given, "engine", &Engine::ALL).unwrap_or_default(),
            from: given.text("from"),
            capture: given.one("capture"),
            partial: given.flag("partial"),
            stated: states::only(&given.words("words")),
            save: given.text("save"),
            reads: ["filter", "config"].into_iter().filter_map(|name| given.text(name)).collect(),
            force: given.flag("force"),
        }
    }
}

/// The value of a word.
fn chosen<V: Copy>(given: &Given<'_>, name: &str, words: &[(&str, V)]) -> Option<V> {
    let word = given.text(name)?;
    words.iter().find(|(known, _)| *known == word).map(|(_, value)| *value)
}
