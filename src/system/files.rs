//! Files that the command line names.

use std::{
    error::Error,
    fmt,
    fs::{self, File, Metadata, OpenOptions},
    io::{self, Read, Seek},
    os::unix::fs::{FileExt, FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    thread,
    time::{Duration, Instant, SystemTime},
};

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

/// More than this is read from no file: a raw dump of a million sockets with all details is smaller.
const MOST: u64 = 512 << 20;

/// How long the other end of a FIFO is waited for.
const PATIENCE: Duration = Duration::from_secs(3);

/// Why a file is left alone that the system would let this program read or write.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileRefusal {
    /// It is there already.
    Exists,
    /// A FIFO, a device, a link or a configuration of another user than this one and root.
    Foreign,
    /// A configuration that anyone may write.
    Writable,
    /// A FIFO that no program writes to.
    NoWriter,
    /// A FIFO that no program reads.
    NoReader,
    /// A folder for recordings that others may read.
    Shared,
}

impl fmt::Display for FileRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl Error for FileRefusal {}

impl FileRefusal {
    /// The refusal behind an error, if it is one.
    pub fn of(error: &io::Error) -> Option<FileRefusal> {
        error.get_ref()?.downcast_ref().copied()
    }

    pub(super) fn error(self) -> io::Error {
        io::Error::other(self)
    }
}

/// Refuses a file that belongs neither to this user nor to root.
pub(super) fn must_be_ours(metadata: &Metadata) -> io::Result<()> {
    // In a user namespace that has no number for root, root's files look like those of all others it has none for.
    let root = || fs::metadata("/proc").map_or(0, |proc| proc.uid());
    let owner = metadata.uid();
    let is_ours = owner == 0 || owner == rustix::process::geteuid().as_raw() || owner == root();
    if is_ours { Ok(()) } else { Err(FileRefusal::Foreign.error()) }
}

/// Whether a file is this user's, or is not there.
pub fn is_own(path: &str) -> bool {
    fs::metadata(path).map_or(true, |there| there.uid() == rustix::process::geteuid().as_raw())
}

/// Removes a socket of this user; anything else stays.
///
/// # Errors As removing a file does, or if it is not a socket or belongs to another user.
pub fn remove_own_socket(path: &str) -> io::Result<()> {
    let there = fs::symlink_metadata(path)?;
    if !there.file_type().is_socket() || there.uid() != rustix::process::geteuid().as_raw() {
        return Err(FileRefusal::Exists.error());
    }
    fs::remove_file(path)
}

/// Sets who may read and write a file.
///
/// # Errors
/// As the system does.
pub fn set_mode(path: &str, mode: u32) -> io::Result<()> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

/// Reads a file, or standard input for `-`.
///
/// # Errors
/// As reading does, or when there is more than any such file holds, or when it is a FIFO that no program writes to.
pub fn read(path: &str) -> io::Result<Vec<u8>> {
    OpenFile::open(path)?.read()
}

/// Reads a configuration from its beginning. It decides about reports, so other users must not be able to write it.
///
/// # Errors
///
/// The errors of [`read`], or that it belongs to another user than this one and root, or that any user may write it.
pub fn read_configuration(file: &OpenFile) -> io::Result<Vec<u8>> {
    let OpenFile::File(file) = file else { return file.read() };
    let metadata = file.metadata()?;
    must_be_ours(&metadata)?;
    // /dev/null is everyone's, and says nothing.
    if metadata.mode() & 0o002 != 0 && !metadata.file_type().is_char_device() {
        return Err(FileRefusal::Writable.error());
    }
    all_of_file(file)
}

/// A file of the command line, open and not read yet.
#[derive(Debug)]
pub enum OpenFile {
    /// Standard input, which is named `-`.
    Stdin,
    /// A file, or another object with a path.
    File(File),
    /// The content of a file that can be read only once.
    Held(Vec<u8>),
}

impl OpenFile {
    /// Opens a file, or standard input for `-`; a FIFO without waiting for a writer.
    ///
    /// # Errors
    /// As opening does.
    pub fn open(path: &str) -> io::Result<OpenFile> {
        if path == "-" {
            return Ok(OpenFile::Stdin);
        }
        let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or(0);
        Ok(OpenFile::File(OpenOptions::new().read(true).custom_flags(flags).open(path)?))
    }

    /// The file, if its bytes can be read as often as one likes.
    pub fn regular(&self) -> Option<&File> {
        match self {
            OpenFile::File(file) if file.metadata().is_ok_and(|metadata| metadata.is_file()) => Some(file),
            _ => None,
        }
    }

    /// Reads all of it, as [`read`] does.
    ///
    /// # Errors
    /// The same.
    pub fn read(&self) -> io::Result<Vec<u8>> {
        match self {
            OpenFile::Stdin => all_of(io::stdin().lock(), Vec::new()),
            OpenFile::File(file) => all_of_file(file),
            OpenFile::Held(bytes) => Ok(bytes.clone()),
        }
    }

    /// The first bytes; empty for an object that can be read only once.
    pub fn beginning(&self, most: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; most];
        let read = match self.regular() {
            Some(file) => file.read_at(&mut bytes, 0)?,
            None => 0,
        };
        bytes.truncate(read);
        Ok(bytes)
    }

    /// When it was written last; now, if unknown.
    pub fn written_at(&self) -> SystemTime {
        let metadata = if let OpenFile::File(file) = self { file.metadata().ok() } else { None };
        metadata.and_then(|metadata| metadata.modified().ok()).unwrap_or_else(SystemTime::now)
    }
}

/// All of a file, from its beginning where it has one.
fn all_of_file(mut file: &File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let kind = file.metadata()?.file_type();
    if kind.is_file() {
        file.rewind()?;
    }
    if kind.is_fifo() {
        let end = Instant::now() + PATIENCE;
        let mut first = [0; 4096];
        loop {
            match file.read(&mut first) {
                // Nothing is in it, and no program holds its other end.
                Ok(0) if Instant::now() >= end => return Err(FileRefusal::NoWriter.error()),
                Ok(0) => thread::sleep(PATIENCE / 100),
                Ok(read) => {
                    bytes.extend_from_slice(first.get(..read).unwrap_or_default());
                    break;
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
    }
    may_wait(file)?;
    all_of(file, bytes)
}

fn all_of(file: impl Read, mut bytes: Vec<u8>) -> io::Result<Vec<u8>> {
    file.take(MOST).read_to_end(&mut bytes)?;
    if bytes.len() as u64 >= MOST { Err(io::Error::from(io::ErrorKind::FileTooLarge)) } else { Ok(bytes) }
}

/// Lets reads and writes wait, as they do of a file that was opened in the usual way.
fn may_wait(file: &File) -> io::Result<()> {
    Ok(fcntl_setfl(file, fcntl_getfl(file)? - OFlags::NONBLOCK)?)
}

/// Opens a file that is not a regular file for writing: a FIFO as soon as a program reads it.
///
/// # Errors
///
/// The error in opening, or that no program reads a FIFO.
pub(super) fn open_special(path: &std::path::Path) -> io::Result<File> {
    let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or(0);
    let end = Instant::now() + PATIENCE;
    loop {
        match OpenOptions::new().write(true).custom_flags(flags).open(path) {
            Err(error) if error.raw_os_error() == Some(libc::ENXIO) && Instant::now() >= end => {
                return Err(FileRefusal::NoReader.error());
            }
            Err(error) if error.raw_os_error() == Some(libc::ENXIO) => thread::sleep(PATIENCE / 100),
            opened => {
                let file = opened?;
                may_wait(&file)?;
                return Ok(file);
            }
        }
    }
}
