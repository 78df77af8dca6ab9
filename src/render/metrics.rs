//! Metrics as Prometheus reads them: its text format 0.0.4, and OpenMetrics 1.0.

pub mod alerts;
pub mod dashboard;

use std::fmt::Write as _;

use super::prelude::*;
use crate::report::metrics::{ALL, MetricFamily, MetricKind, MetricSeries};

/// How metrics are written.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum MetricFormat {
    /// The text format, version 0.0.4.
    #[default]
    Text,
    /// OpenMetrics 1.0.
    OpenMetrics,
}

impl MetricFormat {
    /// The formats by their words on the command line.
    pub const ALL: [(&'static str, MetricFormat); 2] =
        [("text", MetricFormat::Text), ("openmetrics", MetricFormat::OpenMetrics)];

    /// The value of `Content-Type`.
    pub fn content_type(self) -> &'static str {
        match self {
            MetricFormat::Text => "text/plain; version=0.0.4; charset=utf-8",
            MetricFormat::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

/// Writes the series, each family with its help. The words are English in every language, because monitoring systems
/// store them.
pub fn write(out: &mut dyn Write, series: &[MetricSeries], format: MetricFormat) -> io::Result<()> {
    let words = Catalogue::new(Lang::En);
    let is_open = format == MetricFormat::OpenMetrics;
    for family in ALL {
        let mut of_family = series.iter().filter(|one| one.family.name == family.name).peekable();
        if of_family.peek().is_none() {
            continue;
        }
        let name = family_name(family, format);
        if !is_open {
            writeln!(out, "# HELP {name} {}", escaped(&words.text(family.help), is_open))?;
        }
        writeln!(out, "# TYPE {name} {}", kind(family.kind, format))?;
        if is_open {
            if let Some(unit) = family.unit() {
                writeln!(out, "# UNIT {name} {unit}")?;
            }
            writeln!(out, "# HELP {name} {}", escaped(&words.text(family.help), is_open))?;
        }
        for one in of_family {
            writeln!(out, "{}{} {}", family.name, labels(one), one.value)?;
        }
    }
    if is_open { writeln!(out, "# EOF") } else { Ok(()) }
}

/// The name of a family; OpenMetrics counts the ends of counters and infos as part of the sample.
fn family_name(family: &MetricFamily, format: MetricFormat) -> &'static str {
    let end = match family.kind {
        MetricKind::Counter => "_total",
        MetricKind::Info => "_info",
        MetricKind::Gauge => "",
    };
    match format {
        MetricFormat::Text => family.name,
        MetricFormat::OpenMetrics => family.name.strip_suffix(end).unwrap_or(family.name),
    }
}

/// The word for a kind; the text format has no `info`.
fn kind(kind: MetricKind, format: MetricFormat) -> &'static str {
    match kind {
        MetricKind::Counter => "counter",
        MetricKind::Info if format == MetricFormat::OpenMetrics => "info",
        MetricKind::Gauge | MetricKind::Info => "gauge",
    }
}

/// `{netns="blue",state="listen"}`; nothing without labels.
fn labels(one: &MetricSeries) -> String {
    let netns = one.netns.iter().map(|netns| ("netns", netns));
    let mut text = String::new();
    for (name, value) in netns.chain(one.family.labels.iter().copied().zip(&one.labels)) {
        let begin = if text.is_empty() { '{' } else { ',' };
        // Writing to a String cannot fail.
        let _ = write!(text, "{begin}{name}=\"{}\"", escaped(value, true));
    }
    if !text.is_empty() {
        text.push('}');
    }
    text
}

/// A text with the escapes of the formats.
fn escaped(text: &str, quotes: bool) -> String {
    let text = text.replace('\\', r"\\").replace('\n', r"\n");
    if quotes { text.replace('"', "\\\"") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::metrics::families::{BUILD, LISTENER_DROPS, RECEIVE_QUEUE};

    fn written(format: MetricFormat) -> String {
        let one = |family, netns: Option<&str>, labels: &[&str], value| MetricSeries {
            family,
            netns: netns.map(str::to_owned),
            labels: labels.iter().map(|label| (*label).to_owned()).collect(),
            value,
        };
        let series = [
            one(&LISTENER_DROPS, None, &["*:80", "a\\x2d\"b\".service"], 7.0),
            one(&RECEIVE_QUEUE, Some("blue"), &[], 0.5),
            one(&BUILD, None, &["1"], 1.0),
        ];
        let mut out = Vec::new();
        write(&mut out, &series, format).unwrap();
        let text = String::from_utf8(out).unwrap();
        text.lines().filter(|line| !line.starts_with("# HELP")).map(|line| format!("{line}\n")).collect()
    }

    #[test]
    fn names_labels_and_ends_are_those_of_each_format() {
        let samples = [
            "sockdoc_receive_queue_bytes{netns=\"blue\"} 0.5\n",
            "sockdoc_build_info{version=\"1\"} 1\n",
            "sockdoc_listener_drops_total{listen=\"*:80\",unit=\"a\\\\x2d\\\"b\\\".service\"} 7\n",
        ];
        let [queue, build, drops] = samples;
        assert_eq!(
            written(MetricFormat::Text),
            format!(
                "# TYPE sockdoc_receive_queue_bytes gauge\n{queue}# TYPE sockdoc_build_info gauge\n{build}\
                 # TYPE sockdoc_listener_drops_total counter\n{drops}"
            )
        );
        assert_eq!(
            written(MetricFormat::OpenMetrics),
            format!(
                "# TYPE sockdoc_receive_queue_bytes gauge\n# UNIT sockdoc_receive_queue_bytes bytes\n{queue}\
                 # TYPE sockdoc_build info\n{build}# TYPE sockdoc_listener_drops counter\n{drops}# EOF\n"
            )
        );
    }
}
