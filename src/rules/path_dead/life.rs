//! Whether the peer of dead connections is off, or only these connections are.

use super::super::prelude::*;
use super::unanswered::silence;
use crate::model::tcp_info;

/// The latest ACK of each peer, on any connection.
pub(super) type PeersHeard = BTreeMap<IpAddr, Duration>;

/// When the peers of these connections were last heard.
pub(super) fn heard(input: &RuleInput<'_>, stuck: &[&Seen]) -> PeersHeard {
    let mut heard: PeersHeard = sorted::map(stuck.iter().map(|seen| (seen.socket.peer, Duration::MAX)));
    let sockets = input.now().sockets.iter().filter(|_| !stuck.is_empty());
    for seen in sockets {
        if let Some(age) = seen.since(&tcp_info::LAST_ACK_RECV)
            && let Some(last) = heard.get_mut(&seen.socket.peer)
        {
            *last = age.min(*last);
        }
    }
    heard
}

/// What a peer shows that does not acknowledge these connections.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Life {
    /// Nothing.
    Silent,
    /// Its own packets arrive on all of them.
    Sends,
    /// It answers other connections, the last one so long ago.
    Answers(Duration),
}

impl Life {
    /// Of the peer at an address, while these connections are dead.
    pub(super) fn of(input: &RuleInput<'_>, heard: &PeersHeard, address: IpAddr, dead: &[&Seen]) -> Life {
        // A timeout before: what came then may have been under way when the connections died.
        let recent = dead.iter().map(|seen| silence(seen)).min().unwrap_or_default() / 2;
        let is_heard = |seen: &&Seen| seen.since(&tcp_info::LAST_ACK_RECV).is_some_and(|age| age < recent);
        if dead.iter().all(is_heard) {
            return Life::Sends;
        }
        let mut routes = input.now().outbound.iter().filter(|(route, _)| route.address == address);
        let has_closed = routes.any(|(_, used)| used.time_waits.sockets > used.time_waits.older_than(recent));
        match heard.get(&address).copied().unwrap_or(Duration::MAX) {
            last if last < recent => Life::Answers(last),
            _ if has_closed => Life::Answers(recent),
            _ => Life::Silent,
        }
    }
}
