//! A file that exists completely or not at all: written without a name (`O_TMPFILE`), and named once it is on disk, so
//! an interrupted run leaves nothing behind. On file systems without `O_TMPFILE` it is written under another name and
//! renamed.

use std::{
    collections::hash_map::RandomState,
    fs::{self, File, OpenOptions},
    hash::BuildHasher,
    io::{self, Write},
    os::{
        fd::AsRawFd,
        unix::fs::{OpenOptionsExt, PermissionsExt},
    },
    path::{Path, PathBuf},
};

use rustix::{
    fs::{AtFlags, CWD, OFlags, RenameFlags, linkat, renameat_with},
    io::Errno,
};

use super::files::{FileRefusal, must_be_ours, open_special};

/// The owner alone may read what a host looked like.
const PRIVATE: u32 = 0o600;

/// Everyone may read what is published.
const PUBLIC: u32 = 0o644;

/// A file in the making; dropped before its time, nothing of it is left.
#[derive(Debug)]
pub struct AtomicFile {
    file: File,
    /// Its path once it is whole; none where it is no file that could be put there.
    path: Option<PathBuf>,
    /// Its name for now, where it has one.
    part: Option<PathBuf>,
    /// Whether it may take the place of another file.
    force: bool,
}

impl AtomicFile {
    /// Begins a file. Follows a link; writes directly to an existing FIFO or device. Replaces a regular file only with
    /// `force`.
    ///
    /// # Errors
    ///
    /// The error in creating a file beside it; or that the file exists without `force`, that a link, FIFO or device
    /// belongs to another user than this one and root, or that a FIFO has no reader.
    pub fn create(path: &str, force: bool) -> io::Result<AtomicFile> {
        let path = followed(Path::new(path))?;
        // Behind a link in /proc there may be what has no path: a descriptor of this program.
        let is_descriptor = path.is_symlink();
        match fs::metadata(&path) {
            Ok(there) if !there.is_file() && !there.is_dir() => {
                let file = open_special(&path)?;
                if !is_descriptor {
                    must_be_ours(&file.metadata()?)?;
                }
                return Ok(AtomicFile { file, path: None, part: None, force });
            }
            Ok(there) if there.is_file() && !force => return Err(FileRefusal::Exists.error()),
            _ => {}
        }
        if path.file_name().is_none() {
            return Err(io::Error::from(io::ErrorKind::InvalidInput));
        }
        if let Some(file) = unnamed(&path) {
            return Ok(AtomicFile { file, path: Some(path), part: None, force });
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(PRIVATE);
        let (part, file) = beside(&path, |part| options.open(part))?;
        Ok(AtomicFile { file, path: Some(path), part: Some(part), force })
    }

    /// Lets everyone read it.
    ///
    /// # Errors
    /// As changing the mode of a file does.
    pub fn publish(&self) -> io::Result<()> {
        self.file.set_permissions(fs::Permissions::from_mode(PUBLIC))
    }

    /// Puts it in its place, once all of it is on the disk.
    ///
    /// # Errors
    /// As writing does; or when a file came there meanwhile and none may be replaced.
    pub fn commit(mut self) -> io::Result<()> {
        let Some(path) = self.path.clone() else { return self.file.flush() };
        self.file.sync_all()?;
        let file = of_descriptor(&self.file);
        let name = |part: &Path| Ok(linkat(CWD, &file, CWD, part, AtFlags::SYMLINK_FOLLOW)?);
        match self.part.take() {
            // Without a name in between, none is left by a kill.
            None if !self.force => name(&path).map_err(|error: io::Error| match error.kind() {
                io::ErrorKind::AlreadyExists => FileRefusal::Exists.error(),
                _ => error,
            })?,
            part => {
                // A name cannot be given to a file in place of another one.
                let part = part.map_or_else(|| Ok(beside(&path, name)?.0), Ok::<_, io::Error>)?;
                rename(self.part.insert(part), &path, self.force)?;
            }
        }
        self.part = None;
        // Not every file system can; the file is whole in any case.
        let _ = File::open(folder(&path)).and_then(|folder| folder.sync_all());
        Ok(())
    }
}

/// More links than this lead nowhere (`ELOOP`).
const MOST_LINKS: usize = 40;

/// Where a path leads; a link that leads nowhere, or to what has no path, stays. Another user could have put a link there to
/// have this program write elsewhere.
fn followed(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        let folders = path.ancestors().filter_map(|part| fs::symlink_metadata(part).ok());
        folders.filter(fs::Metadata::is_symlink).try_for_each(|link| must_be_ours(&link))?;
        if !path.is_symlink() {
            return Ok(path);
        }
        let next = folder(&path).join(fs::read_link(&path)?);
        if fs::symlink_metadata(&next).is_err() {
            return Ok(path);
        }
        path = next;
    }
    Err(io::Error::from_raw_os_error(libc::ELOOP))
}

