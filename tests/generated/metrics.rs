//! `docs/metrics.md`: the text in `metrics.md` beside this file, with the tables of all metrics and alerts.

use std::fmt::Write;

use sockdoc::{
    report::metrics::{
        ALL, MetricKind,
        alerts::{ALERTS, OF_RULE},
    },
    text::{Catalogue, Lang},
};

/// The document.
pub(crate) fn document() -> String {
    let text = include_str!("metrics.md");
    text.replace("{metrics}", metrics().trim_end()).replace("{alerts}", alerts().trim_end())
}

fn metrics() -> String {
    let words = Catalogue::new(Lang::En);
    let mut table = "| metric | type | labels | max. series | meaning |\n|---|---|---|---|---|\n".to_owned();
    for family in ALL {
        let kind = match family.kind {
            MetricKind::Counter => "counter",
            MetricKind::Gauge | MetricKind::Info => "gauge",
        };
        let labels: Vec<String> = family.labels.iter().map(|label| format!("`{label}`")).collect();
        let netns = if family.of_namespace { " n" } else { "" };
        let (name, most, help) = (family.name, family.most, words.text(family.help));
        writeln!(table, "| `{name}`{netns} | {kind} | {} | {most} | {help} |", labels.join(", ")).unwrap();
    }
    table
}

fn alerts() -> String {
    let mut table = "| alert | severity | expression | for | topic |\n|---|---|---|---|---|\n".to_owned();
    for alert in &ALERTS {
        let topic = if alert.topic == OF_RULE { "`$labels.rule`".to_owned() } else { format!("`{}`", alert.topic) };
        let (name, severity, expression, hold) = (alert.name, alert.severity, alert.expression, alert.hold);
        writeln!(table, "| {name} | {severity} | `{expression}` | {hold} | {topic} |").unwrap();
    }
    table
}
