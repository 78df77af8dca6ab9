//! Where a run looks: at the live kernel, at the kernel while all it says is kept, or at a file.

use std::{
    cell::OnceCell,
    io::{self, IsTerminal},
    path::PathBuf,
    sync::Arc,
    thread,
    time::Duration,
};

use anyhow::anyhow;

use super::{DONE, OnSource, Run, stdout};
use crate::{
    archive::{
        Damage, Recorder, Recording as Archive, RecordingSettings as Settings, RecordingWriter as Tape,
        Replayer as Replay, copy, format,
        format::Head,
        import::{self, Refused, Text},
    },
    cli::record::RecordOptions,
    collect::services::ServiceNames,
    model::gap::{Gap, Lack, What, Why},
    report::overview::DataOrigin,
    source::{
        Source,
        dump::{self, DumpSource},
        kernel::KernelSource,
        netns,
    },
    system::{atomic_file::AtomicFile, files, interrupt::Interrupt},
    text::{escape::visible, messages, number, words},
};

/// How other namespaces are looked at, and how the run goes on from look to look.
#[derive(Clone)]
pub(super) enum Way {
    /// They are entered.
    Live(Option<PathBuf>),
    /// They are entered, and what is seen is kept. Who asks that to end is heard, where it may end early.
    Taped(Option<PathBuf>, Tape, Option<Arc<Interrupt>>),
    /// They are in the recording, or not.
    Recorded(Arc<Archive>),
    /// There are none. Of a raw dump it is known that it can hold TCP alone; what else is not told is the gap.
    Held { tcp_only: bool, kind: &'static str, lacks: Vec<Lack>, left_out: u64 },
}

impl Way {
    /// A raw dump.
    pub(super) fn of_dump() -> Way {
        Way::Held { tcp_only: true, kind: "-D", lacks: vec![Lack::Owners], left_out: 0 }
    }

    /// A text.
    pub(super) fn of_text(text: &Text) -> Way {
        Way::Held { tcp_only: false, kind: text.kind, lacks: text.lacks.clone(), left_out: text.left_out }
    }

    /// What is not told, wherever is looked.
    pub(super) fn gaps(&self) -> Vec<Gap> {
        match self {
            Way::Held { kind, lacks, left_out, .. } => {
                vec![Gap { what: What::Host, why: Why::Untold(kind, lacks.clone(), *left_out) }]
            }
            _ => Vec::new(),
        }
    }

    /// Looks into several namespaces; the answers come in the order of the paths.
    pub(super) fn each<T: Send>(
        &self,
        paths: &[String],
        look: &(dyn Fn(&mut dyn Source, usize) -> T + Sync),
    ) -> Vec<io::Result<T>> {
        match self {
            Way::Live(proc) => netns::each(proc.as_ref(), paths, look),
            Way::Taped(proc, tape, _) => netns::each(proc.as_ref(), paths, &|source, at| {
                let netns = paths.get(at).map_or("", String::as_str);
                look(&mut Recorder::new(source, tape, netns), at)
            }),
            Way::Recorded(_) | Way::Held { .. } => {
                paths.iter().enumerate().map(|(at, path)| self.within(path, |source| look(source, at))).collect()
            }
        }
    }

    /// Looks into one namespace.
    pub(super) fn within<T: Send>(&self, path: &str, look: impl FnOnce(&mut dyn Source) -> T + Send) -> io::Result<T> {
        match self {
            Way::Live(proc) => netns::within(proc.clone(), path, look),
            Way::Taped(proc, tape, _) => {
                netns::within(proc.clone(), path, |source| look(&mut Recorder::new(source, tape, path)))
            }
            Way::Recorded(archive) if archive.knows(path) => Ok(look(&mut Replay::new(archive, path))),
            Way::Recorded(_) | Way::Held { .. } => Err(io::Error::new(io::ErrorKind::NotFound, "not recorded")),
        }
    }

    /// Whether a namespace can be looked into, as far as that is known before.
    pub(super) fn has(&self, path: &str) -> bool {
        match self {
            Way::Recorded(archive) => archive.knows(path),
            _ => true,
        }
    }

    /// The times between the looks; a recording has had them.
    pub(super) fn waits(&self, asked: &[Duration]) -> Vec<Duration> {
        match self {
            Way::Live(_) | Way::Taped(..) => asked.to_vec(),
            Way::Recorded(archive) if archive.samples() > 1 => vec![Duration::ZERO],
            Way::Recorded(_) | Way::Held { .. } => Vec::new(),
        }
    }

