//! The helpers of the proofs work: judged by the kernel's own files, without sockdoc's rules.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use crate::lab::actor::stay;
use crate::lab::counts::State;
use crate::lab::forged::Forged;
use crate::lab::load::{Ends, Load};
use crate::lab::path::{Far, NEAR};
use crate::lab::proc_net::{counter, lines, tcp_counts, tcp_in, until};
use crate::lab::proof::{self, Lab, Proof, Remedied};
use crate::lab::server::{Accepts, Answers, AtEnd, Reads, Server};
use crate::lab::sockets;
use crate::lab::traffic::{self, loopback};
use crate::lab::{overflow, program};

/// A test that takes no step through a rule.
pub(crate) const HELPERS: &[(&str, fn())] = &[
    ("a proof that leaves out a step fails", a_proof_that_leaves_out_a_step_fails),
    ("a server forgets to close, or closes, or closes late", a_server_closes_as_planned),
    ("a server accepts and reads as planned", a_server_accepts_and_reads_as_planned),
    ("a program has its name and its limit of descriptors", a_program_has_a_name_and_a_limit),
    ("a load ends its connections as planned", a_load_ends_its_connections_as_planned),
    ("a command changes a setting of the lab", a_command_changes_a_setting_of_the_lab),
    ("forged figures are read and written", forged_figures_are_read_and_written),
    ("a lossy socket loses segments", a_lossy_socket_loses_segments),
    ("the other host falls silent", the_other_host_falls_silent),
    ("datagrams overflow", datagrams_overflow),
    ("a unix listener overflows", a_unix_listener_overflows),
];

fn a_proof_that_leaves_out_a_step_fails() {
    static NOTHING: Proof = Proof { rule: "close-wait-leak", ..Proof::PLAIN };
    let fails = |proof: &'static Proof| {
        // The panic's message is expected here and would only confuse a reader.
        std::panic::set_hook(Box::new(|_| {}));
        let outcome = catch_unwind(AssertUnwindSafe(|| proof::run(proof)));
        let _ = std::panic::take_hook();
        let panic = outcome.expect_err("a proof without its steps");
        panic.downcast_ref::<String>().cloned().unwrap_or_default()
    };
    assert_eq!(fails(&NOTHING), "close-wait-leak was never shown to fire");
    fn only_silent(lab: &mut Lab) {
        lab.silent();
    }
    static SILENT: Proof = Proof { rule: "close-wait-leak", prove: only_silent, ..Proof::PLAIN };
    assert_eq!(fails(&SILENT), "close-wait-leak was never shown to fire");
    fn without_remedy(lab: &mut Lab) {
        lab.silent();
        let server = Server { at_end: AtEnd::Forget, ..Server::at(8080) };
        let _running = server.clone().start();
        let _clients = Load::to(server.address, 3).complete();
        lab.fires("notice");
    }
    static FIRING: Proof = Proof {
        rule: "close-wait-leak",
        set: &["age=1s"],
        severities: &["notice"],
        prove: without_remedy,
        ..Proof::PLAIN
    };
    assert_eq!(fails(&FIRING), "no remedy of close-wait-leak was shown to work");
    fn without_command(lab: &mut Lab) {
        without_remedy(lab);
        lab.gone();
    }
    static UNEXECUTED: Proof = Proof { by: Remedied::Executed, prove: without_command, ..FIRING_PLAIN };
    assert_eq!(fails(&UNEXECUTED), "no command of close-wait-leak was run before the finding was gone");
}

const FIRING_PLAIN: Proof =
    Proof { rule: "close-wait-leak", set: &["age=1s"], severities: &["notice"], ..Proof::PLAIN };

fn close_wait() -> usize {
    tcp_counts().state(State::CloseWait)
}

