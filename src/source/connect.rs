//! Connects, for `sockdoc reach`: the only code that sends packets to another host, and only to the address it is given.
//!
//! An attempt sends the SYNs of one connection, the ACK and a close; no data. A question to a DNS server is one datagram.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket},
    os::fd::{AsRawFd, OwnedFd},
    thread::{self, Builder, ScopedJoinHandle},
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
    net::{AddressFamily, RecvFlags, SocketFlags, SocketType, connect, getsockname, recv, socket_with, sockopt},
};

use crate::model::{
    detail::TcpInfo,
    reach::{Attempt, AttemptEnd, IcmpError},
    tcp_info::TOTAL_RETRANS,
    uapi::{u16_at, u32_at},
};

/// A connection that is closed within this time is closed at once.
const AT_ONCE: Duration = Duration::from_millis(500);
/// Longer than an answer of DNS in one datagram.
const LONGEST_ANSWER: usize = 8192;
/// `SO_EE_ORIGIN_ICMP` and `SO_EE_ORIGIN_ICMP6` (`include/uapi/linux/errqueue.h`).
const ORIGINS: [(u8, bool); 2] = [(2, false), (3, true)];

/// Connects once, for at most this time, and watches for half a second whether the connection stays open.
fn attempt(to: SocketAddr, patience: Duration) -> Attempt {
    let began = Instant::now();
    let mut attempt =
        Attempt { to, from: None, end: AttemptEnd::Failed, errno: None, took: Duration::ZERO, syns: None, received: 0 };
    match connected(&mut attempt, began, patience) {
        Ok(socket) => watch(&socket, &mut attempt),
        Err(error) => {
            attempt.took = began.elapsed();
            attempt.errno = error.map(Errno::raw_os_error);
        }
    }
    attempt
}

/// Connects to each address once, to all at the same time; together they take no longer than this to connect.
pub fn attempts(to: &[SocketAddr], patience: Duration) -> Vec<Attempt> {
    thread::scope(|scope| {
        let begin = |&to: &SocketAddr| (to, Builder::new().spawn_scoped(scope, move || attempt(to, patience)));
        let began = Instant::now();
        let begun: Vec<_> = to.iter().map(begin).collect();
        let mut rest = begun.len() as u32;
        let finish = |(to, thread): (SocketAddr, io::Result<ScopedJoinHandle<'_, Attempt>>)| {
            rest -= 1;
            match thread {
                Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
                // Without threads one after the other, each with its part of the time that is left.
                Err(_) => attempt(to, patience.saturating_sub(began.elapsed()) / (rest + 1)),
            }
        };
        begun.into_iter().map(finish).collect()
    })
}

/// A connected socket; else how it ended is in the attempt, and the kernel's error, if it gave one, is returned.
fn connected(attempt: &mut Attempt, began: Instant, patience: Duration) -> Result<OwnedFd, Option<Errno>> {
    let family = if attempt.to.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 };
    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    let socket = socket_with(family, SocketType::STREAM, flags, None)?;
    // Without it the outcome is the same, and the router of an ICMP error is not known.
    let _ = report_errors(&socket, attempt.to.is_ipv6());
    let begun = connect(&socket, &attempt.to);
    attempt.from = getsockname(&socket).ok().and_then(|name| SocketAddr::try_from(name).ok());
    match begun {
        Ok(()) | Err(Errno::INPROGRESS) => {}
        Err(error) => {
            attempt.from = None;
            return Err(Some(error));
        }
    }
    let outcome = answer(&socket, began, patience);
    attempt.took = began.elapsed();
    attempt.syns = Some(1 + retransmits(&socket));
    let (end, error) = match outcome {
        SynAnswer::Open => return Ok(socket),
        SynAnswer::Nothing => (AttemptEnd::Silent, None),
        SynAnswer::Icmp(icmp, errno) => (AttemptEnd::Rejected(Some(icmp)), Some(errno)),
        SynAnswer::Error(Errno::CONNREFUSED) => (AttemptEnd::Refused, Some(Errno::CONNREFUSED)),
        // Connected and reset before the first sample.
        SynAnswer::Error(error @ (Errno::CONNRESET | Errno::PIPE)) => {
            (AttemptEnd::Closed { after: Duration::ZERO, reset: true }, Some(error))
        }
        // The kernel gives up by itself where --timeout is longer than its own patience.
        SynAnswer::Error(Errno::TIMEDOUT) => (AttemptEnd::Silent, Some(Errno::TIMEDOUT)),
        SynAnswer::Error(error) => (AttemptEnd::Rejected(None), Some(error)),
    };
    attempt.end = end;
    Err(error)
}

/// The answer to a SYN.
enum SynAnswer {
    Open,
    Nothing,
    Icmp(IcmpError, Errno),
    Error(Errno),
}

