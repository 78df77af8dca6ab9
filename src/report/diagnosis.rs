//! What the rules say of everything that was looked at: the verdicts of all namespaces as one.

use std::collections::{BTreeMap, BTreeSet};

use super::incident::{Incident, incidents};
use crate::{
    model::{
        finding::{Finding, NotChecked, Remedy, RemedyKind, Severity},
        namespace::Namespace,
        shell::shell_word,
    },
    rules::{self, RULES, Rule, Settings, Verdict, settings::Origin},
};

/// The verdict of a run.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Diagnosis {
    /// Worst first.
    pub findings: Vec<Finding>,
    /// Rules whose input was missing, each once.
    pub not_checked: Vec<NotChecked>,
    /// How many sockets a finding speaks of whose owner may not be seen.
    pub hidden: u64,
}

impl Diagnosis {
    /// Adds what was found in another namespace.
    pub fn merge(&mut self, verdict: Verdict, hidden: u64) {
        self.findings.extend(verdict.findings);
        rules::sort(&mut self.findings);
        for one in verdict.not_checked {
            if !self.not_checked.iter().any(|known| known.rule == one.rule && known.reason.id == one.reason.id) {
                self.not_checked.push(one);
            }
        }
        self.hidden += hidden;
    }

    /// The findings gathered to incidents, worst first.
    pub fn incidents(&self) -> Vec<Incident<'_>> {
        incidents(&self.findings)
    }

    /// How many incidents have a severity.
    pub fn count(&self, severity: Severity) -> u64 {
        self.incidents().iter().filter(|incident| incident.severity == severity).count() as u64
    }

    /// The worst severity there is.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }

    /// How many rules were not checked somewhere.
    pub fn rules_not_checked(&self) -> u64 {
        let mut names: Vec<&str> = self.not_checked.iter().map(|one| one.rule).collect();
        names.sort_unstable();
        names.dedup();
        names.len() as u64
    }

    /// What to type to have more rules checked, each once.
    pub fn needs(&self) -> Vec<&'static str> {
        let mut needs: Vec<&'static str> = self.not_checked.iter().filter_map(|one| one.needs).collect();
        needs.sort_unstable();
        needs.dedup();
        needs
    }
}

/// A rule by its name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    rules::find(name)
}

/// Commands that speak to the network namespace they are run in.
const OF_A_NAMESPACE: [&str; 7] = ["sysctl", "ss", "ip", "tc", "nstat", "conntrack", "sockdoc"];

/// Puts the way into its namespace before the commands of a finding that was made elsewhere.
pub fn elsewhere(finding: &mut Finding, place: &Namespace) {
    if place.own {
        return;
    }
    let entry = entry(place);
    let label = place.label.as_deref().unwrap_or_default();
    for remedy in &mut finding.remedies {
        let is_setting = remedy.kind == RemedyKind::Sysctl;
        for command in [&mut remedy.command, &mut remedy.undo, &mut remedy.verify] {
            let is_of_it = |command: &String| {
                command.split_whitespace().next().is_some_and(|first| OF_A_NAMESPACE.contains(&first))
            };
            if let Some(here) = command.take_if(|command| is_of_it(command)) {
                // Without a safe way in there is no command: here it would change the wrong namespace.
                *command = entry.as_ref().map(|entry| format!("{entry} {here}"));
            }
        }
        if is_setting {
            // The files of the host reach its first namespace only.
            remedy.persist = match (remedy.persist.take(), label.split_once(':')) {
                (Some(line), Some((runtime @ ("docker" | "podman"), _))) => {
                    Some(format!("{runtime} run --sysctl {}", line.replacen(" = ", "=", 1)))
                }
                _ => None,
            };
        }
    }
}

