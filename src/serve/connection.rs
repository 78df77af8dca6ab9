//! One connection: reads a head, waits for a sample, writes an answer, and ends. Each has a time.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::{Shutdown, TcpStream},
    os::{
        fd::{AsFd, BorrowedFd},
        unix::net::UnixStream,
    },
    rc::Rc,
    time::{Duration, Instant},
};

use rustix::event::PollFlags;

use super::{
    http::{self, Asked, HttpAnswer, HttpRequest, HttpStatus},
    link::SampleText,
};
use crate::render::metrics::MetricFormat;

/// How long a client may take for its head, for taking the answer, and for closing after it.
const HEAD_TIME: Duration = Duration::from_secs(5);
const WRITE_TIME: Duration = Duration::from_secs(10);
const CLOSE_TIME: Duration = Duration::from_secs(1);

/// The socket of a connection.
#[derive(Debug)]
pub(super) enum ClientStream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl ClientStream {
    pub(super) fn tcp(stream: TcpStream) -> io::Result<ClientStream> {
        stream.set_nonblocking(true)?;
        Ok(ClientStream::Tcp(stream))
    }

    pub(super) fn unix(stream: UnixStream) -> io::Result<ClientStream> {
        stream.set_nonblocking(true)?;
        Ok(ClientStream::Unix(stream))
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            ClientStream::Tcp(stream) => stream.read(buffer),
            ClientStream::Unix(stream) => stream.read(buffer),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            ClientStream::Tcp(stream) => stream.write(bytes),
            ClientStream::Unix(stream) => stream.write(bytes),
        }
    }

    fn end_of_answer(&self) -> io::Result<()> {
        match self {
            ClientStream::Tcp(stream) => stream.shutdown(Shutdown::Write),
            ClientStream::Unix(stream) => stream.shutdown(Shutdown::Write),
        }
    }
}

impl AsFd for ClientStream {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            ClientStream::Tcp(stream) => stream.as_fd(),
            ClientStream::Unix(stream) => stream.as_fd(),
        }
    }
}

/// The stage of a connection.
#[derive(Debug)]
enum ConnectionStage {
    /// Its head comes.
    Head(Vec<u8>),
    /// It waits for a sample in this format.
    Sample(MetricFormat, HttpRequest),
    /// Its answer goes, from this byte on.
    Answer(HttpAnswer, usize),
    /// All is written; further input is discarded, because a reset would destroy the response before the client reads
    /// it.
    Closing,
}

/// A connection.
#[derive(Debug)]
pub(super) struct Connection {
    stream: ClientStream,
    is_loopback: bool,
    stage: ConnectionStage,
    since: Instant,
    end: Instant,
}

impl Connection {
    pub(super) fn new(stream: ClientStream, is_loopback: bool, now: Instant) -> Connection {
        Connection { stream, is_loopback, stage: ConnectionStage::Head(Vec::new()), since: now, end: now + HEAD_TIME }
    }

    /// The socket.
    pub(super) fn socket(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }

    /// The events it waits for; while it waits for a sample, only the client's end.
    pub(super) fn interest(&self) -> PollFlags {
        match self.stage {
            ConnectionStage::Head(_) | ConnectionStage::Closing => PollFlags::IN,
            ConnectionStage::Sample(..) => PollFlags::empty(),
            ConnectionStage::Answer(..) => PollFlags::OUT,
        }
    }

    /// When its time is up.
    pub(super) fn end(&self) -> Instant {
        self.end
    }

    /// Whether it waits for a sample.
    pub(super) fn wants_sample(&self) -> bool {
        matches!(self.stage, ConnectionStage::Sample(..))
    }

    /// Since when it waits for its client; the longest of these makes room for another.
    pub(super) fn idle_since(&self) -> Option<Instant> {
        (!self.wants_sample()).then_some(self.since)
    }

    /// Goes on as far as it can; `false` where it is at its end.
    pub(super) fn go_on(&mut self, now: Instant) -> bool {
        loop {
            let went = match &mut self.stage {
                ConnectionStage::Head(head) => {
                    let mut chunk = [0; 2048];
                    match self.stream.read(&mut chunk) {
                        Ok(0) => return false,
                        Ok(read) => {
                            head.extend_from_slice(chunk.get(..read).unwrap_or_default());
                            if let Some(request) = http::read(head, self.is_loopback) {
                                self.begin(request, now);
                            }
                            Ok(())
                        }
                        Err(error) => Err(error),
                    }
                }
                ConnectionStage::Sample(..) => return true,
                ConnectionStage::Answer(answer, from) => match self.stream.write(answer.after(*from)) {
                    Ok(written) => {
                        *from += written;
                        if answer.after(*from).is_empty() {
                            if self.stream.end_of_answer().is_err() {
                                return false;
                            }
                            self.enter(ConnectionStage::Closing, CLOSE_TIME, now);
                        }
                        Ok(())
                    }
                    Err(error) => Err(error),
                },
                ConnectionStage::Closing => match self.stream.read(&mut [0; 4096]) {
                    Ok(0) => return false,
                    Ok(_) => Ok(()),
                    Err(error) => Err(error),
                },
            };
            match went {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return error.kind() == ErrorKind::WouldBlock,
            }
        }
    }

    fn enter(&mut self, stage: ConnectionStage, time: Duration, now: Instant) {
        (self.stage, self.since, self.end) = (stage, now, now + time);
    }

    fn begin(&mut self, request: HttpRequest, now: Instant) {
        match (http::answer_to(&request), request.asked) {
            (Some(answer), _) => self.enter(ConnectionStage::Answer(answer, 0), WRITE_TIME, now),
            (None, Asked::Metrics(format, time)) => self.enter(ConnectionStage::Sample(format, request), time, now),
            (None, _) => {}
        }
    }

    /// Answers one that waits for a sample: with this one, or that none can be had.
    pub(super) fn answer(&mut self, page: Option<&SampleText>, now: Instant) {
        let ConnectionStage::Sample(format, request) = self.stage else { return };
        let answer = match page {
            Some(page) => {
                http::answer(HttpStatus::Ok, format.content_type(), Rc::clone(page.body(format)), request.head_only)
            }
            None => {
                http::answer(HttpStatus::Unavailable, "text/plain; charset=utf-8", Rc::default(), request.head_only)
            }
        };
        self.enter(ConnectionStage::Answer(answer, 0), WRITE_TIME, now);
    }
}
