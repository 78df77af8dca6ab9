//! Relays: programs that pass a half-close on and so hold both of its ends for as long as the far side likes.

use super::prelude::*;
use crate::model::owner::Holder;

/// How far the two sets may be apart and still count as the two legs of the same connections.
const ABOUT_EQUAL: f64 = 0.5;

/// The sockets of a relay's two legs.
#[derive(Clone, Debug)]
pub struct Legs<'a> {
    /// `CLOSE_WAIT`, everything taken: the side that hung up.
    pub hung_up: Vec<&'a Seen>,
    /// `FIN_WAIT2` held by the program: the side that has not.
    pub waiting: Vec<&'a Seen>,
}

impl Legs<'_> {
    /// The inodes of both.
    pub fn inodes(&self) -> Vec<u32> {
        self.hung_up.iter().chain(&self.waiting).map(|seen| seen.socket.inode).collect()
    }
}

/// All candidates for relay legs, until owners are known: without the owners of both legs a relay looks like a leak.
pub fn unknown_legs<'a>(input: &RuleInput<'a>) -> Option<Legs<'a>> {
    if input.snapshot.holders.is_some() {
        return None;
    }
    let legs = Legs { hung_up: hung_up(input).collect(), waiting: waiting(input).collect() };
    (!legs.hung_up.is_empty() && !legs.waiting.is_empty()).then_some(legs)
}

/// Their inodes, for a rule that is not to take a relay for something else.
pub fn candidates(input: &RuleInput<'_>) -> Vec<u32> {
    unknown_legs(input).map(|legs| legs.inodes()).unwrap_or_default()
}

fn hung_up<'a>(input: &RuleInput<'a>) -> impl Iterator<Item = &'a Seen> + use<'a> {
    input.sockets(State::CLOSE_WAIT).filter(|seen| seen.kind() == Kind::Full && seen.socket.rqueue == 0)
}

fn waiting<'a>(input: &RuleInput<'a>) -> impl Iterator<Item = &'a Seen> + use<'a> {
    input.sockets(State::FIN_WAIT2).filter(|seen| seen.kind() == Kind::Full)
}

/// Both legs, if processes (each with its count) have `CLOSE_WAIT` with nothing to read and `FIN_WAIT2` in about equal
/// numbers, of different connections (docker-proxy, `HAProxy` tunnels, socat).
pub fn legs<'a>(input: &RuleInput<'a>, pids: &[(u32, u64)]) -> Option<Legs<'a>> {
    let is_theirs = |holder: &Holder| pids.iter().any(|(pid, _)| *pid == holder.pid);
    let held_by = |seen: &&Seen| input.holders(seen.socket.inode).iter().any(is_theirs);
    let hung_up: Vec<&Seen> = hung_up(input).filter(held_by).collect();
    let waiting: Vec<&Seen> = waiting(input).filter(held_by).collect();
    let (fewer, more) = (hung_up.len().min(waiting.len()), hung_up.len().max(waiting.len()));
    if fewer == 0 || (fewer as f64) < ABOUT_EQUAL * more as f64 {
        return None;
    }
    // The two ends of one connection are a program that talks to itself, not a relay.
    let ends: BTreeSet<_> = sorted::set(waiting.iter().map(|seen| (seen.socket.local, seen.socket.local_port)));
    let itself = hung_up.iter().filter(|seen| ends.contains(&(seen.socket.peer, seen.socket.peer_port))).count();
    (itself * 2 < hung_up.len()).then_some(Legs { hung_up, waiting })
}
