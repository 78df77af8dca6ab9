//! Names: a file of hosts, and a DNS server of the lab.

use std::net::UdpSocket;
use std::path::Path;
use std::time::Duration;

use rustix::mount::mount_bind;

use crate::lab::actor::Actor;
use crate::lab::server::Server;
use crate::tried::{Tried, says};

/// Lays a file over one of `/etc`, in the mount namespace of the test.
fn lay_over(path: &str, text: &str) {
    let file = std::env::temp_dir().join(path.replace('/', "-"));
    std::fs::write(&file, text).unwrap();
    assert!(Path::new(path).exists(), "this machine has no {path}");
    mount_bind(&file, path).unwrap();
}

/// A DNS server that knows `db.lab` by both families and `four.lab` by IPv4, and writes down what it is asked for.
fn dns_server() -> Actor {
    Actor::start("dns", None, |ready| {
        let socket = UdpSocket::bind("127.0.0.1:53").unwrap();
        ready.now();
        let mut question = [0_u8; 512];
        loop {
            let (length, from) = socket.recv_from(&mut question).unwrap();
            let asked = &question[..length];
            let name = String::from_utf8_lossy(&asked[12..length - 4]).to_ascii_lowercase();
            let v6 = asked[length - 3] == 28;
            let address: Option<&[u8]> = match (name.as_str(), v6) {
                ("\u{2}db\u{3}lab\0" | "\u{4}four\u{3}lab\0", false) => Some(&[127, 0, 0, 1]),
                ("\u{2}db\u{3}lab\0", true) => Some(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
                _ => None,
            };
            let is_known = name.starts_with("\u{2}db\u{3}lab") || name.starts_with("\u{4}four\u{3}lab");
            let code = if name.starts_with("\u{6}broken") { 2 } else { u8::from(!is_known) * 3 };
            let mut answer = asked.to_vec();
            (answer[2], answer[3], answer[7]) = (0x81, 0x80 | code, u8::from(address.is_some()));
            if let Some(address) = address {
                answer.extend([0xc0, 12, 0, if v6 { 28 } else { 1 }, 0, 1, 0, 0, 0, 9, 0, address.len() as u8]);
                answer.extend(address);
            }
            socket.send_to(&answer, from).unwrap();
        }
    })
}

pub(crate) fn a_name_is_looked_up_in_the_file_and_with_the_servers() {
    lay_over("/etc/hosts", "127.0.0.3 filed db.filed\n127.0.0.1 localhost\n");
    lay_over("/etc/resolv.conf", "nameserver 127.0.0.1\nsearch nowhere lab\n");
    let _dns = dns_server();
    let _server = Server::at(8080).start();
    let filed = Tried::to("db.filed:8080");
    assert_eq!(filed.0["lookup"]["origin"], "/etc/hosts");
    assert_eq!(filed.only()["address"], "127.0.0.3");
    let literal = Tried::to("127.0.0.1:8080");
    assert_eq!(literal.0["lookup"]["origin"], "literal");
    let asked = Tried::to("http://user:secret@four.lab:8080/path?q");
    assert_eq!((&asked.0["lookup"]["origin"], &asked.0["lookup"]["server"]), (&"dns".into(), &"127.0.0.1".into()));
    assert_eq!(asked.ended("reached")["address"], "127.0.0.1");
    // By a search domain, both families; one of them answers.
    let both = Tried::to("DB 8080");
    let ends: Vec<_> = both.0["attempts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|end| (end["address"].as_str(), end["outcome"].as_str()))
        .collect();
    assert_eq!(ends, [(Some("127.0.0.1"), Some("reached")), (Some("::1"), Some("wrong-family"))]);
    assert_eq!(both.0["reached"], true);
    assert_eq!(Tried::to("db 8080 -6").only()["address"], "::1");
    let english = ["db: 127.0.0.1, ::1 (DNS server 127.0.0.1; NSS plug-ins are not asked)"];
    says("db:8080", &english, &["db：127.0.0.1、::1（DNS 服务器 127.0.0.1；不查 NSS 插件）"]);
    let url = "http://user:secret@four.lab:8080/path?q";
    says(url, &["Read as: host four.lab, port 8080"], &["理解为：主机 four.lab，端口 8080"]);
}

/// Sockets at the port of DNS that never answer.
fn silent_servers(addresses: &[&str]) -> Vec<UdpSocket> {
    addresses.iter().map(|address| UdpSocket::bind((*address, 53)).unwrap()).collect()
}

pub(crate) fn the_timeout_bounds_all_servers_together() {
    lay_over("/etc/hosts", "127.0.0.1 localhost\n");
    lay_over("/etc/resolv.conf", "nameserver 127.0.0.2\nnameserver 127.0.0.3\nnameserver 127.0.0.4\nsearch lab\n");
    let silent = silent_servers(&["127.0.0.2", "127.0.0.3", "127.0.0.4"]);
    let (tried, took) = Tried::timed("db.lab:80 --timeout 4s");
    // Each of the three would have taken all of it.
    assert!(took < Duration::from_secs(11), "{took:?}");
    assert_eq!(tried.0["lookup"]["failed"]["reason"], "silent", "{}", tried.0);
    let asked = |socket: &UdpSocket| {
        socket.set_nonblocking(true).unwrap();
        std::iter::from_fn(|| socket.recv(&mut [0; 512]).ok()).count()
    };
    assert_eq!(silent.iter().map(asked).collect::<Vec<_>>(), [1, 1, 1], "each has its turn");
}

/// A silent server costs its part of the time, once; the rest is for the others and for the connection.
pub(crate) fn a_server_behind_a_silent_one_is_asked_and_then_first() {
    lay_over("/etc/hosts", "127.0.0.1 localhost\n");
    lay_over("/etc/resolv.conf", "nameserver 127.0.0.2\nnameserver 127.0.0.1\nsearch nowhere lab\n");
    let silent = silent_servers(&["127.0.0.2"]);
    let _dns = dns_server();
    let _server = Server::at(8080).start();
    let tried = Tried::to("four:8080 --timeout 6s");
    assert_eq!(tried.0["lookup"]["server"], "127.0.0.1", "{}", tried.0);
    assert_eq!(tried.ended("reached")["address"], "127.0.0.1");
    silent[0].set_nonblocking(true).unwrap();
    assert_eq!(std::iter::from_fn(|| silent[0].recv(&mut [0; 512]).ok()).count(), 1, "of two names only the first");
}

pub(crate) fn a_name_that_is_not_there_says_who_says_so() {
    lay_over("/etc/hosts", "127.0.0.1 localhost\n::1 six.filed\n");
    lay_over("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:1\n");
    let silent = Tried::to("db.lab:80 --timeout 300ms");
    assert_eq!(silent.0["lookup"]["failed"]["reason"], "silent");
    let _dns = dns_server();
    for (name, why, english, chinese) in [
        ("nosuch.lab", "unknown", "reports that the name does not exist", "回答没有这个名称"),
        ("broken.lab", "error", "answered with error 2", "返回错误 2"),
        ("a..b", "invalid", "not a valid DNS name", "不是合法的 DNS 名称"),
    ] {
        let tried = Tried::to(&format!("{name}:80"));
        assert_eq!(tried.0["lookup"]["failed"]["reason"], why, "{}", tried.0);
        assert_eq!(tried.0["attempts"].as_array().map(Vec::len), Some(0));
        says(&format!("{name}:80"), &[english], &[chinese]);
    }
    let other = Tried::to("four.lab:80 -6");
    assert_eq!(other.0["lookup"]["failed"]["reason"], "no-address");
    let filed = Tried::to("six.filed:80 -4");
    assert_eq!(
        (&filed.0["lookup"]["failed"]["reason"], &filed.0["lookup"]["origin"]),
        (&"other-family".into(), &"/etc/hosts".into())
    );
    says("six.filed:80 -4", &["/etc/hosts has only ::1"], &["/etc/hosts 里只有 ::1"]);
    says("nosuch.lab:80", &["NSS plug-ins (mDNS, LDAP, systemd) are not asked"], &["不查 NSS 插件"]);
}
