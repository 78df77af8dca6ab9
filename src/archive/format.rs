//! The parts of a recording: a head, answers, an end. Each is a line of JSON; the bytes of an answer follow its line.
//!
//! They are in consecutive LZ4 frames, each with its checksum, so that a part of the file can be read separately. A
//! frame holds whole answers.

use std::io::{self, Read, Write};

use lz4_flex::frame::{BlockSize, FrameDecoder, FrameEncoder, FrameInfo};
use serde::{Deserialize, Serialize};

/// The version that is written, and the latest that is read.
pub const VERSION: u32 = 1;

/// The first bytes of an LZ4 frame.
pub const MAGIC: [u8; 4] = [0x04, 0x22, 0x4d, 0x18];

/// Whether a file begins as a recording does.
pub fn is_recording(file: &[u8]) -> bool {
    file.starts_with(&MAGIC)
}

/// The size limit, in bytes, of all answers together except those of netlink, which are read as a stream.
pub const MOST_HELD: usize = 192 << 20;

/// The memory, in bytes, of an answer in the reader besides its bytes and its name: a place in a half-filled tree node,
/// and the overhead of its four allocations.
pub const COST: usize = 352;

/// The bytes of an answer that count towards [`MOST_HELD`].
pub fn cost(line: &Line, bytes: usize) -> usize {
    let is_stream = line.kind == AnswerKind::Netlink && bytes >= KEPT_IN_FRAME;
    COST + line.name.len() + line.netns.len() + if is_stream { 0 } else { bytes }
}

/// An answer of this size stays in its frame.
pub const KEPT_IN_FRAME: usize = 16 << 10;

/// No line is longer.
pub const LONGEST_LINE: usize = 256 << 10;

/// The size limit of a part of an answer in one frame, in bytes; the next frame continues a longer answer.
pub const PART: usize = 512 << 10;

/// No frame holds more than one part with its line, or as many small answers.
pub const LARGEST_FRAME: usize = PART + LONGEST_LINE + (64 << 10);

/// How the run that made a recording read the host.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct SampleScope {
    /// `--netns`, as it was given.
    pub netns: Option<String>,
    /// `--deep`.
    pub deep: bool,
    /// `--bound-inactive`.
    pub bound_inactive: bool,
}

/// The first line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Head {
    /// The version of the format.
    pub recording: u32,
    /// The version of the program.
    pub tool: String,
    /// Whether names and addresses were replaced.
    pub redacted: bool,
    /// How the run read the host.
    #[serde(flatten)]
    pub scope: SampleScope,
    /// Why the flight recorder wrote it; no other recording has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<Trigger>,
}

/// Why the flight recorder wrote a recording.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Trigger {
    /// The rule of the finding that was new.
    pub rule: String,
    /// Its severity, by its word.
    pub severity: String,
    /// When it was new, in seconds since 1970.
    pub at: u64,
    /// Whether this is the second recording, some time later.
    pub is_after: bool,
    /// Whether a user copied it, whose it is then.
    pub is_copy: bool,
}

/// The head of a recording that begins so; `None` where it does not begin as a recording does.
pub fn head_of(beginning: &[u8]) -> Option<Head> {
    let mut raw = Vec::new();
    is_recording(beginning).then(|| decompressed(beginning, &mut raw).ok())??;
    serde_json::from_slice(raw.split(|&byte| byte == b'\n').next()?).ok()
}

/// The version alone, which every later format keeps.
#[derive(Deserialize)]
pub(super) struct Version {
    pub(super) recording: u64,
}

/// The kind of a query.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerKind {
    /// A netlink request; the name is its bytes in hexadecimal, the bytes are datagrams, each after its length.
    Netlink,
    /// An rtnetlink request; the name is its bytes in hexadecimal, the bytes are the messages of its answer.
    Route,
    /// A file, or its beginning.
    File,
    /// A symbolic link.
    Link,
    /// The names in a directory, each ended by a zero byte.
    List,
    /// An inode number, 8 bytes.
    Inode,
    /// Directories in a directory: inode number and name, ended by a zero byte.
    Directories,
    /// The holders of sockets.
    Holders,
    /// How many descriptors each process has: pid, 4 bytes; number, 8 bytes.
    DescriptorCounts,
    /// The inodes of the sockets of one process, 4 bytes each.
    SocketsOf,
    /// An extended attribute; the name is that of the file, a zero byte, and its own.
    Attribute,
    /// The network namespace of a descriptor, 8 bytes.
    SocketNetns,
    /// The index of an interface, 4 bytes; none if the interface does not exist.
    InterfaceIndex,
    /// Interfaces: index, 4 bytes; name, ended by a zero byte.
    InterfaceNames,
    /// Host name, zero byte, kernel release.
    Node,
    /// Seconds since 1970, 8 bytes; nanoseconds, 4 bytes.
    Now,
    /// Nanoseconds of the monotonic clock, 8 bytes.
    Clock,
}

