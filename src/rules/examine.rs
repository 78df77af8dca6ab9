//! Runs the rules on a snapshot: their findings, and the rules that could not be checked.

use super::{catalogue::sort, incidents, input::RuleInputs, rule::Rule, settings::Settings};
use crate::model::{
    finding::{Finding, NotChecked},
    snapshot::Snapshot,
};

/// The result of all rules on one snapshot.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Verdict {
    /// Worst first; of equal severity the largest first, then in the order of the catalogue.
    pub findings: Vec<Finding>,
    /// Rules whose input was missing.
    pub not_checked: Vec<NotChecked>,
}

/// Asks these rules about a snapshot.
pub fn examine(snapshot: &Snapshot, rules: &[&'static Rule], settings: &Settings) -> Verdict {
    let mut verdict = Verdict::default();
    let inputs = RuleInputs::new(snapshot, settings);
    for &rule in rules {
        let input = inputs.of(rule.name);
        // Data that no option provides comes first: with options for the others the rule would still not be checked.
        let missing = rule.needs.iter().filter_map(|need| Some((need.is_for_a_part(), need.missing_for(&input)?)));
        let worst = missing.min_by_key(|(is_for_a_part, (_, needs))| (*is_for_a_part, needs.is_some()));
        if worst.as_ref().is_none_or(|(is_for_a_part, _)| *is_for_a_part) {
            verdict.findings.extend(rule.evaluate(&input));
        }
        if let Some((_, (reason, needs))) = worst {
            verdict.not_checked.push(NotChecked { rule: rule.name, reason, needs });
        }
    }
    for finding in &mut verdict.findings {
        finding.netns.clone_from(&snapshot.netns);
    }
    sort(&mut verdict.findings);
    incidents::fold(&mut verdict.findings, &inputs);
    verdict
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{snapshot, socket},
        *,
    };
    use crate::{
        model::{owner::HeldUp, state::State, subject::Runtime},
        rules::{RULES, find},
    };

    #[test]
    fn without_the_system_calls_a_hung_program_is_still_found_and_the_rest_not_checked() {
        let mut snapshot = snapshot();
        let mut seen = socket(State::ESTABLISHED, 5);
        seen.socket.rqueue = 100;
        snapshot.now.add([seen]);
        snapshot.hold(4321, "orders", Runtime::Java, [5]);
        if let Some(facts) = snapshot.processes.get_mut(&4321) {
            facts.held_up = Some(HeldUp::Stopped);
        }
        let hung: Vec<&'static Rule> = find("program-hung").into_iter().collect();
        let verdict = |snapshot: &Snapshot| {
            let verdict = examine(snapshot, &hung, &Settings::default());
            (verdict.findings.len(), verdict.not_checked.first().and_then(|one| one.needs))
        };
        assert_eq!(verdict(&snapshot), (1, None));
        snapshot.calls_denied = 1;
        assert_eq!(verdict(&snapshot), (1, Some("sudo")));
    }

    #[test]
    fn what_is_missing_for_good_is_promised_no_cure() {
        let mut snapshot = snapshot();
        (snapshot.before, snapshot.is_initial_netns, snapshot.now.sockstat) = (None, false, None);
        snapshot.now.counters.clear();
        snapshot.now.all_established = false;
        let settings = Settings::default();
        let verdict = examine(&snapshot, RULES, &settings);
        let inputs = RuleInputs::new(&snapshot, &settings);
        let mut both = 0;
        for one in &verdict.not_checked {
            let rule = find(one.rule).unwrap();
            let input = inputs.of(rule.name);
            let missing: Vec<_> = rule.needs.iter().filter_map(|need| need.missing_for(&input)).collect();
            let is_curable = missing.iter().all(|(_, needs)| needs.is_some());
            assert_eq!(one.needs.is_some(), is_curable, "{}", one.rule);
            both += usize::from(!is_curable && missing.iter().any(|(_, needs)| needs.is_some()));
        }
        assert!(both > 0 && verdict.not_checked.iter().any(|one| one.needs.is_some()));
    }
}
