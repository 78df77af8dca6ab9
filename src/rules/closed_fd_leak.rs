//! Descriptors with dead sockets: reset by the peer, or never connected.
//!
//! Detected: TCP descriptors with the same inode before and after a dump that does not contain them. Such sockets are
//! in CLOSE, which no dump shows, so `ss` and netstat do not show the leak. Bare sockets are short-lived, hence the
//! small limit; a hundred at once are not a burst of new ones, at any descriptor limit.

use std::cmp::Reverse;

use super::{connections, fullest::Fullest, hint, prelude::*, relations};

/// Fewer may be sockets that are about to be connected.
const LEAST: Threshold = Threshold::count("least", 20.0);
/// The part of the descriptors from which it matters.
const SHARE: Threshold = Threshold::ratio("share", 0.05);
/// From this number on, the finding does not depend on the limit: the descriptor of a dead socket is useless.
const MANY: Threshold = Threshold::count("many", 100.0);
/// Descriptors named in the evidence.
const NAMED: usize = 10;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "closed-fd-leak",
    severities: &[Severity::Warning],
    thresholds: &[LEAST, SHARE, MANY],
    needs: &[Need::ClosedDescriptors],
    relations: &[Relation::causes("fd-near-limit", SharedBy::Process).where_(relations::holds_most_descriptors)],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let services = input.services();
    let mut of_service: BTreeMap<u32, Vec<(u32, &[u32])>> = BTreeMap::new();
    for (&pid, fds) in input.snapshot.closed_descriptors.iter().flatten() {
        of_service.entry(services.first(pid)).or_default().push((pid, fds));
    }
    of_service.into_values().filter_map(|all| judge(input, all)).collect()
}

/// The finding for a service, by the process with the most dead descriptors.
fn judge(input: &RuleInput<'_>, mut all: Vec<(u32, &[u32])>) -> Option<Finding> {
    let is_leak = |&(pid, fds): &(u32, &[u32])| {
        let soft_limit = input.process(pid).and_then(|facts| facts.soft_limit);
        let share = soft_limit.map_or(0.0, |limit| input.limit(&SHARE) * limit as f64);
        fds.len() as f64 >= input.limit(&LEAST).max(share.min(input.limit(&MANY)))
    };
    if !all.iter().any(is_leak) {
        return None;
    }
    let pids: Vec<u32> = all.iter().map(|(pid, _)| *pid).collect();
    sorted::sort_by_key(&mut all, |(pid, fds)| (Reverse(fds.len()), *pid));
    let counts: Vec<(u32, u64)> = all.iter().map(|(pid, fds)| (*pid, fds.len() as u64)).collect();
    let count = counts.iter().map(|(_, count)| count).sum();
    let &(pid, fds) = all.first()?;
    let program = input.program_of(&pids);
    let runtime = program.as_ref().map(|program| program.runtime).unwrap_or_default();
    let name = program.as_ref().map_or_else(|| pid.to_string(), |program| program.name.clone());
    let subject = program.map_or(Subject::Unknown, Subject::Process);
    let some: Vec<String> = fds.iter().take(NAMED).map(u32::to_string).collect();
    let named = some.iter().cloned().map(Word::Outside).collect();
    let limit =
        input.descriptors(pid).map(|(used, most)| Sentence::plain("limit").count("used", used).count("most", most));
    let mut finding = input
        .finding(Severity::Warning, subject)
        .count("count", count)
        .why(Sentence::plain("why").outside("program", name))
        .proof(Sentence::plain("proof").with("fds", Word::List(named)))
        .limit(limit)
        .evidence("descriptors_without_socket", Figure::Count(count), format!("/proc/{pid}/fd, system.sockprotoname"))
        .evidence("descriptor_numbers", Figure::Text(some.join(",")), format!("/proc/{pid}/fd"))
        .about(Vec::new(), count);
    if let Some((used, most)) = input.descriptors(pid) {
        finding = Fullest { pid, sockets: fds.len() as u64, used, most }.tell(finding);
    }
    finding = connections::by_process(finding.blames(pids), &counts);
    let fix = Sentence::plain("fix").with("hint", hint::close(runtime).part());
    let find = Remedy::new(RemedyKind::Operate, "find")
        .inspect()
        .command(ShellCommand::new("lsof -nP -a -p ").then(pid).then(" -i | grep -v -e LISTEN -e ESTABLISHED"))
        .needs("needs-ptrace");
    Some(finding.remedy(Remedy::new(RemedyKind::Code, fix)).remedy(find).myth("myth"))
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{severities, snapshot},
        *,
    };
    use crate::model::{finding::Runtime, snapshot::Snapshot};

    fn closed(count: u32) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.hold(4321, "orders", Runtime::Go, []);
        if let Some(closed) = &mut snapshot.closed_descriptors {
            closed.insert(4321, (10..10 + count).collect());
        }
        snapshot
    }

    #[test]
    fn a_twentieth_of_the_descriptors_is_a_warning() {
        assert_eq!(severities(&RULE, &closed(52)), [Severity::Warning]);
        assert_eq!(severities(&RULE, &closed(51)), []);
    }

    #[test]
    fn many_are_one_whatever_the_limit() {
        let of = |count| {
            let mut snapshot = closed(count);
            snapshot.processes.get_mut(&4321).unwrap().soft_limit = Some(1_048_576);
            severities(&RULE, &snapshot)
        };
        assert_eq!((of(100), of(99)), (vec![Severity::Warning], vec![]));
    }

    #[test]
    fn a_few_are_never_one() {
        let mut snapshot = closed(19);
        if let Some(facts) = snapshot.processes.get_mut(&4321) {
            facts.soft_limit = Some(64);
        }
        assert_eq!(severities(&RULE, &snapshot), []);
        assert_eq!(severities(&RULE, &super::super::fixture::snapshot()), []);
    }
}
