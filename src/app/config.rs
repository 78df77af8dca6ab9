//! Which rules are asked and with which thresholds: by the configuration file, then by the command line.

use std::{io, ops::Range};

use anyhow::anyhow;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::Run;
use crate::{
    book,
    cli::check::CheckOptions,
    model::finding::Severity,
    rules::{
        self, RULES, Rule, Settings, Threshold, ThresholdUnit,
        settings::{self, Origin},
    },
    system::files,
    text::{Catalogue, Lang, Message, escape::visible, messages, words},
};

/// The file of the whole host.
pub(super) const OF_THE_HOST: &str = "/etc/sockdoc.toml";

/// The configuration of the rules.
pub(super) struct RuleSet {
    pub(super) rules: Vec<&'static Rule>,
    /// The rules that were named.
    pub(super) named: Vec<&'static str>,
    pub(super) settings: Settings,
    pub(super) fail_on: Severity,
    pub(super) fail_on_unchecked: bool,
}

/// The contents of a configuration file.
#[derive(Default)]
struct Config {
    ignore: Vec<&'static Rule>,
    fail_on: Option<Severity>,
    fail_on_unchecked: bool,
    thresholds: Vec<(&'static Rule, &'static Threshold, f64)>,
}

/// The file of the user, by the environment.
pub(super) fn of_the_user(variable: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let folder = |name: &str| variable(name).filter(|path| path.starts_with('/'));
    let base = folder("XDG_CONFIG_HOME").or_else(|| folder("HOME").map(|home| format!("{home}/.config")))?;
    Some(format!("{base}/sockdoc/config.toml"))
}

impl Run {
    /// Reads the configuration and merges the command line.
    pub(super) fn wanted_rules(&self, options: &CheckOptions) -> anyhow::Result<RuleSet> {
        let reader = Reader { words: &self.words, unicode: self.screen.unicode };
        let config = self.config(options.config.as_deref(), &reader)?;
        let mut settings = Settings::default();
        for (rule, threshold, value) in config.thresholds {
            settings.set(rule.name, threshold.name, value, Origin::Config);
        }
        for text in &options.set {
            let (rule, threshold, value) = reader.assignment(text).map_err(|why| anyhow!(why))?;
            settings.set(rule.name, threshold.name, value, Origin::CommandLine);
        }
        let find = |names: &[String]| -> anyhow::Result<Vec<&'static Rule>> {
            names.iter().map(|name| reader.rule(name).map_err(|why| anyhow!(why))).collect()
        };
        let only = find(&options.rules)?;
        let mut ignore = find(&options.ignore)?;
        // The command line outweighs the file.
        ignore.extend(config.ignore.into_iter().filter(|rule| !has(&only, rule)));
        let chosen = |rule: &&&'static Rule| (only.is_empty() || has(&only, rule)) && !has(&ignore, rule);
        Ok(RuleSet {
            rules: RULES.iter().filter(chosen).copied().collect(),
            named: only.iter().map(|rule| rule.name).collect(),
            settings,
            fail_on: options.fail_on.or(config.fail_on).unwrap_or(Severity::Warning),
            fail_on_unchecked: options.fail_on_unchecked || config.fail_on_unchecked,
        })
    }

    /// The file that was named, else the user's, else the host's, else nothing.
    fn config(&self, named: Option<&str>, reader: &Reader<'_>) -> anyhow::Result<Config> {
        let paths: Vec<&str> = match named {
            Some(path) => vec![path],
            None => self.config_file.as_deref().into_iter().chain([OF_THE_HOST]).collect(),
        };
        for path in paths {
            match self.open(path).and_then(|file| files::read_configuration(&file)) {
                Ok(bytes) => return reader.file(path, &String::from_utf8_lossy(&bytes)).map_err(|why| anyhow!(why)),
                Err(error) if named.is_none() && is_absent(&error) => {}
                Err(error) => return Err(self.about_file(path, &error)),
            }
        }
        Ok(Config::default())
    }
}

