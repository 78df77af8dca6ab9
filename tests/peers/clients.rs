//! Clients of the servers: connections that are held, and some that are slow.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::lab::actor::{Actor, Ready, stay};
use crate::lab::path::Far;

/// A request of HTTP.
pub(crate) const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// This many clients, each with one request and its answer, which then keep their connections.
#[track_caller]
pub(crate) fn holding(to: SocketAddr, clients: usize, request: &'static [u8]) -> Actor {
    Actor::start("clients", None, move |ready| {
        let held: Vec<TcpStream> = (0..clients)
            .map(|_| {
                let mut stream = TcpStream::connect(to).expect("a connection");
                stream.write_all(request).expect("a request");
                assert!(stream.read(&mut [0; 4096]).expect("an answer") > 0, "the server hung up");
                stream
            })
            .collect();
        ready.now();
        let _held = held;
        stay();
    })
}

/// This many clients that send a request and wait for what comes, answered or not.
#[track_caller]
pub(crate) fn waiting(to: SocketAddr, clients: usize, request: &'static [u8]) -> Actor {
    Actor::start("clients", None, move |ready| {
        ready.now();
        let _held: Vec<std::thread::JoinHandle<()>> = (0..clients)
            .map(|_| {
                std::thread::spawn(move || {
                    let Ok(mut stream) = TcpStream::connect(to) else { return };
                    let _ = stream.write_all(request);
                    // Answered or not, it stays until the server hangs up.
                    while stream.read(&mut [0; 4096]).is_ok_and(|length| length > 0) {}
                })
            })
            .collect();
        stay();
    })
}

/// Clients that arrive endlessly, this many in a second, from another host or this one, each with a request, and leave
/// after an answer or when the server hangs up.
#[track_caller]
pub(crate) fn coming(far: Option<&Far>, to: SocketAddr, per_second: u32, request: &'static [u8]) -> Actor {
    let body = move |ready: Ready| {
        ready.now();
        loop {
            if let Ok(mut stream) = TcpStream::connect(to) {
                // Answered or refused.
                let _ = stream.write_all(request);
                let _ = stream.read(&mut [0; 4096]);
            }
            std::thread::sleep(Duration::from_secs(1) / per_second);
        }
    };
    match far {
        Some(far) => far.start("clients", body),
        None => Actor::start("clients", None, body),
    }
}

/// A client that asks for much and reads 16 KiB of it in each tenth of a second.
#[track_caller]
pub(crate) fn slow(to: SocketAddr, clients: usize, request: &'static [u8]) -> Actor {
    Actor::start("slow-client", None, move |ready| {
        let mut all: Vec<TcpStream> = (0..clients).map(|_| TcpStream::connect(to).expect("a connection")).collect();
        for stream in &mut all {
            stream.write_all(request).expect("a request");
        }
        ready.now();
        loop {
            for stream in &mut all {
                let _ = stream.read(&mut [0; 16_384]);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    })
}
