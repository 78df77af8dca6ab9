//! From findings to incidents: a finding that another one explains is folded beneath it.
//!
//! A finding is folded only where the cause is in the same sample, both touch the same thing and no second cause could
//! explain it as well. Of a finding that is explained in part, the rest stays a finding: its rule is asked again without
//! the connections that are explained.

use std::collections::BTreeSet;

use super::{
    RuleInput, RuleInputs, find,
    relations::{Relation, Share},
};
use crate::model::{
    finding::{Confidence, Evidence, Figure, Finding, Subject},
    incident::{Flow, Fold, Link},
    sentence::{Placeholders, Sentence, Word},
    snapshot::Seen,
    sorted,
};

/// Holders of a listener that are named.
const MOST_NAMED: usize = 8;

/// A relation that holds between two findings, by their places.
#[derive(Clone, Debug)]
struct Edge {
    cause: usize,
    effect: usize,
    link: Link,
    share: Share,
}

/// Folds findings of one namespace beneath those that explain them, and names each.
pub(super) fn fold(findings: &mut Vec<Finding>, inputs: &RuleInputs<'_>) {
    for finding in findings.iter_mut() {
        let input = inputs.of(finding.rule);
        complete(finding, &input);
    }
    name(findings);
    let mut edges = edges(findings);
    if edges.is_empty() {
        return;
    }
    split(findings, &edges, inputs);
    if edges.iter().any(|edge| matches!(edge.share, Share::Part(_))) {
        name(findings);
        edges = self::edges(findings);
    }
    join(findings, &edges);
}

/// Adds the facts of the subject and the holders to the sockets of a finding.
fn complete(finding: &mut Finding, input: &RuleInput<'_>) {
    let touches = &mut finding.touches;
    if let Subject::Listener { address, port, path: None, .. } = &finding.subject {
        touches.listeners.insert((*address, *port));
    }
    let is_meant = |address, port| touches.listeners.contains(&(address, port));
    let listeners = input.now().listeners.iter().filter(|one| is_meant(one.address, one.port)).map(|one| one.inode);
    let mut pids = input.pids(touches.flows.iter().map(|flow| flow.inode));
    // Of a listener with several processes those are meant that hold the connections, where they are accepted.
    if pids.is_empty() {
        pids = input.pids(listeners);
    }
    finding.touches.pids.extend(pids);
    finding.touches.pids.extend(finding.subject.program().map(|program| program.pid));
    tell_holders(finding, input);
}

/// Adds all holders of a listener that several programs hold; which of them serves it may be unknown.
fn tell_holders(finding: &mut Finding, input: &RuleInput<'_>) {
    let Some(shared) = finding.inodes.iter().find_map(|&inode| input.shared_listener(inode)) else { return };
    let name = |pid: &u32| {
        let process = &input.process(*pid)?.process;
        Some(format!("{} ({pid})", String::from_utf8_lossy(&process.program)))
    };
    let names = |pids: &[u32]| {
        let more = (pids.len() > MOST_NAMED).then(|| "...".to_owned());
        pids.iter().take(MOST_NAMED).filter_map(name).chain(more).collect::<Vec<_>>()
    };
    let value = Figure::Text(names(&shared.all).join(", "));
    finding.evidence.push(Evidence { name: "holders", value, source: "/proc/PID/fd".to_owned() });
    if shared.is_unclear {
        let list = names(&shared.serving).into_iter().map(Word::Outside).collect();
        finding.proof.push(Sentence::plain("holders-unclear").with("list", Word::List(list)));
        finding.confidence = finding.confidence.max(Confidence::Likely);
    }
}

/// Gives each finding a name that no other has: rule, subject, namespace; of equal ones the second is `…#2`.
fn name(findings: &mut [Finding]) {
    let mut known: BTreeSet<String> = BTreeSet::new();
    for finding in findings {
        let plain = Finding::id_of(finding.rule, &finding.subject);
        let plain = finding.netns.iter().fold(plain, |id, netns| format!("{id}@{netns}"));
        let numbered = (2..).map(|number| format!("{plain}#{number}"));
        let mut ids = std::iter::once(plain.clone()).chain(numbered);
        finding.id = ids.find(|id| !known.contains(id)).unwrap_or(plain);
        known.insert(finding.id.clone());
    }
}

/// All relations that hold between these findings.
fn edges(findings: &[Finding]) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (cause, finding) in findings.iter().enumerate() {
        for relation in find(finding.rule).map(|rule| rule.relations).unwrap_or_default() {
            let effects = findings.iter().enumerate().filter(|(_, effect)| effect.rule == relation.effect);
            edges.extend(effects.filter_map(|(effect, other)| {
                let share = share(relation, finding, other);
                let edge = Edge { cause, effect, link: relation.link, share };
                (cause != effect && edge.share != Share::None).then_some(edge)
            }));
        }
    }
    edges
}

fn share(relation: &Relation, cause: &Finding, effect: &Finding) -> Share {
    if !(relation.holds)(cause, effect) {
        return Share::None;
    }
    match relation.by.share(cause, effect) {
        Share::None => Share::None,
        // A contributing finding claims less than a cause does.
        _ if relation.link != Link::Contributes && is_inferred(cause, effect) => Share::Unsure,
        share => share,
    }
}

fn is_inferred(cause: &Finding, effect: &Finding) -> bool {
    [cause, effect].iter().any(|one| one.confidence == Confidence::Inferred)
}

