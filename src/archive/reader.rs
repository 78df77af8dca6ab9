//! Reading a recording: every length is checked before bytes are read, and memory is bounded by the file's own size and
//! by [`MOST_HELD`]: large answers stay compressed until they are asked for.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    ops::Range,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use serde::de::DeserializeOwned;

use super::{
    format::{
        AnswerKind, Head, KEPT_IN_FRAME, LONGEST_LINE, Line, MAGIC, MOST_HELD, Trailer, VERSION, Version, cost,
        decompressed, is_recording,
    },
    question::DumpRequest,
};

/// No recording has more samples.
const MOST_SAMPLES: u32 = 100_000;

/// The damage of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// It does not begin as a recording does.
    NoRecording,
    /// It ends before its end.
    Truncated,
    /// Something in it is not as it was written, from this byte of the file on.
    Damaged(u64),
    /// It was written by a later version, of this format.
    Newer(u64),
    /// It holds more than any recording does.
    TooLarge,
}

/// The question: namespace, kind, name.
type AnswerKey = (String, AnswerKind, String);

/// A part of an answer.
#[derive(Debug)]
pub(super) enum Piece {
    Held(Box<[u8]>),
    /// The range of its frame in the file, and its range in the frame.
    Framed(Range<usize>, Range<usize>),
}

/// One answer.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) sample: u32,
    pub(super) pieces: Vec<Piece>,
    pub(super) error: Option<i32>,
    pub(super) expects: (u32, u32),
}

/// A recording.
#[derive(Debug)]
pub struct Recording {
    file: Vec<u8>,
    head: Head,
    samples: u32,
    answers: BTreeMap<AnswerKey, Vec<Stored>>,
    /// The dumps of each namespace, by name.
    dumps: BTreeMap<String, Vec<(DumpRequest, String)>>,
    sample: AtomicU32,
    /// How often each query was made, by sample.
    asked: Mutex<BTreeMap<(u32, AnswerKey), usize>>,
}

impl Recording {
    /// Reads a recording.
    ///
    /// # Errors
    ///
    /// The damage of the file.
    pub fn read(file: Vec<u8>) -> Result<Recording, Damage> {
        if !is_recording(&file) {
            return Err(Damage::NoRecording);
        }
        let mut raw = Vec::new();
        let first = decompressed(&file, &mut raw).map_err(|error| damage(&error, 0))?;
        let mut frame = Frame { raw: &raw, at: 0 };
        let head = frame.line().ok_or(Damage::NoRecording)?;
        let Version { recording } = serde_json::from_slice(head).map_err(|_| Damage::NoRecording)?;
        if recording > VERSION.into() {
            return Err(Damage::Newer(recording));
        }
        if recording == 0 {
            return Err(Damage::NoRecording);
        }
        let head: Head = serde_json::from_slice(head).map_err(|_| Damage::Damaged(0))?;
        let mut shelf = Shelf::default();
        let mut at = 0;
        let mut length = first;
        let mut end: Option<Trailer> = None;
        loop {
            // Nothing comes after the end.
            if end.is_some() && frame.at < frame.raw.len() {
                return Err(Damage::Damaged(at as u64));
            }
            while frame.at < frame.raw.len() {
                let line = frame.line().ok_or(Damage::Damaged(at as u64))?;
                if let Some(last) = parsed::<Trailer>(line) {
                    end = Some(last);
                    continue;
                }
                let line: Line = parsed(line).filter(|_| end.is_none()).ok_or(Damage::Damaged(at as u64))?;
                let place = frame.bytes(line.bytes).ok_or(Damage::Damaged(at as u64))?;
                shelf.put(line, at..at + length, place, frame.raw).ok_or(Damage::Damaged(at as u64))?;
                if shelf.held > MOST_HELD {
                    return Err(Damage::TooLarge);
                }
            }
            at += length;
            let rest = file.get(at..).unwrap_or_default();
            if rest.is_empty() {
                break;
            }
            if !rest.starts_with(&MAGIC) {
                let is_cut = rest.len() < MAGIC.len() && MAGIC.starts_with(rest);
                return Err(if is_cut { Damage::Truncated } else { Damage::Damaged(at as u64) });
            }
            length = decompressed(rest, &mut raw).map_err(|error| damage(&error, at))?;
            frame = Frame { raw: &raw, at: 0 };
        }
        let end = end.ok_or(Damage::Truncated)?;
        if end.answers != shelf.lines || !shelf.open.is_empty() || !(1..=MOST_SAMPLES).contains(&end.samples) {
            return Err(Damage::Damaged(at as u64));
        }
        Ok(Recording::of(file, head, end.samples, shelf))
    }

