//! A source that answers from memory, for tests: data that it was not given is absent, as on a kernel that lacks it.
//! The unit tests of `src` share it.

#![allow(dead_code, reason = "shared by several test programs; none uses all of it")]

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    io::{self, BufRead},
    path::PathBuf,
    time::{Duration, SystemTime},
};

use sockdoc::{
    model::uapi::{
        INET_DIAG_REQ_V2, NLM_F_DUMP, NLMSG_FLAGS, NLMSG_HDRLEN, NLMSG_SEQ, NLMSG_TYPE, SOCK_DIAG_BY_FAMILY, u16_at,
        u32_at, u64_at,
    },
    source::{
        Answer, Source,
        processes::{Found, HolderQuery, by_links, namespaces::Inhabited},
    },
};

pub(crate) mod listed;

/// The first bytes of a held answer; the port id in every message of it.
const PORT: u32 = 1;

/// A message of an answer: of several parts, to the first request.
pub(crate) fn message(kind: u16, payload: &[u8]) -> Vec<u8> {
    let length = (NLMSG_HDRLEN + payload.len()) as u32;
    let header = [&length.to_ne_bytes()[..], &kind.to_ne_bytes(), &[2, 0], &1u32.to_ne_bytes(), &PORT.to_ne_bytes()];
    [header.concat().as_slice(), payload].concat()
}

/// The offset of `idiag_cookie` in a request for one socket.
const COOKIE: usize = NLMSG_HDRLEN + INET_DIAG_REQ_V2 - 8;

/// A netlink message up to and including what it asks for: type, then family and protocol.
type Question = (u16, u8, u8);

/// How one question is answered.
#[derive(Clone, Debug)]
enum Reply {
    Datagrams(Vec<Vec<u8>>),
    Error(i32),
}

/// The input it was given.
#[derive(Clone, Debug)]
pub(crate) struct MemorySource {
    replies: BTreeMap<Question, VecDeque<Reply>>,
    files: BTreeMap<String, Vec<u8>>,
    denied: BTreeSet<String>,
    links: BTreeMap<String, PathBuf>,
    attributes: BTreeMap<(String, String), Vec<u8>>,
    exact: BTreeMap<u64, Vec<u8>>,
    routes: BTreeMap<Vec<u8>, Vec<u8>>,
    /// Host name and kernel release.
    pub(crate) node: (String, String),
    /// When the bytes were taken.
    pub(crate) taken_at: SystemTime,
    /// The time of its clock.
    pub(crate) clock: Duration,
}

impl Default for MemorySource {
    fn default() -> MemorySource {
        MemorySource {
            replies: BTreeMap::new(),
            files: BTreeMap::new(),
            denied: BTreeSet::new(),
            links: BTreeMap::new(),
            attributes: BTreeMap::new(),
            exact: BTreeMap::new(),
            routes: BTreeMap::new(),
            node: ("held".into(), "6.18.0".into()),
            taken_at: SystemTime::UNIX_EPOCH,
            clock: Duration::ZERO,
        }
    }
}

impl MemorySource {
    /// Answers a question of this message type, family and protocol with datagrams as the kernel
    /// sent them. Asked again, it gives the next answer that was added; the last one stays.
    pub(crate) fn answer(&mut self, question: (u16, u8, u8), datagrams: Vec<Vec<u8>>) {
        self.replies.entry(question).or_default().push_back(Reply::Datagrams(datagrams));
    }

    /// Refuses a question with an error number, as `sendmsg` or the kernel's reply would.
    pub(crate) fn refuse(&mut self, question: (u16, u8, u8), errno: i32) {
        self.replies.entry(question).or_default().push_back(Reply::Error(errno));
    }

    /// Answers a question about the one internet socket of this cookie with a datagram.
    pub(crate) fn answer_exact(&mut self, cookie: u64, datagram: Vec<u8>) {
        self.exact.insert(cookie, datagram);
    }

    /// Answers a question to rtnetlink.
    pub(crate) fn route(&mut self, request: &[u8], answer: Vec<u8>) {
        self.routes.insert(request.to_vec(), answer);
    }

    /// Holds an extended attribute.
    pub(crate) fn attribute(&mut self, path: &str, name: &str, value: impl Into<Vec<u8>>) {
        self.attributes.insert((path.into(), name.into()), value.into());
    }

    /// Holds a file.
    pub(crate) fn file(&mut self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into());
    }

    /// Refuses a file, as the kernel does to users other than root.
    pub(crate) fn deny(&mut self, path: &str) {
        self.denied.insert(path.into());
    }

    /// Holds a symbolic link.
    pub(crate) fn symlink(&mut self, path: &str, target: &str) {
        self.links.insert(path.into(), target.into());
    }
}

fn absent(path: &str) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, format!("{path} is not held"))
}

