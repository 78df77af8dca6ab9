//! Faults of this host itself.

use std::net::{Ipv6Addr, SocketAddr, TcpListener};
use std::os::unix::process::CommandExt;

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::lab::counts::Inet;
use crate::lab::namespace::set_sysctl;
use crate::lab::outgoing::{Port, holder};
use crate::lab::program::{command, finish, run, without_system_call};
use crate::lab::server::{Accepts, Server};
use crate::lab::sockets;
use crate::lab::traffic;
use crate::tried::{Tried, says};

pub(crate) fn a_port_without_a_listener_is_distinguished_from_one_on_another_address() {
    let nothing = Tried::to("127.0.0.1:8080");
    assert_eq!(nothing.ended("no-listener")["listeners"].as_array().map(Vec::len), Some(0));
    says("127.0.0.1:8080", &["nothing listens on port 8080"], &["没有程序监听 8080 端口"]);
    let other = TcpListener::bind("127.0.0.2:8080").unwrap();
    let wrong = Tried::to("127.0.0.1:8080");
    let end = wrong.ended("wrong-address");
    assert_eq!(end["listeners"][0]["address"], "127.0.0.2");
    assert_eq!(end["listeners"][0]["pid"], std::process::id());
    let english = ["port 8080 is open on another address only", "listens on 127.0.0.2:8080"];
    says("127.0.0.1:8080", &english, &["8080 端口只在别的地址上监听", "监听 127.0.0.2:8080"]);
    // The other family of this host, and each way of listening for both.
    Tried::to("[::1]:8080").ended("wrong-family");
    drop(other);
    let narrow = sockets::tcp(Inet::V6, rustix::net::SocketFlags::empty()).unwrap();
    rustix::net::sockopt::set_ipv6_v6only(&narrow, true).unwrap();
    rustix::net::bind(&narrow, &SocketAddr::from((Ipv6Addr::UNSPECIFIED, 8080))).unwrap();
    rustix::net::listen(&narrow, 5).unwrap();
    let family = Tried::to("127.0.0.1:8080");
    assert_eq!(family.ended("wrong-family")["listeners"][0]["v6only"], true);
    says("127.0.0.1:8080", &["port 8080 is open for IPv6 only"], &["8080 端口只监听 IPv6"]);
    let both = Tried::to("8080");
    let ends: Vec<&str> =
        both.0["attempts"].as_array().unwrap().iter().map(|end| end["outcome"].as_str().unwrap()).collect();
    assert_eq!((ends, &both.0["reached"]), (vec!["wrong-family", "reached"], &true.into()));
    drop(narrow);
    let _wide = sockets::listener_at(SocketAddr::from((Ipv6Addr::UNSPECIFIED, 8080)), 5).unwrap();
    Tried::to("127.0.0.1:8080").ended("reached");
    Tried::to("8080 -4").ended("reached");
    Tried::to(":8080 -6").ended("reached");
}

pub(crate) fn a_full_accept_queue_is_named_with_its_program() {
    let plan = Server { name: "api", backlog: 3, accepts: Accepts::Nothing, ..Server::at(8080) };
    let server = plan.clone().start();
    let _waiting: Vec<_> = (0..4).map(|_| traffic::connect_to(plan.address).unwrap()).collect();
    let full = Tried::to("127.0.0.1:8080 --timeout 1200ms");
    let end = full.ended("queue-full");
    let listener = &end["listeners"][0];
    assert_eq!((&listener["program"], &listener["pid"]), (&"api".into(), &server.pid().into()));
    assert_eq!((&listener["queue"], &listener["limit"]), (&4.into(), &3.into()));
    assert!(listener["drops"].as_u64() >= Some(2), "{listener}");
    assert!(full.shows("accept-queue-full"), "{}", full.0);
    let english = ["the accept queue of the listener on this host is full", "api (", "accept queue 4, limit 3"];
    says("127.0.0.1:8080 --timeout 1200ms", &english, &["全连接队列（accept 队列）已满", "全连接队列 4，上限 3"]);
    drop(server);
    let _mended = Server::at(8080).start();
    let reached = Tried::to("127.0.0.1:8080");
    reached.ended("reached");
    assert!(!reached.shows("accept-queue-full"), "{}", reached.0);
}

