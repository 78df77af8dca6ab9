//! Records of `unix_diag`: `struct unix_diag_msg` and the attributes after it.
//!
//! The header goes through the crate; names and uids are read here, since the crate refuses names
//! that fill all 108 bytes and does not know `UNIX_DIAG_UID`.

use netlink_packet_core::Parseable;
use netlink_packet_sock_diag::unix::{ShowFlags, UnixResponseHeader};

use super::{attributes, memory::memory, wanted::Wanted};
use crate::model::{
    entry::{End, Entry},
    family::{Family, Netid},
    state::State,
    uapi::{UNIX_DIAG_MSG, u32_at, u64_at, unix_diag as kind},
};

/// `UDIAG_SHOW_UID`, which the crate has no name for.
pub const SHOW_UID: u32 = 0x40;

const SOCK_STREAM: u8 = 1;
const SOCK_DGRAM: u8 = 2;
const SOCK_SEQPACKET: u8 = 5;

/// One UNIX socket.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnixSocket {
    /// `udiag_type` in the word of `ss`.
    pub netid: Netid,
    /// `udiag_state`: `ESTABLISHED` connected, `CLOSE` not connected, `LISTEN`.
    pub state: State,
    /// `udiag_ino`.
    pub inode: u32,
    /// The path, or a zero byte and the abstract name; `None` where it has none.
    pub name: Option<Box<[u8]>>,
    /// The owner's user id; `None` where it was not asked for or the kernel does not tell.
    pub uid: Option<u32>,
}

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

/// Reads a record; `None` where it is no UNIX socket this program knows.
pub fn socket(bytes: &[u8]) -> Option<UnixSocket> {
    let (netid, state) = head(bytes)?;
    let header = UnixResponseHeader::parse(bytes).ok()?;
    let mut socket = UnixSocket { netid, state, inode: header.inode, name: None, uid: None };
    for (kind, value) in attributes(bytes.get(UNIX_DIAG_MSG..)?) {
        match kind {
            kind::NAME if !value.is_empty() => socket.name = Some(name(value)),
            kind::UID => socket.uid = u32_at(value, 0),
            _ => {}
        }
    }
    Some(socket)
}

/// What is to be shown of each socket: name, peer, queues and uid always.
pub fn show(wanted: Wanted) -> ShowFlags {
    let mut show = ShowFlags::NAME | ShowFlags::PEER | ShowFlags::RQLEN | ShowFlags::from_bits_retain(SHOW_UID);
    show.set(ShowFlags::VFS | ShowFlags::ICONS, wanted.extended);
    show.set(ShowFlags::MEMINFO, wanted.memory);
    show
}

/// Puts a record into an entry; `false` where it is no UNIX socket this program knows.
pub fn fill(bytes: &[u8], wanted: Wanted, entry: &mut Entry) -> bool {
    let (Some((netid, state)), Some(rest)) = (head(bytes), bytes.get(UNIX_DIAG_MSG..)) else { return false };
    wanted.clear(entry);
    entry.netid = netid;
    entry.family = Family::Unix;
    entry.state = state;
    entry.inode = u32_at(bytes, 4).unwrap_or_default();
    entry.cookie = u64_at(bytes, 8).unwrap_or_default();
    (entry.rqueue, entry.wqueue, entry.raw_uid, entry.shutdown) = (0, 0, None, None);
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
        let path = socket(&record(1, 10, &[9, 0, 0, 0, b'/', b'a', b'b', b'c', 0, 0, 0, 0])).unwrap();
        assert_eq!(path.name.as_deref(), Some(&b"/abc"[..]));
        let full = socket(&record(1, 10, &[8, 0, 0, 0, b'/', b'a', b'b', b'c'])).unwrap();
        assert_eq!(full.name.as_deref(), Some(&b"/abc"[..]));
        let hidden = socket(&record(2, 7, &[7, 0, 0, 0, 0, b'x', b'y', 0])).unwrap();
        assert_eq!(hidden.name.as_deref(), Some(&b"\0xy"[..]));
        let none = socket(&record(5, 1, &[4, 0, 0, 0])).unwrap();
        assert_eq!((none.name, none.netid), (None, Netid::UnixSeqpacket));
    }

    #[test]
    fn a_short_record_or_an_unknown_type_is_none() {
        assert!(socket(&[1, 1, 10, 0]).is_none());
        assert!(socket(&record(99, 1, &[])).is_none());
    }
}
