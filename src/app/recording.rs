//! Recordings that a run writes, and copies of them.

use std::io::IsTerminal;

use super::{input::kernel::KernelInput, prelude::*, run::Work, stdout};
use crate::{
    archive::{
        RecordingSettings, RecordingWriter, Replayer, copy,
        format::{Head, Trigger},
    },
    cli::record::RecordOptions,
    system::interrupt::Interrupt,
};

/// The result of a recorded run.
pub(super) struct Kept {
    pub(super) status: u8,
    pub(super) samples: u32,
    pub(super) had_room: bool,
}

impl Run {
    /// Runs it on the kernel and records everything that it reads. An early end keeps the recording only on an
    /// interrupt: a partial recording of another command is useless.
    pub(super) fn kept(
        &self,
        path: &str,
        settings: RecordingSettings,
        interrupt: Option<Interrupt>,
        work: Work<'_>,
    ) -> anyhow::Result<Kept> {
        let writer = self.begin(path, settings)?;
        let is_routine = interrupt.is_none();
        let input = KernelInput::taped(self.access.clone(), writer.clone(), interrupt);
        let status = work(&self.reading(Box::new(input)))?;
        let (samples, had_room) = (writer.samples(), writer.has_room());
        self.finish(writer, path, is_routine)?;
        Ok(Kept { status, samples, had_room })
    }

    /// Copies a recording.
    pub(super) fn copy_recording(mut self, from: &str, options: &RecordOptions) -> anyhow::Result<u8> {
        if options.wait.is_some() || options.every.is_some() || options.deep || options.cmdline {
            return Err(anyhow!(self.words.text(messages::ERROR_RECORD_FROM)));
        }
        let file = self.foreign(from)?;
        // Without a name on the command line, only the recording has one; the file is created in this folder.
        self.confine(Some((options.output.as_deref().unwrap_or("sockdoc"), self.options.force)))?;
        let recording = self.recording_of(&file)?;
        let path = self.record_to(options, &Replayer::new(&recording, ""));
        let Head { scope, redacted, trigger, .. } = recording.head().clone();
        let trigger = trigger.map(|trigger| Trigger { is_copy: true, ..trigger });
        let settings =
            RecordingSettings { scope, redact: options.redact, was_redacted: redacted, trigger, is_packed: false };
        let writer = self.begin(&path, settings)?;
        copy(&recording, &writer, 0).map_err(|error| self.about_file(from, &error))?;
        self.finish(writer, &path, false)?;
        Ok(DONE)
    }

    /// Begins a recording; `-` is standard output.
    pub(super) fn begin(&self, path: &str, settings: RecordingSettings) -> anyhow::Result<RecordingWriter> {
        let writer = match path {
            "-" if io::stdout().is_terminal() => return Err(anyhow!(self.words.text(messages::ERROR_TO_TERMINAL))),
            "-" => RecordingWriter::begin(Box::new(stdout::open()?), settings),
            path => RecordingWriter::begin(Box::new(self.created(path)?), settings),
        };
        writer.map_err(|error| self.about_output(path, &error))
    }

    /// Makes a recording whole and says how large it is.
    pub(super) fn finish(&self, writer: RecordingWriter, path: &str, is_routine: bool) -> anyhow::Result<()> {
        let samples = writer.samples();
        let written = writer.finish().map_err(|error| match (path, error.kind()) {
            ("-", io::ErrorKind::BrokenPipe) => error.into(),
            _ => self.about_output(path, &error),
        })?;
        // Routine writes are not worth a line in a log.
        if !is_routine || io::stderr().is_terminal() {
            let file = match path {
                "-" => self.words.text(messages::STANDARD_OUTPUT),
                path => visible(path.as_bytes(), self.screen.unicode),
            };
            let values = [("file", words(file)), ("bytes", number(written)), ("samples", number(samples.into()))];
            self.note(&self.words.say(messages::NOTE_RECORDED, &values));
        }
        Ok(())
    }
}
