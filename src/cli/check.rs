//! The options of `check`, and of how closely the rules look.

use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command, builder::PossibleValuesParser};

use super::declaration::{Words, flag_of};
use crate::{
    model::finding::Severity,
    text::{Message, messages},
};

/// How closely the rules look.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Look {
    /// `--for`: two looks, so far apart.
    pub wait: Option<Duration>,
    /// `--deep`: what costs more, too.
    pub deep: bool,
}

/// What `check` prints.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Output {
    /// The findings.
    #[default]
    Findings,
    /// The rules and their thresholds.
    Rules,
    /// One line for a monitor.
    Nagios,
    /// Kernel settings as a shell script.
    Script,
    /// Kernel settings as a file for `/etc/sysctl.d`.
    DropIn,
}

/// What `check` was asked for; names are not looked up yet.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct CheckOptions {
    /// The rules to check; all where none is named.
    pub rules: Vec<String>,
    /// The rules to leave out.
    pub ignore: Vec<String>,
    /// `RULE.NAME=VALUE`.
    pub set: Vec<String>,
    /// A file of settings in place of the usual ones.
    pub config: Option<String>,
    /// The severity that makes the run fail.
    pub fail_on: Option<Severity>,
    /// Whether a rule that could not be checked makes it fail, too.
    pub fail_on_unchecked: bool,
    /// How closely to look.
    pub look: Look,
    /// What to print.
    pub output: Output,
}

/// The severities of `--fail-on`.
const FAIL_ON: [Severity; 3] = [Severity::Critical, Severity::Warning, Severity::Notice];

/// The options that say what to print.
const PRINTS: [(&str, Output, Message); 4] = [
    ("list", Output::Rules, messages::OPTION_LIST_RULES),
    ("nagios", Output::Nagios, messages::OPTION_NAGIOS),
    ("script", Output::Script, messages::OPTION_SCRIPT),
    ("sysctl-d", Output::DropIn, messages::OPTION_SYSCTL_D),
];

/// `--for` and `--deep`.
pub(super) fn look(words: Words<'_>) -> [Arg; 2] {
    let heading = words.text(messages::HEADING_RULES);
    [
        Arg::new("for")
            .long("for")
            .value_name("DURATION")
            .value_parser(duration)
            .help(words.text(messages::OPTION_FOR))
            .help_heading(heading),
        flag_of("deep", None, words, messages::OPTION_DEEP, messages::HEADING_RULES),
    ]
}

/// A bare number is seconds.
pub(super) fn duration(text: &str) -> Result<Duration, humantime::DurationError> {
    match text.parse::<u32>() {
        Ok(seconds) => Ok(Duration::from_secs(seconds.into())),
        Err(_) => humantime::parse_duration(text),
    }
}

/// The declaration of `check`.
pub(super) fn declaration(words: Words<'_>) -> Command {
    let heading = words.text(messages::HEADING_RULES);
    let value = |name: &'static str, value: &'static str, help: Message| {
        Arg::new(name).long(name).value_name(value).help(words.text(help)).help_heading(heading.clone())
    };
    let rules = |name, help| value(name, "RULES", help).action(ArgAction::Append).value_delimiter(',');
    let prints = PRINTS.map(|(name, _, help)| {
        let others: Vec<&str> = PRINTS.iter().map(|(other, ..)| *other).filter(|other| *other != name).collect();
        flag_of(name, None, words, help, messages::HEADING_OUTPUT).conflicts_with_all(others)
    });
    Command::new("check")
        .about(words.text(messages::COMMAND_CHECK))
        .arg(
            Arg::new("rules")
                .value_name("RULE")
                .num_args(0..)
                .help(words.text(messages::ARGUMENT_RULE))
                .help_heading(heading.clone()),
        )
        .arg(rules("only", messages::OPTION_ONLY))
        .arg(rules("ignore", messages::OPTION_IGNORE))
        .args(look(words))
        .arg(super::record::save(words))
        .arg(value("set", "RULE.NAME=VALUE", messages::OPTION_SET).action(ArgAction::Append))
        .arg(value("config", "FILE", messages::OPTION_CONFIG))
        .arg(
            value("fail-on", "SEVERITY", messages::OPTION_FAIL_ON)
                .value_parser(PossibleValuesParser::new(FAIL_ON.map(Severity::name)))
                .hide_possible_values(true),
        )
        .arg(flag_of("fail-on-unchecked", None, words, messages::OPTION_FAIL_ON_UNCHECKED, messages::HEADING_RULES))
        .args(prints)
        .arg(super::declaration::verbose(words))
}

/// How closely to look.
pub(super) fn read_look(given: &ArgMatches) -> Look {
    Look { wait: given.get_one::<Duration>("for").copied(), deep: given.get_flag("deep") }
}

/// What was asked for.
pub(super) fn read(given: &ArgMatches) -> CheckOptions {
    let many = |name: &str| given.get_many::<String>(name).into_iter().flatten().cloned();
    let fail_on = given.get_one::<String>("fail-on");
    CheckOptions {
        rules: many("rules").chain(many("only")).collect(),
        ignore: many("ignore").collect(),
        set: many("set").collect(),
        config: given.get_one::<String>("config").cloned(),
        fail_on: FAIL_ON.into_iter().find(|severity| fail_on.is_some_and(|name| name == severity.name())),
        fail_on_unchecked: given.get_flag("fail-on-unchecked"),
        look: read_look(given),
        output: PRINTS
            .iter()
            .find(|(name, ..)| given.get_flag(name))
            .map_or(Output::Findings, |(_, output, _)| *output),
    }
}
