//! Clients that have finished and still get their answers.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use crate::lab::actor::Actor;
use crate::lab::counts::State;
use crate::lab::load::{Ends, Load};
use crate::lab::proc_net::{tcp_in, until};
use crate::lab::program;
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{AtEnd, Server};
use crate::lab::traffic::loopback;

pub(crate) const PROOF: Proof = Proof {
    rule: "half-close",
    fault: "10 clients have finished (shutdown), and get 10 bytes of their answer every 20 ms",
    twin: "10 such clients whose server sends nothing more",
    remedy: "None: this is how TCP is meant to be used",
    by: Remedied::Harmless,
    severities: &["ok"],
    between: "1s",
    prove,
    ..Proof::PLAIN
};

/// A server that answers when it has read all of the question, a little at a time.
fn patient_server(port: u16) -> Actor {
    Actor::start("patient-server", None, move |ready| {
        let listener = TcpListener::bind(loopback(1, port)).expect("a listener");
        ready.now();
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            std::thread::spawn(move || {
                stream.read_to_end(&mut vec![]).expect("the question, to its end");
                while stream.write_all(b"0123456789").is_ok() {
                    std::thread::sleep(Duration::from_millis(20));
                }
            });
        }
    })
}

fn half_closed() -> usize {
    tcp_in(State::CloseWait).iter().filter(|row| row.inode != 0 && row.rx == 0).count()
}

fn prove(lab: &mut Lab) {
    let questions = |port| Load { awaits_answer: false, ends: Ends::Finishes, ..Load::to(loopback(1, port), 10) };
    let server = patient_server(8080);
    let clients = questions(8080).complete();
    until("ten half-closed", || half_closed() == 10);
    let found = lab.fires_on_all("ok", server.pid(), ("sockets", 10));
    let bytes = found.figure("acknowledged_since_bytes");
    // 50 times in the second at most, and a quarter as often where the machine has other things to do.
    assert!((1_000.0..=10_000.0).contains(&bytes), "{found:?}");
    // Their acknowledgements hide since when they have been half-closed.
    let said = program::run(&["check"]);
    assert!(!said.stdout.contains("CLOSE_WAIT younger"), "{said:?}");
    let said = program::run(&["explain", &format!("pid:{}", server.pid())]);
    assert!(said.stdout.contains("The peer closed at least"), "{said:?}");
    drop((server, clients));

    let silent = Server { at_end: AtEnd::Forget, ..Server::at(8081) };
    let _server = silent.start();
    let _clients = questions(8081).complete();
    until("ten half-closed", || half_closed() == 10);
    lab.silent();
    assert_eq!(half_closed(), 10);
}
