//! Lines of a finding: indented, filled, cut.

use crate::text::layout::{LONGEST_PROSE, columns, wrapped};

/// A text behind a mark, its further lines indented.
pub(super) fn hanging(mark: &str, indent: usize, text: &str, width: usize) -> Vec<String> {
    let room = width.min(LONGEST_PROSE).max(indent + 10) - indent;
    let mut lines = wrapped(text, room).into_iter();
    let first = format!("{mark}{}", lines.next().unwrap_or_default()).trim_end().to_owned();
    std::iter::once(first).chain(lines.map(|line| format!("{}{line}", " ".repeat(indent)))).collect()
}

/// A text filled with blanks up to a column.
pub(super) fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

/// A line cut to a width, marked where it was.
pub(crate) fn cut(text: &str, width: usize, unicode: bool) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let mark = if unicode { "…" } else { "..." };
    let mut shown = String::new();
    for character in text.chars() {
        shown.push(character);
        if columns(&shown) + columns(mark) > width {
            shown.pop();
            break;
        }
    }
    format!("{}{mark}", shown.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_line_is_as_wide_as_it_may_be() {
        assert_eq!(cut("abcdef", 6, true), "abcdef");
        assert_eq!(cut("abcdef", 5, true), "abcd…");
        assert_eq!(cut("abcdef", 5, false), "ab...");
        assert_eq!(columns(&cut("中文字很多", 6, true)), 5);
    }
}
