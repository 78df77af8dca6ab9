//! Walks the answer to a dump request: one receive buffer, records read in place.
//!
//! A dump is not a snapshot: its position in the table is (bucket, index), so a socket that is put into a bucket
//! between two datagrams shifts the others, and the last records of one datagram are repeated at the start of the next
//! (`net/ipv4/tcp_diag.c`; inet and UNIX diag set no `NLM_F_DUMP_INTR`). The walker holds back the last records of each
//! datagram until it has seen the start of the next, and drops the repeated ones: each socket is given once, in its
//! later state, at a cost that does not grow with the table.

use std::{io, ops::Range};

use netlink_packet_core::{NLM_F_CAPPED, NLM_F_DUMP_INTR};

use super::{WireError, from_errno, is_not_available, netlink, request::Request};
use crate::model::uapi::{NLMSG_DONE, NLMSG_ERROR, NLMSG_HDRLEN, NLMSG_NOOP, NLMSG_OVERRUN, u32_at, u64_at};
use crate::source::Source;

/// The kernel fills a dump's datagrams up to this size (`netlink_dump`); a larger buffer brings nothing.
const BUFFER: usize = 32 * 1024;

/// How many records at a datagram's start are read for those that come again. Shifts go by one place
/// for each socket that was added to the same bucket between two receive calls; buckets hold a few.
const AGAIN: usize = 16;

/// Records that begin in the last bytes of a datagram wait for the next: ten of the largest, forty of the smallest.
const HELD: usize = 4 * 1024;

/// Asks, and gives the payload of every record of the answer to `each`; the socket that asks is left out unless the request
/// says otherwise.
///
/// # Errors [`WireError::NotAvailable`] if the kernel lacks the table; [`WireError::Interrupted`] if the dump must be
/// repeated from the start and all records so far discarded.
pub fn walk(source: &mut dyn Source, request: &Request, mut each: impl FnMut(&[u8])) -> Result<(), WireError> {
    let mut answer = source.ask(request.bytes()).map_err(refused)?;
    let (sequence, port) = answer.expects();
    let mut each = |record: &[u8]| {
        if !netlink::is_diag_port(record, port) {
            each(record);
        } else if request.has_asker() {
            each(&netlink::unconnected(record));
        }
    };
    let mut buffer = vec![0u8; BUFFER];
    let mut tail = Tail::default();
    loop {
        let length = answer.next(&mut buffer).map_err(received)?;
        let datagram = buffer.get(..length).ok_or(WireError::Malformed("a length beyond the buffer"))?;
        let mut messages = Messages { datagram, at: 0, sequence, port };
        tail.settle(request.cookie(), messages, &mut each)?;
        let held_from = length.saturating_sub(HELD);
        let end = loop {
            match messages.next()? {
                Some(Payload::Record(place)) if place.start < held_from => {
                    each(datagram.get(place).unwrap_or_default());
                }
                Some(Payload::Record(place)) => tail.hold(datagram.get(place).unwrap_or_default()),
                Some(Payload::Done) => break true,
                None => break false,
            }
        };
        if end {
            tail.give(&[], request.cookie(), &mut each);
            answer.finish();
            return Ok(());
        }
    }
}

/// Larger than the answer about one socket with all attributes.
const ONE: usize = 8 * 1024;

/// Asks about one socket, and gives the payload of the record that answers.
///
/// # Errors [`WireError::NotAvailable`] if the socket no longer exists; else as [`walk`] has them.
pub fn one(source: &mut dyn Source, request: &Request, mut each: impl FnMut(&[u8])) -> Result<(), WireError> {
    let mut answer = source.ask(request.bytes()).map_err(refused)?;
    let (sequence, port) = answer.expects();
    let mut buffer = [0u8; ONE];
    loop {
        let length = answer.next(&mut buffer).map_err(received)?;
        let datagram = buffer.get(..length).ok_or(WireError::Malformed("a length beyond the buffer"))?;
        let message = Messages { datagram, at: 0, sequence, port }.next();
        match message {
            // Nothing but replies to earlier questions.
            Ok(None) => continue,
            Ok(Some(Payload::Record(place))) => each(datagram.get(place).unwrap_or_default()),
            Ok(Some(Payload::Done)) => {}
            Err(error) => {
                // An error is a whole answer too.
                answer.finish();
                return Err(error);
            }
        }
        answer.finish();
        return Ok(());
    }
}

