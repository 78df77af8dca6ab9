//! Hosts and routers of other namespaces, with `ip` alone.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::lab::namespace::{enter_another, set_sysctl};
use crate::lab::outgoing::serve;
use crate::lab::path::{Far, enter, ip};
use crate::lab::program::{LIMIT, run};
use crate::lab::server::Server;
use crate::tap::{Segment, Tap};
use crate::tried::{Tried, says};

const FIN: u8 = 0x01;
const SYN: u8 = 0x02;
const ACK: u8 = 0x10;

fn server(port: u16) -> Server {
    Server { address: Far::at(port), ..Server::at(port) }
}

pub(crate) fn an_address_that_listens_is_reached_with_one_connection_and_no_data() {
    let far = Far::connect();
    let _server = serve(&far, server(80));
    let tap = Tap::open();
    // Longer than this, and the kernel may send something again.
    let tried = Tried::within(Duration::from_millis(700), || {
        tap.forget();
        Tried::to("10.99.0.2:80")
    });
    let end = tried.ended("reached");
    assert_eq!((&end["syns"], &end["error"], &end["route"]["interface"]), (&1.into(), &().into(), &"near".into()));
    assert_eq!(end["source"]["address"], "10.99.0.1");
    assert_eq!((&end["route"]["gateway"], &end["neighbour"]["address"]), (&().into(), &"10.99.0.2".into()));
    // The answer to its FIN may still be on its way.
    let mut sent = tap.sent();
    let began = Instant::now();
    while sent.len() < 4 && began.elapsed() < LIMIT {
        std::thread::sleep(Duration::from_millis(50));
        sent.extend(tap.sent());
    }
    let flags: Vec<u8> = sent.iter().map(|segment| segment.flags).collect();
    assert_eq!(flags, [SYN, ACK, FIN | ACK, ACK], "{sent:?}");
    assert!(sent.iter().all(|segment| segment.data == 0 && segment.port == 80), "{sent:?}");
    says("10.99.0.2 80", &["reached", "Route: on the link of near, from 10.99.0.1."], &["已连通", "路由：near 直连"]);
}

pub(crate) fn a_silent_address_gets_syns_alone() {
    let far = Far::connect();
    let _server = serve(&far, server(80));
    // A first connection resolves the neighbours, which cannot be resolved later when the far host does not answer.
    Tried::to("10.99.0.2:80").ended("reached");
    far.fall_silent();
    let tap = Tap::open();
    // A third SYN follows after two seconds.
    let tried = Tried::within(Duration::from_millis(1_950), || {
        tap.forget();
        Tried::to("10.99.0.2:80 --timeout 1500ms")
    });
    let end = tried.ended("no-answer");
    let sent = tap.sent();
    assert!(sent.iter().all(|&segment| segment == Segment { port: 80, flags: SYN, data: 0 }), "{sent:?}");
    assert_eq!((end["syns"].as_u64(), sent.len()), (Some(2), 2), "{end}");
    assert_eq!(end["neighbour"]["address"], "10.99.0.2");
    tap.forget();
    let (english, chinese) = ("No answer within", "发了 2 个 SYN，没有应答");
    says("10.99.0.2:80 --timeout 1500ms", &[english, "to 2 SYNs", "sockdoc list -tlp sport = :80"], &[chinese]);
    far.answer_again();
    Tried::to("10.99.0.2:80").ended("reached");
}

pub(crate) fn a_host_without_a_listener_refuses() {
    let _far = Far::connect();
    let tap = Tap::open();
    let tried = Tried::to("10.99.0.2:81");
    let end = tried.ended("refused");
    assert_eq!(
        (&end["error"], &end["icmp"], &end["listeners"]),
        (&"ECONNREFUSED".into(), &().into(), &[(); 0][..].into())
    );
    assert_eq!(tap.sent(), [Segment { port: 81, flags: SYN, data: 0 }]);
    says("10.99.0.2:81", &["A RST answered the SYN after"], &["收到 RST：10.99.0.2 的 81 端口没有程序监听"]);
}

