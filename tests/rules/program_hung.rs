//! A program that does nothing for its sockets, and programs that look like it.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::net::{SocketFlags, sockopt};
use rustix::process::{Pid, Signal, kill_process};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use rustix::time::{ClockId, clock_gettime};

use crate::lab::actor::{Actor, stay};
use crate::lab::cgroup::{self, Cgroup};
use crate::lab::check::Finding;
use crate::lab::counts::{Inet, State};
use crate::lab::holder::close_all_but;
use crate::lab::load::{Ends, Load};
use crate::lab::proc_net::{tcp_in, until};
use crate::lab::process::{self, Process};
use crate::lab::program;
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::sender::{Sender, Sends};
use crate::lab::server::{Accepts, Answers, Reads, Server};
use crate::lab::sockets;

pub(crate) const PROOF: Proof = Proof {
    rule: "program-hung",
    fault: "A server is stopped (SIGSTOP) while 12 clients send a byte every 20 ms, then a client that has work to do",
    twin: "The same server asleep with the same data unread",
    remedy: "kill -CONT",
    by: Remedied::Executed,
    severities: &["critical", "warning"],
    prove,
    ..Proof::PLAIN
};

pub(crate) const NOT_ACCEPTED: Proof = Proof {
    variant: "workers that share a listener",
    fault: "Both workers of a listener are stopped, their parent sleeps, and 3 clients wait to be accepted",
    twin: "One of the two workers is stopped",
    remedy: "kill -CONT",
    severities: &["critical"],
    prove: prove_workers,
    ..PROOF
};

pub(crate) const OWN_LISTENERS: Proof = Proof {
    variant: "workers with a listener each",
    fault: "One of two workers, which hold each other's listener (SO_REUSEPORT), is stopped, and 20 clients come",
    twin: "Neither is stopped",
    remedy: "kill -CONT",
    severities: &["critical"],
    prove: prove_own_listeners,
    ..PROOF
};

pub(crate) const INHERITED: Proof = Proof {
    variant: "a job that inherited its sockets",
    fault: "A server and the job that it has started for a client are stopped, and 3 more clients come: the job holds the \
            listener and the connection of its client, too",
    twin: "The job alone is stopped",
    remedy: "kill -CONT",
    severities: &["critical"],
    prove: prove_inherited,
    ..PROOF
};

pub(crate) const TRACED: Proof = Proof {
    variant: "traced",
    fault: "A debugger holds a server with unread data",
    twin: "A debugger follows the same server and lets it run",
    remedy: "The debugger ends",
    by: Remedied::World,
    severities: &["critical"],
    prove: prove_traced,
    ..PROOF
};

pub(crate) const FROZEN: Proof = Proof {
    variant: "frozen",
    fault: "The cgroup of a server with unread data is frozen",
    twin: "The same server in the same cgroup, asleep",
    remedy: "The cgroup is thawed",
    by: Remedied::World,
    severities: &["critical"],
    is_possible: || cgroups_v2().is_some(),
    prove: prove_frozen,
    ..PROOF
};

pub(crate) const FROZEN_V1: Proof = Proof {
    variant: "frozen by version 1 of cgroups",
    fault: "The cgroup of a server with unread data is frozen while it waits for events, then of one that waits for a lock: state D",
    twin: "The same servers in the same cgroup, asleep",
    remedy: "The printed command that writes THAWED, executed",
    by: Remedied::Executed,
    severities: &["critical"],
    is_possible: || freezers_v1().is_some(),
    prove: prove_frozen_v1,
    ..PROOF
};

pub(crate) const BUSY: Proof = Proof {
    variant: "busy",
    fault: "A server computes endlessly, and 3 clients have waited to be accepted for a second",
    twin: "A worker that computes with input in its queue and holds no listener; a server asleep with clients waiting; one at \
           work that gets a hundredth of a CPU, which other programs take",
    remedy: "A server that accepts",
    by: Remedied::FixedProgram,
    severities: &["warning"],
    prove: prove_busy,
    ..PROOF
};

