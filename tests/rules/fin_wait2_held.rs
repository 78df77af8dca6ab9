//! A client that has finished, keeps its descriptors, and waits for a server that does not close.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use crate::lab::actor::{Actor, stay};
use crate::lab::counts::State;
use crate::lab::load::{Ends, Load};
use crate::lab::proc_net::{tcp_in, until};
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::{AtEnd, Server};

pub(crate) const PROOF: Proof = Proof {
    rule: "fin-wait2-held",
    fault: "A client finishes 10 connections (shutdown) and waits for a server that forgets close()",
    twin: "The same with a server that closes 1 s after the end: about 10 wait at any time",
    remedy: "`sockdoc kill`; and a client that reads with a timeout after shutdown(), then closes",
    by: Remedied::FixedProgram,
    severities: &["notice"],
    set: &["age=3s"],
    prove,
    ..Proof::PLAIN
};

fn held() -> usize {
    tcp_in(State::FinWait2).iter().filter(|row| row.inode != 0).count()
}

/// A client that waits half a second for the end of each answer.
fn careful(server: &Server, n: usize) -> Actor {
    let address = server.address;
    Actor::start("careful-client", None, move |ready| {
        for _ in 0..n {
            let mut stream = TcpStream::connect(address).expect("a connection");
            stream.set_read_timeout(Some(Duration::from_millis(100))).expect("a timeout");
            stream.write_all(&[b'?'; 100]).expect("a question");
            stream.shutdown(Shutdown::Write).expect("its end");
            // The answer comes; its end does not.
            assert!(stream.read_to_end(&mut vec![]).is_err());
        }
        ready.now();
        stay();
    })
}

fn prove(lab: &mut Lab) {
    let forgetful = Server { at_end: AtEnd::Forget, ..Server::at(8080) };
    let finish = Load { ends: Ends::Finishes, ..Load::to(forgetful.address, 10) };
    let running = forgetful.clone().start();
    let clients = finish.clone().complete();
    let found = lab.fires_where("notice", |found| found.pid() == Some(clients.pid()) && found.counts(10));
    found.lasts("oldest", 3);
    found.says(&format!("the other end is echo-server ({}) on this host", running.pid()));
    lab.destroys(&found);
    lab.gone();
    assert_eq!(held(), 0, "they are destroyed");
    drop(clients);
    let clients = careful(&forgetful, 10);
    lab.gone();
    drop((running, clients));

    let late = Server { at_end: AtEnd::After(Duration::from_secs(1)), ..forgetful };
    let _running = late.start();
    let _clients = Load { connections: usize::MAX, per_second: Some(10), ..finish }.begin();
    std::thread::sleep(Duration::from_secs(1));
    until("some wait", || held() > 0);
    lab.silent();
    assert!(held() > 0, "a twin that does not wait shows nothing");
}