fn answer(socket: &OwnedFd, began: Instant, patience: Duration) -> SynAnswer {
    loop {
        let left = patience.saturating_sub(began.elapsed());
        let events = match wait(socket, PollFlags::OUT, left) {
            Ok(events) => events,
            Err(error) => return SynAnswer::Error(error),
        };
        if events.is_empty() {
            return SynAnswer::Nothing;
        }
        // An ICMP error that arrives while connect() still holds the socket is only in the queue.
        if let Some((icmp, errno)) = queued_error(socket) {
            return SynAnswer::Icmp(icmp, errno);
        }
        match sockopt::socket_error(socket) {
            Err(error) | Ok(Err(error)) => return SynAnswer::Error(error),
            Ok(Ok(())) if events.contains(PollFlags::OUT) => return SynAnswer::Open,
            Ok(Ok(())) => {}
        }
    }
}

/// Waits for an event; none where the time is over.
fn wait(socket: &OwnedFd, what: PollFlags, time: Duration) -> Result<PollFlags, Errno> {
    let began = Instant::now();
    loop {
        let time = Timespec::try_from(time.saturating_sub(began.elapsed())).map_err(|_| Errno::INVAL)?;
        let mut polled = [PollFd::new(socket, what)];
        match poll(&mut polled, Some(&time)) {
            Err(Errno::INTR) => {}
            Err(error) => return Err(error),
            Ok(_) => return Ok(polled.first().map_or(PollFlags::empty(), PollFd::revents)),
        }
    }
}

/// Whether the peer closes at once. Its data is read and discarded: data left unread would turn the close into a RST.
fn watch(socket: &OwnedFd, attempt: &mut Attempt) {
    let began = Instant::now();
    let mut buffer = [0_u8; 4096];
    attempt.end = AttemptEnd::Open;
    while let Ok(events) = wait(socket, PollFlags::IN, AT_ONCE.saturating_sub(began.elapsed()))
        && !events.is_empty()
        && began.elapsed() < AT_ONCE
    {
        match recv(socket, &mut buffer[..], RecvFlags::empty()) {
            Ok((0, _)) => {
                attempt.end = AttemptEnd::Closed { after: began.elapsed(), reset: false };
                return;
            }
            Ok((length, _)) => attempt.received += length as u64,
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(error) => {
                attempt.errno = Some(error.raw_os_error());
                attempt.end = AttemptEnd::Closed { after: began.elapsed(), reset: true };
                return;
            }
        }
    }
}