/// Divides findings of which a cause explains some connections: those, and the rest.
fn split(findings: &mut Vec<Finding>, edges: &[Edge], inputs: &RuleInputs<'_>) {
    let is_whole = |effect: usize| edges.iter().any(|edge| edge.effect == effect && edge.share == Share::All);
    let mut parts: Vec<(usize, Vec<Flow>)> = Vec::new();
    for edge in edges.iter().filter(|edge| edge.link == Link::Causes && !is_whole(edge.effect)) {
        if let Share::Part(flows) = &edge.share {
            parts.push((edge.effect, flows.clone()));
        }
    }
    let divided: BTreeSet<usize> = sorted::set(parts.iter().map(|(effect, _)| *effect));
    let mut made = Vec::new();
    for effect in &divided {
        let Some(whole) = findings.get(*effect) else { continue };
        let all: BTreeSet<Flow> = sorted::set(whole.touches.flows.iter().copied());
        let mut rest = all.clone();
        for (_, flows) in parts.iter().filter(|(of, _)| of == effect) {
            let mine: BTreeSet<Flow> = sorted::set(flows.iter().copied().filter(|flow| rest.remove(flow)));
            made.extend(only(whole, &all, &mine, inputs));
        }
        made.extend(only(whole, &all, &rest, inputs));
    }
    let mut place = 0;
    findings.retain(|_| {
        place += 1;
        !divided.contains(&(place - 1))
    });
    findings.extend(made);
    super::sort(findings);
}

/// A finding that its rule would make for only some of its connections.
fn only(whole: &Finding, all: &BTreeSet<Flow>, kept: &BTreeSet<Flow>, inputs: &RuleInputs<'_>) -> Vec<Finding> {
    let Some(rule) = find(whole.rule).filter(|_| !kept.is_empty()) else { return Vec::new() };
    let is_gone = |seen: &Seen| {
        let flow = seen.flow();
        all.contains(&flow) && !kept.contains(&flow)
    };
    let mut seen = inputs.snapshot.clone();
    seen.now.sockets.retain(|seen| !is_gone(seen));
    let mut findings = rule.evaluate(&inputs.within(&seen).of(rule.name));
    findings.retain(|finding| finding.touches.flows.iter().any(|flow| kept.contains(flow)));
    for finding in &mut findings {
        finding.netns.clone_from(&whole.netns);
        complete(finding, &inputs.of(rule.name));
    }
    findings
}

/// Sets who is folded beneath whom.
fn join(findings: &mut [Finding], edges: &[Edge]) {
    let mut parents: Vec<Option<(usize, Link)>> = vec![None; findings.len()];
    let mut related: BTreeSet<(usize, usize)> = BTreeSet::new();
    let causes = |effect: usize| {
        edges.iter().filter(move |edge| edge.effect == effect && edge.link == Link::Causes && edge.share == Share::All)
    };
    for edge in edges.iter().filter(|edge| matches!(edge.share, Share::Unsure | Share::Part(_))) {
        related.insert((edge.cause, edge.effect));
    }
    for effect in 0..findings.len() {
        // Of a chain of causes the nearest counts: the others explain it, too, through that one.
        let all: BTreeSet<usize> = sorted::set(causes(effect).map(|edge| edge.cause));
        let is_behind = |cause: usize| all.iter().any(|&other| other != cause && leads(edges, cause, other));
        let nearest: Vec<usize> = all.iter().copied().filter(|&cause| !is_behind(cause)).collect();
        match nearest.as_slice() {
            [] => {}
            [cause] => set(&mut parents, effect, *cause, Link::Causes),
            several => related.extend(several.iter().map(|&cause| (cause, effect))),
        }
    }
    // A contributing finding is part of the one that it contributes to; of two findings of one fault, the less severe
    // is the part.
    for edge in edges.iter().filter(|edge| edge.share == Share::All || edge.link == Link::Contributes) {
        match edge.link {
            Link::Contributes if edge.share != Share::Unsure => {
                set(&mut parents, edge.cause, edge.effect, Link::Contributes);
                related.remove(&(edge.cause, edge.effect));
            }
            Link::SameFault => set(&mut parents, edge.effect, edge.cause, Link::SameFault),
            _ => {}
        }
    }
    let ids: Vec<String> = findings.iter().map(|finding| finding.id.clone()).collect();
    let id = |place: usize| ids.get(place).cloned().unwrap_or_default();
    let root = |place: usize| root(&parents, place);
    for (place, finding) in findings.iter_mut().enumerate() {
        finding.fold = parents.get(place).copied().flatten().map(|(into, link)| Fold { into: id(into), link });
        let mine = related.iter().filter_map(|&(a, b)| match place {
            _ if root(a) == root(b) => None,
            _ if a == place => Some(id(b)),
            _ if b == place => Some(id(a)),
            _ => None,
        });
        finding.may_relate_to = mine.collect();
    }
}

/// Whether one finding causes another, directly or through others. The relations have no circle.
fn leads(edges: &[Edge], from: usize, to: usize) -> bool {
    edges
        .iter()
        .filter(|edge| edge.cause == from && edge.link == Link::Causes && edge.share == Share::All)
        .any(|edge| edge.effect == to || leads(edges, edge.effect, to))
}

/// Folds one beneath another, unless it is folded already or the other is folded beneath it.
fn set(parents: &mut [Option<(usize, Link)>], place: usize, into: usize, link: Link) {
    if root(parents, into) == place {
        return;
    }
    if let Some(parent) = parents.get_mut(place).filter(|parent| parent.is_none()) {
        *parent = Some((into, link));
    }
}

/// The finding at the head of its incident.
fn root(parents: &[Option<(usize, Link)>], mut place: usize) -> usize {
    while let Some((into, _)) = parents.get(place).copied().flatten() {
        place = into;
    }
    place
}

#[cfg(test)]
mod tests;