    fn of(file: Vec<u8>, head: Head, samples: u32, shelf: Shelf) -> Recording {
        let mut dumps: BTreeMap<String, Vec<(DumpRequest, String)>> = BTreeMap::new();
        for (netns, kind, name) in shelf.answers.keys() {
            if *kind == AnswerKind::Netlink
                && let Some(question) = DumpRequest::of_name(name)
            {
                dumps.entry(netns.clone()).or_default().push((question, name.clone()));
            }
        }
        // The flight recorder's last sample is the one that something was found in.
        let first = if head.trigger.is_some() { samples.saturating_sub(1) } else { 0 };
        let (sample, asked) = (AtomicU32::new(first), Mutex::default());
        Recording { file, head, samples, answers: shelf.answers, dumps, sample, asked }
    }

    /// Its properties.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The number of samples.
    pub fn samples(&self) -> u32 {
        self.samples
    }

    /// Answers queries from this sample from now on.
    pub fn begin_sample(&self, number: u32) {
        self.sample.store(number, Ordering::Relaxed);
        // Answers start again: a replayed sample gets the same queries again.
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Whether anything was recorded of a namespace.
    pub fn knows(&self, netns: &str) -> bool {
        self.answers
            .range((netns.to_owned(), AnswerKind::Netlink, String::new())..)
            .next()
            .is_some_and(|(key, _)| key.0 == netns)
    }

    /// The next answer to this query, from this sample or the nearest one; the last answer repeats.
    pub(super) fn answer(&self, netns: &str, kind: AnswerKind, name: &str) -> Option<&Stored> {
        let key = (netns.to_owned(), kind, name.to_owned());
        let all = self.answers.get(&key)?;
        let now = self.sample.load(Ordering::Relaxed);
        let nearest = all.iter().map(|one| one.sample).min_by_key(|&sample| (now.abs_diff(sample), sample))?;
        let mut asked = self.asked.lock().ok()?;
        let turn = asked.entry((nearest, key)).or_default();
        let mut of_look = all.iter().filter(|one| one.sample == nearest);
        let found = of_look.clone().nth(*turn).or_else(|| of_look.next_back());
        *turn += 1;
        found
    }

    /// The last answer to each of the questions about one kind of thing, by name.
    pub(super) fn all(&self, netns: &str, kind: AnswerKind) -> impl Iterator<Item = (&str, &Stored)> {
        let from = (netns.to_owned(), kind, String::new());
        let of_kind = self.answers.range(from..).take_while(move |(key, _)| key.0 == netns && key.1 == kind);
        of_kind.filter_map(|(key, all)| Some((key.2.as_str(), all.last()?)))
    }

    pub(super) fn dumps(&self, netns: &str) -> &[(DumpRequest, String)] {
        self.dumps.get(netns).map_or(&[], Vec::as_slice)
    }

    /// Gives every answer in the order of the file, each part by itself.
    pub(super) fn each(&self, each: &mut dyn FnMut(Line, &[u8])) -> io::Result<()> {
        let (mut at, mut raw) = (0, Vec::new());
        while let Some(rest) = self.file.get(at..).filter(|rest| !rest.is_empty()) {
            at += decompressed(rest, &mut raw)?;
            let mut frame = Frame { raw: &raw, at: 0 };
            while let Some(line) = frame.line() {
                // Not the head and the end.
                let Some(line) = parsed::<Line>(line) else { continue };
                let Some(place) = frame.bytes(line.bytes) else { break };
                each(line, raw.get(place).unwrap_or_default());
            }
        }
        Ok(())
    }

    /// Adds the bytes of a part to `into`, by way of `raw`.
    pub(super) fn piece(&self, piece: &Piece, raw: &mut Vec<u8>, into: &mut Vec<u8>) -> io::Result<()> {
        match piece {
            Piece::Held(bytes) => into.extend_from_slice(bytes),
            Piece::Framed(frame, place) => {
                decompressed(self.file.get(frame.clone()).unwrap_or_default(), raw)?;
                into.extend_from_slice(raw.get(place.clone()).unwrap_or_default());
            }
        }
        Ok(())
    }

    /// All bytes of an answer.
    pub(super) fn bytes(&self, stored: &Stored) -> Vec<u8> {
        let (mut raw, mut bytes) = (Vec::new(), Vec::new());
        for piece in &stored.pieces {
            // It was read once; it is the same now.
            let _ = self.piece(piece, &mut raw, &mut bytes);
        }
        bytes
    }
}

/// The error number to replay. EINTR and EAGAIN become EIO: the caller would repeat the call forever.
fn plain(error: i32) -> i32 {
    if error <= 0 || matches!(error, libc::EINTR | libc::EAGAIN) { libc::EIO } else { error }
}

fn parsed<T: DeserializeOwned>(line: &[u8]) -> Option<T> {
    serde_json::from_slice(line).ok()
}

/// A frame that ends too early is one that was cut only where the file ends with it.
fn damage(error: &io::Error, at: usize) -> Damage {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Damage::Truncated,
        io::ErrorKind::FileTooLarge => Damage::TooLarge,
        _ => Damage::Damaged(at as u64),
    }
}

