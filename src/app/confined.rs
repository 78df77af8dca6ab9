//! Opens every other file of the run, then confines the process, before it reads the first byte of an untrusted file.

use std::sync::{Arc, Mutex, PoisonError};

use super::{
    config::OF_THE_HOST,
    prelude::*,
    run::{NamedOutput, OpenedAhead},
};
use crate::{
    collect::services::ServiceNames,
    system::{
        atomic_file::AtomicFile,
        files::OpenFile,
        sandbox::{self, Purpose, SandboxPart},
    },
};

impl Run {
    /// Opens all files that the run may still read or write, and drops other rights.
    ///
    /// # Errors
    /// When the output cannot be created, or names of hosts are to be asked for.
    pub(super) fn confine(&mut self, output: NamedOutput<'_>) -> anyhow::Result<()> {
        if self.options.resolve {
            return Err(anyhow!(self.words.text(messages::ERROR_RESOLVE_FROM)));
        }
        let output = match output.filter(|(path, _)| *path != "-") {
            Some((path, force)) => {
                Some(AtomicFile::create(path, force).map_err(|error| self.about_file(path, &error))?)
            }
            None => None,
        };
        let others = self.config_file.as_deref().into_iter().chain([OF_THE_HOST, ServiceNames::PATH]);
        let names = self.options.reads.iter().map(String::as_str).chain(others);
        let open = |name: &str| {
            let file = OpenFile::open(name).map_err(|error| error.raw_os_error().unwrap_or(libc::EIO));
            (name.to_owned(), file.map(Arc::new))
        };
        let files = names.map(open).collect();
        let missing = match output.as_ref().and_then(AtomicFile::folder) {
            Some(folder) => sandbox::enter(Purpose::Write(folder)),
            None => sandbox::enter(Purpose::Read),
        };
        self.note_unconfined(&missing);
        self.ahead = Arc::new(OpenedAhead { files, output: Mutex::new(output) });
        Ok(())
    }

    /// With `-v`, names the confinement that the kernel lacks.
    pub(super) fn note_unconfined(&self, missing: &[SandboxPart]) {
        if self.options.verbose && !missing.is_empty() {
            let parts: Vec<&str> = missing.iter().map(|part| part.name()).collect();
            let parts = words(parts.join(self.words.lang().comma()));
            self.note(&self.words.say(messages::NOTE_UNCONFINED, &[("parts", parts)]));
        }
    }

    /// Opens a file to read, or takes the one that was opened ahead.
    pub(super) fn open(&self, path: &str) -> io::Result<Arc<OpenFile>> {
        match self.ahead.files.iter().find(|(name, _)| name == path) {
            Some((_, file)) => file.clone().map_err(io::Error::from_raw_os_error),
            None => OpenFile::open(path).map(Arc::new),
        }
    }

    /// A new file, or the one that was created before confinement; that one is used for any path.
    ///
    /// # Errors
    /// When it cannot be created.
    pub(super) fn begun(&self, path: &str, force: bool) -> anyhow::Result<AtomicFile> {
        let ahead = self.ahead.output.lock().unwrap_or_else(PoisonError::into_inner).take();
        let file = match ahead {
            Some(file) => Ok(file.named(path)),
            None => AtomicFile::create(path, force),
        };
        file.map_err(|error| self.about_file(path, &error))
    }
}
