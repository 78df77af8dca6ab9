//! The parts of JSON: values, objects, arrays, `null`. Written by hand: a listing has millions of them, and `serde` takes
//! three times as long for one.

use std::{borrow::Cow, net::IpAddr};

use crate::{
    model::field::{Field, Unit},
    render::json::to_writer,
};

use super::{
    digits::{hex, number},
    ip::ip,
};

/// Appends text that is JSON already.
#[inline]
pub(super) fn raw(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

/// A value that can be written as JSON; unknown is `None` and becomes `null`.
pub(super) trait ToJson {
    fn json(self, out: &mut Vec<u8>);
}

/// Writes a member; a function for each type of value, or the binary would hold the same code for each name.
#[inline(never)]
pub(super) fn member(out: &mut Vec<u8>, key: &str, value: impl ToJson) {
    raw(out, key);
    value.json(out);
}

/// Writes members, each after a comma: `,"name":value`.
macro_rules! members {
    ($out:expr, $(($name:literal, $value:expr)),+ $(,)?) => {
        $($crate::render::list::json_parts::member($out, concat!(",\"", $name, "\":"), $value);)+
    };
}
pub(super) use members;

/// Writes an object.
macro_rules! object {
    ($out:expr, $($members:tt)+) => {
        $crate::render::list::json_parts::braces($out, |out| {
            $crate::render::list::json_parts::members!(out, $($members)+);
        })
    };
}
pub(super) use object;

/// `{…}` around members; the comma before the first becomes the brace.
#[inline]
pub(super) fn braces(out: &mut Vec<u8>, members: impl FnOnce(&mut Vec<u8>)) {
    let begin = out.len();
    members(out);
    if let Some(comma) = out.get_mut(begin) {
        *comma = b'{';
    }
    out.push(b'}');
}

impl<T: ToJson> ToJson for Option<T> {
    #[inline]
    fn json(self, out: &mut Vec<u8>) {
        match self {
            Some(value) => value.json(out),
            None => raw(out, "null"),
        }
    }
}

macro_rules! numbers {
    ($($number:ty)+) => {
        $(impl ToJson for $number {
            #[inline]
            fn json(self, out: &mut Vec<u8>) {
                number(out, self);
            }
        })+
    };
}
numbers!(u8 u16 u32 u64);

impl ToJson for bool {
    fn json(self, out: &mut Vec<u8>) {
        raw(out, if self { "true" } else { "false" });
    }
}

impl ToJson for &str {
    #[inline]
    fn json(self, out: &mut Vec<u8>) {
        JsonText(self.as_bytes()).json(out);
    }
}

impl ToJson for Cow<'_, str> {
    fn json(self, out: &mut Vec<u8>) {
        (&*self).json(out);
    }
}

impl ToJson for IpAddr {
    fn json(self, out: &mut Vec<u8>) {
        Quoted(|out: &mut Vec<u8>| ip(out, self)).json(out);
    }
}

impl<T: ToJson, const N: usize> ToJson for [T; N] {
    fn json(self, out: &mut Vec<u8>) {
        Each(self).json(out);
    }
}

/// A string; invalid UTF-8 becomes the replacement character.
pub(super) struct JsonText<'a>(pub(super) &'a [u8]);

impl ToJson for JsonText<'_> {
    fn json(self, out: &mut Vec<u8>) {
        if self.0.iter().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\')) {
            out.push(b'"');
            out.extend_from_slice(self.0);
            out.push(b'"');
        } else {
            // A string can always be written as JSON, and writing to a Vec cannot fail.
            let _ = to_writer(out, &*String::from_utf8_lossy(self.0));
        }
    }
}

/// The output of a function as a string; it writes nothing that JSON escapes.
pub(super) struct Quoted<F>(pub(super) F);

impl<F: FnOnce(&mut Vec<u8>)> ToJson for Quoted<F> {
    fn json(self, out: &mut Vec<u8>) {
        out.push(b'"');
        (self.0)(out);
        out.push(b'"');
    }
}

/// A number too large for some JSON readers, as a string of hexadecimal digits.
pub(super) struct Hex(pub(super) u64);

impl ToJson for Hex {
    fn json(self, out: &mut Vec<u8>) {
        Quoted(|out: &mut Vec<u8>| hex(out, self.0, 1)).json(out);
    }
}

/// A value by its name, or by its number where it has none.
pub(super) struct Named<'a>(pub(super) u64, pub(super) &'a [&'a str]);

impl ToJson for Named<'_> {
    fn json(self, out: &mut Vec<u8>) {
        match usize::try_from(self.0).ok().and_then(|value| self.1.get(value)) {
            Some(name) => name.json(out),
            None => Quoted(|out: &mut Vec<u8>| number(out, self.0)).json(out),
        }
    }
}

/// An array.
pub(super) struct Each<I>(pub(super) I);

impl<I: IntoIterator<Item: ToJson>> ToJson for Each<I> {
    fn json(self, out: &mut Vec<u8>) {
        out.push(b'[');
        for (place, value) in self.0.into_iter().enumerate() {
            if place > 0 {
                out.push(b',');
            }
            value.json(out);
        }
        out.push(b']');
    }
}

/// A structure of the kernel's, field by field, as far as it was sent; codes that have names are written by the function.
pub(super) struct Structure<'a> {
    pub(super) sent: &'a [u8],
    pub(super) fields: &'a [Field],
    pub(super) code: fn(&mut Vec<u8>, &Field, u64),
}

/// Both rates of `tcp_info` that have no limit, in any structure: all bits set.
const NO_RATE: u64 = u64::MAX;

impl ToJson for Structure<'_> {
    fn json(self, out: &mut Vec<u8>) {
        braces(out, |out| {
            for field in self.fields {
                raw(out, field.member);
                match (field.read(self.sent), field.unit) {
                    (None, _) | (Some(NO_RATE), Unit::BytesPerSecond) => raw(out, "null"),
                    (Some(value), Unit::Flag) => (value != 0).json(out),
                    (Some(value), Unit::Hex) => Hex(value).json(out),
                    (Some(value), Unit::Code) => (self.code)(out, field, value),
                    (Some(value), _) => value.json(out),
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: impl ToJson) -> String {
        let mut out = Vec::new();
        value.json(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn strings_are_escaped_as_json_asks() {
        for sent in ["", "nginx", "a\"b", "back\\slash", "line\nfeed\u{1}", "运行 é", "\u{7f}"] {
            assert_eq!(serde_json::from_str::<String>(&text(sent)).unwrap(), sent);
        }
        assert_eq!(text(JsonText(b"/\xff")), "\"/\u{fffd}\"");
    }

    #[test]
    fn what_is_not_known_is_null() {
        assert_eq!(text(None::<u32>), "null");
        assert_eq!(text(Some(0u32)), "0");
        assert_eq!(text(None::<&str>), "null");
        assert_eq!(text([1u8, 2]), "[1,2]");
    }

    #[test]
    fn an_object_has_its_members_in_order() {
        let mut out = b"x".to_vec();
        object!(&mut out, ("a", 1u8), ("b", [Some("c"), None]));
        assert_eq!(out, b"x{\"a\":1,\"b\":[\"c\",null]}");
    }
}
