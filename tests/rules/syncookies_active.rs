//! Listeners whose queue of half-open handshakes is full: in a flood, and before clients who are real.

use std::time::Duration;

use crate::lab::crowd;
use crate::lab::half_open;
use crate::lab::load::Load;
use crate::lab::namespace::set_sysctl;
use crate::lab::proc_net::counter;
use crate::lab::proof::{Lab, Proof, Remedied};
use crate::lab::server::Server;

pub(crate) const PROOF: Proof = Proof {
    rule: "syncookies-active",
    fault: "200 SYNs a second without a last ACK, with net.core.somaxconn 16; and as a notice, 17 clients who are slow \
            to finish, and 20 a second who come back with their cookie",
    twin: "16 clients that finish slowly, and 20 a second that finish at once; and with tcp_syncookies 2, where \
           every client gets a cookie, 20 come back with it",
    remedy: "sysctl -w net.core.somaxconn=…, the program is restarted, and the slow clients fit",
    by: Remedied::Executed,
    severities: &["warning", "notice"],
    between: "500ms",
    prove,
    ..Proof::PLAIN
};

fn prove(lab: &mut Lab) {
    set_sysctl("net.core.somaxconn", "16").expect("a setting of this namespace");
    let server = Server::at(8080);
    let clients = || Load { per_second: Some(20), ..Load::to(server.address, usize::MAX) }.begin();

    let running = server.clone().start();
    let slow = half_open::at_listener(8080, 0, 16).expect("SYNs sent");
    let real = clients();
    lab.silent();
    drop((slow, real, running));

    set_sysctl("net.ipv4.tcp_syncookies", "2").expect("a setting of this namespace");
    let running = server.clone().start();
    let real = clients();
    lab.silent();
    assert!(counter("TcpExtSyncookiesSent").is_some_and(|sent| sent >= 5), "a twin without cookies shows nothing");
    drop((real, running));
    set_sysctl("net.ipv4.tcp_syncookies", "1").expect("a setting of this namespace");

    let running = server.clone().start();
    let flood = crowd::flood(8080, 1_000, Duration::from_millis(5), usize::MAX);
    let found = lab.fires_on("warning", running.pid());
    assert!(found.figure("cookies_sent") >= 50.0 && found.figure("cookies_returned") < 1.0, "{found:?}");
    drop((flood, running));

    let running = server.clone().start();
    let slow = half_open::at_listener(8080, 100, 17).expect("SYNs sent");
    let real = clients();
    let found = lab.fires_on("notice", running.pid());
    let (sent, returned) = (found.figure("cookies_sent"), found.figure("cookies_returned"));
    assert!(sent >= 5.0 && (sent - returned).abs() <= 1.0, "{found:?}");
    lab.runs(&found, "sysctl -w net.core.somaxconn=");
    drop((slow, real, running));

    let _running = server.clone().start();
    let _slow = half_open::at_listener(8080, 200, 17).expect("SYNs sent");
    let _real = clients();
    lab.gone();
}
