//! `--help` in the catalogue's words.

use std::{collections::BTreeMap, ffi::OsString};

use clap::builder::StyledStr;

use super::{
    command::{Command, PROGRAM},
    declaration::{HELP, program_for},
    errors,
};
use crate::text::{
    Catalogue, Lang, Message,
    layout::{columns, wrapped},
    messages, value_name, words,
};

/// The surroundings that the texts of help and errors depend on.
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

/// Commands worth showing, with their purpose.
const EXAMPLES: &[(&str, Message)] = &[
    ("sockdoc", messages::EXAMPLE_OVERVIEW),
    ("sockdoc --json", messages::EXAMPLE_JSON),
    ("sockdoc check --for 5s", messages::EXAMPLE_CHECK),
    ("sockdoc watch -n 5 dport = :5432", messages::EXAMPLE_WATCH),
    ("sockdoc watch --json -c 10", messages::EXAMPLE_WATCH_JSON),
    ("sockdoc events dport = :5432", messages::EXAMPLE_EVENTS),
    ("sockdoc events --summary 10s --by service", messages::EXAMPLE_EVENTS_SUMMARY),
    ("sudo sockdoc events --states --summary 10s", messages::EXAMPLE_EVENTS_STATES),
    ("sockdoc explain close-wait-leak", messages::EXAMPLE_EXPLAIN),
    ("sockdoc explain time-wait", messages::EXAMPLE_TOPIC),
    ("sockdoc explain 10.0.0.5:5432", messages::EXAMPLE_STORY),
    ("sockdoc record --for 10s --redact -o incident.sockdoc", messages::EXAMPLE_RECORD),
    ("sockdoc record --on warning -o /var/lib/sockdoc", messages::EXAMPLE_FLIGHT),
    ("sockdoc check --from incident.sockdoc", messages::EXAMPLE_FROM),
    ("sockdoc check --nagios close-wait-leak accept-queue-full", messages::EXAMPLE_NAGIOS),
    ("sockdoc diff incident.sockdoc now --by service", messages::EXAMPLE_DIFF),
    ("sockdoc metrics -o /run/textfile/sockdoc.prom", messages::EXAMPLE_METRICS),
    ("sockdoc metrics --listen", messages::EXAMPLE_LISTEN),
    ("sockdoc counters --for 10s", messages::EXAMPLE_COUNTERS),
    ("sockdoc reach db:5432", messages::EXAMPLE_REACH),
    ("sockdoc kill close-wait and dport = :5432", messages::EXAMPLE_KILL),
    ("sockdoc count time-wait", messages::EXAMPLE_COUNT),
    ("sockdoc count established close-wait", messages::EXAMPLE_UNION),
    ("sockdoc count listen :8080 --until '> 0' --timeout 30s", messages::EXAMPLE_UNTIL),
    ("sockdoc -tlnp", messages::EXAMPLE_LIST),
    ("sockdoc list :443", messages::EXAMPLE_PORT),
    ("sockdoc list recvq gt 0 --sort recvq:desc", messages::EXAMPLE_MEASURE),
    ("sockdoc group --by \"lport state\" --top 10", messages::EXAMPLE_GROUP),
    ("sockdoc group --by service,direction close-wait", messages::EXAMPLE_DIRECTION),
    ("sockdoc ss -tanp", messages::EXAMPLE_SS),
    ("sockdoc netstat -rn", messages::EXAMPLE_NETSTAT),
    ("sockdoc completions bash > /etc/bash_completion.d/sockdoc", messages::EXAMPLE_COMPLETIONS),
    ("sockdoc man list | man -l -", messages::EXAMPLE_MAN),
];

/// The command that an example shows.
fn command_of(example: &str) -> &str {
    match example.split(' ').nth(1) {
        Some("-tlnp") => "list",
        Some(word) if !word.starts_with('-') => word,
        _ => PROGRAM,
    }
}

/// The meanings of a command's exit status.
const EXITS: [(&str, Option<Message>); 3] =
    [("0", Some(messages::MAN_EXIT_0)), ("1", None), ("2", Some(messages::MAN_EXIT_2))];

