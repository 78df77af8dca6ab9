//! A source that answers from a recording, as one network namespace of it saw the host.

use std::{
    collections::{BTreeMap, VecDeque},
    io::{self, BufRead, Cursor},
    os::unix::ffi::OsStringExt,
    path::PathBuf,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use super::{
    format::{AnswerKind, numbered},
    question::{DumpRequest, ONLY, holders_name, request_name},
    reader::{Piece, Recording, Stored},
    recorder::Broken,
    substitute::{RecordFilter, Substitute, substitutes},
};
use crate::{
    model::{
        owner::Holder,
        sorted,
        uapi::{NLMSG_DONE, NLMSG_ERROR, NLMSG_HDRLEN, NLMSG_MIN_TYPE, NLMSG_NOOP},
    },
    source::{
        Answer, Source,
        processes::{Found, HolderQuery, by_links, namespaces::Inhabited},
    },
};

/// The kernel sends no larger datagram in a dump.
const LARGEST: usize = 64 << 10;

/// The recorded data of one namespace.
pub struct Replayer<'a> {
    recording: &'a Recording,
    netns: String,
}

/// The error for data that the recording lacks.
fn absent() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "not recorded")
}

impl<'a> Replayer<'a> {
    /// The recorded data of the namespace of this file; an empty name is the run's own.
    pub fn new(recording: &'a Recording, netns: &str) -> Replayer<'a> {
        Replayer { recording, netns: netns.to_owned() }
    }

    fn stored(&self, kind: AnswerKind, name: &str) -> Option<&'a Stored> {
        self.recording.answer(&self.netns, kind, name)
    }

    fn bytes(&self, kind: AnswerKind, name: &str) -> io::Result<Vec<u8>> {
        let stored = self.stored(kind, name).ok_or_else(absent)?;
        match stored.error {
            Some(error) => Err(io::Error::from_raw_os_error(error)),
            None => Ok(self.recording.bytes(stored)),
        }
    }

    fn number(&self, kind: AnswerKind, name: &str) -> io::Result<u64> {
        self.bytes(kind, name)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes)).ok_or_else(absent)
    }
}

/// Names that each end in a zero byte.
fn names(bytes: &[u8]) -> Vec<String> {
    let names = bytes.split(|&byte| byte == 0).filter(|name| !name.is_empty());
    names.filter_map(text).collect()
}

fn text(bytes: &[u8]) -> Option<String> {
    String::from_utf8(bytes.to_vec()).ok()
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).filter_map(|word| Some(u32::from_le_bytes(*word.first_chunk()?)))
}

fn found(bytes: &[u8]) -> Option<Found> {
    let (denied, rest) = bytes.split_first_chunk::<8>()?;
    let (elsewhere, rest) = rest.split_first_chunk::<8>()?;
    let (lists_init, rest) = rest.split_first()?;
    let numbers: Vec<u32> = words(rest).collect();
    let holder = |one: &[u32]| match *one {
        [inode, pid, tid, fd] => Some(Holder { inode, pid, tid, fd }),
        _ => None,
    };
    Some(Found {
        holders: numbers.chunks_exact(4).filter_map(holder).collect(),
        denied: u64::from_le_bytes(*denied),
        elsewhere: u64::from_le_bytes(*elsewhere),
        lists_init: *lists_init != 0,
        failure: None,
    })
}

