//! The last samples, in memory: each is a recording of one sample, packed, and all of them together become one.

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

/// The last samples, limited by number and by bytes.
#[derive(Debug)]
pub struct SampleRing {
    samples: VecDeque<Box<[u8]>>,
    most_samples: usize,
    most_bytes: u64,
}

/// A sample that is being taken.
pub struct SampleTape {
    bytes: Arc<Mutex<Vec<u8>>>,
    writer: RecordingWriter,
}

/// A recording in memory.
struct HeldBytes(Arc<Mutex<Vec<u8>>>);

impl SampleRing {
    /// Without samples yet.
    pub fn new(most_samples: usize, most_bytes: u64) -> SampleRing {
        SampleRing { samples: VecDeque::new(), most_samples, most_bytes }
    }

    /// Keeps a sample, and drops the oldest ones without room; `false` if the sample alone is too large.
    ///
    /// # Errors
    /// Where it could not be packed.
    pub fn push(&mut self, tape: SampleTape) -> io::Result<bool> {
        tape.writer.finish()?;
        let sample = mem::take(&mut *tape.bytes.lock().unwrap_or_else(PoisonError::into_inner));
        // A copy: kept among the writer's allocations, samples would leave unused holes.
        self.samples.push_back(sample.as_slice().into());
        while self.samples.len() > self.most_samples || self.bytes() > self.most_bytes {
            self.samples.pop_front();
        }
        Ok(!self.samples.is_empty() || self.most_samples == 0)
    }

    /// The bytes of all samples.
    pub fn bytes(&self) -> u64 {
        self.samples.iter().map(|sample| sample.len() as u64).sum()
    }

    /// Writes all samples, from the oldest on; how many they are.
    ///
    /// # Errors
    /// As copying a recording does.
    pub fn write(&self, writer: &RecordingWriter) -> io::Result<u32> {
        let mut number = 0;
        for sample in &self.samples {
            let recording =
                Recording::read(sample.to_vec()).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
            copy(&recording, writer, number)?;
            number += 1;
        }
        Ok(number)
    }
}

impl SampleTape {
    /// Begins a sample.
    ///
    /// # Errors
    /// As a recording does.
    pub fn begin() -> io::Result<SampleTape> {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let writer = RecordingWriter::begin(Box::new(HeldBytes(Arc::clone(&bytes))), RecordingSettings::default())?;
        Ok(SampleTape { bytes, writer })
    }

    /// The writer that keeps its answers.
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
