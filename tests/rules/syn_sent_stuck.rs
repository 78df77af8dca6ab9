//! Connection attempts into silence: a host that does not answer, and a listener of this host whose queue is full.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpStream};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::net::{SocketFlags, connect};

use crate::lab::counts::{Inet, State};
use crate::lab::outgoing::{self, has, is_about, program_of};
use crate::lab::path::{self, Far};
use crate::lab::peer;
use crate::lab::proc_net::{tcp_counts, tcp_in, until};
use crate::lab::program;
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{Accepts, Server};
use crate::lab::sockets;

pub(crate) const PROOF: Proof = Proof {
    rule: "syn-sent-stuck",
    fault: "Another host does not send its answers: one attempt for 2 s; for 5 s; three to one service; one to each of six",
    twin: "A client that gives up each attempt after 1.5 s and tries again: one timeout at most",
    remedy: "The other host answers again",
    by: Remedied::World,
    severities: &["notice", "warning"],
    prove: silence,
    ..Proof::PLAIN
};

pub(crate) const HERE: Proof = Proof {
    variant: "a full accept queue of this host",
    fault: "A server of backlog 2 accepts no client: of six clients three wait in its queue, three in SYN_SENT",
    twin: "The same server with three clients: its queue is full, and no client waits for an answer",
    remedy: "The same server accepts",
    by: Remedied::FixedProgram,
    severities: &["warning"],
    prove: full_queue,
    ..PROOF
};

pub(crate) const ANSWER_LOST: Proof = Proof {
    variant: "a listener of this host whose answers are lost",
    fault: "Three clients do not receive the answers of a server that accepts all: its queue is empty",
    twin: "Three clients of the same server that receive them",
    remedy: "The answers reach the clients again",
    by: Remedied::World,
    severities: &["warning"],
    prove: answer_lost,
    ..PROOF
};

pub(crate) const FILTERED: Proof = Proof {
    variant: "a port of this host without a listener, behind a filter",
    fault: "Three clients of a port of this host where nothing listens; a filter drops the refusals, then a firewall the SYNs",
    twin: "The same clients without a filter: the kernel refuses them at once",
    remedy: "The filter is taken off",
    by: Remedied::World,
    severities: &["warning"],
    prove: filtered,
    ..PROOF
};

pub(crate) const NO_HOST: Proof = Proof {
    variant: "a host that does not answer ARP",
    fault: "Four programs try an address of the network that no host has, each anew every 1.5 s; then an IPv6 address",
    twin: "One program that tries it, and four whose host answers",
    remedy: "A host takes the addresses",
    by: Remedied::World,
    severities: &["warning"],
    prove: no_host,
    ..PROOF
};

pub(crate) const NO_GATEWAY: Proof = Proof {
    variant: "a gateway that does not answer ARP",
    fault: "The route to three services, then to six, leads to a gateway that no host is",
    twin: "One attempt to a service behind it, and three to services behind a gateway that answers",
    remedy: "The gateway starts",
    by: Remedied::World,
    severities: &["warning"],
    prove: no_gateway,
    ..PROOF
};

pub(crate) const RETRIES: Proof = Proof {
    variant: "until the kernel gives up",
    fault: "Another host does not send its answers to three attempts, which would wait for 131 s",
    remedy: "sysctl -w net.ipv4.tcp_syn_retries=3: they end with ETIMEDOUT after 19 s",
    by: Remedied::Executed,
    severities: &["warning"],
    is_slow: true,
    prove: retries,
    ..PROOF
};

fn oldest() -> u32 {
    tcp_in(State::SynSent).iter().map(|row| row.retransmits).max().unwrap_or(0)
}

/// Another host that hears and does not answer.
fn silent_host() -> (Far, impl Sized) {
    let far = Far::connect();
    let running = outgoing::serve(&far, Server { address: Far::at(8080), ..Server::at(8080) });
    far.fall_silent();
    (far, running)
}

