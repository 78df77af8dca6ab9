//! The file of `--from`: a recording, a raw dump or a text.

use std::{cell::OnceCell, io};

use anyhow::anyhow;

use super::{
    input::{Input, pasted::PastedInput, recorded::RecordedInput},
    run::Run,
};
use crate::{
    archive::{
        Damage, Recording, format,
        import::{self, Refused, Text},
    },
    collect::services::ServiceNames,
    source::{
        dump::{self, DumpSource},
        kernel::KernelSource,
    },
    system::files,
    text::{escape::visible, messages, number, words},
};

/// What a file turned out to be.
enum Opened {
    Recording(Recording),
    Dump(DumpSource),
    Text(Text),
}

/// So much of a file tells what it is.
const BEGINNING: usize = 64 << 10;

impl Run {
    /// Opens the file of `--from`; its content tells what it is.
    pub(super) fn input_of(&self, path: &str) -> anyhow::Result<Box<dyn Input>> {
        Ok(match self.opened(path)? {
            Opened::Recording(recording) => Box::new(RecordedInput::new(recording)),
            Opened::Dump(dump) => Box::new(PastedInput::dump(dump)),
            Opened::Text(text) => Box::new(PastedInput::text(text)),
        })
    }

    /// Opens a file that must be a recording.
    pub(super) fn recording_of(&self, path: &str) -> anyhow::Result<Recording> {
        match self.opened(path)? {
            Opened::Recording(recording) => Ok(recording),
            Opened::Dump(_) | Opened::Text(_) => {
                let file = words(visible(path.as_bytes(), self.screen.unicode));
                Err(anyhow!(self.words.say(messages::ERROR_NO_RECORDING, &[("file", file)])))
            }
        }
    }

    fn opened(&self, path: &str) -> anyhow::Result<Opened> {
        let about = |error: io::Error| self.about_file(path, &error);
        let beginning = if path == "-" { Vec::new() } else { files::beginning(path, BEGINNING).map_err(about)? };
        if path != "-" && !beginning.is_empty() && !format::is_recording(&beginning) && !import::is_text(&beginning) {
            return match dump::is_dump(&beginning) {
                true => DumpSource::open(path).map(Opened::Dump).map_err(about),
                false => Err(self.about_unknown(path)),
            };
        }
        let bytes = files::read(path).map_err(about)?;
        if format::is_recording(&bytes) {
            let recording = Recording::read(bytes).map_err(|damage| self.about_recording(path, damage))?;
            return Ok(Opened::Recording(recording));
        }
        // An empty file tells nothing, not even that there are no sockets.
        if !bytes.is_empty() && !import::is_text(&bytes) {
            return match dump::is_dump(&bytes) {
                true => DumpSource::of_bytes(&bytes).map(Opened::Dump).map_err(about),
                false => Err(self.about_unknown(path)),
            };
        }
        let services = OnceCell::new();
        let port = |name: &str| services.get_or_init(|| ServiceNames::read(&KernelSource::new(None))).port(name);
        match import::read(&bytes, &port) {
            Ok(mut text) => {
                text.source.taken_at = files::written_at(path);
                Ok(Opened::Text(text))
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
}
