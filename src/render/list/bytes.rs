//! The buffer between the rows and the writer.

use std::io::{self, Write};

/// Bytes that are collected before a write.
const CHUNK: usize = 64 * 1024;

/// One buffer for the whole run.
pub(super) struct Sink<'a> {
    out: &'a mut (dyn Write + Send),
    pub(super) buffer: Vec<u8>,
}

impl<'a> Sink<'a> {
    pub(super) fn new(out: &'a mut (dyn Write + Send)) -> Sink<'a> {
        // A row is far shorter than the second half, so that the buffer does not grow.
        Sink { out, buffer: Vec::with_capacity(2 * CHUNK) }
    }

    /// Writes the buffer out when it is full.
    pub(super) fn settle(&mut self) -> io::Result<()> {
        if self.buffer.len() < CHUNK { Ok(()) } else { self.write() }
    }

    fn write(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.write()?;
        self.out.flush()
    }
}