/// Asks, and gives every datagram of the answer as it came, the last message included.
///
/// # Errors
/// As [`walk`] has them, but for those of writing, which are [`WireError::Io`].
pub fn copy(
    source: &mut dyn Source,
    request: &Request,
    each: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> Result<(), WireError> {
    let mut answer = source.ask(request.bytes()).map_err(refused)?;
    let (sequence, port) = answer.expects();
    let mut buffer = vec![0u8; BUFFER];
    loop {
        let length = answer.next(&mut buffer).map_err(received)?;
        let datagram = buffer.get(..length).ok_or(WireError::Malformed("a length beyond the buffer"))?;
        each(datagram).map_err(WireError::Io)?;
        let mut messages = Messages { datagram, at: 0, sequence, port };
        while let Some(message) = messages.next()? {
            if matches!(message, Payload::Done) {
                answer.finish();
                return Ok(());
            }
        }
    }
}

/// Why no request could be sent.
fn refused(error: io::Error) -> WireError {
    match error.raw_os_error() {
        Some(errno) if is_not_available(errno) => WireError::NotAvailable(error),
        _ => WireError::Io(error),
    }
}

/// Why nothing more was received.
fn received(error: io::Error) -> WireError {
    match error.kind() {
        io::ErrorKind::InvalidData => WireError::Malformed("a datagram was cut short"),
        io::ErrorKind::UnexpectedEof => WireError::Malformed("the answer ends without its last message"),
        // ENOBUFS: the kernel dropped something for lack of memory, so the answer is incomplete.
        _ if error.raw_os_error() == Some(libc::ENOBUFS) => WireError::Interrupted,
        _ => WireError::Io(error),
    }
}

/// The kind of a message of the answer.
enum Payload {
    /// A record: the range of its payload in the datagram.
    Record(Range<usize>),
    /// The end of the answer.
    Done,
}

/// The messages of one datagram, those of other requests left out.
#[derive(Clone, Copy)]
struct Messages<'a> {
    datagram: &'a [u8],
    at: usize,
    sequence: u32,
    port: u32,
}

/// The head of a message (`struct nlmsghdr`).
struct Header {
    /// Of the whole message, without padding.
    length: usize,
    kind: u16,
    flags: u16,
    sequence: u32,
    port: u32,
}

impl Header {
    /// The head of the message that these bytes begin with; `None` where they do not hold all of it.
    ///
    /// Read here, not by `NetlinkBuffer`: the calls of its small functions were a fifth of what a record cost.
    #[inline(always)]
    fn of(bytes: &[u8]) -> Option<Header> {
        let [l0, l1, l2, l3, k0, k1, f0, f1, s0, s1, s2, s3, p0, p1, p2, p3] = *bytes.first_chunk::<NLMSG_HDRLEN>()?;
        let length = u32::from_ne_bytes([l0, l1, l2, l3]) as usize;
        (NLMSG_HDRLEN..=bytes.len()).contains(&length).then_some(Header {
            length,
            kind: u16::from_ne_bytes([k0, k1]),
            flags: u16::from_ne_bytes([f0, f1]),
            sequence: u32::from_ne_bytes([s0, s1, s2, s3]),
            port: u32::from_ne_bytes([p0, p1, p2, p3]),
        })
    }
}

