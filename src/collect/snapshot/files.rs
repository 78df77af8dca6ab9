//! Small files of the kernel's, read one after the other into one buffer.

use std::io;

use crate::source::Source;

/// Larger than any file read here but a `netstat` of some later kernel.
const ROOM: usize = 16 * 1024;
/// A file longer than this is none of those that are read here.
const MOST: usize = 1024 * 1024;

/// This user may not read a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Denied;

/// Reads files, each by one read call.
pub(super) struct Files<'a> {
    source: &'a dyn Source,
    buffer: Vec<u8>,
}

impl<'a> Files<'a> {
    pub(super) fn new(source: &'a dyn Source) -> Files<'a> {
        Files { source, buffer: vec![0; ROOM] }
    }

    /// The text of a file; `None` where it cannot be read.
    pub(super) fn text(&mut self, path: &str) -> Option<&str> {
        self.permitted(path).ok()?
    }

    /// The same of a file that the kernel may keep from this user.
    pub(super) fn permitted(&mut self, path: &str) -> Result<Option<&str>, Denied> {
        loop {
            let length = match self.source.head(path, &mut self.buffer) {
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Err(Denied),
                Err(_) => return Ok(None),
            };
            // A full buffer may have cut the file.
            if length < self.buffer.len() || length >= MOST {
                return Ok(self.buffer.get(..length).and_then(|bytes| str::from_utf8(bytes).ok()));
            }
            self.buffer.resize(length * 2, 0);
        }
    }

    /// A file of the network namespace that the calling thread is in.
    pub(super) fn of_net(&mut self, name: &str) -> Option<&str> {
        self.text(&format!("/proc/thread-self/net/{name}"))
    }

    /// A file that holds one number.
    pub(super) fn number(&mut self, path: &str) -> Option<u64> {
        self.text(path)?.trim().parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::memory::MemorySource;

    #[test]
    fn a_file_longer_than_the_buffer_is_read_whole() {
        let mut held = MemorySource::default();
        held.file("/long", "x".repeat(3 * ROOM));
        held.file("/number", "42\n");
        held.file("/odd", &[0xff][..]);
        let mut files = Files::new(&held);
        assert_eq!(files.text("/long").map(str::len), Some(3 * ROOM));
        assert_eq!((files.number("/number"), files.number("/long"), files.text("/odd")), (Some(42), None, None));
    }
}
