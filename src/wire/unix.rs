//! Records of `unix_diag`: `struct unix_diag_msg` and the attributes after it.
//!
//! The header goes through the crate; names and uids are read here, since the crate refuses names
//! that fill all 108 bytes and does not know `UNIX_DIAG_UID`.

use netlink_packet_sock_diag::unix::ShowFlags;

use super::prelude::*;
use crate::model::{
    socket::NO_LIMIT,
    uapi::{UNIX_DIAG_MSG, unix_diag as kind},
};

/// Nothing beyond type and state.
pub const SHOW_NOTHING: u32 = 0;
/// `UDIAG_SHOW_NAME`.
pub const SHOW_NAME: u32 = ShowFlags::NAME.bits();
/// `UDIAG_SHOW_PEER`: the inode of the other end.
pub const SHOW_PEER: u32 = ShowFlags::PEER.bits();
/// `UDIAG_SHOW_RQLEN`: the queues.
pub const SHOW_QUEUES: u32 = ShowFlags::RQLEN.bits();
/// `UDIAG_SHOW_ICONS`: of a listener the inodes of the clients that wait to be accepted.
pub const SHOW_PENDING: u32 = ShowFlags::ICONS.bits();
/// `UDIAG_SHOW_UID`, which the crate has no name for.
const SHOW_UID: u32 = 0x40;

const SOCK_STREAM: u8 = 1;
const SOCK_DGRAM: u8 = 2;
const SOCK_SEQPACKET: u8 = 5;

/// Type and state of a record, which is all that counting needs.
#[inline]
pub fn head(bytes: &[u8]) -> Option<(Netid, State)> {
    let header = bytes.first_chunk::<UNIX_DIAG_MSG>()?;
    let netid = match header[1] {
        SOCK_STREAM => Netid::UnixStream,
        SOCK_DGRAM => Netid::UnixDatagram,
        SOCK_SEQPACKET => Netid::UnixSeqpacket,
        _ => return None,
    };
    Some((netid, State::from_kernel(header[2])))
}

/// The inode of a socket and its name, where it has one.
pub fn named(bytes: &[u8]) -> Option<(u32, Box<[u8]>)> {
    head(bytes)?;
    let mut attributes = attributes(bytes.get(UNIX_DIAG_MSG..)?);
    let (_, value) = attributes.find(|(kind, value)| *kind == kind::NAME && !value.is_empty())?;
    Some((u32_at(bytes, 4)?, name(value)))
}

/// What waits in a socket's receive queue: bytes, of a datagram socket those of the first datagram; of a listener, clients.
pub fn receive_queue(bytes: &[u8]) -> Option<u32> {
    let mut attributes = attributes(bytes.get(UNIX_DIAG_MSG..)?);
    u32_at(attributes.find(|(kind, _)| *kind == kind::RQLEN)?.1, 0)
}

/// The inode of a listener and those of the clients in its queue; one that left has none.
pub fn pending(bytes: &[u8]) -> Option<(u32, Vec<u32>)> {
    let mut attributes = attributes(bytes.get(UNIX_DIAG_MSG..)?);
    let (_, value) = attributes.find(|(kind, _)| *kind == kind::ICONS)?;
    let clients = value.chunks_exact(4).filter_map(|one| u32_at(one, 0)).filter(|&inode| inode != 0);
    Some((u32_at(bytes, 4)?, clients.collect()))
}

/// Writes the payload of a record into a buffer, for a socket from another source: its queues are unknown.
pub fn payload(netid: Netid, state: State, inode: u32, name: Option<&[u8]>, into: &mut Vec<u8>) {
    let kind = match netid {
        Netid::UnixDatagram => SOCK_DGRAM,
        Netid::UnixSeqpacket => SOCK_SEQPACKET,
        _ => SOCK_STREAM,
    };
    into.clear();
    into.extend([Family::Unix.number(), kind, state.number(), 0]);
    into.extend(inode.to_ne_bytes());
    // No cookie.
    into.extend([0; 8]);
    // The longest name is 108 bytes.
    if let Some((name, length)) = name.and_then(|name| Some((name, u16::try_from(4 + name.len()).ok()?))) {
        into.extend(length.to_ne_bytes());
        into.extend(kind::NAME.to_ne_bytes());
        into.extend(name);
        into.resize(into.len().next_multiple_of(4), 0);
    }
}

/// The requested details of each socket: always name, peer, queues and uid.
pub fn show(needs: Needs) -> u32 {
    let mut show = ShowFlags::NAME | ShowFlags::PEER | ShowFlags::RQLEN | ShowFlags::from_bits_retain(SHOW_UID);
    show.set(ShowFlags::VFS | ShowFlags::ICONS, needs.contains(Needs::EXTENDED));
    show.set(ShowFlags::MEMINFO, needs.contains(Needs::MEMORY));
    show.bits()
}