fn silence(lab: &mut Lab) {
    let (far, _running) = silent_host();
    let to = Far::at(8080);

    let twin = outgoing::impatient(to, Duration::from_millis(1_500));
    until("a timeout", || oldest() == 1);
    lab.silent();
    drop(twin);

    let begin = Instant::now();
    let one = outgoing::attempts(&[to]);
    let found = lab.fires_where("notice", |found| is_about(found, to) && program_of(found) == Some(one.pid()));
    assert!((found.figure("attempts") - 1.0).abs() < 0.5, "{found:?}");
    let (oldest, age) = (found.figure("oldest") / 1_000.0, begin.elapsed().as_secs_f64());
    assert!(oldest >= 2.0 && oldest <= age, "an attempt of at most {age} s: {found:?}");
    let found = lab.fires_where("warning", |found| is_about(found, to));
    assert!((found.figure("attempts") - 1.0).abs() < 0.5 && found.figure("timeouts") > 4.5, "{found:?}");
    drop(one);

    let three = outgoing::attempts(&[to; 3]);
    let found = lab.fires_where("warning", |found| is_about(found, to));
    assert!((found.figure("attempts") - 3.0).abs() < 0.5 && found.figure("timeouts") < 4.5, "{found:?}");
    drop(three);

    // Nothing listens at five of them: their refusals are swallowed as well.
    let six: Vec<SocketAddr> = (8080..8086).map(Far::at).collect();
    let many = outgoing::attempts(&six);
    let found = lab.fires_where("notice", |found| has(found, "destinations") && found.pid() == Some(many.pid()));
    assert!((found.figure("destinations") - 6.0).abs() < 0.5, "{found:?}");

    far.answer_again();
    lab.gone();
    assert_eq!(tcp_counts().state(State::SynSent), 0, "five were refused, and one is open");
    assert_eq!(tcp_counts().state(State::Established), 1);
    drop(many);
}

/// Waits until the kernel asks who has the address of some next hop.
fn is_asked() {
    let unresolved = || std::fs::read_to_string("/proc/net/arp").is_ok_and(|table| table.contains("00:00:00:00:00:00"));
    until("ARP is asked", unresolved);
}

fn no_host(lab: &mut Lab) {
    let far = Far::connect();
    path::ip("addr add fd00:99::1/64 dev near nodad");
    far.shell("ip addr add fd00:99::2/64 dev far nodad");
    let nowhere: [SocketAddr; 2] = [([10, 99, 0, 77], 8080).into(), "[fd00:99::77]:8080".parse().expect("an address")];
    let again = |to| outgoing::impatient(to, Duration::from_millis(1_500));
    let _running = outgoing::serve(&far, Server { address: Far::at(8080), ..Server::at(8080) });
    let one = again(nowhere[0]);
    let others = [(); 4].map(|()| again(Far::at(8080)));
    is_asked();
    lab.silent();
    drop((one, others));

    let mut running = Vec::new();
    for (to, protocol) in nowhere.into_iter().zip(["ARP", "NDP"]) {
        running.extend([(); 4].map(|()| again(to)));
        let found = lab.fires_where("warning", |found| is_about(found, to) && has(found, "next_hop"));
        found.says(protocol);
        assert!(found.commands().contains(&format!("ip neigh show {}", to.ip()).as_str()), "{found:?}");
    }
    far.shell("ip addr add 10.99.0.77/24 dev far && ip addr add fd00:99::77/64 dev far nodad");
    lab.gone();
}

fn no_gateway(lab: &mut Lab) {
    let far = Far::connect();
    path::ip("route add 10.77.0.0/24 via 10.99.0.66");
    path::ip("route add 10.78.0.0/24 via 10.99.0.2");
    far.shell("ip addr add 10.78.0.1/32 dev far && ip addr add 10.77.0.1/32 dev far");
    let again = |to| outgoing::impatient(to, Duration::from_millis(1_500));
    let behind = |port| SocketAddr::from(([10, 77, 0, 1], port));
    let one = again(behind(8080));
    let well: SocketAddr = ([10, 78, 0, 1], 8080).into();
    let _running = outgoing::serve(&far, Server { address: well, ..Server::at(8080) });
    let others = [(); 3].map(|()| again(well));
    is_asked();
    lab.silent();
    drop((one, others));

    let three = [(); 3].map(|()| again(behind(8080)));
    let found = lab.fires_where("warning", |found| is_about(found, behind(8080)) && has(found, "next_hop"));
    found.says("gateway 10.99.0.66");
    assert!(found.commands().contains(&"ip neigh show 10.99.0.66"), "{found:?}");
    drop(three);

    let six: Vec<SocketAddr> = (8080..8086).map(behind).collect();
    let _many = outgoing::impatient_with(&six, Duration::from_millis(1_500));
    let found = lab.fires_where("warning", |found| has(found, "destinations") && has(found, "next_hop"));
    found.says("gateway 10.99.0.66");

    far.shell("ip addr add 10.99.0.66/24 dev far");
    lab.gone();
}

