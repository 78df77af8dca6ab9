//! A file that exists completely or not at all: written without a name (`O_TMPFILE`), and named once it is on disk, so
//! an interrupted run leaves nothing behind. On file systems without `O_TMPFILE` it is written under another name and
//! renamed. Its folder is held open, so a change of the folder's path meanwhile does no harm.

use std::{
    collections::hash_map::RandomState,
    ffi::{OsStr, OsString},
    fs::{self, File},
    hash::BuildHasher,
    io::{self, Write},
    os::{
        fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd},
        unix::fs::PermissionsExt,
    },
    path::{Path, PathBuf},
};

use rustix::{
    fs::{
        AtFlags, CWD, Mode, OFlags, RenameFlags, fchmod, fsync, linkat, openat, renameat, renameat_with, statat,
        unlinkat,
    },
    io::Errno,
};

use super::files::{FileRefusal, must_be_ours, open_special};

/// Only the owner may read the state of a host.
const PRIVATE: u32 = 0o600;

/// Every user may read published files.
const PUBLIC: u32 = 0o644;

/// A file in the making; dropped before its time, nothing of it is left.
#[derive(Debug)]
pub struct AtomicFile {
    file: File,
    /// Its place once it is complete; none if it cannot be placed.
    place: Option<FilePlace>,
    /// Its name for now, where it has one.
    part: Option<OsString>,
    /// Whether it may take the place of another file.
    force: bool,
}

/// A folder, and a name in it.
#[derive(Debug)]
struct FilePlace {
    folder: OwnedFd,
    name: OsString,
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
        // A link in /proc may lead to a file without a path: a descriptor of this program.
        let is_descriptor = path.is_symlink();
        match fs::metadata(&path) {
            Ok(there) if !there.is_file() && !there.is_dir() => {
                let file = open_special(&path)?;
                if !is_descriptor {
                    must_be_ours(&file.metadata()?)?;
                }
                return Ok(AtomicFile { file, place: None, part: None, force });
            }
            Ok(there) if there.is_file() && !force => return Err(FileRefusal::Exists.error()),
            _ => {}
        }
        let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_owned();
        let place = FilePlace { folder: open_folder(folder(&path))?, name };
        if let Some(file) = place.unnamed() {
            return Ok(AtomicFile { file, place: Some(place), part: None, force });
        }
        let (part, file) = place.beside(|part| place.named(part))?;
        Ok(AtomicFile { file, place: Some(place), part: Some(part), force })
    }

    /// The same under the last name of another path, if it is one that has a name at all.
    pub fn named(mut self, path: &str) -> AtomicFile {
        if let (Some(place), Some(name)) = (&mut self.place, Path::new(path).file_name()) {
            name.clone_into(&mut place.name);
        }
        self
    }

    /// The folder that it is put in; none where it is written directly.
    pub fn folder(&self) -> Option<BorrowedFd<'_>> {
        self.place.as_ref().map(|place| place.folder.as_fd())
    }

    /// Lets everyone read it.
    ///
    /// # Errors
    /// As changing the mode of a file does.
    pub fn publish(&self) -> io::Result<()> {
        Ok(fchmod(&self.file, Mode::from_raw_mode(PUBLIC))?)
    }

    /// Puts it in its place, once all of it is on the disk.
    ///
    /// # Errors
    /// As writing does; or when a file came there meanwhile and none may be replaced.
    pub fn commit(mut self) -> io::Result<()> {
        let Some(place) = &self.place else { return self.file.flush() };
        fsync(&self.file)?;
        let file = of_descriptor(&self.file);
        let link = |name: &OsStr| linkat(CWD, &file, &place.folder, name, AtFlags::SYMLINK_FOLLOW);
        match self.part.take() {
            // Without a name in between, none is left by a kill.
            None if !self.force => link(&place.name).map_err(|error| match error {
                Errno::EXIST => FileRefusal::Exists.error(),
                error => error.into(),
            })?,
            part => {
                // A link cannot replace an existing file.
                let part = part.map_or_else(|| Ok(place.beside(link)?.0), Ok::<_, io::Error>)?;
                place.rename(self.part.insert(part), self.force)?;
            }
        }
        self.part = None;
        // Not every file system can; the file is whole in any case.
        let _ = fsync(&place.folder);
        Ok(())
    }
}

