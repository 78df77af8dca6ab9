//! Output of `check` only: the list of rules, the line for a monitor, sysctls as a script or a file.

use super::{
    findings::{SYSCTL_FILE, rule_words, severity_word, subject, verdict},
    json,
    prelude::*,
};
use crate::{
    book,
    model::{finding::Severity, host::Host, shell::ShellCommand},
    report::{
        diagnosis::{self, Diagnosis, RuleRow, Setting, ThresholdRow},
        performance::PerformanceFigure,
    },
    text::{
        layout::LONGEST_PROSE,
        rule::{bytes, decimal},
    },
};

const TITLE: Style = Style::new().bold();

/// Writes the rules with their thresholds.
pub fn write_list(out: &mut dyn Write, rows: &[RuleRow], catalogue: &Catalogue, screen: &Screen) -> io::Result<()> {
    let room = screen.width.min(LONGEST_PROSE).saturating_sub(4);
    for row in rows {
        let severities: Vec<String> =
            row.severities.iter().map(|severity| catalogue.text(severity_word(*severity)).to_lowercase()).collect();
        writeln!(out, "{}  {}", screen.styled(TITLE, row.name), severities.join(catalogue.lang().comma()))?;
        let summary = book::search::find(row.name, catalogue.lang()).map(|topic| topic.summary()).unwrap_or_default();
        for line in wrapped(&summary, room) {
            writeln!(out, "    {line}")?;
        }
        let mut table = TextTable::new([Layout { gap: 1, ..Layout::LEFT }, Layout::LEFT, Layout::LEFT]);
        row.thresholds.iter().for_each(|one| table.row(threshold(row, one, catalogue)));
        for line in table.lines(screen) {
            writeln!(out, "    {line}")?;
        }
        let said = rule_words(row.name, catalogue, screen.unicode);
        let needs: Vec<String> = row.needs.iter().map(|need| said.say(&need.words())).collect();
        let needs = catalogue.say(messages::RULE_NEEDS, &[("what", words(needs.join(catalogue.lang().comma())))]);
        for line in wrapped(&needs, room) {
            writeln!(out, "    {line}")?;
        }
    }
    Ok(())
}

/// `close-wait-leak.age`, `= 2s`, `(config; default 60s)`: the name and value that `--set` takes.
fn threshold(row: &RuleRow, one: &ThresholdRow, catalogue: &Catalogue) -> [String; 3] {
    let value = |value: f64| match one.unit {
        "seconds" => format!("{}s", plain(value)),
        "ratio" => format!("{}%", decimal(value * 100.0, catalogue.lang())),
        "bytes" => bytes(value as u64),
        _ => plain(value),
    };
    let changed = one.is_changed.then(|| {
        let values = [("origin", words(one.origin)), ("default", words(value(one.default)))];
        catalogue.say(messages::RULE_CHANGED, &values)
    });
    [format!("{}.{}", row.name, one.name), format!("= {}", value(one.value)), changed.unwrap_or_default()]
}

fn plain(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { value.to_string() }
}

/// The status words of Nagios by its exit status.
const STATUS: [&str; 4] = ["OK", "WARNING", "CRITICAL", "UNKNOWN"];

/// Writes one line with performance data.
pub fn write_nagios(
    out: &mut dyn Write,
    diagnosis: &Diagnosis,
    performance: &[PerformanceFigure],
    status: u8,
    catalogue: &Catalogue,
    screen: &Screen,
) -> io::Result<()> {
    let mut text = verdict(diagnosis, catalogue).join(catalogue.lang().pause());
    let incidents = diagnosis.incidents();
    if let Some(worst) = incidents.first().filter(|one| one.severity > Severity::Ok).map(|one| one.cause) {
        let title = rule_words(worst.rule, catalogue, screen.unicode).say(&worst.title);
        let subject = subject(worst, catalogue, screen.unicode);
        let values =
            [("severity", words(text)), ("rule", words(format!("{} {subject}", worst.rule))), ("title", words(title))];
        text = catalogue.say(messages::NAGIOS_LINE, &values);
    }
    let figures = Severity::ALL.map(|severity| format!("{}={}", severity.name(), diagnosis.count(severity)));
    let not_checked = diagnosis.rules_not_checked();
    let mut figures = format!("{} not_checked={not_checked}", figures.join(" "));
    for PerformanceFigure { label, value, unit, thresholds, most } in performance {
        // Monitors read few digits.
        let digits = |value: f64| if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.2}") };
        let [warning, critical] = thresholds.map(|value| value.map(digits).unwrap_or_default());
        let most = most.map(|most| format!(";{}", digits(most))).unwrap_or_default();
        figures = format!("{figures} {label}={}{unit};{warning};{critical};0{most}", digits(*value));
    }
    nagios_line(out, status, &text, &figures)
}

/// Writes the line of a run that failed.
pub fn write_nagios_failure(out: &mut dyn Write, why: &str) -> io::Result<()> {
    let first = why.lines().next().unwrap_or_default();
    nagios_line(out, 3, first, "")
}