fn full_queue(lab: &mut Lab) {
    let server = Server { backlog: 2, accepts: Accepts::Nothing, ..Server::at(8080) };
    let to = server.address;
    let running = server.clone().start();
    let three = outgoing::attempts(&[to; 3]);
    until("a full queue", || tcp_in(State::Listen).iter().any(|row| row.rx == 3));
    // As long as it takes for an attempt to be stuck.
    std::thread::sleep(Duration::from_millis(2_200));
    lab.silent();
    drop((three, running));

    let running = server.clone().start();
    let six = outgoing::attempts(&[to; 6]);
    let found = lab.fires_where("warning", |found| is_about(found, to) && program_of(found) == Some(six.pid()));
    assert!((found.figure("attempts") - 3.0).abs() < 0.5, "{found:?}");
    // The command of the remedy shows the queue.
    let look: Vec<&str> = found.command("sockdoc list").split(' ').skip(1).collect();
    let said = program::run(&look);
    assert!(said.stdout.contains(&running.pid().to_string()), "{said:?}");
    drop((six, running));

    let _running = Server { accepts: Accepts::All, ..server }.start();
    let _six = outgoing::attempts(&[to; 6]);
    std::thread::sleep(Duration::from_millis(2_200));
    lab.gone();
    assert_eq!(tcp_counts().state(State::Established), 12, "both ends of all six");
}

fn answer_lost(lab: &mut Lab) {
    let server = Server::at(8080);
    let _running = server.clone().start();
    let to = server.address;
    let hears = outgoing::attempts(&[to; 3]);
    std::thread::sleep(Duration::from_millis(2_200));
    lab.silent();
    drop(hears);

    let clients = deaf_clients(to);
    let found = lab.fires_where("warning", |found| is_about(found, to));
    found.has("accept_queue", 0);
    assert!(found.0["why"].as_str().is_some_and(|why| why.contains("SYN+ACK")), "the SYN arrived: {found:?}");
    for client in &clients {
        sockets::see(client).expect("the filter taken off");
    }
    lab.gone();
}

/// Three clients that receive no answer.
fn deaf_clients(to: SocketAddr) -> Vec<OwnedFd> {
    let client = |_| {
        let client = sockets::tcp(Inet::V4, SocketFlags::NONBLOCK).expect("a client");
        sockets::blind(&client).expect("a filter");
        match connect(&client, &to) {
            Ok(()) | Err(rustix::io::Errno::INPROGRESS) => client,
            Err(error) => panic!("a SYN: {error}"),
        }
    };
    (0..3).map(client).collect()
}

fn filtered(lab: &mut Lab) {
    let to = Server::at(9000).address;
    let refused = || assert!(TcpStream::connect(to).is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused));
    (0..3).for_each(|_| refused());
    lab.silent();

    let says_both = |lab: &mut Lab| {
        let found = lab.fires_where("warning", |found| is_about(found, to));
        found.says("nothing listens there");
        assert!(found.commands().contains(&"nft list ruleset"), "{found:?}");
        assert!(found.remedies().iter().any(|fix| fix.starts_with("Start the service")), "{found:?}");
    };
    let clients = deaf_clients(to);
    says_both(lab);
    clients.iter().for_each(|client| sockets::see(client).expect("the filter taken off"));
    lab.gone();
    assert_eq!(tcp_counts().state(State::SynSent), 0, "all were refused");
    drop(clients);

    if !peer::has("nft") {
        return;
    }
    let nft = |rules: &str| {
        let said = program::finish(program::controlled("nft", &[rules]));
        assert_eq!(said.code, Some(0), "{said:?}");
    };
    nft("add table inet t; add chain inet t i { type filter hook input priority 0; }; \
         add rule inet t i tcp dport 9000 drop");
    let _caller = outgoing::attempts(&[to; 3]);
    says_both(lab);
    nft("delete table inet t");
    lab.gone();
}

fn retries(lab: &mut Lab) {
    let (_far, _running) = silent_host();
    let to = Far::at(8080);
    let twin = outgoing::impatient(to, Duration::from_millis(1_500));
    until("a timeout", || oldest() == 1);
    lab.silent();
    drop(twin);

    let begin = Instant::now();
    let _three = outgoing::attempts(&[to; 3]);
    let found = lab.fires_where("warning", |found| is_about(found, to));
    assert!((found.figure("gives_up_after") - 131_000.0).abs() < 0.5, "{found:?}");
    lab.runs(&found, "sysctl -w net.ipv4.tcp_syn_retries=3");
    lab.gone();
    let end = begin.elapsed().as_secs_f64();
    assert!((19.0..24.0).contains(&end), "they ended after {end} s");
}
