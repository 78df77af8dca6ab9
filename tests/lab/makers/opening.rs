//! Connections that begin, and connections that are open.

use std::os::fd::OwnedFd;

use rustix::net::sockopt;

use super::super::counts::{Inet, State};
use super::super::half_open;
use super::super::sockets::{self, Family};
use super::{Held, Maker};

/// `n` listeners.
pub(crate) fn listen(family: Family, n: usize) -> Held {
    let mut maker = Maker::start(family);
    for _ in 1..n {
        let listener = sockets::listener(family, 16).expect("a listener");
        maker.held.sockets.push(listener);
    }
    maker.server(State::Listen, n - 1);
    maker.done()
}

/// `n` SYN_SENT: the listener hears nothing, as behind a firewall that drops silently.
pub(crate) fn syn_sent(family: Family, n: usize) -> Held {
    let mut maker = Maker::start(family);
    sockets::blind(&maker.listener).expect("a filter");
    maker.begin(n, |_| Ok(()));
    maker.client(State::SynSent, n);
    maker.done()
}

/// `n` SYN_RECV and the `n` SYN_SENT that do not hear their answers.
pub(crate) fn syn_recv(family: Family, n: usize) -> Held {
    let mut maker = Maker::start(family);
    maker.begin(n, |client| sockets::blind(client));
    maker.client(State::SynSent, n);
    maker.server(State::SynRecv, n);
    maker.done()
}

/// `n` SYN_RECV whose last ACK is lost: their clients are ESTABLISHED already.
pub(crate) fn syn_recv_without_last_ack(family: Family, n: usize) -> Held {
    let mut maker = Maker::start(family);
    sockets::hear_only_syn(&maker.listener).expect("a filter");
    maker.begin(n, |_| Ok(()));
    maker.client(State::Established, n);
    maker.server(State::SynRecv, n);
    maker.done()
}

/// `n` SYN_RECV from as many spoofed IPv4 sources. For [`Family::V4`] and [`Family::Dual`].
///
/// The second listener, a blind IPv4 one, swallows the answers.
pub(crate) fn syn_recv_from_nowhere(family: Family, n: usize) -> Held {
    let mut maker = Maker::start(family);
    let kept = half_open::at_listener(maker.held.port, 0, n).expect("half-open connections");
    maker.note(Inet::V4, State::Listen, kept.len());
    maker.held.others.extend(kept);
    maker.server(State::SynRecv, n);
    maker.done()
}

/// `n` accepted connections: ESTABLISHED at both ends. The servers' ends are `sockets`.
pub(crate) fn established(family: Family, n: usize) -> Held {
    let mut maker = Maker::start(family);
    for pair in maker.pairs(n) {
        maker.held.sockets.push(pair.server);
        maker.held.others.push(pair.client);
    }
    maker.client(State::Established, n);
    maker.server(State::Established, n);
    maker.done()
}

/// `n` connections that wait in the accept queue: ESTABLISHED, and inode 0 at the server's end.
pub(crate) fn not_accepted(family: Family, n: usize) -> Held {
    let mut maker = Maker::start(family);
    maker.connect(n);
    maker.client(State::Established, n);
    maker.server(State::Established, n);
    maker.done()
}

/// A full accept queue: `backlog` + 1 connections in it, and `n` clients whose SYNs are dropped (SYN_SENT).
pub(crate) fn full_accept_queue(family: Family, backlog: usize, n: usize) -> Held {
    let mut maker = Maker::start(family);
    let limit = i32::try_from(backlog).expect("a small backlog");
    rustix::net::listen(&maker.listener, limit).expect("the backlog changed");
    maker.connect(backlog + 1);
    maker.begin(n, |_| Ok(()));
    maker.client(State::Established, backlog + 1);
    maker.server(State::Established, backlog + 1);
    maker.client(State::SynSent, n);
    maker.done()
}

/// `n` connections whose server never reads: the clients (`sockets`) have sent until both buffers were full, and probe
/// the closed window (timer 4).
pub(crate) fn zero_window(family: Family, n: usize) -> Held {
    let mut maker = Maker::start(family);
    sockopt::set_socket_recv_buffer_size(&maker.listener, 2_000).expect("a small buffer");
    for pair in maker.pairs(n) {
        sockets::fill(&pair.client).expect("a full send buffer");
        maker.held.sockets.push(pair.client);
        maker.held.others.push(pair.server);
    }
    maker.client(State::Established, n);
    maker.server(State::Established, n);
    maker.done()
}

/// `n` sockets that are bound to a port and neither listen nor connect. No table but sock_diag's shows them.
pub(crate) fn bound_inactive(inet: Inet, n: usize) -> Vec<OwnedFd> {
    (0..n).map(|_| sockets::bound(inet).expect("a bound socket")).collect()
}
