//! A run: one command, and all it depends on.

use std::{
    any::Any,
    io::{self, BufWriter, Write},
    path::PathBuf,
};

use anyhow::anyhow;

use super::{input::Way, stdout};
use crate::{
    archive::{RecordingSettings, format::Look},
    cli::Options,
    render::screen::Screen,
    source::{Source, kernel::KernelSource},
    text::{Catalogue, messages},
};

/// All is done; for `check`, nothing is as bad as was asked for.
pub(super) const DONE: u8 = 0;
/// `check` found something.
pub(super) const FOUND: u8 = 1;
/// The command line is wrong, or the run failed.
pub(super) const FAILED: u8 = 2;

/// What a command does with its options.
pub(super) trait Task: Any {
    /// Does it; the exit status.
    fn run(&self, run: Run) -> anyhow::Result<u8>;
}

/// The task of a command line.
pub struct AnyTask(Box<dyn Task>);

impl<T: Task + 'static> From<T> for AnyTask {
    fn from(task: T) -> AnyTask {
        AnyTask(Box::new(task))
    }
}

impl AnyTask {
    /// The options of the command, if it is the one that has such.
    pub fn options<O: 'static>(&self) -> Option<&O> {
        let task: &dyn Any = &*self.0;
        task.downcast_ref()
    }

    pub(super) fn run(&self, run: Run) -> anyhow::Result<u8> {
        self.0.run(run)
    }
}

/// What is done on a source.
pub(super) type OnSource<'a> = &'a dyn Fn(&Run, &mut dyn Source) -> anyhow::Result<u8>;

/// All that a command depends on besides its own options.
pub(super) struct Run {
    pub(super) options: Options,
    pub(super) words: Catalogue,
    pub(super) screen: Screen,
    pub(super) proc: Option<PathBuf>,
    /// What `TCPDIAG_FILE` says.
    pub(super) tcpdiag_file: Option<String>,
    /// The user's configuration, whether or not it is there.
    pub(super) config_file: Option<String>,
    /// What `PAGER` says.
    pub(super) pager: Option<String>,
    /// The rows of the terminal; `None` where output is no terminal.
    pub(super) rows: Option<usize>,
    pub(super) way: Way,
}

impl Run {
    /// Does it on the file of `--from`, else on the kernel.
    pub(super) fn on_source(self, work: OnSource<'_>) -> anyhow::Result<u8> {
        match self.options.from.clone() {
            Some(path) => self.on_file(&path, work),
            None => {
                let mut live = KernelSource::new(self.proc.clone());
                work(&self, &mut live)
            }
        }
    }

    /// The same, and keeps what it saw where `--save` says; `look` is how closely it looks.
    pub(super) fn on_saved_source(mut self, look: Look, work: OnSource<'_>) -> anyhow::Result<u8> {
        let Some(path) = self.options.save.clone() else { return self.on_source(work) };
        if self.options.from.is_some() {
            return Err(anyhow!(self.words.text(messages::ERROR_SAVE_FROM)));
        }
        if path == "-" {
            return Err(anyhow!(self.words.text(messages::ERROR_SAVE_STDOUT)));
        }
        Ok(self.on_tape(&path, RecordingSettings { look, redact: false, was_redacted: false }, None, work)?.status)
    }
}

/// Writes to stdout and makes sure that it got there.
pub(super) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    let mut out = BufWriter::new(stdout::open()?);
    write(&mut out)?;
    out.flush()?;
    Ok(())
}