/// The line before the bytes of an answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Line {
    /// The kind of the query.
    pub kind: AnswerKind,
    /// The number of the sample, from 0.
    pub sample: u32,
    /// The file of the network namespace; empty for the run's own.
    pub netns: String,
    /// The exact query.
    pub name: String,
    /// How many bytes follow, and after them a line feed.
    pub bytes: u64,
    /// The error number the answer ends in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<i32>,
    /// Whether the next line of this name has more of the same answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
    /// Sequence number and port id of a netlink answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expects: Option<(u32, u32)>,
}

/// The last line: without it, the file was cut.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Trailer {
    /// How many answers there are, their parts counted.
    pub answers: u64,
    /// The number of samples.
    pub samples: u32,
}

/// Adds a line and its bytes.
pub(super) fn put(frame: &mut Vec<u8>, line: &impl Serialize, bytes: Option<&[u8]>) -> io::Result<()> {
    serde_json::to_writer(&mut *frame, line)?;
    frame.push(b'\n');
    if let Some(bytes) = bytes {
        frame.extend_from_slice(bytes);
        frame.push(b'\n');
    }
    Ok(())
}

/// The numbers of a list, each of `N` bytes, with the name after it, which ends in a zero byte.
pub(super) fn numbered<const N: usize>(mut bytes: &[u8]) -> impl Iterator<Item = ([u8; N], &[u8])> {
    std::iter::from_fn(move || {
        let (number, rest) = bytes.split_first_chunk::<N>()?;
        let length = rest.iter().position(|&byte| byte == 0).unwrap_or(rest.len());
        let (name, rest) = rest.split_at(length);
        bytes = rest.get(1..).unwrap_or_default();
        Some((*number, name))
    })
}

/// A frame of these bytes.
pub(super) fn compressed(raw: &[u8]) -> io::Result<Vec<u8>> {
    let info =
        FrameInfo::new().block_size(BlockSize::Max256KB).content_checksum(true).content_size(Some(raw.len() as u64));
    let mut encoder = FrameEncoder::with_frame_info(info, Vec::with_capacity(raw.len() / 3));
    encoder.write_all(raw)?;
    encoder.finish().map_err(io::Error::from)
}

/// Puts the first frame of `file` into `raw`, and says how long it was.
pub(super) fn decompressed(file: &[u8], raw: &mut Vec<u8>) -> io::Result<usize> {
    raw.clear();
    let mut decoder = FrameDecoder::new(file);
    let read = decoder.by_ref().take(LARGEST_FRAME as u64 + 1).read_to_end(raw)?;
    if read > LARGEST_FRAME {
        return Err(io::Error::from(io::ErrorKind::FileTooLarge));
    }
    let length = file.len() - decoder.into_inner().len();
    if is_whole(file.get(..length).unwrap_or_default(), read) {
        Ok(length)
    } else {
        Err(io::Error::from(io::ErrorKind::UnexpectedEof))
    }
}

/// The offsets of a frame's flags and content length, and the flags for "length present" and "ends in a checksum".
const FLAGS: usize = 4;
const CONTENT_SIZE: std::ops::Range<usize> = 6..14;
const WITH_SIZE_AND_CHECKSUM: u8 = 0x08 | 0x04;

/// Whether a frame has its whole content, the mark at its end and the checksum after it: to the decoder, one that ends
/// between two blocks is as good.
fn is_whole(frame: &[u8], content: usize) -> bool {
    let has_both = frame.get(FLAGS).is_some_and(|flags| flags & WITH_SIZE_AND_CHECKSUM == WITH_SIZE_AND_CHECKSUM);
    let size = frame.get(CONTENT_SIZE).and_then(|size| size.first_chunk()).map(|size| u64::from_le_bytes(*size));
    let (_, end) = frame.split_at(frame.len().saturating_sub(8));
    has_both && size == Some(content as u64) && end.starts_with(&[0; 4])
}
