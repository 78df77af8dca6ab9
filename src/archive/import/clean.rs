//! Strips decoration of a terminal, a mail, a forum or Ansible from the lines of a text. Each line keeps its number.

use std::borrow::Cow;

use super::{around::fences, counters};

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
        let text = unquoted(bare(unquoted(plain(text))));
        // Ansible puts the host before an object: `ok: [web-1] => {"stdout": …}`.
        let (before, object) = text.split_once(" => ").filter(|(_, rest)| rest.starts_with('{')).unwrap_or(("", &text));
        let strings =
            Some(counters::of_json(object)).filter(|all| !all.is_empty()).unwrap_or_else(|| from_json(object));
        if strings.is_empty() {
            lines.push(TextLine { number, text });
            continue;
        }
        let whole = (!before.is_empty()).then(|| format!("{before} => {{"));
        let parts = strings.iter().flat_map(|string| string.lines().map(str::to_owned));
        lines.extend(whole.into_iter().chain(parts).map(|text| TextLine { number, text: Cow::Owned(text) }));
    }
    lines
}

/// Characters of HTML, the ampersand last.
const ENTITIES: [(&str, &str); 9] = [
    ("&gt;", ">"),
    ("&lt;", "<"),
    ("&quot;", "\""),
    ("&#34;", "\""),
    ("&#39;", "'"),
    ("&#x27;", "'"),
    ("&nbsp;", " "),
    ("&#160;", " "),
    ("&amp;", "&"),
];

/// Without escape sequences of a terminal, other control characters, other blank characters, characters of HTML, and
/// the quotation marks of a word processor around programs.
fn plain(text: &str) -> Cow<'_, str> {
    const WITHOUT_WIDTH: [char; 5] = ['\u{200b}', '\u{2060}', '\u{feff}', '\u{ad}', '\u{200e}'];
    let is_odd =
        |c: char| c.is_control() && c != '\t' || !c.is_ascii() && (c.is_whitespace() || WITHOUT_WIDTH.contains(&c));
    let is_html = ENTITIES.iter().any(|(entity, _)| text.contains(entity));
    let is_typeset = text.contains("users:((") && !text.contains("users:((\"");
    if is_html || is_typeset {
        let of_html = ENTITIES.iter().fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain));
        let text = if is_typeset { of_html.replace(['“', '”', '„', '«', '»'], "\"") } else { of_html };
        // No second round: `&amp;gt;` is `&gt;`.
        return Cow::Owned(if text.contains(is_odd) { stripped(&text, is_odd) } else { text });
    }
    match text.contains(is_odd) {
        true => Cow::Owned(stripped(text, is_odd)),
        false => Cow::Borrowed(text),
    }
}

fn stripped(text: &str, is_odd: impl Fn(char) -> bool) -> String {
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
            c if c.is_whitespace() && !c.is_control() => plain.push(' '),
            c if is_odd(c) => {}
            c => plain.push(c),
        }
    }
    plain
}

/// Removes decoration around a line: fences of code, the borders of a pane or a table, a backslash at the end.
fn bare(text: Cow<'_, str>) -> Cow<'_, str> {
    let inner = fences(&text);
    let inner = inner.strip_suffix('\\').unwrap_or(inner);
    let edges = inner.trim();
    let is_of_table = |edge| edges.len() > 1 && edges.starts_with(edge) && edges.ends_with(edge);
    if is_of_table('|') || is_of_table('+') && edges.contains("--") {
        // The line below a heading does not end it.
        let is_ruled = edges.chars().all(|c| "|-:+= ".contains(c));
        return Cow::Owned(if is_ruled { String::new() } else { edges.replace('|', " ") });
    }
    const BORDERS: [char; 3] = ['│', '┃', '║'];
    const CORNERS: [char; 6] = ['┌', '└', '├', '╔', '╚', '╭'];
    if edges.starts_with(CORNERS) {
        return Cow::Borrowed("");
    }
    let inner = match edges.starts_with(BORDERS) || edges.ends_with(BORDERS) {
        true => inner.trim_start_matches(' ').trim_end().trim_matches(BORDERS),
        false => inner,
    };
    if inner.len() == text.len() { text } else { Cow::Owned(inner.to_owned()) }
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

/// The strings of a list in a line of JSON or Python, `["State …", "LISTEN 0 50 …"]`, else the longest of it:
/// `"LISTEN 0 50 \"a\"",`, `"stdout": "State …"`, `{"stdout": "…"}`, `b'State …'`.
fn from_json(text: &str) -> Vec<String> {
    let text = text.trim_start();
    let mut rest = text.strip_prefix('b').unwrap_or(text);
    // `[root@web-1 ~]#` is a prompt.
    if !rest.trim_start_matches(['{', '[', ' ']).starts_with(['"', '\'']) {
        return Vec::new();
    }
    let is_list = rest.strip_prefix('[').is_some_and(|inside| !inside.trim_start().starts_with('{'));
    let mut strings = Vec::new();
    while let Some(at) = rest.find(['"', '\'']) {
        let found = rest.get(at..).and_then(string);
        let Some((string, after)) = found.and_then(|(string, length)| Some((string, rest.get(at + length..)?))) else {
            return Vec::new();
        };
        rest = after;
        if is_list {
            strings.push(string);
        } else if strings.first().is_none_or(|longest: &String| longest.len() < string.len()) {
            strings = vec![string];
        }
    }
    strings
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
