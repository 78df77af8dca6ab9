//! How wide texts are and where they may be broken, by the rules of their script.

/// How many columns a text takes; Chinese characters take two.
pub fn columns(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

/// Breaks a text into lines by the rules of its script (UAX 14): between words, and between Chinese
/// characters but not before their closing punctuation.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let options = textwrap::Options::new(width.max(1));
    textwrap::wrap(text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
}

/// The pieces between the places where a text may be broken, each with the blanks after it.
pub fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let words = textwrap::WordSeparator::UnicodeBreakProperties.find_words(text);
    words.scan(0, |start, word| {
        let end = *start + word.word.len() + word.whitespace.len();
        let piece = text.get(*start..end);
        *start = end;
        piece
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
}
