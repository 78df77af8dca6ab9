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
