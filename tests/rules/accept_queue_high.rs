//! A queue that is nearly full, and stays so.

use std::net::{SocketAddr, TcpListener};

use crate::lab::actor::{Actor, stay};
use crate::lab::counts::State;
use crate::lab::crowd;
use crate::lab::proc_net::{tcp_in, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{Accepts, Server};
use crate::lab::sockets::listener_at;

pub(crate) const PROOF: Proof = Proof {
    rule: "accept-queue-high",
    fault: "A server is busy outside its accept loop: 12 clients in its queue of 16 in both samples; 8 are a notice",
    twin: "7 clients in the same queue",
    remedy: "A loop that only accepts",
    by: Remedied::FixedProgram,
    severities: &["warning", "notice"],
    between: "500ms",
    prove,
    ..Proof::PLAIN
};

pub(crate) const SLOW_CLIENTS: Proof = Proof {
    variant: "slow clients",
    fault: "10 clients of one address hold the 10 workers of a server and have asked nothing for 5 s; 8 more wait in its queue of 16",
    twin: "7 clients in the same queue; of clients that have just come none is called slow",
    remedy: "The printed sockdoc kill ends their connections",
    by: Remedied::Executed,
    severities: &["notice"],
    between: "",
    prove: prove_slow_clients,
    ..PROOF
};

/// Ten workers, each of which reads from one client until that has gone.
fn workers(at: SocketAddr) -> Actor {
    Actor::start("httpd", None, move |ready| {
        let listener = TcpListener::from(listener_at(at, 16).expect("a listener"));
        ready.now();
        std::thread::scope(|scope| {
            for _ in 0..10 {
                scope.spawn(|| {
                    for client in listener.incoming() {
                        let _ = std::io::copy(&mut client.expect("a client"), &mut std::io::sink());
                    }
                });
            }
        });
        stay();
    })
}

fn prove_slow_clients(lab: &mut Lab) {
    let at = Server::at(8080).address;
    let running = workers(at);
    let _slow = crowd::all_at_once(at, 10);
    until("the workers have taken these", || {
        tcp_in(State::Established).iter().filter(|row| row.local == at && row.inode != 0).count() == 10
    });
    let _clients = crowd::all_at_once(at, 7);
    lab.silent();
    let _one_more = crowd::all_at_once(at, 1);
    let found = lab.fires_where("notice", |found| found.0["evidence"].as_array().into_iter().flatten().any(is_slow));
    found.has("clients_silent", 10);
    assert_eq!(found.pid(), Some(running.pid()), "{found:?}");
    lab.destroys(&found);
    lab.gone();
}

/// Whether a figure is about slow clients.
fn is_slow(figure: &serde_json::Value) -> bool {
    figure["name"] == "clients_silent"
}

fn prove(lab: &mut Lab) {
    let busy = Server { backlog: 16, accepts: Accepts::Nothing, ..Server::at(8080) };
    let running = busy.clone().start();
    let mut clients = crowd::all_at_once(busy.address, 7);
    lab.silent();

    clients.extend(crowd::all_at_once(busy.address, 1));
    let found = lab.fires_on("notice", running.pid());
    assert!((found.figure("share") - 0.5).abs() < 0.001, "{found:?}");
    clients.extend(crowd::all_at_once(busy.address, 4));
    let found = lab.fires_on("warning", running.pid());
    assert_eq!((found.figure("accept_queue"), found.figure("accept_limit")), (12.0, 16.0), "{found:?}");
    drop((clients, running));

    let fixed = Server { accepts: Accepts::All, ..busy };
    let _running = fixed.clone().start();
    let _clients = crowd::all_at_once(fixed.address, 12);
    lab.gone();
}
