//! IP addresses as text.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::digits::hex;

/// Each octet with a full stop, and how long that is.
const OCTETS: [([u8; 4], usize); 256] = {
    let mut octets = [([0; 4], 0); 256];
    let mut value = 0;
    while value < octets.len() {
        let hundreds = b'0' + (value / 100) as u8;
        let tens = b'0' + (value / 10 % 10) as u8;
        let ones = b'0' + (value % 10) as u8;
        octets[value] = match value {
            0..10 => ([ones, b'.', 0, 0], 2),
            10..100 => ([tens, ones, b'.', 0], 3),
            _ => ([hundreds, tens, ones, b'.'], 4),
        };
        value += 1;
    }
    octets
};

/// Four numbers.
pub(in crate::render) fn ipv4(out: &mut Vec<u8>, address: Ipv4Addr) {
    for octet in address.octets() {
        // Four bytes at once and the rest taken back is faster than one after the other.
        let (text, length) = &OCTETS[usize::from(octet)];
        let end = out.len() + length;
        out.extend_from_slice(text);
        out.truncate(end);
    }
    out.pop();
}

/// RFC 5952: the longest run of two or more zero groups is left out, the first of equal ones.
pub(in crate::render) fn ipv6(out: &mut Vec<u8>, address: Ipv6Addr) {
    if let Some(address) = address.to_ipv4_mapped() {
        out.extend_from_slice(b"::ffff:");
        return ipv4(out, address);
    }
    let groups = address.segments();
    let (mut longest, mut run) = ((0, 0), (0, 0));
    for (place, group) in groups.iter().enumerate() {
        run = match (*group, run) {
            (0, (_, 0)) => (place, 1),
            (0, (start, length)) => (start, length + 1),
            _ => (0, 0),
        };
        if run.1 > longest.1 {
            longest = run;
        }
    }
    let (start, length) = if longest.1 > 1 { longest } else { (groups.len(), 0) };
    for (place, group) in groups.iter().enumerate() {
        if place == start {
            out.extend_from_slice(b"::");
        } else if place < start || place >= start + length {
            if place > 0 && place != start + length {
                out.push(b':');
            }
            hex(out, u64::from(*group), 1);
        }
    }
}

/// The address alone.
pub(super) fn ip(out: &mut Vec<u8>, address: IpAddr) {
    match address {
        IpAddr::V4(address) => ipv4(out, address),
        IpAddr::V6(address) => ipv6(out, address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_read_as_the_standard_library_writes_them() {
        for text in [
            "0.0.0.0",
            "10.20.30.255",
            "::",
            "::1",
            "1::",
            "2001:db8::1",
            "2001:db8:0:1:1:1:1:1",
            "2001:0:0:1:0:0:0:1",
            "2001:db8:0:0:1:0:0:1",
            "fe80::1:0:0:2",
            "1:2:3:4:5:6:7:8",
            "0:0:1::",
            "::ffff:10.0.0.1",
            "1:2:3:4:5:6:7:0",
            "0:2:3:4:5:6:7:8",
        ] {
            let address: IpAddr = text.parse().unwrap();
            let mut out = Vec::new();
            ip(&mut out, address);
            assert_eq!(String::from_utf8(out).unwrap(), address.to_string());
        }
    }
}
