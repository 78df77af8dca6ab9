//! Building blocks of options: words, kinds of arguments, and parsed values.

use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches};

use crate::text::{Catalogue, Message, messages, value_name, words};

/// The words of a declaration: none at all where it only reads arguments, so that no words are made.
#[derive(Clone, Copy)]
pub struct Words<'a>(pub(super) Option<&'a Catalogue>);

impl Words<'_> {
    pub(super) fn text(self, message: Message) -> String {
        self.0.map(|catalogue| catalogue.text(message)).unwrap_or_default()
    }

    /// The name of an option's value.
    pub(super) fn value(self, name: &'static str) -> &'static str {
        self.0.map_or(name, |catalogue| value_name(name, catalogue.lang()))
    }

    /// A list of names, put into the one placeholder of a message.
    pub(super) fn listing(self, message: Message, names: impl Iterator<Item = &'static str>) -> String {
        let Some(catalogue) = self.0 else { return String::new() };
        let list = names.collect::<Vec<_>>().join(catalogue.lang().comma());
        catalogue.say(message, &[("names", words(list))])
    }
}

/// The values given to a command: behind its name, or else before it (`sockdoc --json count`).
pub struct Given<'a> {
    pub(super) own: &'a ArgMatches,
    pub(super) before: &'a ArgMatches,
}

impl Given<'_> {
    pub(super) fn flag(&self, name: &str) -> bool {
        let on = |matches: &ArgMatches| matches.try_get_one::<bool>(name).ok().flatten() == Some(&true);
        on(self.own) || on(self.before)
    }

    pub(super) fn one<V: Clone + Send + Sync + 'static>(&self, name: &str) -> Option<V> {
        let value = |matches: &ArgMatches| matches.try_get_one::<V>(name).ok().flatten().cloned();
        value(self.own).or_else(|| value(self.before))
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.one(name)
    }

    pub(super) fn many<V: Clone + Send + Sync + 'static>(&self, name: &str) -> Vec<V> {
        self.own.try_get_many::<V>(name).ok().flatten().into_iter().flatten().cloned().collect()
    }

    pub(super) fn words(&self, name: &str) -> Vec<String> {
        self.many(name)
    }
}

/// An option without a value.
pub(super) fn flag(name: &'static str, short: Option<char>, words: Words<'_>, help: Message, heading: Message) -> Arg {
    let flag =
        Arg::new(name).long(name).action(ArgAction::SetTrue).help(words.text(help)).help_heading(words.text(heading));
    match short {
        Some(short) => flag.short(short),
        None => flag,
    }
}

/// An option with a value, which help calls `value`.
pub(super) fn value(name: &'static str, value: &'static str, words: Words<'_>, help: Message, heading: Message) -> Arg {
    Arg::new(name).long(name).value_name(words.value(value)).help(words.text(help)).help_heading(words.text(heading))
}

/// An option whose value is a time. A bare number is seconds, `0.5` too.
pub(super) fn time(name: &'static str, words: Words<'_>, help: Message, heading: Message) -> Arg {
    value(name, "DURATION", words, help, heading).value_parser(|text: &str| {
        let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        seconds.map_or_else(|| humantime::parse_duration(text), Ok)
    })
}

/// A size in bytes, or in KiB, MiB, GiB: `64M`.
pub(super) fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let shift = match text.get(digits.len()..).unwrap_or_default().to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kib" => 10,
        "m" | "mib" => 20,
        "g" | "gib" => 30,
        _ => return Err(String::new()),
    };
    let number: u64 = digits.parse().map_err(|_| String::new())?;
    number.checked_mul(1 << shift).filter(|&bytes| bytes > 0).ok_or_else(String::new)
}

/// A word without an option before it.
pub(super) fn word(name: &'static str, value: &'static str, words: Words<'_>, help: Message, heading: Message) -> Arg {
    Arg::new(name).value_name(words.value(value)).help(words.text(help)).help_heading(words.text(heading))
}

/// `-v`, with its effect.
pub(super) fn verbose(words: Words<'_>, help: Message) -> Arg {
    flag("verbose", Some('v'), words, help, messages::HEADING_OUTPUT)
}

/// `-V`.
pub(super) fn version(words: Words<'_>) -> Arg {
    flag("version", Some('V'), words, messages::OPTION_VERSION, messages::HEADING_OUTPUT).action(ArgAction::Version)
}

/// `--save`.
pub(super) fn save(words: Words<'_>) -> Arg {
    value("save", "FILE", words, messages::OPTION_SAVE, messages::HEADING_OUTPUT)
}

/// `--force`.
pub(super) fn force(words: Words<'_>) -> Arg {
    flag("force", None, words, messages::OPTION_FORCE, messages::HEADING_OUTPUT)
}

/// `--netns`.
pub(super) fn netns(words: Words<'_>) -> Arg {
    value("netns", "NAME", words, messages::OPTION_NETNS, messages::HEADING_SOCKETS).short('N').alias("net")
}

/// `--netns` of a command that refuses `all`.
pub(super) fn one_netns(words: Words<'_>) -> Arg {
    netns(words).help(words.text(messages::OPTION_NETNS_ONE))
}

/// `--from`.
pub(super) fn from(words: Words<'_>) -> Arg {
    value("from", "FILE", words, messages::HELP_FROM, messages::HEADING_SOCKETS)
}

/// `--from`, and how a text is read: `--capture` and `--partial`.
pub(super) fn reading(words: Words<'_>) -> [Arg; 3] {
    let heading = messages::HEADING_SOCKETS;
    [
        from(words),
        value("capture", "N", words, messages::OPTION_CAPTURE, heading)
            .value_parser(clap::value_parser!(u64).range(1..)),
        flag("partial", None, words, messages::OPTION_PARTIAL, heading),
    ]
}

/// `-B`, where such sockets come on top of the others.
pub(super) fn bound_inactive(words: Words<'_>) -> Arg {
    flag("bound-inactive", Some('B'), words, messages::OPTION_BOUND_INACTIVE, messages::HEADING_SOCKETS)
}

/// `--by`, with its purpose.
pub(super) fn by(help: String, words: Words<'_>) -> Arg {
    Arg::new("by")
        .long("by")
        .value_name(words.value("KEYS"))
        .action(ArgAction::Append)
        .help(help)
        .help_heading(words.text(messages::HEADING_GROUPS))
}

/// The depth of the samples for the rules.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct SampleOptions {
    /// `--for`: two samples this far apart.
    pub wait: Option<Duration>,
    /// `--deep`: also reads expensive data.
    pub deep: bool,
}

impl SampleOptions {
    pub(super) fn arguments(words: Words<'_>) -> [Arg; 2] {
        let heading = messages::HEADING_RULES;
        [time("for", words, messages::OPTION_FOR, heading), flag("deep", None, words, messages::OPTION_DEEP, heading)]
    }

    pub(super) fn read(given: &Given<'_>) -> SampleOptions {
        SampleOptions { wait: given.one("for"), deep: given.flag("deep") }
    }
}
