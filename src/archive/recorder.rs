//! A source that keeps what another one answers.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, Cursor, Read},
    path::PathBuf,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use super::{
    format::{Kind, Line, PART},
    tape::Tape,
};
use crate::{
    model::uapi::{NLMSG_SEQ, to_hex},
    source::{
        Answer, Source,
        processes::{Ask, Found},
    },
};

/// A source of which all answers are kept.
pub struct Recorder<'a> {
    inner: &'a mut dyn Source,
    tape: &'a Tape,
    netns: &'a str,
}

/// The error number that an error is kept as.
pub(super) fn number(error: &io::Error) -> i32 {
    error.raw_os_error().unwrap_or(match error.kind() {
        io::ErrorKind::NotFound => libc::ENOENT,
        io::ErrorKind::PermissionDenied => libc::EACCES,
        io::ErrorKind::TimedOut => libc::ETIMEDOUT,
        io::ErrorKind::Unsupported => libc::EOPNOTSUPP,
        io::ErrorKind::InvalidData => libc::EBADMSG,
        io::ErrorKind::UnexpectedEof => libc::ENODATA,
        _ => libc::EIO,
    })
}

/// How a question about holders is named: which sockets it is about stands there as a number made of theirs.
pub(super) fn name_of(ask: &Ask<'_>) -> String {
    let mut name = ask.wanted.map_or_else(String::new, |wanted| format!("{ONLY}{:016x} ", fingerprint(wanted)));
    for (is_set, word) in [(ask.all_holders, "all "), (ask.threads, "threads ")] {
        name.push_str(if is_set { word } else { "" });
    }
    for netns in ask.netns.unwrap_or_default() {
        name.push_str(&format!("{netns} "));
    }
    name
}

/// What the name of a question about some sockets only begins with.
pub(super) const ONLY: &str = "only ";

/// FNV-1a.
fn fingerprint(inodes: &[u32]) -> u64 {
    let bytes = inodes.iter().flat_map(|inode| inode.to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A request by its name: without its sequence number, which is another each time.
pub(super) fn name_of_request(request: &[u8]) -> String {
    to_hex(request.iter().enumerate().map(|(place, byte)| if NLMSG_SEQ.contains(&place) { 0 } else { *byte }))
}

impl<'a> Recorder<'a> {
    /// Keeps what `inner` answers about the namespace of this file; an empty name is one's own.
    pub fn new(inner: &'a mut dyn Source, tape: &'a Tape, netns: &'a str) -> Recorder<'a> {
        Recorder { inner, tape, netns }
    }

    fn line(&self, kind: Kind, name: &str) -> Line {
        Line {
            kind,
            sample: self.tape.sample(),
            netns: self.netns.to_owned(),
            name: name.to_owned(),
            bytes: 0,
            error: None,
            more: false,
            expects: None,
        }
    }

    fn keep<T>(
        &self,
        kind: Kind,
        name: &str,
        answer: io::Result<T>,
        bytes: impl FnOnce(&T) -> Vec<u8>,
    ) -> io::Result<T> {
        match answer {
            Ok(value) => {
                self.tape.keep(self.line(kind, name), &bytes(&value));
                Ok(value)
            }
            Err(error) => {
                self.tape.keep(Line { error: Some(number(&error)), ..self.line(kind, name) }, &[]);
                Err(error)
            }
        }
    }
}

fn ended(names: &[String]) -> Vec<u8> {
    names.iter().flat_map(|name| name.bytes().chain([0])).collect()
}

impl Source for Recorder<'_> {
    fn ask(&mut self, request: &[u8]) -> io::Result<Box<dyn Answer + '_>> {
        let line = self.line(Kind::Netlink, &name_of_request(request));
        match self.inner.ask(request) {
            Ok(inner) => {
                let line = Line { expects: Some(inner.expects()), ..line };
                Ok(Box::new(Taped { inner, tape: self.tape, line, bytes: Vec::new(), error: None }))
            }
            Err(error) => {
                self.tape.keep(Line { error: Some(number(&error)), ..line }, &[]);
                Err(error)
            }
        }
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn BufRead + '_>> {
        let mut file = match self.inner.open(path) {
            Ok(file) => file,
            Err(error) => return self.keep(Kind::File, path, Err(error), |_| Vec::new()),
        };
        let mut bytes = Vec::new();
        let broken = file.read_to_end(&mut bytes).err();
        self.tape.keep(Line { error: broken.as_ref().map(number), ..self.line(Kind::File, path) }, &bytes);
        Ok(Box::new(Broken { bytes: Cursor::new(bytes), error: broken.as_ref().map(number) }))
    }

    fn link(&self, path: &str) -> io::Result<PathBuf> {
        self.keep(Kind::Link, path, self.inner.link(path), |target| target.as_os_str().as_encoded_bytes().to_vec())
    }

    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        self.keep(Kind::List, path, self.inner.list(path), |names| ended(names))
    }

    fn inode(&self, path: &str) -> io::Result<u64> {
        self.keep(Kind::Inode, path, self.inner.inode(path), |inode| inode.to_le_bytes().to_vec())
    }

    fn directories(&self, path: &str) -> io::Result<Vec<(String, u64)>> {
        self.keep(Kind::Directories, path, self.inner.directories(path), |found| {
            found
                .iter()
                .flat_map(|(name, inode)| inode.to_le_bytes().into_iter().chain(name.bytes()).chain([0]))
                .collect()
        })
    }

    fn holders(&self, ask: &Ask<'_>) -> io::Result<Found> {
        self.keep(Kind::Holders, &name_of(ask), self.inner.holders(ask), |found| {
            let head = [found.denied.to_le_bytes(), found.elsewhere.to_le_bytes()].concat();
            let holders = found.holders.iter().flat_map(|one| [one.inode, one.pid, one.tid, one.fd]);
            let holders = holders.flat_map(u32::to_le_bytes);
            head.into_iter().chain([u8::from(found.lists_init)]).chain(holders).collect()
        })
    }

    fn head(&self, path: &str, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.head(path, buffer);
        self.keep(Kind::File, path, read, |&length| buffer.get(..length).unwrap_or_default().to_vec())
    }

    fn descriptor_counts(&self) -> io::Result<Vec<(u32, u64)>> {
        self.keep(Kind::DescriptorCounts, "", self.inner.descriptor_counts(), |counts| {
            counts.iter().flat_map(|(pid, count)| pid.to_le_bytes().into_iter().chain(count.to_le_bytes())).collect()
        })
    }

    fn sockets_of(&self, pid: u32) -> io::Result<Vec<u32>> {
        self.keep(Kind::SocketsOf, &pid.to_string(), self.inner.sockets_of(pid), |inodes| {
            inodes.iter().flat_map(|inode| inode.to_le_bytes()).collect()
        })
    }

    fn attribute(&self, path: &str, name: &str) -> io::Result<Vec<u8>> {
        self.keep(Kind::Attribute, &format!("{path}\0{name}"), self.inner.attribute(path, name), Vec::clone)
    }

    fn socket_netns(&self, pid: u32, fd: u32) -> io::Result<u64> {
        let name = format!("{pid}/{fd}");
        self.keep(Kind::SocketNetns, &name, self.inner.socket_netns(pid, fd), |inode| inode.to_le_bytes().to_vec())
    }

    fn interface_index(&self, name: &str) -> Option<u32> {
        let index = self.inner.interface_index(name);
        let bytes = index.map(u32::to_le_bytes);
        self.tape.keep(self.line(Kind::InterfaceIndex, name), bytes.as_ref().map_or(&[], |bytes| bytes));
        index
    }

    fn interface_names(&self) -> BTreeMap<u32, String> {
        let names = self.inner.interface_names();
        let one = |(index, name): (&u32, &String)| [&index.to_le_bytes(), name.as_bytes(), &[0]].concat();
        let bytes: Vec<u8> = names.iter().flat_map(one).collect();
        self.tape.keep(self.line(Kind::InterfaceNames, ""), &bytes);
        names
    }

    fn node(&self) -> (String, String) {
        let (name, release) = self.inner.node();
        self.tape.keep(self.line(Kind::Node, ""), [name.as_bytes(), &[0], release.as_bytes()].concat().as_slice());
        (name, release)
    }

    fn now(&self) -> SystemTime {
        let now = self.inner.now();
        let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let bytes: Vec<u8> =
            since.as_secs().to_le_bytes().into_iter().chain(since.subsec_nanos().to_le_bytes()).collect();
        self.tape.keep(self.line(Kind::Now, ""), &bytes);
        now
    }

    fn clock(&self) -> Duration {
        let clock = self.inner.clock();
        let nanoseconds = u64::try_from(clock.as_nanos()).unwrap_or(u64::MAX);
        self.tape.keep(self.line(Kind::Clock, ""), &nanoseconds.to_le_bytes());
        clock
    }
}

