//! The clap declaration: every command, option and argument once.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, builder::PossibleValuesParser, value_parser};

use crate::{
    model::family::Protocol,
    text::{Catalogue, Lang, Message, messages},
};

/// The shells that completions are written for.
pub type Shell = clap_complete::Shell;

/// All of them, by the word on the command line.
pub const SHELLS: [(&str, Shell); 5] = [
    ("bash", Shell::Bash),
    ("elvish", Shell::Elvish),
    ("fish", Shell::Fish),
    ("powershell", Shell::PowerShell),
    ("zsh", Shell::Zsh),
];

/// The words a declaration is made with: none at all where it only reads arguments.
#[derive(Clone, Copy)]
pub(super) struct Words<'a>(Option<&'a Catalogue>);

impl Words<'_> {
    pub(super) fn text(self, message: Message) -> String {
        self.0.map(|catalogue| catalogue.text(message)).unwrap_or_default()
    }
}

/// The whole command line.
pub(super) fn command(catalogue: Option<&Catalogue>) -> Command {
    let words = Words(catalogue);
    let command = Command::new("sockdoc")
        .version(env!("CARGO_PKG_VERSION"))
        .about(words.text(messages::ABOUT))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .infer_long_args(true)
        .args_override_self(true)
        .subcommand_help_heading(words.text(messages::HEADING_COMMANDS))
        .arg(bound_inactive(words))
        .args(super::check::look(words))
        .arg(super::record::save(words))
        .arg(verbose(words))
        .args(global(words))
        .arg(
            flag_of("version", Some('V'), words, messages::OPTION_VERSION, messages::HEADING_OUTPUT)
                .action(ArgAction::Version),
        );
    [
        count(words),
        group(words),
        super::list::declaration(words),
        super::check::declaration(words),
        super::explain::declaration(words),
        super::record::declaration(words),
        super::diff::declaration(words),
        completions(words),
        man(words),
        help(words),
    ]
    .into_iter()
    .fold(command, |command, sub| command.subcommand(sub.disable_help_flag(true).args_override_self(true)))
}

fn count(words: Words<'_>) -> Command {
    Command::new("count")
        .about(words.text(messages::COMMAND_COUNT))
        .args(filter(words))
        .args(selection(words))
        .arg(verbose(words))
}

fn group(words: Words<'_>) -> Command {
    let heading = words.text(messages::HEADING_GROUPS);
    let number = |name: &'static str, message| {
        Arg::new(name).long(name).value_name("N").help(words.text(message)).help_heading(heading.clone())
    };
    Command::new("group")
        .about(words.text(messages::COMMAND_GROUP))
        .arg(
            Arg::new("by")
                .long("by")
                .value_name("KEYS")
                .required(true)
                .action(ArgAction::Append)
                .help(words.text(messages::OPTION_BY))
                .help_heading(heading.clone()),
        )
        .arg(number("top", messages::OPTION_TOP).value_parser(value_parser!(usize)))
        .arg(number("min", messages::OPTION_MIN).value_parser(value_parser!(u64)))
        .args(filter(words))
        .args(selection(words))
        .arg(verbose(words))
}

fn completions(words: Words<'_>) -> Command {
    let shells: Vec<&str> = SHELLS.iter().map(|(name, _)| *name).collect();
    Command::new("completions").about(words.text(messages::COMMAND_COMPLETIONS)).arg(
        Arg::new("shell")
            .value_name("SHELL")
            .required(true)
            .hide_possible_values(true)
            .value_parser(clap::builder::TypedValueParser::map(PossibleValuesParser::new(shells), |name: String| {
                SHELLS.iter().find(|(known, _)| *known == name).map_or(Shell::Bash, |(_, shell)| *shell)
            }))
            .help(words.text(messages::ARGUMENT_SHELL))
            .help_heading(words.text(messages::HEADING_ARGUMENTS)),
    )
}

fn man(words: Words<'_>) -> Command {
    Command::new("man").about(words.text(messages::COMMAND_MAN))
}

fn help(words: Words<'_>) -> Command {
    Command::new("help").about(words.text(messages::COMMAND_HELP)).arg(
        Arg::new("command")
            .value_name("COMMAND")
            .help(words.text(messages::ARGUMENT_COMMAND))
            .help_heading(words.text(messages::HEADING_ARGUMENTS)),
    )
}

