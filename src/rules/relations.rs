//! Relations between rules, declared by the rule of the cause.

use std::{collections::BTreeSet, net::IpAddr};

use crate::model::{
    finding::Finding,
    incident::{Flow, Link},
    sorted,
};

/// One rule's finding as the cause of another's.
#[derive(Debug)]
pub struct Relation {
    /// How it leads there.
    pub link: Link,
    /// The rule whose finding it explains.
    pub effect: &'static str,
    /// The resource that both findings must touch.
    pub by: SharedBy,
    /// Whether the cause is strong enough for this effect by its own figures.
    pub holds: fn(&Finding, &Finding) -> bool,
}

/// The shared resource of a relation. The host alone does not relate findings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SharedBy {
    /// The same listener, by address and port.
    Listener,
    /// The same processes: those that hold the sockets of the effect.
    Process,
    /// The processes that wait for the program of the cause.
    Blocked,
    /// The two ends of one connection, both on this host.
    OtherEnd,
    /// Connections of this host to the listener that the cause speaks of.
    Service,
    /// The two ends of a connection on which the effect's program waits for an answer, both on this host.
    Answer,
    /// The same connections.
    Connection,
    /// Connections to the same peer address.
    Peer,
    /// Connections from and to the same addresses and port.
    Route,
    /// The kernel setting that both propose to change; the cause proposes no other.
    Setting,
    /// The host alone, which joins nothing: they may be related, and that is all.
    Host,
}

impl Relation {
    /// The cause makes the effect.
    pub const fn causes(effect: &'static str, by: SharedBy) -> Relation {
        Relation { link: Link::Causes, effect, by, holds: always }
    }

    /// The cause has a part in the effect.
    pub const fn contributes(effect: &'static str, by: SharedBy) -> Relation {
        Relation { link: Link::Contributes, effect, by, holds: always }
    }

    /// Both are one fault.
    pub const fn same_fault(effect: &'static str, by: SharedBy) -> Relation {
        Relation { link: Link::SameFault, effect, by, holds: always }
    }

    /// The same, where the figures of both findings allow it.
    pub const fn where_(self, holds: fn(&Finding, &Finding) -> bool) -> Relation {
        Relation { holds, ..self }
    }
}

fn always(_: &Finding, _: &Finding) -> bool {
    true
}

/// How much of a finding another one explains.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Share {
    /// Nothing: they touch nothing in common.
    None,
    /// All of it.
    All,
    /// Some of its connections.
    Part(Vec<Flow>),
    /// They may be related; the data to decide was not read.
    Unsure,
}

impl SharedBy {
    /// How much of the effect the cause explains.
    pub(super) fn share(self, cause: &Finding, effect: &Finding) -> Share {
        let (mine, theirs) = (&cause.touches, &effect.touches);
        match self {
            SharedBy::Listener => match theirs.listeners.iter().any(|one| mine.listeners.contains(one)) {
                true => Share::All,
                false => Share::None,
            },
            SharedBy::Process => processes(&mine.pids, &theirs.pids),
            SharedBy::Blocked => processes(&mine.blocked, &theirs.pids),
            SharedBy::OtherEnd => {
                let mine: BTreeSet<_> = sorted::set(mine.flows.iter().chain(&mine.explained).map(Flow::reversed));
                part(effect, |flow| mine.contains(&flow.ends()))
            }
            SharedBy::Answer => {
                let mine: BTreeSet<_> = sorted::set(mine.flows.iter().chain(&mine.explained).map(Flow::reversed));
                let is_mine = |flows: &Vec<Flow>| flows.iter().all(|flow| mine.contains(&flow.ends()));
                if theirs.awaited.iter().any(is_mine) { Share::All } else { Share::None }
            }
            SharedBy::Connection => {
                let mine: BTreeSet<_> = sorted::set(mine.flows.iter().chain(&mine.explained).map(Flow::ends));
                part(effect, |flow| mine.contains(&flow.ends()))
            }
            SharedBy::Setting => {
                let theirs = settings(effect);
                let is_all = !settings(cause).is_empty() && settings(cause).is_subset(&theirs);
                if is_all { Share::All } else { Share::None }
            }
            SharedBy::Host => Share::Unsure,
            SharedBy::Service => part(effect, |flow| {
                let is_taken = |&(address, port): &(IpAddr, u16)| {
                    port == flow.peer.1 && (address == flow.peer.0 || address.is_unspecified() && is_here(flow))
                };
                mine.listeners.iter().any(is_taken)
            }),
            SharedBy::Peer => {
                let peers: BTreeSet<_> = sorted::set(mine.flows.iter().map(|flow| flow.peer.0));
                part(effect, |flow| peers.contains(&flow.peer.0))
            }
            SharedBy::Route => part(effect, |flow| {
                let meets = |other: &Flow| {
                    let same_source = flow.local.0 == other.local.0
                        || flow.local.0.is_unspecified()
                        || other.local.0.is_unspecified();
                    flow.peer == other.peer && same_source
                };
                mine.flows.iter().any(meets)
            }),
        }
    }
}

/// The kernel settings that a finding's remedies change.
fn settings(finding: &Finding) -> BTreeSet<&'static str> {
    sorted::set(finding.remedies.iter().filter_map(|remedy| remedy.setting))
}

/// Whether a connection surely ends on this host: over loopback, or from an address to itself.
fn is_here(flow: &Flow) -> bool {
    flow.peer.0.is_loopback() || flow.peer.0 == flow.local.0
}

/// Connections of the effect that the cause's processes hold; where it counts none, all of it if they are its own.
fn processes(mine: &BTreeSet<u32>, theirs: &BTreeSet<u32>) -> Share {
    if mine.is_disjoint(theirs) {
        return Share::None;
    }
    // The oldest of several processes is often a master that holds the listener and never accepts.
    let others: Vec<u32> = theirs.difference(mine).copied().collect();
    match others.as_slice() {
        [] => Share::All,
        [one] if Some(one) == theirs.first() => Share::All,
        _ => Share::Unsure,
    }
}

fn part(effect: &Finding, is_explained: impl Fn(&Flow) -> bool) -> Share {
    let flows = &effect.touches.flows;
    let explained: Vec<Flow> = flows.iter().filter(|flow| is_explained(flow)).copied().collect();
    match explained.len() {
        0 => Share::None,
        all if all == flows.len() => Share::All,
        _ => Share::Part(explained),
    }
}

/// Whether the sockets of a finding are at least half of the open descriptors of the process; of a service those of its
/// process with the fewest descriptors left.
pub(super) fn holds_most_descriptors(leak: &Finding, limit: &Finding) -> bool {
    let held = leak.count_of("sockets_of_process").unwrap_or(leak.weight);
    limit.count_of("descriptors").is_some_and(|used| held.saturating_mul(2) >= used)
}
