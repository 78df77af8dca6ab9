//! Ends in every spelling.

use super::*;
use crate::filter::names::NoNames;

struct Few;

impl Names for Few {
    fn service(&self, name: &str) -> Option<u16> {
        (name == "https").then_some(443)
    }
    fn interface(&self, name: &str) -> Option<u32> {
        (name == "eth0").then_some(2)
    }
    fn host(&self, name: &str) -> Option<Vec<IpAddr>> {
        (name == "db.example").then(|| vec!["10.0.3.7".parse().unwrap(), "2001:db8::7".parse().unwrap()])
    }
}

fn one(text: &str) -> Result<HostPattern, Problem> {
    read(text, &Few).map(|hosts| hosts.into_iter().next().unwrap())
}

fn inet(address: &str, length: u8, port: Option<u16>) -> Result<HostPattern, Problem> {
    let address: IpAddr = address.parse().unwrap();
    Ok(HostPattern::Inet { address: (address, length), port })
}

#[test]
fn internet_addresses_are_read_in_every_form_of_ss() {
    assert_eq!(one("10.0.0.1"), inet("10.0.0.1", 32, None));
    assert_eq!(one("10.0.0.1:22"), inet("10.0.0.1", 32, Some(22)));
    assert_eq!(one("10.0.0.0/8"), inet("10.0.0.0", 8, None));
    assert_eq!(one("10/8"), inet("10.0.0.0", 8, None));
    assert_eq!(one("10.0.0.0/8:https"), inet("10.0.0.0", 8, Some(443)));
    assert_eq!(one("10.0.0.1:*"), inet("10.0.0.1", 32, None));
    assert_eq!(one("::1"), inet("::1", 128, None));
    assert_eq!(one("2001:db8::/32"), inet("2001:db8::", 32, None));
    assert_eq!(one("[2001:db8::]/32"), inet("2001:db8::", 32, None));
    assert_eq!(one("[2001:db8::/32]:443"), inet("2001:db8::", 32, Some(443)));
    assert_eq!(one("[::1]:22"), inet("::1", 128, Some(22)));
    assert_eq!(one("[::1]"), inet("::1", 128, None));
    assert_eq!(one("inet:10.0.0.1:22"), inet("10.0.0.1", 32, Some(22)));
    assert_eq!(one("inet6:[::1]:22"), inet("::1", 128, Some(22)));
    assert_eq!(one("inet6:*:22"), Ok(HostPattern::Any(Some(22))));
    assert_eq!(one("inet:"), Ok(HostPattern::Any(None)));
    assert_eq!(one("*"), Ok(HostPattern::Any(None)));
    assert_eq!(one(":443"), Ok(HostPattern::Any(Some(443))));
    assert_eq!(one("*:https"), Ok(HostPattern::Any(Some(443))));
    assert_eq!(one(":2259952798"), Ok(HostPattern::Any(Some(2_259_952_798))));
}

#[test]
fn other_families_are_read_as_ss_reads_them() {
    assert_eq!(one("unix:/run/*.sock"), Ok(HostPattern::Unix("/run/*.sock".into())));
    assert_eq!(one("link:ipv6:eth0"), Ok(HostPattern::Packet { protocol: Some(0x86dd), interface: Some(2) }));
    assert_eq!(one("link:0x88cc:7"), Ok(HostPattern::Packet { protocol: Some(0x88cc), interface: Some(7) }));
    assert_eq!(one("link:*:*"), Ok(HostPattern::Packet { protocol: None, interface: None }));
    assert_eq!(one("netlink:rtnl:kernel"), Ok(HostPattern::Netlink { protocol: Some(0), port: Some(0) }));
    assert_eq!(one("netlink::99"), Ok(HostPattern::Netlink { protocol: None, port: Some(99) }));
    assert_eq!(one("vsock:2:1024"), Ok(HostPattern::Vsock { cid: Some(2), port: Some(1024) }));
    assert_eq!(one("vsock:"), Ok(HostPattern::Vsock { cid: None, port: None }));
}

#[test]
fn a_host_name_stands_for_all_its_addresses_of_the_family() {
    assert_eq!(read("db.example:22", &Few).map(|hosts| hosts.len()), Ok(2));
    assert_eq!(read("inet:db.example:22", &Few).map(|hosts| hosts.len()), Ok(1));
    assert_eq!(read("db.example", &NoNames), Err(Problem::UnknownHost));
}

#[test]
fn wrong_addresses_are_distinguished() {
    for (text, kind) in [
        ("10.0.0.300", Problem::BadAddress),
        ("10.0.0.0/33", Problem::BadPrefix),
        ("10.0.0.0/+8", Problem::BadPrefix),
        ("10.0.0.0/", Problem::BadPrefix),
        ("::/129", Problem::BadPrefix),
        ("10.0.0.1:65536", Problem::BadPort),
        ("10.0.0.1:nosuch", Problem::UnknownService),
        (":8o", Problem::BadPort),
        ("[::1", Problem::BadAddress),
        ("[::1]22", Problem::BadAddress),
        ("[::1]/64/1", Problem::BadPrefix),
        ("10.0.0.1]", Problem::BadAddress),
        ("inet6:10.0.0.1", Problem::BadAddress),
        ("link:nosuch", Problem::UnknownProtocol),
        ("link:ip:nosuch", Problem::UnknownInterface),
        ("netlink:nosuch", Problem::UnknownProtocol),
        ("netlink:rtnl:me", Problem::BadNumber),
        ("vsock:x", Problem::BadNumber),
        ("fe80::1%eth0", Problem::BadAddress),
    ] {
        assert_eq!(one(text), Err(kind), "{text}");
    }
}

#[test]
fn a_program_is_not_taken_for_an_address() {
    for host in
        ["10.0.0.1", "10.0.0.300", "::1", ":443", ":https", "[::1]:1", "*", "*:80", "unix:x", "10/8", "1.2.3.4:x"]
    {
        assert!(is_meant(host), "{host}");
    }
    for program in ["nginx", "dead.beef", "*nginx", "kworker/0:1", "python3.11", "0ad", "7z", "example.com"] {
        assert!(!is_meant(program), "{program}");
    }
}
