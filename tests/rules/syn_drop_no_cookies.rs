//! A flood of SYNs while SYN cookies are off.

use std::time::Duration;

use crate::lab::crowd;
use crate::lab::namespace::set_sysctl;
use crate::lab::proc_net::counter;
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::Server;
use crate::lab::traffic;

pub(crate) const PROOF: Proof = Proof {
    rule: "syn-drop-no-cookies",
    fault: "net.ipv4.tcp_syncookies 0, and 100 SYNs a second without a last ACK at a listener of backlog 16",
    twin: "10 such SYNs in all",
    remedy: "sysctl -w net.ipv4.tcp_syncookies=1, during the flood: a client gets through",
    by: Remedied::Executed,
    severities: &["critical"],
    between: "500ms",
    prove: |lab| prove(lab, 16),
    ..Proof::PLAIN
};

pub(crate) const RESERVED: Proof = Proof {
    variant: "the last quarter of tcp_max_syn_backlog",
    fault: "The same with a backlog of 128 and net.ipv4.tcp_max_syn_backlog 16: 13 fit, and TCPReqQFullDrop stays 0",
    prove: reserved,
    ..PROOF
};

fn reserved(lab: &mut Lab) {
    set_sysctl("net.ipv4.tcp_max_syn_backlog", "16").expect("a setting of this namespace");
    prove(lab, 128);
    assert_eq!(counter("TcpExtTCPReqQFullDrop"), Some(0));
}

fn prove(lab: &mut Lab, backlog: i32) {
    const PAUSE: Duration = Duration::from_millis(10);
    set_sysctl("net.ipv4.tcp_syncookies", "0").expect("a setting of this namespace");
    let server = Server { backlog, ..Server::at(8080) };
    let running = server.clone().start();
    let some = crowd::flood(8080, 0, 5 * PAUSE, 10);
    lab.silent();
    drop(some);

    let flood = crowd::flood(8080, 1_000, PAUSE, usize::MAX);
    let found = lab.fires_on("critical", running.pid());
    assert!(found.figure("dropped") >= 10.0, "{found:?}");
    assert!(found.figure("tcp_syncookies").abs() < 0.1, "{found:?}");
    lab.runs(&found, "sysctl -w net.ipv4.tcp_syncookies=");
    let dropped = counter("TcpExtListenDrops");
    lab.gone();
    let _client = traffic::connect_to(server.address).expect("a connection in spite of the flood");
    assert_eq!(counter("TcpExtListenDrops"), dropped, "nothing is dropped any more");
    drop(flood);
}
