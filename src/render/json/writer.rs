//! Shared parts of all JSON: the version of the schemas, times, and strings that are safe for a terminal.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use serde_json::ser::Formatter;

use crate::render::prelude::*;

/// The version of all shapes: it changes when a field is renamed or removed.
pub const SCHEMA: &str = "sockdoc/1";

/// The last second that RFC 3339 has digits for.
const LAST: Duration = Duration::from_secs(253_402_300_799);

/// A time as RFC 3339 in UTC, whole seconds. A time outside its range becomes the nearest valid one.
pub fn time(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default().min(LAST);
    humantime::format_rfc3339_seconds(UNIX_EPOCH + since).to_string()
}

/// JSON in which no name can move the cursor of a terminal, or turn the text around: such characters are escaped.
pub(in crate::render) struct Plain;

impl Formatter for Plain {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        // Characters below the blank are escaped in any case.
        if fragment.bytes().all(|byte| byte < 0x7f) {
            return out.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some(at) = rest.find(turns) {
            let (plain, after) = rest.split_at(at);
            out.write_all(plain.as_bytes())?;
            let mut after = after.chars();
            // All of them are in the first plane.
            let code = after.next().map_or(0, u32::from);
            write!(out, "\\u{code:04x}")?;
            rest = after.as_str();
        }
        out.write_all(rest.as_bytes())
    }
}

/// DEL, the control characters above it, and characters that change the direction of reading.
fn turns(character: char) -> bool {
    matches!(character, '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Writes a document, or a part of one.
pub(in crate::render) fn to_writer(
    out: &mut (impl Write + ?Sized),
    document: &(impl Serialize + ?Sized),
) -> io::Result<()> {
    document.serialize(&mut serde_json::Serializer::with_formatter(out, Plain)).map_err(io::Error::from)
}

/// Writes a document on a line.
pub(in crate::render) fn write_line(out: &mut dyn Write, document: &impl Serialize) -> io::Result<()> {
    to_writer(out, document)?;
    writeln!(out)
}