/// The first error in the text of a configuration file, as a sentence; `None` if the file is valid.
pub fn fault_of_configuration(text: &str) -> Option<String> {
    let words = Catalogue::new(Lang::En);
    Reader { words: &words, unicode: true }.file("", text).err()
}

/// The unit of a threshold, in words.
fn unit_word(unit: ThresholdUnit) -> Message {
    match unit {
        ThresholdUnit::Count => messages::THRESHOLD_COUNT,
        ThresholdUnit::Seconds => messages::THRESHOLD_SECONDS,
        ThresholdUnit::Ratio => messages::THRESHOLD_RATIO,
        ThresholdUnit::Bytes => messages::THRESHOLD_BYTES,
    }
}

/// A folder that we may not read holds no configuration of ours.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::PermissionDenied)
}

fn has(rules: &[&'static Rule], rule: &Rule) -> bool {
    rules.iter().any(|one| one.name == rule.name)
}

/// Reads names and values, and describes errors.
struct Reader<'a> {
    words: &'a Catalogue,
    unicode: bool,
}

impl Reader<'_> {
    fn shown(&self, text: &str) -> String {
        visible(text.as_bytes(), self.unicode)
    }

    /// The message of an error, after its place.
    fn placed(&self, place: String, why: String) -> String {
        self.words.say(messages::ERROR_FILE, &[("file", words(place)), ("why", words(why))])
    }

    fn joined(&self, what: String, more: String) -> String {
        self.words.say(messages::JOINED, &[("what", words(what)), ("more", words(more))])
    }

    /// The message for an unknown name, with the nearest names or all valid ones.
    fn unknown(&self, what: String, near: &[&str], all: &[&str]) -> String {
        let way_out = match near {
            [] => self.words.say(messages::VALID_WORDS, &[("words", words(all.join(self.words.lang().comma())))]),
            [one] => self.words.say(messages::DID_YOU_MEAN, &[("candidate", words(*one))]),
            several => self
                .words
                .say(messages::DID_YOU_MEAN, &[("candidate", words(several.join(self.words.lang().between_quoted())))]),
        };
        self.joined(what, way_out)
    }

    fn rule(&self, name: &str) -> Result<&'static Rule, String> {
        rules::find(&book::plain(name)).ok_or_else(|| {
            let what = self.words.say(messages::ERROR_UNKNOWN_RULE, &[("word", words(self.shown(name)))]);
            let all: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
            self.unknown(what, &book::search::nearest(name, Some(book::TopicKind::Rule)), &all)
        })
    }

    fn threshold(&self, rule: &'static Rule, name: &str) -> Result<&'static Threshold, String> {
        let plain = book::plain(name);
        rule.thresholds.iter().find(|threshold| threshold.name == plain).ok_or_else(|| {
            let values = [("rule", words(rule.name)), ("word", words(self.shown(name)))];
            let what = self.words.say(messages::ERROR_UNKNOWN_THRESHOLD, &values);
            let all: Vec<&'static str> = rule.thresholds.iter().map(|threshold| threshold.name).collect();
            let near = crate::filter::nearest(&plain, all.iter().copied());
            match all.is_empty() {
                true => what,
                false => self.unknown(what, near.as_slice(), &all),
            }
        })
    }

    fn value(&self, threshold: &Threshold, text: &str) -> Result<f64, String> {
        settings::parse(text, threshold.unit).ok_or_else(|| {
            let values =
                [("word", words(self.shown(text))), ("unit", words(self.words.text(unit_word(threshold.unit))))];
            self.words.say(messages::ERROR_THRESHOLD_VALUE, &values)
        })
    }

    /// `RULE.NAME=VALUE`.
    fn assignment(&self, text: &str) -> Result<(&'static Rule, &'static Threshold, f64), String> {
        let parts = text.split_once('=').and_then(|(name, value)| Some((name.split_once('.')?, value)));
        let Some(((rule, threshold), value)) = parts else {
            return Err(self.words.say(messages::ERROR_ASSIGNMENT, &[("word", words(self.shown(text)))]));
        };
        let rule = self.rule(rule)?;
        let threshold = self.threshold(rule, threshold)?;
        let value = self
            .value(threshold, value)
            .map_err(|why| self.placed(format!("--set {}.{}", rule.name, threshold.name), why))?;
        Ok((rule, threshold, value))
    }

    /// A configuration file: top-level keys, and a table for each rule.
    fn file(&self, path: &str, text: &str) -> Result<Config, String> {
        let table = DeTable::parse(text).map_err(|error| {
            let why = error.message().lines().collect::<Vec<_>>().join(", ");
            let what = self.words.say(messages::ERROR_CONFIG, &[("why", words(self.shown(&why)))]);
            format!("{}: {what}", at(path, text, error.span(), self.unicode))
        })?;
        let mut config = Config::default();
        for (key, value) in table.get_ref() {
            self.entry(&mut config, key.get_ref(), value).map_err(|(span, inner, why)| {
                let name = match inner {
                    Some(inner) => format!("{}.{inner}", key.get_ref()),
                    None => key.get_ref().to_string(),
                };
                let place = at(path, text, Some(span.unwrap_or_else(|| key.span())), self.unicode);
                format!("{place}: {}", self.placed(self.shown(&name), why))
            })?;
        }
        Ok(config)
    }

    fn entry(&self, config: &mut Config, key: &str, value: &Spanned<DeValue<'_>>) -> Result<(), Fault> {
        let here = |why: String| (Some(value.span()), None, why);
        match (key, value.get_ref()) {
            ("ignore", DeValue::Array(list)) => {
                for one in list.iter() {
                    let span = Some(one.span());
                    let name = one.get_ref().as_str().ok_or_else(|| (span.clone(), None, self.wrong_kind()))?;
                    config.ignore.push(self.rule(name).map_err(|why| (span, None, why))?);
                }
            }
            ("fail-on", DeValue::String(name)) => {
                let severity = [Severity::Critical, Severity::Warning, Severity::Notice]
                    .into_iter()
                    .find(|severity| severity.name() == name.as_ref());
                config.fail_on = Some(severity.ok_or_else(|| {
                    let valid = words("critical, warning, notice");
                    here(self.words.say(messages::VALID_WORDS, &[("words", valid)]))
                })?);
            }
            ("fail-on-unchecked", DeValue::Boolean(is_set)) => config.fail_on_unchecked = *is_set,
            ("ignore" | "fail-on" | "fail-on-unchecked", _) => return Err(here(self.wrong_kind())),
            (name, DeValue::Table(table)) => {
                let rule = self.rule(name).map_err(|why| (None, None, why))?;
                for (key, value) in table {
                    let inner = || Some(key.get_ref().to_string());
                    let threshold =
                        self.threshold(rule, key.get_ref()).map_err(|why| (Some(key.span()), inner(), why))?;
                    let text = match value.get_ref() {
                        DeValue::String(text) => text.to_string(),
                        DeValue::Integer(number) => number.as_str().to_owned(),
                        DeValue::Float(number) => number.as_str().to_owned(),
                        _ => return Err((Some(value.span()), inner(), self.wrong_kind())),
                    };
                    let number = self.value(threshold, &text).map_err(|why| (Some(value.span()), inner(), why))?;
                    config.thresholds.push((rule, threshold, number));
                }
            }
            (name, _) => {
                let what = self.words.say(messages::ERROR_CONFIG_KEY, &[("word", words(self.shown(name)))]);
                let keys = ["ignore", "fail-on", "fail-on-unchecked"];
                let near = crate::filter::nearest(name, keys.into_iter())
                    .or_else(|| book::search::nearest(name, Some(book::TopicKind::Rule)).first().copied());
                return Err((None, None, self.unknown(what, near.as_slice(), &keys)));
            }
        }
        Ok(())
    }

    fn wrong_kind(&self) -> String {
        self.words.text(messages::ERROR_CONFIG_KIND)
    }
}

/// An error: its place in the text, its key within the table, its message.
type Fault = (Option<Range<usize>>, Option<String>, String);

/// `FILE:LINE`.
fn at(path: &str, text: &str, span: Option<Range<usize>>, unicode: bool) -> String {
    let before = span.and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
    format!("{}:{line}", visible(path.as_bytes(), unicode))
}
