//! A real path between two hosts: a pair of virtual cables, with the far end in its own network namespace.
//!
//! Needs `ip` of iproute2 and `nsenter` of util-linux. The near end is the lab's own namespace, with 10.99.0.1; the far end has 10.99.0.2.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process::Command;

use super::actor::{Actor, Ready};
use super::{namespace, peer, program};

/// The near end's address.
pub(crate) const NEAR: Ipv4Addr = Ipv4Addr::new(10, 99, 0, 1);
/// The far end's address.
pub(crate) const FAR: Ipv4Addr = Ipv4Addr::new(10, 99, 0, 2);

/// The other host: a namespace that a process keeps open.
pub(crate) struct Far(Actor);

impl Far {
    /// Lays the cable.
    #[track_caller]
    pub(crate) fn connect() -> Self {
        peer::needs("nsenter");
        let far = Actor::start("far-host", None, |ready| {
            namespace::enter_another().expect("a namespace for the other host");
            ready.now();
            super::actor::stay();
        });
        ip(&format!("link add near type veth peer name far netns {}", far.pid()));
        ip(&format!("addr add {NEAR}/24 dev near"));
        ip("link set near up");
        let far = Self(far);
        far.shell(&format!("ip addr add {FAR}/24 dev far && ip link set far up"));
        far
    }

    /// The address of a port there.
    pub(crate) fn at(port: u16) -> SocketAddr {
        SocketAddr::new(IpAddr::V4(FAR), port)
    }

    /// Runs a program there.
    #[track_caller]
    pub(crate) fn start(&self, name: &str, body: impl FnOnce(Ready)) -> Actor {
        let namespace = self.namespace();
        Actor::start(name, None, move |ready| {
            enter(&namespace);
            body(ready);
        })
    }

    /// The far host stops sending: it receives packets, but no answer comes back.
    pub(crate) fn fall_silent(&self) {
        self.shell(&format!("ip route add blackhole {NEAR}/32"));
    }

    /// It answers again.
    pub(crate) fn answer_again(&self) {
        self.shell(&format!("ip route del blackhole {NEAR}/32"));
    }

    /// Runs a command line of the shell there.
    #[track_caller]
    pub(crate) fn shell(&self, line: &str) {
        shell_in(self.pid(), line);
    }

    /// A process of that host.
    pub(crate) fn pid(&self) -> u32 {
        self.0.pid()
    }

    fn namespace(&self) -> String {
        format!("/proc/{}/ns/net", self.0.pid())
    }
}

/// Moves the calling process into a network namespace by its path.
pub(crate) fn enter(namespace: &str) {
    let file = std::fs::File::open(namespace).expect("the other host's namespace");
    let kind = rustix::thread::LinkNameSpaceType::Network;
    rustix::thread::move_into_link_name_space(std::os::fd::AsFd::as_fd(&file), Some(kind)).expect("to enter it");
}

/// Runs a command line of the shell in the network namespace of a process.
#[track_caller]
pub(crate) fn shell_in(pid: u32, line: &str) {
    let status = Command::new("nsenter").arg(format!("--net=/proc/{pid}/ns/net")).args(["sh", "-c", line]).status();
    assert!(status.as_ref().is_ok_and(std::process::ExitStatus::success), "{line}: {status:?}");
}

/// Runs `ip` in the lab's own namespace.
#[track_caller]
pub(crate) fn ip(arguments: &str) {
    peer::needs("ip");
    let status = Command::new("ip").args(arguments.split(' ')).env("PATH", program::search_path()).status();
    assert!(status.as_ref().is_ok_and(std::process::ExitStatus::success), "ip {arguments}: {status:?}");
}
