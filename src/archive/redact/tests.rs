//! What is replaced, and what stays.

use std::net::{IpAddr, Ipv4Addr};

use super::*;

fn v4(addresses: &Addresses, text: &str) -> Ipv4Addr {
    addresses.v4(text.parse().unwrap())
}

#[test]
fn special_addresses_stay_what_they_are_and_subnets_stay_subnets() {
    let addresses = Addresses::new();
    for kept in ["127.0.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.251", "::", "::1", "ff02::fb", "::ffff:127.0.0.1"]
    {
        let address: IpAddr = kept.parse().unwrap();
        assert_eq!(addresses.alias(address), address);
    }
    assert_eq!(v4(&addresses, "10.1.2.3").octets()[0], 10);
    assert_eq!(v4(&addresses, "192.168.7.9").octets()[..2], [192, 168]);
    assert_eq!(v4(&addresses, "172.16.1.1").octets()[0], 172);
    let bits = |text: &str| v4(&addresses, text).to_bits();
    for (one, other) in [("203.0.113.7", "203.0.113.9"), ("10.0.3.7", "10.0.200.1"), ("8.8.8.8", "8.8.4.4")] {
        let plain: [Ipv4Addr; 2] = [one.parse().unwrap(), other.parse().unwrap()];
        let before = (plain[0].to_bits() ^ plain[1].to_bits()).leading_zeros();
        assert_eq!((bits(one) ^ bits(other)).leading_zeros(), before, "{one} {other}");
    }
    let others: Vec<Ipv4Addr> = (0..8).map(|_| v4(&Addresses::new(), "203.0.113.7")).collect();
    assert!(others.iter().any(|other| *other != others[0]), "other keys, other aliases");
}

#[test]
fn what_kind_of_program_and_of_unit_it_is_stays() {
    let redactor = Redactor::new().unwrap();
    assert!(redactor.program(b"java").starts_with("java-"));
    assert!(redactor.program(b"secretd").starts_with("prog-"));
    assert_eq!(redactor.program(b"systemd"), "systemd");
    assert_eq!(redactor.program(b"secretd"), redactor.program(b"secretd"));
    let path = redactor.cgroup("/system.slice/orders.service");
    assert!(path.starts_with("/system.slice/name-") && path.ends_with(".service"), "{path}");
    let id = "3f".repeat(32);
    let container = redactor.cgroup(&format!("/system.slice/docker-{id}.scope"));
    assert!(container.contains("docker-") && !container.contains(&id) && container.ends_with(".scope"));
}

#[test]
fn a_unix_name_keeps_its_length_and_kind() {
    let redactor = Redactor::new().unwrap();
    for name in [&b"/run/secret.sock\0"[..], b"\0secret", b"/a", b"/"] {
        let mut redacted = name.to_vec();
        redactor.unix_name(&mut redacted);
        assert_eq!((redacted.len(), redacted[0]), (name.len(), name[0]));
        assert!(!redacted.windows(6).any(|part| part == b"secret"));
    }
}
