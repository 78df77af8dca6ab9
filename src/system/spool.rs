//! A folder of recordings that this program makes and empties: private, and its user's own.

use std::{
    ffi::CStr,
    fs::File,
    io::{self, Read},
    os::fd::OwnedFd,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use rustix::{
    fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, fstat, mkdirat, openat, unlinkat},
    io::Errno,
    process::geteuid,
};

use super::files::FileRefusal;

/// Only the owner may see its content.
const PRIVATE: u32 = 0o700;

/// A folder, held open, so a change of its path does no harm.
#[derive(Debug)]
pub struct Spool {
    folder: OwnedFd,
}

/// A regular file in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SpoolFile {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// When it was written last.
    pub written: SystemTime,
    /// Its first bytes.
    pub beginning: Vec<u8>,
}

impl Spool {
    /// Opens a folder, and creates it if `makes` is set and it does not exist.
    ///
    /// # Errors
    /// As opening does; or when it is another user's, or others may read it.
    pub fn open(path: &str, makes: bool) -> io::Result<Spool> {
        if makes {
            match mkdirat(CWD, path, Mode::from_raw_mode(PRIVATE)) {
                Ok(()) | Err(Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let folder = openat(CWD, path, flags, Mode::empty())?;
        let about = fstat(&folder)?;
        if about.st_uid != geteuid().as_raw() {
            return Err(FileRefusal::Foreign.error());
        }
        if about.st_mode & 0o077 != 0 {
            return Err(FileRefusal::Shared.error());
        }
        Ok(Spool { folder })
    }

    /// Its regular files that belong to this user, each with this number of bytes of its beginning; skips links.
    ///
    /// # Errors
    /// As reading a folder does.
    pub fn files(&self, beginning: u64) -> io::Result<Vec<SpoolFile>> {
        let mut files = Vec::new();
        for entry in Dir::read_from(&self.folder)? {
            let entry = entry?;
            // A file that vanished or is unreadable is not ours.
            files.extend(self.file(entry.file_name(), beginning).ok().flatten());
        }
        files.sort_by(|a, b| (a.written, &a.name).cmp(&(b.written, &b.name)));
        Ok(files)
    }

    fn file(&self, name: &CStr, beginning: u64) -> io::Result<Option<SpoolFile>> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = openat(&self.folder, name, flags, Mode::empty())?;
        let about = fstat(&file)?;
        let is_regular = FileType::from_raw_mode(about.st_mode) == FileType::RegularFile;
        let Some(name) = name.to_str().ok().filter(|_| is_regular && about.st_uid == geteuid().as_raw()) else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        File::from(file).take(beginning).read_to_end(&mut bytes)?;
        let seconds = u64::try_from(about.st_mtime).unwrap_or(0);
        Ok(Some(SpoolFile {
            name: name.to_owned(),
            bytes: u64::try_from(about.st_size).unwrap_or(0),
            written: UNIX_EPOCH + Duration::from_secs(seconds),
            beginning: bytes,
        }))
    }

    /// Deletes one of its files.
    ///
    /// # Errors
    /// As deleting does.
    pub fn remove(&self, file: &SpoolFile) -> io::Result<()> {
        Ok(unlinkat(&self.folder, &file.name, AtFlags::empty())?)
    }
}
