//! Every way a socket can end, and the word for it.

use std::{
    io::{ErrorKind, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket},
    os::fd::OwnedFd,
    time::{Duration, Instant},
};

use rustix::net::{self, SocketFlags, sockopt};
use serde_json::Value;

use crate::{
    follower::{Follower, at_port, pair, settle},
    lab::{counts::Inet, sockets},
};

const EVENTS: &[&str] = &["events", "--json"];

fn listening(port: u16) -> TcpListener {
    TcpListener::bind(("127.0.0.1", port)).unwrap()
}

/// Makes a connection to a listener that the first dump saw, ends it, and gives the events of client and server.
fn ended(end: impl FnOnce(TcpStream, TcpStream)) -> (Value, Value) {
    let listener = listening(8080);
    let follower = Follower::start(EVENTS);
    let (client, server) = pair(&listener);
    let port = client.local_addr().unwrap().port();
    end(client, server);
    let ends = follower.ends(2);
    (at_port(&ends, port).clone(), at_port(&ends, 8080).clone())
}

pub(crate) fn a_fin_of_either_side_is_a_close_and_counts_the_bytes() {
    for client_first in [true, false] {
        let (client, server) = ended(|mut client, mut server| {
            client.write_all(&[b'a'; 700]).unwrap();
            server.read_exact(&mut [0; 700]).unwrap();
            server.write_all(&[b'b'; 3000]).unwrap();
            client.read_exact(&mut [0; 3000]).unwrap();
            if client_first {
                drop(client);
                settle();
                drop(server);
            } else {
                drop(server);
                settle();
                drop(client);
            }
        });
        assert_eq!((&client["end"], &server["end"]), (&"closed".into(), &"closed".into()), "{client} {server}");
        assert_eq!((&client["direction"], &server["direction"]), (&"outbound".into(), &"inbound".into()));
        assert_eq!((&client["sent_bytes"], &server["sent_bytes"]), (&700.into(), &3000.into()));
        // A FIN that came counts as one byte.
        let received =
            |one: &Value, bytes: u64| one["received_bytes"].as_u64().is_some_and(|n| n == bytes || n == bytes + 1);
        assert!(received(&client, 3000) && received(&server, 700), "{client} {server}");
        assert_eq!(client["peer"]["port"], 8080);
        assert_eq!(client["local"], server["peer"]);
        assert!(client["rtt_us"].as_u64() > Some(0) && client["retransmitted"] == 0, "{client}");
        // The kernel writes zeros for these.
        assert_eq!((&client["uid"], &client["owners"]), (&Value::Null, &Value::Array(Vec::new())), "{client}");
    }
}

pub(crate) fn a_reset_is_reported_where_the_figures_prove_it() {
    // Data that was not read makes close() an RST.
    let (client, server) = ended(|mut client, server| {
        client.write_all(b"unread").unwrap();
        settle();
        drop(server);
        settle();
        drop(client);
    });
    assert_eq!((&server["end"], &server["recv_queue_bytes"]), (&"reset".into(), &6.into()), "{server}");
    // All that the client sent was acknowledged: its figures are those of a server that closed.
    assert_eq!(client["end"], "closed", "{client}");
}

pub(crate) fn an_abort_has_no_counters_and_is_a_reset() {
    let (client, server) = ended(|mut client, server| {
        client.write_all(b"abc").unwrap();
        settle();
        sockopt::set_socket_linger(&client, Some(Duration::ZERO)).unwrap();
        drop(client);
        settle();
        drop(server);
    });
    assert_eq!((&client["end"], &server["end"]), (&"reset".into(), &"reset".into()), "{client} {server}");
    // The kernel has wiped them: unknown, not 0.
    for name in ["sent_bytes", "received_bytes", "rtt_us", "retransmitted"] {
        assert_eq!(client[name], Value::Null, "{client}");
    }
    assert_eq!((&client["peer"]["address"], &client["peer"]["port"]), (&"127.0.0.1".into(), &Value::Null), "{client}");
    assert_eq!(server["received_bytes"], 3, "{server}");
}

pub(crate) fn a_half_close_is_a_close() {
    let (client, server) = ended(|mut client, mut server| {
        client.shutdown(Shutdown::Write).unwrap();
        assert_eq!(server.read(&mut [0; 9]).unwrap(), 0);
        server.write_all(b"the rest").unwrap();
        drop(server);
        let mut rest = Vec::new();
        client.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, b"the rest");
        settle();
    });
    assert_eq!((&client["end"], &server["end"]), (&"closed".into(), &"closed".into()), "{client} {server}");
    assert_eq!(server["sent_bytes"], 8, "{server}");
}