fn rename(part: &Path, path: &Path, force: bool) -> io::Result<()> {
    if force {
        return fs::rename(part, path);
    }
    match renameat_with(CWD, part, CWD, path, RenameFlags::NOREPLACE) {
        Err(Errno::EXIST) => Err(FileRefusal::Exists.error()),
        // Some file systems do not know the flag.
        Err(Errno::INVAL | Errno::NOSYS) if fs::symlink_metadata(path).is_err() => fs::rename(part, path),
        renamed => Ok(renamed?),
    }
}

/// A file without a name; none where the file system has no such files, or nothing could name it later.
fn unnamed(path: &Path) -> Option<File> {
    let flags = i32::try_from(OFlags::TMPFILE.bits()).ok()?;
    let file = OpenOptions::new().write(true).custom_flags(flags).mode(PRIVATE).open(folder(path)).ok()?;
    let is_private = file.metadata().ok()?.permissions().mode() & 0o777 & !PRIVATE == 0;
    (is_private && fs::metadata(of_descriptor(&file)).is_ok()).then_some(file)
}

fn of_descriptor(file: &File) -> String {
    format!("/proc/self/fd/{}", file.as_raw_fd())
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// So many names are tried.
const TRIES: u32 = 100;

/// Makes something under another name in the same folder. What a process that was killed left there, perhaps one of
/// this number, stays as it is.
fn beside<T>(path: &Path, mut make: impl FnMut(&Path) -> io::Result<T>) -> io::Result<(PathBuf, T)> {
    let mut number = 0;
    // No one can lay something in its way: the keys of hash tables are random.
    let random = RandomState::new();
    loop {
        let mut other = std::ffi::OsString::from(".");
        other.push(path.file_name().unwrap_or_default());
        other.push(format!(".{:016x}.part", random.hash_one(number)));
        let part = path.with_file_name(other);
        match make(&part) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < TRIES => number += 1,
            made => return made.map(|made| (part, made)),
        }
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for AtomicFile {
    fn drop(&mut self) {
        if let Some(part) = &self.part {
            let _ = fs::remove_file(part);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::process;

    use super::*;

    /// A folder of this test, gone with it.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Folder {
            let folder = std::env::temp_dir().join(format!("sockdoc-atomic-{}-{name}", process::id()));
            fs::create_dir(&folder).unwrap();
            Folder(folder)
        }

        fn names(&self) -> Vec<String> {
            let mut names: Vec<String> =
                fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn nothing_is_left_of_a_draft_that_was_not_committed() {
        let folder = Folder::new("dropped");
        let path = folder.0.join("a");
        let mut draft = AtomicFile::create(path.to_str().unwrap(), false).unwrap();
        draft.write_all(b"half").unwrap();
        assert!(!path.exists());
        drop(draft);
        assert_eq!(folder.names(), Vec::<String>::new());
    }

    #[test]
    fn a_draft_takes_the_place_of_what_was_there_and_is_private() {
        let folder = Folder::new("replaced");
        let (path, link) = (folder.0.join("a"), folder.0.join("link"));
        fs::write(&path, "before").unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let refused = |path: &Path| FileRefusal::of(&AtomicFile::create(path.to_str().unwrap(), false).unwrap_err());
        assert_eq!([refused(&path), refused(&link)], [Some(FileRefusal::Exists); 2]);
        let mut draft = AtomicFile::create(link.to_str().unwrap(), true).unwrap();
        draft.write_all(b"after").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"before");
        draft.commit().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"after");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, PRIVATE);
        assert_eq!(folder.names(), ["a", "link"]);
    }

    #[test]
    fn what_a_killed_process_left_is_in_nobodys_way() {
        let folder = Folder::new("left");
        let path = folder.0.join("a");
        let left = format!(".a.{}.0.part", process::id());
        fs::write(folder.0.join(&left), "left").unwrap();
        AtomicFile::create(path.to_str().unwrap(), false).unwrap().commit().unwrap();
        assert_eq!(folder.names(), [left.as_str(), "a"]);
    }

    #[test]
    fn a_file_that_came_meanwhile_stays() {
        let folder = Folder::new("meanwhile");
        let path = folder.0.join("a");
        let draft = AtomicFile::create(path.to_str().unwrap(), false).unwrap();
        fs::write(&path, "other").unwrap();
        assert_eq!(FileRefusal::of(&draft.commit().unwrap_err()), Some(FileRefusal::Exists));
        assert_eq!((fs::read(&path).unwrap().as_slice(), folder.names()), (b"other".as_slice(), vec!["a".to_owned()]));
    }

    #[test]
    fn a_draft_with_a_name_for_now_ends_the_same() {
        let folder = Folder::new("named");
        let path = folder.0.join("a");
        let named = || {
            let make = |part: &Path| OpenOptions::new().write(true).create_new(true).mode(PRIVATE).open(part);
            let (part, file) = beside(&path, make).unwrap();
            AtomicFile { file, path: Some(path.clone()), part: Some(part), force: false }
        };
        drop(named());
        assert_eq!(folder.names(), Vec::<String>::new());
        named().commit().unwrap();
        assert_eq!(folder.names(), ["a"]);
    }
}
