//! The results of the rules for all namespaces as one.

use std::collections::{BTreeMap, BTreeSet};

use super::incident::{Incident, incidents};
use crate::{
    model::{
        finding::{Finding, NotChecked, Remedy, Severity},
        namespace::Namespace,
        shell::ShellCommand,
        sorted,
        waiting::UnreadData,
    },
    rules::{self, Need, RULES, Rule, Settings, Verdict, settings::Origin, young::Young},
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
    /// Unread data on open connections.
    pub unread: UnreadData,
    /// Sockets that are too young to be judged, by namespace.
    pub young: Vec<Young>,
}

impl Diagnosis {
    /// Adds the findings of another namespace.
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
        self.rules_missed(|_| true)
    }

    /// How many of them would be checked if this were typed.
    pub fn rules_that_need(&self, needs: &str) -> u64 {
        self.rules_missed(|one| one.needs == Some(needs))
    }

    /// How many rules of these were not checked in some namespace, each counted once.
    fn rules_missed(&self, is_meant: impl Fn(&NotChecked) -> bool) -> u64 {
        let names: BTreeSet<&str> =
            sorted::set(self.not_checked.iter().filter(|one| is_meant(one)).map(|one| one.rule));
        names.len() as u64
    }

    /// The options that enable more rules, each once.
    pub fn needs(&self) -> Vec<&'static str> {
        let mut needs: Vec<&'static str> = self.not_checked.iter().filter_map(|one| one.needs).collect();
        needs.sort_unstable();
        needs.dedup();
        needs
    }
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
        for command in [&mut remedy.command, &mut remedy.undo, &mut remedy.verify] {
            if let Some(here) = command.take_if(|command| OF_A_NAMESPACE.contains(&command.program())) {
                // Without a safe way into the namespace there is no command: here it would change the wrong one.
                *command = entry.clone().map(|entry| entry.then(&here));
            }
        }
        if let (Some(name), Some(_)) = (remedy.setting, &remedy.persist) {
            // The files of the host reach its first namespace only.
            let run = match label.split_once(':') {
                Some(("docker", _)) => Some(ShellCommand::new("docker run --sysctl ")),
                Some(("podman", _)) => Some(ShellCommand::new("podman run --sysctl ")),
                _ => None,
            };
            let proposed = remedy.proposed.as_deref().unwrap_or_default();
            remedy.persist =
                run.and_then(|run| run.then(name).then("=").outside(proposed)).map(|command| command.to_string());
        }
        remedy.entry.clone_from(&entry);
    }
}

/// The command that runs another one in a namespace, up to that one; `None` where its name cannot be a word of a shell.
fn entry(place: &Namespace) -> Option<ShellCommand> {
    let path = place.path.as_str();
    let pid = path.strip_prefix("/proc/").and_then(|rest| rest.strip_suffix("/ns/net")?.parse::<u32>().ok());
    let name = ["/run/netns/", "/var/run/netns/"].into_iter().find_map(|folder| path.strip_prefix(folder));
    let entry = match (pid, name) {
        (Some(pid), _) => ShellCommand::new("nsenter -t ").then(pid).then(" -n"),
        (None, Some(name)) => ShellCommand::new("ip netns exec ").outside(name)?,
        (None, None) => ShellCommand::new("nsenter --net=").outside(path)?,
    };
    Some(entry.then(" "))
}

/// A kernel setting that some finding proposes.
#[derive(Clone, PartialEq, Debug)]
pub struct Setting<'a> {
    /// The finding.
    pub finding: &'a Finding,
    /// The remedy.
    pub remedy: &'a Remedy,
    /// `net.core.somaxconn`.
    pub name: &'static str,
    /// The command that sets it.
    pub command: &'a ShellCommand,
    /// The value that is set, as a word of a shell.
    pub current: ShellCommand,
    /// The value proposed, likewise.
    pub proposed: ShellCommand,
}

/// The settings that the findings propose, each once: of two values the larger, of two lists the longer.
pub fn settings(findings: &[Finding]) -> Vec<Setting<'_>> {
    let mut settings: Vec<Setting<'_>> = Vec::new();
    for one in findings.iter().flat_map(|finding| finding.remedies.iter().filter_map(|remedy| setting(finding, remedy)))
    {
        let is_same = |known: &&mut Setting<'_>| known.name == one.name && known.remedy.entry == one.remedy.entry;
        match settings.iter_mut().find(is_same) {
            None => settings.push(one),
            Some(known) if outweighs(one.remedy, known.remedy) => *known = one,
            Some(_) => {}
        }
    }
    settings
}

/// Whether a proposed value is more than another: a larger number, or a list that holds all of the other.
fn outweighs(remedy: &Remedy, other: &Remedy) -> bool {
    let [value, other] = [remedy, other].map(|remedy| remedy.proposed.as_deref().unwrap_or_default());
    let number = |text: &str| text.parse::<u64>().ok();
    match (number(value), number(other)) {
        (Some(value), Some(other)) => value > other,
        _ => {
            let items = |list: &'_ str| sorted::set(list.split(',').map(str::to_owned));
            value.contains(',') && items(value).is_superset(&items(other))
        }
    }
}

/// None where a value that was recorded cannot be a word of a script.
fn setting<'a>(finding: &'a Finding, remedy: &'a Remedy) -> Option<Setting<'a>> {
    let word =
        |text: &str| if text.is_empty() { Some(ShellCommand::new("''")) } else { ShellCommand::new("").outside(text) };
    Some(Setting {
        finding,
        remedy,
        name: remedy.setting?,
        command: remedy.command.as_ref()?,
        current: word(remedy.current.as_deref()?)?,
        proposed: word(remedy.proposed.as_deref()?)?,
    })
}

/// A rule as `check --list` shows it.
#[derive(Clone, PartialEq, Debug)]
pub struct RuleRow {
    /// Its name.
    pub name: &'static str,
    /// The severities it may have, worst first.
    pub severities: &'static [Severity],
    /// The data that it needs.
    pub needs: &'static [Need],
    /// Its thresholds.
    pub thresholds: Vec<ThresholdRow>,
}

/// A threshold as `check --list` shows it.
#[derive(Clone, PartialEq, Debug)]
pub struct ThresholdRow {
    /// Its name within the rule.
    pub name: &'static str,
    /// The unit.
    pub unit: &'static str,
    /// The current value.
    pub value: f64,
    /// The default value.
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
        needs: rule.needs,
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
    let known: BTreeMap<&str, ()> = sorted::map(chosen.iter().map(|rule| (rule.name, ())));
    RULES.iter().filter(|rule| known.contains_key(rule.name)).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        finding::{RemedyKind, Subject},
        sentence::Sentence,
    };

    fn finding() -> Finding {
        let mut remedy =
            Remedy::new(RemedyKind::Sysctl, Sentence::plain("text")).command("sysctl -w net.core.somaxconn=8192");
        remedy.setting = Some("net.core.somaxconn");
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
        let proposing = |value: &str| {
            let mut remedy = Remedy::new(RemedyKind::Sysctl, "text");
            remedy.proposed = Some(value.to_owned());
            remedy
        };
        let outweighs = |value, other| super::outweighs(&proposing(value), &proposing(other));
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
            found.iter().map(|one| (one.name, one.proposed.clone())).collect::<Vec<_>>(),
            [("net.core.somaxconn", ShellCommand::new("16384"))]
        );
    }
}
