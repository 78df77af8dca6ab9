//! Files that the command line names.

use std::{
    fs::{self, File},
    io::{self, Read},
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
