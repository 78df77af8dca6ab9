//! A file that is there whole or not at all: written under another name, and renamed once it is on the disk.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process,
};

/// The owner alone may read what a host looked like.
const PRIVATE: u32 = 0o600;

/// A file in the making; dropped before its time, nothing of it is left.
#[derive(Debug)]
pub struct Draft {
    file: File,
    /// Its name for now, and the one it will have; none where it is no file that could be renamed.
    names: Option<(PathBuf, PathBuf)>,
}

impl Draft {
    /// Begins a file. What is there already, and is no plain file (a pipe, a device), is written to as it is.
    ///
    /// # Errors
    /// As making a file beside it does.
    pub fn create(path: &str) -> io::Result<Draft> {
        let path = Path::new(path);
        if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
            return Ok(Draft { file: OpenOptions::new().write(true).open(path)?, names: None });
        }
        let name = path.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        let mut other = std::ffi::OsString::from(".");
        other.push(name);
        other.push(format!(".{}.part", process::id()));
        let temporary = path.with_file_name(other);
        let file = OpenOptions::new().write(true).create_new(true).mode(PRIVATE).open(&temporary)?;
        Ok(Draft { file, names: Some((temporary, path.to_owned())) })
    }

    /// Puts it in its place, once all of it is on the disk.
    ///
    /// # Errors
    /// As writing does.
    pub fn commit(mut self) -> io::Result<()> {
        let Some((temporary, path)) = &self.names else { return self.file.flush() };
        self.file.sync_all()?;
        fs::rename(temporary, path)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // Not every file system can; the file is whole in any case.
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
        self.names = None;
        Ok(())
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Some((temporary, _)) = &self.names {
            let _ = fs::remove_file(temporary);
        }
    }
}