    /// Waits for the next look; says whether more than one is to come.
    pub(super) fn wait(&self, time: Duration) -> bool {
        match self {
            Way::Taped(_, tape, Some(interrupt)) => tape.has_room() && interrupt.wait(time),
            _ => {
                thread::sleep(time);
                true
            }
        }
    }

    /// Where it is looked, for a report.
    pub(super) fn origin(&self) -> DataOrigin {
        match self {
            Way::Live(_) | Way::Taped(..) => DataOrigin::Kernel,
            Way::Recorded(archive) => {
                DataOrigin::Recording { looks: archive.samples().into(), redacted: archive.head().redacted }
            }
            Way::Held { kind, .. } => DataOrigin::Text(kind),
        }
    }

    /// Whether it was looked as closely as can be.
    pub(super) fn is_deep(&self) -> bool {
        matches!(self, Way::Recorded(archive) if archive.head().look.deep)
    }

    /// Whether sockets that are bound and unused were counted in the overview.
    pub(super) fn is_bound_inactive(&self) -> bool {
        matches!(self, Way::Recorded(archive) if archive.head().look.bound_inactive)
    }

    /// Whether the host is looked at as it is.
    pub(super) fn is_live(&self) -> bool {
        matches!(self, Way::Live(_) | Way::Taped(..))
    }

    /// Says which look this is, and whether it is the last.
    pub(super) fn look(&self, number: usize, is_last: bool) {
        match self {
            Way::Taped(_, tape, _) => tape.look(u32::try_from(number).unwrap_or(u32::MAX)),
            Way::Recorded(archive) => archive.look(if is_last { archive.samples().saturating_sub(1) } else { 0 }),
            Way::Live(_) | Way::Held { .. } => {}
        }
    }
}

/// What a file turned out to be.
pub(super) enum Opened {
    Recording(Arc<Archive>),
    Dump(Box<DumpSource>),
    Text(Box<Text>),
}

/// So much of a file tells what it is.
const BEGINNING: usize = 64 << 10;

impl Run {
    /// Opens what `--from` names, by its content.
    pub(super) fn opened(&self, path: &str) -> anyhow::Result<Opened> {
        let about = |error: io::Error| self.about_file(path, &error);
        let beginning = if path == "-" { Vec::new() } else { files::beginning(path, BEGINNING).map_err(about)? };
        if path != "-" && !beginning.is_empty() && !format::is_recording(&beginning) && !import::is_text(&beginning) {
            return match dump::is_dump(&beginning) {
                true => DumpSource::open(path).map(Box::new).map(Opened::Dump).map_err(about),
                false => Err(self.about_unknown(path)),
            };
        }
        let bytes = files::read(path).map_err(about)?;
        if format::is_recording(&bytes) {
            let archive = Archive::read(bytes).map_err(|damage| self.about_recording(path, damage))?;
            return Ok(Opened::Recording(Arc::new(archive)));
        }
        // An empty file tells nothing, not even that there are no sockets.
        if !bytes.is_empty() && !import::is_text(&bytes) {
            return match dump::is_dump(&bytes) {
                true => DumpSource::of_bytes(&bytes).map(Box::new).map(Opened::Dump).map_err(about),
                false => Err(self.about_unknown(path)),
            };
        }
        let services = OnceCell::new();
        let port = |name: &str| services.get_or_init(|| ServiceNames::read(&KernelSource::new(None))).port(name);
        match import::read(&bytes, &port) {
            Ok(mut text) => {
                text.source.taken_at = files::written_at(path);
                Ok(Opened::Text(Box::new(text)))
            }
            Err(Refused::TooLarge) => Err(about(io::Error::from(io::ErrorKind::FileTooLarge))),
            Err(Refused::Unknown) => Err(self.about_unknown(path)),
            Err(Refused::Rows(rows)) => {
                let file = words(visible(path.as_bytes(), self.screen.unicode));
                Err(anyhow!(self.words.say(messages::ERROR_ROWS, &[("file", file), ("rows", number(rows))])))
            }
        }
    }

    fn about_unknown(&self, path: &str) -> anyhow::Error {
        let file = visible(path.as_bytes(), self.screen.unicode);
        anyhow!(self.words.say(messages::ERROR_FILE_UNKNOWN, &[("file", words(file))]))
    }