#[allow(unsafe_code, reason = "rustix has neither IP_RECVERR nor IPV6_RECVERR")]
fn report_errors(socket: &OwnedFd, v6: bool) -> io::Result<()> {
    let (level, name) = if v6 { (libc::SOL_IPV6, libc::IPV6_RECVERR) } else { (libc::SOL_IP, libc::IP_RECVERR) };
    let on: libc::c_int = 1;
    let length = size_of::<libc::c_int>() as libc::socklen_t;
    // SAFETY: the descriptor is open, and the kernel reads the four bytes of a value that outlives the call.
    let status = unsafe { libc::setsockopt(socket.as_raw_fd(), level, name, std::ptr::from_ref(&on).cast(), length) };
    if status == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// How often the kernel repeated the SYN, from its `tcp_info`.
#[allow(unsafe_code, reason = "rustix has no TCP_INFO")]
fn retransmits(socket: &OwnedFd) -> u32 {
    let mut info = [0_u8; TcpInfo::ROOM];
    let mut length = info.len() as libc::socklen_t;
    // SAFETY: the descriptor is open, and the kernel writes no more than `length` bytes, which the array holds.
    let status = unsafe {
        let to = info.as_mut_ptr().cast();
        libc::getsockopt(socket.as_raw_fd(), libc::IPPROTO_TCP, libc::TCP_INFO, to, &mut length)
    };
    let sent = info.get(..length as usize).filter(|_| status == 0).unwrap_or_default();
    TOTAL_RETRANS.read(sent).and_then(|count| u32::try_from(count).ok()).unwrap_or(0)
}

/// The ICMP error in the socket's queue, with the error number that the kernel made of it.
fn queued_error(socket: &OwnedFd) -> Option<(IcmpError, Errno)> {
    // In units of the strictest alignment that a control message has.
    let mut room = [0_u64; 64];
    let length = error_message(socket, &mut room).ok()?;
    let control: Vec<u8> = room.iter().flat_map(|word| word.to_ne_bytes()).take(length).collect();
    icmp_error(&control)
}

/// Reads one message of the error queue; the length of its control messages.
#[allow(unsafe_code, reason = "rustix passes over the control messages of errors")]
fn error_message(socket: &OwnedFd, room: &mut [u64; 64]) -> io::Result<usize> {
    // SAFETY: `msghdr` is plain data, for which all zeroes is a value: no name, no buffers.
    let mut header: libc::msghdr = unsafe { std::mem::zeroed() };
    header.msg_control = room.as_mut_ptr().cast();
    header.msg_controllen = size_of_val(room) as _;
    // SAFETY: the descriptor is open, and the kernel writes control messages of `msg_controllen` bytes at most into `room`.
    let status = unsafe { libc::recvmsg(socket.as_raw_fd(), &mut header, libc::MSG_ERRQUEUE | libc::MSG_DONTWAIT) };
    if status < 0 { Err(io::Error::last_os_error()) } else { Ok(header.msg_controllen as usize) }
}

/// The ICMP error in control messages: `struct sock_extended_err`, and the address of who sent it behind that.
fn icmp_error(control: &[u8]) -> Option<(IcmpError, Errno)> {
    let mut rest = control;
    loop {
        let word = size_of::<usize>();
        let length = usize::from_ne_bytes(rest.get(..word)?.try_into().ok()?);
        let (level, name) = (u32_at(rest, word)?.cast_signed(), u32_at(rest, word + 4)?.cast_signed());
        let value = rest.get(word + 8..length)?;
        if matches!((level, name), (libc::SOL_IP, libc::IP_RECVERR) | (libc::SOL_IPV6, libc::IPV6_RECVERR)) {
            let (_, v6) = *ORIGINS.iter().find(|(origin, _)| value.get(4) == Some(origin))?;
            let errno = Errno::from_raw_os_error(u32_at(value, 0)?.cast_signed());
            let sender = value.get(16..).and_then(offender);
            return Some((IcmpError { v6, kind: *value.get(5)?, code: *value.get(6)?, sender }, errno));
        }
        rest = rest.get(length.next_multiple_of(word)..)?;
    }
}

/// The address in a `struct sockaddr_in` or `sockaddr_in6`.
fn offender(address: &[u8]) -> Option<IpAddr> {
    match i32::from(u16_at(address, 0)?) {
        libc::AF_INET => Some(Ipv4Addr::from(*address.get(4..)?.first_chunk()?).into()),
        libc::AF_INET6 => Some(Ipv6Addr::from(*address.get(8..)?.first_chunk()?).into()),
        _ => None,
    }
}

/// Sends one datagram to a DNS server and gives the first answer that `accepts`.
///
/// # Errors
/// As sending and receiving do; no answer in time is `TimedOut`.
pub fn exchange<T>(
    server: SocketAddr,
    question: &[u8],
    patience: Duration,
    accepts: &dyn Fn(&[u8]) -> Option<T>,
) -> io::Result<T> {
    let any: IpAddr = if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0))?;
    // The kernel then drops datagrams from elsewhere, and reports a missing listener.
    socket.connect(server)?;
    socket.send(question)?;
    let began = Instant::now();
    let mut buffer = [0_u8; LONGEST_ANSWER];
    loop {
        let left = patience.saturating_sub(began.elapsed());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        socket.set_read_timeout(Some(left))?;
        match socket.recv(&mut buffer) {
            Ok(length) => {
                if let Some(answer) = buffer.get(..length).and_then(accepts) {
                    return Ok(answer);
                }
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock) => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn control(level: i32, name: i32, value: &[u8]) -> Vec<u8> {
        let length = size_of::<usize>() + 8 + value.len();
        let mut bytes = [&length.to_ne_bytes()[..], &level.to_ne_bytes(), &name.to_ne_bytes(), value].concat();
        bytes.resize(length.next_multiple_of(size_of::<usize>()), 0);
        bytes
    }

    #[test]
    fn the_router_of_an_icmp_error_is_read_behind_other_control_messages() {
        let errno = libc::EHOSTUNREACH.to_ne_bytes();
        let family = (libc::AF_INET as u16).to_ne_bytes();
        let error = [&errno[..], &[2, 3, 13, 0], &[0; 8], &family, &[0, 0, 192, 0, 2, 1], &[0; 8]].concat();
        let other = control(libc::SOL_SOCKET, 29, &[1; 12]);
        let bytes = [other.clone(), control(libc::SOL_IP, libc::IP_RECVERR, &error)].concat();
        let icmp = IcmpError { v6: false, kind: 3, code: 13, sender: Some(Ipv4Addr::new(192, 0, 2, 1).into()) };
        assert_eq!(icmp_error(&bytes), Some((icmp, Errno::HOSTUNREACH)));
        for cut in 0..bytes.len() {
            assert_eq!(icmp_error(&bytes[..cut]), None, "{cut}");
        }
        assert_eq!(icmp_error(&other), None);
    }
}
