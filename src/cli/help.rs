//! `--help` in the catalogue's words.

use std::ffi::OsString;

use clap::builder::StyledStr;

use super::{
    command::{Command, PROGRAM},
    declaration::{HELP, program},
    errors,
};
use crate::text::{
    Catalogue, Lang, Message,
    layout::{columns, wrapped},
    messages,
};

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

/// Commands worth showing, with what they are good for.
pub(super) const EXAMPLES: &[(&str, Message)] = &[
    ("sockdoc", messages::EXAMPLE_OVERVIEW),
    ("sockdoc --json", messages::EXAMPLE_JSON),
    ("sockdoc check --for 5s", messages::EXAMPLE_CHECK),
    ("sockdoc explain close-wait-leak", messages::EXAMPLE_EXPLAIN),
    ("sockdoc explain time-wait", messages::EXAMPLE_TOPIC),
    ("sockdoc explain 10.0.0.5:5432", messages::EXAMPLE_STORY),
    ("sockdoc record --for 10s --redact -o incident.sockdoc", messages::EXAMPLE_RECORD),
    ("sockdoc check --from incident.sockdoc", messages::EXAMPLE_FROM),
    ("sockdoc diff incident.sockdoc now --by service", messages::EXAMPLE_DIFF),
    ("sockdoc count time-wait", messages::EXAMPLE_COUNT),
    ("sockdoc count established close-wait", messages::EXAMPLE_UNION),
    ("sockdoc -tlnp", messages::EXAMPLE_LIST),
    ("sockdoc list :443", messages::EXAMPLE_PORT),
    ("sockdoc list recvq gt 0 --sort recvq:desc", messages::EXAMPLE_MEASURE),
    ("sockdoc group --by \"lport state\" --top 10", messages::EXAMPLE_GROUP),
    ("sockdoc group --by service,direction close-wait", messages::EXAMPLE_DIRECTION),
];

/// What clap puts before and between the columns of an option.
const MARGIN: usize = 4;

/// The help that the command line asks for by `-h` or `--help`, or what is wrong with it.
pub(super) fn asked<T>(
    commands: &[Command<T>],
    line: impl Iterator<Item = OsString>,
    catalogue: &Catalogue,
    around: &Surroundings,
) -> Result<String, String> {
    let mut program = shown(commands, catalogue, around.width);
    match program.try_get_matches_from_mut(line) {
        Err(error) if !error.use_stderr() => Ok(with_colons(&painted(&error.render(), around.color), catalogue)),
        Err(error) => Err(errors::line(&error, "", &program, catalogue, around.unicode)),
        Ok(_) => Err(catalogue.text(messages::ERROR_COMMAND_LINE)),
    }
}

/// What ends a colour.
const RESET: &str = "\u{1b}[0m";

/// clap ends its headings with an ASCII colon; Chinese has its own.
fn with_colons(help: &str, catalogue: &Catalogue) -> String {
    let colon = catalogue.text(messages::COLON);
    let mut text = String::with_capacity(help.len());
    for line in help.lines() {
        // A coloured heading ends in the code that ends its colour.
        let (line, end) = line.strip_suffix(RESET).map_or((line, ""), |line| (line, RESET));
        match line.strip_suffix(':') {
            Some(heading) if !heading.starts_with(' ') => text.extend([heading, &colon, end]),
            _ => text.extend([line, end]),
        }
        text.push('\n');
    }
    text
}

/// The help of a command, or of the program.
pub(super) fn of<T>(
    commands: &[Command<T>],
    name: Option<&str>,
    catalogue: &Catalogue,
    around: &Surroundings,
) -> Result<String, String> {
    let is_known = |name: &str| name == HELP || commands.iter().any(|command| command.name == name);
    match name {
        Some(name) if !is_known(name) => Err(errors::unknown_command(name, catalogue, around.unicode)),
        name => {
            let name = name.filter(|name| *name != PROGRAM);
            let line = [PROGRAM].into_iter().chain(name).chain(["--help"]).map(OsString::from);
            asked(commands, line, catalogue, around)
        }
    }
}

fn painted(text: &StyledStr, color: bool) -> String {
    if color { text.ansi().to_string() } else { text.to_string() }
}

/// The declaration with all its words, laid out for a width.
fn shown<T>(commands: &[Command<T>], catalogue: &Catalogue, width: usize) -> clap::Command {
    let usage = catalogue.text(messages::USAGE);
    let blank = if usage.ends_with(':') { " " } else { "" };
    let template = format!("{{about-with-newline}}\n{usage}{blank}{{usage}}\n\n{{all-args}}{{after-help}}");
    let mut command = program(commands, Some(catalogue)).after_help(examples(catalogue, width));
    command.build();
    laid_out(command, &template, width)
}

/// Sets the template of a command and of all below it, and breaks their texts: clap breaks at blanks
/// only, of which Chinese has none.
fn laid_out(command: clap::Command, template: &str, width: usize) -> clap::Command {
    let longest = command.get_arguments().map(argument_width).max().unwrap_or(0);
    let room = width.saturating_sub(longest + MARGIN);
    let subcommands = command.get_subcommands().map(|sub| columns(sub.get_name())).max().unwrap_or(0);
    let room_of_commands = width.saturating_sub(subcommands + MARGIN);
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    command
        .about(wrapped(&about, width).join("\n"))
        .help_template(template.to_owned())
        .term_width(0)
        .mut_args(|argument| {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            argument.help(wrapped(&help, room).join("\n"))
        })
        .mut_subcommands(|sub| {
            // Shown below the program's name, next to the others, and above the command's own help.
            let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
            laid_out(sub, template, width).about(wrapped(&about, room_of_commands.min(width)).join("\n"))
        })
}

/// How wide clap writes an argument: `  -B, --bound-inactive`, `      --format <FMT>`, `      --in-words[=<WHEN>]`,
/// `  [STATE]...`.
fn argument_width(argument: &clap::Arg) -> usize {
    let value = argument.get_value_names().into_iter().flatten().map(|name| columns(name) + 2).sum::<usize>();
    match argument.get_long() {
        Some(long) => {
            let value = match argument.get_action().takes_values() {
                true if argument.is_require_equals_set() => value + "[=]".len(),
                true => value + 1,
                false => 0,
            };
            "-x, --".len() + columns(long) + value
        }
        None => value + "...".len(),
    }
}

fn examples(catalogue: &Catalogue, width: usize) -> String {
    let mut text = catalogue.text(messages::HEADING_EXAMPLES);
    for (line, about) in EXAMPLES {
        text.push_str(&format!("\n  {line}"));
        for line in wrapped(&catalogue.text(*about), width.saturating_sub(6)) {
            text.push_str(&format!("\n      {line}"));
        }
    }
    text
}
