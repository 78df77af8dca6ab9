//! The file of `--from`: a recording, a raw dump or a text.

use std::{cell::OnceCell, io, io::BufReader};

use anyhow::anyhow;

use super::{
    input::{Input, pasted::PastedInput, recorded::RecordedInput},
    run::Run,
};
use crate::{
    archive::{
        Damage, Recording, format,
        import::{self, Foreign, Reading, Refused, Text},
    },
    collect::services::ServiceNames,
    render::gaps,
    source::dump::{self, DumpSource},
    system::files::OpenFile,
    text::{escape::visible, messages, number, words},
};

/// The content of an input file.
enum Opened {
    Recording(Recording),
    Dump(DumpSource),
    Text(Text),
}

/// Bytes that decide the type of a file.
const BEGINNING: usize = 64 << 10;

/// The file of `--from`, open and not read yet.
pub(super) struct ForeignFile {
    path: String,
    file: OpenFile,
}

impl ForeignFile {
    /// Its path, or `-`.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Reads the content of a pipe, without parsing it.
    pub(super) fn hold(&mut self) -> io::Result<()> {
        if self.file.regular().is_none() {
            self.file = OpenFile::Held(self.file.read()?);
        }
        Ok(())
    }
}

impl Run {
    /// Opens a file of `--from`.
    pub(super) fn foreign(&self, path: &str) -> anyhow::Result<ForeignFile> {
        let file = OpenFile::open(path).map_err(|error| self.about_file(path, &error))?;
        Ok(ForeignFile { path: path.to_owned(), file })
    }

    /// Reads the file of `--from`; its content decides its kind.
    pub(super) fn input_of(&self, file: &ForeignFile) -> anyhow::Result<Box<dyn Input>> {
        Ok(match self.read(file)? {
            Opened::Recording(recording) => Box::new(RecordedInput::new(recording)),
            Opened::Dump(dump) => Box::new(PastedInput::dump(dump)),
            Opened::Text(text) => Box::new(PastedInput::text(text)),
        })
    }

    /// Reads a file that must be a recording.
    pub(super) fn recording_of(&self, file: &ForeignFile) -> anyhow::Result<Recording> {
        match self.read(file)? {
            Opened::Recording(recording) => Ok(recording),
            Opened::Dump(_) | Opened::Text(_) => {
                let file = words(self.name_of(&file.path));
                Err(anyhow!(self.words.say(messages::ERROR_NO_RECORDING, &[("file", file)])))
            }
        }
    }

    fn read(&self, ForeignFile { path, file }: &ForeignFile) -> anyhow::Result<Opened> {
        let about = |error: io::Error| self.about_file(path, &error);
        let beginning = file.beginning(BEGINNING).map_err(about)?;
        if !beginning.is_empty() && !format::is_recording(&beginning) && !import::is_text(&beginning) {
            return match dump::is_dump(&beginning) {
                true => DumpSource::of_file(file).map(Opened::Dump).map_err(about),
                false => Err(self.about_unknown(path)),
            };
        }
        let bytes = file.read().map_err(about)?;
        if format::is_recording(&bytes) {
            let recording = Recording::read(bytes).map_err(|damage| self.about_recording(path, damage))?;
            return Ok(Opened::Recording(recording));
        }
        // An empty file shows nothing, not even that the host has no sockets.
        if !bytes.is_empty() && !import::is_text(&bytes) {
            return match dump::is_dump(&bytes) {
                true => DumpSource::of_bytes(&bytes).map(Opened::Dump).map_err(about),
                false => Err(self.about_unknown(path)),
            };
        }
        let services = OnceCell::new();
        let port = |name: &str| services.get_or_init(|| self.services()).port(name);
        let reading = Reading { services: &port, capture: self.options.capture, state: self.options.stated };
        match import::read(&bytes, &reading) {
            Ok(mut text) => {
                text.source.taken_at = file.written_at();
                Ok(Opened::Text(text))
            }
            Err(Refused::TooLarge) => Err(about(io::Error::from(io::ErrorKind::FileTooLarge))),
            Err(refused) => Err(self.about_text(path, &refused)),
        }
    }

    /// The services of this host: a text may have their names where the kernel has ports.
    fn services(&self) -> ServiceNames {
        match self.open(ServiceNames::PATH).as_deref() {
            Ok(OpenFile::File(file)) => ServiceNames::of(BufReader::new(file)),
            _ => ServiceNames::default(),
        }
    }

    /// Why a text is not read.
    fn about_text(&self, path: &str, refused: &Refused) -> anyhow::Error {
        let file = ("file", words(self.name_of(path)));
        anyhow!(match refused {
            Refused::Unknown | Refused::TooLarge => return self.about_unknown(path),
            Refused::Rows(unread) => {
                let reasons: Vec<String> = unread.iter().map(|unread| gaps::unread(unread, &self.words)).collect();
                self.words
                    .say(messages::ERROR_ROWS, &[file, ("reasons", words(reasons.join(self.words.lang().semicolon())))])
            }
            Refused::Hosts(hosts) => {
                let hosts: Vec<String> =
                    hosts.iter().map(|host| visible(host.as_bytes(), self.screen.unicode)).collect();
                let hosts = words(hosts.join(self.words.lang().comma()));
                self.words.say(messages::ERROR_HOSTS, &[file, ("hosts", hosts)])
            }
            Refused::Captures(count) => self.words.say(messages::ERROR_CAPTURES, &[file, ("count", number(*count))]),
            Refused::Foreign(foreign) => {
                let message = match foreign {
                    Foreign::Bsd => messages::ERROR_FOREIGN_BSD,
                    Foreign::BsdLsof => messages::ERROR_FOREIGN_LSOF,
                    Foreign::Solaris => messages::ERROR_FOREIGN_SOLARIS,
                    Foreign::Windows => messages::ERROR_FOREIGN_WINDOWS,
                    Foreign::Numbered => messages::ERROR_FOREIGN_NUMBERED,
                    Foreign::Sums => messages::ERROR_FOREIGN_SUMS,
                    Foreign::Conntrack => messages::ERROR_FOREIGN_CONNTRACK,
                    Foreign::Message => messages::ERROR_FOREIGN_MESSAGE,
                    Foreign::Json => messages::ERROR_FOREIGN_JSON,
                };
                self.words.say(message, &[file])
            }
        })
    }

    fn about_unknown(&self, path: &str) -> anyhow::Error {
        anyhow!(self.words.say(messages::ERROR_FILE_UNKNOWN, &[("file", words(self.name_of(path)))]))
    }

    fn about_recording(&self, path: &str, damage: Damage) -> anyhow::Error {
        let file = ("file", words(self.name_of(path)));
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