/// The command that runs another one in a namespace; `None` where its name cannot be a word of a shell.
fn entry(place: &Namespace) -> Option<String> {
    if let Some(pid) = place.path.strip_prefix("/proc/").and_then(|rest| rest.strip_suffix("/ns/net")) {
        return Some(format!("nsenter -t {pid} -n"));
    }
    let name = ["/run/netns/", "/var/run/netns/"].into_iter().find_map(|folder| place.path.strip_prefix(folder));
    match name {
        Some(name) => shell_word(name).map(|name| format!("ip netns exec {name}")),
        None => shell_word(&place.path).map(|path| format!("nsenter --net={path}")),
    }
}

/// A kernel setting that some finding proposes.
#[derive(Clone, PartialEq, Debug)]
pub struct Setting<'a> {
    /// The finding.
    pub finding: &'a Finding,
    /// The remedy.
    pub remedy: &'a Remedy,
    /// The way into its namespace, with a blank after it; empty for one's own.
    pub entry: &'a str,
    /// `net.core.somaxconn`.
    pub name: &'a str,
    /// The value that is set.
    pub current: &'a str,
    /// The value proposed.
    pub proposed: &'a str,
}

/// The settings that the findings propose, each once: of two values the larger, of two lists the longer.
pub fn settings(findings: &[Finding]) -> Vec<Setting<'_>> {
    let mut settings: Vec<Setting<'_>> = Vec::new();
    for finding in findings {
        for remedy in finding.remedies.iter().filter(|remedy| remedy.kind == RemedyKind::Sysctl) {
            let Some(one) = setting(finding, remedy) else { continue };
            match settings.iter_mut().find(|known| known.name == one.name && known.entry == one.entry) {
                None => settings.push(one),
                Some(known) if outweighs(one.proposed, known.proposed) => *known = one,
                Some(_) => {}
            }
        }
    }
    settings
}

/// Whether a value is more than another: a larger number, or a list that holds all of the other.
fn outweighs(value: &str, other: &str) -> bool {
    let number = |text: &str| text.parse::<u64>().ok();
    match (number(value), number(other)) {
        (Some(value), Some(other)) => value > other,
        _ => {
            let items = |list: &'_ str| list.split(',').map(str::to_owned).collect::<BTreeSet<_>>();
            value.contains(',') && items(value).is_superset(&items(other))
        }
    }
}

fn setting<'a>(finding: &'a Finding, remedy: &'a Remedy) -> Option<Setting<'a>> {
    let (entry, assignment) = remedy.command.as_deref()?.split_once("sysctl -w ")?;
    let (name, _) = assignment.split_once('=')?;
    let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || "._-/".contains(c));
    is_name(name).then_some(Setting {
        finding,
        remedy,
        entry,
        name,
        current: remedy.current.as_deref()?,
        proposed: remedy.proposed.as_deref()?,
    })
}

/// A rule as `check --list` shows it.
#[derive(Clone, PartialEq, Debug)]
pub struct RuleRow {
    /// Its name.
    pub name: &'static str,
    /// The severities it may have, worst first.
    pub severities: &'static [Severity],
    /// What it needs.
    pub needs: Vec<String>,
    /// Its thresholds.
    pub thresholds: Vec<ThresholdRow>,
}

/// A threshold as `check --list` shows it.
#[derive(Clone, PartialEq, Debug)]
pub struct ThresholdRow {
    /// Its name within the rule.
    pub name: &'static str,
    /// What it counts.
    pub unit: &'static str,
    /// What it is.
    pub value: f64,
    /// What it is where nobody changed it.
    pub default: f64,
    /// `default`, `config` or `command-line`.
    pub origin: &'static str,
    /// Whether somebody changed it.
    pub is_changed: bool,
}

