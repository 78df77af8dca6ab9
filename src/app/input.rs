//! Where a run looks: at the live kernel, at the kernel while all it says is kept, or at a file.

use std::{
    io::{self, IsTerminal},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use anyhow::anyhow;

use super::{Run, stdout};
use crate::{
    archive::{Archive, Damage, Recorder, Replay, Settings, Tape, format, import},
    cli::{Command, check::Look},
    source::{
        Source,
        draft::Draft,
        entered, files,
        held::{Held, tcp::TcpDump},
        live::Live,
    },
    text::{escape::visible, messages, number, words},
};

/// How other namespaces are looked at, and how the run goes on from look to look.
#[derive(Clone)]
pub(super) enum Way {
    /// They are entered.
    Live(Option<PathBuf>),
    /// They are entered, and what is seen is kept.
    Taped(Option<PathBuf>, Tape),
    /// They are in the recording, or not.
    Recorded(Arc<Archive>),
    /// There are none. Of a raw dump it is known that it can hold TCP alone.
    Held { tcp_only: bool },
}

impl Way {
    /// Looks into several namespaces; the answers come in the order of the paths.
    pub(super) fn each<T: Send>(
        &self,
        paths: &[String],
        look: &(dyn Fn(&mut dyn Source, usize) -> T + Sync),
    ) -> Vec<io::Result<T>> {
        match self {
            Way::Live(proc) => entered::each(proc.as_ref(), paths, look),
            Way::Taped(proc, tape) => entered::each(proc.as_ref(), paths, &|source, at| {
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
            Way::Live(proc) => entered::within(proc.clone(), path, look),
            Way::Taped(proc, tape) => {
                entered::within(proc.clone(), path, |source| look(&mut Recorder::new(source, tape, path)))
            }
            Way::Recorded(archive) if archive.knows(path) => Ok(look(&mut Replay::new(archive, path))),
            Way::Recorded(_) | Way::Held { .. } => Err(io::Error::new(io::ErrorKind::NotFound, "not recorded")),
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

    /// Says which look this is, and whether it is the last.
    pub(super) fn look(&self, number: usize, is_last: bool) {
        match self {
            Way::Taped(_, tape) => tape.look(u32::try_from(number).unwrap_or(u32::MAX)),
            Way::Recorded(archive) => archive.look(if is_last { archive.samples().saturating_sub(1) } else { 0 }),
            Way::Live(_) | Way::Held { .. } => {}
        }
    }
}

/// What a file turned out to be.
pub(super) enum Opened {
    Recording(Arc<Archive>),
    Dump(TcpDump),
    /// A text, and what it is called.
    Text(Box<Held>, &'static str),
}

/// So much of a file tells what it is.
const BEGINNING: usize = 64 << 10;

impl Run {
    /// Opens what `--from` names, by its content.
    pub(super) fn opened(&self, path: &str) -> anyhow::Result<Opened> {
        let about = |error: io::Error| self.about_file(path, &error);
        let beginning = if path == "-" { Vec::new() } else { files::beginning(path, BEGINNING).map_err(about)? };
        if path != "-" && !beginning.is_empty() && !format::is_recording(&beginning) && !import::is_text(&beginning) {
            return TcpDump::open(path).map(Opened::Dump).map_err(about);
        }
        let bytes = files::read(path).map_err(about)?;
        if format::is_recording(&bytes) {
            let archive = Archive::read(bytes).map_err(|damage| self.about_recording(path, damage))?;
            return Ok(Opened::Recording(Arc::new(archive)));
        }
        // An empty file tells nothing, not even that there are no sockets.
        if !bytes.is_empty() && !import::is_text(&bytes) {
            return TcpDump::of_bytes(&bytes).map(Opened::Dump).map_err(about);
        }
        match import::read(&bytes) {
            Some((mut held, kind)) => {
                held.taken_at = files::written_at(path);
                Ok(Opened::Text(Box::new(held), kind))
            }
            None => {
                let shown = visible(path.as_bytes(), self.screen.unicode);
                Err(anyhow!(self.words.say(messages::ERROR_FILE_UNKNOWN, &[("file", words(shown))])))
            }
        }
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
                self.words.say(messages::ERROR_RECORDING_NEWER, &[file, ("version", number(version.into()))])
            }
        })
    }

    /// Runs the command on a file.
    pub(super) fn run_from(mut self, path: &str) -> anyhow::Result<u8> {
        match self.opened(path)? {
            Opened::Recording(archive) => {
                let look = archive.head().look.clone();
                self.options.netns = self.options.netns.take().or(look.netns.clone());
                self.look_as(&look);
                self.way = Way::Recorded(Arc::clone(&archive));
                self.command(&mut Replay::new(&archive, ""))
            }
            Opened::Dump(mut dump) => {
                self.way = Way::Held { tcp_only: true };
                self.command(&mut dump)
            }
            Opened::Text(mut held, kind) => {
                self.way = Way::Held { tcp_only: false };
                self.note(&self.words.say(messages::NOTE_TEXT, &[("what", words(kind))]));
                self.command(&mut *held)
            }
        }
    }

    /// What was looked at so closely is told so closely.
    fn look_as(&mut self, recorded: &format::Look) {
        let look = |look: &mut Look| look.deep |= recorded.deep;
        match &mut self.options.command {
            Command::Overview { bound_inactive, look: of } => {
                *bound_inactive |= recorded.bound_inactive;
                look(of);
            }
            Command::Check(options) => look(&mut options.look),
            _ => {}
        }
    }

    /// Begins a recording; `-` is standard output.
    pub(super) fn tape(&self, path: &str, redact: bool) -> anyhow::Result<Tape> {
        let (deep, bound_inactive) = match &self.options.command {
            Command::Overview { bound_inactive, look } => (look.deep, *bound_inactive),
            Command::Check(options) => (options.look.deep, false),
            Command::Record(options) => (options.deep, false),
            _ => (false, false),
        };
        let look = format::Look { netns: self.options.netns.clone(), deep, bound_inactive };
        let tape = match path {
            "-" => Tape::begin(Box::new(stdout::open()?), Settings { look, redact }),
            path => Draft::create(path).and_then(|draft| Tape::begin(Box::new(draft), Settings { look, redact })),
        };
        tape.map_err(|error| self.about_file(path, &error))
    }

    /// Runs the command on the kernel, and keeps what it saw.
    pub(super) fn run_taped(mut self, path: &str, redact: bool) -> anyhow::Result<u8> {
        let tape = self.tape(path, redact)?;
        self.way = Way::Taped(self.proc.clone(), tape.clone());
        let mut live = Live::new(self.proc.clone());
        let status = self.command(&mut Recorder::new(&mut live, &tape, ""))?;
        self.way = Way::Live(None);
        let written = tape.finish().map_err(|error| match (path, error.kind()) {
            ("-", io::ErrorKind::BrokenPipe) => error.into(),
            _ => self.about_file(path, &error),
        })?;
        // What was asked for by the way is routine, and of no interest to a log.
        if matches!(self.options.command, Command::Record(_)) || io::stderr().is_terminal() {
            let file = words(visible(path.as_bytes(), self.screen.unicode));
            self.note(&self.words.say(messages::NOTE_RECORDED, &[("file", file), ("bytes", number(written))]));
        }
        Ok(status)
    }
}
