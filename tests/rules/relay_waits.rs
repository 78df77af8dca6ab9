//! A relay that passes half-closes on, before a server that does not close.

use std::io::copy;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::Duration;

use crate::lab::actor::Actor;
use crate::lab::check;
use crate::lab::counts::State;
use crate::lab::load::{Ends, Load};
use crate::lab::proc_net::{tcp_in, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{AtEnd, Server};
use crate::lab::traffic::loopback;

pub(crate) const PROOF: Proof = Proof {
    rule: "relay-waits",
    fault: "A relay before a server that forgets close(), and 10 clients that have finished; growing, with more each second",
    twin: "The same relay before a server that closes 1 s after the end",
    remedy: "A server that closes at the end of the stream",
    by: Remedied::FixedProgram,
    severities: &["notice", "warning"],
    set: &["age=3s"],
    between: "1s",
    prove: |lab| prove(lab, Duration::from_secs(1), 10),
    ..Proof::PLAIN
};

pub(crate) const AT_DEFAULTS: Proof = Proof {
    variant: "at the default age",
    twin: "The same relay before a server that closes 40 s after the end",
    set: &[],
    is_slow: true,
    prove: |lab| prove(lab, Duration::from_secs(40), 2),
    ..PROOF
};

/// Passes everything on, the ends too, and closes both connections when both directions are done.
fn relay(port: u16, to: Server) -> Actor {
    Actor::start("relay", None, move |ready| {
        let listener = TcpListener::bind(loopback(1, port)).expect("a listener");
        ready.now();
        for near in listener.incoming() {
            let near = near.expect("a connection");
            std::thread::spawn(move || {
                let far = TcpStream::connect(to.address).expect("the server");
                std::thread::scope(|scope| {
                    for (mut from, mut to) in [(&near, &far), (&far, &near)] {
                        scope.spawn(move || {
                            // One that is reset is done, too.
                            let _ = copy(&mut from, &mut to);
                            let _ = to.shutdown(Shutdown::Write);
                        });
                    }
                });
            });
        }
    })
}

fn prove(lab: &mut Lab, delay: Duration, per_second: u32) {
    let forgetful = Server { at_end: AtEnd::Forget, ..Server::at(9_000) };
    let finish = Load { ends: Ends::Finishes, ..Load::to(loopback(1, 8080), 10) };
    let more = Load { connections: usize::MAX, per_second: Some(per_second), ..finish.clone() };
    let server = forgetful.clone().start();
    let between = relay(8080, forgetful.clone());
    let clients = finish.clone().complete();
    let found = lab.fires_on_all("notice", between.pid(), ("close_wait", 10));
    found.has("fin_wait2_held", 10);
    found.says("127.0.0.1:9000");
    found.says(&format!("Check echo-server ({})", server.pid()));
    // Nothing else is said of it, whichever rules are asked.
    let age = "age=3s";
    for only in [&[][..], &["close-wait-leak"][..], &["fin-wait2-held"][..]] {
        let rules = ["close-wait-leak", "fin-wait2-held", "relay-waits"];
        let set: Vec<String> = rules.iter().map(|rule| format!("--set={rule}.{age}")).collect();
        let seen = check::run(&[only, &set.iter().map(String::as_str).collect::<Vec<_>>()].concat());
        let others = seen.findings.iter().filter(|found| found.pid() == Some(between.pid()));
        assert!(others.clone().all(|found| found.rule() == "relay-waits"), "{:#?}", others.collect::<Vec<_>>());
    }
    let growing = more.clone().begin();
    lab.fires_on("warning", between.pid());
    drop((growing, clients, between, server));

    let fixed = Server { at_end: AtEnd::Close, ..forgetful.clone() };
    let server = fixed.clone().start();
    let between = relay(8080, fixed);
    let clients = finish.complete();
    lab.gone();
    drop((clients, between, server));

    let late = Server { at_end: AtEnd::After(delay), ..forgetful };
    let _server = late.clone().start();
    let _between = relay(8080, late);
    let _clients = more.begin();
    // The first ones are about to be closed: this is as old as they get.
    std::thread::sleep(delay);
    let waiting = || tcp_in(State::FinWait2).iter().any(|row| row.inode != 0 && row.peer.port() == 9_000);
    until("the relay waits", waiting);
    lab.silent();
    assert!(waiting(), "a twin that does not wait shows nothing");
}
