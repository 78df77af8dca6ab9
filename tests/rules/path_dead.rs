//! A host that was cut off in the midst of connections.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use crate::lab::actor::{Actor, stay};
use crate::lab::check::Finding;
use crate::lab::counts::State;
use crate::lab::line::Line;
use crate::lab::load::{Ends, Load};
use crate::lab::namespace::set_sysctl;
use crate::lab::path::{FAR, Far, NEAR};
use crate::lab::peer;
use crate::lab::proc_net::{counter, tcp_in, until};
use crate::lab::program;
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::sender::{Sender, Sends};
use crate::lab::server::{Accepts, Answers, Reads, Server};
use crate::lab::subject::{is_at, is_host, is_this_host};

pub(crate) const PROOF: Proof = Proof {
    rule: "path-dead",
    fault: "Data on two connections to a host that fell silent; on 9; on 12; then on one connection to each of three",
    twin: "A client that fell silent, among healthy connections",
    remedy: "The host answers again; or `sockdoc kill` ends the connections; or the program sets TCP_USER_TIMEOUT and gives up",
    by: Remedied::World,
    severities: &["notice", "warning", "critical"],
    set: &["retrans=2", "lost=4"],
    prove,
    ..Proof::PLAIN
};

pub(crate) const HERE: Proof = Proof {
    variant: "a listener here",
    fault: "15 clients of a listener of this host are connected, and its queue is full when their data come",
    twin: "The same clients, which fit into the queue",
    remedy: "A server that accepts",
    by: Remedied::FixedProgram,
    severities: &["warning"],
    set: &["retrans=2"],
    prove: prove_here,
    ..PROOF
};

pub(crate) const KEPT: Proof = Proof {
    variant: "kept on this host",
    fault: "A rule of this host's firewall drops what 5 connections send",
    twin: "5 connections whose peer has closed its window",
    remedy: "The firewall rule is removed",
    by: Remedied::World,
    severities: &["warning"],
    set: &["retrans=3"],
    prove: prove_kept,
    ..PROOF
};

pub(crate) const LARGE: Proof = Proof {
    variant: "full-size packets only",
    fault: "A line that drops packets above 1,300 bytes without a word: 4 connections hang, a fifth with little data does not; \
            then three with a short end of their data",
    twin: "The same line while it loses one of 8 large packets",
    remedy: "sysctl -w net.ipv4.tcp_mtu_probing=1: all of the connections go on",
    by: Remedied::Executed,
    severities: &["warning"],
    set: &["retrans=3"],
    prove: prove_large,
    ..PROOF
};

pub(crate) const FORGOTTEN: Proof = Proof {
    variant: "some connections of a peer",
    fault: "A firewall of the other host drops the packets of 4 connections, and the same program has another one there",
    twin: "The same connections before",
    remedy: "The firewall rule is removed",
    by: Remedied::World,
    severities: &["warning"],
    set: &["retrans=4"],
    prove: prove_forgotten,
    ..PROOF
};

pub(crate) const AT_DEFAULTS: Proof = Proof {
    variant: "the kernel gives up sooner",
    fault: "Data on 12 connections to a host that fell silent: a warning after 12 s, critical after 50 s",
    twin: "Two such connections",
    remedy: "sysctl -w net.ipv4.tcp_retries2=8: after 102 s the program has its error",
    by: Remedied::Executed,
    severities: &["warning", "critical"],
    set: &[],
    is_slow: true,
    prove: at_defaults,
    ..PROOF
};

/// The other host with a server, and two more addresses.
fn host() -> (Far, Actor) {
    let far = Far::connect();
    far.shell("for i in 3 4; do ip addr add 10.99.0.$i/24 dev far; done");
    let server = Server { answers: Answers::Nothing, address: anywhere(), ..Server::at(8080) };
    let running = far.start("far-server", move |ready| server.run(ready));
    (far, running)
}

fn anywhere() -> SocketAddr {
    SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), 8080)
}

fn sender(n: usize) -> Sender {
    // A little at a time: the amount does not matter here.
    Sender { sends: Sends::Paced(10), ..Sender::to(Far::at(8080), n) }
}

/// Connections with this many timeouts in a row.
fn timed_out(times: u32) -> usize {
    tcp_in(State::Established).iter().filter(|row| row.timer == 1 && row.retransmits >= times).count()
}

