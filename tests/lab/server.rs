//! A server program in its own process, in its faulty and its fixed variants: they differ in one field of the plan.

use std::net::{Ipv4Addr, SocketAddr};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::{RecvFlags, SendFlags, SocketFlags, accept_with, recv, send, sockopt};

use super::actor::{Actor, Ready, stay};
use super::process::Process;
use super::sockets;

/// The server's action after a client has finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AtEnd {
    /// Closes, as it should.
    Close,
    /// Forgets to.
    Forget,
    /// Closes after so long.
    After(Duration),
}

/// The server's treatment of the connections in its queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Accepts {
    /// Takes them all at once.
    All,
    /// Leaves them where they are.
    Nothing,
    /// Takes one in so long.
    OneEvery(Duration),
}

/// The server's treatment of clients' data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reads {
    /// Reads it at once.
    All,
    /// Accepts, and never reads.
    Nothing,
    /// Reads this many bytes of each connection every 20 ms.
    Slowly(usize),
    /// Reads this many bytes of each connection, then no more.
    Only(usize),
}

/// The server's responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answers {
    /// The received data.
    Echo,
    /// Nothing.
    Nothing,
    /// The received data, then close: the server hangs up first.
    OnceThenCloses,
    /// As much as the connection takes, from the beginning and without end.
    Flood,
}

/// The plan of a server.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) name: &'static str,
    pub(crate) address: SocketAddr,
    pub(crate) backlog: i32,
    /// The soft limit of descriptors.
    pub(crate) descriptors: Option<u64>,
    pub(crate) accepts: Accepts,
    pub(crate) reads: Reads,
    pub(crate) answers: Answers,
    pub(crate) at_end: AtEnd,
    /// Closes every connection so long after it was accepted, whether all is read or not: with unread data that is a reset.
    pub(crate) hangs_up: Option<Duration>,
    /// SO_LINGER with 0 s on what it accepts: close() sends a reset.
    pub(crate) aborts: bool,
    /// SO_KEEPALIVE with this idle time.
    pub(crate) keepalive: Option<Duration>,
    /// SO_RCVBUF of the listener, which what it accepts inherits.
    pub(crate) receive_buffer: Option<usize>,
    /// SO_SNDBUF, likewise.
    pub(crate) send_buffer: Option<usize>,
    /// SO_REUSEPORT: several servers at one address.
    pub(crate) shares_port: bool,
    /// TCP_DEFER_ACCEPT with this many seconds.
    pub(crate) defers: Option<i32>,
}