impl Source for Replayer<'_> {
    fn ask(&mut self, request: &[u8]) -> io::Result<Box<dyn Answer + '_>> {
        let parts = match self.stored(AnswerKind::Netlink, &request_name(request)) {
            Some(stored) if stored.error.is_some() && stored.pieces.iter().all(Piece::is_empty) => {
                return Err(io::Error::from_raw_os_error(stored.error.unwrap_or(libc::EIO)));
            }
            Some(stored) => vec![Substitute { stored, filter: None }],
            None => match DumpRequest::of(request) {
                // A socket that was not requested then is answered like one that has ended.
                None => return Err(io::Error::from_raw_os_error(libc::ENOENT)),
                Some(asked) => substitutes(self.recording, &self.netns, &asked).ok_or_else(absent)?,
            },
        };
        let expects = parts.first().map_or((0, 0), |part| part.stored.expects);
        Ok(Box::new(ReplayedAnswer {
            recording: self.recording,
            parts: parts.into(),
            expects,
            piece: 0,
            bytes: Vec::new(),
            raw: Vec::new(),
            at: 0,
        }))
    }

    fn route_answer(&self, request: &[u8]) -> io::Result<Vec<u8>> {
        self.bytes(AnswerKind::Route, &request_name(request))
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn BufRead + '_>> {
        let stored = self.stored(AnswerKind::File, path).ok_or_else(absent)?;
        let bytes = self.recording.bytes(stored);
        match stored.error {
            Some(error) if bytes.is_empty() => Err(io::Error::from_raw_os_error(error)),
            error => Ok(Box::new(Broken { bytes: Cursor::new(bytes), error })),
        }
    }

    fn link(&self, path: &str) -> io::Result<PathBuf> {
        Ok(std::ffi::OsString::from_vec(self.bytes(AnswerKind::Link, path)?).into())
    }

    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        Ok(names(&self.bytes(AnswerKind::List, path)?))
    }

    fn inode(&self, path: &str) -> io::Result<u64> {
        self.number(AnswerKind::Inode, path)
    }

    fn directories(&self, path: &str) -> io::Result<Vec<(String, u64)>> {
        let bytes = self.bytes(AnswerKind::Directories, path)?;
        Ok(numbered(&bytes).filter_map(|(inode, name)| Some((text(name)?, u64::from_le_bytes(inode)))).collect())
    }

    fn holders(&self, ask: &HolderQuery<'_>) -> io::Result<Found> {
        let name = holders_name(ask);
        if let Some(stored) = self.stored(AnswerKind::Holders, &name) {
            if let Some(error) = stored.error {
                return Err(io::Error::from_raw_os_error(error));
            }
            return found(&self.recording.bytes(stored)).map(|found| narrowed(found, ask)).ok_or_else(absent);
        }
        // All that is known of holders, wherever it was asked.
        let mut all: Option<Found> = None;
        let mut is_complete = false;
        for (name, stored) in
            self.recording.all(&self.netns, AnswerKind::Holders).filter(|(_, stored)| stored.error.is_none())
        {
            let Some(one) = found(&self.recording.bytes(stored)) else { continue };
            let sum = all.get_or_insert_with(Found::default);
            is_complete |= !name.starts_with(ONLY) && one.elsewhere == 0;
            sum.holders.extend(one.holders);
            sum.denied = sum.denied.max(one.denied);
            sum.lists_init |= one.lists_init;
        }
        let mut all = all.ok_or_else(absent)?;
        all.settle(ask.threads);
        all.holders.dedup();
        let is_known = |inode: &u32| all.holders.binary_search_by_key(inode, |holder| holder.inode).is_ok();
        if !is_complete && !ask.wanted.is_some_and(|wanted| wanted.iter().all(is_known)) {
            // The holders of the other inodes were not sought.
            return Err(absent());
        }
        Ok(narrowed(all, ask))
    }

    fn head(&self, path: &str, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.bytes(AnswerKind::File, path)?;
        let length = bytes.len().min(buffer.len());
        if let (Some(space), Some(bytes)) = (buffer.get_mut(..length), bytes.get(..length)) {
            space.copy_from_slice(bytes);
        }
        Ok(length)
    }

    fn inhabited(&self) -> io::Result<Inhabited> {
        by_links::inhabited(self)
    }

    fn descriptor_counts(&self) -> io::Result<Vec<(u32, u64)>> {
        let bytes = self.bytes(AnswerKind::DescriptorCounts, "")?;
        let one = |one: &[u8]| {
            let (pid, count) = one.split_first_chunk::<4>()?;
            // The numbers of descriptors limit the count, so a damaged file cannot exceed it.
            let count = u64::from_le_bytes(*count.first_chunk()?).min(i32::MAX as u64);
            Some((u32::from_le_bytes(*pid), count))
        };
        Ok(bytes.chunks_exact(12).filter_map(one).collect())
    }

    fn sockets_of(&self, pid: u32) -> io::Result<Vec<u32>> {
        match self.stored(AnswerKind::SocketsOf, &pid.to_string()) {
            Some(_) => Ok(words(&self.bytes(AnswerKind::SocketsOf, &pid.to_string())?).collect()),
            None => {
                let every = self.holders(&HolderQuery { all_holders: true, ..HolderQuery::default() })?;
                Ok(every.holders.iter().filter(|holder| holder.pid == pid).map(|holder| holder.inode).collect())
            }
        }
    }

    fn attribute(&self, path: &str, name: &str) -> io::Result<Vec<u8>> {
        self.bytes(AnswerKind::Attribute, &format!("{path}\0{name}"))
    }

    fn socket_netns(&self, pid: u32, fd: u32) -> io::Result<u64> {
        self.number(AnswerKind::SocketNetns, &format!("{pid}/{fd}"))
    }

    fn interface_index(&self, name: &str) -> Option<u32> {
        match self.bytes(AnswerKind::InterfaceIndex, name) {
            Ok(bytes) => words(&bytes).next(),
            Err(_) => self.interface_names().into_iter().find(|(_, known)| known == name).map(|(index, _)| index),
        }
    }

    fn interface_names(&self) -> BTreeMap<u32, String> {
        let bytes = self.bytes(AnswerKind::InterfaceNames, "").unwrap_or_default();
        sorted::map(numbered(&bytes).filter_map(|(index, name)| Some((u32::from_le_bytes(index), text(name)?))))
    }

    fn node(&self) -> (String, String) {
        let bytes = self.bytes(AnswerKind::Node, "").unwrap_or_default();
        let mut parts = bytes.split(|&byte| byte == 0).map(|part| String::from_utf8_lossy(part).into_owned());
        (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
    }

    fn now(&self) -> SystemTime {
        let bytes = self.bytes(AnswerKind::Now, "").unwrap_or_default();
        let seconds = bytes.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        let nanoseconds = bytes.get(8..).and_then(|rest| words(rest).next()).unwrap_or(0);
        let since = Duration::from_secs(seconds).checked_add(Duration::from_nanos(nanoseconds.into()));
        since.and_then(|since| UNIX_EPOCH.checked_add(since)).unwrap_or(UNIX_EPOCH)
    }

    fn clock(&self) -> Duration {
        Duration::from_nanos(self.number(AnswerKind::Clock, "").unwrap_or(0))
    }
}

