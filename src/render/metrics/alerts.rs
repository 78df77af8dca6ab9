//! The alerts as a file of rules for Prometheus.

use crate::{
    render::prelude::*,
    report::metrics::alerts::{ALERTS, Alert, OF_RULE},
    text::MessageValue,
};

/// Writes the file, in YAML.
pub fn write(out: &mut dyn Write, catalogue: &Catalogue) -> io::Result<()> {
    writeln!(out, "groups:\n  - name: sockdoc\n    rules:")?;
    for alert in &ALERTS {
        writeln!(out, "      - alert: {}", alert.name)?;
        writeln!(out, "        expr: {}", quoted(alert.expression))?;
        writeln!(out, "        for: {}", alert.hold)?;
        writeln!(out, "        labels:\n          severity: {}", alert.severity)?;
        writeln!(out, "        annotations:\n          summary: {}", quoted(&summary(alert, catalogue)))?;
        let command = words(command(alert));
        let description = catalogue.say(messages::ALERT_DESCRIPTION, &[("command", command)]);
        writeln!(out, "          description: {}", quoted(&description))?;
        writeln!(out, "          explain: {}", quoted(&self::command(alert)))?;
    }
    Ok(())
}

/// The text of an alert; Prometheus puts in the labels.
fn summary(alert: &Alert, catalogue: &Catalogue) -> String {
    let label = |name: &'static str| -> (&'static str, MessageValue<'static>) {
        (name, words(format!("{{{{ $labels.{name} }}}}")))
    };
    let value = ("value", words("{{ $value }}"));
    catalogue.say(alert.summary, &[label("rule"), label("family"), label("unit"), label("listen"), value])
}

/// The command that explains the alert.
fn command(alert: &Alert) -> String {
    match alert.topic {
        OF_RULE => "sockdoc explain {{ $labels.rule }}".to_owned(),
        topic => format!("sockdoc explain {topic}"),
    }
}

/// A string of YAML.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
