//! Output files of a run, and errors of files.

use super::prelude::*;
use crate::{
    system::{atomic_file::AtomicFile, files::FileRefusal},
    text::{Message, system_error},
};

impl Run {
    /// A new file; with `--force` it replaces an existing one.
    pub(super) fn created(&self, path: &str) -> anyhow::Result<AtomicFile> {
        self.begun(path, self.options.force)
    }

    /// The name of a file that is read, as a message has it.
    pub(super) fn name_of(&self, path: &str) -> String {
        self.shown_name(path, messages::STANDARD_INPUT)
    }

    fn shown_name(&self, path: &str, stream: Message) -> String {
        match path {
            "-" => self.words.text(stream),
            path => visible(path.as_bytes(), self.screen.unicode),
        }
    }

    /// The error of a file, with its name; `-` is standard input.
    pub(super) fn about_file(&self, path: &str, error: &io::Error) -> anyhow::Error {
        self.about_stream(path, messages::STANDARD_INPUT, error)
    }

    /// The same of a file that is written; `-` is standard output.
    pub(super) fn about_output(&self, path: &str, error: &io::Error) -> anyhow::Error {
        self.about_stream(path, messages::STANDARD_OUTPUT, error)
    }

    fn about_stream(&self, path: &str, stream: Message, error: &io::Error) -> anyhow::Error {
        if path.is_empty() {
            return anyhow!(self.words.text(messages::ERROR_FILE_UNNAMED));
        }
        let file = self.shown_name(path, stream);
        let message = match FileRefusal::of(error) {
            Some(FileRefusal::Exists) => messages::ERROR_FILE_EXISTS,
            Some(FileRefusal::Foreign) => messages::ERROR_FILE_FOREIGN,
            Some(FileRefusal::Writable) => messages::ERROR_FILE_WRITABLE,
            Some(FileRefusal::NoWriter) => messages::ERROR_FILE_NO_WRITER,
            Some(FileRefusal::Shared) => messages::ERROR_FOLDER_SHARED,
            Some(FileRefusal::NoReader) => messages::ERROR_FILE_NO_READER,
            None => {
                let why = words(system_error(&error.to_string(), self.words.lang()));
                return anyhow!(self.words.say(messages::ERROR_FILE, &[("file", words(file)), ("why", why)]));
            }
        };
        anyhow!(self.words.say(message, &[("file", words(file))]))
    }
}