impl Source for MemorySource {
    fn ask(&mut self, request: &[u8]) -> io::Result<Box<dyn Answer + '_>> {
        // The payload begins with family and protocol; that of the older type has no protocol.
        let kind = u16_at(request, NLMSG_TYPE).ok_or(io::ErrorKind::InvalidInput)?;
        let byte = |at: usize| request.get(NLMSG_HDRLEN + at).copied().unwrap_or(0);
        let (family, protocol) = (byte(0), if kind == SOCK_DIAG_BY_FAMILY { byte(1) } else { 0 });
        if u16_at(request, NLMSG_FLAGS).is_some_and(|flags| flags & NLM_F_DUMP != NLM_F_DUMP) {
            let datagram = u64_at(request, COOKIE).and_then(|cookie| self.exact.get(&cookie));
            // ENOENT would say that the socket is gone.
            let datagram = datagram.ok_or_else(|| io::Error::from_raw_os_error(libc::EACCES))?;
            let sequence = u32_at(datagram, NLMSG_SEQ.start).unwrap_or(0);
            return Ok(Box::new(MemoryAnswer { datagrams: VecDeque::from([datagram.clone()]), sequence }));
        }
        let replies = self.replies.get_mut(&(kind, family, protocol));
        let reply = match replies {
            Some(replies) if replies.len() > 1 => replies.pop_front(),
            Some(replies) => replies.front().cloned(),
            None => None,
        };
        match reply {
            Some(Reply::Datagrams(datagrams)) => {
                let sequence = datagrams.first().and_then(|first| u32_at(first, NLMSG_SEQ.start)).unwrap_or(0);
                Ok(Box::new(MemoryAnswer { datagrams: datagrams.into(), sequence }))
            }
            Some(Reply::Error(errno)) => Err(io::Error::from_raw_os_error(errno)),
            None => Err(io::Error::from_raw_os_error(libc::ENOENT)),
        }
    }

    fn route_answer(&self, request: &[u8]) -> io::Result<Vec<u8>> {
        self.routes.get(request).cloned().ok_or_else(|| absent("rtnetlink"))
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn BufRead + '_>> {
        if self.denied.contains(path) {
            return Err(io::Error::from_raw_os_error(libc::EACCES));
        }
        let bytes = self.files.get(path).ok_or_else(|| absent(path))?;
        Ok(Box::new(bytes.as_slice()))
    }

    fn link(&self, path: &str) -> io::Result<PathBuf> {
        self.links.get(path).cloned().ok_or_else(|| absent(path))
    }

    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        let within = format!("{}/", path.trim_end_matches('/'));
        let names = self.files.keys().chain(self.links.keys());
        let mut names: Vec<String> =
            names.filter_map(|name| name.strip_prefix(&within)?.split('/').next().map(str::to_owned)).collect();
        names.sort_unstable();
        names.dedup();
        if names.is_empty() { Err(absent(path)) } else { Ok(names) }
    }

    fn holders(&self, ask: &HolderQuery<'_>) -> io::Result<Found> {
        listed::holders(self, ask)
    }

    fn inhabited(&self) -> io::Result<Inhabited> {
        by_links::inhabited(self)
    }

    fn descriptor_counts(&self) -> io::Result<Vec<(u32, u64)>> {
        listed::descriptor_counts(self)
    }

    fn sockets_of(&self, pid: u32) -> io::Result<Vec<u32>> {
        listed::sockets_of(self, pid)
    }

    fn attribute(&self, path: &str, name: &str) -> io::Result<Vec<u8>> {
        self.attributes.get(&(path.to_owned(), name.to_owned())).cloned().ok_or_else(|| absent(path))
    }

    fn inode(&self, path: &str) -> io::Result<u64> {
        // A namespace is held as the link text that names its inode, `net:[4026531840]`.
        let target = self.link(path)?;
        let digits: String = target.to_string_lossy().chars().filter(char::is_ascii_digit).collect();
        digits.parse().map_err(|_| absent(path))
    }

    fn node(&self) -> (String, String) {
        self.node.clone()
    }

    fn now(&self) -> SystemTime {
        self.taken_at
    }

    fn clock(&self) -> Duration {
        self.clock
    }
}

struct MemoryAnswer {
    datagrams: VecDeque<Vec<u8>>,
    sequence: u32,
}

impl Answer for MemoryAnswer {
    fn expects(&self) -> (u32, u32) {
        (self.sequence, PORT)
    }

    fn next(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let datagram = self.datagrams.pop_front();
        let datagram = datagram
            .ok_or_else(|| io::Error::new(io::ErrorKind::UnexpectedEof, "the answer ends without its last message"))?;
        match buffer.get_mut(..datagram.len()) {
            Some(space) => space.copy_from_slice(&datagram),
            None => return Err(io::Error::new(io::ErrorKind::InvalidData, "a datagram did not fit")),
        }
        Ok(datagram.len())
    }
}