pub(crate) const POOLED: Proof = Proof {
    variant: "busy with open connections",
    fault: "An event loop computes without end while the requests of 5 accepted clients lie unread for 5 s",
    twin: "The same with 2 of them",
    remedy: "A server that reads",
    by: Remedied::FixedProgram,
    severities: &["warning"],
    prove: prove_pooled,
    ..PROOF
};

pub(crate) const OUTPUT: Proof = Proof {
    variant: "a pipe that nobody reads",
    fault: "A server writes its log to a pipe whose reader is stopped, and 3 clients have waited to be accepted for a second",
    twin: "The same server, which writes without end, and whose log is read slowly",
    remedy: "kill -CONT for the program that should read",
    severities: &["warning"],
    prove: prove_output,
    ..PROOF
};

pub(crate) const SENDS: Proof = Proof {
    variant: "a client that does not read",
    fault: "A server sends without end to a client that does not read, and 3 clients have waited to be accepted for a second",
    twin: "The same client, which reads slowly",
    remedy: "The printed sockdoc kill ends that connection",
    severities: &["warning"],
    prove: prove_sends,
    ..PROOF
};

pub(crate) const THROTTLED: Proof = Proof {
    variant: "CPU limit",
    fault: "A server whose cgroup may use a twentieth of a CPU, and 150 clients that take 10 ms each",
    twin: "The same server under the same limit with one client",
    remedy: "The limit of the cgroup is lifted",
    by: Remedied::Executed,
    severities: &["warning"],
    is_possible: || cpu_cgroups().is_some(),
    prove: prove_throttled,
    ..PROOF
};

pub(crate) const UNIX: Proof = Proof {
    variant: "UNIX sockets",
    fault: "Both workers of a server at a path are stopped with requests of 3 clients unread, then a receiver of datagrams",
    twin: "They sleep with the same data unread",
    remedy: "kill -CONT",
    severities: &["critical"],
    prove: prove_unix,
    ..PROOF
};

pub(crate) const WAITS: Proof = Proof {
    variant: "stuck in the kernel",
    fault: "A server waits in the kernel (state D) for a child that it has just forked with vfork(), and 3 clients have \
            waited to be accepted for a second",
    twin: "The server waits like this for one child after the other, each of 20 ms",
    remedy: "The child ends",
    by: Remedied::World,
    severities: &["warning"],
    prove: prove_waits,
    ..PROOF
};

fn deaf() -> Server {
    Server { name: "orders", reads: Reads::Nothing, answers: Answers::Nothing, ..Server::at(8080) }
}

