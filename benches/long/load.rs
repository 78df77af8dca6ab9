//! Connections on loopback, so many a second, each closed at once: fifteen of sixteen by a reset, the rest leave TIME_WAIT.

use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use rustix::net::sockopt;

use crate::lab::actor::{Actor, Ready};

/// Processes that share the load.
const MAKERS: u16 = 2;
/// Connections that are open at once in each: one at a time would wait for the other process.
const BATCH: usize = 16;

/// Starts them; they end with this.
pub(crate) fn start(per_second: u32) -> Vec<Actor> {
    let each = f64::from(per_second) / f64::from(MAKERS);
    (0..MAKERS)
        .map(|maker| {
            Actor::start("load", None, move |ready| {
                // Connections from elsewhere would not wait for the programs of this machine. Only root may.
                let _ = rustix::process::nice(-10);
                let made = make(ready, 7000 + maker, each);
                eprintln!("long: the load ended: {made:?}");
            })
        })
        .collect()
}

fn make(ready: Ready, port: u16, per_second: f64) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, port))?;
    ready.now();
    let (begun, mut made) = (Instant::now(), 0_u32);
    loop {
        let due = (begun.elapsed().as_secs_f64() * per_second) as u32;
        if made >= due {
            std::thread::sleep(Duration::from_millis(1));
            continue;
        }
        let mut clients = Vec::with_capacity(BATCH);
        for _ in 0..BATCH {
            // Another address for each: ports are never short.
            let [_, _, high, low] = made.to_be_bytes();
            let client = TcpStream::connect((Ipv4Addr::new(127, 1, high, low), port))?;
            if made % 16 != 0 {
                sockopt::set_socket_linger(&client, Some(Duration::ZERO))?;
            }
            clients.push(client);
            made += 1;
        }
        for client in clients {
            let accepted = listener.accept();
            drop((client, accepted));
        }
    }
}
