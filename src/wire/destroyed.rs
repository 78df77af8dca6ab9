//! The kernel's message about a socket that it destroyed (`sock_diag_broadcast_destroy`): a record of `inet_diag`, with
//! the protocol and `tcp_info`. State, user and inode in it are unset: `CLOSE`, 0 and 0.

use super::{inet::Record, inet_detail};
use crate::model::{
    entry::Entry,
    family::Netid,
    needs::Needs,
    uapi::{IPPROTO_TCP, IPPROTO_UDP, NLMSG_HDRLEN, SOCK_DIAG_BY_FAMILY, inet_diag, u16_at, u32_at},
};

/// Puts the socket of a datagram into an entry; `false` where the datagram is none of these, or of another protocol.
pub fn fill(datagram: &[u8], needs: Needs, entry: &mut Entry) -> bool {
    let length = u32_at(datagram, 0).map_or(0, |length| length as usize);
    let Some(record) = datagram.get(NLMSG_HDRLEN..length).and_then(Record::new) else { return false };
    let protocol = record.attribute(inet_diag::PROTOCOL).and_then(|value| value.first().copied());
    entry.netid = match protocol {
        Some(IPPROTO_TCP) => Netid::Tcp,
        Some(IPPROTO_UDP) => Netid::Udp,
        _ => return false,
    };
    let is_shown = u16_at(datagram, 4) == Some(SOCK_DIAG_BY_FAMILY) && inet_detail::fill(&record, needs, entry);
    entry.raw_uid = None;
    is_shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::entry::End;

    fn datagram(protocol: u8) -> Vec<u8> {
        let mut record = vec![0; 72];
        record[..2].copy_from_slice(&[2, 7]);
        record[4..8].copy_from_slice(&[0x1f, 0x90, 0, 0]);
        record[44..52].copy_from_slice(&77u64.to_ne_bytes());
        record.extend([5, 0, 10, 0, protocol, 0, 0, 0]);
        let length = record.len() as u32 + 16;
        let mut bytes = length.to_ne_bytes().to_vec();
        bytes.extend(SOCK_DIAG_BY_FAMILY.to_ne_bytes());
        bytes.extend([0; 10]);
        bytes.extend(record);
        bytes
    }

    #[test]
    fn the_protocol_says_which_table_it_was_in_and_zeros_are_unset() {
        let mut entry = Entry::blank(Netid::Raw, 0);
        assert!(fill(&datagram(IPPROTO_UDP), Needs::empty(), &mut entry));
        assert_eq!((entry.netid, entry.cookie, entry.uid()), (Netid::Udp, 77, None));
        assert!(matches!(entry.local, End::Inet(_, 8080)));
    }

    #[test]
    fn what_is_cut_or_foreign_is_no_socket() {
        let whole = datagram(IPPROTO_TCP);
        let mut entry = Entry::blank(Netid::Tcp, 0);
        for cut in 0..whole.len() {
            assert!(!fill(&whole[..cut], Needs::empty(), &mut entry), "{cut}");
        }
        assert!(!fill(&datagram(1), Needs::empty(), &mut entry));
        let mut other = whole.clone();
        other[4] = 3;
        assert!(!fill(&other, Needs::empty(), &mut entry));
    }
}
