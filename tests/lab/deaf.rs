//! Clients that hear nothing any more, as behind a path that has died: their sockets live, and acknowledge nothing.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::net::{SendFlags, send, sockopt};

use super::actor::Actor;
use super::sockets;
use super::traffic::{self, loopback};

/// Such clients, until this is dropped.
pub(crate) struct Deaf(Vec<OwnedFd>);

impl Deaf {
    /// `n` that ask for something and do not hear the answer.
    pub(crate) fn asking(to: SocketAddr, n: usize) -> Self {
        Self::connected(to, n, |_| {})
    }

    /// `n` that have finished, and do not hear that the other side has, too.
    pub(crate) fn finished(to: SocketAddr, n: usize) -> Self {
        Self::connected(to, n, |client| sockets::finish(client).expect("a FIN"))
    }

    fn connected(to: SocketAddr, n: usize, then: impl Fn(&OwnedFd)) -> Self {
        let one = |_| {
            let client = traffic::connect_to(to).expect("a connection");
            sockets::blind(&client).expect("a filter");
            // It can still speak.
            send(&client, &[b'?'; 100], SendFlags::NOSIGNAL).expect("a question");
            then(&client);
            client
        };
        Self((0..n).map(one).collect())
    }

    /// They hear again: the path is mended.
    pub(crate) fn hear(&self) {
        for client in &self.0 {
            sockets::see(client).expect("no filter");
        }
    }
}

/// A server that answers each question, waits for the end of it if it is to, and closes; with TCP_USER_TIMEOUT.
pub(crate) fn server_that_gives_up(port: u16, after: Duration, awaits_end: bool) -> Actor {
    Actor::start("careful-server", None, move |ready| {
        let listener = TcpListener::bind(loopback(1, port)).expect("a listener");
        ready.now();
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let after = u32::try_from(after.as_millis()).expect("some seconds");
            sockopt::set_tcp_user_timeout(&stream, after).expect("TCP_USER_TIMEOUT");
            std::thread::spawn(move || {
                let mut question = [0; 100];
                stream.read_exact(&mut question).expect("a question");
                if awaits_end {
                    stream.read_to_end(&mut vec![]).expect("its end");
                }
                stream.write_all(&question).expect("room for an answer");
            });
        }
    })
}
