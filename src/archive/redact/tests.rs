//! Replaced and kept data.

use std::net::{IpAddr, Ipv4Addr};

use super::{addresses::Addresses, *};

fn line(kind: AnswerKind, name: String) -> Line {
    Line { kind, sample: 0, netns: String::new(), name, bytes: 0, error: None, more: false, expects: None }
}

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
    let aliases = Aliases::new();
    assert!(aliases.program(b"java").starts_with("java-"));
    assert!(aliases.program(b"secretd").starts_with("prog-"));
    assert_eq!(aliases.program(b"systemd"), "systemd");
    assert_eq!(aliases.program(b"secretd"), aliases.program(b"secretd"));
    let path = aliases.cgroup("/system.slice/orders.service");
    assert!(path.starts_with("/system.slice/name-") && path.ends_with(".service"), "{path}");
    let id = "3f".repeat(32);
    let container = aliases.cgroup(&format!("/system.slice/docker-{id}.scope"));
    assert!(container.contains("docker-") && !container.contains(&id) && container.ends_with(".scope"));
}

#[test]
fn each_reading_of_a_file_is_kept() {
    let kept = |path: &str, text: &str| texts::file(&Aliases::new(), path, text.as_bytes());
    for (file, text) in [
        ("/proc/7/schedstat", "1 2 3\n"),
        ("/proc/7/task/8/status", "State:\tR (running)\n"),
        ("/proc/7/wchan", "0"),
        ("/sys/fs/cgroup/cpu/a/cpu.stat", "nr_throttled 3\n"),
    ] {
        for slashes in ["//", "///"] {
            for (place, _) in file.match_indices('/').skip(1) {
                let again = format!("{}{slashes}{}", &file[..place], &file[place + 1..]);
                assert_eq!(kept(&again, text), Some(text.as_bytes().to_vec()), "{again}");
            }
        }
    }
    assert_eq!(kept("/proc//7//environ", "SECRET=1"), None);
}

#[test]
fn a_unix_name_keeps_its_length_and_kind() {
    let aliases = Aliases::new();
    for name in [&b"/run/secret.sock\0"[..], b"\0secret", b"/a", b"/"] {
        let mut redacted = name.to_vec();
        aliases.unix_name(&mut redacted);
        assert_eq!((redacted.len(), redacted[0]), (name.len(), name[0]));
        assert!(!redacted.windows(6).any(|part| part == b"secret"));
    }
}

#[test]
fn of_a_cgroup_only_the_runtime_and_the_quality_of_service_are_reported() {
    let aliases = Aliases::new();
    let id = "b7".repeat(16);
    for secret in [format!("acme-payroll-{id}.scope"), format!("acme-{}", "3f".repeat(32))] {
        let told = aliases.cgroup_part(&secret);
        assert!(!told.contains("acme") && !told.contains("b7b7") && !told.contains("3f3f"), "{told}");
    }
    let uid = "5ec0ffee_1111_2222_3333_444455556666";
    let pod = aliases.cgroup_part(&format!("kubepods-burstable-pod{uid}.slice"));
    assert!(pod.starts_with("kubepods-burstable-pod") && pod.ends_with(".slice"), "{pod}");
    assert!(!pod.contains("5ec0ffee") && pod.len() == "kubepods-burstable-pod.slice".len() + uid.len(), "{pod}");
    // The same pod as the other driver spells it.
    let dashed = aliases.cgroup_part(&format!("pod{}", uid.replace('_', "-")));
    assert_eq!(dashed.replace('-', "_"), pod.replace("kubepods-burstable-", "").replace(".slice", ""));
    assert_eq!(aliases.cgroup_part("kubepods-besteffort.slice"), "kubepods-besteffort.slice");
    assert!(!aliases.cgroup_part("podcast.service").contains("podcast"));
}

#[test]
fn a_mount_tells_neither_its_source_nor_its_place() {
    let aliases = Aliases::new();
    let line = "30 23 0:26 / /sys/fs/cgroup/acme rw - cgroup2 acmesource rw,release_agent=/opt/acme,hidepid=2\n";
    let told = texts::file(&aliases, "/proc/self/mountinfo", line.as_bytes()).unwrap();
    let told = String::from_utf8(told).unwrap();
    assert!(!told.contains("acme") && told.contains("- cgroup2 cgroup2 rw,hidepid=2"), "{told}");
    assert!(told.contains(&aliases.path("/sys/fs/cgroup/acme")), "listings stand under the same name: {told}");
    let plain = "31 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";
    assert_eq!(texts::file(&aliases, "/proc/self/mountinfo", plain.as_bytes()).unwrap(), plain.as_bytes());
}

