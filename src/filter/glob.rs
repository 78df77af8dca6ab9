//! `fnmatch(3)` patterns: `*`, `?`, `[a-z]`, `[!a]`, and a backslash before a literal character.
//!
//! Compares bytes, not characters, as `ss` does in the C locale. Retries one `*` at a time, so that the time is limited
//! by the pattern's length times that of the text.

/// Whether upper and lower case are alike.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum LetterCase {
    Alike,
    Different,
}

/// Whether the pattern has anything but literal characters.
pub(super) fn is_pattern(pattern: &str) -> bool {
    pattern.contains(['*', '?', '[', '\\'])
}

/// Whether a name fits a pattern, upper and lower case alike; no pattern is one that has no mark of a pattern.
pub fn globbed(pattern: &str, name: &str) -> bool {
    is_pattern(pattern) && matches(pattern, name.as_bytes(), LetterCase::Alike)
}

/// Whether the whole text is of the pattern.
pub(super) fn matches(pattern: &str, text: &[u8], case: LetterCase) -> bool {
    let (mut pattern, mut text) = (pattern.as_bytes(), text);
    // The rest of the pattern after the last `*`, and the text it is tried on next.
    let mut retry: Option<(&[u8], &[u8])> = None;
    loop {
        if let Some(after) = pattern.strip_prefix(b"*") {
            pattern = after;
            retry = Some((after, text));
            continue;
        }
        let step = text.split_first().and_then(|(byte, left)| Some((one(pattern, *byte, case)?, left)));
        match (step, retry) {
            (Some((after, left)), _) => (pattern, text) = (after, left),
            (None, _) if pattern.is_empty() && text.is_empty() => return true,
            (None, Some((after, tried))) => {
                let Some((_, left)) = tried.split_first() else { return false };
                (pattern, text) = (after, left);
                retry = Some((after, left));
            }
            (None, None) => return false,
        }
    }
}

/// The pattern after its first element, if that matches the byte.
fn one(pattern: &[u8], byte: u8, case: LetterCase) -> Option<&[u8]> {
    let (first, rest) = pattern.split_first()?;
    let own = |after, letter: u8| if fold(letter, case) == fold(byte, case) { Some(after) } else { None };
    match first {
        b'?' => Some(rest),
        b'\\' => match rest.split_first() {
            Some((letter, after)) => own(after, *letter),
            None => own(rest, b'\\'),
        },
        b'[' => match set(rest) {
            Some((set, after)) => set.holds(byte, case).then_some(after),
            // Not closed: it stands for itself.
            None => own(rest, b'['),
        },
        letter => own(rest, *letter),
    }
}

fn fold(byte: u8, case: LetterCase) -> u8 {
    if case == LetterCase::Alike { byte.to_ascii_lowercase() } else { byte }
}

/// The characters between `[` and `]`.
struct Set<'a> {
    is_negated: bool,
    members: &'a [u8],
}

/// The set the pattern begins with, after its `[`; a `]` at its beginning is a member.
fn set(pattern: &[u8]) -> Option<(Set<'_>, &[u8])> {
    let (is_negated, inside) = match pattern.split_first() {
        Some((b'!' | b'^', inside)) => (true, inside),
        _ => (false, pattern),
    };
    let end = inside.iter().skip(1).position(|byte| *byte == b']')? + 1;
    let (members, rest) = inside.split_at_checked(end)?;
    Some((Set { is_negated, members }, rest.strip_prefix(b"]")?))
}

impl Set<'_> {
    fn holds(&self, byte: u8, case: LetterCase) -> bool {
        let either = [byte, byte.to_ascii_lowercase(), byte.to_ascii_uppercase()];
        let spellings = if case == LetterCase::Alike { &either[..] } else { either.get(..1).unwrap_or_default() };
        spellings.iter().any(|byte| self.lists(*byte)) != self.is_negated
    }

    fn lists(&self, byte: u8) -> bool {
        let mut members = self.members;
        while let Some((first, rest)) = members.split_first() {
            if let [b'-', last, after @ ..] = rest {
                if (*first..=*last).contains(&byte) {
                    return true;
                }
                members = after;
            } else {
                if *first == byte {
                    return true;
                }
                members = rest;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(pattern: &str, text: &str) -> bool {
        matches(pattern, text.as_bytes(), LetterCase::Different)
    }

    #[test]
    fn patterns_match_as_fnmatch_does() {
        for (pattern, text) in [
            ("", ""),
            ("nginx", "nginx"),
            ("*", ""),
            ("*", "any"),
            ("ng*", "nginx"),
            ("*x", "nginx"),
            ("*g*n*", "nginx"),
            ("n?inx", "nginx"),
            ("[m-o]ginx", "nginx"),
            ("[!a-m]ginx", "nginx"),
            ("[]a]x", "]x"),
            ("[a-]x", "-x"),
            (r"\*", "*"),
            ("[a", "[a"),
            ("/run/*.sock", "/run/a/b.sock"),
            ("a*b*c", "abbbcbc"),
        ] {
            assert!(exact(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("", "a"),
            ("a", ""),
            ("ng", "nginx"),
            ("?", ""),
            ("[!n]ginx", "nginx"),
            (r"\*", "a"),
            ("NGINX", "nginx"),
            ("*a", "ab"),
        ] {
            assert!(!exact(pattern, text), "{pattern} {text}");
        }
        assert!(matches("/RUN/[A-C]*", b"/run/b", LetterCase::Alike));
        assert!(matches("*", b"\xff\x00", LetterCase::Alike));
    }

    #[test]
    fn no_pattern_takes_for_ever() {
        assert!(!exact(&"*a".repeat(200), &"a".repeat(150)));
        assert!(!exact(&format!("{}b", "*a".repeat(1000)), &"a".repeat(20_000)));
    }
}
