//! Bytes held in memory in place of a kernel: replay, and the tests that rest on it.

use std::{
    collections::{BTreeMap, VecDeque},
    io::{self, BufRead},
    path::PathBuf,
    time::SystemTime,
};

use super::{Answer, Source};

/// What a held answer begins with; the port id every message of it carries.
const PORT: u32 = 1;

/// A netlink message up to and including what it asks for: type, then family and protocol.
type Question = (u16, u8, u8);

/// How one question is answered.
#[derive(Clone, Debug)]
enum Reply {
    Datagrams(Vec<Vec<u8>>),
    Error(i32),
}

/// Held input. What it was not given is absent, as on a kernel that lacks it.
#[derive(Clone, Debug)]
pub struct Held {
    replies: BTreeMap<Question, VecDeque<Reply>>,
    files: BTreeMap<String, Vec<u8>>,
    links: BTreeMap<String, PathBuf>,
    /// Host name and kernel release.
    pub node: (String, String),
    /// When the bytes were taken.
    pub taken_at: SystemTime,
}

impl Default for Held {
    fn default() -> Held {
        Held {
            replies: BTreeMap::new(),
            files: BTreeMap::new(),
            links: BTreeMap::new(),
            node: ("held".into(), "6.18.0".into()),
            taken_at: SystemTime::UNIX_EPOCH,
        }
    }
}

impl Held {
    /// Answers a question of this message type, family and protocol with datagrams as the kernel
    /// sent them. Asked again, it gives the next answer that was added; the last one stays.
    pub fn answer(&mut self, question: (u16, u8, u8), datagrams: Vec<Vec<u8>>) {
        self.replies.entry(question).or_default().push_back(Reply::Datagrams(datagrams));
    }

    /// Holds the raw answer to TCP dumps that `-D` wrote, or `ss -D`: netlink messages one after the other.
    ///
    /// # Errors
    /// When the bytes are no such messages.
    pub fn of_tcp_dump(bytes: &[u8]) -> io::Result<Held> {
        let broken = |at: usize| io::Error::new(io::ErrorKind::InvalidData, format!("no netlink message at byte {at}"));
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        let mut at = 0;
        while at < bytes.len() {
            let rest = bytes.get(at..).unwrap_or_default();
            let head: [u8; 16] = rest.first_chunk().copied().ok_or_else(|| broken(at))?;
            let length = u32::from_ne_bytes([head[0], head[1], head[2], head[3]]) as usize;
            let message = rest.get(..length).filter(|_| length >= head.len()).ok_or_else(|| broken(at))?;
            // Types below 16 are netlink's own: the ends of the dumps.
            match (u16::from_ne_bytes([head[4], head[5]]), message.get(16)) {
                (0..16, _) => {}
                (18 | 20, Some(10)) => v6.push(message.get(16..).unwrap_or_default().to_vec()),
                (18 | 20, Some(2)) => v4.push(message.get(16..).unwrap_or_default().to_vec()),
                _ => return Err(broken(at)),
            }
            at += length.next_multiple_of(4);
        }
        let mut held = Held::default();
        held.answer((20, 2, 6), datagrams(&v4));
        held.answer((20, 10, 6), datagrams(&v6));
        v4.append(&mut v6);
        held.answer((18, 2, 0), datagrams(&v4));
        Ok(held)
    }

    /// Refuses a question with an error number, as `sendmsg` or the kernel's reply would.
    pub fn refuse(&mut self, question: (u16, u8, u8), errno: i32) {
        self.replies.entry(question).or_default().push_back(Reply::Error(errno));
    }

    /// Holds a file.
    pub fn file(&mut self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into());
    }

    /// Holds a symbolic link.
    pub fn symlink(&mut self, path: &str, target: &str) {
        self.links.insert(path.into(), target.into());
    }
}

/// Puts records into datagrams that fit a receive buffer, as the kernel would send them.
fn datagrams(records: &[Vec<u8>]) -> Vec<Vec<u8>> {
    const ROOM: usize = 16 * 1024;
    let mut datagrams: Vec<Vec<u8>> = vec![Vec::new()];
    let message = |kind: u16, payload: &[u8]| {
        let length = (16 + payload.len()) as u32;
        let mut bytes: Vec<u8> = length.to_ne_bytes().into();
        bytes.extend(kind.to_ne_bytes());
        bytes.extend(2u16.to_ne_bytes());
        bytes.extend(1u32.to_ne_bytes());
        bytes.extend(PORT.to_ne_bytes());
        bytes.extend(payload);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    };
    for record in records {
        let bytes = message(20, record);
        match datagrams.last_mut() {
            Some(last) if last.len() + bytes.len() <= ROOM => last.extend(bytes),
            _ => datagrams.push(bytes),
        }
    }
    datagrams.push(message(3, &[0; 4]));
    datagrams.retain(|datagram| !datagram.is_empty());
    datagrams
}

fn absent(path: &str) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, format!("{path} is not held"))
}

impl Source for Held {
    fn ask(&mut self, request: &[u8]) -> io::Result<Box<dyn Answer + '_>> {
        // Type at byte 4; the payload begins at 16. Type 20 has family and protocol there, the
        // older type 18 has the family and no protocol.
        let kind = match request.get(4..6) {
            Some(&[low, high]) => u16::from_ne_bytes([low, high]),
            _ => return Err(io::Error::from(io::ErrorKind::InvalidInput)),
        };
        let family = request.get(16).copied().unwrap_or(0);
        let protocol = if kind == 20 { request.get(17).copied().unwrap_or(0) } else { 0 };
        let replies = self.replies.get_mut(&(kind, family, protocol));
        let reply = match replies {
            Some(replies) if replies.len() > 1 => replies.pop_front(),
            Some(replies) => replies.front().cloned(),
            None => None,
        };
        match reply {
            Some(Reply::Datagrams(datagrams)) => {
                let sequence = datagrams.first().and_then(|first| sequence_of(first)).unwrap_or(0);
                Ok(Box::new(Datagrams { datagrams: datagrams.into(), sequence }))
            }
            Some(Reply::Error(errno)) => Err(io::Error::from_raw_os_error(errno)),
            None => Err(io::Error::from_raw_os_error(libc::ENOENT)),
        }
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn BufRead + '_>> {
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
}

/// The sequence number of a datagram's first message.
fn sequence_of(datagram: &[u8]) -> Option<u32> {
    Some(u32::from_ne_bytes(datagram.get(8..12)?.try_into().ok()?))
}

struct Datagrams {
    datagrams: VecDeque<Vec<u8>>,
    sequence: u32,
}

impl Answer for Datagrams {
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
