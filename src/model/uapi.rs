//! Numbers of the kernel's interface to programs (`include/uapi/linux`), and readers of the bytes it sends.

/// Length of the header of a netlink message: length, type, flags, sequence number, port id.
pub const NLMSG_HDRLEN: usize = 16;
/// Where the type of a message lies in its header.
pub const NLMSG_TYPE: usize = 4;
/// Where the flags lie.
pub const NLMSG_FLAGS: usize = 6;
/// Where the sequence number lies.
pub const NLMSG_SEQ: std::ops::Range<usize> = 8..12;

/// A message without content.
pub const NLMSG_NOOP: u16 = 1;
/// An error number, and the request it is about.
pub const NLMSG_ERROR: u16 = 2;
/// The end of a dump.
pub const NLMSG_DONE: u16 = 3;
/// Data was lost.
pub const NLMSG_OVERRUN: u16 = 4;
/// Types below are netlink's own.
pub const NLMSG_MIN_TYPE: u16 = 16;

/// One part of an answer of several messages.
pub const NLM_F_MULTI: u16 = 2;
/// Set in a request for a whole table.
pub const NLM_F_DUMP: u16 = 0x300;

/// The request of `inet_diag` before Linux 3.3; the only one that walks the TCP table once for both families.
pub const TCPDIAG_GETSOCK: u16 = 18;
/// One family at a time.
pub const SOCK_DIAG_BY_FAMILY: u16 = 20;

/// UNIX sockets.
pub const AF_UNIX: u8 = 1;
/// IPv4.
pub const AF_INET: u8 = 2;
/// IPv6.
pub const AF_INET6: u8 = 10;
/// Netlink sockets.
pub const AF_NETLINK: u8 = 16;
/// Packet sockets.
pub const AF_PACKET: u8 = 17;
/// TIPC.
pub const AF_TIPC: u8 = 30;
/// Sockets between a virtual machine and its host.
pub const AF_VSOCK: u8 = 40;
/// `AF_XDP` sockets.
pub const AF_XDP: u8 = 44;

/// TCP.
pub const IPPROTO_TCP: u8 = 6;
/// UDP.
pub const IPPROTO_UDP: u8 = 17;
/// DCCP.
pub const IPPROTO_DCCP: u8 = 33;
/// SCTP.
pub const IPPROTO_SCTP: u8 = 132;
/// `IPPROTO_UDPLITE`.
pub const IPPROTO_UDPLITE: u8 = 136;
/// In a request to `raw_diag`: the raw sockets of all protocols.
pub const IPPROTO_RAW: u8 = 255;
/// MPTCP, whose number needs an attribute.
pub const IPPROTO_MPTCP: u32 = 262;

/// Length of `struct inet_diag_req`, the payload of [`TCPDIAG_GETSOCK`]: family, two prefix lengths, extensions, socket
/// id, states, bucket.
pub const INET_DIAG_REQ: usize = 4 + INET_DIAG_SOCKID + 4 + 4;
/// Length of `struct inet_diag_req_v2`: family, protocol, extensions, padding, states, socket id.
pub const INET_DIAG_REQ_V2: usize = 4 + 4 + INET_DIAG_SOCKID;
/// Length of `struct inet_diag_sockid`: ports, addresses, interface, cookie.
pub const INET_DIAG_SOCKID: usize = 48;
/// Length of `struct inet_diag_msg`, after which the attributes follow.
pub const INET_DIAG_MSG: usize = 72;
/// Length of `struct unix_diag_msg`.
pub const UNIX_DIAG_MSG: usize = 16;
/// Length of `struct packet_diag_msg`.
pub const PACKET_DIAG_MSG: usize = 16;

/// Length of `struct sockaddr_storage`.
pub const SOCKADDR_STORAGE: usize = 128;
/// Length of `struct tcp_diag_md5sig`: family, prefix length, key length, address, key.
pub const TCP_DIAG_MD5SIG: usize = 100;

/// Attributes of routes, `RTA_*`, and the length of what precedes them (`include/uapi/linux/rtnetlink.h`). Of neighbours, the
/// address (`NDA_DST`) has the number of a route's, and the length is the same.
#[allow(missing_docs, reason = "the kernel's names; a document for each would only repeat them")]
pub mod rtnetlink {
    pub const HEADER: usize = 12;
    pub const DST: u16 = 1;
    pub const OIF: u16 = 4;
    pub const GATEWAY: u16 = 5;
    pub const PREFSRC: u16 = 7;
    pub const VIA: u16 = 18;
}

