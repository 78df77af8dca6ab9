//! Firewalls, with `nft`.

use std::net::{IpAddr, SocketAddr, TcpListener};
use std::process::Command;
use std::time::Duration;

use crate::lab::outgoing::serve;
use crate::lab::path::Far;
use crate::lab::server::Server;
use crate::lab::{peer, program};
use crate::network::router;
use crate::tap::Tap;
use crate::tried::{Tried, says};

/// Runs `nft` in the lab's own namespace, or in that of the far host.
#[track_caller]
fn nft(far: Option<&Far>, rules: &str) {
    peer::needs("nft");
    match far {
        Some(far) => far.shell(&format!("PATH=$PATH:/usr/sbin nft '{rules}'")),
        None => {
            let status = Command::new("nft").arg(rules).env("PATH", program::search_path()).status();
            assert!(status.as_ref().is_ok_and(|status| status.success()), "nft {rules}: {status:?}");
        }
    }
}

/// Replaces all rules by one.
#[track_caller]
fn rule(far: Option<&Far>, hook: &str, rule: &str) {
    nft(far, "flush ruleset");
    nft(far, "add table inet t");
    nft(far, &format!("add chain inet t c {{ type filter hook {hook} priority 0 ; }}"));
    nft(far, &format!("add rule inet t c {rule}"));
}

pub(crate) fn a_router_that_rejects_is_named_with_each_type() {
    peer::needs("nft");
    let far = router();
    let v4 = [
        ("net-unreachable", 0),
        ("host-unreachable", 1),
        ("prot-unreachable", 2),
        ("port-unreachable", 3),
        ("net-prohibited", 9),
        ("host-prohibited", 10),
        ("admin-prohibited", 13),
    ];
    let v6 = [
        ("no-route", 0),
        ("admin-prohibited", 1),
        ("addr-unreachable", 3),
        ("port-unreachable", 4),
        ("policy-fail", 5),
        ("reject-route", 6),
    ];
    let of_v4 = v4.map(|(name, code)| ("icmp", name, 3, code, "10.98.0.9:80", "10.99.0.2"));
    let of_v6 = v6.map(|(name, code)| ("icmpv6", name, 1, code, "[fd98::9]:80", "fd99::2"));
    for (protocol, name, kind, code, to, router) in of_v4.into_iter().chain(of_v6) {
        rule(Some(&far), "forward", &format!("tcp dport 80 reject with {protocol} type {name}"));
        let tried = Tried::to(to);
        let icmp = &tried.ended("rejected")["icmp"];
        assert_eq!(
            (&icmp["type"], &icmp["code"], &icmp["sender"]),
            (&kind.into(), &code.into(), &router.into()),
            "{name}"
        );
        let version = if protocol == "icmp" { "ICMP" } else { "ICMPv6" };
        let english = format!("{router} rejected the connection after");
        let (kind_en, kind_zh) =
            (format!("{version} type {kind} code {code} ("), format!("{version} 类型 {kind} 代码 {code}（"));
        says(to, &[&english, &kind_en], &[&format!("{router} 拒绝连接"), &kind_zh]);
    }
}

pub(crate) fn a_firewall_of_this_host_is_distinguished() {
    peer::needs("nft");
    let far = Far::connect();
    let _server = serve(&far, Server { address: Far::at(80), ..Server::at(80) });
    let _here = TcpListener::bind("127.0.0.1:80").unwrap();
    Tried::to("10.99.0.2:80").ended("reached");
    rule(None, "output", "tcp dport 80 drop");
    let tap = Tap::open();
    let kept = Tried::to("10.99.0.2:80 --timeout 1500ms");
    assert_eq!(kept.ended("kept-back")["syns_kept_back"], true);
    assert_eq!(tap.sent(), []);
    says("10.99.0.2:80 --timeout 1500ms", &["TcpExtTCPRetransFail", "nft list ruleset"], &["重传的 SYN 全部发送失败"]);
    rule(None, "output", "tcp dport 80 reject with icmpx type admin-prohibited");
    Tried::to("10.99.0.2:80").ended("rejected-here");
    says("10.99.0.2:80", &["This host rejected the connection with ICMP"], &["本机拒绝连接：ICMP"]);
    rule(None, "input", "tcp dport 80 drop");
    Tried::to("127.0.0.1:80 --timeout 500ms").ended("dropped-here");
    says("127.0.0.1:80 --timeout 500ms", &["a firewall rule on this host drops"], &["本机的防火墙规则丢弃了包"]);
    rule(None, "input", "tcp dport 80 reject with icmpx type port-unreachable");
    Tried::to("127.0.0.1:80").ended("rejected-here");
    rule(None, "input", "tcp dport 80 reject with tcp reset");
    Tried::to("127.0.0.1:80").ended("refused-by-firewall");
    says("127.0.0.1:80", &["rejects it with tcp-reset"], &["用 tcp-reset 拒绝"]);
    nft(None, "flush ruleset");
    Tried::to("127.0.0.1:80").ended("reached");
    Tried::to("10.99.0.2:80").ended("reached");
}

pub(crate) fn a_firewall_there_that_drops_is_no_answer() {
    peer::needs("nft");
    let far = Far::connect();
    let at = SocketAddr::new(IpAddr::V4(crate::lab::path::FAR), 80);
    let _server = serve(&far, Server { address: at, ..Server::at(80) });
    rule(Some(&far), "input", "tcp dport 80 drop");
    // A third SYN follows after two seconds.
    let tried = Tried::within(Duration::from_millis(1_950), || Tried::to("10.99.0.2:80 --timeout 1500ms"));
    let end = tried.ended("no-answer");
    assert_eq!((&end["syns"], &end["syns_kept_back"], &end["icmp"]), (&2.into(), &false.into(), &().into()));
    // A rejection by this host shows in its address; it is not a RST.
    rule(Some(&far), "input", "tcp dport 80 reject with icmp type port-unreachable");
    let tried = Tried::to("10.99.0.2:80");
    let end = tried.ended("rejected");
    assert_eq!((&end["icmp"]["sender"], &end["error"]), (&"10.99.0.2".into(), &"ECONNREFUSED".into()));
    nft(Some(&far), "flush ruleset");
    Tried::to("10.99.0.2:80").ended("reached");
}