/// A bar begins the performance data, so the text must not contain one.
fn nagios_line(out: &mut dyn Write, status: u8, text: &str, figures: &str) -> io::Result<()> {
    let status = STATUS.get(usize::from(status)).copied().unwrap_or("UNKNOWN");
    let text = text.replace('|', "/").replace('\n', " ");
    match figures {
        "" => writeln!(out, "SOCKDOC {status} - {text}"),
        figures => writeln!(out, "SOCKDOC {status} - {text} | {figures}"),
    }
}

/// The lines before settings: program, host and time.
fn head(host: &Host, catalogue: &Catalogue) -> String {
    let values = [
        ("version", words(env!("CARGO_PKG_VERSION"))),
        ("host", words(visible(host.name.as_bytes(), false))),
        ("time", words(json::time(host.taken_at))),
    ];
    catalogue.say(messages::SCRIPT_HEAD, &values)
}

/// Writes a text as comments.
fn comment(out: &mut dyn Write, text: &str) -> io::Result<()> {
    for line in text.lines().flat_map(|line| wrapped(line, 76)) {
        writeln!(out, "# {line}")?;
    }
    Ok(())
}

/// The reason for a setting, as comments.
fn about(out: &mut dyn Write, setting: &Setting<'_>, catalogue: &Catalogue, screen: &Screen) -> io::Result<()> {
    let said = rule_words(setting.finding.rule, catalogue, screen.unicode);
    let values = [("what", words(setting.finding.rule)), ("more", words(said.say(&setting.remedy.text)))];
    comment(out, &catalogue.say(messages::SUBJECT_TITLE, &values))?;
    if let Some(risk) = &setting.remedy.risk {
        comment(out, &catalogue.say(messages::SCRIPT_RISK, &[("risk", words(said.say(risk)))]))?;
    }
    Ok(())
}

/// Writes the sysctls as a shell script. It sets those that still have the sampled value, and skips the rest.
pub fn write_script(
    out: &mut dyn Write,
    host: &Host,
    diagnosis: &Diagnosis,
    catalogue: &Catalogue,
    screen: &Screen,
) -> io::Result<()> {
    let mut settings = diagnosis::settings(&diagnosis.findings);
    settings.retain(|setting| screen.shows(setting.command) && screen.shows(&setting.current));
    writeln!(out, "#!/bin/sh")?;
    comment(out, &head(host, catalogue))?;
    if settings.is_empty() {
        return comment(out, &catalogue.text(messages::SCRIPT_NOTHING));
    }
    comment(out, &catalogue.text(messages::SCRIPT_ABOUT))?;
    writeln!(out, "set -eu")?;
    for setting in &settings {
        let Setting { remedy, name, command, current, proposed, .. } = setting;
        writeln!(out)?;
        about(out, setting, catalogue, screen)?;
        if let Some(undo) = &remedy.undo {
            // On one line: a command that is broken cannot be copied.
            writeln!(out, "# {}", catalogue.say(messages::SCRIPT_UNDO, &[("command", words(undo.to_string()))]))?;
        }
        // The kernel puts tabs between several values; `echo` makes blanks of them.
        let entry = remedy.entry.as_deref().unwrap_or_default();
        writeln!(out, "now=$(echo $({entry}sysctl -n {name}))")?;
        writeln!(out, "case $now in")?;
        writeln!(out, "{proposed}) ;;")?;
        writeln!(out, "{current})")?;
        writeln!(out, "    {command}")?;
        writeln!(out, "    ;;")?;
        let left = catalogue.say(messages::SCRIPT_LEFT_ALONE, &[("name", words(*name))]);
        let left = ShellCommand::new("*) echo ").outside(&left).map(|line| line.then(" >&2 ;;"));
        writeln!(out, "{}", left.as_deref().unwrap_or("*) ;;"))?;
        writeln!(out, "esac")?;
    }
    Ok(())
}

/// Writes the settings as a file for `/etc/sysctl.d`.
pub fn write_drop_in(
    out: &mut dyn Write,
    host: &Host,
    diagnosis: &Diagnosis,
    catalogue: &Catalogue,
    screen: &Screen,
) -> io::Result<()> {
    let settings = diagnosis::settings(&diagnosis.findings);
    comment(out, &head(host, catalogue))?;
    // Such a file reaches the first network namespace only.
    let kept: Vec<&Setting<'_>> = settings.iter().filter(|setting| setting.remedy.entry.is_none()).collect();
    if kept.is_empty() {
        return comment(out, &catalogue.text(messages::SCRIPT_NOTHING));
    }
    comment(out, &catalogue.say(messages::DROP_IN_ABOUT, &[("file", words(SYSCTL_FILE))]))?;
    for setting in kept {
        writeln!(out)?;
        about(out, setting, catalogue, screen)?;
        writeln!(out, "{} = {}", setting.name, setting.remedy.proposed.as_deref().unwrap_or_default())?;
    }
    Ok(())
}
