//! The child's loop: a few connections at once, none of which can hold up another, and one sample for all that wait.

use std::{
    io,
    os::{fd::AsFd, unix::net::UnixStream},
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
};

use super::{
    address::ListenSocket,
    connection::Connection,
    link::{self, Inbox, SampleText},
};

/// Connections that are served at once; each holds a head of at most 8 KiB, and all share the text of the sample. More
/// wait in the listener's queue.
const MOST: usize = 256;

/// The time that a client may be silent before another one takes its place, and the time between checks for a silent
/// client while there is no room.
const SILENCE: Duration = Duration::from_secs(1);
const LOOKS: Duration = Duration::from_millis(100);

/// The state of the endpoint.
struct HttpServer<'a> {
    listeners: &'a [ListenSocket],
    link: &'a UnixStream,
    interval: Duration,
    connections: Vec<Connection>,
    inbox: Inbox,
    /// The newest sample, and when it came.
    page: Option<(SampleText, Instant)>,
    is_asked: bool,
}

/// Serves until the process at the other end of the link ends. One sample serves all who ask within the interval.
///
/// # Errors
/// As polling does.
pub fn serve(listeners: &[ListenSocket], link: &UnixStream, interval: Duration) -> io::Result<()> {
    link.set_nonblocking(true)?;
    let (connections, inbox) = (Vec::new(), Inbox::default());
    let mut endpoint = HttpServer { listeners, link, interval, connections, inbox, page: None, is_asked: false };
    while endpoint.turn()? {}
    Ok(())
}

impl HttpServer<'_> {
    /// Waits for something to happen and does it; `false` at the end.
    fn turn(&mut self) -> io::Result<bool> {
        let happened = self.wait()?;
        let now = Instant::now();
        let mut happened = happened.into_iter();
        if happened.next() == Some(true) && !self.receive(now)? {
            return Ok(false);
        }
        let knocks: Vec<bool> = happened.by_ref().take(self.listeners.len()).collect();
        let mut happened = happened.collect::<Vec<_>>().into_iter();
        self.connections.retain_mut(|one| match happened.next() {
            // Nothing is expected of it: its client has gone.
            Some(true) if one.wants_sample() => false,
            Some(true) => one.go_on(now),
            _ => true,
        });
        for (listener, _) in self.listeners.iter().zip(knocks).filter(|(_, knocks)| *knocks) {
            self.accept(listener, now);
        }
        self.answer_from_page(now)?;
        self.end_overdue(now);
        Ok(true)
    }

    /// The ready descriptors: the link, each listener, each connection.
    fn wait(&self) -> io::Result<Vec<bool>> {
        let now = Instant::now();
        let has_room = self.connections.len() < MOST || self.longest_idle(now).is_some();
        let knock = if has_room { PollFlags::IN } else { PollFlags::empty() };
        let link = [PollFd::from_borrowed_fd(self.link.as_fd(), PollFlags::IN)];
        let listeners = self.listeners.iter().map(|one| PollFd::from_borrowed_fd(one.as_fd(), knock));
        let connections = self.connections.iter().map(|one| PollFd::from_borrowed_fd(one.socket(), one.interest()));
        let mut all: Vec<PollFd<'_>> = link.into_iter().chain(listeners).chain(connections).collect();
        let end = self.connections.iter().map(Connection::end).min();
        let time = end.map(|end| end.saturating_duration_since(now).min(if has_room { Duration::MAX } else { LOOKS }));
        let time = time.and_then(|time| Timespec::try_from(time).ok());
        match poll(&mut all, time.as_ref()) {
            Ok(_) | Err(Errno::INTR) => Ok(all.iter().map(|one| !one.revents().is_empty()).collect()),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes a connection; where there are too many, the one that keeps its client's silence longest makes room.
    fn accept(&mut self, listener: &ListenSocket, now: Instant) {
        if self.connections.len() >= MOST {
            let Some(idle) = self.longest_idle(now) else { return };
            self.connections.remove(idle);
        }
        // A client may have gone meanwhile.
        if let Ok(stream) = listener.accept() {
            let mut connection = Connection::new(stream, listener.is_loopback(), now);
            if connection.go_on(now) {
                self.connections.push(connection);
            }
        }
    }

    fn longest_idle(&self, now: Instant) -> Option<usize> {
        let idle = self.connections.iter().enumerate().filter_map(|(at, one)| Some((one.idle_since()?, at)));
        idle.min().filter(|(since, _)| now.duration_since(*since) >= SILENCE).map(|(_, at)| at)
    }

    /// Reads from the link; `false` where the other process has ended.
    fn receive(&mut self, now: Instant) -> io::Result<bool> {
        let Some(page) = self.inbox.read(self.link)? else { return Ok(false) };
        let Some(page) = page else { return Ok(true) };
        self.is_asked = false;
        if !page.text.is_empty() {
            self.page = Some((page, now));
        }
        let page = self.page.as_ref().map(|(page, _)| page);
        self.connections.iter_mut().for_each(|one| one.answer(page, now));
        self.flush(now);
        Ok(true)
    }

    /// Answers those who ask soon after a sample with that one; asks for another where it is older.
    fn answer_from_page(&mut self, now: Instant) -> io::Result<()> {
        if !self.connections.iter().any(Connection::wants_sample) {
            return Ok(());
        }
        if let Some((page, at)) = &self.page
            && now.duration_since(*at) < self.interval
        {
            self.connections.iter_mut().for_each(|one| one.answer(Some(page), now));
            self.flush(now);
        } else if !self.is_asked {
            link::ask(self.link)?;
            self.is_asked = true;
        }
        Ok(())
    }

    /// Writes as much as is possible without waiting.
    fn flush(&mut self, now: Instant) {
        self.connections.retain_mut(|one| one.go_on(now));
    }

    /// Ends overdue connections; clients that wait for a sample get the last one, whose timestamp shows its age.
    fn end_overdue(&mut self, now: Instant) {
        let page = self.page.as_ref().map(|(page, _)| page);
        self.connections.retain_mut(|one| match one.end() <= now {
            true if one.wants_sample() => {
                one.answer(page, now);
                one.go_on(now)
            }
            is_overdue => !is_overdue,
        });
    }
}