/// Waits until a process has run for so long, which takes longer on a busy machine.
#[track_caller]
fn has_run(pid: u32, time: Duration) {
    let ran = || {
        let text = fs::read_to_string(format!("/proc/{pid}/schedstat")).expect("a process of this test");
        Duration::from_nanos(text.split(' ').next().and_then(|number| number.parse().ok()).expect("a time"))
    };
    let end = Instant::now() + Duration::from_secs(180);
    while ran() < time {
        assert!(Instant::now() < end, "process {pid} hardly runs");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Waits until this many connections at that address have unread data.
#[track_caller]
fn unread(at: SocketAddr, connections: usize) {
    until("unread data", || {
        tcp_in(State::Established).iter().filter(|row| row.local == at && row.rx > 0).count() == connections
    });
}

fn prove(lab: &mut Lab) {
    let server = deaf();
    let running = server.clone().start();
    let clients = Sender { sends: Sends::Paced(1), ..Sender::to(server.address, 12) }.start();
    unread(server.address, 12);
    lab.silent();
    drop((running, clients));

    let server = Server { reads: Reads::All, ..server };
    let running = server.clone().start();
    let clients = Sender { sends: Sends::Paced(1), ..Sender::to(server.address, 12) }.start();
    until("all accepted", || !tcp_in(State::Established).iter().any(|row| row.inode == 0));
    stop(running.pid());
    unread(server.address, 12);
    let found = lab.fires_on_all("critical", running.pid(), ("unread_sockets", 12));
    // Data of the last milliseconds may still be read: a sample between two bytes shows it.
    let pid = format!("pid:{}", running.pid());
    until("explain says so, too", || {
        let said = program::run(&["explain", &pid]).stdout;
        said.contains("program-hung") && said.contains("local program must read waiting data")
    });
    lab.runs(&found, "kill -CONT");
    lab.gone();
    drop((running, clients));

    let running = deaf().start();
    let clients = Sender::to(server.address, 2).start();
    until("all accepted", || !tcp_in(State::Established).iter().any(|row| row.inode == 0));
    stop(running.pid());
    until("much is unread", || {
        tcp_in(State::Established).iter().filter(|row| row.local == server.address && row.rx > 40_000).count() == 2
    });
    std::thread::sleep(Duration::from_millis(100));
    let overview = program::run(&[]).stdout;
    assert!(overview.contains("local program: 2 connections unread"), "{overview}");
    assert!(!overview.contains("none (connection is open)"), "{overview}");
    drop((running, clients));

    // A client that is stopped holds up its own connection, and no server.
    let flood = Server { answers: Answers::Flood, ..Server::at(8081) };
    let _running = flood.clone().start();
    let client = Load { ends: Ends::Stays, ..Load::to(flood.address, 1) }.complete();
    stop(client.pid());
    let at = flood.address;
    until("unread data", || tcp_in(State::Established).iter().any(|row| row.peer == at && row.rx > 0));
    let found = lab.fires_on("warning", client.pid());
    lab.runs(&found, "kill -CONT");
}

/// Two processes that serve a listener each, or one, and their parent, which does not.
fn workers<L>(open: impl FnOnce() -> [L; 2], serve: impl Fn(&L)) -> (Actor, [i32; 2]) {
    let names = std::env::temp_dir().join("workers");
    let told = names.clone();
    let parent = Actor::start("master", None, move |ready| {
        let listeners = open();
        // Before the forks, which would hold the other end of the pipe.
        ready.now();
        let workers: Vec<Process> = listeners
            .iter()
            .map(|own| {
                Process::fork(|| {
                    serve(own);
                    0
                })
            })
            .collect();
        let words: Vec<String> = workers.iter().map(|worker| worker.pid().to_string()).collect();
        fs::write(&told, words.join(" ")).expect("the names of the workers");
        stay();
    });
    until("both workers", || fs::read_to_string(&names).is_ok_and(|words| words.contains(' ')));
    let words = fs::read_to_string(&names).expect("the names of the workers");
    let pids: Vec<i32> = words.split(' ').map(|word| word.parse().expect("a number")).collect();
    (parent, [pids[0], pids[1]])
}

/// Accepts all clients, and does nothing for them.
fn accept_all(listener: &TcpListener) {
    let _open: Vec<_> = listener.incoming().collect();
}

fn stop(pid: u32) {
    let pid = Pid::from_raw(pid.cast_signed()).expect("a process id");
    kill_process(pid, Signal::STOP).expect("a process of this test");
    // Until the signal is taken the process can still accept.
    let status = format!("/proc/{}/status", pid.as_raw_nonzero());
    until("it has stopped", || fs::read_to_string(&status).is_ok_and(|text| text.contains("State:\tT")));
}

fn prove_workers(lab: &mut Lab) {
    let at = Server::at(8080).address;
    let shared = move || {
        let listener = TcpListener::bind(at).expect("a listener");
        [listener.try_clone().expect("a copy"), listener]
    };
    let (_parent, [first, second]) = workers(shared, accept_all);
    stop(first.unsigned_abs());
    let load = Load { awaits_answer: false, ends: Ends::Stays, ..Load::to(at, 3) };
    let clients = load.clone().complete();
    until("all accepted", || !tcp_in(State::Established).iter().any(|row| row.inode == 0));
    lab.silent();
    drop(clients);

    stop(second.unsigned_abs());
    let _clients = load.complete();
    until("some wait", || tcp_in(State::Established).iter().filter(|row| row.inode == 0).count() == 3);
    let found = lab.fires_where("critical", |found| (found.figure("not_accepted") - 3.0).abs() < 0.5);
    assert_eq!(found.pid(), Some(first.min(second).unsigned_abs()), "{found:?}");
    lab.runs(&found, "kill -CONT");
    lab.gone();
}

fn prove_own_listeners(lab: &mut Lab) {
    let at = Server::at(8080).address;
    let own = move || {
        [(); 2].map(|()| {
            let listener = sockets::tcp(Inet::V4, SocketFlags::CLOEXEC).expect("a socket");
            sockopt::set_socket_reuseport(&listener, true).expect("SO_REUSEPORT");
            rustix::net::bind(&listener, &at).and_then(|()| rustix::net::listen(&listener, 128)).expect("a listener");
            TcpListener::from(listener)
        })
    };
    let (_parent, [first, _]) = workers(own, accept_all);
    let load = Load { awaits_answer: false, ends: Ends::Stays, ..Load::to(at, 20) };
    let clients = load.clone().complete();
    until("all accepted", || !tcp_in(State::Established).iter().any(|row| row.inode == 0));
    lab.silent();
    drop(clients);

    stop(first.unsigned_abs());
    let _clients = load.complete();
    until("some wait", || tcp_in(State::Established).iter().any(|row| row.inode == 0));
    let found = lab.fires_on("critical", first.unsigned_abs());
    lab.runs(&found, "kill -CONT");
    lab.gone();
}

/// A server that starts another program for its first client, and accepts all others.
fn starts_a_job(at: SocketAddr, names: &Path) -> Actor {
    let names = names.to_owned();
    Actor::start("orders", None, move |ready| {
        let listener = TcpListener::bind(at).expect("a listener");
        ready.now();
        let _first = listener.accept().expect("a client");
        let job = Process::fork(|| {
            rustix::thread::set_name(c"report").expect("a name");
            stay()
        });
        fs::write(&names, format!("{} .", job.pid())).expect("the number of the job");
        accept_all(&listener);
    })
}

fn prove_inherited(lab: &mut Lab) {
    let at = Server::at(8080).address;
    let names = std::env::temp_dir().join("job");
    let server = starts_a_job(at, &names);
    let load = |clients| Load { awaits_answer: false, ends: Ends::Stays, ..Load::to(at, clients) };
    let first = load(1).complete();
    until("the job", || fs::read_to_string(&names).is_ok_and(|words| words.ends_with('.')));
    let words = fs::read_to_string(&names).expect("the number of the job");
    let job: u32 = words.split(' ').next().and_then(|word| word.parse().ok()).expect("a number");
    until("it has its name", || fs::read_to_string(format!("/proc/{job}/comm")).is_ok_and(|name| name == "report\n"));
    stop(job);
    let served = load(3).complete();
    until("all are accepted", || !tcp_in(State::Established).iter().any(|row| row.inode == 0));
    lab.silent();
    drop(served);

    stop(server.pid());
    let _clients = load(3).complete();
    until("some wait", || tcp_in(State::Established).iter().filter(|row| row.inode == 0).count() == 3);
    let found = lab.fires_on_all("critical", server.pid(), ("not_accepted", 3));
    lab.runs(&found, "kill -CONT");
    lab.gone();
    drop(first);
}

/// A debugger: follows a process, and holds it where that is wished.
fn debugger(pid: u32, holds: bool) -> Actor {
    Actor::start("gdb", None, move |ready| {
        process::trace(pid, holds);
        ready.now();
        stay();
    })
}

fn prove_traced(lab: &mut Lab) {
    let server = deaf();
    let running = server.clone().start();
    let _clients = Sender { sends: Sends::Once(100), ..Sender::to(server.address, 3) }.start();
    unread(server.address, 3);
    let follows = debugger(running.pid(), false);
    lab.silent();
    drop(follows);

    let holds = debugger(running.pid(), true);
    let found = lab.fires_on("critical", running.pid());
    found.has("tracer", holds.pid() as usize);
    drop(holds);
    lab.gone();
}

/// Version 2 of cgroups.
fn cgroups_v2() -> Option<(PathBuf, String)> {
    cgroup::hierarchy(|kind, _| kind == "cgroup2")
}

/// The freezer of version 1, where it is always mounted.
fn freezers_v1() -> Option<(PathBuf, String)> {
    let found = cgroup::hierarchy(|kind, options| kind == "cgroup" && options.split(',').any(|one| one == "freezer"));
    found.filter(|(place, _)| place == Path::new("/sys/fs/cgroup/freezer"))
}

fn prove_frozen(lab: &mut Lab) {
    let (place, _) = cgroups_v2().expect("a writable folder of cgroups");
    let group = Cgroup::make(&place);
    let server = deaf();
    let running = server.clone().start();
    group.take(&running);
    let clients = Sender { sends: Sends::Once(100), ..Sender::to(server.address, 3) }.start();
    unread(server.address, 3);
    lab.silent();

    group.write("cgroup.freeze", "1");
    let found = lab.fires_on("critical", running.pid());
    assert!(!found.commands().iter().any(|command| command.contains("kill -CONT")), "{found:?}");
    group.write("cgroup.freeze", "0");
    lab.gone();
    drop((running, clients));
}

fn prove_frozen_v1(lab: &mut Lab) {
    let (place, _) = freezers_v1().expect("a writable folder of cgroups");
    let group = Cgroup::make(&place);
    let at = Server::at(8080).address;
    let locked = || {
        Actor::start("orders", None, move |ready| {
            let listener = TcpListener::bind(at).expect("a listener");
            ready.now();
            let _accepted: Vec<_> = (0..3).map(|_| listener.accept().expect("a client")).collect();
            // As a runtime's first thread waits for the others.
            stay();
        })
    };
    let starts: [&dyn Fn() -> Actor; 2] = [&|| deaf().start(), &locked];
    for start in starts {
        let running = start();
        group.take(&running);
        let clients = Sender { sends: Sends::Once(100), ..Sender::to(at, 3) }.start();
        unread(at, 3);
        until("all accepted", || !tcp_in(State::Established).iter().any(|row| row.inode == 0));
        lab.silent();

        group.write("freezer.state", "FROZEN");
        let status = format!("/proc/{}/status", running.pid());
        until("it is frozen", || fs::read_to_string(&status).is_ok_and(|text| text.contains("State:\tD")));
        let found = lab.fires_on("critical", running.pid());
        found.says("frozen");
        lab.runs(&found, "echo THAWED");
        lab.gone();
        drop((running, clients));
    }
}

fn prove_busy(lab: &mut Lab) {
    let server = Server { accepts: Accepts::Nothing, backlog: 64, ..Server::at(8080) };
    let load = Load { awaits_answer: false, ends: Ends::Stays, ..Load::to(server.address, 3) };
    let asleep = server.clone().start();
    let clients = load.clone().complete();
    std::thread::sleep(Duration::from_millis(1_100));
    lab.silent();
    drop((asleep, clients));

    let at = server.address;
    let computes = || {
        Actor::start("computes", None, move |ready| {
            let _listener = TcpListener::bind(at).expect("a listener");
            ready.now();
            loop {
                std::hint::spin_loop();
            }
        })
    };
    let worker = Actor::start("worker", None, move |ready| {
        let listener = TcpListener::bind(at).expect("a listener");
        ready.now();
        let (_one, _) = listener.accept().expect("a connection");
        drop(listener);
        loop {
            std::hint::spin_loop();
        }
    });
    let input = Sender { sends: Sends::Once(100), ..Sender::to(at, 1) }.start();
    unread(at, 1);
    std::thread::sleep(Duration::from_millis(1_100));
    lab.silent();
    drop((worker, input));
    silent_without_cpu(lab, &load);

    let busy = computes();
    let clients = load.clone().complete();
    has_run(busy.pid(), Duration::from_secs(2));
    lab.fires_on_all("warning", busy.pid(), ("not_accepted", 3));
    drop((busy, clients));

    let _fixed = Server { accepts: Accepts::All, ..server }.start();
    let _clients = load.complete();
    lab.gone();
}

/// A server that takes so much CPU time for each client, once it has prepared itself.
fn works(at: SocketAddr, cost: Duration, prepare: impl FnOnce()) -> Actor {
    Actor::start("works", None, move |ready| {
        let listener = TcpListener::bind(at).expect("a listener");
        prepare();
        ready.now();
        let used = || Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).expect("a time");
        let mut clients = vec![];
        for client in listener.incoming() {
            clients.push(client);
            let end = used() + cost;
            while used() < end {
                std::hint::spin_loop();
            }
        }
    })
}

/// Keeps a process on the first CPU that it may use.
fn stay_on_one_cpu() {
    let may = sched_getaffinity(None).expect("the CPUs of this process");
    let first = (0..CpuSet::MAX_CPU).find(|&cpu| may.is_set(cpu)).expect("a CPU");
    let mut one = CpuSet::new();
    one.set(first);
    sched_setaffinity(None, &one).expect("one of the CPUs");
}

/// Programs at work, of which one has the lowest weight on a CPU that two others want all the time.
fn silent_without_cpu(lab: &mut Lab, load: &Load) {
    let others = [(); 2].map(|()| {
        Actor::start("others", None, |ready| {
            stay_on_one_cpu();
            ready.now();
            loop {
                std::hint::spin_loop();
            }
        })
    });
    let starved = works(load.to, Duration::from_millis(100), || {
        stay_on_one_cpu();
        rustix::process::nice(19).expect("the lowest weight");
    });
    let clients = load.clone().complete();
    std::thread::sleep(Duration::from_millis(1_500));
    lab.silent();
    drop((others, starved, clients));
}

fn prove_pooled(lab: &mut Lab) {
    let at = Server::at(8080).address;
    let shows = |clients: usize| {
        let busy = Actor::start("loop", None, move |ready| {
            let listener = TcpListener::bind(at).expect("a listener");
            ready.now();
            let _accepted: Vec<_> = (0..clients).map(|_| listener.accept().expect("a client")).collect();
            loop {
                std::hint::spin_loop();
            }
        });
        let clients = Sender { sends: Sends::Once(100), ..Sender::to(at, clients) }.start();
        (busy, clients)
    };
    let few = shows(2);
    unread(at, 2);
    std::thread::sleep(Duration::from_millis(5_200));
    lab.silent();
    drop(few);

    let (busy, clients) = shows(5);
    unread(at, 5);
    has_run(busy.pid(), Duration::from_secs(7));
    lab.fires_on_all("warning", busy.pid(), ("unread_sockets", 5));
    drop((busy, clients));

    let _fixed = Server { reads: Reads::All, ..Server::at(8080) }.start();
    let _clients = Sender { sends: Sends::Once(100), ..Sender::to(at, 5) }.start();
    lab.gone();
}

/// A hierarchy of cgroups with limits of CPU time.
fn cpu_cgroups() -> Option<(PathBuf, String)> {
    let v1 = || cgroup::hierarchy(|kind, options| kind == "cgroup" && options.split(',').any(|one| one == "cpu"));
    let v2 = || {
        let found = cgroup::hierarchy(|kind, _| kind == "cgroup2")?;
        let given = fs::read_to_string(found.0.join("cgroup.subtree_control")).ok()?;
        given.split_ascii_whitespace().any(|one| one == "cpu").then_some(found)
    };
    v1().or_else(v2)
}

fn prove_throttled(lab: &mut Lab) {
    let (place, kind) = cpu_cgroups().expect("a writable folder of cgroups");
    let group = Cgroup::make(&place);
    match kind.as_str() {
        "cgroup2" => group.write("cpu.max", "5000 100000"),
        _ => group.write("cpu.cfs_quota_us", "5000"),
    }
    let running = works(Server::at(8080).address, Duration::from_millis(10), || {});
    group.take(&running);
    let load =
        |clients| Load { awaits_answer: false, ends: Ends::Stays, ..Load::to(Server::at(8080).address, clients) };
    let one = load(1).complete();
    until("all accepted", || !tcp_in(State::Established).iter().any(|row| row.inode == 0));
    lab.silent();

    let many = load(150).complete();
    let is_limit =
        |found: &Finding| found.pid() == Some(running.pid()) && found.0["evidence"].to_string().contains("cpu_percent");
    let found = lab.fires_where("warning", is_limit);
    lab.runs(&found, "echo ");
    lab.gone();
    drop((running, one, many));
}

fn prove_unix(lab: &mut Lab) {
    let folder = std::env::temp_dir();
    let (path, log) = (folder.join("orders"), folder.join("log"));
    let at = path.clone();
    let open = move || {
        let listener = UnixListener::bind(&at).expect("a listener");
        [listener.try_clone().expect("a copy"), listener]
    };
    let greets = |listener: &UnixListener| {
        let mut open = vec![];
        for client in listener.incoming() {
            let mut client = client.expect("a client");
            client.write_all(b"!").expect("room for it");
            open.push(client);
        }
    };
    let (master, pids) = workers(open, greets);
    let mut clients: Vec<UnixStream> = (0..3).map(|_| UnixStream::connect(&path).expect("a server")).collect();
    for client in &mut clients {
        client.read_exact(&mut [0]).expect("a greeting");
        client.write_all(b"request").expect("room for it");
    }
    lab.silent();

    pids.iter().for_each(|&pid| stop(pid.unsigned_abs()));
    let found = lab.fires_where("critical", |found| (found.figure("unread_sockets") - 3.0).abs() < 0.5);
    assert!(found.pid().is_some_and(|pid| pids.contains(&pid.cast_signed())), "{found:?}");
    lab.runs(&found, "kill -CONT");
    lab.gone();
    drop((master, clients));

    let at = log.clone();
    let receiver = Actor::start("syslog", None, move |ready| {
        let _socket = UnixDatagram::bind(&at).expect("a receiver");
        ready.now();
        stay();
    });
    let sender = UnixDatagram::unbound().expect("a socket");
    sender.send_to(b"line", &log).expect("room for it");
    lab.silent();
    stop(receiver.pid());
    let found = lab.fires_on("critical", receiver.pid());
    lab.runs(&found, "kill -CONT");
    lab.gone();
}

/// A server that writes to a pipe for each client, without end for the first or 100,000 bytes for each; the
/// program that it has started reads that slowly. The number of the latter is in the file.
fn logs(at: SocketAddr, is_endless: bool, names: &Path) -> Actor {
    let names = names.to_owned();
    Actor::start("orders", None, move |ready| {
        let (read, mut write) = std::io::pipe().expect("a pipe");
        let reader = Process::fork(|| {
            rustix::stdio::dup2_stdin(&read).expect("its standard input");
            close_all_but(0);
            rustix::thread::set_name(c"tee").expect("a name");
            while std::io::stdin().read(&mut [0; 4_096]).is_ok_and(|length| length > 0) {
                std::thread::sleep(Duration::from_millis(10));
            }
            0
        });
        drop(read);
        fs::write(&names, reader.pid().to_string()).expect("the number of the reader");
        let listener = TcpListener::bind(at).expect("a listener");
        ready.now();
        let mut accepted = vec![];
        loop {
            accepted.push(listener.accept().expect("a client"));
            write.write_all(&[b'x'; 100_000]).expect("a reader");
            if is_endless {
                loop {
                    write.write_all(&[b'x'; 1_000]).expect("a reader");
                }
            }
        }
    })
}

fn prove_output(lab: &mut Lab) {
    let at = Server::at(8080).address;
    let names = std::env::temp_dir().join("reader");
    let clients = || Load { awaits_answer: false, ends: Ends::Stays, ..Load::to(at, 4) }.complete();
    let waits_to_write = |server: &Actor| {
        let place = || fs::read_to_string(format!("/proc/{}/wchan", server.pid())).unwrap_or_default();
        until("it waits to write", || place().contains("pipe_write"));
        until("3 clients wait", || tcp_in(State::Established).iter().filter(|row| row.inode == 0).count() == 3);
        std::thread::sleep(Duration::from_millis(1_100));
    };
    let running = logs(at, true, &names);
    let waiting = clients();
    waits_to_write(&running);
    lab.silent();
    drop((running, waiting));

    let running = logs(at, false, &names);
    let reader: u32 = fs::read_to_string(&names).expect("the number of the reader").parse().expect("a number");
    stop(reader);
    let _waiting = clients();
    waits_to_write(&running);
    let found = lab.fires_on_all("warning", running.pid(), ("not_accepted", 3));
    found.has("output_reader", reader as usize);
    lab.runs(&found, "kill -CONT");
    lab.gone();
}

/// A client of a server that has sent a byte; it reads nothing, or some of what comes, again and again.
fn reads(at: SocketAddr, is_slow: bool) -> Actor {
    Actor::start("report", None, move |ready| {
        let mut stream = std::net::TcpStream::connect(at).expect("a server");
        stream.write_all(b"?").expect("a request");
        ready.now();
        while is_slow && stream.read(&mut [0; 65_536]).is_ok_and(|length| length > 0) {
            std::thread::sleep(Duration::from_millis(10));
        }
        stay()
    })
}

/// A server that sends to its first client without end, and accepts others once that has gone.
fn sends(at: SocketAddr) -> Actor {
    Actor::start("orders", None, move |ready| {
        let listener = TcpListener::bind(at).expect("a listener");
        ready.now();
        let (mut first, _) = listener.accept().expect("a client");
        while first.write_all(&[b'x'; 100_000]).is_ok() {}
        accept_all(&listener);
    })
}

/// Three clients that have waited for a second.
fn three_waiting(at: SocketAddr) -> impl Sized {
    let clients = Load { awaits_answer: false, ends: Ends::Stays, ..Load::to(at, 3) }.complete();
    std::thread::sleep(Duration::from_millis(1_100));
    clients
}

/// Such a server, whose first client does not read, with three clients that wait.
pub(crate) fn blocked_by_a_client(port: u16) -> impl Sized + 'static {
    let at = Server::at(port).address;
    (sends(at), reads(at, false), three_waiting(at))
}

