//! Names from outside, made safe for a terminal; the usual ones, plain ASCII, without a copy.

use std::borrow::Cow;

use crate::render::escape::{socket_name, visible};

/// Appends a name as people may see it.
pub(super) fn push_visible(out: &mut Vec<u8>, name: &[u8], unicode: bool) {
    if name.iter().all(|&byte| matches!(byte, b' '..=b'~') && byte != b'\\') {
        out.extend_from_slice(name);
    } else {
        out.extend_from_slice(visible(name, unicode).as_bytes());
    }
}

/// Appends a UNIX socket's name.
pub(super) fn push_name(out: &mut Vec<u8>, name: &[u8], unicode: bool) {
    push_visible(out, &abstract_name(name), unicode);
}

/// A UNIX socket's name with `@` for the zero bytes of an abstract one.
pub(super) fn abstract_name(name: &[u8]) -> Cow<'_, [u8]> {
    if name.contains(&0) { Cow::Owned(socket_name(name)) } else { Cow::Borrowed(name) }
}

/// How many columns a text takes.
pub(super) fn columns(text: &[u8]) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    crate::text::layout::columns(&String::from_utf8_lossy(text))
}