impl Messages<'_> {
    // Inlining into the loop of `walk` halves the cost of a record.
    #[inline(always)]
    fn next(&mut self) -> Result<Option<Payload>, WireError> {
        loop {
            let rest = self.datagram.get(self.at..).unwrap_or_default();
            if rest.is_empty() {
                return Ok(None);
            }
            let Some(message) = Header::of(rest) else {
                return Err(WireError::Malformed("a message longer than its datagram"));
            };
            let start = self.at + NLMSG_HDRLEN;
            let end = self.at + message.length;
            self.at += message.length.next_multiple_of(4);
            // A reply to an earlier request of this socket, or one that is not for us.
            if message.sequence != self.sequence || message.port != self.port {
                continue;
            }
            if message.flags & NLM_F_DUMP_INTR != 0 {
                return Err(WireError::Interrupted);
            }
            let payload = self.datagram.get(start..end).unwrap_or_default();
            match message.kind {
                NLMSG_NOOP => {}
                NLMSG_DONE => return status(payload, 4).map(|()| Some(Payload::Done)),
                NLMSG_ERROR => {
                    // The error number is followed by the refused request, or with NLM_F_CAPPED only by its header;
                    // with NETLINK_EXT_ACK a text follows.
                    let capped = message.flags & NLM_F_CAPPED != 0;
                    let quoted = if capped { NLMSG_HDRLEN } else { u32_at(payload, 4).unwrap_or(0) as usize };
                    return status(payload, 4 + quoted.next_multiple_of(4)).map(|()| Some(Payload::Done));
                }
                NLMSG_OVERRUN => return Err(WireError::Interrupted),
                _ => return Ok(Some(Payload::Record(start..end))),
            }
        }
    }
}

/// The status inside `NLMSG_DONE` and `NLMSG_ERROR`: zero or a negative error number.
fn status(payload: &[u8], attributes: usize) -> Result<(), WireError> {
    match u32_at(payload, 0).map(|status| status as i32) {
        // Kernels before 2.6.12 sent no status.
        None | Some(0) => Ok(()),
        Some(status) if status < 0 => {
            let text = payload.get(attributes..).and_then(extended_text);
            Err(from_errno(status.saturating_neg(), text))
        }
        // A dump's DONE carries the last skb length in old kernels: positive, and no error.
        Some(_) => Ok(()),
    }
}

/// The text the kernel adds to an error (`NLMSGERR_ATTR_MSG`, attribute 1).
fn extended_text(attributes: &[u8]) -> Option<String> {
    netlink_packet_core::NlasIterator::new(attributes).flatten().find(|nla| nla.kind() == 1).map(|nla| {
        let text = String::from_utf8_lossy(nla.value());
        text.trim_end_matches('\0').to_owned()
    })
}

/// The last records of the datagram before, copied out of the buffer that the next one fills.
#[derive(Default)]
struct Tail {
    bytes: Vec<u8>,
    places: Vec<Range<usize>>,
}

impl Tail {
    /// Keeps a record.
    fn hold(&mut self, record: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(record);
        self.places.push(start..self.bytes.len());
    }

    /// Gives out the held records that do not come again at the start of the next datagram.
    fn settle(&mut self, cookie: usize, mut next: Messages<'_>, each: &mut impl FnMut(&[u8])) -> Result<(), WireError> {
        if self.places.is_empty() {
            return Ok(());
        }
        let mut again = [0u64; AGAIN];
        for slot in &mut again {
            match next.next()? {
                Some(Payload::Record(place)) => {
                    let record = next.datagram.get(place).unwrap_or_default();
                    *slot = u64_at(record, cookie).unwrap_or(0);
                }
                Some(Payload::Done) | None => break,
            }
        }
        self.give(&again, cookie, each);
        Ok(())
    }

    /// Gives out the held records but those with one of these cookies.
    fn give(&mut self, again: &[u64], cookie: usize, each: &mut impl FnMut(&[u8])) {
        for place in self.places.drain(..) {
            let record = self.bytes.get(place).unwrap_or_default();
            match u64_at(record, cookie) {
                Some(cookie) if cookie != 0 && again.contains(&cookie) => {}
                _ => each(record),
            }
        }
        self.bytes.clear();
    }
}
