//! Thresholds: their defaults, and the values that the user set.

use std::{collections::BTreeMap, time::Duration};

/// The unit of a threshold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ThresholdUnit {
    /// How many.
    Count,
    /// Seconds; `10m` and `2h` are understood.
    Seconds,
    /// A part of a limit, 0 to 1; `80%` is understood.
    Ratio,
    /// Bytes.
    Bytes,
}

impl ThresholdUnit {
    /// The word used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            ThresholdUnit::Count => "count",
            ThresholdUnit::Seconds => "seconds",
            ThresholdUnit::Ratio => "ratio",
            ThresholdUnit::Bytes => "bytes",
        }
    }
}

/// A limit of a rule. A comment beside it names its source.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Threshold {
    /// Its name within the rule.
    pub name: &'static str,
    /// Its unit.
    pub unit: ThresholdUnit,
    /// Its default.
    pub default: f64,
}

impl Threshold {
    /// One that counts.
    pub const fn count(name: &'static str, default: f64) -> Threshold {
        Threshold { name, unit: ThresholdUnit::Count, default }
    }

    /// One in seconds.
    pub const fn seconds(name: &'static str, default: f64) -> Threshold {
        Threshold { name, unit: ThresholdUnit::Seconds, default }
    }

    /// One that is a part of a whole, 0 to 1.
    pub const fn ratio(name: &'static str, default: f64) -> Threshold {
        Threshold { name, unit: ThresholdUnit::Ratio, default }
    }

    /// One in bytes.
    pub const fn bytes(name: &'static str, default: f64) -> Threshold {
        Threshold { name, unit: ThresholdUnit::Bytes, default }
    }
}

/// Where a threshold's value comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// This program.
    Default,
    /// A configuration file.
    Config,
    /// `--set`.
    CommandLine,
}

impl Origin {
    /// The word used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Origin::Default => "default",
            Origin::Config => "config",
            Origin::CommandLine => "command-line",
        }
    }
}

/// The thresholds as they were set.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Settings {
    values: BTreeMap<(&'static str, &'static str), (f64, Origin)>,
}

impl Settings {
    /// Sets one.
    pub fn set(&mut self, rule: &'static str, threshold: &'static str, value: f64, origin: Origin) {
        self.values.insert((rule, threshold), (value, origin));
    }

    /// The value of one, and where it comes from.
    pub fn get(&self, rule: &'static str, threshold: &Threshold) -> (f64, Origin) {
        self.values.get(&(rule, threshold.name)).copied().unwrap_or((threshold.default, Origin::Default))
    }
}

/// Parses a threshold as a user writes it: `2s`, `10m`, `80%`, `0.8`, `50`. `None` if it is invalid or negative.
pub fn parse(text: &str, unit: ThresholdUnit) -> Option<f64> {
    let text = text.trim();
    let value = match unit {
        ThresholdUnit::Seconds => match text.parse::<f64>() {
            Ok(seconds) => seconds,
            Err(_) => humantime::parse_duration(text).ok().as_ref().map(Duration::as_secs_f64)?,
        },
        ThresholdUnit::Ratio => match text.strip_suffix('%') {
            Some(percent) => percent.trim().parse::<f64>().ok()? / 100.0,
            None => text.parse().ok()?,
        },
        ThresholdUnit::Count | ThresholdUnit::Bytes => text.parse().ok()?,
    };
    (value.is_finite() && value >= 0.0).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_read_in_the_units_people_write() {
        assert_eq!(parse("2s", ThresholdUnit::Seconds), Some(2.0));
        assert_eq!(parse("10m", ThresholdUnit::Seconds), Some(600.0));
        assert_eq!(parse("90", ThresholdUnit::Seconds), Some(90.0));
        assert_eq!(parse("80%", ThresholdUnit::Ratio), Some(0.8));
        assert_eq!(parse("0.8", ThresholdUnit::Ratio), Some(0.8));
        assert_eq!(parse("50", ThresholdUnit::Count), Some(50.0));
        for wrong in ["", "-1", "nan", "inf", "x", "5 parsecs"] {
            assert_eq!(parse(wrong, ThresholdUnit::Seconds), None, "{wrong}");
            assert_eq!(parse(wrong, ThresholdUnit::Count), None, "{wrong}");
        }
    }
}