fn a_server_closes_as_planned() {
    for (port, at_end) in [(8080, AtEnd::Forget), (8081, AtEnd::Close), (8082, AtEnd::After(Duration::from_secs(3)))] {
        let server = Server { at_end, ..Server::at(port) };
        let running = server.clone().start();
        let clients = Load::to(server.address, 10).complete();
        match at_end {
            AtEnd::Forget => {
                until("ten forgotten", || close_wait() == 10);
                // The FIN is there a moment before the program reads it.
                until("all is read", || tcp_in(State::CloseWait).iter().all(|row| row.rx == 0 && row.inode != 0));
                std::thread::sleep(Duration::from_millis(300));
                assert_eq!(close_wait(), 10);
            }
            AtEnd::Close => until("all closed", || close_wait() == 0),
            AtEnd::After(_) => {
                until("ten to be closed", || close_wait() == 10);
                until("all closed", || close_wait() == 0);
            }
        }
        drop((running, clients));
        until("nothing stays", || close_wait() == 0);
    }
}

fn a_server_accepts_and_reads_as_planned() {
    let nobody = Server { accepts: Accepts::Nothing, backlog: 8, ..Server::at(8080) };
    let _nobody = nobody.clone().start();
    let silent = |to, connections| Load { awaits_answer: false, ends: Ends::Stays, ..Load::to(to, connections) };
    let _waiting = silent(nobody.address, 5).complete();
    until("five wait", || tcp_in(State::Listen).iter().map(|row| row.rx).eq([5]));

    let deaf = Server { reads: Reads::Only(30), answers: Answers::Nothing, ..Server::at(8081) };
    let _deaf = deaf.clone().start();
    let _unread = silent(deaf.address, 5).complete();
    let unread = || tcp_in(State::Established).iter().filter(|row| row.inode != 0 && row.rx == 70).count();
    until("70 of 100 bytes stay unread", || unread() == 5);
}

fn a_program_has_a_name_and_a_limit() {
    let server = Server { name: "orders", descriptors: Some(20), ..Server::at(8080) };
    let running = server.clone().start();
    let proc = |file: &str| fs::read_to_string(format!("/proc/{}/{file}", running.pid())).expect("a process");
    assert_eq!(proc("comm").trim(), "orders");
    assert!(proc("limits").lines().any(|line| line.starts_with("Max open files            20 ")), "{}", proc("limits"));
    let load = Load { awaits_answer: false, ends: Ends::Stays, ..Load::to(server.address, 30) };
    let _clients = load.complete();
    let open = || fs::read_dir(format!("/proc/{}/fd", running.pid())).expect("a process").count();
    until("EMFILE", || open() == 20);
    assert!(tcp_in(State::Listen).iter().any(|row| row.rx > 0), "the others wait in the accept queue");
}

fn a_load_ends_its_connections_as_planned() {
    let server = Server { answers: Answers::OnceThenCloses, ..Server::at(8080) };
    let _server = server.clone().start();
    let _followers = Load { ends: Ends::Follows, ..Load::to(server.address, 50) }.complete();
    let inbound = || tcp_in(State::TimeWait).iter().filter(|row| row.local.port() == 8080).count();
    until("TIME_WAIT stays with the server", || inbound() == 50);
    let aborted = Server::at(8081);
    let _aborted = aborted.clone().start();
    let _aborters = Load { ends: Ends::Aborts, ..Load::to(aborted.address, 7) }.complete();
    assert_eq!(counter("TcpExtTCPAbortOnData"), Some(7));
    let careless = Server { reads: Reads::Nothing, hangs_up: Some(Duration::from_millis(300)), ..Server::at(8083) };
    let _careless = careless.clone().start();
    let _dropped = Load { awaits_answer: false, ends: Ends::Stays, ..Load::to(careless.address, 7) }.complete();
    until("resets for unread data", || counter("TcpExtTCPAbortOnClose") == Some(7));
    let halves = Server { at_end: AtEnd::Forget, ..Server::at(8082) };
    let _halves = halves.clone().start();
    let _finishers = Load { ends: Ends::Finishes, ..Load::to(halves.address, 7) }.complete();
    until("held FIN_WAIT2", || tcp_in(State::FinWait2).iter().filter(|row| row.inode != 0).count() == 7);
}

fn a_command_changes_a_setting_of_the_lab() {
    let said = program::shell("sysctl -w net.core.somaxconn=77");
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(fs::read_to_string("/proc/sys/net/core/somaxconn").expect("a setting").trim(), "77");
}

