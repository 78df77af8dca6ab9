//! A raw answer to TCP dumps that replaces the kernel: netlink messages one after the other, as `-D` or `ss -D` wrote
//! them.
//!
//! A file is read again for each query, message by message, in constant memory; a pipe is kept in memory.
//!
//! One dump may list a socket twice: `crate::wire::dump` says why, and drops the repeat at the edge of a datagram. A
//! file does not keep those edges. So a record is left out here when the same dump soon lists the same socket again,
//! with the same cookie and the same ends; the later one counts. Joined dumps are of different times: every record of
//! each of them counts, and the walker is given datagrams between which it finds nothing to drop.

use std::{
    collections::VecDeque,
    fs::File,
    io::{self, BufRead, BufReader, Read},
    os::unix::fs::FileExt,
    time::SystemTime,
};

use super::{
    Answer, Source,
    packed::Packed,
    processes::{Found, HolderQuery},
};
use crate::{
    model::{
        blanks::Blanks,
        state::{State, StateSet},
        uapi::{
            AF_INET, AF_INET6, IPPROTO_TCP, NLMSG_DONE, NLMSG_ERROR, NLMSG_HDRLEN, NLMSG_MIN_TYPE, NLMSG_TYPE,
            SOCK_DIAG_BY_FAMILY, TCPDIAG_GETSOCK, u16_at, u32_at,
        },
    },
    system::files::{self, OpenFile},
};

/// No dump of the kernel has larger datagrams (`netlink_dump`).
const LARGEST: usize = 32 * 1024;

/// How many records later a socket may come again. It is as many as were added to its bucket between two receive
/// calls; buckets hold a few.
const AGAIN: usize = 64;

/// A raw dump.
#[derive(Debug)]
pub struct DumpSource {
    bytes: DumpBytes,
    /// States that the options of the dump may have omitted.
    not_shown: StateSet,
    taken_at: SystemTime,
}

#[derive(Debug)]
enum DumpBytes {
    File(File),
    Held(Vec<u8>),
}

fn no_message(at: u64) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("no netlink message at byte {at}"))
}

/// Whether bytes begin as a dump does: with the header of a netlink message.
pub fn is_dump(bytes: &[u8]) -> bool {
    u32_at(bytes, 0).is_some_and(|length| (NLMSG_HDRLEN..=LARGEST).contains(&(length as usize)))
        && u16_at(bytes, NLMSG_TYPE).is_some_and(|kind| kind <= SOCK_DIAG_BY_FAMILY)
}

impl DumpSource {
    /// Takes an open file, and scans it once.
    ///
    /// # Errors
    ///
    /// The error in reading, or that the bytes are not such messages.
    pub fn of_file(file: &OpenFile) -> io::Result<DumpSource> {
        let bytes = match file.regular() {
            Some(file) => DumpBytes::File(file.try_clone()?),
            None => DumpBytes::Held(file.read()?),
        };
        let mut dump = DumpSource::checked(bytes)?;
        dump.taken_at = file.written_at();
        Ok(dump)
    }

    /// Takes the bytes themselves.
    ///
    /// # Errors If the bytes are not such messages.
    pub fn of_bytes(bytes: &[u8]) -> io::Result<DumpSource> {
        DumpSource::checked(DumpBytes::Held(bytes.into()))
    }

    /// Takes the first dump of a file alone, as far as it is whole.
    ///
    /// # Errors As reading does, or if the bytes are not such messages.
    pub fn first(path: &str) -> io::Result<DumpSource> {
        let bytes = files::read(path)?;
        let mut end = 0;
        while let (Some(length), Some(kind)) = (u32_at(&bytes, end), u16_at(&bytes, end + NLMSG_TYPE)) {
            let next = end + (length as usize).next_multiple_of(4);
            if matches!(kind, NLMSG_DONE | NLMSG_ERROR) || next == end || next > bytes.len() {
                break;
            }
            end = next;
        }
        DumpSource::of_bytes(bytes.get(..end).unwrap_or_default())
    }

    /// A dump without sockets.
    pub fn empty() -> DumpSource {
        let bytes = DumpBytes::Held(Vec::new());
        DumpSource { bytes, not_shown: Blanks::not_shown(false, false), taken_at: SystemTime::UNIX_EPOCH }
    }

    fn checked(bytes: DumpBytes) -> io::Result<DumpSource> {
        let mut message = Vec::new();
        let mut messages = DumpMessages::new(bytes.reader());
        let (mut listens, mut others) = (false, false);
        while messages.next(&mut message)?.is_some() {
            let is_listener = message.get(NLMSG_HDRLEN + 1) == Some(&State::LISTEN.number());
            (listens, others) = (listens || is_listener, others || !is_listener);
        }
        drop(messages);
        Ok(DumpSource { bytes, not_shown: Blanks::not_shown(listens, others), taken_at: SystemTime::UNIX_EPOCH })
    }
}

impl DumpBytes {
    fn reader(&self) -> Box<dyn BufRead + '_> {
        match self {
            DumpBytes::File(file) => Box::new(BufReader::with_capacity(LARGEST, FromStart { file, at: 0 })),
            DumpBytes::Held(bytes) => Box::new(bytes.as_slice()),
        }
    }
}

/// Reads a file from its beginning, wherever others who read it are.
struct FromStart<'a> {
    file: &'a File,
    at: u64,
}

