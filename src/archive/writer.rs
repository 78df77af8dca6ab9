//! Where a recording is written: answers are gathered here, and compressed and written by another thread, or here where no
//! thread can be started.

use std::{
    io::{self, Write},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::{self, SyncSender},
    },
    thread::{Builder, JoinHandle},
};

use super::{
    delta,
    format::{self, AnswerKind, Head, Line, SampleScope, Trailer, Trigger, VERSION, compressed, put},
    redact::{self, Aliases},
};
use crate::system::atomic_file::AtomicFile;

/// Small answers share a frame of about this size.
const SHARED: usize = 256 << 10;

/// Answers of at least this size get their own frame.
const OWN_FRAME: usize = 64 << 10;

/// Frames that wait for the writing thread.
const WAITING: usize = 4;

/// A recording does not grow beyond this; it could not be read.
const MOST: u64 = 500 << 20;

/// How a recording is made.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct RecordingSettings {
    /// The options of the run.
    pub scope: SampleScope,
    /// Whether names and addresses are replaced.
    pub redact: bool,
    /// Whether they were replaced before they came here.
    pub was_redacted: bool,
    /// Why the flight recorder writes it.
    pub trigger: Option<Trigger>,
    /// Whether answers of netlink are packed by themselves: only for samples in memory.
    pub is_packed: bool,
}

/// A recording in the making.
#[derive(Clone)]
pub struct RecordingWriter(Arc<Inner>);

struct Inner {
    file: Arc<FileWriter>,
    state: Mutex<WriterState>,
}

/// A frame before it is compressed.
struct RawFrame {
    bytes: Vec<u8>,
    /// Whether it stays as it is: its answer is packed.
    is_plain: bool,
}

/// The file as far as it is written.
struct FileWriter {
    /// How many bytes were written, at most [`WAITING`] frames behind.
    written: AtomicU64,
    /// Whether nothing more can be written.
    broke: AtomicBool,
    output: Mutex<Written>,
}

struct WriterState {
    sample: u32,
    /// Of the file's size, how much each sample takes.
    size: Budget,
    /// The same for the bytes that a reader must hold.
    held: Budget,
    frame: Vec<u8>,
    answers: u64,
    aliases: Option<Aliases>,
    is_packed: bool,
    file: Arc<FileWriter>,
    /// The queue of frames for the writing thread; none without such a thread.
    frames: Option<SyncSender<RawFrame>>,
    writer: Option<JoinHandle<()>>,
    failed: Option<io::Error>,
}

/// The bytes of samples, within their limit.
struct Budget {
    most: u64,
    used: u64,
    /// The bytes used at the start of this sample.
    before: u64,
    /// The most that a sample took.
    largest: u64,
}

impl Budget {
    fn of(most: u64) -> Budget {
        Budget { most, used: 0, before: 0, largest: 0 }
    }

    /// Whether further samples like those so far would still fit.
    fn has_room(&mut self) -> bool {
        self.largest = self.largest.max(self.used.saturating_sub(self.before));
        self.used + SAMPLES_TO_SPARE * self.largest < self.most
    }
}

/// Where all was written, or why it was not.
type Written = io::Result<Box<dyn Output>>;

/// A recording continues while there is room for two more samples of the largest size: the next one, and the answers at
/// the end.
const SAMPLES_TO_SPARE: u64 = 4;

/// Where the bytes go.
pub trait Output: Write + Send {
    /// Completes the output.
    fn commit(self: Box<Self>) -> io::Result<()>;
}

impl Output for AtomicFile {
    fn commit(self: Box<Self>) -> io::Result<()> {
        AtomicFile::commit(*self)
    }
}

impl RecordingWriter {
    /// Begins a recording.
    ///
    /// # Errors
    /// Where the kernel gives no random bytes to redact with.
    pub fn begin(output: Box<dyn Output>, settings: RecordingSettings) -> io::Result<RecordingWriter> {
        let aliases = settings.redact.then(Aliases::new);
        let (frames, received) = mpsc::sync_channel::<RawFrame>(WAITING);
        let output = Mutex::new(Ok(output));
        let file = Arc::new(FileWriter { written: AtomicU64::new(0), broke: AtomicBool::new(false), output });
        let writing = Arc::clone(&file);
        let work = move || received.into_iter().take_while(|frame| writing.put(frame)).for_each(drop);
        // What is packed leaves a thread little to do.
        let writer = if settings.is_packed { None } else { Builder::new().spawn(work).ok() };
        let frames = writer.is_some().then_some(frames);
        let mut scope = settings.scope;
        if let Some(aliases) = &aliases {
            scope.netns = scope.netns.map(|netns| aliases.netns(&netns));
        }
        let redacted = settings.redact || settings.was_redacted;
        let head = Head {
            recording: VERSION,
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            redacted,
            scope,
            trigger: settings.trigger,
        };
        let mut state = WriterState {
            sample: 0,
            size: Budget::of(MOST),
            held: Budget::of(format::MOST_HELD as u64),
            frame: Vec::with_capacity(2 * SHARED),
            answers: 0,
            aliases,
            is_packed: settings.is_packed,
            file: Arc::clone(&file),
            frames,
            writer,
            failed: None,
        };
        put(&mut state.frame, &head, None)?;
        // The head has its own frame, so that a later version of the format is distinct from damage.
        state.flush(false);
        Ok(RecordingWriter(Arc::new(Inner { file, state: Mutex::new(state) })))
    }