/// Reduces the answer to the requested inodes.
fn narrowed(mut found: Found, ask: &HolderQuery<'_>) -> Found {
    if let Some(wanted) = ask.wanted {
        found.holders.retain(|holder| wanted.binary_search(&holder.inode).is_ok());
    }
    found
}

impl Piece {
    fn is_empty(&self) -> bool {
        match self {
            Piece::Held(bytes) => bytes.is_empty(),
            Piece::Framed(_, place) => place.is_empty(),
        }
    }
}

/// Recorded datagrams, of one answer or of several as if they were one.
struct ReplayedAnswer<'a> {
    recording: &'a Recording,
    parts: VecDeque<Substitute<'a>>,
    expects: (u32, u32),
    piece: usize,
    bytes: Vec<u8>,
    raw: Vec<u8>,
    at: usize,
}

impl ReplayedAnswer<'_> {
    /// The next datagram's place in `bytes`.
    fn step(&mut self) -> io::Result<std::ops::Range<usize>> {
        loop {
            let part = self.parts.front().ok_or_else(|| io::Error::from_raw_os_error(libc::ENODATA))?;
            if let Some(length) = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk()) {
                let start = self.at + 4;
                let end = start.saturating_add(u32::from_le_bytes(*length) as usize);
                if end > self.bytes.len() || end - start > LARGEST {
                    return Err(io::Error::from(io::ErrorKind::InvalidData));
                }
                self.at = end;
                return Ok(start..end);
            }
            let Some(piece) = part.stored.pieces.get(self.piece) else {
                if let Some(error) = part.stored.error {
                    return Err(io::Error::from_raw_os_error(error));
                }
                self.parts.pop_front();
                self.piece = 0;
                (self.at, self.bytes) = (0, Vec::new());
                continue;
            };
            self.piece += 1;
            self.bytes.clear();
            self.recording.piece(piece, &mut self.raw, &mut self.bytes)?;
            self.at = 0;
        }
    }
}

impl Answer for ReplayedAnswer<'_> {
    fn expects(&self) -> (u32, u32) {
        self.expects
    }

    fn next(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let place = self.step()?;
        let datagram = self.bytes.get(place).unwrap_or_default();
        let space = buffer.get_mut(..datagram.len()).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))?;
        space.copy_from_slice(datagram);
        let is_last = self.parts.len() == 1;
        if let Some(part) = self.parts.front()
            && let Some(filter) = &part.filter
        {
            sift(space, filter, part.stored.expects, self.expects, is_last);
        }
        Ok(space.len())
    }
}

/// Makes messages that were not asked for into ones that say nothing, and all of them part of one answer.
fn sift(datagram: &mut [u8], filter: &RecordFilter, of: (u32, u32), expects: (u32, u32), is_last: bool) {
    let mut rest = datagram;
    while let Some((head, _)) = rest.split_first_chunk_mut::<NLMSG_HDRLEN>() {
        let [l0, l1, l2, l3, k0, k1, ..] = *head;
        let length = u32::from_ne_bytes([l0, l1, l2, l3]) as usize;
        if length < NLMSG_HDRLEN || length > rest.len() {
            return;
        }
        let kind = u16::from_ne_bytes([k0, k1]);
        let is_wanted = match kind {
            NLMSG_DONE => is_last,
            0..NLMSG_MIN_TYPE => kind == NLMSG_ERROR,
            _ => rest.get(NLMSG_HDRLEN..length).is_some_and(|record| filter.takes(record)),
        };
        let identity = [of.0.to_ne_bytes(), of.1.to_ne_bytes()].concat();
        if !is_wanted && let Some(place) = rest.get_mut(4..6) {
            place.copy_from_slice(&NLMSG_NOOP.to_ne_bytes());
        }
        if let Some(place) = rest.get_mut(8..16).filter(|place| **place == *identity) {
            place.copy_from_slice(&[expects.0.to_ne_bytes(), expects.1.to_ne_bytes()].concat());
        }
        let next = length.next_multiple_of(4).min(rest.len());
        rest = rest.split_at_mut(next).1;
    }
}