#[test]
fn a_filter_of_a_packet_socket_is_zeroed_and_its_memory_is_not() {
    let aliases = Aliases::new();
    let mut record = vec![17, 3, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    // PACKET_DIAG_MEMINFO is 6, PACKET_DIAG_FILTER 7 (include/uapi/linux/packet_diag.h).
    record.extend([8, 0, 6, 0, 5, 0, 0, 0, 12, 0, 7, 0, 0x15, 0, 0, 1, 77, 113, 0, 203]);
    let mut datagram = [36_u32.to_ne_bytes().as_slice(), &20_u16.to_ne_bytes(), &[0; 10], &record].concat();
    let length = datagram.len() as u32;
    datagram[..4].copy_from_slice(&length.to_ne_bytes());
    let bytes = [length.to_le_bytes().as_slice(), &datagram].concat();
    let mut line = line(AnswerKind::Netlink, String::new());
    let told = answer(&aliases, &mut line, &bytes).unwrap();
    assert!(told.ends_with(&[8, 0, 6, 0, 5, 0, 0, 0, 12, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0]), "{told:?}");
}

#[test]
fn a_namespace_has_the_same_alias_in_the_head_and_in_the_answers() {
    let aliases = Aliases::new();
    let named = aliases.netns("blue");
    assert_eq!(aliases.path("/run/netns/blue"), format!("/run/netns/{named}"));
    assert_eq!(aliases.netns("/mnt/blue"), aliases.path("/mnt/blue"));
    assert!(!aliases.path("/mnt/blue").contains("blue"));
    assert_eq!((aliases.netns("all"), aliases.netns("pid:7")), ("all".to_owned(), "pid:7".to_owned()));
}

/// A route over interface 3 to a private address, and the entry of its next hop: header, then attributes.
#[test]
fn of_routes_and_neighbours_only_addresses_stay_as_aliases() {
    let aliases = Aliases::new();
    let attribute = |kind: u8, value: &[u8]| [&[4 + value.len() as u8, 0, kind, 0], value].concat();
    let message = |kind: u8, attributes: &[Vec<u8>]| {
        [&[0, 0, 0, 0, kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[2; 12][..], &attributes.concat()].concat()
    };
    let redacted = |request: &[u8], told: &[u8]| {
        let name = crate::model::uapi::to_hex(request.iter().copied());
        let mut line = line(AnswerKind::Route, name);
        let bytes = answer(&aliases, &mut line, told).unwrap();
        (crate::model::uapi::from_hex(&line.name).unwrap(), bytes)
    };
    let alias = |address: [u8; 4]| aliases.addresses.v4(address.into()).octets();
    let (to, hop) = ([8, 8, 4, 4], [9, 8, 7, 6]);
    let index = attribute(4, &3_u32.to_ne_bytes());
    let asked = message(26, &[attribute(1, &to)]);
    let told = message(24, &[attribute(1, &to), index.clone(), attribute(5, &hop), attribute(9, &hop)]);
    let expected =
        message(24, &[attribute(1, &alias(to)), index.clone(), attribute(5, &alias(hop)), attribute(9, &[0; 4])]);
    assert_eq!(redacted(&asked, &told), (message(26, &[attribute(1, &alias(to))]), expected));
    let asked = message(30, &[attribute(1, &hop)]);
    let told = message(28, &[attribute(1, &hop), attribute(2, &[2, 0, 0, 0, 0, 9, 0, 0])]);
    let expected = message(28, &[attribute(1, &alias(hop)), attribute(2, &[0; 8])]);
    assert_eq!(redacted(&asked, &told), (message(30, &[attribute(1, &alias(hop))]), expected));
    let refused = [&[0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[0xfe, 0xff, 0xff, 0xff][..], &asked].concat();
    let (_, bytes) = redacted(&asked, &refused);
    assert!(bytes.starts_with(&refused[..20]) && bytes[20..].iter().all(|&byte| byte == 0));
}
