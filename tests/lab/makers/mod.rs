//! Makers of TCP sockets in every state, some to some hundreds of each.
//!
//! Each maker returns when the kernel shows what it made, and says what that is, twins included: a connection has two
//! ends, and most states of one need a certain state of the other. The rarer states are made with [`sockets::blind`]:
//! a peer that hears nothing acknowledges nothing.

mod closing;
mod opening;

use std::os::fd::OwnedFd;

pub(crate) use closing::{
    Hangup, Unread, close_wait, closing, fin_wait1, fin_wait1_behind_zero_window, fin_wait2, last_ack, time_wait,
    time_wait_at_server,
};
pub(crate) use opening::{
    bound_inactive, established, full_accept_queue, listen, not_accepted, syn_recv, syn_recv_from_nowhere,
    syn_recv_without_last_ack, syn_sent, zero_window,
};

use super::counts::{Counts, Inet, State};
use super::sockets::{self, Family, Pair};
use super::{namespace, proc_net};

/// Sockets that live until this is dropped, and some (TIME_WAIT, orphans) for a while after.
pub(crate) struct Held {
    /// The sockets of the end that the maker is about, where descriptors hold them.
    pub(crate) sockets: Vec<OwnedFd>,
    /// Their twins and listeners.
    pub(crate) others: Vec<OwnedFd>,
    /// How many of each state the kernel shows because of this.
    pub(crate) made: Counts,
    /// The port that the server's end of all of them has.
    pub(crate) port: u16,
}

/// Sockets of these families in every possible state, and their counts; `TIME_WAIT`, which lasts only a minute, comes
/// last and may be limited to fewer families.
pub(crate) fn every_state(families: &[Family], time_waits: &[Family]) -> (Vec<Held>, Counts) {
    let mut held = vec![];
    for &family in families {
        held.push(syn_sent(family, 2));
        held.push(syn_recv(family, 3));
        held.push(established(family, 4));
        held.push(fin_wait1(family, 5, Hangup::Orphan));
        held.push(fin_wait2(family, 6, Hangup::Held));
        held.push(closing(family, 7, Hangup::Held));
        held.push(close_wait(family, 9, Unread::Nothing));
        held.push(last_ack(family, 10, Hangup::Orphan));
    }
    held.extend(time_waits.iter().map(|&family| time_wait(family, 8)));
    let mut made = Counts::default();
    held.iter().for_each(|held| made += &held.made);
    let missing: Vec<State> = State::ALL.into_iter().filter(|state| made.state(*state) == 0).collect();
    assert_eq!(missing, [State::Close], "only this needs no socket");
    (held, made)
}

/// The common part of the makers: a listener, and the counts from before.
struct Maker {
    family: Family,
    listener: OwnedFd,
    before: Counts,
    held: Held,
}

impl Maker {
    fn start(family: Family) -> Self {
        namespace::raise_descriptor_limit();
        let before = proc_net::tcp_counts();
        let listener = sockets::listener(family, 4096).expect("a listener");
        let port = sockets::local_address(&listener).expect("its address").port();
        let held = Held { sockets: vec![], others: vec![], made: Counts::of(family.server(), State::Listen, 1), port };
        Self { family, listener, before, held }
    }

    fn pairs(&self, n: usize) -> Vec<Pair> {
        sockets::pairs(self.family, &self.listener, n).expect("accepted connections")
    }

    /// Connections that stay in the accept queue, kept as the others.
    fn connect(&mut self, n: usize) {
        let clients = self.connect_apart(n);
        self.held.others.extend(clients);
    }

    fn connect_apart(&self, n: usize) -> Vec<OwnedFd> {
        (0..n).map(|_| sockets::connected(self.family, &self.listener).expect("a connection")).collect()
    }

    /// Handshakes that may not come to their end, kept as the subject.
    fn begin(&mut self, n: usize, prepare: impl Fn(&OwnedFd) -> std::io::Result<()>) {
        for _ in 0..n {
            let client = sockets::connecting(self.family, &self.listener, &prepare);
            self.held.sockets.push(client.expect("a SYN sent"));
        }
    }

    fn hang_up(&mut self, socket: OwnedFd, hangup: Hangup) {
        match hangup {
            Hangup::Held => {
                sockets::finish(&socket).expect("a FIN");
                self.held.sockets.push(socket);
            }
            Hangup::Orphan => drop(socket),
        }
    }

    /// Removes clients that have sent their FIN, once it is acknowledged: a later ACK would be answered with a reset.
    fn disappear(&mut self, clients: Vec<OwnedFd>) {
        let mut halfway = self.expected();
        halfway.note(self.family.client(), State::FinWait2, clients.len());
        proc_net::settle(&halfway);
        for client in clients {
            sockets::vanish(client).expect("a silent end");
        }
    }

    fn client(&mut self, state: State, n: usize) {
        self.note(self.family.client(), state, n);
    }

    fn server(&mut self, state: State, n: usize) {
        self.note(self.family.server(), state, n);
    }

    fn note(&mut self, inet: Inet, state: State, n: usize) {
        self.held.made.note(inet, state, n);
    }

    fn expected(&self) -> Counts {
        self.before.clone() + self.held.made.clone()
    }

    #[track_caller]
    fn done(mut self) -> Held {
        proc_net::settle(&self.expected());
        self.held.others.push(self.listener);
        self.held
    }
}
