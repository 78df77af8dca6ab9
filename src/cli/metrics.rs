//! The options of `metrics`.

use clap::ArgAction;

use super::{options::SampleOptions, prelude::*};
use crate::{render::metrics::MetricFormat, report::metrics::MetricBounds};

/// The output of `metrics`.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum MetricsOutput {
    /// The figures.
    #[default]
    Figures,
    /// Alert rules.
    Rules,
    /// A dashboard.
    Dashboard,
}

/// Options of `metrics`: which figures to write, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MetricsOptions {
    /// How the figures are written.
    pub format: MetricFormat,
    /// `-o`: the file; standard output where none is given.
    pub output: Option<String>,
    /// `--listen`: where to serve them; `None` where they are not.
    pub listen: Option<String>,
    /// `--systemd`: serve them on the sockets that systemd hands over.
    pub systemd: bool,
    /// `--min-interval`: how long a sample serves all who ask.
    pub interval: Option<Duration>,
    /// How much is reported.
    pub bounds: MetricBounds,
    /// How closely to read.
    pub sampling: SampleOptions,
    /// The output.
    pub prints: MetricsOutput,
}

impl MetricsOptions {
    /// Whether the figures are served over HTTP.
    pub fn serves(&self) -> bool {
        self.listen.is_some() || self.systemd
    }
}

/// Where the endpoint is where no address is given.
const DEFAULT_ADDRESS: &str = "127.0.0.1:9977";

impl CommandOptions for MetricsOptions {
    const NAME: &'static str = "metrics";
    const ABOUT: Message = messages::COMMAND_METRICS;
    const FORMATS: &'static [Format] = &[];

    fn arguments(words: Words<'_>) -> Vec<Arg> {
        let heading = messages::HEADING_METRICS;
        let choice = |argument: Arg, words: &[&'static str]| {
            argument.value_parser(PossibleValuesParser::new(words.to_vec())).hide_possible_values(true)
        };
        let number = |name, help| options::value(name, "N", words, help, heading);
        let mut arguments = vec![
            choice(
                options::value("format", "FMT", words, messages::OPTION_METRICS_FORMAT, heading),
                &MetricFormat::ALL.map(|(name, _)| name),
            ),
            options::value("output", "FILE", words, messages::OPTION_METRICS_OUTPUT, heading).short('o'),
            options::value("listen", "ADDRESS", words, messages::OPTION_LISTEN, heading)
                .num_args(0..=1)
                .default_missing_value(DEFAULT_ADDRESS)
                .conflicts_with_all(["output", "rules", "dashboard", "format", "for", "systemd"]),
            flag("systemd", None, words, messages::OPTION_SYSTEMD, heading).conflicts_with_all([
                "output",
                "rules",
                "dashboard",
                "format",
                "for",
            ]),
            options::time("min-interval", words, messages::OPTION_MIN_INTERVAL, heading),
            number("top", messages::OPTION_METRICS_TOP).value_parser(value_parser!(u32).range(1..=1000)),
            number("max-series", messages::OPTION_METRICS_SERIES).value_parser(value_parser!(u32)),
            choice(
                options::value("with", "WHAT", words, messages::OPTION_METRICS_WITH, heading)
                    .action(ArgAction::Append)
                    .value_delimiter(','),
                &["peers"],
            ),
            flag("rules", None, words, messages::OPTION_METRICS_RULES, heading).conflicts_with("dashboard"),
            flag("dashboard", None, words, messages::OPTION_METRICS_DASHBOARD, heading),
            options::netns(words),
            common::engine(words),
        ];
        arguments.extend(SampleOptions::arguments(words));
        arguments.extend(options::reading(words));
        arguments
    }

    fn read(given: &Given<'_>) -> Result<MetricsOptions, WordError> {
        let format = given.text("format").unwrap_or_default();
        let number = |name| given.one::<u32>(name).map(|number| number as usize);
        Ok(MetricsOptions {
            format: MetricFormat::ALL
                .into_iter()
                .find(|(name, _)| *name == format)
                .map_or_else(Default::default, |it| it.1),
            output: given.text("output"),
            listen: given.text("listen"),
            systemd: given.flag("systemd"),
            interval: given.one("min-interval"),
            bounds: MetricBounds {
                top: number("top"),
                series: number("max-series").unwrap_or(MetricBounds::SERIES),
                peers: given.words("with").iter().any(|with| with == "peers"),
            },
            sampling: SampleOptions::read(given),
            prints: match (given.flag("rules"), given.flag("dashboard")) {
                (true, _) => MetricsOutput::Rules,
                (_, true) => MetricsOutput::Dashboard,
                _ => MetricsOutput::Figures,
            },
        })
    }
}
