//! The protocols of netlink by name.

/// Names and numbers (`NETLINK_*`): of each number first the word of iproute2, then that of the kernel's header.
const NAMES: [(&str, u8); 29] = [
    ("rtnl", 0),
    ("route", 0),
    ("unused", 1),
    ("usersock", 2),
    ("fw", 3),
    ("firewall", 3),
    ("tcpdiag", 4),
    ("inet_diag", 4),
    ("sock_diag", 4),
    ("nflog", 5),
    ("xfrm", 6),
    ("selinux", 7),
    ("iscsi", 8),
    ("audit", 9),
    ("fiblookup", 10),
    ("fib_lookup", 10),
    ("connector", 11),
    ("nft", 12),
    ("netfilter", 12),
    ("ip6fw", 13),
    ("dec-rt", 14),
    ("uevent", 15),
    ("genl", 16),
    ("generic", 16),
    ("scsi-trans", 18),
    ("ecryptfs", 19),
    ("rdma", 20),
    ("crypto", 21),
    ("smc", 22),
];

/// The word of `ss` for a protocol.
pub fn name(protocol: u8) -> Option<&'static str> {
    NAMES.iter().find(|(_, number)| *number == protocol).map(|(name, _)| *name)
}

/// The protocol of a word, in any case of letters.
pub fn number(word: &str) -> Option<u8> {
    NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, number)| *number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_a_number_and_the_first_of_each_is_shown() {
        for (word, protocol) in NAMES {
            assert_eq!(number(word), Some(protocol));
        }
        assert_eq!((name(4), name(12), name(17), name(200)), (Some("tcpdiag"), Some("nft"), None, None));
        assert_eq!((number("ROUTE"), number("17")), (Some(0), None));
    }
}
