//! A change of the state of a TCP socket, with the facts about the socket.

use super::{
    ending::Ending,
    owner::{Holder, Process},
    reach::errno_name,
    state::State,
};

/// A change of the state of a TCP socket.
#[derive(Clone, Debug)]
pub struct StateTransition {
    /// The socket in the state that it enters. How long it lived is how long it was in the state before, and how it ended
    /// is not known yet.
    pub socket: Ending,
    /// The state that it leaves.
    pub from: State,
    /// The inode of its network namespace.
    pub netns: u32,
    /// Its pending error as it closes, a number of `errno`; 0 where there is none.
    pub error: i32,
    /// The process that called `connect()` or `listen()`.
    pub caller: Option<(Holder, Process)>,
}

impl StateTransition {
    /// The state that it enters.
    pub fn to(&self) -> State {
        self.socket.entry.state
    }

    /// The time from the SYN to the end of the handshake in microseconds, of a connection made here, at its end.
    pub fn connect_us(&self) -> Option<u64> {
        let is_connected = (self.from, self.to()) == (State::SYN_SENT, State::ESTABLISHED);
        let exactly = self.socket.lived.exactly().filter(|_| is_connected)?;
        u64::try_from(exactly.as_micros()).ok()
    }

    /// Whether the program here ended a connection by an RST: it closed with data unread, or asked for that.
    pub fn is_aborted(&self) -> bool {
        let was_open = [State::ESTABLISHED, State::CLOSE_WAIT, State::SYN_RECV].contains(&self.from);
        self.to() == State::CLOSE && was_open && self.error == 0
    }

    /// The cause of a connection that this host ended with a RST.
    pub const ABORTED: &str = "aborted";

    /// Why it failed, the same in every language: the name of the error, or `aborted`.
    pub fn cause(&self) -> Option<String> {
        if self.is_aborted() {
            return Some(StateTransition::ABORTED.to_owned());
        }
        let name = || errno_name(self.error).map_or_else(|| format!("errno {}", self.error), str::to_owned);
        (self.error != 0).then(name)
    }
}
