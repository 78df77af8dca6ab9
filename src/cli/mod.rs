//! The command line: the options of each command, parsed to plain values.
//!
//! The only module that names clap. All its words come from the catalogue, and are loaded only when they are shown. A
//! command is a file here, whose options are its `CommandOptions`; `app` runs it and has the list of all.

pub mod check;
mod command;
mod common;
pub mod completions;
pub mod count;
pub mod counters;
mod declaration;
pub mod diff;
mod errors;
pub mod events;
pub mod explain;
pub mod generate;
pub mod getopt;
pub mod group;
mod help;
pub mod kill;
pub mod list;
pub mod man;
pub mod manual;
pub mod metrics;
pub mod netstat;
pub mod options;
pub mod overview;
mod prelude;
pub mod reach;
pub mod record;
pub mod sockets;
pub mod ss;
pub mod watch;

use std::{ffi::OsString, mem::ManuallyDrop, path::PathBuf};

use clap::{ArgMatches, error::ErrorKind, parser::ValueSource};

use self::{
    command::{PROGRAM, ReadLine, Refusal},
    common::COLORS,
    declaration::HELP,
    options::Given,
};
use crate::{
    render::format::Format,
    text::{Catalogue, Lang},
};

pub use self::{
    command::{Command, CommandOptions, LineOptions},
    common::{Color, Options},
    help::Surroundings,
};

/// The result of parsing a command line.
#[derive(Debug)]
pub enum Invocation<T> {
    /// Something to do, and how.
    Run(T, Box<Options>),
    /// Text that was asked for: help or the version.
    Print(String),
    /// An error of one line.
    Wrong(String),
}

/// Reads the command line, without the program's name.
pub fn parse<T>(commands: &[Command<T>], arguments: &[OsString], around: &Surroundings) -> Invocation<T> {
    let arguments = &with_language(arguments);
    let lang = asked(arguments, "--lang", &Lang::ALL).unwrap_or(around.lang);
    let color = match asked(arguments, "--color", &COLORS) {
        Some(Color::Always) => true,
        Some(Color::Never) => false,
        Some(Color::Auto) | None => around.color,
    };
    let around = &Surroundings { color, ..*around };
    if let Some((command, read, line)) = of_program(commands, arguments) {
        let Some(task) = read(line) else {
            // After any other words, `-h` is the short form.
            let is_long = texts(line).any(|word| word.starts_with("--h"));
            let line = [PROGRAM, command, if is_long { "--help" } else { "-h" }].map(OsString::from);
            let text = help::asked(commands, line.into_iter(), &Catalogue::new(lang), around);
            return text.map_or_else(Invocation::Wrong, Invocation::Print);
        };
        let lang = asked(arguments, "--lang", &Lang::ALL);
        return Invocation::Run(task, Box::new(Options { lang, color: Color::Never, ..Options::default() }));
    }
    let arguments = &with_command(commands, arguments);
    let line = || std::iter::once(OsString::from(PROGRAM)).chain(arguments.iter().cloned());
    let print = |text: Result<String, String>| text.map_or_else(Invocation::Wrong, Invocation::Print);
    let is_given = |name: &str| texts(arguments).any(|word| word == name);
    let program = declaration::program_of(commands, texts(arguments).next(), is_given);
    // Both are given back with the process: their hundreds of pieces would take as long as a tenth of the reading.
    let mut program = ManuallyDrop::new(program);
    match program.try_get_matches_from_mut(line()).map(ManuallyDrop::new) {
        Ok(matches) => match matches.subcommand() {
            Some((HELP, given)) => {
                let command = given.get_one::<String>("command").map(String::as_str);
                print(help::of(commands, command, &Catalogue::new(lang), around))
            }
            _ => match read(commands, &program, &matches) {
                Ok((task, options)) => Invocation::Run(task, Box::new(options)),
                Err(refusal) => Invocation::Wrong(errors::refusal(&refusal, &Catalogue::new(lang), around.unicode)),
            },
        },
        Err(error) if error.kind() == ErrorKind::DisplayVersion => {
            Invocation::Print(format!("{PROGRAM} {}\n", env!("CARGO_PKG_VERSION")))
        }
        Err(error) if error.kind() == ErrorKind::DisplayHelp => {
            print(help::asked(commands, line(), &Catalogue::new(lang), around))
        }
        Err(error) => {
            let named = texts(arguments).find(|word| is_command(commands, word)).unwrap_or_default();
            let of_program = if named.is_empty() { PROGRAM } else { named };
            let formats = commands.iter().find(|command| command.name == of_program).map_or(&[][..], |one| one.formats);
            // With all commands, it says what may be meant.
            let all = declaration::program_for(commands, None, is_given).try_get_matches_from(line());
            let error = all.err().unwrap_or(error);
            let program = declaration::program(commands, None);
            Invocation::Wrong(errors::line(
                &error,
                (named, formats),
                &program,
                texts(arguments).any(errors::is_of_lsof),
                &Catalogue::new(lang),
                around.unicode,
            ))
        }
    }
}

