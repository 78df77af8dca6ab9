//! The last samples, in memory: each is a recording of one sample, with packed answers, and all of them together become
//! one recording.

use std::{
    collections::VecDeque,
    io::{self, Write},
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    copy::unpack,
    delta,
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
    /// As unpacking a recording does.
    pub fn write(&self, writer: &RecordingWriter) -> io::Result<u32> {
        let mut number = 0;
        for sample in &self.samples {
            let recording = Recording::read(delta::as_recording(sample)?);
            let recording = recording.map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
            unpack(&recording, writer, number)?;
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
        // A sample is taken every few seconds for as long as the program runs, and seldom written.
        let settings = RecordingSettings { is_packed: true, ..RecordingSettings::default() };
        let writer = RecordingWriter::begin(Box::new(HeldBytes(Arc::clone(&bytes))), settings)?;
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

#[cfg(test)]
mod tests {
    use super::{
        super::format::{AnswerKind, Line, PART},
        *,
    };

    /// A dump with many sockets, in parts, and short answers before and after it.
    fn answers() -> Vec<(Line, Vec<u8>)> {
        let line = |kind, name: &str, more| Line {
            kind,
            sample: 0,
            netns: String::new(),
            name: name.to_owned(),
            bytes: 0,
            error: None,
            more,
            expects: None,
        };
        let dump = |sockets: u32| {
            let message = |number: u32| {
                let words = [124, number, number, !number, number];
                words.map(u32::to_ne_bytes).concat().into_iter().chain([5; 104])
            };
            let datagram = |from: u32| {
                let length = (100 * 124_u32).to_le_bytes().into_iter();
                length.chain((from..from + 100).flat_map(message)).collect::<Vec<u8>>()
            };
            (0..sockets / 100).flat_map(|number| datagram(number * 100)).collect::<Vec<u8>>()
        };
        let file = |name: &str, text: &str| (line(AnswerKind::File, name, false), text.as_bytes().to_vec());
        vec![
            file("/proc/a", "one"),
            (line(AnswerKind::Netlink, "00ff", true), dump(4_000)),
            (line(AnswerKind::Netlink, "00ff", false), dump(300)),
            (line(AnswerKind::Netlink, "0055", false), b"an answer of another shape".to_vec()),
            (line(AnswerKind::Netlink, "0066", false), Vec::new()),
            file("/proc/b", "two"),
        ]
    }

    #[test]
    fn a_sample_in_memory_is_small_and_becomes_the_same_recording() {
        let mut ring = SampleRing::new(2, 1 << 20);
        for _ in 0..3 {
            let tape = SampleTape::begin().unwrap();
            for (line, bytes) in answers() {
                assert!(bytes.len() < PART);
                tape.writer().keep(line, &bytes);
            }
            assert!(ring.push(tape).unwrap());
        }
        assert!(ring.bytes() < 2 * 4_300 * 26, "{}", ring.bytes());
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let output = Box::new(HeldBytes(Arc::clone(&bytes)));
        let writer = RecordingWriter::begin(output, RecordingSettings::default()).unwrap();
        assert_eq!(ring.write(&writer).unwrap(), 2);
        writer.finish().unwrap();
        let recording = Recording::read(mem::take(&mut *bytes.lock().unwrap())).unwrap();
        assert_eq!(recording.samples(), 2);
        let (mut found, mut expected) = (Vec::new(), Vec::new());
        recording.each(&mut |line, bytes| found.push((line, bytes.to_vec()))).unwrap();
        for sample in 0..2 {
            let of_sample =
                |(line, bytes): (Line, Vec<u8>)| (Line { sample, bytes: bytes.len() as u64, ..line }, bytes);
            expected.extend(answers().into_iter().map(of_sample));
        }
        assert_eq!(found, expected);
    }
}