/// Only of this command a monitor asks for other statuses.
const CHECK: &str = "check";

/// The meaning of status 1 of these commands; no other command has it.
const FOUND: [(&str, Message); 6] = [
    (PROGRAM, messages::MAN_EXIT_1),
    (CHECK, messages::EXIT_CHECK),
    ("watch", messages::EXIT_WATCH),
    ("count", messages::EXIT_COUNT),
    ("reach", messages::EXIT_REACH),
    ("kill", messages::EXIT_KILL),
];

/// The examples of a command, or of all.
pub(super) fn examples_of(command: &str) -> impl Iterator<Item = (&'static str, Message)> {
    EXAMPLES.iter().copied().filter(move |(line, _)| command == PROGRAM || command_of(line) == command)
}

/// The exit statuses of a command, or of all.
pub(super) fn exits_of(command: &str) -> impl Iterator<Item = (&'static str, Message)> {
    let found = FOUND.iter().find(|(name, _)| *name == command).map(|(_, about)| *about);
    EXITS.into_iter().filter_map(move |(status, about)| Some((status, about.or(found)?)))
}

/// Whether a command has statuses for monitors.
pub(super) fn is_for_monitors(command: &str) -> bool {
    matches!(command, PROGRAM | CHECK)
}

/// clap's blanks before and between the columns of an option.
const MARGIN: usize = 4;

/// The help that the command line asks for by `-h` or `--help`, or the error.
pub(super) fn asked<T>(
    commands: &[Command<T>],
    line: impl Iterator<Item = OsString>,
    catalogue: &Catalogue,
    around: &Surroundings,
) -> Result<String, String> {
    let line: Vec<OsString> = line.collect();
    // After any other words, `-h` is the short form.
    let is_long = line.iter().any(|word| word.to_str().is_some_and(|word| word.starts_with("--h")));
    let is_asked = |name: &str| line.iter().any(|word| word == name);
    let mut program = shown(commands, is_asked, catalogue, around.width, is_long);
    match program.try_get_matches_from_mut(&line) {
        Err(error) if !error.use_stderr() => Ok(with_own_words(&painted(&error.render(), around.color), catalogue)),
        Err(error) => Err(errors::line(&error, ("", &[]), &program, false, catalogue, around.unicode)),
        Ok(_) => Err(catalogue.text(messages::ERROR_COMMAND_LINE)),
    }
}

/// Ends a colour.
const RESET: &str = "\u{1b}[0m";

/// Follows a Chinese character in clap's layout, which counts each character as one column.
const SECOND_COLUMN: char = '\u{200b}';

/// clap ends its headings with an ASCII colon, and says `[OPTIONS]` and `[alias: `; the catalogue has its own.
fn with_own_words(help: &str, catalogue: &Catalogue) -> String {
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
    let text = text.replace(SECOND_COLUMN, "").replace("[alias: ", &format!("[{} ", catalogue.text(messages::ALSO)));
    own_options(&text, catalogue)
}

/// `[OPTIONS]`, as clap has it in a usage, in the catalogue's language.
pub(super) fn own_options(usage: &str, catalogue: &Catalogue) -> String {
    usage.replacen("[OPTIONS]", &format!("[{}]", value_name("OPTIONS", catalogue.lang())), 1)
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

/// The declaration with the words of those commands that are asked about, laid out for a width.
fn shown<T>(
    commands: &[Command<T>],
    is_asked: impl Fn(&str) -> bool,
    catalogue: &Catalogue,
    width: usize,
    is_long: bool,
) -> clap::Command {
    let usage = catalogue.text(messages::USAGE);
    let blank = if usage.ends_with(':') { " " } else { "" };
    let template = format!("{usage}{blank}{{usage}}\n\n{{all-args}}{{after-help}}");
    let mut command = program_for(commands, Some(catalogue), is_asked);
    command.build();
    laid_out(command, &HelpLayout { template, width, catalogue, is_long })
}

/// How help is laid out.
struct HelpLayout<'a> {
    template: String,
    width: usize,
    catalogue: &'a Catalogue,
    /// `--help`: whole texts, examples and the exit status; else what `-h` says.
    is_long: bool,
}

