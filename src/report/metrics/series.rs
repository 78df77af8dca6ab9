//! One figure with its labels, and how many there may be.

use super::families::MetricFamily;

/// How many series to report.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MetricBounds {
    /// Units, listeners and destinations: the most of each; `None` for the bound of the family.
    pub top: Option<usize>,
    /// The most series in all.
    pub series: usize,
    /// Whether destinations are named.
    pub peers: bool,
}

impl MetricBounds {
    /// The most series where nothing else is asked for.
    pub const SERIES: usize = 2000;
    /// Fewer would leave out the states.
    pub const LEAST_SERIES: usize = 200;
}

/// One figure with its labels, in the order of the family's.
#[derive(Clone, PartialEq, Debug)]
pub struct MetricSeries {
    /// Its metric.
    pub family: &'static MetricFamily,
    /// The network namespace, if the run reads several.
    pub netns: Option<String>,
    /// Values of the family's labels.
    pub labels: Vec<String>,
    /// The figure.
    pub value: f64,
}

impl MetricSeries {
    pub(super) fn new<const N: usize>(family: &'static MetricFamily, labels: [&str; N], value: f64) -> MetricSeries {
        MetricSeries { family, netns: None, labels: labels.iter().map(|label| bounded(label)).collect(), value }
    }

    pub(super) fn count<const N: usize>(family: &'static MetricFamily, labels: [&str; N], value: u64) -> MetricSeries {
        MetricSeries::new(family, labels, value as f64)
    }
}

/// The longest value of a label, in bytes.
const LONGEST_LABEL: usize = 128;

/// A name from outside as the value of a label: cut to this length, without characters that move a cursor.
pub(super) fn bounded(name: &str) -> String {
    let mut text = String::new();
    for character in name.chars() {
        let shown = if crate::model::visible::is_visible(character) || character == ' ' { character } else { '?' };
        if text.len() + shown.len_utf8() > LONGEST_LABEL {
            break;
        }
        text.push(shown);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_short_and_moves_no_cursor() {
        assert_eq!(bounded("a\u{1b}[2J\nb\u{202e} \\x2d\"é"), "a?[2J?b? \\x2d\"é");
        assert_eq!(bounded(&"é".repeat(100)), "é".repeat(64));
        assert_eq!(bounded(&format!("{}é", "a".repeat(127))).len(), 127);
    }
}