pub(crate) fn ports_that_run_out_are_counted() {
    set_sysctl("net.ipv4.ip_local_port_range", "40000 40019").unwrap();
    let plan = Server::at(8080);
    let _server = plan.clone().start();
    let other = Server::at(8081);
    let _other = other.clone().start();
    let full = holder(&[plan.address], 20, Port::AtConnect);
    let tried = Tried::to("127.0.0.1:8080");
    let end = tried.ended("no-ports");
    assert_eq!((&end["error"], &end["syns"]), (&"EADDRNOTAVAIL".into(), &().into()));
    assert_eq!((&end["ports"]["used"], &end["ports"]["size"]), (&20.into(), &20.into()));
    assert!(tried.shows("port-exhaustion"), "{}", tried.0);
    let english = ["20 of the 20 ports of net.ipv4.ip_local_port_range (40000 to 40019)"];
    says("127.0.0.1:8080", &english, &["共 20 个端口，到它已用 20 个"]);
    // A port is used up for one service alone.
    let elsewhere = Tried::to("127.0.0.1:8081");
    elsewhere.ended("reached");
    assert!(!elsewhere.shows("port-exhaustion"), "{}", elsewhere.0);
    drop(full);
}

pub(crate) fn a_process_without_descriptors_says_so() {
    let _listener = sockets::listener_at(SocketAddr::from((Ipv6Addr::UNSPECIFIED, 8080)), 5).unwrap();
    let mut program = command(&["reach", "8080", "--json"]);
    let maximum = rustix::process::getrlimit(Resource::Nofile).maximum;
    // Beside the three that every program has, one: for a file, or for one of two connections.
    let limit = Rlimit { current: Some(4), maximum };
    // SAFETY: one system call, without an allocation.
    #[allow(unsafe_code, reason = "what a child does between fork and exec is set with an unsafe call")]
    unsafe {
        program.pre_exec(move || Ok(setrlimit(Resource::Nofile, limit)?));
    }
    let tried = Tried::of(&finish(program));
    let attempts = tried.0["attempts"].as_array().unwrap();
    let ended =
        |outcome: &str| attempts.iter().find(|end| end["outcome"] == outcome).unwrap_or_else(|| panic!("{}", tried.0));
    ended("reached");
    let end = ended("no-descriptors");
    assert_eq!((&end["error"], &end["descriptor_limit"]), (&"EMFILE".into(), &4.into()));
    assert!(end["explanation"].as_str().unwrap().contains("may open 4 file descriptors"), "{end}");
}

pub(crate) fn a_forbidden_call_is_no_missing_route() {
    let _listener = TcpListener::bind("127.0.0.1:8080").unwrap();
    for (errno, name) in [(libc::EPERM, "EPERM"), (libc::EACCES, "EACCES")] {
        let forbidden = |arguments: &[&str]| finish(without_system_call(command(arguments), libc::SYS_connect, errno));
        let tried = Tried::of(&forbidden(&["reach", "127.0.0.1:8080", "--json"]));
        let end = tried.ended("forbidden");
        assert_eq!((&end["error"], &end["route"]["local"]), (&name.into(), &true.into()));
        let chinese = forbidden(&["reach", "127.0.0.1:8080", "--lang", "zh"]);
        assert!(chinese.stdout.contains(&format!("connect() 失败（{name}）")), "{chinese:?}");
    }
}

pub(crate) fn what_cannot_be_done_is_refused_with_a_reason() {
    for (arguments, why) in [
        ("db:1 -u", "UDP has no handshake"),
        ("db:1 --from x", "connects now, from this host"),
        ("db:1 --netns all", "from one network namespace"),
        ("db:1 --timeout 0", "longer than 0"),
        ("10.0.0.1:1 -6", "not have the IP version"),
        ("db:1 -4 -6", "-4"),
        ("db", "has no port"),
        ("db:70000", "from 1 to 65535"),
        ("::1:80", "in brackets"),
    ] {
        let said = run(&std::iter::once("reach").chain(arguments.split(' ')).collect::<Vec<_>>());
        assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""), "{said:?}");
        assert!(said.stderr.contains(why), "{why:?} is not in {said:?}");
    }
}