/// More links than this lead nowhere (`ELOOP`).
const MOST_LINKS: usize = 40;

/// The target of a path; a link without a target, or to a file without a path, stays. Another user could have put a
/// link there to have this program write elsewhere.
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

/// Names that are tried.
const TRIES: u32 = 100;

impl FilePlace {
    /// A file without a name; none where the file system has no such files, or nothing could name it later.
    fn unnamed(&self) -> Option<File> {
        let flags = OFlags::WRONLY | OFlags::TMPFILE | OFlags::CLOEXEC;
        let file = File::from(openat(&self.folder, ".", flags, Mode::from_raw_mode(PRIVATE)).ok()?);
        let is_private = file.metadata().ok()?.permissions().mode() & 0o777 & !PRIVATE == 0;
        (is_private && fs::metadata(of_descriptor(&file)).is_ok()).then_some(file)
    }

    /// A new file of this name.
    fn named(&self, name: &OsStr) -> rustix::io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(File::from(openat(&self.folder, name, flags, Mode::from_raw_mode(PRIVATE))?))
    }

    /// Creates a file under another name in the same folder. A leftover of a killed process keeps its name.
    fn beside<T>(&self, mut make: impl FnMut(&OsStr) -> rustix::io::Result<T>) -> io::Result<(OsString, T)> {
        let mut number = 0;
        // An attacker cannot prepare the name: the keys of hash tables are random.
        let random = RandomState::new();
        loop {
            let mut part = OsString::from(".");
            part.push(&self.name);
            part.push(format!(".{:016x}.part", random.hash_one(number)));
            match make(&part) {
                Err(Errno::EXIST) if number < TRIES => number += 1,
                made => return Ok((part, made?)),
            }
        }
    }

    /// Gives a file its name.
    fn rename(&self, part: &OsStr, force: bool) -> io::Result<()> {
        let (folder, name) = (&self.folder, self.name.as_os_str());
        if force {
            return Ok(renameat(folder, part, folder, name)?);
        }
        match renameat_with(folder, part, folder, name, RenameFlags::NOREPLACE) {
            Err(Errno::EXIST) => Err(FileRefusal::Exists.error()),
            // Some file systems do not know the flag.
            Err(Errno::INVAL | Errno::NOSYS) if statat(folder, name, AtFlags::SYMLINK_NOFOLLOW).is_err() => {
                Ok(renameat(folder, part, folder, name)?)
            }
            renamed => Ok(renamed?),
        }
    }
}

/// Opens a folder; one that may not be listed can still take a file.
fn open_folder(path: &Path) -> rustix::io::Result<OwnedFd> {
    let open = |flags| openat(CWD, path, flags | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty());
    open(OFlags::RDONLY).or_else(|_| open(OFlags::PATH))
}

fn of_descriptor(file: &File) -> String {
    format!("/proc/self/fd/{}", file.as_raw_fd())
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
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
        if let (Some(place), Some(part)) = (&self.place, &self.part) {
            let _ = unlinkat(&place.folder, part, AtFlags::empty());
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
    fn what_happens_to_the_folders_path_does_not_matter() {
        let folder = Folder::new("moved");
        let (inner, moved) = (folder.0.join("inner"), folder.0.join("moved"));
        fs::create_dir(&inner).unwrap();
        let mut draft = AtomicFile::create(inner.join("a").to_str().unwrap(), true).unwrap();
        fs::rename(&inner, &moved).unwrap();
        fs::create_dir(&inner).unwrap();
        draft.write_all(b"text").unwrap();
        draft.commit().unwrap();
        assert_eq!(fs::read(moved.join("a")).unwrap(), b"text");
        assert!(fs::read_dir(&inner).unwrap().next().is_none(), "nothing is in the new folder");
    }

    #[test]
    fn a_draft_with_a_name_for_now_ends_the_same() {
        let folder = Folder::new("named");
        let named = || {
            let place = FilePlace { folder: open_folder(&folder.0).unwrap(), name: "a".into() };
            let (part, file) = place.beside(|part| place.named(part)).unwrap();
            AtomicFile { file, place: Some(place), part: Some(part), force: false }
        };
        drop(named());
        assert_eq!(folder.names(), Vec::<String>::new());
        named().commit().unwrap();
        assert_eq!(folder.names(), ["a"]);
    }
}
