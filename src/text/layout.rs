//! How wide texts are and where they may be broken, by the rules of their script.

/// Columns of a line of prose: longer ones are hard to read, however wide the terminal is.
pub const LONGEST_PROSE: usize = 110;

/// How many columns a text takes; Chinese characters take two.
pub fn columns(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

/// Breaks a text into lines by the rules of its script (UAX 14): between words, and between Chinese
/// characters but not before their closing punctuation. A path, an option or a compound is broken only where no line can
/// hold it.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    text.split('\n').flat_map(|line| wrapped_line(line, width.max(1))).collect()
}

fn wrapped_line(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in words(text, width) {
        if !line.is_empty() && columns(&line) + columns(word.trim_end_matches(' ')) > width {
            lines.push(std::mem::take(&mut line));
        }
        line.push_str(word);
    }
    lines.push(line);
    lines.iter().map(|line| line.trim_end_matches(' ').to_owned()).collect()
}

/// The pieces that stay whole on a line: words, and parts of a word that is longer than a line.
fn words(text: &str, width: usize) -> impl Iterator<Item = &str> {
    let fits = move |word: &str| columns(word.trim_end_matches(' ')) <= width;
    let paths = parts(text, breaks(text).filter(|&at| !is_in_path(text, at)));
    let words = paths.flat_map(move |path| {
        let broken = breaks(path).filter(move |_| !fits(path));
        parts(path, broken)
    });
    let compounds = words.flat_map(move |word| parts(word, hyphens(word).filter(move |_| !fits(word))));
    compounds.flat_map(move |word| parts(word, columns_full(word, width).filter(move |_| !fits(word))))
}

/// The pieces between the places where a text may be broken, each with the blanks after it.
pub fn pieces(text: &str) -> impl Iterator<Item = &str> {
    parts(text, breaks(text))
}

/// The parts of a text between places.
fn parts(text: &str, places: impl Iterator<Item = usize>) -> impl Iterator<Item = &str> {
    places
        .chain([text.len()])
        .scan(0, |start, end| text.get(std::mem::replace(start, end)..end))
        .filter(|part| !part.is_empty())
}

/// Where a text may be broken, but for hyphens: an option must stay whole. A path begins a piece, though UAX 14 joins a
/// slash to the text before it.
fn breaks(text: &str) -> impl Iterator<Item = usize> {
    let paths = text.match_indices(" /").map(|(at, _)| at + 1);
    let mut places: Vec<usize> = unicode_linebreak::linebreaks(text).map(|(at, _)| at).chain(paths).collect();
    places.sort_unstable();
    let is_whole = |before: &str| before.ends_with(['-', '\u{ad}']) || before == "/" || before.ends_with(" /");
    places.into_iter().filter(move |&at| !text.get(..at).is_some_and(is_whole))
}

/// Whether a path goes on at a place.
fn is_in_path(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at_checked(at).unwrap_or_default();
    before.ends_with('/') && after.starts_with(|c: char| c.is_ascii_graphic())
}

/// The places behind hyphens between letters.
fn hyphens(word: &str) -> impl Iterator<Item = usize> {
    word.match_indices('-').map(|(at, _)| at + 1).filter(|&at| {
        let (before, after) = word.split_at_checked(at).unwrap_or_default();
        before.strip_suffix('-').is_some_and(|before| before.ends_with(char::is_alphanumeric))
            && after.starts_with(char::is_alphanumeric)
    })
}

/// The places where a line is full.
fn columns_full(word: &str, width: usize) -> impl Iterator<Item = usize> {
    let mut used = 0;
    word.char_indices().filter_map(move |(at, character)| {
        let wide = unicode_width::UnicodeWidthChar::width(character).unwrap_or(0);
        used += wide;
        let is_full = used > width && at > 0;
        if is_full {
            used = wide;
        }
        is_full.then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_broken_by_columns_and_not_before_a_comma() {
        for line in wrapped("内核有记录就按内核的，没有就按监听端口推断", 10) {
            assert!(columns(&line) <= 10, "{line}");
            assert!(!line.starts_with('，'), "{line}");
        }
    }

    #[test]
    fn a_path_is_whole_where_a_line_can_hold_it() {
        assert_eq!(wrapped("text of /proc/net/tcp, and/or more", 16), ["text of", "/proc/net/tcp,", "and/or more"]);
        assert_eq!(wrapped("see /proc/net/tcp", 8), ["see", "/proc/", "net/tcp"]);
    }

    #[test]
    fn compounds_and_options_are_whole_where_a_line_can_hold_them() {
        assert_eq!(wrapped("a half-closed --dry-run", 11), ["a", "half-closed", "--dry-run"]);
        assert_eq!(wrapped("a half-closed --dry-run", 9), ["a half-", "closed", "--dry-run"]);
        assert_eq!(wrapped("in /etc/sysctl.d/99-zz-sockdoc.conf", 34), ["in", "/etc/sysctl.d/99-zz-sockdoc.conf"]);
        assert_eq!(wrapped("look at --deep", 10), ["look at", "--deep"]);
    }

    #[test]
    fn what_no_line_can_hold_is_broken_where_it_is_full() {
        assert_eq!(wrapped("abcdefgh ij\n\nk", 3), ["abc", "def", "gh", "ij", "", "k"]);
        assert_eq!(wrapped("", 3), [""]);
    }
}