pub(crate) fn what_was_never_acknowledged_is_unfinished() {
    // The client no longer hears, and the server gives up: TCP_USER_TIMEOUT.
    let (_, server) = {
        let listener = listening(8080);
        let follower = Follower::start(EVENTS);
        let (client, mut server) = pair(&listener);
        sockets::blind(&client).unwrap();
        sockopt::set_tcp_user_timeout(&server, 300).unwrap();
        server.write_all(&[b'x'; 500]).unwrap();
        assert_eq!(server.read(&mut [0; 9]).unwrap_err().kind(), ErrorKind::TimedOut);
        drop(server);
        let ends = follower.ends(1);
        (client, ends[0].clone())
    };
    assert_eq!((&server["end"], &server["send_queue_bytes"]), (&"unfinished".into(), &500.into()), "{server}");
    assert!(server["retransmitted"].as_u64() > Some(0), "{server}");
}

pub(crate) fn an_attempt_that_was_refused_is_distinguished_from_one_without_an_answer() {
    let follower = Follower::start(EVENTS);
    let nobody: SocketAddr = "127.0.0.1:9".parse().unwrap();
    TcpStream::connect(nobody).unwrap_err();
    let blocking = follower.ends(1).remove(0);
    assert_eq!((&blocking["end"], &blocking["direction"]), (&"refused".into(), &"outbound".into()), "{blocking}");
    drop(connecting(9));
    let refused = follower.ends(1).remove(0);
    assert_eq!((&refused["end"], &refused["peer"]["port"]), (&"refused".into(), &9.into()), "{refused}");
    assert_eq!((&refused["sent_bytes"], &refused["received_bytes"]), (&0.into(), &0.into()), "{refused}");
    // A listener that hears nothing.
    let deaf = listening(8081);
    sockets::blind(&deaf).unwrap();
    let unanswered = connecting(8081);
    std::thread::sleep(Duration::from_millis(1500));
    let port = sockets::local_address(&unanswered).unwrap().port();
    drop(unanswered);
    let told = follower.ends(1).remove(0);
    assert_eq!((&told["end"], &told["local"]["port"]), (&"unanswered".into(), &port.into()), "{told}");
    assert!(told["retransmitted"].as_u64() > Some(0), "{told}");
    // It was given up before the SYN was sent again, so the record does not show whether a network error ended it.
    let end = loop {
        let began = Instant::now();
        drop(connecting(8081));
        let took = began.elapsed();
        let end = follower.ends(1).remove(0);
        // On a busy host the next SYN, which the kernel sends after a second, may come before it is given up.
        if took < Duration::from_millis(900) {
            break end;
        }
    };
    assert_eq!(end["end"], "failed");
}

/// A connection that is being made.
fn connecting(port: u16) -> OwnedFd {
    let socket = sockets::tcp(Inet::V4, SocketFlags::NONBLOCK).unwrap();
    let to: SocketAddr = ([127, 0, 0, 1], port).into();
    let _ = net::connect(&socket, &to);
    settle();
    socket
}

pub(crate) fn unused_sockets_listeners_and_udp_end_too() {
    let listener = listening(8080);
    let udp = UdpSocket::bind("127.0.0.1:5353").unwrap();
    udp.connect("127.0.0.1:9").unwrap();
    let follower = Follower::start(EVENTS);
    drop(sockets::tcp(Inet::V4, SocketFlags::empty()).unwrap());
    let unused = follower.document();
    assert_eq!((&unused["end"], &unused["local"], &unused["peer"]), (&"unused".into(), &Value::Null, &Value::Null));
    drop(listener);
    let listened = follower.document();
    assert_eq!((&listened["end"], &listened["direction"]), (&"listener".into(), &"listener".into()), "{listened}");
    drop(udp);
    let udp = follower.document();
    assert_eq!(
        (&udp["netid"], &udp["end"], &udp["peer"]["port"]),
        (&"udp".into(), &"closed".into(), &9.into()),
        "{udp}"
    );
    assert_eq!((&udp["sent_bytes"], &udp["rtt_us"], &udp["send_queue_bytes"]), (&Value::Null, &Value::Null, &0.into()));
    let udp6 = UdpSocket::bind("[::1]:5354").unwrap();
    drop(udp6);
    let udp6 = follower.document();
    assert_eq!((&udp6["family"], &udp6["local"]["address"]), (&"inet6".into(), &"::1".into()), "{udp6}");
}
