//! The options of `check`.

use clap::ArgAction;

use super::{options::SampleOptions, prelude::*};
use crate::model::finding::Severity;

/// The output of `check`.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum CheckOutput {
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

/// The options of `check`; names are not resolved yet.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct CheckOptions {
    /// The rules to check; all where none is named.
    pub rules: Vec<String>,
    /// The rules to leave out.
    pub ignore: Vec<String>,
    /// `RULE.NAME=VALUE`.
    pub set: Vec<String>,
    /// A configuration file instead of the usual ones.
    pub config: Option<String>,
    /// The severity that makes the run fail.
    pub fail_on: Option<Severity>,
    /// Whether a rule that could not be checked makes it fail, too.
    pub fail_on_unchecked: bool,
    /// The depth of the samples.
    pub sampling: SampleOptions,
    /// The output.
    pub output: CheckOutput,
}

/// The severities of `--fail-on`.
pub(super) const FAIL_ON: [Severity; 3] = [Severity::Critical, Severity::Warning, Severity::Notice];

/// The options that select the output.
const PRINTS: [(&str, CheckOutput, Message); 4] = [
    ("list", CheckOutput::Rules, messages::OPTION_LIST_RULES),
    ("nagios", CheckOutput::Nagios, messages::OPTION_NAGIOS),
    ("script", CheckOutput::Script, messages::OPTION_SCRIPT),
    ("sysctl-d", CheckOutput::DropIn, messages::OPTION_SYSCTL_D),
];

impl CheckOptions {
    /// The options that select the rules, the depth, the thresholds, and the failing severity.
    pub(super) fn rule_arguments(words: Words<'_>) -> [Arg; 7] {
        let heading = messages::HEADING_RULES;
        let value = |name, value, help| options::value(name, value, words, help, heading);
        let [_, deep] = SampleOptions::arguments(words);
        let [only, ignore, set, config] = CheckOptions::threshold_arguments(words);
        [
            only,
            ignore,
            deep,
            set,
            config,
            value("fail-on", "SEVERITY", messages::OPTION_FAIL_ON)
                .value_parser(PossibleValuesParser::new(FAIL_ON.map(Severity::name)))
                .hide_possible_values(true),
            flag("fail-on-unchecked", None, words, messages::OPTION_FAIL_ON_UNCHECKED, heading),
        ]
    }

    /// Those of them that say which rules are checked, with which thresholds.
    pub(super) fn threshold_arguments(words: Words<'_>) -> [Arg; 4] {
        let value = |name, value, help| options::value(name, value, words, help, messages::HEADING_RULES);
        let rules = |name, help| value(name, "RULES", help).action(ArgAction::Append).value_delimiter(',');
        [
            rules("only", messages::OPTION_ONLY),
            rules("ignore", messages::OPTION_IGNORE),
            value("set", "RULE.NAME=VALUE", messages::OPTION_SET).action(ArgAction::Append),
            value("config", "FILE", messages::OPTION_CONFIG),
        ]
    }
}

impl CommandOptions for CheckOptions {
    const NAME: &'static str = "check";
    const ABOUT: Message = messages::COMMAND_CHECK;
    const FORMATS: &'static [Format] = &[Format::Table, Format::Json];

    fn arguments(words: Words<'_>) -> Vec<Arg> {
        let heading = messages::HEADING_RULES;
        let prints = PRINTS.map(|(name, _, help)| {
            let others = PRINTS.iter().map(|(other, ..)| *other).filter(|other| *other != name);
            flag(name, None, words, help, messages::HEADING_OUTPUT).conflicts_with_all(others.collect::<Vec<_>>())
        });
        let [wait, _] = SampleOptions::arguments(words);
        let mut arguments =
            vec![options::word("rules", "RULE", words, messages::ARGUMENT_RULE, heading).num_args(0..), wait];
        arguments.extend(CheckOptions::rule_arguments(words));
        arguments.extend([options::netns(words), common::engine(words)]);
        arguments.extend(options::reading(words));
        arguments.extend(prints);
        arguments.extend([
            options::save(words),
            options::force(words),
            options::verbose(words, messages::OPTION_VERBOSE_CHECK),
        ]);
        arguments
    }

    fn read(given: &Given<'_>) -> Result<CheckOptions, WordError> {
        let fail_on = given.text("fail-on");
        Ok(CheckOptions {
            rules: given.words("rules").into_iter().chain(given.words("only")).collect(),
            ignore: given.words("ignore"),
            set: given.words("set"),
            config: given.text("config"),
            fail_on: FAIL_ON.into_iter().find(|severity| fail_on.as_deref() == Some(severity.name())),
            fail_on_unchecked: given.flag("fail-on-unchecked"),
            sampling: SampleOptions::read(given),
            output: PRINTS
                .iter()
                .find(|(name, ..)| given.flag(name))
                .map_or(CheckOutput::Findings, |(_, output, _)| *output),
        })
    }

    /// Output for a monitor or a shell has only one form.
    fn prints(&self) -> (&'static str, &'static [Format]) {
        match self.output {
            CheckOutput::Findings | CheckOutput::Rules => (Self::NAME, Self::FORMATS),
            CheckOutput::Nagios => ("check --nagios", &[Format::Table]),
            CheckOutput::Script => ("check --script", &[Format::Table]),
            CheckOutput::DropIn => ("check --sysctl-d", &[Format::Table]),
        }
    }
}