pub(crate) fn a_service_that_hangs_up_is_not_reached() {
    let far = Far::connect();
    let hangs_up = Some(Duration::ZERO);
    let _closing = serve(&far, Server { hangs_up, ..server(80) });
    let _aborting = serve(&far, Server { hangs_up, aborts: true, ..server(81) });
    let _patient = serve(&far, Server { hangs_up: Some(Duration::from_secs(2)), ..server(82) });
    let tap = Tap::open();
    // So long it waits for a service that hangs up.
    let at_once = Duration::from_millis(450);
    let closed = Tried::within(at_once, || {
        tap.forget();
        Tried::to("10.99.0.2:80")
    });
    assert!(closed.ended("closed-at-once")["closed_after_ms"].as_u64() < Some(500));
    let sent = tap.sent();
    assert!(sent.iter().all(|segment| segment.data == 0), "{sent:?}");
    assert_eq!(sent.iter().filter(|segment| segment.flags == SYN).count(), 1, "{sent:?}");
    says("10.99.0.2:80", &["ms later (FIN)"], &["用 FIN 关闭"]);
    Tried::within(at_once, || Tried::to("10.99.0.2:81")).ended("reset-at-once");
    says("10.99.0.2:81", &["and reset it"], &["用 RST 重置"]);
    Tried::within(Duration::from_millis(1_500), || Tried::to("10.99.0.2:82")).ended("reached");
}

pub(crate) fn a_host_that_is_not_there_is_not_resolved() {
    let far = Far::connect();
    let tap = Tap::open();
    let tried = Tried::to("10.99.0.77:80 --timeout 1");
    let end = tried.ended("unresolved");
    assert_eq!(end["neighbour"]["address"], "10.99.0.77");
    assert_eq!(tap.sent(), []);
    // After three requests the kernel gives up, and reports that with an ICMP error of this host.
    let tried = Tried::to("10.99.0.78:80 --timeout 10");
    let end = tried.ended("unresolved");
    assert_eq!((&end["neighbour"]["state"], &end["error"]), (&"failed".into(), &"EHOSTUNREACH".into()));
    says("10.99.0.77:80 --timeout 1", &["10.99.0.77 did not answer ARP on near"], &["10.99.0.77 在 near 上不应答 ARP"]);
    ip("route add 10.55.0.0/24 via 10.99.0.79");
    let behind = Tried::to("10.55.0.1:80 --timeout 1");
    assert_eq!(behind.ended("unresolved")["neighbour"]["address"], "10.99.0.79");
    far.shell("ip -6 addr add fd99::2/64 dev far nodad");
    ip("-6 addr add fd99::1/64 dev near nodad");
    says("[fd99::77]:80 --timeout 1", &["fd99::77 did not answer NDP on near"], &["fd99::77 在 near 上不应答 NDP"]);
}

/// Makes the far host a router with networks behind it, over IPv4 and IPv6.
pub(crate) fn router() -> Far {
    let far = Far::connect();
    far.shell(
        "echo 1 > /proc/sys/net/ipv4/ip_forward && echo 1 > /proc/sys/net/ipv6/conf/all/forwarding \
         && echo 0 > /proc/sys/net/ipv4/icmp_ratelimit && echo 0 > /proc/sys/net/ipv6/icmp/ratelimit \
         && ip -6 addr add fd99::2/64 dev far nodad \
         && ip link add behind type veth peer name beyond && ip link set beyond up && ip addr add 10.98.0.1/24 dev behind \
         && ip -6 addr add fd98::1/64 dev behind nodad && ip link set behind up",
    );
    ip("-6 addr add fd99::1/64 dev near nodad");
    ip("route add 10.0.0.0/8 via 10.99.0.2");
    ip("-6 route add fd00::/8 via fd99::2");
    far
}

