//! Records of `netlink_diag`: `struct netlink_diag_msg` and the attributes after it (`netlink_diag.h`).

use super::{attributes, memory::memory};
use crate::model::{
    entry::{End, Entry},
    family::{Family, Netid},
    needs::Needs,
    socket::Timer,
    state::State,
    uapi::{AF_NETLINK, u32_at, u64_at},
};

/// `sizeof(struct netlink_diag_msg)`.
const LENGTH: usize = 28;

/// Attribute kinds, `NETLINK_DIAG_*`.
mod kind {
    pub(super) const MEMINFO: u16 = 0;
    pub(super) const GROUPS: u16 = 1;
    pub(super) const FLAGS: u16 = 4;
}

/// `NETLINK_CONNECTED` (`net/netlink/af_netlink.c`).
const CONNECTED: u8 = 1;

/// `NDIAG_SHOW_*`: always memory, because it contains the queues.
pub fn show(needs: Needs) -> u32 {
    const MEMINFO: u32 = 1;
    const GROUPS: u32 = 2;
    const FLAGS: u32 = 8;
    MEMINFO | if needs.contains(Needs::EXTENDED) { GROUPS | FLAGS } else { 0 }
}

/// Whether a record of any family is that of the `NETLINK_SOCK_DIAG` socket with this port: the one that asks.
#[inline]
pub(super) fn is_diag_port(record: &[u8], port: u32) -> bool {
    /// `NETLINK_SOCK_DIAG`.
    const SOCK_DIAG: u8 = 4;
    let is_diag = record.first() == Some(&AF_NETLINK) && record.get(2) == Some(&SOCK_DIAG);
    is_diag && u32_at(record, 4) == Some(port)
}

/// The record as that of a socket which is not connected: programs such as `ss` do not connect theirs.
pub(super) fn unconnected(record: &[u8]) -> Vec<u8> {
    let mut record = record.to_vec();
    if let Some(state) = record.get_mut(3) {
        *state = 0;
    }
    record
}

/// Puts a record into an entry; `false` where it is shorter than the kernel's structure.
pub fn fill(bytes: &[u8], needs: Needs, entry: &mut Entry) -> bool {
    let (Some(header), Some(rest)) = (bytes.first_chunk::<LENGTH>(), bytes.get(LENGTH..)) else { return false };
    let number = |offset| u32_at(header, offset).unwrap_or_default();
    let protocol = header[2];
    let is_connected = header[3] == CONNECTED;
    entry.netid = Netid::Netlink;
    entry.family = Family::Netlink;
    entry.state = if is_connected { State::ESTABLISHED } else { State::CLOSE };
    entry.timer = Timer::None;
    entry.local = End::Netlink { protocol, port: number(4), group: 0 };
    let peer = || End::Netlink { protocol, port: number(8), group: number(12) };
    entry.peer = if is_connected { peer() } else { End::None };
    entry.inode = number(16);
    entry.cookie = u64_at(header, 20).unwrap_or_default();
    (entry.rqueue, entry.wqueue) = (0, 0);
    entry.empty_detail(needs);
    for (kind, value) in attributes(rest) {
        match (kind, &mut entry.detail) {
            (kind::MEMINFO, detail) => {
                let memory = memory(value);
                (entry.rqueue, entry.wqueue) = memory.map_or((0, 0), |memory| (memory.rmem_alloc, memory.wmem_alloc));
                if let Some(detail) = detail.as_mut().filter(|_| needs.contains(Needs::MEMORY)) {
                    detail.memory = memory;
                }
            }
            (kind::GROUPS, Some(detail)) => (detail.netlink_groups, detail.netlink_more_groups) = groups(value),
            (kind::FLAGS, Some(detail)) => detail.netlink_flags = u32_at(value, 0),
            _ => {}
        }
    }
    true
}

/// An array of `unsigned long`, 64 groups to a number: the first, and the others without trailing zeros. A socket
/// without groups gives no number.
fn groups(value: &[u8]) -> (Option<u64>, Vec<u64>) {
    let number = |bytes: &[u8]| u64_at(bytes, 0).or_else(|| u32_at(bytes, 0).map(u64::from));
    let mut numbers: Vec<u64> = value.chunks(8).map_while(number).collect();
    while numbers.len() > 1 && numbers.last() == Some(&0) {
        numbers.pop();
    }
    let more = numbers.split_off(numbers.len().min(1));
    let first = if value.is_empty() { Some(0) } else { numbers.first().copied() };
    (first, more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_socket_that_asks_is_known_by_its_port() {
        let record = |family: u8, protocol: u8, port: u32| {
            [[family, 3, protocol, 0].as_slice(), &port.to_ne_bytes(), &[0; 20]].concat()
        };
        assert!(is_diag_port(&record(AF_NETLINK, 4, 77), 77));
        for other in [record(AF_NETLINK, 4, 78), record(AF_NETLINK, 0, 77), record(2, 4, 77), vec![AF_NETLINK, 3, 4]] {
            assert!(!is_diag_port(&other, 77), "{other:?}");
        }
    }

    #[test]
    fn groups_beyond_the_first_64_are_kept() {
        let bytes = |numbers: &[u64]| numbers.iter().flat_map(|number| number.to_ne_bytes()).collect::<Vec<u8>>();
        assert_eq!(groups(&[]), (Some(0), vec![]));
        assert_eq!(groups(&[1, 0]), (None, vec![]), "cut short");
        assert_eq!(groups(&7u32.to_ne_bytes()), (Some(7), vec![]));
        assert_eq!(groups(&bytes(&[5, 0])), (Some(5), vec![]));
        assert_eq!(groups(&bytes(&[0, 0, 1, 0])), (Some(0), vec![0, 1]));
    }
}