fn forged_figures_are_read_and_written() {
    let mut forged = Forged::new();
    forged.proc_file("sys/fs/file-nr", "900\t0\t1000").proc_file("sys/fs/file-max", "1000");
    forged
        .sysctl("net.ipv4.tcp_mem", "100 200 300")
        .net("sockstat", "sockets: used 1\nTCP: inuse 1 orphan 9 tw 0 alloc 1 mem 7");
    let read = |command: &str| {
        let said = forged.shell(command);
        assert_eq!(said.code, Some(0), "{command}: {said:?}");
        said.stdout.trim().to_owned()
    };
    assert_eq!(read("cat /proc/sys/fs/file-nr"), "900\t0\t1000");
    assert_eq!(read("sysctl -n net.ipv4.tcp_mem"), "100 200 300");
    // Twice: the kernel forgets a mount over a single file of /proc/net after the first read.
    for file in ["/proc/self/net/sockstat", "/proc/net/sockstat", "/proc/thread-self/net/sockstat"] {
        let said = forged.output("cat", &[file, file]);
        assert_eq!(said.stdout.matches("mem 7\n").count(), 2, "{said:?}");
    }
    assert!(forged.output("cat", &["/proc/net/netstat"]).stdout.starts_with("TcpExt:"), "the other files are there");
    read("sysctl -w fs.file-max=2000");
    assert_eq!(read("cat /proc/sys/fs/file-max"), "2000");
    assert_ne!(fs::read_to_string("/proc/sys/fs/file-max").expect("the real one").trim(), "2000");
    assert_eq!(forged.sockdoc(&["count", "listen"]).stdout.trim(), "0", "the program works in there");
}

fn a_lossy_socket_loses_segments() {
    let listener = traffic::server(8080);
    sockets::lossy(&listener, 20).expect("a filter");
    let mut client = TcpStream::connect(loopback(1, 8080)).expect("a handshake, in spite of it");
    // The accepted socket has the listener's filter.
    let mut server = TcpStream::from(sockets::accepted(&listener).expect("a connection"));
    let reader = std::thread::spawn(move || server.read_to_end(&mut vec![]));
    for _ in 0..200 {
        client.write_all(&[b'x'; 1_000]).expect("room");
        std::thread::sleep(Duration::from_millis(1));
    }
    drop(client);
    assert_eq!(reader.join().expect("a reader").expect("all data"), 200_000);
    assert!(counter("TcpRetransSegs").is_some_and(|resent| resent > 0), "{:?}", counter("TcpRetransSegs"));
}

fn the_other_host_falls_silent() {
    let far = Far::connect();
    let _server = far.start("far-server", |ready| {
        let listener = TcpListener::bind(("0.0.0.0", 8080)).expect("a listener");
        ready.now();
        let mut held = vec![];
        for stream in listener.incoming() {
            held.push(stream);
        }
        stay();
    });
    let mut client = TcpStream::connect(Far::at(8080)).expect("a connection over the cable");
    assert_eq!(client.local_addr().expect("an address").ip(), NEAR);
    far.fall_silent();
    client.write_all(b"is anybody there?").expect("room");
    until("timeouts", || tcp_in(State::Established).iter().any(|row| row.timer == 1 && row.retransmits >= 2));
    far.answer_again();
    until("answers", || tcp_in(State::Established).iter().all(|row| row.tx == 0));
}

fn datagrams_overflow() {
    let reader = overflow::udp_reader(loopback(1, 5_353), 4_096).expect("a socket");
    overflow::datagrams(loopback(1, 5_353), 50, 1_000).expect("datagrams sent");
    until("drops", || counter("UdpRcvbufErrors").is_some_and(|dropped| dropped > 30));
    drop(reader);
}

fn a_unix_listener_overflows() {
    let _listener = overflow::unix_listener("queue", 2).expect("a listener");
    let clients = overflow::unix_clients("queue", 10).expect("clients");
    assert_eq!(clients.len(), 3, "the limit and one more");
    let name = overflow::shown("queue");
    assert!(lines("unix").iter().any(|line| line.ends_with(&name)), "{:?}", lines("unix"));
}
