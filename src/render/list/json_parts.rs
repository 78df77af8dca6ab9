//! The parts of JSON: keys, strings, numbers, `null`. Written by hand, since a listing has millions of them.

use std::net::IpAddr;

use crate::render::json::to_writer;

use super::{
    digits::{hex, number},
    ip::ip,
};

/// Appends text that is JSON already.
pub(super) fn raw(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

/// A string; bytes that are no UTF-8 become the replacement character.
pub(super) fn string(out: &mut Vec<u8>, text: &[u8]) {
    if text.iter().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\')) {
        out.push(b'"');
        out.extend_from_slice(text);
        out.push(b'"');
    } else {
        // A string can always be written as JSON, and writing to a Vec cannot fail.
        let _ = to_writer(out, &*String::from_utf8_lossy(text));
    }
}

/// The value, or `null`.
pub(super) fn or_null<T>(out: &mut Vec<u8>, value: Option<T>, write: impl FnOnce(&mut Vec<u8>, T)) {
    match value {
        Some(value) => write(out, value),
        None => raw(out, "null"),
    }
}

/// A number, or `null`.
pub(super) fn figure(out: &mut Vec<u8>, value: Option<impl Into<u64>>) {
    or_null(out, value, |out, value| number(out, value));
}

/// A name, or `null`.
pub(super) fn name(out: &mut Vec<u8>, value: Option<&str>) {
    or_null(out, value, |out, value| string(out, value.as_bytes()));
}

/// `true` or `false`.
pub(super) fn flag(out: &mut Vec<u8>, value: bool) {
    raw(out, if value { "true" } else { "false" });
}

/// A number beyond what all readers of JSON keep exact, as a string of hexadecimal digits.
pub(super) fn digits(out: &mut Vec<u8>, value: u64) {
    out.push(b'"');
    hex(out, value, 1);
    out.push(b'"');
}

/// An address.
pub(super) fn address(out: &mut Vec<u8>, address: IpAddr) {
    out.push(b'"');
    ip(out, address);
    out.push(b'"');
}

/// `[…]`, each value through the function.
pub(super) fn array<T>(out: &mut Vec<u8>, values: impl IntoIterator<Item = T>, write: impl Fn(&mut Vec<u8>, T)) {
    out.push(b'[');
    for (place, value) in values.into_iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        write(out, value);
    }
    out.push(b']');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn strings_are_escaped_as_json_asks() {
        for sent in ["", "nginx", "a\"b", "back\\slash", "line\nfeed\u{1}", "运行 é", "\u{7f}"] {
            let written = text(|out| string(out, sent.as_bytes()));
            assert_eq!(serde_json::from_str::<String>(&written).unwrap(), sent);
        }
        assert_eq!(text(|out| string(out, b"/\xff")), "\"/\u{fffd}\"");
    }

    #[test]
    fn what_is_not_known_is_null() {
        assert_eq!(text(|out| figure(out, None::<u32>)), "null");
        assert_eq!(text(|out| figure(out, Some(0u32))), "0");
        assert_eq!(text(|out| name(out, None)), "null");
        assert_eq!(text(|out| array(out, [1u8, 2], number)), "[1,2]");
    }
}
