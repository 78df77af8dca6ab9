//! Counts sockets by state, one pass over each table, in memory that does not grow with them.

use netlink_packet_sock_diag::{inet::ExtensionFlags, unix::ShowFlags};

use super::tables::{self, Unix, Walked};
use crate::{
    model::{
        census::Census,
        counted::Counted,
        family::{Netid, Protocol},
        selection::Selection,
        socket::Timer,
    },
    source::Source,
    wire::unix,
};

/// Counts the selected sockets. `kernel` is the version, which tells whether unused bound sockets can be asked for.
pub fn count(source: &mut dyn Source, selection: &Selection, kernel: Option<(u32, u32)>) -> Counted {
    let mut counted = Counted::default();
    for (protocol, netid) in [(Protocol::Tcp, Netid::Tcp), (Protocol::Udp, Netid::Udp), (Protocol::Raw, Netid::Raw)] {
        if selection.wants(protocol) {
            let mut walked = inet(source, protocol, selection);
            if protocol == Protocol::Tcp && selection.bound_inactive {
                let bound = bound_inactive(source, selection, kernel);
                if let (Some(census), Some(bound)) = (&mut walked.value, &bound.value) {
                    census.merge(bound);
                }
                counted.gaps.extend(bound.gap);
            }
            counted.netids.push((netid, walked.value));
            counted.gaps.extend(walked.gap);
        }
    }
    if selection.wants(Protocol::Unix) && selection.family.is_none() {
        count_unix(source, selection, &mut counted);
    }
    counted
}

fn inet(source: &mut dyn Source, protocol: Protocol, selection: &Selection) -> Walked<Census> {
    if selection.states.is_empty() {
        return Walked { value: Some(Census::default()), gap: None };
    }
    tables::inet(source, protocol, selection, ExtensionFlags::empty(), &Census::default, &mut |census, seen| {
        census.count(seen.state(), seen.timer(), seen.inode());
    })
}

fn bound_inactive(source: &mut dyn Source, selection: &Selection, kernel: Option<(u32, u32)>) -> Walked<Census> {
    tables::bound_inactive(source, selection, kernel, &Census::default, &mut |census, seen| {
        census.count(seen.state(), seen.timer(), seen.inode());
    })
}

fn count_unix(source: &mut dyn Source, selection: &Selection, counted: &mut Counted) {
    const NETIDS: [Netid; 3] = [Netid::UnixStream, Netid::UnixDatagram, Netid::UnixSeqpacket];
    let states = selection.states;
    let fresh = &|| NETIDS.map(|netid| (netid, Census::default()));
    let walked = tables::unix(source, states, ShowFlags::empty(), fresh, &mut |censuses, seen| {
        let head = match seen {
            Unix::Record(payload) => unix::head(payload),
            Unix::Line(socket) => Some((socket.netid, socket.state)),
        };
        let Some((netid, state)) = head.filter(|(_, state)| states.contains(*state)) else { return };
        if let Some((_, census)) = censuses.iter_mut().find(|(one, _)| *one == netid) {
            // No timer and always an inode: a UNIX socket is held by a program or waits in a queue.
            census.count(state, Timer::None, 1);
        }
    });
    counted.gaps.extend(walked.gap);
    match walked.value {
        Some(censuses) => counted.netids.extend(censuses.map(|(netid, census)| (netid, Some(census)))),
        None => counted.netids.extend(NETIDS.map(|netid| (netid, None))),
    }
}