fn prove_here(lab: &mut Lab) {
    // For the server a handshake is over when data come: not before does it need a place in the queue.
    let short = Server { backlog: 20, accepts: Accepts::Nothing, defers: Some(30), ..Server::at(8080) };
    let wait = || (0..15).map(|_| TcpStream::connect(short.address).expect("a connection")).collect::<Vec<_>>();
    let send = |clients: &mut Vec<TcpStream>| clients.iter_mut().for_each(|one| one.write_all(b"?").expect("a byte"));
    let others = |n| Load { awaits_answer: false, ends: Ends::Stays, ..Load::to(short.address, n) }.complete();

    let running = short.clone().start();
    let (mut clients, few) = (wait(), others(6));
    send(&mut clients);
    lab.silent();
    drop((clients, few, running));

    let running = short.clone().start();
    let (mut clients, many) = (wait(), others(21));
    send(&mut clients);
    until("timeouts", || timed_out(2) == 15);
    let found = lab.fires_where("warning", |found| is_at(found, "destination", short.address, std::process::id()));
    assert!(found.commands().iter().all(|command| !command.starts_with("ip route")), "{found:?}");
    drop((clients, many, running));

    let _fixed = Server { accepts: Accepts::All, ..short.clone() }.start();
    let (mut clients, _many) = (wait(), others(21));
    send(&mut clients);
    lab.gone();
}

/// Changes the firewall.
fn nft(rule: &str) {
    let said = program::finish(program::controlled("nft", &[rule]));
    assert_eq!(said.code, Some(0), "{said:?}");
}

fn prove_kept(lab: &mut Lab) {
    peer::needs("nft");
    let deaf = Server { reads: Reads::Nothing, receive_buffer: Some(4_096), ..Server::at(8080) };
    let running = deaf.clone().start();
    let senders = Sender::to(deaf.address, 5).start();
    until("closed windows", || tcp_in(State::Established).iter().filter(|row| row.timer == 4).count() == 5);
    std::thread::sleep(Duration::from_secs(4));
    lab.silent();
    drop((senders, running));

    let reads = Server { answers: Answers::Nothing, ..Server::at(8081) };
    let _running = reads.clone().start();
    let senders = Sender { sends: Sends::Paced(10), ..Sender::to(reads.address, 5) }.start();
    until("five connections", || tcp_in(State::Established).len() == 10);
    let rule = "add table inet t; add chain inet t o { type filter hook output priority 0; }; \
                add rule inet t o tcp dport 8081 drop";
    nft(rule);
    let pid = senders.pid();
    let found = lab.fires_where("warning", |found| is_host(found, reads.address.ip(), pid));
    found.says("OUTPUT");
    assert!(found.commands().iter().any(|command| command.starts_with("nft list")), "{found:?}");
    nft("delete table inet t");
    lab.gone();
}

fn prove_forgotten(lab: &mut Lab) {
    peer::needs("nft");
    let (far, _server) = host();
    let four = sender(4);
    let four = four.start();
    until("four connections", || tcp_in(State::Established).len() == 4);
    let ports: Vec<String> = tcp_in(State::Established).iter().map(|row| row.local.port().to_string()).collect();
    let _another = sender(1).start();
    until("another one", || tcp_in(State::Established).len() == 5);
    lab.silent();
    let rule = format!("add rule inet t i tcp sport {{ {} }} drop", ports.join(", "));
    far.shell(&format!("nft 'add table inet t; add chain inet t i {{ type filter hook input priority 0; }}; {rule}'"));
    let found = lab.fires_where("warning", |found| is_host(found, Far::at(8080).ip(), four.pid()));
    found.says("answers other connections");
    found.has("sockets", 4);
    far.shell("nft delete table inet t");
    lab.gone();
}

fn prove_large(lab: &mut Lab) {
    set_sysctl("net.ipv4.tcp_mtu_probing", "0").expect("a setting of this namespace");
    let far = Far::connect();
    let line = Line::to(&far, Duration::from_millis(10));
    let server = Server { answers: Answers::Nothing, address: anywhere(), ..Server::at(8080) };
    let _server = far.start("far-server", move |ready| server.run(ready));
    let bulk = |n| Sender { sends: Sends::Paced(20_000), ..sender(n) };

    line.loses_one_of(8);
    let lossy = bulk(4).start();
    until("losses", || counter("TcpRetransSegs").is_some_and(|segments| segments > 50));
    lab.silent();
    drop(lossy);
    line.loses_one_of(0);

    line.loses_above(1_300);
    let little = sender(1).start();
    let large = bulk(4).start();
    let is_theirs = |pid| move |found: &Finding| is_host(found, IpAddr::V4(FAR), pid) && found.words().contains("MTU");
    let are_all = |found: &Finding| is_theirs(large.pid())(found) && (found.figure("sockets") - 4.0).abs() < 0.5;
    let found = lab.fires_where("warning", are_all);
    assert!(found.figure("peer_last_heard") < 5_000.0, "{found:?}");
    drop((large, little));

    // Without another connection: the peer acknowledges the end of the data, which is short.
    let once = Sender { sends: Sends::Once(5_000), ..sender(3) }.start();
    let found = lab.fires_where("warning", is_theirs(once.pid()));
    found.has("segments_acknowledged_behind", 3);
    lab.runs(&found, "sysctl -w net.ipv4.tcp_mtu_probing=1");
    lab.gone();
    until("all is acknowledged", || tcp_in(State::Established).iter().all(|row| row.tx == 0));
    drop(once);

    // No packet of any size comes back: the path is dead.
    line.loses_above(0);
    let sent = counter("TcpOutSegs").expect("a counter");
    let silent = bulk(3).start();
    until("much is sent", || counter("TcpOutSegs").is_some_and(|now| now > sent + 2_000));
    far.fall_silent();
    let found = lab.fires_where("warning", |found| is_host(found, IpAddr::V4(FAR), silent.pid()));
    assert!(!found.words().contains("black hole"), "{found:?}");
    far.answer_again();
    lab.gone();
}