/// These rules with their thresholds as they are set; all of them where none is named.
pub fn rows(chosen: &[&'static Rule], settings: &Settings) -> Vec<RuleRow> {
    let row = |rule: &&'static Rule| RuleRow {
        name: rule.name,
        severities: rule.severities,
        needs: rule.needs.iter().map(|need| need.name()).collect(),
        thresholds: rule
            .thresholds
            .iter()
            .map(|threshold| {
                let (value, origin) = settings.get(rule.name, threshold);
                ThresholdRow {
                    name: threshold.name,
                    unit: threshold.unit.name(),
                    value,
                    default: threshold.default,
                    origin: origin.name(),
                    is_changed: origin != Origin::Default,
                }
            })
            .collect(),
    };
    let known: BTreeMap<&str, ()> = chosen.iter().map(|rule| (rule.name, ())).collect();
    RULES.iter().filter(|rule| known.contains_key(rule.name)).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{finding::Subject, sentence::Sentence};

    fn finding() -> Finding {
        let mut remedy =
            Remedy::new(RemedyKind::Sysctl, Sentence::plain("text")).command("sysctl -w net.core.somaxconn=8192");
        remedy.current = Some("4096".into());
        remedy.proposed = Some("8192".into());
        remedy.persist = Some("net.core.somaxconn = 8192".into());
        remedy.verify = Some("sysctl net.core.somaxconn".into());
        let restart = Remedy::new(RemedyKind::Operate, Sentence::plain("text")).command("systemctl restart x.service");
        Finding::new("accept-queue-full", Severity::Critical, Subject::Host).remedy(remedy).remedy(restart)
    }

    fn place(path: &str, label: &str) -> Namespace {
        Namespace { inode: 7, path: path.into(), label: Some(label.into()), own: false }
    }

    #[test]
    fn a_command_for_another_namespace_is_run_there() {
        let mut blue = finding();
        elsewhere(&mut blue, &place("/run/netns/blue", "blue"));
        let commands: Vec<_> = blue.remedies.iter().filter_map(|remedy| remedy.command.as_deref()).collect();
        assert_eq!(commands, ["ip netns exec blue sysctl -w net.core.somaxconn=8192", "systemctl restart x.service"]);
        assert_eq!(blue.remedies[0].persist, None);
        assert_eq!(blue.remedies[0].verify.as_deref(), Some("ip netns exec blue sysctl net.core.somaxconn"));
        let mut container = finding();
        elsewhere(&mut container, &place("/proc/77/ns/net", "docker:3f2a"));
        assert_eq!(
            container.remedies[0].command.as_deref(),
            Some("nsenter -t 77 -n sysctl -w net.core.somaxconn=8192")
        );
        assert_eq!(container.remedies[0].persist.as_deref(), Some("docker run --sysctl net.core.somaxconn=8192"));
    }

    #[test]
    fn a_namespace_whose_name_is_no_word_has_no_commands() {
        let mut odd = finding();
        elsewhere(&mut odd, &place("/run/netns/q'\u{1b}[31m", "odd"));
        let commands: Vec<_> = odd.remedies.iter().filter_map(|remedy| remedy.command.as_deref()).collect();
        assert_eq!(commands, ["systemctl restart x.service"]);
        assert_eq!((&odd.remedies[0].verify, &odd.remedies[0].undo), (&None, &None));
        let mut quoted = finding();
        elsewhere(&mut quoted, &place("/run/netns/a b", "a b"));
        assert_eq!(
            quoted.remedies[0].command.as_deref(),
            Some("ip netns exec 'a b' sysctl -w net.core.somaxconn=8192")
        );
    }

    #[test]
    fn of_two_lists_the_one_that_holds_the_other_is_proposed() {
        assert!(outweighs("5,7,9", "5,9") && outweighs("5,7", "5") && outweighs("10", "9"));
        assert!(!outweighs("5,9", "5,7,9") && !outweighs("5,7", "6") && !outweighs("20000 60999", "32768 60999"));
    }

    #[test]
    fn a_setting_is_proposed_once_with_the_larger_value() {
        let mut more = finding();
        more.remedies[0].command = Some("sysctl -w net.core.somaxconn=16384".into());
        more.remedies[0].proposed = Some("16384".into());
        let findings = [finding(), more];
        let found = settings(&findings);
        assert_eq!(
            found.iter().map(|one| (one.name, one.proposed)).collect::<Vec<_>>(),
            [("net.core.somaxconn", "16384")]
        );
    }
}
