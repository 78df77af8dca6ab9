//! `docs/metrics.md`: the list of all metrics and alerts.

use std::io::{self, Write};

use crate::{
    report::metrics::{
        ALL, MetricKind,
        alerts::{ALERTS, OF_RULE},
    },
    text::{Catalogue, messages},
};

/// Writes the document.
///
/// # Errors
/// As writing does.
pub fn write(out: &mut dyn Write, catalogue: &Catalogue) -> io::Result<()> {
    let text = |message| catalogue.text(message);
    writeln!(out, "# {}\n\n{}\n", text(messages::METRICS_DOC_TITLE), text(messages::METRICS_DOC_ABOUT))?;
    writeln!(out, "{}\n|---|---|---|---|---|", text(messages::METRICS_DOC_COLUMNS))?;
    for family in ALL {
        let kind = match family.kind {
            MetricKind::Counter => "counter",
            MetricKind::Gauge | MetricKind::Info => "gauge",
        };
        let labels: Vec<String> = family.labels.iter().map(|label| format!("`{label}`")).collect();
        let netns = if family.of_namespace { " n" } else { "" };
        let (name, most, help) = (family.name, family.most, text(family.help));
        writeln!(out, "| `{name}`{netns} | {kind} | {} | {most} | {help} |", labels.join(", "))?;
    }
    writeln!(out, "\n## {}\n", text(messages::METRICS_DOC_ALERTS))?;
    writeln!(out, "{}\n|---|---|---|---|---|", text(messages::METRICS_DOC_ALERT_COLUMNS))?;
    for alert in &ALERTS {
        let topic = if alert.topic == OF_RULE { "`$labels.rule`".to_owned() } else { format!("`{}`", alert.topic) };
        let (name, severity, expression, hold) = (alert.name, alert.severity, alert.expression, alert.hold);
        writeln!(out, "| {name} | {severity} | `{expression}` | {hold} | {topic} |")?;
    }
    Ok(())
}