fn prove_sends(lab: &mut Lab) {
    let at = Server::at(8080).address;
    let (server, waiting) = (|| sends(at), || three_waiting(at));
    let (running, slow) = (server(), reads(at, true));
    let clients = waiting();
    lab.silent();
    drop((clients, slow, running));

    let running = server();
    let _hung = reads(at, false);
    let _clients = waiting();
    let found = lab.fires_on_all("warning", running.pid(), ("not_accepted", 3));
    lab.destroys(&found);
    lab.gone();
}

/// A server that waits without end, in state D, for children that it forks as vfork() does; each lasts so long, or until
/// it is ended from outside, whereupon the server accepts.
fn forks(at: SocketAddr, lasts: Option<Duration>, names: &Path) -> Actor {
    let names = names.to_owned();
    Actor::start("forks", None, move |ready| {
        let listener = TcpListener::bind(at).expect("a listener");
        ready.now();
        let child = || {
            // It could accept also on inherited listeners.
            Process::fork_into(libc::CLONE_VFORK, || {
                close_all_but(2);
                fs::write(&names, std::process::id().to_string()).expect("the name of the child");
                std::thread::sleep(lasts.unwrap_or(Duration::MAX));
                0
            })
        };
        drop(child());
        while lasts.is_some() {
            drop(child());
        }
        let _accepted: Vec<_> = listener.incoming().collect();
    })
}

fn prove_waits(lab: &mut Lab) {
    let server = Server { accepts: Accepts::Nothing, backlog: 64, ..Server::at(8080) };
    let load = Load { awaits_answer: false, ends: Ends::Stays, ..Load::to(server.address, 3) };
    let names = std::env::temp_dir().join("child");
    let running = forks(server.address, Some(Duration::from_millis(20)), &names);
    let clients = load.clone().complete();
    std::thread::sleep(Duration::from_millis(1_100));
    // It is in state D nearly always, so that a rule which asks for no more fires each time.
    lab.silent_in_one_of(3);
    drop((running, clients));
    fs::remove_file(&names).expect("the name of the last child");

    let running = forks(server.address, None, &names);
    let _clients = load.complete();
    let found = lab.fires_on_all("warning", running.pid(), ("not_accepted", 3));
    let proof = found.0["evidence"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|one| one["name"] == "wchan")
        .expect("where it waits");
    assert!(proof["value"].as_str().is_some_and(|place| !place.is_empty()), "{found:?}");
    let child = fs::read_to_string(&names).expect("the name of the child").parse().expect("a number");
    kill_process(Pid::from_raw(child).expect("a process id"), Signal::TERM).expect("a process of this test");
    lab.gone();
}
