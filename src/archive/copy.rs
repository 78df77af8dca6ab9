//! A rewritten recording: redacted, to be shared.

use std::io;

use super::{
    format::{AnswerKind, Line},
    reader::Recording,
    writer::RecordingWriter,
};

/// Keeps every answer of a recording on a writer, in their order; its first sample becomes the sample of this number.
///
/// # Errors
/// None for a recording that was read; those of writing come when the writer is finished.
pub fn copy(recording: &Recording, writer: &RecordingWriter, first: u32) -> io::Result<()> {
    // A part of a netlink answer is whole datagrams. Of anything else a name may begin in one part and end in the next.
    let mut parts: Vec<u8> = Vec::new();
    recording.each(&mut |line, bytes| {
        let line = Line { sample: line.sample.saturating_add(first), ..line };
        if line.kind == AnswerKind::Netlink {
            return writer.keep(line, bytes);
        }
        parts.extend_from_slice(bytes);
        if !line.more {
            writer.keep(Line { more: false, ..line }, &parts);
            parts.clear();
        }
    })?;
    writer.begin_sample(first + recording.samples().saturating_sub(1));
    Ok(())
}