    fn about_recording(&self, path: &str, damage: Damage) -> anyhow::Error {
        let file = ("file", words(visible(path.as_bytes(), self.screen.unicode)));
        anyhow!(match damage {
            Damage::NoRecording => self.words.say(messages::ERROR_FILE_UNKNOWN, &[file]),
            Damage::Truncated => self.words.say(messages::ERROR_RECORDING_TRUNCATED, &[file]),
            Damage::TooLarge => self.words.say(messages::ERROR_RECORDING_TOO_LARGE, &[file]),
            Damage::Damaged(at) => {
                self.words.say(messages::ERROR_RECORDING_DAMAGED, &[file, ("at", words(at.to_string()))])
            }
            Damage::Newer(version) => {
                self.words.say(messages::ERROR_RECORDING_NEWER, &[file, ("version", number(version))])
            }
        })
    }

    /// Does it on a file.
    pub(super) fn on_file(mut self, path: &str, work: OnSource<'_>) -> anyhow::Result<u8> {
        match self.opened(path)? {
            Opened::Recording(archive) => {
                self.options.netns = self.options.netns.take().or(archive.head().look.netns.clone());
                self.way = Way::Recorded(Arc::clone(&archive));
                work(&self, &mut Replay::new(&archive, ""))
            }
            Opened::Dump(mut dump) => {
                self.way = Way::of_dump();
                work(&self, &mut *dump)
            }
            Opened::Text(mut text) => {
                self.way = Way::of_text(&text);
                work(&self, &mut text.source)
            }
        }
    }

    /// Begins a recording; `-` is standard output.
    fn tape(&self, path: &str, settings: Settings) -> anyhow::Result<Tape> {
        let tape = match path {
            "-" if io::stdout().is_terminal() => return Err(anyhow!(self.words.text(messages::ERROR_TO_TERMINAL))),
            "-" => Tape::begin(Box::new(stdout::open()?), settings),
            path => AtomicFile::create(path).and_then(|file| Tape::begin(Box::new(file), settings)),
        };
        tape.map_err(|error| self.about_file(path, &error))
    }

    /// Makes a recording whole and says how large it is.
    fn finish(&self, tape: Tape, path: &str, is_routine: bool) -> anyhow::Result<()> {
        let looks = tape.looks();
        let written = tape.finish().map_err(|error| match (path, error.kind()) {
            ("-", io::ErrorKind::BrokenPipe) => error.into(),
            _ => self.about_file(path, &error),
        })?;
        // What was asked for by the way is routine, and of no interest to a log.
        if !is_routine || io::stderr().is_terminal() {
            let file = match path {
                "-" => self.words.text(messages::STANDARD_OUTPUT),
                path => visible(path.as_bytes(), self.screen.unicode),
            };
            let values = [("file", words(file)), ("bytes", number(written)), ("looks", number(looks.into()))];
            self.note(&self.words.say(messages::NOTE_RECORDED, &values));
        }
        Ok(())
    }

    /// Writes a recording anew.
    pub(super) fn run_copied(&self, from: &str, options: &RecordOptions) -> anyhow::Result<u8> {
        if options.wait.is_some() || options.every.is_some() || options.deep || options.cmdline {
            return Err(anyhow!(self.words.text(messages::ERROR_RECORD_FROM)));
        }
        let Opened::Recording(archive) = self.opened(from)? else {
            let file = words(visible(from.as_bytes(), self.screen.unicode));
            return Err(anyhow!(self.words.say(messages::ERROR_NO_RECORDING, &[("file", file)])));
        };
        let path = self.record_to(options, &Replay::new(&archive, ""));
        let Head { look, redacted, .. } = archive.head().clone();
        let tape = self.tape(&path, Settings { look, redact: options.redact, was_redacted: redacted })?;
        copy(&archive, &tape).map_err(|error| self.about_file(from, &error))?;
        self.finish(tape, &path, false)?;
        Ok(DONE)
    }

    /// Does it on the kernel, and keeps what it saw. With an interrupt, who ends it wants to keep what there is by then;
    /// of what another command saw, half is worth nothing.
    pub(super) fn on_tape(
        &mut self,
        path: &str,
        settings: Settings,
        interrupt: Option<Interrupt>,
        work: OnSource<'_>,
    ) -> anyhow::Result<Taped> {
        let tape = self.tape(path, settings)?;
        let is_routine = interrupt.is_none();
        self.way = Way::Taped(self.proc.clone(), tape.clone(), interrupt.map(Arc::new));
        let mut live = KernelSource::new(self.proc.clone());
        let status = work(self, &mut Recorder::new(&mut live, &tape, ""))?;
        self.way = Way::Live(None);
        let (looks, had_room) = (tape.looks(), tape.has_room());
        self.finish(tape, path, is_routine)?;
        Ok(Taped { status, looks, had_room })
    }
}

/// What came of a run that was kept.
pub(super) struct Taped {
    pub(super) status: u8,
    pub(super) looks: u32,
    pub(super) had_room: bool,
}
