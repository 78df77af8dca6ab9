//! Connections that end: every state after the first FIN.

use rustix::net::sockopt;

use super::super::counts::State;
use super::super::proc_net;
use super::super::sockets::{self, Family};
use super::{Held, Maker};

/// Whether the program still has the descriptor of the socket on which it hung up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hangup {
    /// shutdown(SHUT_WR), the descriptor kept.
    Held,
    /// close(): an orphan, inode 0.
    Orphan,
}

/// The forms of CLOSE_WAIT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// The program has read the end of the stream: Recv-Q 0.
    Nothing,
    /// The FIN and this many bytes before it: Recv-Q bytes + 1.
    Bytes(usize),
    /// The program has not even accepted the connection: inode 0, Recv-Q 1.
    NotAccepted,
}

/// `n` FIN_WAIT1 whose FIN is lost; their blind peers are still ESTABLISHED.
pub(crate) fn fin_wait1(family: Family, n: usize, hangup: Hangup) -> Held {
    let mut maker = Maker::start(family);
    for pair in maker.pairs(n) {
        sockets::blind(&pair.server).expect("a filter");
        maker.hang_up(pair.client, hangup);
        maker.held.others.push(pair.server);
    }
    maker.client(State::FinWait1, n);
    maker.server(State::Established, n);
    maker.done()
}

/// `n` FIN_WAIT1 orphans whose FIN waits behind data that the peer's program does not read.
pub(crate) fn fin_wait1_behind_zero_window(family: Family, n: usize) -> Held {
    let mut maker = Maker::start(family);
    sockopt::set_socket_recv_buffer_size(&maker.listener, 2_000).expect("a small buffer");
    for pair in maker.pairs(n) {
        sockets::fill(&pair.client).expect("a full send buffer");
        maker.hang_up(pair.client, Hangup::Orphan);
        maker.held.others.push(pair.server);
    }
    maker.client(State::FinWait1, n);
    maker.server(State::Established, n);
    maker.done()
}

/// `n` FIN_WAIT2 whose peers do not close: CLOSE_WAIT with the FIN unread. An orphan is a mini-sock with timer 3 and
/// gone after 60 s; a held one stays.
pub(crate) fn fin_wait2(family: Family, n: usize, hangup: Hangup) -> Held {
    let mut maker = Maker::start(family);
    for pair in maker.pairs(n) {
        maker.hang_up(pair.client, hangup);
        maker.held.others.push(pair.server);
    }
    maker.client(State::FinWait2, n);
    maker.server(State::CloseWait, n);
    maker.done()
}

/// `n` CLOSING: both ends hung up, and the peer, which is blind, acknowledges nothing and stays in FIN_WAIT1.
pub(crate) fn closing(family: Family, n: usize, hangup: Hangup) -> Held {
    let mut maker = Maker::start(family);
    for pair in maker.pairs(n) {
        sockets::blind(&pair.server).expect("a filter");
        // Its FIN goes unheard; the one that comes back does not acknowledge it.
        maker.hang_up(pair.client, hangup);
        sockets::finish(&pair.server).expect("a FIN from the other side");
        maker.held.others.push(pair.server);
    }
    maker.client(State::Closing, n);
    maker.server(State::FinWait1, n);
    maker.done()
}

/// `n` TIME_WAIT at the client's end, each gone 60 s later.
pub(crate) fn time_wait(family: Family, n: usize) -> Held {
    let mut maker = Maker::start(family);
    for pair in maker.pairs(n) {
        drop(pair.client);
        drop(pair.server);
    }
    maker.client(State::TimeWait, n);
    maker.done()
}

/// `n` TIME_WAIT at the server's end.
pub(crate) fn time_wait_at_server(family: Family, n: usize) -> Held {
    let mut maker = Maker::start(family);
    for pair in maker.pairs(n) {
        drop(pair.server);
        drop(pair.client);
    }
    maker.server(State::TimeWait, n);
    maker.done()
}

/// `n` CLOSE_WAIT in one of its forms; their peers are gone without a trace.
pub(crate) fn close_wait(family: Family, n: usize, unread: Unread) -> Held {
    let mut maker = Maker::start(family);
    let clients = match unread {
        Unread::NotAccepted => maker.connect_apart(n),
        Unread::Nothing | Unread::Bytes(_) => {
            let (clients, servers) = maker.pairs(n).into_iter().map(|pair| (pair.client, pair.server)).unzip();
            maker.held.sockets = servers;
            clients
        }
    };
    for client in &clients {
        if let Unread::Bytes(bytes) = unread {
            rustix::io::write(client, &vec![b'x'; bytes]).expect("data");
        }
        sockets::finish(client).expect("a FIN");
    }
    if unread == Unread::Nothing {
        for server in &maker.held.sockets {
            let end = rustix::io::read(server, &mut [0_u8]).expect("the end of the stream");
            assert_eq!(end, 0);
        }
    }
    maker.server(State::CloseWait, n);
    maker.disappear(clients);
    maker.done()
}

/// `n` LAST_ACK: the peer hung up, then we did, and the peer, blind by now, stays in FIN_WAIT2.
pub(crate) fn last_ack(family: Family, n: usize, hangup: Hangup) -> Held {
    let mut maker = Maker::start(family);
    let pairs = maker.pairs(n);
    for pair in &pairs {
        sockets::finish(&pair.client).expect("a FIN");
    }
    // The FIN must be acknowledged before the peer stops hearing.
    let mut halfway = maker.expected();
    halfway.note(family.client(), State::FinWait2, n);
    halfway.note(family.server(), State::CloseWait, n);
    proc_net::settle(&halfway);
    for pair in pairs {
        sockets::blind(&pair.client).expect("a filter");
        maker.hang_up(pair.server, hangup);
        maker.held.others.push(pair.client);
    }
    maker.server(State::LastAck, n);
    maker.client(State::FinWait2, n);
    maker.done()
}