fn prove(lab: &mut Lab) {
    let (far, _server) = host();
    let near = Server { answers: Answers::Nothing, address: SocketAddr::new(NEAR.into(), 8081), ..Server::at(8081) };
    let _near = near.clone().start();
    let well = Sender { sends: Sends::Paced(10), ..Sender::to(near.address, 5) };
    let _well = well.start();

    let floods = Server { answers: Answers::Flood, address: SocketAddr::new(NEAR.into(), 8082), ..Server::at(8082) };
    let flooding = floods.clone().start();
    let client = far.start("far-client", move |ready| {
        let mut stream = TcpStream::connect(floods.address).expect("a connection");
        ready.now();
        while stream.read(&mut [0; 65_536]).is_ok_and(|length| length > 0) {}
        stay();
    });
    far.fall_silent();
    until("timeouts", || timed_out(4) == 1);
    lab.silent();
    far.answer_again();
    drop((client, flooding));

    let few = sender(2).start();
    far.fall_silent();
    lab.fires_where("notice", |found| is_host(found, IpAddr::V4(FAR), few.pid()));
    far.answer_again();
    lab.gone();
    drop(few);

    // Of so few none is ever critical.
    let some = sender(9).start();
    far.fall_silent();
    let found = lab.fires_where("warning", |found| is_host(found, IpAddr::V4(FAR), some.pid()));
    assert!(found.figure("timeouts_in_a_row") >= 2.0, "{found:?}");
    far.answer_again();
    lab.gone();
    drop(some);

    let many = sender(12).start();
    far.fall_silent();
    let found = lab.fires_where("critical", |found| is_host(found, IpAddr::V4(FAR), many.pid()));
    assert!((found.figure("sockets") - 12.0).abs() < 0.5, "{found:?}");
    assert!((found.figure("connections") - 12.0).abs() < 0.5, "{found:?}");
    far.answer_again();
    lab.gone();
    drop(many);

    let destroyed = sender(9).start();
    far.fall_silent();
    let found = lab.fires_where("warning", |found| is_host(found, IpAddr::V4(FAR), destroyed.pid()));
    lab.destroys(&found);
    lab.gone();
    far.answer_again();
    drop(destroyed);

    let given_up = Sender { gives_up: Some(1_000), ..sender(12) }.start();
    far.fall_silent();
    until("the program gave up", || tcp_in(State::Established).iter().all(|row| row.peer.ip() != IpAddr::V4(FAR)));
    lab.gone();
    far.answer_again();
    drop(given_up);

    let to = (2..5).map(|last| SocketAddr::new(Ipv4Addr::new(10, 99, 0, last).into(), 8080)).collect();
    let _each = Sender { to, ..sender(0) }.start();
    far.fall_silent();
    let found = lab.fires_where("warning", is_this_host);
    assert!((found.figure("peers") - 3.0).abs() < 0.5, "{found:?}");
    far.answer_again();
    lab.gone();
}

fn at_defaults(lab: &mut Lab) {
    let (far, _server) = host();
    let few = sender(2).start();
    far.fall_silent();
    until("timeouts", || timed_out(6) == 2);
    lab.silent();
    far.answer_again();
    drop(few);

    let many = sender(12).start();
    far.fall_silent();
    let is_far = |found: &_| is_host(found, IpAddr::V4(FAR), many.pid());
    lab.fires_where("warning", is_far);
    let found = lab.fires_where("critical", is_far);
    lab.runs(&found, "sysctl -w net.ipv4.tcp_retries2=8");
    lab.gone();
    // The host is still silent; the program got the error.
    assert!(tcp_in(State::Established).is_empty());
}
