//! A server that has closed, and clients that are gone or do not read.

use std::io::Read;
use std::net::TcpListener;
use std::time::Duration;

use rustix::net::sockopt;

use crate::lab::actor::Actor;
use crate::lab::counts::State;
use crate::lab::deaf::{Deaf, server_that_gives_up};
use crate::lab::load::{Ends, Load};
use crate::lab::namespace::set_sysctl;
use crate::lab::proc_net::{tcp_counts, tcp_in, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{Answers, Server};
use crate::lab::sockets;
use crate::lab::traffic::loopback;

pub(crate) const PROOF: Proof = Proof {
    rule: "fin-wait1-orphans",
    fault: "A server answers and closes, and 25 clients no longer receive packets",
    twin: "The same with 19 clients",
    remedy: "sysctl -w net.ipv4.tcp_orphan_retries=5: the kernel gives up after 12.6 s instead of 105 s",
    by: Remedied::Executed,
    severities: &["warning"],
    prove,
    ..Proof::PLAIN
};

pub(crate) const GIVES_UP: Proof = Proof {
    variant: "TCP_USER_TIMEOUT",
    remedy: "A server that sets TCP_USER_TIMEOUT, here to 2 s: the kernel gives up before it is a finding",
    by: Remedied::FixedProgram,
    prove: prove_gives_up,
    ..PROOF
};

pub(crate) const CLOSED_WINDOWS: Proof = Proof {
    variant: "closed windows",
    fault: "A server sends more than 25 clients read, and closes after 0.5 s",
    twin: "The same with 19 clients",
    remedy: "Clients that read; a server that sets TCP_USER_TIMEOUT, here to 2 s",
    by: Remedied::FixedProgram,
    prove: prove_closed_windows,
    ..PROOF
};

pub(crate) const NEAR_LIMIT: Proof = Proof {
    variant: "near the limit of orphans",
    fault: "10 clients that receive nothing, with tcp_max_orphans 100",
    twin: "9 of them",
    remedy: "The path is mended",
    by: Remedied::Forged,
    prove: prove_near_limit,
    ..PROOF
};

fn orphans() -> usize {
    tcp_counts().state(State::FinWait1)
}

/// 19 clients that are deaf for longer than the fault takes to be one, and then hear again.
fn twin(lab: &mut Lab, server: &Server) {
    let clients = Deaf::asking(server.address, 19);
    until("19 orphans", || orphans() == 19);
    std::thread::sleep(Duration::from_millis(3_500));
    lab.silent();
    assert_eq!(orphans(), 19);
    clients.hear();
    until("all is acknowledged", || orphans() == 0);
}

fn prove(lab: &mut Lab) {
    let server = Server { answers: Answers::OnceThenCloses, ..Server::at(8080) };
    let _running = server.clone().start();
    twin(lab, &server);

    let _clients = Deaf::asking(server.address, 25);
    let found = lab.fires_where("warning", |found| found.counts(25));
    found.leads_to(std::net::Ipv4Addr::LOCALHOST);
    found.has("to_one_peer", 25);
    found.has("zero_window", 0);
    // The answer and the FIN.
    found.has("send_queue_bytes", 25 * 101);
    found.says("have vanished");
    lab.runs(&found, "sysctl -w net.ipv4.tcp_orphan_retries=");
    lab.gone();
    until("the kernel has given up", || orphans() == 0);
}

fn prove_gives_up(lab: &mut Lab) {
    let server = Server { answers: Answers::OnceThenCloses, ..Server::at(8080) };
    let running = server.clone().start();
    twin(lab, &server);
    let clients = Deaf::asking(server.address, 25);
    lab.fires_where("warning", |found| found.counts(25));
    // The path is mended: that helps, too.
    clients.hear();
    lab.gone();
    until("all is acknowledged", || orphans() == 0);
    drop((running, clients));

    let _running = server_that_gives_up(8081, Duration::from_secs(2), false);
    let _clients = Deaf::asking(loopback(1, 8081), 25);
    until("25 orphans", || orphans() == 25);
    until("the kernel has given up", || orphans() == 0);
    lab.gone();
}

fn prove_closed_windows(lab: &mut Lab) {
    // Clients with small buffers: their windows close soon.
    set_sysctl("net.ipv4.tcp_rmem", "4096 8192 8192").expect("a setting of this namespace");
    let server = Server {
        answers: Answers::Flood,
        hangs_up: Some(Duration::from_millis(500)),
        send_buffer: Some(16_384),
        receive_buffer: Some(16_384),
        ..Server::at(8080)
    };
    let running = server.clone().start();
    let load = |n| Load { awaits_answer: false, ends: Ends::Stays, ..Load::to(server.address, n) };
    let few = load(19).complete();
    until("19 orphans", || orphans() == 19);
    std::thread::sleep(Duration::from_millis(4_000));
    lab.silent();
    assert_eq!(orphans(), 19);
    drop(few);
    until("reset by the clients' end", || orphans() == 0);

    let clients = load(25).complete();
    let found = lab.fires_where("warning", |found| found.counts(25));
    found.has("zero_window", 25);
    found.has("to_one_peer", 25);
    found.says("stopped reading");
    // Fewer retries end the wait for peers that are silent, not for those that answer with a closed window.
    assert_eq!(found.commands(), [""; 0]);
    set_sysctl("net.ipv4.tcp_orphan_retries", "3").expect("a setting of this namespace");
    std::thread::sleep(Duration::from_secs(8));
    assert_eq!(orphans(), 25, "silent ones would be gone at the next timeout, 6.4 s later at most");
    drop(clients);
    until("reset by the clients' end", || orphans() == 0);

    let clients: Vec<Actor> = (0..5).map(|_| Load { ends: Ends::Follows, ..load(5) }.begin()).collect();
    let closed = || tcp_in(State::TimeWait).iter().filter(|row| row.local == server.address).count();
    until("all have read to the end", || closed() == 25);
    lab.gone();
    assert_eq!(orphans(), 0);
    drop((running, clients));

    let _running = flood_that_gives_up(8081, Duration::from_secs(2));
    let _clients = Load { to: loopback(1, 8081), ..load(25) }.complete();
    until("25 orphans", || orphans() == 25);
    until("the kernel has given up", || orphans() == 0);
    lab.gone();
}

/// A server that sends to whoever asks, with TCP_USER_TIMEOUT, and closes when no more fits.
fn flood_that_gives_up(port: u16, after: Duration) -> Actor {
    Actor::start("careful-server", None, move |ready| {
        let listener = TcpListener::bind(loopback(1, port)).expect("a listener");
        sockopt::set_socket_send_buffer_size(&listener, 16_384).expect("a small buffer");
        ready.now();
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            stream.read_exact(&mut [0; 100]).expect("a question");
            let after = u32::try_from(after.as_millis()).expect("some seconds");
            sockopt::set_tcp_user_timeout(&stream, after).expect("TCP_USER_TIMEOUT");
            std::thread::spawn(move || {
                // The client's buffer has room again after its data was taken.
                for _ in 0..10 {
                    sockets::fill(&stream).expect("a full buffer");
                    std::thread::sleep(Duration::from_millis(50));
                }
            });
        }
    })
}

fn prove_near_limit(lab: &mut Lab) {
    lab.forge().sysctl("net.ipv4.tcp_max_orphans", "100");
    let server = Server { answers: Answers::OnceThenCloses, ..Server::at(8080) };
    let _running = server.clone().start();
    let nine = Deaf::asking(server.address, 9);
    until("9 orphans", || orphans() == 9);
    std::thread::sleep(Duration::from_millis(3_500));
    lab.silent();
    assert_eq!(orphans(), 9);
    let tenth = Deaf::asking(server.address, 1);
    let found = lab.fires("warning");
    found.has("orphan_limit", 100);
    found.says("10 of the 100 orphans");
    nine.hear();
    tenth.hear();
    lab.gone();
}
