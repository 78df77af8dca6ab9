//! A recording written anew: redacted, to be given away.

use std::io;

use super::{
    format::{Kind, Line},
    reader::Archive,
    tape::Tape,
};

/// Keeps every answer of a recording on a tape, in their order.
///
/// # Errors
/// None for a recording that was read; those of writing come when the tape is finished.
pub fn copy(archive: &Archive, tape: &Tape) -> io::Result<()> {
    // A part of a netlink answer is whole datagrams. Of anything else a name may begin in one part and end in the next.
    let mut parts: Vec<u8> = Vec::new();
    archive.each(&mut |line, bytes| {
        if line.kind == Kind::Netlink {
            return tape.keep(line, bytes);
        }
        parts.extend_from_slice(bytes);
        if !line.more {
            tape.keep(Line { more: false, ..line }, &parts);
            parts.clear();
        }
    })?;
    tape.look(archive.samples().saturating_sub(1));
    Ok(())
}
