//! Addresses that keep common prefixes: two that share a prefix share one of the same length afterwards.
//!
//! A keyed function of the preceding bits flips each bit or keeps it (as in Crypto-PAn). Loopback, wildcard, private
//! and other special ranges stay: where the path to one of them branches off, no bit is flipped.

use std::{
    hash::{BuildHasher, RandomState},
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// Ranges that stay as they are in their first bits.
const V4: [(Ipv4Addr, u32); 9] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

const V6: [(Ipv6Addr, u32); 6] = [
    (Ipv6Addr::UNSPECIFIED, 96),
    (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96),
    (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8),
];

/// Replaces addresses.
pub(super) struct Addresses(RandomState);

impl Addresses {
    pub(super) fn new() -> Addresses {
        Addresses(RandomState::new())
    }

    /// The alias of this address.
    pub(super) fn alias(&self, address: IpAddr) -> IpAddr {
        match address {
            IpAddr::V4(v4) => IpAddr::V4(self.v4(v4)),
            IpAddr::V6(v6) => IpAddr::V6(self.v6(v6)),
        }
    }

    pub(super) fn v4(&self, address: Ipv4Addr) -> Ipv4Addr {
        if address.is_loopback() || address.is_unspecified() || address.is_broadcast() || address.is_multicast() {
            return address;
        }
        let special = V4.map(|(range, length)| (u128::from(range.to_bits()) << 96, length));
        Ipv4Addr::from_bits((self.flipped(u128::from(address.to_bits()) << 96, 32, &special) >> 96) as u32)
    }

    pub(super) fn v6(&self, address: Ipv6Addr) -> Ipv6Addr {
        if let Some(v4) = address.to_ipv4_mapped() {
            return self.v4(v4).to_ipv6_mapped();
        }
        if address.is_loopback() || address.is_unspecified() || address.is_multicast() {
            return address;
        }
        let special = V6.map(|(range, length)| (range.to_bits(), length));
        Ipv6Addr::from_bits(self.flipped(address.to_bits(), 128, &special))
    }

    fn flipped(&self, bits: u128, length: u32, special: &[(u128, u32)]) -> u128 {
        let mut flipped = bits;
        for place in 0..length {
            let prefix = if place == 0 { 0 } else { bits >> (128 - place) };
            let is_before = |(range, of): &(u128, u32)| place < *of && (place == 0 || range >> (128 - place) == prefix);
            if !special.iter().any(is_before) && self.0.hash_one((length, place, prefix)) & 1 == 1 {
                flipped ^= 1 << (127 - place);
            }
        }
        flipped
    }
}
