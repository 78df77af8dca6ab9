//! Strips what a terminal, a mail, a forum or Ansible added to the lines of a text. Each line keeps its number.

use std::borrow::Cow;

/// A line of the text, and its number in the file, from 1.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct TextLine<'a> {
    pub(super) number: u64,
    pub(super) text: Cow<'a, str>,
}

/// Bytes as text: UTF-16 with a byte order mark, else UTF-8.
pub(super) fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    let wide = |bytes: &[u8], word: fn([u8; 2]) -> u16| {
        let words = bytes.chunks_exact(2).filter_map(|pair| pair.first_chunk()).map(|pair| word(*pair));
        Cow::Owned(char::decode_utf16(words).map(|read| read.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest),
        _ => String::from_utf8_lossy(bytes),
    }
}

/// The lines without colours, quotes of mails and of JSON; a string with `\n` in it is several lines of one number.
pub(super) fn lines(text: &str) -> Vec<TextLine<'_>> {
    let mut lines = Vec::new();
    // A text of an old Mac has returns alone.
    let numbered = (1..).zip(text.lines());
    for (number, text) in
        numbered.flat_map(|(number, text)| text.trim_end_matches('\r').split('\r').map(move |part| (number, part)))
    {
        let text = unquoted(plain(text));
        match from_json(&text) {
            Some(string) => {
                lines.extend(string.lines().map(|text| TextLine { number, text: Cow::Owned(text.to_owned()) }));
            }
            None => lines.push(TextLine { number, text }),
        }
    }
    lines
}

/// Without escape sequences of a terminal, other control characters, and blanks that are no spaces.
fn plain(text: &str) -> Cow<'_, str> {
    let is_odd = |c: char| c.is_control() && c != '\t' || c == '\u{a0}';
    if !text.contains(is_odd) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\u{1b}' => match rest.next() {
                // `ESC [ … letter`, and `ESC ] … BEL`.
                Some('[') => drop(rest.find(|c| ('@'..='~').contains(c))),
                Some(']') => drop(rest.find(|c| matches!(c, '\u{7}' | '\u{9c}' | '\\'))),
                Some('(' | ')') => drop(rest.next()),
                _ => {}
            },
            '\u{a0}' => plain.push(' '),
            c if is_odd(c) => {}
            c => plain.push(c),
        }
    }
    Cow::Owned(plain)
}

/// Without the marks of a mail, `> > `.
fn unquoted(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.trim_start().starts_with('>') {
        return text;
    }
    let mut rest = text.trim_start();
    while let Some(after) = rest.strip_prefix('>') {
        rest = after.strip_prefix(' ').unwrap_or(after);
    }
    Cow::Owned(rest.to_owned())
}

/// The longest string of a line of JSON or Python: `"LISTEN 0 50 \"a\"",`, `"stdout": "State …"`, `{"stdout": "…"}`.
fn from_json(text: &str) -> Option<String> {
    let mut rest = text.trim_start();
    // `[root@web-1 ~]#` is a prompt.
    if !rest.trim_start_matches(['{', '[', ' ']).starts_with(['"', '\'']) {
        return None;
    }
    let mut longest = None;
    while let Some(at) = rest.find(['"', '\'']) {
        let (string, length) = string(rest.get(at..)?)?;
        rest = rest.get(at + length..)?;
        longest = longest.filter(|known: &String| known.len() >= string.len()).or(Some(string));
    }
    longest
}

/// The string at the beginning of a text, which is a quote, and how long it is there.
fn string(text: &str) -> Option<(String, usize)> {
    let mut string = String::new();
    let mut rest = text.char_indices();
    let (_, quote) = rest.next()?;
    while let Some((at, c)) = rest.next() {
        match c {
            c if c == quote => return Some((string, at + 1)),
            '\\' => match rest.next()?.1 {
                'n' => string.push('\n'),
                't' => string.push('\t'),
                'r' => {}
                'u' => {
                    let digits: String = rest.by_ref().take(4).map(|(_, digit)| digit).collect();
                    string.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
                }
                c => string.push(c),
            },
            c => string.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str) -> Vec<String> {
        lines(text).into_iter().map(|line| line.text.into_owned()).collect()
    }

    #[test]
    fn what_was_put_around_a_line_is_taken_off() {
        assert_eq!(cleaned("\u{1b}[1mESTAB\u{1b}[0m 0"), ["ESTAB 0"]);
        assert_eq!(cleaned("> > ESTAB\u{a0}0"), ["ESTAB 0"]);
        assert_eq!(cleaned("  \"LISTEN \\\"a\\\"\","), ["LISTEN \"a\""]);
        assert_eq!(cleaned("{\"rc\": \"0\", \"stdout\": \"State\\nESTAB 0\"}"), ["State", "ESTAB 0"]);
        assert_eq!(cleaned("[root@web-1 ~]# ss 'sport = :22'"), ["[root@web-1 ~]# ss 'sport = :22'"]);
        assert_eq!(cleaned("State\rESTAB 0\r"), ["State", "ESTAB 0"]);
        assert_eq!(cleaned("ESTAB users:((\"a\",pid=1))"), ["ESTAB users:((\"a\",pid=1))"]);
        assert_eq!(decoded(&[0xff, 0xfe, b'a', 0, b'\n', 0]), "a\n");
        assert_eq!(decoded(&[0xfe, 0xff, 0, b'a']), "a");
    }
}
