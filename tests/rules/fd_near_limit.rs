//! A server that is running out of descriptors.

use std::collections::VecDeque;
use std::fs;
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::time::Duration;

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::lab::actor::{Actor, stay};
use crate::lab::counts::State;
use crate::lab::load::{Ends, Load};
use crate::lab::proc_net::{tcp_in, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{AtEnd, Server};
use crate::lab::traffic::loopback;

pub(crate) const PROOF: Proof = Proof {
    rule: "fd-near-limit",
    fault: "A server with 80, then 95 of its 100 descriptors in use, nearly all by clients",
    twin: "The same with 79; a program with 90 files open; one that holds 9 sockets and has lowered its limit to 1, as sshd does before the login",
    remedy: "prlimit --pid … --nofile=…:, executed",
    by: Remedied::Executed,
    severities: &["warning", "critical"],
    prove,
    ..Proof::PLAIN
};

pub(crate) const LEAK: Proof = Proof {
    variant: "a leak",
    fault: "A server with 100 descriptors keeps the connections of 93 clients that are gone",
    twin: "The same with 50 clients",
    remedy: "A server that closes",
    by: Remedied::FixedProgram,
    severities: &["critical"],
    prove: prove_leak,
    ..PROOF
};

pub(crate) const GROWS: Proof = Proof {
    variant: "growing",
    fault: "A program with 100 descriptors and hardly a socket opens a file every 200 ms, from 80 on",
    twin: "The same program with 85 files, which opens no more",
    remedy: "A program that closes them",
    by: Remedied::FixedProgram,
    severities: &["warning"],
    between: "1s",
    prove: prove_growing,
    ..PROOF
};

pub(crate) const FILES: Proof = Proof {
    variant: "files",
    fault: "A server that opens files and closes none has 100 of 100 descriptors in use, 3 of them sockets, and 5 clients wait",
    twin: "The same server with 85 files, which has accepted the 5 clients",
    remedy: "prlimit --pid … --nofile=…:, executed: it accepts them",
    severities: &["critical"],
    prove: prove_files,
    ..PROOF
};

fn descriptors(pid: u32) -> usize {
    fs::read_dir(format!("/proc/{pid}/fd")).expect("a process").count()
}

/// A server whose clients keep this many descriptors in use.
fn busy(server: &Server, descriptors_n: usize) -> (Actor, Actor) {
    let running = server.clone().start();
    let left = descriptors_n - descriptors(running.pid());
    let clients = Load { ends: Ends::Stays, ..Load::to(server.address, left) }.complete();
    until("all are accepted", || descriptors(running.pid()) == descriptors_n);
    (running, clients)
}

fn prove(lab: &mut Lab) {
    let server = Server { descriptors: Some(100), ..Server::at(8080) };
    let files = Actor::start("full-of-files", Some(100), |ready| {
        let _listener = TcpListener::bind(loopback(1, 9090)).expect("a listener");
        let _files: Vec<fs::File> = (0..90).map(|_| fs::File::open("/proc/self/comm").expect("a file")).collect();
        ready.now();
        stay();
    });
    assert!(descriptors(files.pid()) >= 90);
    let _sandbox = Actor::start("sandbox", None, |ready| {
        let _sockets: Vec<UdpSocket> = (0..9).map(|_| UdpSocket::bind(loopback(1, 0)).expect("a socket")).collect();
        let limit = Rlimit { current: Some(1), maximum: Some(1) };
        setrlimit(Resource::Nofile, limit).expect("a lower limit");
        ready.now();
        stay();
    });
    let held = busy(&server, 79);
    lab.silent();
    drop(held);

    let held = busy(&server, 80);
    let found = lab.fires_on("warning", held.0.pid());
    found.has("descriptors", 80);
    found.has("descriptor_limit", 100);
    drop(held);

    let held = busy(&server, 95);
    let found = lab.fires_on("critical", held.0.pid());
    found.has("descriptors", 95);
    assert!(found.figure("socket_descriptors") >= 90.0, "{found:?}");
    lab.runs(&found, &format!("prlimit --pid {} --nofile=", held.0.pid()));
    lab.gone();
    assert_eq!(descriptors(held.0.pid()), 95, "the same load");
}

/// A program with this many files open that opens one more every 200 ms, and keeps this many of those; with `None` it
/// opens no more.
fn opens_files(first: usize, keeps: Option<usize>) -> Actor {
    Actor::start("full-of-files", Some(100), move |ready| {
        let file = || fs::File::open("/proc/self/comm").expect("a file");
        let _first: Vec<fs::File> = (0..first).map(|_| file()).collect();
        ready.now();
        let Some(keeps) = keeps else { stay() };
        let mut kept = VecDeque::new();
        loop {
            std::thread::sleep(Duration::from_millis(200));
            kept.push_back(file());
            if kept.len() > keeps {
                kept.pop_front();
            }
        }
    })
}

/// A server that opens this many files, or as many as it can, before it accepts; it tries again every 20 ms.
pub(crate) fn full_of_files(at: SocketAddr, files: usize) -> Actor {
    Actor::start("reports", Some(100), move |ready| {
        let listener = TcpListener::bind(at).expect("a listener");
        let _spare = [(); 2].map(|()| UdpSocket::bind(loopback(1, 0)).expect("a socket"));
        let open = |_| fs::File::open("/proc/self/comm").ok();
        let _files: Vec<fs::File> = (0..files).map_while(open).collect();
        ready.now();
        // The pipe by which it said so is one more.
        let _last = open(files).filter(|_| files >= 100);
        let mut accepted = vec![];
        loop {
            match listener.accept() {
                Ok(client) => accepted.push(client),
                Err(_) => std::thread::sleep(Duration::from_millis(20)),
            }
        }
    })
}

fn prove_files(lab: &mut Lab) {
    let at = loopback(1, 8080);
    let load = Load { awaits_answer: false, ends: Ends::Stays, ..Load::to(at, 5) };
    let waiting = || tcp_in(State::Established).iter().filter(|row| row.inode == 0).count();
    let few = full_of_files(at, 85);
    let clients = load.clone().complete();
    until("all are accepted", || waiting() == 0 && descriptors(few.pid()) >= 85);
    lab.silent();
    drop((few, clients));

    let full = full_of_files(at, 100);
    let clients = load.complete();
    until("all descriptors are in use", || descriptors(full.pid()) >= 100);
    assert_eq!(waiting(), 5);
    let found = lab.fires_on("critical", full.pid());
    found.has("socket_descriptors", 3);
    found.says("no sockets");
    assert!(found.commands().iter().any(|command| command.starts_with("find /proc/")), "{found:?}");
    lab.runs(&found, "find ");
    lab.runs(&found, &format!("prlimit --pid {} --nofile=", full.pid()));
    until("it accepts", || waiting() == 0);
    lab.gone();
    drop((full, clients));
}

fn prove_growing(lab: &mut Lab) {
    let steady = opens_files(85, None);
    assert!(descriptors(steady.pid()) >= 85);
    lab.silent();
    drop(steady);
    let growing = opens_files(78, Some(15));
    let found = lab.fires_on("warning", growing.pid());
    assert!(found.figure("descriptors") > found.figure("descriptors_before"), "{found:?}");
    found.says("no sockets");
    drop(growing);
    let fixed = opens_files(78, Some(0));
    assert!(descriptors(fixed.pid()) >= 80, "its listing has the pipe, too");
    lab.gone();
}

fn prove_leak(lab: &mut Lab) {
    let faulty = Server { descriptors: Some(100), at_end: AtEnd::Forget, ..Server::at(8080) };
    let few = faulty.clone().start();
    let clients = Load::to(faulty.address, 50).complete();
    lab.silent();
    drop((few, clients));

    let running = faulty.clone().start();
    let clients = Load::to(faulty.address, 93).complete();
    lab.fires_on("critical", running.pid());
    drop((running, clients));

    let fixed = Server { at_end: AtEnd::Close, ..faulty };
    let _running = fixed.clone().start();
    let _clients = Load::to(fixed.address, 93).complete();
    lab.gone();
}
