//! The request that destroys a socket, and the one that reads the same socket. Only `destroy` may name them.

use netlink_packet_core::{NLM_F_ACK, NLM_F_REQUEST};

use super::request::Request;
use crate::model::{entry::Entry, family::Netid, uapi::SOCK_DIAG_BY_FAMILY};

/// `SOCK_DESTROY` (Linux 4.5).
const SOCK_DESTROY: u16 = 21;

/// Destroys the TCP or UDP socket that has exactly the ends and the cookie of the entry; `None` where it has no cookie:
/// without one the kernel would destroy any socket that has those ends by now.
pub fn request(entry: &Entry) -> Option<Request> {
    Request::of_entry(entry, SOCK_DESTROY, NLM_F_REQUEST | NLM_F_ACK)
}

/// Reads the same socket. Here, and not when it destroys, the kernel takes the ends of UDP for those of a packet that
/// comes (`udp_dump_one`).
pub fn lookup(entry: &Entry) -> Option<Request> {
    let turned = || Entry { local: entry.peer.clone(), peer: entry.local.clone(), ..entry.clone() };
    match entry.netid {
        Netid::Udp => Request::of_entry(&turned(), SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST),
        _ => Request::of_entry(entry, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{entry::End, family::Family};

    #[test]
    fn a_socket_is_addressed_by_its_own_family_and_its_cookie_or_not_at_all() {
        let end = |port| End::Inet("10.0.0.1".parse().unwrap(), port);
        let mut entry = Entry {
            family: Family::Inet6,
            local: end(0x1234),
            peer: end(80),
            interface: 3,
            cookie: 7,
            ..Entry::blank(Netid::Udp, 0)
        };
        let asked = request(&entry).unwrap();
        let bytes = asked.bytes();
        assert_eq!((bytes.len(), &bytes[4..8]), (16 + 56, &[21, 0, 5, 0][..]));
        assert_eq!(bytes[16..18], [10, 17]);
        assert_eq!(bytes[24..28], [0x12, 0x34, 0, 80]);
        assert_eq!(bytes[38..44], [0xff, 0xff, 10, 0, 0, 1], "an IPv6 socket that speaks IPv4");
        assert_eq!(bytes[60..72], [3, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0]);
        entry.cookie = 0;
        assert_eq!(request(&entry), None);
        entry = Entry { cookie: 7, netid: Netid::Raw, ..entry };
        assert_eq!(request(&entry), None);
    }
}