/// The words of the filter, and a file with more of them.
pub(super) fn filter(words: Words<'_>) -> [Arg; 2] {
    let heading = words.text(messages::HEADING_SOCKETS);
    [
        Arg::new("words")
            .value_name("FILTER")
            .num_args(0..)
            .help(words.text(messages::ARGUMENT_FILTER))
            .help_heading(heading.clone()),
        Arg::new("filter")
            .short('F')
            .long("filter")
            .value_name("FILE")
            .help(words.text(messages::HELP_FILTER_FILE))
            .help_heading(heading),
    ]
}

pub(super) fn verbose(words: Words<'_>) -> Arg {
    flag_of("verbose", Some('v'), words, messages::OPTION_VERBOSE, messages::HEADING_OUTPUT)
}

/// The option that selects a protocol.
pub(super) fn flag(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
        Protocol::Raw => "raw",
        _ => "unix",
    }
}

fn selection(words: Words<'_>) -> Vec<Arg> {
    let heading = messages::HEADING_SOCKETS;
    vec![
        flag_of(flag(Protocol::Tcp), Some('t'), words, messages::OPTION_TCP, heading),
        flag_of(flag(Protocol::Udp), Some('u'), words, messages::OPTION_UDP, heading),
        flag_of(flag(Protocol::Raw), Some('w'), words, messages::OPTION_RAW, heading),
        flag_of(flag(Protocol::Unix), Some('x'), words, messages::OPTION_UNIX, heading),
        flag_of("ipv4", Some('4'), words, messages::OPTION_IPV4, heading),
        flag_of("ipv6", Some('6'), words, messages::OPTION_IPV6, heading),
        bound_inactive(words),
    ]
}

fn bound_inactive(words: Words<'_>) -> Arg {
    flag_of("bound-inactive", Some('B'), words, messages::OPTION_BOUND_INACTIVE, messages::HEADING_SOCKETS)
}

/// The options that every command takes.
fn global(words: Words<'_>) -> Vec<Arg> {
    let heading = messages::HEADING_OUTPUT;
    let choice = |name: &'static str, value: &'static str, choices: &[&'static str], message| {
        Arg::new(name)
            .long(name)
            .value_name(value)
            .value_parser(PossibleValuesParser::new(choices.to_vec()))
            .hide_possible_values(true)
            .help(words.text(message))
            .help_heading(words.text(heading))
            .global(true)
    };
    let languages = Lang::ALL.map(|(name, _)| name);
    vec![
        flag_of("json", None, words, messages::OPTION_JSON, heading).global(true),
        choice("format", "FMT", &["table", "json", "jsonl", "csv"], messages::OPTION_FORMAT),
        choice("lang", "LANG", &languages, messages::OPTION_LANG),
        choice("color", "WHEN", &["auto", "always", "never"], messages::OPTION_COLOR),
        Arg::new("netns")
            .long("netns")
            .short('N')
            .alias("net")
            .value_name("NAME")
            .help(words.text(messages::OPTION_NETNS))
            .help_heading(words.text(messages::HEADING_SOCKETS))
            .global(true),
        Arg::new("from")
            .long("from")
            .value_name("FILE")
            .help(words.text(messages::HELP_FROM))
            .help_heading(words.text(messages::HEADING_SOCKETS))
            .global(true),
        flag_of("help", Some('h'), words, messages::OPTION_HELP, heading).action(ArgAction::Help).global(true),
    ]
}

pub(super) fn flag_of(
    name: &'static str,
    short: Option<char>,
    words: Words<'_>,
    help: Message,
    heading: Message,
) -> Arg {
    let flag =
        Arg::new(name).long(name).action(ArgAction::SetTrue).help(words.text(help)).help_heading(words.text(heading));
    match short {
        Some(short) => flag.short(short),
        None => flag,
    }
}

/// Where `/proc` is, if it is not there: the variable that `ss` reads too.
pub fn proc_root(variable: &dyn Fn(&str) -> Option<String>) -> Option<PathBuf> {
    variable("PROC_ROOT").filter(|path| !path.is_empty()).map(PathBuf::from)
}
