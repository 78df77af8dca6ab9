//! Datagrams that come faster than they are read.

use std::net::{SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::time::Duration;

use crate::lab::actor::{Actor, stay};
use crate::lab::cgroup::{self, Cgroup};
use crate::lab::overflow;
use crate::lab::peer;
use crate::lab::proc_net::{counter, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::sockets;
use crate::lab::subject::is_at;
use crate::lab::traffic::loopback;

pub(crate) const PROOF: Proof = Proof {
    rule: "udp-drops",
    fault: "A program reads one datagram in 100 ms of 200 in a second: a warning; a notice when it is over",
    twin: "A socket filter drops them all; and a burst of 20 that fits into the buffer",
    remedy: "The program reads as fast as they come; or asks for a buffer for the whole burst",
    by: Remedied::FixedProgram,
    severities: &["warning", "notice"],
    between: "1s",
    prove,
    ..Proof::PLAIN
};

pub(crate) const MEMORY: Proof = Proof {
    variant: "no memory",
    fault: "A program whose cgroup may hold 16 KiB for sockets reads one datagram in 100 ms of 200 in a second",
    twin: "The same program and cgroup with room for all of them",
    remedy: "A higher limit of the cgroup; or the program reads as fast as they come",
    prove: prove_memory,
    ..PROOF
};

/// Version 1 with its limit for sockets. Where the kernel has the controller of version 2 the test ends: that lets
/// datagrams exceed the limit, as they arrive in an interrupt.
fn memory_cgroups() -> PathBuf {
    let is_memory = |options: &str| options.split(',').any(|one| one == "memory");
    if let Some((place, _)) = cgroup::hierarchy(|kind, options| kind == "cgroup" && is_memory(options)) {
        return place;
    }
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").expect("the mounts");
    let mut of_version_1 = mounts.lines().filter_map(|line| line.split_once(" - cgroup ")?.1.rsplit(' ').next());
    match of_version_1.any(is_memory) {
        true => peer::lacks("a writable folder of memory cgroups"),
        false => peer::cannot_have("memory cgroups of version 1: those of version 2 let datagrams exceed their limit"),
    }
}

/// Where they are sent.
pub(super) fn address() -> SocketAddr {
    loopback(1, 5_140)
}

/// A program that reads one in so long.
pub(super) fn reader(pause: Duration, buffer: usize) -> Actor {
    reader_in(None, pause, buffer)
}

/// The same in a cgroup, which a socket belongs to from its beginning.
fn reader_in(group: Option<&Cgroup>, pause: Duration, buffer: usize) -> Actor {
    Actor::start("syslog", None, move |ready| {
        if let Some(group) = group {
            group.write("cgroup.procs", "0");
        }
        let socket = overflow::udp_reader(address(), buffer).expect("a socket");
        ready.now();
        loop {
            let _ = socket.recv(&mut [0; 2_000]);
            std::thread::sleep(pause);
        }
    })
}

/// 200 a second, ten at a time.
pub(super) fn senders() -> Actor {
    Actor::start("sender", None, move |ready| {
        ready.now();
        let socket = UdpSocket::bind(loopback(1, 0)).expect("a socket");
        loop {
            for _ in 0..10 {
                let _ = socket.send_to(&[b'x'; 500], address());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    })
}

const SLOW: Duration = Duration::from_millis(100);
/// Room for some fifty datagrams, the kernel's overhead included: a reader may lag behind for 250 ms on a busy machine.
const SMALL: usize = 32_768;
/// Room for 200; more than this no host allows by default.
const LARGE: usize = 200_000;

fn prove(lab: &mut Lab) {
    // Nothing is in the namespace's count yet: this is what tells a filter from a full buffer.
    let filtered = Actor::start("filtered", None, |ready| {
        let socket = overflow::udp_reader(address(), SMALL).expect("a socket");
        sockets::blind(&socket).expect("a filter");
        ready.now();
        stay();
    });
    let load = senders();
    until("drops of the filter", || counter("UdpInErrors").is_some_and(|dropped| dropped >= 50));
    lab.silent();
    assert_eq!(counter("UdpRcvbufErrors"), Some(0));
    drop((load, filtered));

    let small = reader(SLOW, SMALL);
    overflow::datagrams(address(), 20, 500).expect("a burst");
    lab.silent();

    let load = senders();
    let is_ours = |found: &_| is_at(found, "listener", address(), small.pid());
    let found = lab.fires_where("warning", is_ours);
    assert!(found.figure("drops") > 100.0 && found.figure("receive_buffer_errors") > 100.0, "{found:?}");
    assert!((found.figure("receive_buffer_bytes") - 2.0 * SMALL as f64).abs() < 0.5, "doubled: {found:?}");
    drop(load);
    lab.fires_where("notice", is_ours);
    drop(small);

    let fast = reader(Duration::ZERO, SMALL);
    let load = senders();
    std::thread::sleep(Duration::from_secs(1));
    lab.gone();
    drop((fast, load));

    // A burst of 200: too much for the small buffer, not for the larger one.
    let small = reader(SLOW, SMALL);
    overflow::datagrams(address(), 200, 500).expect("a burst");
    lab.fires_where("notice", |found| is_at(found, "listener", address(), small.pid()));
    drop(small);
    let _large = reader(SLOW, LARGE);
    overflow::datagrams(address(), 200, 500).expect("a burst");
    lab.gone();
}

fn prove_memory(lab: &mut Lab) {
    const LIMIT: &str = "memory.kmem.tcp.limit_in_bytes";
    let group = Cgroup::make(&memory_cgroups());
    let limited = |bytes: usize, pause| {
        group.write(LIMIT, &bytes.to_string());
        reader_in(Some(&group), pause, LARGE)
    };
    let roomy = limited(16 * LARGE, SLOW);
    overflow::datagrams(address(), 100, 500).expect("a burst");
    lab.silent();
    drop(roomy);

    let scarce = limited(16_384, SLOW);
    let load = senders();
    let is_ours = |found: &_| is_at(found, "listener", address(), scarce.pid());
    let found = lab.fires_where("warning", is_ours);
    assert!(found.figure("memory_errors") > 100.0, "{found:?}");
    assert!(found.figure("recv_queue_bytes") < 16_385.0, "{found:?}");
    drop(load);
    lab.fires_where("notice", is_ours);

    // Of the program that lost some it is said until it ends.
    drop(scarce);
    let fast = limited(16_384, Duration::ZERO);
    let load = senders();
    std::thread::sleep(Duration::from_secs(1));
    lab.gone();
    drop((fast, load));

    let _roomy = limited(16 * LARGE, SLOW);
    overflow::datagrams(address(), 100, 500).expect("a burst");
    lab.gone();
}
