//! The table of TIME_WAIT, made small.

use crate::lab::counts::State;
use crate::lab::load::Load;
use crate::lab::namespace::set_sysctl;
use crate::lab::proc_net::{counter, tcp_counts, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::Server;

pub(crate) const PROOF: Proof = Proof {
    rule: "tw-bucket-limit",
    fault: "80 TIME_WAIT with tcp_max_tw_buckets = 100, then more connections than fit, 50 a second",
    twin: "79 TIME_WAIT",
    remedy: "sysctl -w net.ipv4.tcp_max_tw_buckets=…, while the clients go on",
    by: Remedied::Executed,
    severities: &["notice", "critical"],
    between: "1s",
    prove,
    ..Proof::PLAIN
};

fn prove(lab: &mut Lab) {
    set_sysctl("net.ipv4.tcp_max_tw_buckets", "100").expect("a setting of this namespace");
    let server = Server::at(8080);
    let _running = server.clone().start();
    let requests = |n: usize, sum: usize| {
        drop(Load::to(server.address, n).complete());
        until("their TIME_WAIT", || tcp_counts().state(State::TimeWait) == sum);
    };
    requests(79, 79);
    lab.silent();
    requests(1, 80);
    let found = lab.fires("notice");
    assert_eq!((found.figure("time_wait"), found.figure("time_wait_limit")), (80.0, 100.0), "{found:?}");
    assert!(found.figure("overflows_since_start") < 0.5, "{found:?}");

    let _clients = Load { per_second: Some(50), ..Load::to(server.address, usize::MAX) }.begin();
    until("an overflow", || counter("TcpExtTCPTimeWaitOverflow").is_some_and(|skipped| skipped > 0));
    let found = lab.fires("critical");
    assert_eq!(tcp_counts().state(State::TimeWait), 100, "as many as the setting allows");
    assert!(found.figure("overflows") > 0.5 && (found.figure("time_wait") - 100.0).abs() < 0.5, "{found:?}");
    lab.runs(&found, "sysctl -w net.ipv4.tcp_max_tw_buckets=");
    lab.gone();
    until("TIME_WAIT again", || tcp_counts().state(State::TimeWait) > 110);
}
