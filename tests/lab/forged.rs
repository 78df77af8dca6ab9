//! Figures that no namespace reaches, such as the file table of the host: sockdoc reads them from forged files.
//!
//! The run gets its own mount namespace in which files, or whole folders, cover those of the kernel. All else is the
//! real kernel, and the program the real one.

#![allow(unsafe_code, reason = "unshare and pre_exec have no safe wrapper")]

use std::fs;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use rustix::mount::{MountPropagationFlags, mount_bind, mount_change};
use rustix::thread::{UnshareFlags, unshare_unsafe};

use super::program::{self, Said};

/// Files that lie over the kernel's.
pub(crate) struct Forged {
    folder: PathBuf,
    /// Where they are kept, and what they cover.
    covers: Vec<(PathBuf, PathBuf)>,
}

impl Forged {
    /// Nothing forged yet.
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("sockdoc-forged-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder for forged files");
        Self { folder, covers: vec![] }
    }

    /// A sysctl by its dotted name; one that this namespace does not have is added.
    pub(crate) fn sysctl(&mut self, name: &str, value: &str) -> &mut Self {
        self.proc_file(&format!("sys/{}", name.replace('.', "/")), value)
    }

    /// A file of `/proc/net`, as `sockstat`.
    pub(crate) fn net(&mut self, name: &str, text: &str) -> &mut Self {
        self.proc_file(&format!("self/net/{name}"), text)
    }

    /// A file under `/proc`. Its whole folder is covered by a copy, for the kernel's own folders take no new file, and
    /// forget what lies over the files of `/proc/net`.
    pub(crate) fn proc_file(&mut self, path: &str, text: &str) -> &mut Self {
        let (folder, name) = path.rsplit_once('/').expect("a folder and a name");
        // A folder that this kernel does not have is made in the copy of the one above it.
        let mut parent = folder;
        while !Path::new("/proc").join(parent).is_dir() {
            parent = parent.rsplit_once('/').expect("a folder below /proc").0;
        }
        let real = Path::new("/proc").join(parent);
        let copy = self.folder.join(parent);
        if !self.covers.iter().any(|(_, covered)| *covered == real) {
            copy_files(&real, &copy).expect("a copy of a folder");
            if parent == "self/net" {
                self.covers.push((copy.clone(), PathBuf::from("/proc/thread-self/net")));
            }
            self.covers.push((copy.clone(), real));
        }
        let copy = self.folder.join(folder);
        fs::create_dir_all(&copy).expect("a forged folder");
        fs::write(copy.join(name), format!("{}\n", text.trim_end())).expect("a forged file");
        self
    }

    /// The current content of a forged file: a command may have written to it.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.folder.join(path)).expect("a forged file").trim().to_owned()
    }

    /// Runs sockdoc with them.
    #[track_caller]
    pub(crate) fn sockdoc(&self, args: &[&str]) -> Said {
        self.run(program::command(args))
    }

    /// Runs another program with them.
    #[track_caller]
    pub(crate) fn output(&self, program: &str, args: &[&str]) -> Said {
        self.run(program::controlled(program, args))
    }

    /// Runs a shell command with them; the command writes to the forged files. Programs started by the shell see the
    /// kernel's own `/proc/net`, since that is per process.
    #[track_caller]
    pub(crate) fn shell(&self, command: &str) -> Said {
        self.run(program::shell_command(command))
    }

    #[track_caller]
    fn run(&self, mut command: Command) -> Said {
        let covers = self.covers.clone();
        // SAFETY: the process was forked from one with a single thread, so that it may allocate before the exec.
        unsafe { command.pre_exec(move || cover(&covers)) };
        program::finish(command)
    }
}

impl Drop for Forged {
    fn drop(&mut self) {
        // Leftovers are a few small files in the temporary folder.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// In the process that is to be the program: `/proc/self` stays what it is through the exec.
fn cover(covers: &[(PathBuf, PathBuf)]) -> io::Result<()> {
    // SAFETY: neither a descriptor table nor the address space is unshared.
    unsafe { unshare_unsafe(UnshareFlags::NEWNS) }?;
    mount_change("/", MountPropagationFlags::REC | MountPropagationFlags::PRIVATE)?;
    for (copy, real) in covers {
        mount_bind(copy, real)?;
    }
    Ok(())
}

/// Copies a folder of `/proc`, one level; skips unreadable files and subfolders.
fn copy_files(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            let below = to.join(entry.file_name());
            copy_files(&entry.path(), &below)?;
        } else if let Ok(bytes) = fs::read(entry.path()) {
            fs::write(to.join(entry.file_name()), bytes)?;
        }
    }
    Ok(())
}
