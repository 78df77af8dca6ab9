//! A run: one command, and all it depends on.

use std::{
    any::Any,
    io::{self, BufWriter, Write},
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::anyhow;

use super::{
    input::{Input, kernel::KernelInput},
    stdout,
};
use crate::{
    archive::{RecordingSettings, format::SampleScope},
    cli::Options,
    render::screen::Screen,
    report::overview::DataOrigin,
    source::kernel::Access,
    system::{atomic_file::AtomicFile, files::OpenFile, pager::Pager},
    text::{Catalogue, messages, rule, system_error, words},
    wire::system_words,
};

/// All is done; for `check`, nothing is as bad as was asked for.
pub(super) const DONE: u8 = 0;
/// `check` found something.
pub(super) const FOUND: u8 = 1;
/// The command line is wrong, or the run failed.
pub(super) const FAILED: u8 = 2;

/// Runs a command with its options.
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

/// Runs a command with its open input; returns the exit status.
pub(super) type Work<'a> = &'a dyn Fn(&Run) -> anyhow::Result<u8>;

/// Files and sockets that were opened before confinement.
#[derive(Default)]
pub(super) struct OpenedAhead {
    /// Files that may be read, or the number of the error in opening them.
    pub(super) files: Vec<(String, Result<Arc<OpenFile>, i32>)>,
    /// The file that is written.
    pub(super) output: Mutex<Option<AtomicFile>>,
}

/// A file to write: its path, and whether it may take the place of another one.
pub(super) type NamedOutput<'a> = Option<(&'a str, bool)>;

/// All that a command depends on besides its own options.
pub(super) struct Run {
    pub(super) options: Options,
    pub(super) words: Catalogue,
    pub(super) screen: Screen,
    pub(super) access: Access,
    /// The value of `TCPDIAG_FILE`.
    pub(super) tcpdiag_file: Option<String>,
    /// The user's configuration, whether or not it is there.
    pub(super) config_file: Option<String>,
    /// Where long texts are read.
    pub(super) pager: Arc<Pager>,
    /// The rows of the terminal; `None` if the output is not a terminal.
    pub(super) rows: Option<usize>,
    /// Whether keys can be read, and a screen painted.
    pub(super) has_screen: bool,
    pub(super) input: Box<dyn Input>,
    /// Files and sockets that were opened before the process was confined.
    pub(super) ahead: Arc<OpenedAhead>,
}

impl Run {
    /// The error of a thread or process that could not be started: the user or the cgroup has no room for another.
    pub(super) fn no_task(&self, error: &io::Error) -> anyhow::Error {
        let why = words(system_error(&system_words(error), self.words.lang()));
        anyhow!(self.words.say(messages::ERROR_TASK, &[("why", why)]))
    }

    /// The same run on another input: of a recording it reads the namespaces that were recorded.
    pub(super) fn reading(&self, input: Box<dyn Input>) -> Run {
        let recorded = || input.recorded().and_then(|scope| scope.netns.clone());
        let netns = self.options.netns.clone().or_else(recorded);
        Run {
            options: Options { netns, ..self.options.clone() },
            words: Catalogue::new(self.words.lang()),
            screen: self.screen,
            access: self.access.clone(),
            tcpdiag_file: self.tcpdiag_file.clone(),
            config_file: self.config_file.clone(),
            pager: Arc::clone(&self.pager),
            rows: self.rows,
            has_screen: self.has_screen,
            input,
            ahead: Arc::clone(&self.ahead),
        }
    }

    /// The same run, which takes samples for hours: on this host it spares the processor.
    pub(super) fn sparingly(mut self) -> Run {
        self.access.is_sparing = true;
        if self.is_live() {
            self.input = Box::new(KernelInput::new(self.access.clone()));
        }
        self
    }

    /// Does it on the file of `--from`, else on the kernel.
    pub(super) fn on_input(self, work: Work<'_>) -> anyhow::Result<u8> {
        self.on_input_to(None, work)
    }

    /// The same, and writes a file.
    pub(super) fn on_input_to(mut self, output: NamedOutput<'_>, work: Work<'_>) -> anyhow::Result<u8> {
        let Some(path) = self.options.from.clone() else {
            return match self.options.capture.is_some() || self.options.partial {
                true => Err(anyhow!(self.words.say(messages::ERROR_MISSING, &[("option", words("--from"))]))),
                false => work(&self),
            };
        };
        let file = self.foreign(&path)?;
        self.confine(output)?;
        let run = self.reading(self.input_of(&file)?);
        let status = work(&run)?;
        Ok(if status == DONE && run.misses_rows() { FAILED } else { status })
    }

    /// Whether the input has rows that are not understood, and all of them are wanted.
    pub(super) fn misses_rows(&self) -> bool {
        !self.options.partial && self.input.rows_missed() > 0
    }

    /// The same, and saves the samples where `--save` says; `scope` is the depth of the samples.
    pub(super) fn on_saved_input(self, scope: SampleScope, work: Work<'_>) -> anyhow::Result<u8> {
        let Some(path) = &self.options.save else { return self.on_input(work) };
        if self.options.from.is_some() {
            return Err(anyhow!(self.words.text(messages::ERROR_SAVE_FROM)));
        }
        if path == "-" {
            return Err(anyhow!(self.words.text(messages::ERROR_SAVE_STDOUT)));
        }
        let settings = RecordingSettings { scope, ..RecordingSettings::default() };
        Ok(self.kept(path, settings, None, work)?.status)
    }

    /// Whether the input is this host as it is.
    pub(super) fn is_live(&self) -> bool {
        self.input.origin() == DataOrigin::Kernel
    }

    /// Whether the input is a text or a raw dump.
    pub(super) fn is_pasted(&self) -> bool {
        matches!(self.input.origin(), DataOrigin::Text(_))
    }

    /// Says something besides the result, on stderr.
    pub(super) fn note(&self, text: &str) {
        tell(&self.words.say(messages::NOTE, &[("text", words(text))]));
    }
}

/// Says something on stderr.
pub(super) fn tell(line: &str) {
    // In one write, so that nothing comes in between.
    stdout::write_error(format!("sockdoc: {line}\n").as_bytes());
}

/// The time between two samples of this processor time: sampling uses at most a twentieth of a processor.
pub(super) fn gently(asked: Duration, cost: Duration) -> Duration {
    const GENTLE: u32 = 20;
    asked.max(cost.checked_mul(GENTLE).unwrap_or(Duration::MAX))
}

/// Writes to stdout and makes sure that it got there.
pub(super) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    let mut out = BufWriter::new(stdout::open()?);
    write(&mut out)?;
    out.flush()?;
    Ok(())
}

/// How often samples are taken, which is said once where it is less often than asked.
pub(super) struct SamplePace {
    asked: Duration,
    is_said: bool,
}

impl SamplePace {
    /// The interval that was asked for.
    pub(super) fn of(asked: Duration) -> SamplePace {
        SamplePace { asked, is_said: false }
    }

    /// The time from the start of a sample of this cost to the next one.
    pub(super) fn next(&mut self, run: &Run, cost: Duration) -> Duration {
        let interval = gently(self.asked, cost);
        let [cost, longer, asked] = [cost, interval, self.asked].map(|time| rule::duration(time, run.words.lang()));
        if longer != asked && !std::mem::replace(&mut self.is_said, true) {
            let values = [("cost", words(cost)), ("interval", words(longer)), ("asked", words(asked))];
            run.note(&run.words.say(messages::NOTE_SLOWER, &values));
        }
        interval
    }
}