/// Sets the template of a command and of all below it, and breaks their texts: clap breaks at blanks
/// only, of which Chinese has none.
fn laid_out(command: clap::Command, layout: &HelpLayout<'_>) -> clap::Command {
    let width = layout.width;
    // clap gives each heading its own column width.
    let mut longest: BTreeMap<Option<String>, usize> = BTreeMap::new();
    for argument in command.get_arguments() {
        let widest = longest.entry(argument.get_help_heading().map(str::to_owned)).or_default();
        *widest = argument_width(argument).max(*widest);
    }
    let subcommands = command.get_subcommands().map(|sub| columns(sub.get_name())).max().unwrap_or(0);
    let room_of_commands = width.saturating_sub(subcommands + MARGIN);
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let after = layout.after(command.get_name());
    let about = wrapped(&about, width).join("\n");
    command
        .after_help(after)
        .help_template(format!("{about}\n\n{}", layout.template))
        .term_width(0)
        .mut_args(|argument| {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            let heading = argument.get_help_heading().map(str::to_owned);
            let room = width.saturating_sub(longest.get(&heading).copied().unwrap_or(0) + MARGIN);
            let whole = wrapped(&help, room);
            let lines = if layout.is_long || whole.len() == 1 { whole } else { wrapped(short(&help), room) };
            let values: Vec<String> =
                argument.get_value_names().into_iter().flatten().map(|name| filled(name)).collect();
            let argument = argument.help(lines.join("\n"));
            if values.is_empty() { argument } else { argument.value_names(values) }
        })
        .mut_subcommands(|sub| {
            // Shown in the program's list of commands; the template has the text above the command's own help.
            let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
            laid_out(sub, layout).about(wrapped(&about, room_of_commands.min(width)).join("\n"))
        })
}

/// The name of a value with as many characters as it takes columns.
fn filled(name: &str) -> String {
    let wider = columns(name).saturating_sub(name.chars().count());
    name.chars().chain(std::iter::repeat_n(SECOND_COLUMN, wider)).collect()
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

/// The text of an option up to its first detail: a colon, a semicolon or a bracket.
fn short(help: &str) -> &str {
    let end = [": ", "; ", " [", "：", "；", "（"].iter().filter_map(|end| help.find(end)).min();
    end.and_then(|end| help.get(..end)).unwrap_or(help)
}

impl HelpLayout<'_> {
    /// The text below the options: examples and the exit status, or a reference to them.
    fn after(&self, command: &str) -> String {
        let catalogue = self.catalogue;
        if !self.is_long {
            let line = if command == PROGRAM { String::new() } else { format!(" {command}") };
            let more = catalogue.say(messages::HELP_MORE, &[("command", words(format!("{PROGRAM}{line} --help")))]);
            return wrapped(&more, self.width).join("\n");
        }
        let mut text = String::new();
        let mut entry = |indent: usize, term: &str, about: Message| {
            text.push_str(&format!("\n  {term}"));
            for line in wrapped(&catalogue.text(about), self.width.saturating_sub(indent)) {
                text.push_str(&format!("\n{:indent$}{line}", ""));
            }
        };
        for (line, about) in examples_of(command) {
            entry(6, line, about);
        }
        let mut all = match text.is_empty() {
            true => String::new(),
            false => format!("{}{text}\n\n", catalogue.text(messages::HEADING_EXAMPLES)),
        };
        all.push_str(&catalogue.text(messages::HEADING_EXIT));
        for (status, about) in exits_of(command).filter(|(status, _)| *status != "1" || command != PROGRAM) {
            let mut lines = wrapped(&catalogue.text(about), self.width.saturating_sub(5)).into_iter();
            all.push_str(&format!("\n  {status}  {}", lines.next().unwrap_or_default()));
            lines.for_each(|line| all.push_str(&format!("\n     {line}")));
        }
        if command != PROGRAM && is_for_monitors(command) {
            let nagios = wrapped(&catalogue.text(messages::MAN_EXIT_NAGIOS), self.width.saturating_sub(2));
            nagios.iter().for_each(|line| all.push_str(&format!("\n  {line}")));
        }
        all
    }
}