pub(crate) fn a_router_is_named_by_its_icmp_error() {
    let far = router();
    far.shell("ip route add unreachable 10.98.1.0/24 && ip route add prohibit 10.98.2.0/24");
    far.shell("ip -6 route add prohibit fd98:2::/64");
    let icmp = |to: &str| {
        let tried = Tried::to(to);
        let end = tried.ended("rejected");
        let icmp = &end["icmp"];
        (icmp["type"].as_u64().unwrap(), icmp["code"].as_u64().unwrap(), icmp["sender"].as_str().unwrap().to_owned())
    };
    let router = || "10.99.0.2".to_owned();
    assert_eq!(icmp("10.77.0.1:80"), (3, 0, router()));
    assert_eq!(icmp("10.98.1.1:80"), (3, 1, router()));
    assert_eq!(icmp("10.98.2.1:80"), (3, 13, router()));
    assert_eq!(icmp("[fd98:2::1]:80"), (1, 1, "fd99::2".to_owned()));
    assert_eq!(icmp("[fd77::1]:80"), (1, 0, "fd99::2".to_owned()));
    let english = ["10.99.0.2 rejected the connection", "ICMP type 3 code 13", "Route: near via 10.99.0.2"];
    // As far as from where a routing loop began.
    set_sysctl("net.ipv4.ip_default_ttl", "1").unwrap();
    assert_eq!(icmp("10.98.0.9:80"), (11, 0, router()));
    says("10.98.0.9:80", &["hop limit exceeded"], &["跳数超限"]);
    set_sysctl("net.ipv4.ip_default_ttl", "64").unwrap();
    says("10.98.2.1:80", &english, &["10.99.0.2 拒绝连接：ICMP 类型 3 代码 13（管理策略禁止"]);
}

pub(crate) fn a_missing_route_is_named_before_anything_is_sent() {
    let _far = Far::connect();
    let tap = Tap::open();
    for (kind, errno) in [("unreachable", "EHOSTUNREACH"), ("prohibit", "EACCES"), ("blackhole", "EINVAL")] {
        ip(&format!("route add {kind} 10.44.0.0/24"));
        let tried = Tried::to("10.44.0.1:80");
        let end = tried.ended("no-route");
        assert_eq!((&end["error"], &end["route"], &end["syns"]), (&errno.into(), &().into(), &().into()));
        says("10.44.0.1:80", &[errno, "is of type", kind], &[errno, "路由类型是", kind]);
        ip(&format!("route del {kind} 10.44.0.0/24"));
    }
    for to in ["10.44.0.1:80", "[fd44::1]:80"] {
        let tried = Tried::to(to);
        assert_eq!(tried.ended("no-route")["error"], "ENETUNREACH");
        says(to, &["no route leads to", "ip route get"], &["没有到", "的路由"]);
    }
    says("10.99.0.255:80", &["broadcast or multicast address"], &["广播或组播地址"]);
    // Whatever the routes say.
    says("224.0.0.1:80", &["broadcast or multicast address"], &["广播或组播地址"]);
    assert_eq!(tap.sent(), []);
}

pub(crate) fn an_address_of_a_link_is_shown_with_its_interface() {
    let _far = Far::connect();
    ip("addr add fe80::99/64 dev near nodad");
    let tried = Tried::to("[fe80::99%near]:9");
    assert_eq!(tried.ended("no-listener")["zone"], "near");
    says("fe80::99%near 9", &["[fe80::99%near]:9: refused"], &["[fe80::99%near]:9："]);
    let without = Tried::to("[fe80::99]:9");
    assert_eq!((&without.ended("failed")["error"], &without.only()["zone"]), (&"EINVAL".into(), &().into()));
    says("[fe80::99]:9", &["fe80::99%eth0"], &["要写明网卡"]);
    let said = run(&["reach", "[fe80::99%nosuch]:9"]);
    assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""), "{said:?}");
    assert!(said.stderr.contains("unknown network interface \"nosuch\""), "{said:?}");
}

pub(crate) fn the_network_namespace_is_chosen() {
    let far = Far::connect();
    let _server = serve(&far, Server { address: SocketAddr::from(([127, 0, 0, 1], 8080)), ..server(8080) });
    Tried::to("127.0.0.1:8080").ended("no-listener");
    let netns = format!("pid:{}", far.pid());
    let there = Tried::to(&format!("127.0.0.1:8080 --netns {netns}"));
    // The far host has no loopback until it is brought up.
    assert_eq!((there.only()["outcome"].as_str(), there.0["netns"].as_str()), (Some("reached"), Some(netns.as_str())));
    let own = std::fs::read_link("/proc/self/ns/net").unwrap();
    enter_another().unwrap();
    Tried::to("10.99.0.2:8080").ended("no-route");
    enter(&format!("/proc/{}/ns/net", far.pid()));
    assert_ne!(std::fs::read_link("/proc/self/ns/net").unwrap(), own);
    Tried::to("127.0.0.1:8080").ended("reached");
    let all = run(&["reach", "127.0.0.1:8080", "--netns", "all"]);
    assert_eq!((all.code, all.stdout.as_str()), (Some(2), ""), "{all:?}");
}