/// The command that stands for another program, if it is the first word, and its command line. Only options for
/// language and colour may precede it.
fn of_program<'a, T>(
    commands: &[Command<T>],
    arguments: &'a [OsString],
) -> Option<(&'static str, ReadLine<T>, &'a [OsString])> {
    let mut rest = arguments;
    loop {
        let (first, behind) = rest.split_first()?;
        let first = first.to_str()?;
        if let Some(command) = commands.iter().find(|command| command.name == first) {
            return Some((command.name, command.read_line?, behind));
        }
        rest = match first.split_once('=').map_or(first, |(name, _)| name) {
            "--lang" | "--color" if first.contains('=') => behind,
            "--lang" | "--color" => behind.split_first()?.1,
            _ => return None,
        };
    }
}

/// Whether a command line is a monitor's, however wrong it is: that reads its answer on stdout.
pub fn is_for_nagios(arguments: &[OsString]) -> bool {
    let has = |wanted: &str| arguments.iter().any(|argument| argument == wanted);
    has("check") && has("--nagios")
}

/// Where `/proc` is, if it is not there: the variable that `ss` reads too.
pub fn proc_root(variable: &dyn Fn(&str) -> Option<String>) -> Option<PathBuf> {
    variable("PROC_ROOT").filter(|path| !path.is_empty()).map(PathBuf::from)
}

fn texts(arguments: &[OsString]) -> impl Iterator<Item = &str> {
    arguments.iter().map(|argument| argument.to_str().unwrap_or_default())
}

/// The last valid value of an option, found before the rest is understood: errors and help already heed it.
fn asked<T: Copy>(arguments: &[OsString], option: &str, valid: &[(&str, T)]) -> Option<T> {
    let mut words = texts(arguments);
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

/// Reads the options of the command that is named, or of the program.
fn read<T>(commands: &[Command<T>], program: &clap::Command, matches: &ArgMatches) -> Result<(T, Options), Refusal> {
    let (name, own) = matches.subcommand().unwrap_or((PROGRAM, matches));
    let Some(command) = commands.iter().find(|command| command.name == name) else {
        return Err(Refusal::Command(name.to_owned()));
    };
    let declared = program.find_subcommand(name).unwrap_or(program);
    for id in matches.ids().filter(|id| matches.value_source(id.as_str()) == Some(ValueSource::CommandLine)) {
        if !declared.get_arguments().any(|argument| argument.get_id() == id) {
            return Err(Refusal::Option { option: format!("--{id}"), command: command.name });
        }
    }
    let given = &Given { own, before: matches };
    if let Some(format) = given.text("format").filter(|format| given.flag("json") && format != Format::Json.name()) {
        return Err(Refusal::Formats(format));
    }
    let options = Options::read(given);
    Ok(((command.read)(given, options.format)?, options))
}

fn is_command<T>(commands: &[Command<T>], word: &str) -> bool {
    word == HELP || word != PROGRAM && commands.iter().any(|command| command.name == word)
}

/// Replaces the name of a locale after `--lang`: `--lang zh_CN.UTF-8` is `--lang zh`.
fn with_language(arguments: &[OsString]) -> Vec<OsString> {
    let mut all = arguments.to_vec();
    for place in 0..all.len() {
        let word = all.get(place).and_then(|word| word.to_str());
        let (at, before, value) = match word.map(|word| word.strip_prefix("--lang")) {
            Some(Some("")) => (place + 1, "", all.get(place + 1).and_then(|value| value.to_str())),
            Some(Some(rest)) => (place, "--lang=", rest.strip_prefix('=')),
            _ => continue,
        };
        let word = value.and_then(Lang::of_locale).map(|lang| format!("{before}{}", lang.name()));
        if let (Some(place), Some(word)) = (all.get_mut(at), word) {
            *place = word.into();
        }
    }
    all
}

/// Puts `list` before the options of `ss` and `netstat` where no command is named: `sockdoc -tlnp`.
fn with_command<T>(commands: &[Command<T>], arguments: &[OsString]) -> Vec<OsString> {
    // `-B` alone is the overview's; options of every command do not tell.
    let asks_for_list =
        texts(arguments).any(|word| list::is_list_option(word) && !matches!(word, "-B" | "--bound-inactive"));
    let mut all = arguments.to_vec();
    // The habit of `netstat -c`: alone it is the command that shows again and again.
    let is_continuous = |word: &str| matches!(word, "-c" | "--continuous");
    if let Some(place) = texts(arguments).position(is_continuous)
        && !asks_for_list
        && !texts(arguments).any(|word| is_command(commands, word))
        && let Some(word) = all.get_mut(place)
    {
        *word = OsString::from(watch::WatchOptions::NAME);
    }
    if asks_for_list && !texts(arguments).any(|word| is_command(commands, word)) {
        all.insert(0, OsString::from(list::ListOptions::NAME));
    }
    all
}
