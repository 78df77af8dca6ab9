//! The protocols of packet sockets by name (`ETH_P_*`, in host order).

/// The words of iproute2.
const NAMES: [(&str, u16); 16] = [
    ("loop", 0x0060),
    ("ip", 0x0800),
    ("x25", 0x0805),
    ("arp", 0x0806),
    ("rarp", 0x8035),
    ("802.1Q", 0x8100),
    ("ipx", 0x8137),
    ("ipv6", 0x86dd),
    ("mpls_uc", 0x8847),
    ("mpls_mc", 0x8848),
    ("ppp_disc", 0x8863),
    ("ppp_ses", 0x8864),
    ("802.1ad", 0x88a8),
    ("tipc", 0x88ca),
    ("802_2", 0x0004),
    ("802_3", 0x0001),
];

/// Names that people type but the kernel never returns.
const TYPED: [(&str, u16); 3] = [("all", ALL), ("ipv4", 0x0800), ("lldp", 0x88cc)];

/// `ETH_P_ALL`.
pub const ALL: u16 = 3;

/// The word of `ss` for a protocol.
pub fn name(protocol: u16) -> Option<&'static str> {
    NAMES.iter().find(|(_, number)| *number == protocol).map(|(name, _)| *name)
}

/// The protocol of a word, in any case of letters.
pub fn number(word: &str) -> Option<u16> {
    NAMES.iter().chain(&TYPED).find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, number)| *number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_a_number_and_only_those_of_ss_are_shown() {
        assert!(NAMES.iter().all(|(word, protocol)| number(word) == Some(*protocol) && name(*protocol) == Some(word)));
        assert_eq!((number("ALL"), number("802.1q"), name(ALL), name(0x88cc)), (Some(3), Some(0x8100), None, None));
    }
}
