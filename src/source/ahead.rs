//! Reads a long dump ahead of its caller, in a thread: the kernel fills the next datagram while the caller processes
//! this one.
//!
//! The kernel builds a datagram of a dump inside `recvmsg`, so a caller that formats rows and then reads more waits for
//! the kernel each time, and the kernel waits for the caller. A short dump, or a very fast caller, is better off
//! without a thread; so is a program that samples for hours, since two threads together take more processor time.

use std::{
    io,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::{Builder, JoinHandle},
    time::{Duration, Instant},
};

use netlink_sys::Socket;

/// Datagrams that are read without a thread. Each holds some hundred sockets.
const FIRST: u32 = 16;

/// A caller that takes less than this part of the kernel's time gains nothing.
const WORTH: u32 = 8;

/// Datagrams that wait for the caller at most.
const WAITING: usize = 4;

/// How long the caller and the kernel take, until it is known whether a thread is worth its cost.
pub(super) struct Pace {
    datagrams: u32,
    kernel: Duration,
    caller: Duration,
    since: Option<Instant>,
}

impl Pace {
    pub(super) fn new() -> Pace {
        Pace { datagrams: 0, kernel: Duration::ZERO, caller: Duration::ZERO, since: None }
    }

    /// Without a thread, however long the caller takes.
    pub(super) fn alone() -> Pace {
        Pace { datagrams: FIRST + 1, ..Pace::new() }
    }

    /// Receives one datagram, and measures how long that took and how long the caller took since the last one.
    pub(super) fn measured<T>(&mut self, receive: impl FnOnce() -> T) -> T {
        if self.datagrams >= FIRST {
            return receive();
        }
        let begin = Instant::now();
        let caller = self.since.map_or(Duration::ZERO, |since| begin - since);
        let received = receive();
        let end = Instant::now();
        self.since = Some(end);
        self.add(end - begin, caller);
        received
    }

    /// Counts a datagram.
    fn add(&mut self, kernel: Duration, caller: Duration) {
        self.datagrams += 1;
        self.kernel += kernel;
        self.caller += caller;
    }

    /// Whether the time to decide has come and a thread is worth its cost; true once at most.
    pub(super) fn asks_for_thread(&mut self) -> bool {
        let decides = self.datagrams == FIRST;
        self.datagrams += u32::from(decides);
        decides && self.caller > self.kernel / WORTH
    }
}

/// A thread that reads ahead.
pub(super) struct Ahead {
    filled: Receiver<io::Result<Vec<u8>>>,
    empty: SyncSender<Vec<u8>>,
    thread: JoinHandle<()>,
}

impl Ahead {
    /// Begins to read datagrams of up to `size` bytes; `None` where no thread can be had.
    pub(super) fn start(socket: &Arc<Socket>, size: usize, receive: Receive) -> Option<Ahead> {
        let (fill, filled) = sync_channel(WAITING);
        let (empty, to_fill) = sync_channel::<Vec<u8>>(WAITING);
        for _ in 0..WAITING {
            empty.send(vec![0; size]).ok()?;
        }
        let socket = Arc::clone(socket);
        let work = move || {
            while let Ok(mut buffer) = to_fill.recv() {
                buffer.resize(size, 0);
                // The kernel makes the next datagram while it hands one out: where none is there, the dump has ended, or it
                // is the caller's turn to wait.
                let received = match receive(&socket, &mut buffer, libc::MSG_DONTWAIT) {
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                    Err(error) => Err(error),
                    Ok(length) => {
                        buffer.truncate(length);
                        Ok(buffer)
                    }
                };
                if fill.send(received).is_err() {
                    return;
                }
            }
        };
        let thread = Builder::new().spawn(work).ok()?;
        Some(Ahead { filled, empty, thread })
    }

    /// The next datagram; `None` when the thread has ended because nothing more was there.
    pub(super) fn next(&self, buffer: &mut [u8]) -> Option<io::Result<usize>> {
        let datagram = match self.filled.recv().ok()? {
            Ok(datagram) => datagram,
            Err(error) => return Some(Err(error)),
        };
        let length = datagram.len();
        if let Some(place) = buffer.get_mut(..length) {
            place.copy_from_slice(&datagram);
        }
        // A thread that has ended takes no buffer.
        let _ = self.empty.send(datagram);
        Some(Ok(length))
    }

    /// Ends the thread: it must not read the answer to the next question.
    pub(super) fn end(self) {
        drop((self.filled, self.empty));
        // It does nothing that can panic.
        let _ = self.thread.join();
    }
}

/// Receives one datagram, with flags.
pub(super) type Receive = fn(&Socket, &mut [u8], i32) -> io::Result<usize>;

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use netlink_sys::protocols::NETLINK_SOCK_DIAG;

    use super::*;

    fn socket() -> Arc<Socket> {
        Arc::new(Socket::new(NETLINK_SOCK_DIAG).unwrap())
    }

    #[test]
    fn datagrams_come_in_their_order_until_nothing_more_is_there() {
        static SENT: AtomicU8 = AtomicU8::new(0);
        let ahead = Ahead::start(&socket(), 64, |_, buffer, flags| {
            assert_eq!(flags, libc::MSG_DONTWAIT);
            let number = SENT.fetch_add(1, Ordering::SeqCst);
            if number == 100 {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            let length = usize::from(number % 64);
            buffer[..length].fill(number);
            Ok(length)
        });
        let ahead = ahead.unwrap();
        let mut buffer = [0; 64];
        for number in 0..100u8 {
            let length = ahead.next(&mut buffer).unwrap().unwrap();
            assert_eq!(length, usize::from(number % 64));
            assert!(buffer[..length].iter().all(|byte| *byte == number), "{number}");
        }
        assert!(ahead.next(&mut buffer).is_none());
        ahead.end();
    }

    #[test]
    fn an_error_reaches_the_caller_and_a_thread_in_the_middle_of_a_dump_ends() {
        static SENT: AtomicU8 = AtomicU8::new(0);
        let ahead = Ahead::start(&socket(), 8, |_, _, _| match SENT.fetch_add(1, Ordering::SeqCst) {
            1 => Err(io::Error::from_raw_os_error(libc::ENOBUFS)),
            _ => Ok(8),
        });
        let ahead = ahead.unwrap();
        let mut buffer = [0; 8];
        assert_eq!(ahead.next(&mut buffer).unwrap().unwrap(), 8);
        let error = ahead.next(&mut buffer).unwrap().unwrap_err();
        assert_eq!(error.raw_os_error(), Some(libc::ENOBUFS));
        assert_eq!(ahead.next(&mut buffer).unwrap().unwrap(), 8);
        ahead.end();
    }

    #[test]
    fn a_thread_is_started_once_and_only_for_a_caller_that_takes_time() {
        let decided = |mut pace: Pace, kernel: u64, caller: u64| {
            let asks = (0..3 * FIRST).filter(|_| {
                let asks = pace.asks_for_thread();
                pace.add(Duration::from_micros(kernel), Duration::from_micros(caller));
                asks
            });
            asks.count()
        };
        assert_eq!(decided(Pace::new(), 200, 60), 1);
        assert_eq!(decided(Pace::new(), 200, 20), 0);
        assert_eq!(decided(Pace::alone(), 200, 60), 0);
    }
}