impl Server {
    /// A well-behaved echo server at a port of 127.0.0.1.
    pub(crate) fn at(port: u16) -> Self {
        Self {
            name: "echo-server",
            address: SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port),
            backlog: 1024,
            descriptors: None,
            accepts: Accepts::All,
            reads: Reads::All,
            answers: Answers::Echo,
            at_end: AtEnd::Close,
            hangs_up: None,
            aborts: false,
            keepalive: None,
            receive_buffer: None,
            send_buffer: None,
            shares_port: false,
            defers: None,
        }
    }

    /// Starts it, and returns when it listens.
    #[track_caller]
    pub(crate) fn start(self) -> Actor {
        Actor::start(self.name, self.descriptors, move |ready| self.run(ready))
    }

    /// Starts this many processes of it at one listener, which their master holds and never accepts from.
    #[track_caller]
    pub(crate) fn start_workers(self, workers: usize) -> Actor {
        Actor::start(self.name, self.descriptors, move |ready| {
            let listener = self.listener().expect("a listener");
            // Before the workers, which would hold the pipe.
            ready.now();
            let _workers: Vec<Process> = (0..workers).map(|_| Process::fork(|| self.serve(&listener))).collect();
            stay()
        })
    }

    /// Runs it in this process, which another host may have started.
    pub(crate) fn run(self, ready: Ready) -> ! {
        let listener = self.listener().expect("a listener");
        ready.now();
        self.serve(&listener)
    }

    fn listener(&self) -> std::io::Result<OwnedFd> {
        let inet = if self.address.is_ipv4() { super::counts::Inet::V4 } else { super::counts::Inet::V6 };
        let listener = sockets::tcp(inet, SocketFlags::NONBLOCK)?;
        sockopt::set_socket_reuseaddr(&listener, true)?;
        if self.shares_port {
            sockopt::set_socket_reuseport(&listener, true)?;
        }
        if let Some(size) = self.receive_buffer {
            sockopt::set_socket_recv_buffer_size(&listener, size)?;
        }
        if let Some(size) = self.send_buffer {
            sockopt::set_socket_send_buffer_size(&listener, size)?;
        }
        if let Some(seconds) = self.defers {
            sockets::defer_accept(&listener, seconds)?;
        }
        rustix::net::bind(&listener, &self.address)?;
        rustix::net::listen(&listener, self.backlog)?;
        Ok(listener)
    }

    /// The loop of the program.
    fn serve(&self, listener: &OwnedFd) -> ! {
        let mut clients: Vec<Client> = vec![];
        let mut next_accept = Instant::now();
        loop {
            self.wait(listener, &clients, next_accept);
            self.accept(listener, &mut clients, &mut next_accept);
            clients.retain_mut(|client| self.attend(client));
        }
    }

    fn wait(&self, listener: &OwnedFd, clients: &[Client], next_accept: Instant) {
        let is_paced = matches!(self.reads, Reads::Slowly(_)) || self.answers == Answers::Flood;
        let mut wanted = vec![];
        if self.accepts != Accepts::Nothing && Instant::now() >= next_accept {
            wanted.push(PollFd::new(listener, PollFlags::IN));
        }
        if !is_paced {
            let readable = clients.iter().filter(|client| client.wants(self.reads));
            wanted.extend(readable.map(|client| PollFd::new(&client.socket, PollFlags::IN)));
        }
        // Only what is due by time is sought every 20 ms: in a guest, hours of that are many minutes of work.
        let has_pauses = is_paced || matches!(self.accepts, Accepts::OneEvery(_));
        let is_timed = has_pauses || matches!(self.at_end, AtEnd::After(_)) || self.hangs_up.is_some();
        let tick = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };
        // Interrupted is as good as nothing to do.
        let _ = poll(&mut wanted, is_timed.then_some(&tick));
        if is_paced {
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn accept(&self, listener: &OwnedFd, clients: &mut Vec<Client>, next: &mut Instant) {
        if self.accepts == Accepts::Nothing || Instant::now() < *next {
            return;
        }
        // Any error, EMFILE too, leaves the rest for the next time.
        while let Ok(socket) = accept_with(listener, SocketFlags::CLOEXEC | SocketFlags::NONBLOCK) {
            self.prepare(&socket).expect("options of a connection");
            clients.push(Client { socket, taken: 0, since: Instant::now(), ended: None });
            if let Accepts::OneEvery(pause) = self.accepts {
                *next = Instant::now() + pause;
                return;
            }
        }
    }

    fn prepare(&self, socket: &OwnedFd) -> std::io::Result<()> {
        if self.aborts {
            sockopt::set_socket_linger(socket, Some(Duration::ZERO))?;
        }
        if let Some(idle) = self.keepalive {
            sockopt::set_socket_keepalive(socket, true)?;
            sockopt::set_tcp_keepidle(socket, idle)?;
            sockopt::set_tcp_keepintvl(socket, idle)?;
        }
        Ok(())
    }

    /// Serves a client; false when its connection is to be closed.
    fn attend(&self, client: &mut Client) -> bool {
        if self.answers == Answers::Flood {
            // Until neither buffer takes more; an error shows in the next read.
            while send(&client.socket, &[b'x'; 16_384], SendFlags::DONTWAIT | SendFlags::NOSIGNAL).is_ok() {}
        }
        if client.wants(self.reads) && !self.read(client) {
            return false;
        }
        if self.hangs_up.is_some_and(|after| client.since.elapsed() >= after) {
            return false;
        }
        match (client.ended, self.at_end) {
            (Some(_), AtEnd::Close) => false,
            (Some(ended), AtEnd::After(pause)) => ended.elapsed() < pause,
            _ => true,
        }
    }

    /// Reads the available data, as far as the plan goes; false when the connection is to be closed.
    fn read(&self, client: &mut Client) -> bool {
        let mut buffer = [0_u8; 16_384];
        let most = match self.reads {
            Reads::Slowly(bytes) => bytes,
            Reads::Only(bytes) => bytes - client.taken,
            Reads::All | Reads::Nothing => buffer.len(),
        };
        let some = buffer.len().min(most);
        match recv(&client.socket, &mut buffer[..some], RecvFlags::DONTWAIT) {
            Ok((0, _)) => {
                client.ended = Some(Instant::now());
                true
            }
            Ok((length, _)) => {
                client.taken += length;
                if matches!(self.answers, Answers::Echo | Answers::OnceThenCloses) {
                    // A client that is gone shows in the next read.
                    let _ = send(&client.socket, &buffer[..length], SendFlags::DONTWAIT | SendFlags::NOSIGNAL);
                }
                self.answers != Answers::OnceThenCloses
            }
            Err(Errno::AGAIN) => true,
            // Reset by the client: a program that forgets to close forgets here, too.
            Err(_) => {
                client.ended = Some(Instant::now());
                true
            }
        }
    }
}

struct Client {
    socket: OwnedFd,
    /// Bytes read.
    taken: usize,
    /// When it was accepted.
    since: Instant,
    /// When the end was read.
    ended: Option<Instant>,
}

impl Client {
    fn wants(&self, reads: Reads) -> bool {
        let is_due = match reads {
            Reads::All | Reads::Slowly(_) => true,
            Reads::Nothing => false,
            Reads::Only(bytes) => self.taken < bytes,
        };
        is_due && self.ended.is_none()
    }
}
