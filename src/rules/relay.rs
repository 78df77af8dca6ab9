//! Relays: programs that pass a half-close on and so hold both of its ends for as long as the far side likes.

use std::collections::BTreeSet;

use super::Case;
use crate::model::{snapshot::Seen, socket::Kind, state::State};

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

/// Both legs, if a process holds `CLOSE_WAIT` with nothing to read and `FIN_WAIT2` in about equal numbers, of different
/// connections (docker-proxy, `HAProxy` tunnels, socat).
pub fn legs<'a>(case: &Case<'a>, pid: u32) -> Option<Legs<'a>> {
    let held_by = |seen: &&Seen| case.holders(seen.socket.inode).iter().any(|holder| holder.pid == pid);
    let hung_up: Vec<&Seen> =
        case.sockets(State::CLOSE_WAIT).filter(|seen| seen.socket.rqueue == 0).filter(held_by).collect();
    let waiting: Vec<&Seen> =
        case.sockets(State::FIN_WAIT2).filter(|seen| seen.kind() == Kind::Full).filter(held_by).collect();
    let (fewer, more) = (hung_up.len().min(waiting.len()), hung_up.len().max(waiting.len()));
    if fewer == 0 || (fewer as f64) < ABOUT_EQUAL * more as f64 {
        return None;
    }
    // The two ends of one connection are a program that talks to itself, not a relay.
    let ends: BTreeSet<_> = waiting.iter().map(|seen| (seen.socket.local, seen.socket.local_port)).collect();
    let itself = hung_up.iter().filter(|seen| ends.contains(&(seen.socket.peer, seen.socket.peer_port))).count();
    (itself * 2 < hung_up.len()).then_some(Legs { hung_up, waiting })
}
