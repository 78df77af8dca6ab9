//! A send buffer that is too small for a long line.

use std::time::Duration;

use crate::lab::actor::Actor;
use crate::lab::line::Line;
use crate::lab::namespace::set_sysctl;
use crate::lab::path::Far;
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::sender::{Sender, Sends};
use crate::lab::server::{Answers, Server};

pub(crate) const PROOF: Proof = Proof {
    rule: "sndbuf-limited",
    fault: "A program sets SO_SNDBUF to 16 KiB and sends over a line of 40 ms as fast as it can",
    twin: "It sends 50 kB/s, which fits into the buffer",
    remedy: "The program leaves the size to the kernel",
    by: Remedied::FixedProgram,
    severities: &["notice"],
    set: &["busy=3s"],
    prove: fixed_size,
    ..Proof::PLAIN
};

pub(crate) const TUNED: Proof = Proof {
    variant: "the system's limit",
    fault: "tcp_wmem ends at 64 KiB, and a program sends over a line of 40 ms as fast as it can",
    twin: "It sends 50 kB/s, which fits into the buffer",
    remedy: "sysctl -w net.ipv4.tcp_wmem=…, and the program connects again",
    by: Remedied::Executed,
    prove: tuned,
    ..PROOF
};

pub(crate) const AT_DEFAULTS: Proof = Proof { variant: "at the default time", set: &[], is_slow: true, ..PROOF };

/// A host behind a line of 40 ms there and back, whose window of some 100 KB is what limits a well-made sender.
fn far_away() -> (Far, Line, Actor) {
    let far = Far::connect();
    let line = Line::to(&far, Duration::from_millis(20));
    let server =
        Server { answers: Answers::Nothing, address: Far::at(8080), receive_buffer: Some(100_000), ..Server::at(8080) };
    let running = far.start("far-server", move |ready| server.run(ready));
    (far, line, running)
}

/// Long enough for the rule to judge.
fn work(lab: &Lab) {
    let seconds = if lab.is_at_defaults() { 11 } else { 4 };
    std::thread::sleep(Duration::from_secs(seconds));
}

fn fixed_size(lab: &mut Lab) {
    let _line = far_away();
    let faulty = Sender { send_buffer: Some(16_384), ..Sender::to(Far::at(8080), 2) };

    let little = Sender { sends: Sends::Paced(1_000), ..faulty.clone() }.start();
    work(lab);
    lab.silent();
    drop(little);

    let client = faulty.clone().start();
    let found = lab.fires_on_all("notice", client.pid(), ("sockets", 2));
    assert!((found.figure("send_buffer_bytes") - 32_768.0).abs() < 0.5, "doubled: {found:?}");
    assert!(found.figure("rtt") >= 38.0, "{found:?}");
    assert!(found.commands().is_empty(), "the system is not the limit: {found:?}");
    drop(client);

    let _client = Sender { send_buffer: None, ..faulty }.start();
    work(lab);
    lab.gone();
}

fn tuned(lab: &mut Lab) {
    let _line = far_away();
    set_sysctl("net.ipv4.tcp_wmem", "4096 16384 65536").expect("a setting of this namespace");
    let plain = Sender::to(Far::at(8080), 2);

    let little = Sender { sends: Sends::Paced(1_000), ..plain.clone() }.start();
    work(lab);
    lab.silent();
    drop(little);

    let client = plain.clone().start();
    let found = lab.fires_on("notice", client.pid());
    assert!((found.figure("send_buffer_bytes") - 65_536.0).abs() < 0.5, "{found:?}");
    lab.runs(&found, "sysctl -w net.ipv4.tcp_wmem=");
    drop(client);

    let _client = plain.start();
    work(lab);
    lab.gone();
}
