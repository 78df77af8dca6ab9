//! The sockets of a snapshot by what rules look them up by. Among thousands of leaked sockets, a search for each of them
//! would take longer than reading them.

use std::cell::OnceCell;

use crate::model::snapshot::{Sample, Seen};

/// Made at the first lookup, and then used by all rules.
#[derive(Clone, Default, Debug)]
pub(super) struct SocketIndex {
    /// Of the first sample: cookies with the places of their sockets.
    earlier: OnceCell<Vec<(u64, usize)>>,
    /// Of the last sample: local ports and peer ports with the places of their sockets.
    by_ports: OnceCell<Vec<(u64, usize)>>,
}

impl SocketIndex {
    /// The socket of this cookie in the first sample.
    pub(super) fn earlier<'a>(&self, before: &'a Sample, cookie: u64) -> Option<&'a Seen> {
        let index = self.earlier.get_or_init(|| index(before, |seen| seen.socket.cookie));
        of_key(index, cookie).find_map(|place| before.sockets.get(place))
    }

    /// The sockets of the last sample with this local port and this peer port, in their order.
    pub(super) fn between<'a>(&'a self, now: &'a Sample, ports: (u16, u16)) -> impl Iterator<Item = &'a Seen> {
        let key = |(local, peer): (u16, u16)| u64::from(local) << 16 | u64::from(peer);
        let index =
            self.by_ports.get_or_init(|| index(now, |seen| key((seen.socket.local_port, seen.socket.peer_port))));
        of_key(index, key(ports)).filter_map(|place| now.sockets.get(place))
    }
}

/// The places of a sample's sockets, sorted by a key.
fn index(sample: &Sample, key: impl Fn(&Seen) -> u64) -> Vec<(u64, usize)> {
    let mut index: Vec<(u64, usize)> = sample.sockets.iter().map(key).zip(0..).collect();
    index.sort_unstable();
    index
}

/// The places of a key, in their order.
fn of_key(index: &[(u64, usize)], key: u64) -> impl Iterator<Item = usize> {
    let from = index.partition_point(|(one, _)| *one < key);
    let rest = index.get(from..).unwrap_or_default();
    rest.iter().take_while(move |(one, _)| *one == key).map(|(_, place)| *place)
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{snapshot, socket, ten},
        *,
    };
    use crate::model::state::State;

    #[test]
    fn of_several_sockets_with_one_key_the_first_comes_first() {
        let mut sample = snapshot().now;
        sample.add([5, 3, 9, 3].map(|number| socket(State::CLOSE_WAIT, number)));
        for (last, seen) in (1..).zip(&mut sample.sockets) {
            seen.socket.local = ten(last);
            (seen.socket.local_port, seen.socket.peer_port) = (8080, if last == 3 { 7 } else { 9 });
        }
        let index = SocketIndex::default();
        let cookie = |place: usize| sample.sockets[place].socket.cookie;
        let earlier = |cookie| index.earlier(&sample, cookie).map(|seen| seen.socket.local);
        assert_eq!((earlier(cookie(1)), earlier(cookie(2))), (Some(ten(2)), Some(ten(3))));
        assert_eq!((earlier(cookie(0)), earlier(u64::MAX), earlier(0)), (Some(ten(1)), None, None));
        let between = |ports| index.between(&sample, ports).map(|seen| seen.socket.local).collect::<Vec<_>>();
        assert_eq!(between((8080, 9)), [ten(1), ten(2), ten(4)]);
        assert_eq!((between((8080, 7)), between((9, 8080))), (vec![ten(3)], vec![]));
    }
}