    fn state(&self) -> MutexGuard<'_, WriterState> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a sample: the following answers belong to it.
    pub fn begin_sample(&self, number: u32) {
        let mut state = self.state();
        state.sample = number;
        state.size.used = self.0.file.written.load(Ordering::Relaxed);
        state.size.before = state.size.used;
        state.held.before = state.held.used;
    }

    /// Whether further samples of the largest size would still fit, and writing has not failed.
    pub fn has_room(&self) -> bool {
        let mut state = self.state();
        state.size.used = self.0.file.written.load(Ordering::Relaxed);
        !self.0.file.broke.load(Ordering::Relaxed) && state.size.has_room() && state.held.has_room()
    }

    /// How many samples there were.
    pub fn samples(&self) -> u32 {
        self.sample() + 1
    }

    pub(super) fn sample(&self) -> u32 {
        self.state().sample
    }

    /// Records an answer, or the next part of one. Omits data that must not be shared.
    pub(super) fn keep(&self, mut line: Line, bytes: &[u8]) {
        let mut state = self.state();
        let mut bytes = std::borrow::Cow::Borrowed(bytes);
        if let Some(aliases) = &state.aliases {
            match redact::answer(aliases, &mut line, &bytes) {
                Some(redacted) => bytes = redacted.into(),
                None => return,
            }
        }
        let is_packed = state.is_packed && line.kind == AnswerKind::Netlink;
        if is_packed {
            bytes = delta::packed(&bytes).into();
        }
        state.held.used += format::cost(&line, bytes.len()) as u64;
        // What is packed is unpacked in one piece.
        match is_packed {
            true => state.part(&line, &bytes, line.more),
            false => state.keep(&line, &bytes),
        }
    }

    /// Writes the rest and completes the file; returns its size in bytes.
    ///
    /// # Errors
    ///
    /// The first error in writing.
    pub fn finish(self) -> io::Result<u64> {
        let samples = self.samples();
        let mut state = self.state();
        if state.held.used > state.held.most {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        let end = Trailer { answers: state.answers, samples };
        put(&mut state.frame, &end, None)?;
        state.flush(false);
        if !state.join() {
            return Err(io::Error::from(io::ErrorKind::Interrupted));
        }
        if let Some(error) = state.failed.take() {
            return Err(error);
        }
        self.0.file.taken()?.commit()?;
        Ok(self.0.file.written.load(Ordering::Relaxed))
    }
}

impl FileWriter {
    fn output(&self) -> MutexGuard<'_, Written> {
        self.output.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Compresses and writes a frame; false where nothing more can be written.
    fn put(&self, frame: &RawFrame) -> bool {
        let mut output = self.output();
        let Ok(file) = &mut *output else { return false };
        if let Err(error) = self.write(file, frame) {
            self.broke.store(true, Ordering::Relaxed);
            *output = Err(error);
        }
        output.is_ok()
    }

    fn write(&self, file: &mut Box<dyn Output>, frame: &RawFrame) -> io::Result<()> {
        let frame = if frame.is_plain { delta::plain(&frame.bytes) } else { compressed(&frame.bytes)? };
        let length = frame.len() as u64;
        if self.written.fetch_add(length, Ordering::Relaxed) + length > MOST {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        file.write_all(&frame)
    }

    /// The complete output.
    fn taken(&self) -> Written {
        std::mem::replace(&mut *self.output(), Err(io::Error::from(io::ErrorKind::Interrupted)))
    }
}

impl Drop for WriterState {
    fn drop(&mut self) {
        self.join();
    }
}

impl WriterState {
    /// Waits until the thread has written all frames; false if it failed.
    fn join(&mut self) -> bool {
        self.frames = None;
        self.writer.take().is_none_or(|writer| writer.join().is_ok())
    }

    fn keep(&mut self, line: &Line, bytes: &[u8]) {
        let mut parts = bytes.chunks(format::PART).peekable();
        if bytes.is_empty() {
            self.part(line, &[], line.more);
        }
        while let Some(part) = parts.next() {
            let is_last = parts.peek().is_none();
            self.part(line, part, line.more || !is_last);
        }
    }

    fn part(&mut self, line: &Line, bytes: &[u8], more: bool) {
        let line = Line { bytes: bytes.len() as u64, more, error: line.error.filter(|_| !more), ..line.clone() };
        let has_own = bytes.len() >= OWN_FRAME;
        if has_own {
            self.flush(false);
        }
        if let Err(error) = put(&mut self.frame, &line, Some(bytes)) {
            self.failed.get_or_insert(error);
            return;
        }
        self.answers += 1;
        if has_own || self.frame.len() >= SHARED {
            self.flush(has_own && self.is_packed && line.kind == AnswerKind::Netlink);
        }
    }

    fn flush(&mut self, is_plain: bool) {
        if self.frame.is_empty() {
            return;
        }
        let bytes = std::mem::replace(&mut self.frame, Vec::with_capacity(2 * SHARED));
        let frame = RawFrame { bytes, is_plain };
        // Why the file takes no more is said at the end.
        match &self.frames {
            Some(frames) => drop(frames.send(frame)),
            None => drop(self.file.put(&frame)),
        }
    }
}
