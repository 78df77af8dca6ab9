//! Files that the command line names.

use std::{
    fs::{self, File},
    io::{self, Read},
    time::SystemTime,
};

/// More than this is read from no file: a raw dump of a million sockets with all details is smaller.
const MOST: u64 = 512 << 20;

/// Reads a file, or standard input for `-`.
///
/// # Errors
/// As reading does, or when there is more than any such file holds.
pub fn read(path: &str) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = match path {
        "-" => io::stdin().lock().take(MOST).read_to_end(&mut bytes)?,
        path => File::open(path)?.take(MOST).read_to_end(&mut bytes)?,
    };
    if read as u64 == MOST { Err(io::Error::from(io::ErrorKind::FileTooLarge)) } else { Ok(bytes) }
}

/// Makes a file, or empties the one that is there.
///
/// # Errors
/// As opening a file to write does.
pub fn create(path: &str) -> io::Result<File> {
    fs::File::create(path)
}

/// The beginning of a file; nothing of what can be read only once.
///
/// # Errors
/// As opening and reading a file do.
pub fn beginning(path: &str, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if fs::metadata(path)?.is_file() {
        File::open(path)?.take(most as u64).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// When a file was last written; now, where that cannot be told.
pub fn written_at(path: &str) -> SystemTime {
    fs::metadata(path).and_then(|metadata| metadata.modified()).unwrap_or_else(|_| SystemTime::now())
}
