//! Differences of `sctp_diag` from other users of `inet_diag` (`net/sctp/diag.c`).
//!
//! It gives each endpoint and, after it, each of its associations, under the same inode. Only an association has peer
//! addresses; its state is numbered by `enum sctp_state`, not as TCP's are, and its timer by `enum sctp_event_timeout`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::prelude::*;
use crate::model::uapi::{AF_INET, AF_INET6, SOCKADDR_STORAGE};

/// `INET_DIAG_LOCALS` and `INET_DIAG_PEERS`: an array of `struct sockaddr_storage`.
pub(super) fn addresses(value: &[u8]) -> Vec<IpAddr> {
    value.chunks_exact(SOCKADDR_STORAGE).filter_map(address).collect()
}

fn address(storage: &[u8]) -> Option<IpAddr> {
    match u8::try_from(u16_at(storage, 0)?).ok()? {
        AF_INET => Some(IpAddr::V4(Ipv4Addr::from(*storage.get(4..)?.first_chunk::<4>()?))),
        AF_INET6 => Some(IpAddr::V6(Ipv6Addr::from(*storage.get(8..)?.first_chunk::<16>()?))),
        _ => None,
    }
}

/// Translates an association's state and timer to TCP's terms, as the kernel does for the socket's state
/// (`include/net/sctp/constants.h`, `SCTP_SS_*`). The exact state is in `sctp_info`.
pub(super) fn association(entry: &mut Entry) {
    entry.state = match entry.state.number() {
        0 => State::CLOSE,
        // COOKIE_WAIT, COOKIE_ECHOED
        1 | 2 => State::SYN_SENT,
        3 => State::ESTABLISHED,
        // SHUTDOWN_PENDING, SHUTDOWN_SENT
        4 | 5 => State::FIN_WAIT1,
        // SHUTDOWN_RECEIVED
        6 => State::CLOSE_WAIT,
        // SHUTDOWN_ACK_SENT
        7 => State::LAST_ACK,
        _ => entry.state,
    };
    // The only one it reports is T3-rtx, the retransmission timer.
    if entry.timer != Timer::None {
        entry.timer = Timer::Retransmit;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_both_families_are_read_and_odd_bytes_left_out() {
        let mut bytes = vec![0; 2 * SOCKADDR_STORAGE + 5];
        bytes[..2].copy_from_slice(&2u16.to_ne_bytes());
        bytes[4..8].copy_from_slice(&[10, 0, 0, 1]);
        bytes[SOCKADDR_STORAGE..SOCKADDR_STORAGE + 2].copy_from_slice(&10u16.to_ne_bytes());
        bytes[SOCKADDR_STORAGE + 23] = 1;
        let expected = [IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1)), IpAddr::V6(Ipv6Addr::LOCALHOST)];
        assert_eq!(addresses(&bytes), expected);
        assert!(addresses(&bytes[..SOCKADDR_STORAGE - 1]).is_empty());
    }
}
