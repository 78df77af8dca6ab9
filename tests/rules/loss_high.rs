//! A line that loses packets.

use std::time::Duration;

use crate::lab::line::Line;
use crate::lab::path::Far;
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::sender::{Sender, Sends};
use crate::lab::server::{Answers, Reads, Server};
use crate::lab::subject::is_at;

pub(crate) const PROOF: Proof = Proof {
    rule: "loss-high",
    fault: "A line of 20 ms that loses one packet of 33, then one of 12",
    twin: "The same line and load, with one packet of 200 lost; a program of this host that reads slowly, with a small \
           buffer: data beyond the buffer is sent again",
    remedy: "A line that loses nothing",
    by: Remedied::World,
    severities: &["notice", "warning"],
    between: "2s",
    prove,
    ..Proof::PLAIN
};

pub(crate) const OVERTAKEN: Proof = Proof {
    variant: "nothing is lost",
    fault: "A line of 20 ms that holds up one packet of 10 for 60 ms more: 5 % and more are sent again, and a notice is \
            all there is",
    twin: "The same line and load, with one packet of 400 held up",
    remedy: "A line that keeps the order",
    severities: &["notice"],
    prove: overtaken,
    ..PROOF
};

fn prove(lab: &mut Lab) {
    let deaf = Server {
        reads: Reads::Slowly(1_000),
        answers: Answers::Nothing,
        receive_buffer: Some(4_096),
        ..Server::at(8081)
    };
    let running = deaf.clone().start();
    let senders = Sender::to(deaf.address, 40).start();
    std::thread::sleep(Duration::from_secs(3));
    lab.silent();
    drop((running, senders));

    let far = Far::connect();
    let line = Line::to(&far, Duration::from_millis(10));
    let server = Server { answers: Answers::Nothing, address: Far::at(8080), ..Server::at(8080) };
    let _server = far.start("far-server", move |ready| server.run(ready));
    // 4 MB/s: little for the line, enough for a ratio.
    let client = Sender { sends: Sends::Paced(20_000), ..Sender::to(Far::at(8080), 4) }.start();

    line.loses_one_of(200);
    lab.silent();

    line.loses_one_of(33);
    let is_theirs = |found: &_| is_at(found, "destination", Far::at(8080), client.pid());
    let found = lab.fires_where("notice", is_theirs);
    assert!((0.01..0.05).contains(&found.figure("sent_again")), "{found:?}");
    assert!((found.figure("sockets") - 4.0).abs() < 0.5 && found.figure("sent_bytes") > 1e6, "{found:?}");

    line.loses_one_of(12);
    let found = lab.fires_where("warning", is_theirs);
    assert!((0.05..0.15).contains(&found.figure("sent_again")), "{found:?}");

    line.loses_one_of(0);
    lab.gone();
}

/// A line on which packets arrive in another order.
fn overtaken(lab: &mut Lab) {
    let far = Far::connect();
    let line = Line::to(&far, Duration::from_millis(10));
    let server = Server { answers: Answers::Nothing, address: Far::at(8080), ..Server::at(8080) };
    let _server = far.start("far-server", move |ready| server.run(ready));
    let client = Sender { sends: Sends::Paced(20_000), ..Sender::to(Far::at(8080), 4) }.start();

    line.holds_up_one_of(400);
    lab.silent();

    line.holds_up_one_of(10);
    let found = lab.fires_where("notice", |found| {
        is_at(found, "destination", Far::at(8080), client.pid()) && found.figure("sent_again") > 0.05
    });
    assert_eq!(found.0["confidence"], "likely");
    assert!(found.figure("received_twice") > 10.0, "{found:?}");

    line.holds_up_one_of(0);
    lab.gone();
}