impl Read for FromStart<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(buffer, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// By reference: it is only read.
impl Source for &DumpSource {
    fn ask(&mut self, request: &[u8]) -> io::Result<Box<dyn Answer + '_>> {
        let family = match (u16_at(request, NLMSG_TYPE), request.get(NLMSG_HDRLEN..NLMSG_HDRLEN + 2)) {
            (Some(TCPDIAG_GETSOCK), Some([AF_INET, _])) => None,
            (Some(SOCK_DIAG_BY_FAMILY), Some(&[family @ (AF_INET | AF_INET6), IPPROTO_TCP])) => Some(family),
            _ => return Err(io::Error::from_raw_os_error(libc::ENOENT)),
        };
        let states = u32_at(request, NLMSG_HDRLEN + 4);
        Ok(Box::new(Packed::new(DumpRecords {
            messages: DumpMessages::new(self.bytes.reader()),
            family,
            only_closed: family.is_some() && states == Some(StateSet::BOUND_INACTIVE.mask()),
            waiting: VecDeque::new(),
            is_read: false,
        })))
    }

    fn holders(&self, _: &HolderQuery<'_>) -> io::Result<Found> {
        Ok(Found { lists_init: true, ..Found::default() })
    }

    fn blanks(&self) -> Blanks {
        Blanks { host: true, states: self.not_shown, ..Blanks::default() }
    }

    fn now(&self) -> SystemTime {
        self.taken_at
    }
}

/// The messages of a dump.
struct DumpMessages<R> {
    reader: R,
    at: u64,
    /// Which dump of the file this is.
    dump: u64,
    /// Sequence number and port id of the message before.
    of: Option<[u8; 8]>,
}

impl<R: BufRead> DumpMessages<R> {
    fn new(reader: R) -> DumpMessages<R> {
        DumpMessages { reader, at: 0, dump: 0, of: None }
    }

    /// Puts the next record into `message`, header and all, and says which dump it is of.
    fn next(&mut self, message: &mut Vec<u8>) -> io::Result<Option<u64>> {
        loop {
            if self.reader.fill_buf()?.is_empty() {
                return Ok(None);
            }
            let at = self.at;
            let broken = || no_message(at);
            let cut = |error: io::Error| if error.kind() == io::ErrorKind::UnexpectedEof { broken() } else { error };
            let mut head = [0; NLMSG_HDRLEN];
            self.reader.read_exact(&mut head).map_err(cut)?;
            let [l0, l1, l2, l3, k0, k1, _, _, of @ ..] = head;
            let length = u32::from_ne_bytes([l0, l1, l2, l3]) as usize;
            if !(NLMSG_HDRLEN..=LARGEST).contains(&length) {
                return Err(broken());
            }
            message.clear();
            message.extend(head);
            message.resize(length, 0);
            self.reader.read_exact(message.get_mut(NLMSG_HDRLEN..).unwrap_or_default()).map_err(cut)?;
            // The padding of the last message may be missing.
            let padding = length.next_multiple_of(4) - length;
            io::copy(&mut self.reader.by_ref().take(padding as u64), &mut io::sink())?;
            self.at += (length + padding) as u64;
            if self.of.replace(of).is_some_and(|before| before != of) {
                self.dump += 1;
            }
            match (u16::from_ne_bytes([k0, k1]), message.get(NLMSG_HDRLEN)) {
                // The end of a dump, or the reason why it stops.
                (NLMSG_ERROR | NLMSG_DONE, _) => self.dump += 1,
                (0..NLMSG_MIN_TYPE, _) => {}
                (TCPDIAG_GETSOCK | SOCK_DIAG_BY_FAMILY, Some(&(AF_INET | AF_INET6))) => return Ok(Some(self.dump)),
                _ => return Err(broken()),
            }
        }
    }
}

/// The records that answer one question.
struct DumpRecords<'a> {
    messages: DumpMessages<Box<dyn BufRead + 'a>>,
    family: Option<u8>,
    /// Sockets that are bound and unused were asked for; their records are the only ones in `CLOSE`.
    only_closed: bool,
    /// Records that may yet come again, each with its dump.
    waiting: VecDeque<(u64, Vec<u8>)>,
    is_read: bool,
}

impl DumpRecords<'_> {
    /// Reads on until the first record that waits can be given out.
    fn settle(&mut self) -> io::Result<()> {
        while !self.is_read && self.waiting.len() <= AGAIN {
            let mut message = Vec::new();
            let Some(dump) = self.messages.next(&mut message)? else {
                self.is_read = true;
                break;
            };
            let is_wanted = self.family.is_none_or(|family| message.get(NLMSG_HDRLEN) == Some(&family))
                && (!self.only_closed || message.get(NLMSG_HDRLEN + 1) == Some(&State::CLOSE.number()));
            if !is_wanted {
                continue;
            }
            if let Some(socket) = socket(&message) {
                let is_same = |(of, earlier): &(u64, Vec<u8>)| *of == dump && self::socket(earlier) == Some(socket);
                if let Some(place) = self.waiting.iter().rposition(is_same) {
                    self.waiting.remove(place);
                }
            }
            self.waiting.push_back((dump, message));
        }
        Ok(())
    }
}

/// The identity of a socket in a dump: family, ports, addresses, interface and cookie (`struct inet_diag_msg`). None if
/// the record is too short or the kernel gave no cookie.
fn socket(message: &[u8]) -> Option<(u8, &[u8])> {
    let ends = message.get(NLMSG_HDRLEN + 4..NLMSG_HDRLEN + 52)?;
    let has_cookie = ends.get(40..)?.iter().any(|&byte| byte != 0);
    has_cookie.then_some((*message.get(NLMSG_HDRLEN)?, ends))
}

impl Iterator for DumpRecords<'_> {
    type Item = io::Result<Vec<u8>>;

    fn next(&mut self) -> Option<io::Result<Vec<u8>>> {
        if let Err(error) = self.settle() {
            return Some(Err(error));
        }
        let (_, mut message) = self.waiting.pop_front()?;
        message.drain(..NLMSG_HDRLEN.min(message.len()));
        Some(Ok(message))
    }
}