/// Puts a record into an entry; `false` if it is not a UNIX socket that this program knows.
pub fn fill(bytes: &[u8], needs: Needs, entry: &mut Entry) -> bool {
    let (Some((netid, state)), Some(rest)) = (head(bytes), bytes.get(UNIX_DIAG_MSG..)) else { return false };
    entry.empty_detail(needs);
    entry.netid = netid;
    entry.family = Family::Unix;
    entry.state = state;
    entry.inode = u32_at(bytes, 4).unwrap_or_default();
    entry.cookie = u64_at(bytes, 8).unwrap_or_default();
    (entry.rqueue, entry.raw_uid, entry.shutdown) = (0, None, None);
    entry.wqueue = if state == State::LISTEN { NO_LIMIT } else { 0 };
    entry.peer = End::None;
    let mut own = None;
    for (kind, value) in attributes(rest) {
        match kind {
            kind::NAME if !value.is_empty() => own = Some(name(value)),
            kind::PEER => {
                if let Some(inode) = u32_at(value, 0) {
                    entry.peer = End::Unix { name: None, inode };
                }
            }
            kind::RQLEN => {
                entry.rqueue = u32_at(value, 0).unwrap_or_default();
                entry.wqueue = u32_at(value, 4).unwrap_or_default();
            }
            kind::SHUTDOWN => entry.shutdown = value.first().copied(),
            kind::UID => entry.raw_uid = u32_at(value, 0),
            other => {
                let Some(detail) = &mut entry.detail else { continue };
                match other {
                    kind::VFS => detail.unix_vfs = u32_at(value, 0).zip(u32_at(value, 4)),
                    kind::ICONS => {
                        detail.unix_pending = value.chunks_exact(4).filter_map(|one| u32_at(one, 0)).collect()
                    }
                    kind::MEMINFO => detail.memory = memory(value),
                    _ => {}
                }
            }
        }
    }
    entry.local = End::Unix { name: own, inode: entry.inode };
    true
}

/// A path ends at its zero byte where it has one; an abstract name begins with one and has no end mark.
fn name(value: &[u8]) -> Box<[u8]> {
    match value {
        [0, ..] => value.into(),
        path => path.split(|&byte| byte == 0).next().unwrap_or_default().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u8, state: u8, attributes: &[u8]) -> Vec<u8> {
        let mut bytes = vec![1, kind, state, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        bytes.extend_from_slice(attributes);
        bytes
    }

    #[test]
    fn names_with_and_without_a_zero_at_the_end_are_read() {
        let name_of = |bytes: &[u8]| named(bytes).map(|(inode, name)| (inode, name.to_vec()));
        let path = record(1, 10, &[9, 0, 0, 0, b'/', b'a', b'b', b'c', 0, 0, 0, 0]);
        assert_eq!(name_of(&path), Some((9, b"/abc".to_vec())));
        let full = record(1, 10, &[8, 0, 0, 0, b'/', b'a', b'b', b'c']);
        assert_eq!(name_of(&full), Some((9, b"/abc".to_vec())));
        let hidden = record(2, 7, &[7, 0, 0, 0, 0, b'x', b'y', 0]);
        assert_eq!(name_of(&hidden), Some((9, b"\0xy".to_vec())));
        let none = record(5, 1, &[4, 0, 0, 0]);
        assert_eq!((name_of(&none), head(&none)), (None, Some((Netid::UnixSeqpacket, State::ESTABLISHED))));
    }

    #[test]
    fn clients_that_left_the_queue_have_no_inode() {
        let icons = record(1, 10, &[16, 0, 3, 0, 7, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0]);
        assert_eq!(pending(&icons), Some((9, vec![7, 8])));
        assert_eq!(pending(&record(1, 10, &[])), None);
    }

    #[test]
    fn a_short_record_or_an_unknown_type_is_none() {
        assert!(head(&[1, 1, 10, 0]).is_none() && named(&[1, 1, 10, 0]).is_none());
        assert!(head(&record(99, 1, &[])).is_none());
    }

    #[test]
    fn a_socket_put_into_a_record_is_read_back_without_queues() {
        let mut entry = Entry::blank(Netid::UnixStream, 0);
        let mut bytes = Vec::new();
        payload(Netid::UnixSeqpacket, State::LISTEN, 7, Some(b"/a b"), &mut bytes);
        assert!(fill(&bytes, Needs::empty(), &mut entry));
        assert_eq!((entry.netid, entry.state, entry.inode), (Netid::UnixSeqpacket, State::LISTEN, 7));
        assert_eq!(entry.local, End::Unix { name: Some(b"/a b"[..].into()), inode: 7 });
        assert_eq!(entry.accept_limit(), None);
        payload(Netid::UnixDatagram, State::CLOSE, 8, None, &mut bytes);
        assert_eq!((named(&bytes), head(&bytes)), (None, Some((Netid::UnixDatagram, State::CLOSE))));
    }
}
