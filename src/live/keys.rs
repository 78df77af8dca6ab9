//! Keys, from the bytes that terminals send for them.

/// A key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyPress {
    /// A character.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Escape,
    /// Backspace.
    Backspace,
    /// The arrow up.
    Up,
    /// The arrow down.
    Down,
    /// The arrow to the left.
    Left,
    /// The arrow to the right.
    Right,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the beginning.
    Home,
    /// To the end.
    End,
    /// The character at the cursor is deleted.
    Delete,
    /// F1.
    F1,
    /// A letter with Ctrl.
    Ctrl(char),
}

/// Longest sequence between ESC and the last byte of a key, in any terminal.
const LONGEST: usize = 16;

/// Puts bytes together to keys, over any number of reads: a sequence may come in parts.
#[derive(Default, Debug)]
pub struct KeyReader {
    pending: Vec<u8>,
}

impl KeyReader {
    /// The keys that are whole with these bytes.
    pub fn read(&mut self, bytes: &[u8]) -> Vec<KeyPress> {
        self.pending.extend_from_slice(bytes);
        let mut keys = Vec::new();
        while let Some((length, key)) = first(&self.pending) {
            self.pending.drain(..length);
            keys.extend(key);
        }
        keys
    }

    /// Nothing came after them: an ESC alone is the key of that name.
    pub fn rest(&mut self) -> Vec<KeyPress> {
        let is_escape = self.pending.first() == Some(&0x1b);
        self.pending.clear();
        if is_escape { vec![KeyPress::Escape] } else { Vec::new() }
    }

    /// Whether bytes wait for more.
    pub fn is_waiting(&self) -> bool {
        !self.pending.is_empty()
    }
}

/// How many bytes the first key takes, and which it is, if any of ours; `None` where it is not whole.
fn first(bytes: &[u8]) -> Option<(usize, Option<KeyPress>)> {
    match *bytes.first()? {
        0x1b => sequence(bytes),
        b'\r' | b'\n' => Some((1, Some(KeyPress::Enter))),
        0x7f | 0x08 => Some((1, Some(KeyPress::Backspace))),
        byte if byte < 0x20 => Some((1, Some(KeyPress::Ctrl((byte | 0x60).into())))),
        byte => {
            let length = match byte {
                0xf0.. => 4,
                0xe0.. => 3,
                0xc0.. => 2,
                _ => 1,
            };
            let character = bytes.get(..length)?;
            let character = std::str::from_utf8(character).ok().and_then(|text| text.chars().next());
            Some((if character.is_some() { length } else { 1 }, character.map(KeyPress::Char)))
        }
    }
}

/// `ESC [ … final` and `ESC O final`; of another byte after ESC only the ESC counts.
fn sequence(bytes: &[u8]) -> Option<(usize, Option<KeyPress>)> {
    match bytes.get(1)? {
        // The console of Linux sends `ESC [ [ A` for F1.
        b'[' if bytes.get(2) == Some(&b'[') => {
            return bytes.get(3).map(|last| (4, (*last == b'A').then_some(KeyPress::F1)));
        }
        b'[' => {}
        b'O' => return Some((3, by_final(*bytes.get(2)?, b""))),
        _ => return Some((1, Some(KeyPress::Escape))),
    }
    let rest = bytes.get(2..).unwrap_or_default();
    match rest.iter().take(LONGEST + 1).position(|byte| (0x40..=0x7e).contains(byte)) {
        Some(end) => {
            let (parameters, last) = (rest.get(..end).unwrap_or_default(), rest.get(end).copied().unwrap_or(0));
            Some((end + 3, by_final(last, parameters)))
        }
        None if rest.len() > LONGEST => Some((1, None)),
        None => None,
    }
}

fn by_final(last: u8, parameters: &[u8]) -> Option<KeyPress> {
    match (last, parameters.split(|&byte| byte == b';').next().unwrap_or_default()) {
        (b'A', _) => Some(KeyPress::Up),
        (b'B', _) => Some(KeyPress::Down),
        (b'C', _) => Some(KeyPress::Right),
        (b'D', _) => Some(KeyPress::Left),
        (b'H', _) | (b'~', b"1" | b"7") => Some(KeyPress::Home),
        (b'F', _) | (b'~', b"4" | b"8") => Some(KeyPress::End),
        (b'M', b"") => Some(KeyPress::Enter),
        (b'P', _) | (b'~', b"11") => Some(KeyPress::F1),
        (b'~', b"3") => Some(KeyPress::Delete),
        (b'~', b"5") => Some(KeyPress::PageUp),
        (b'~', b"6") => Some(KeyPress::PageDown),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_whole_or_in_any_parts() {
        let bytes =
            b"q\x1b[A\x1bOB\x1b[5~\x1b[1;5C\r\x7f\xe4\xb8\xad\x1b[H\x01\x1b[99z\x1bOP\x1b[11~\x1b[[A\x1b[[B\x1b[3~/";
        let keys = [
            KeyPress::Char('q'),
            KeyPress::Up,
            KeyPress::Down,
            KeyPress::PageUp,
            KeyPress::Right,
            KeyPress::Enter,
            KeyPress::Backspace,
            KeyPress::Char('中'),
            KeyPress::Home,
            KeyPress::Ctrl('a'),
            KeyPress::F1,
            KeyPress::F1,
            KeyPress::F1,
            KeyPress::Delete,
            KeyPress::Char('/'),
        ];
        for part in 1..=bytes.len() {
            let mut reader = KeyReader::default();
            let read: Vec<KeyPress> = bytes.chunks(part).flat_map(|part| reader.read(part)).collect();
            assert_eq!(read, keys, "in parts of {part}");
            assert!(!reader.is_waiting());
        }
    }

    #[test]
    fn escape_is_a_key_when_nothing_follows_it() {
        let mut reader = KeyReader::default();
        assert_eq!(reader.read(b"\x1b"), []);
        assert!(reader.is_waiting());
        assert_eq!(reader.rest(), [KeyPress::Escape]);
        assert_eq!(reader.read(b"\x1bq"), [KeyPress::Escape, KeyPress::Char('q')]);
    }

    #[test]
    fn garbage_is_passed_over() {
        let mut reader = KeyReader::default();
        let garbage: Vec<u8> = (0..=255).chain(b"\x1b[".iter().copied()).chain([b';'; 64]).collect();
        reader.read(&garbage);
        assert!(reader.pending.len() <= LONGEST + 4);
        reader.rest();
        assert_eq!(reader.read(b"q"), [KeyPress::Char('q')]);
    }
}
