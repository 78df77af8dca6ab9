//! A rewritten recording: redacted, to be shared.

use std::{borrow::Cow, io};

use super::{
    delta,
    format::{AnswerKind, Line},
    reader::Recording,
    writer::RecordingWriter,
};

/// Keeps every answer of a recording on a writer, in their order; its first sample becomes the sample of this number.
///
/// # Errors
/// None for a recording that was read; those of writing come when the writer is finished.
pub fn copy(recording: &Recording, writer: &RecordingWriter, first: u32) -> io::Result<()> {
    copied(recording, writer, first, |bytes| Some(Cow::Borrowed(bytes)))
}

/// The same for a recording with packed answers of netlink ([`RecordingSettings::is_packed`]).
///
/// [`RecordingSettings::is_packed`]: super::RecordingSettings::is_packed
///
/// # Errors
/// Where an answer cannot be unpacked.
pub(super) fn unpack(recording: &Recording, writer: &RecordingWriter, first: u32) -> io::Result<()> {
    copied(recording, writer, first, delta::unpacked)
}

fn copied(
    recording: &Recording,
    writer: &RecordingWriter,
    first: u32,
    of_netlink: fn(&[u8]) -> Option<Cow<'_, [u8]>>,
) -> io::Result<()> {
    let mut is_whole = true;
    // A part of a netlink answer is whole datagrams. Of anything else a name may begin in one part and end in the next.
    let mut parts: Vec<u8> = Vec::new();
    recording.each(&mut |line, bytes| {
        let line = Line { sample: line.sample.saturating_add(first), ..line };
        if line.kind == AnswerKind::Netlink {
            return match of_netlink(bytes) {
                Some(bytes) => writer.keep(line, &bytes),
                None => is_whole = false,
            };
        }
        parts.extend_from_slice(bytes);
        if !line.more {
            writer.keep(Line { more: false, ..line }, &parts);
            parts.clear();
        }
    })?;
    writer.begin_sample(first + recording.samples().saturating_sub(1));
    if is_whole { Ok(()) } else { Err(io::Error::from(io::ErrorKind::InvalidData)) }
}