/// The content of a frame.
struct Frame<'a> {
    raw: &'a [u8],
    at: usize,
}

impl<'a> Frame<'a> {
    /// The next line, without its line feed.
    fn line(&mut self) -> Option<&'a [u8]> {
        let rest = self.raw.get(self.at..)?;
        let window = rest.get(..LONGEST_LINE.min(rest.len()))?;
        let length = window.iter().position(|&byte| byte == b'\n')?;
        self.at += length + 1;
        rest.get(..length)
    }

    /// The offset of the bytes after a line.
    fn bytes(&mut self, length: u64) -> Option<Range<usize>> {
        let start = self.at;
        let end = start.checked_add(usize::try_from(length).ok()?)?;
        if self.raw.get(end) != Some(&b'\n') {
            return None;
        }
        self.at = end + 1;
        Some(start..end)
    }
}

/// Answers as they are read.
#[derive(Default)]
struct Shelf {
    answers: BTreeMap<AnswerKey, Vec<Stored>>,
    /// Those of which more is to come.
    open: BTreeSet<AnswerKey>,
    lines: u64,
    held: usize,
}

impl Shelf {
    fn put(&mut self, line: Line, frame: Range<usize>, place: Range<usize>, raw: &[u8]) -> Option<()> {
        self.lines += 1;
        // Bytes that stay in their frame count too, since a read loads the whole frame.
        self.held += cost(&line, place.len());
        let is_framed = place.len() >= KEPT_IN_FRAME;
        let piece = if is_framed { Piece::Framed(frame, place) } else { Piece::Held(raw.get(place)?.into()) };
        let key = (line.netns, line.kind, line.name);
        let is_more = self.open.remove(&key);
        if line.more {
            self.open.insert(key.clone());
        }
        // Most questions are answered once.
        let all = self.answers.entry(key).or_insert_with(|| Vec::with_capacity(1));
        match all.last_mut().filter(|_| is_more) {
            Some(last) => {
                last.pieces.push(piece);
                last.error = line.error.map(plain);
            }
            None => all.push(Stored {
                sample: line.sample,
                pieces: vec![piece],
                error: line.error.map(plain),
                expects: line.expects.unwrap_or_default(),
            }),
        }
        Some(())
    }
}
