//! Clients that do not wait for success: a crowd before a queue, and floods of SYNs, in their own processes.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::net::{SendFlags, send};

use super::actor::{Actor, stay};
use super::{half_open, traffic};

/// Clients that come all at once, connected or not.
#[track_caller]
pub(crate) fn all_at_once(to: SocketAddr, n: usize) -> Vec<OwnedFd> {
    (0..n).map(|_| traffic::knock(to).expect("a SYN sent")).collect()
}

/// Clients that come without end, `n` at once in each such time; each goes after half a second, served or not.
#[track_caller]
pub(crate) fn without_end(to: SocketAddr, n: usize, each: Duration) -> Actor {
    come(to, n, each, Duration::from_millis(500), |_| {})
}

/// The same, and each stays for so long. Whoever is connected sends a byte in each such time.
#[track_caller]
pub(crate) fn of_the_patient(to: SocketAddr, n: usize, each: Duration, stays: Duration) -> Actor {
    come(to, n, each, stays, |client| {
        // A client that is not connected yet, or cannot send more, sends nothing.
        let _ = send(client, b"?", SendFlags::DONTWAIT | SendFlags::NOSIGNAL);
    })
}

fn come(to: SocketAddr, n: usize, each: Duration, stays: Duration, then: fn(&OwnedFd)) -> Actor {
    Actor::start("crowd", None, move |ready| {
        ready.now();
        let mut there: VecDeque<(Instant, OwnedFd)> = VecDeque::new();
        paced(each, usize::MAX, |_| {
            while there.front().is_some_and(|(since, _)| since.elapsed() > stays) {
                there.pop_front();
            }
            there.iter().for_each(|(_, client)| then(client));
            // Refused, as between two servers, is as good as dropped.
            let clients = (0..n).filter_map(|_| traffic::knock(to).ok());
            there.extend(clients.map(|client| (Instant::now(), client)));
        });
    })
}

/// SYNs from as many forged addresses, numbered from `first`, at a listener of 127.0.0.1: one in each such time,
/// `most` in all. The handshakes end with this guard.
#[track_caller]
pub(crate) fn flood(port: u16, first: usize, each: Duration, most: usize) -> Actor {
    Actor::start("flood", None, move |ready| {
        let _answers = half_open::at_listener(port, first, 0).expect("somebody who swallows the answers");
        ready.now();
        paced(each, most, |i| {
            half_open::at_listener(port, first + i, 1).expect("a SYN sent");
        });
        stay();
    })
}

fn paced(time: Duration, most: usize, mut each: impl FnMut(usize)) {
    let mut due = Instant::now();
    for i in 0..most {
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        each(i);
        due += time;
    }
}