/// Kinds of attributes of `inet_diag`.
#[allow(missing_docs, reason = "the kernel's names; a document for each would only repeat them")]
pub mod inet_diag {
    pub const INFO: u16 = 2;
    pub const VEGASINFO: u16 = 3;
    pub const CONG: u16 = 4;
    pub const TOS: u16 = 5;
    pub const TCLASS: u16 = 6;
    pub const SKMEMINFO: u16 = 7;
    pub const SHUTDOWN: u16 = 8;
    pub const DCTCPINFO: u16 = 9;
    pub const PROTOCOL: u16 = 10;
    pub const SKV6ONLY: u16 = 11;
    pub const LOCALS: u16 = 12;
    pub const PEERS: u16 = 13;
    pub const MARK: u16 = 15;
    pub const BBRINFO: u16 = 16;
    pub const CLASS_ID: u16 = 17;
    pub const MD5SIG: u16 = 18;
    pub const ULP_INFO: u16 = 19;
    pub const SK_BPF_STORAGES: u16 = 20;
    pub const CGROUP_ID: u16 = 21;
    pub const SOCKOPT: u16 = 22;
    /// Not a kernel attribute: the drops from `/proc/net/udp`.
    pub const PROC_DROPS: u16 = 0x3fff;
}

/// Kinds of attributes of `unix_diag`.
#[allow(missing_docs, reason = "the kernel's names; a document for each would only repeat them")]
pub mod unix_diag {
    pub const NAME: u16 = 0;
    pub const VFS: u16 = 1;
    pub const PEER: u16 = 2;
    pub const ICONS: u16 = 3;
    pub const RQLEN: u16 = 4;
    pub const MEMINFO: u16 = 5;
    pub const SHUTDOWN: u16 = 6;
    pub const UID: u16 = 7;
}

/// Kinds of attributes of `packet_diag`; 1, the multicast list, is not read.
#[allow(missing_docs, reason = "the kernel's names; a document for each would only repeat them")]
pub mod packet_diag {
    pub const INFO: u16 = 0;
    pub const RX_RING: u16 = 2;
    pub const TX_RING: u16 = 3;
    pub const FANOUT: u16 = 4;
    pub const UID: u16 = 5;
    pub const MEMINFO: u16 = 6;
    pub const FILTER: u16 = 7;
}

/// Reads a native-endian `u16`; `None` where the bytes end before it.
#[inline]
pub fn u16_at(bytes: &[u8], offset: usize) -> Option<u16> {
    Some(u16::from_ne_bytes(*bytes.get(offset..)?.first_chunk()?))
}

/// Reads a native-endian `u32`; `None` where the bytes end before it.
#[inline]
pub fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(*bytes.get(offset..)?.first_chunk()?))
}

/// Reads a native-endian `u64`; `None` where the bytes end before it.
#[inline]
pub fn u64_at(bytes: &[u8], offset: usize) -> Option<u64> {
    Some(u64::from_ne_bytes(*bytes.get(offset..)?.first_chunk()?))
}

/// Bytes as hexadecimal digits, two for each.
pub fn to_hex(bytes: impl IntoIterator<Item = u8>) -> String {
    let digits = bytes.into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
    // In one pass over bytes: each lookup of a socket has its request as a name in a recording.
    let digits = digits.map(|digit| digit + if digit < 10 { b'0' } else { b'a' - 10 }).collect();
    String::from_utf8(digits).unwrap_or_default()
}

/// The bytes of hexadecimal digits; `None` where a character is not one. An odd last digit is left out.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.chars().map(|digit| Some(digit.to_digit(16)? as u8)).collect::<Option<_>>()?;
    Some(digits.chunks_exact(2).map(|two| two.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_beyond_the_end_are_unknown() {
        let bytes = 0x0102_0304_0506_0708_u64.to_ne_bytes();
        assert_eq!(u64_at(&bytes, 0), Some(0x0102_0304_0506_0708));
        assert_eq!((u64_at(&bytes, 1), u32_at(&bytes, 5), u16_at(&bytes, 7)), (None, None, None));
        assert_eq!(u16_at(&bytes, usize::MAX), None);
        assert_eq!(u32_at(&[1, 1, 1, 1], 0), Some(0x0101_0101));
    }

    #[test]
    fn bytes_survive_their_digits() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(to_hex([0, 0x1f, 0xa0]), "001fa0");
        assert_eq!(from_hex(&to_hex(bytes.iter().copied())), Some(bytes));
        assert_eq!((from_hex("0g"), from_hex("é1"), from_hex("12f")), (None, None, Some(vec![0x12])));
    }
}
