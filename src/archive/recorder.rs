//! A source that records the answers of another one.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, Cursor, Read},
    path::PathBuf,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use super::{
    format::{AnswerKind, Line, PART},
    question::{holders_name, request_name},
    writer::RecordingWriter,
};
use crate::source::{
    Answer, Source,
    processes::{Found, HolderQuery, by_links, namespaces::Inhabited},
};

/// A source of which all answers are kept.
pub struct Recorder<'a> {
    inner: Box<dyn Source + 'a>,
    writer: &'a RecordingWriter,
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

impl<'a> Recorder<'a> {
    /// Keeps what `inner` answers about the namespace of this file; an empty name is one's own.
    pub fn new(inner: impl Source + 'a, writer: &'a RecordingWriter, netns: &'a str) -> Recorder<'a> {
        Recorder { inner: Box::new(inner), writer, netns }
    }

    fn line(&self, kind: AnswerKind, name: &str) -> Line {
        Line {
            kind,
            sample: self.writer.sample(),
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
        kind: AnswerKind,
        name: &str,
        answer: io::Result<T>,
        bytes: impl FnOnce(&T) -> Vec<u8>,
    ) -> io::Result<T> {
        match answer {
            Ok(value) => {
                self.writer.keep(self.line(kind, name), &bytes(&value));
                Ok(value)
            }
            Err(error) => {
                self.writer.keep(Line { error: Some(number(&error)), ..self.line(kind, name) }, &[]);
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
        let line = self.line(AnswerKind::Netlink, &request_name(request));
        match self.inner.ask(request) {
            Ok(inner) => {
                let line = Line { expects: Some(inner.expects()), ..line };
                Ok(Box::new(RecordedAnswer { inner, writer: self.writer, line, bytes: Vec::new(), error: None }))
            }
            Err(error) => {
                self.writer.keep(Line { error: Some(number(&error)), ..line }, &[]);
                Err(error)
            }
        }
    }

    fn route_answer(&self, request: &[u8]) -> io::Result<Vec<u8>> {
        self.keep(AnswerKind::Route, &request_name(request), self.inner.route_answer(request), Vec::clone)
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn BufRead + '_>> {
        let mut file = match self.inner.open(path) {
            Ok(file) => file,
            Err(error) => return self.keep(AnswerKind::File, path, Err(error), |_| Vec::new()),
        };
        let mut bytes = Vec::new();
        let broken = file.read_to_end(&mut bytes).err();
        self.writer.keep(Line { error: broken.as_ref().map(number), ..self.line(AnswerKind::File, path) }, &bytes);
        Ok(Box::new(Broken { bytes: Cursor::new(bytes), error: broken.as_ref().map(number) }))
    }

    fn link(&self, path: &str) -> io::Result<PathBuf> {
        self.keep(AnswerKind::Link, path, self.inner.link(path), |target| {
            target.as_os_str().as_encoded_bytes().to_vec()
        })
    }

    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        self.keep(AnswerKind::List, path, self.inner.list(path), |names| ended(names))
    }

    fn inode(&self, path: &str) -> io::Result<u64> {
        self.keep(AnswerKind::Inode, path, self.inner.inode(path), |inode| inode.to_le_bytes().to_vec())
    }

    fn directories(&self, path: &str) -> io::Result<Vec<(String, u64)>> {
        self.keep(AnswerKind::Directories, path, self.inner.directories(path), |found| {
            found
                .iter()
                .flat_map(|(name, inode)| inode.to_le_bytes().into_iter().chain(name.bytes()).chain([0]))
                .collect()
        })
    }

    fn holders(&self, ask: &HolderQuery<'_>) -> io::Result<Found> {
        self.keep(AnswerKind::Holders, &holders_name(ask), self.inner.holders(ask), |found| {
            let head = [found.denied.to_le_bytes(), found.elsewhere.to_le_bytes()].concat();
            let holders = found.holders.iter().flat_map(|one| [one.inode, one.pid, one.tid, one.fd]);
            let holders = holders.flat_map(u32::to_le_bytes);
            head.into_iter().chain([u8::from(found.lists_init)]).chain(holders).collect()
        })
    }

    fn head(&self, path: &str, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.head(path, buffer);
        self.keep(AnswerKind::File, path, read, |&length| buffer.get(..length).unwrap_or_default().to_vec())
    }

    // Link by link, as recordings have always had them.
    fn inhabited(&self) -> io::Result<Inhabited> {
        by_links::inhabited(self)
    }

    fn descriptor_counts(&self) -> io::Result<Vec<(u32, u64)>> {
        self.keep(AnswerKind::DescriptorCounts, "", self.inner.descriptor_counts(), |counts| {
            counts.iter().flat_map(|(pid, count)| pid.to_le_bytes().into_iter().chain(count.to_le_bytes())).collect()
        })
    }

    fn sockets_of(&self, pid: u32) -> io::Result<Vec<u32>> {
        self.keep(AnswerKind::SocketsOf, &pid.to_string(), self.inner.sockets_of(pid), |inodes| {
            inodes.iter().flat_map(|inode| inode.to_le_bytes()).collect()
        })
    }

    fn pause(&self, time: Duration) {
        self.inner.pause(time);
    }

    fn attribute(&self, path: &str, name: &str) -> io::Result<Vec<u8>> {
        self.keep(AnswerKind::Attribute, &format!("{path}\0{name}"), self.inner.attribute(path, name), Vec::clone)
    }

    fn socket_netns(&self, pid: u32, fd: u32) -> io::Result<u64> {
        let name = format!("{pid}/{fd}");
        self.keep(AnswerKind::SocketNetns, &name, self.inner.socket_netns(pid, fd), |inode| {
            inode.to_le_bytes().to_vec()
        })
    }

    fn interface_index(&self, name: &str) -> Option<u32> {
        let index = self.inner.interface_index(name);
        let bytes = index.map(u32::to_le_bytes);
        self.writer.keep(self.line(AnswerKind::InterfaceIndex, name), bytes.as_ref().map_or(&[], |bytes| bytes));
        index
    }

    fn interface_names(&self) -> BTreeMap<u32, String> {
        let names = self.inner.interface_names();
        let one = |(index, name): (&u32, &String)| [&index.to_le_bytes(), name.as_bytes(), &[0]].concat();
        let bytes: Vec<u8> = names.iter().flat_map(one).collect();
        self.writer.keep(self.line(AnswerKind::InterfaceNames, ""), &bytes);
        names
    }

    fn node(&self) -> (String, String) {
        let (name, release) = self.inner.node();
        self.writer
            .keep(self.line(AnswerKind::Node, ""), [name.as_bytes(), &[0], release.as_bytes()].concat().as_slice());
        (name, release)
    }

    fn now(&self) -> SystemTime {
        let now = self.inner.now();
        let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let bytes: Vec<u8> =
            since.as_secs().to_le_bytes().into_iter().chain(since.subsec_nanos().to_le_bytes()).collect();
        self.writer.keep(self.line(AnswerKind::Now, ""), &bytes);
        now
    }

    fn clock(&self) -> Duration {
        let clock = self.inner.clock();
        let nanoseconds = u64::try_from(clock.as_nanos()).unwrap_or(u64::MAX);
        self.writer.keep(self.line(AnswerKind::Clock, ""), &nanoseconds.to_le_bytes());
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
struct RecordedAnswer<'a> {
    inner: Box<dyn Answer + 'a>,
    writer: &'a RecordingWriter,
    line: Line,
    bytes: Vec<u8>,
    error: Option<i32>,
}

impl Answer for RecordedAnswer<'_> {
    fn expects(&self) -> (u32, u32) {
        self.inner.expects()
    }

    fn next(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.next(buffer).inspect_err(|error| self.error = Some(number(error)))?;
        let datagram = buffer.get(..length).unwrap_or_default();
        // A part is whole datagrams.
        if self.bytes.len() + datagram.len() + 4 > PART {
            self.writer.keep(Line { more: true, ..self.line.clone() }, &self.bytes);
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

impl Drop for RecordedAnswer<'_> {
    fn drop(&mut self) {
        self.writer.keep(Line { error: self.error, ..self.line.clone() }, &self.bytes);
    }
}