/// Bytes that may end in an error.
pub(super) struct Broken<T> {
    pub(super) bytes: Cursor<T>,
    pub(super) error: Option<i32>,
}

impl<T: AsRef<[u8]>> Read for Broken<T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match (self.bytes.read(buffer)?, self.error) {
            (0, Some(error)) if !buffer.is_empty() => Err(io::Error::from_raw_os_error(error)),
            (read, _) => Ok(read),
        }
    }
}

impl<T: AsRef<[u8]>> BufRead for Broken<T> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match (self.bytes.fill_buf()?, self.error) {
            ([], Some(error)) => Err(io::Error::from_raw_os_error(error)),
            (bytes, _) => Ok(bytes),
        }
    }

    fn consume(&mut self, amount: usize) {
        self.bytes.consume(amount);
    }
}

/// An answer that is kept as it is read.
struct Taped<'a> {
    inner: Box<dyn Answer + 'a>,
    tape: &'a Tape,
    line: Line,
    bytes: Vec<u8>,
    error: Option<i32>,
}

impl Answer for Taped<'_> {
    fn expects(&self) -> (u32, u32) {
        self.inner.expects()
    }

    fn next(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.next(buffer).inspect_err(|error| self.error = Some(number(error)))?;
        let datagram = buffer.get(..length).unwrap_or_default();
        // A part is whole datagrams.
        if self.bytes.len() + datagram.len() + 4 > PART {
            self.tape.keep(Line { more: true, ..self.line.clone() }, &self.bytes);
            self.bytes.clear();
        }
        self.bytes.extend_from_slice(&(datagram.len() as u32).to_le_bytes());
        self.bytes.extend_from_slice(datagram);
        Ok(length)
    }

    fn finish(&mut self) {
        self.inner.finish();
    }
}

impl Drop for Taped<'_> {
    fn drop(&mut self) {
        self.tape.keep(Line { error: self.error, ..self.line.clone() }, &self.bytes);
    }
}
