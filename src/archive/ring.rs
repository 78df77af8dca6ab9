//! The last looks, in memory: each is a recording of one look, packed, and all of them together become one.

use std::{
    collections::VecDeque,
    io::{self, Write},
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    copy,
    reader::Recording,
    writer::{Output, RecordingSettings, RecordingWriter},
};

/// The last looks: no more than so many, in no more than so many bytes.
#[derive(Debug)]
pub struct LookRing {
    looks: VecDeque<Vec<u8>>,
    most_looks: usize,
    most_bytes: u64,
}

/// A look that is being taken.
pub struct LookTape {
    bytes: Arc<Mutex<Vec<u8>>>,
    writer: RecordingWriter,
}

/// A recording in memory.
struct HeldBytes(Arc<Mutex<Vec<u8>>>);

impl LookRing {
    /// Without looks yet.
    pub fn new(most_looks: usize, most_bytes: u64) -> LookRing {
        LookRing { looks: VecDeque::new(), most_looks, most_bytes }
    }

    /// Keeps a look, and lets the oldest go that there is no room for; `false` where it alone is too large.
    ///
    /// # Errors
    /// Where it could not be packed.
    pub fn push(&mut self, tape: LookTape) -> io::Result<bool> {
        tape.writer.finish()?;
        let look = mem::take(&mut *tape.bytes.lock().unwrap_or_else(PoisonError::into_inner));
        self.looks.push_back(look);
        while self.looks.len() > self.most_looks || self.bytes() > self.most_bytes {
            self.looks.pop_front();
        }
        Ok(!self.looks.is_empty() || self.most_looks == 0)
    }

    /// The bytes of all looks.
    pub fn bytes(&self) -> u64 {
        self.looks.iter().map(|look| look.len() as u64).sum()
    }

    /// Writes all looks, from the oldest on; how many they are.
    ///
    /// # Errors
    /// As copying a recording does.
    pub fn write(&self, writer: &RecordingWriter) -> io::Result<u32> {
        let mut number = 0;
        for look in &self.looks {
            let recording = Recording::read(look.clone()).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
            copy(&recording, writer, number)?;
            number += 1;
        }
        Ok(number)
    }
}

impl LookTape {
    /// Begins a look.
    ///
    /// # Errors
    /// As a recording does.
    pub fn begin() -> io::Result<LookTape> {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let writer = RecordingWriter::begin(Box::new(HeldBytes(Arc::clone(&bytes))), RecordingSettings::default())?;
        Ok(LookTape { bytes, writer })
    }

    /// What keeps its answers.
    pub fn writer(&self) -> RecordingWriter {
        self.writer.clone()
    }
}

impl Write for HeldBytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Output for HeldBytes {
    fn commit(self: Box<Self>) -> io::Result<()> {
        Ok(())
    }
}
