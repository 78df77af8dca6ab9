//! Share bars.

/// One character per eighth of a column, from one to seven.
const EIGHTHS: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/// A full column.
const FULL: char = '█';

/// The bar's character where the locale is not UTF-8.
const ASCII: char = '#';

/// A bar for `count` where the largest of all is `most` and takes `width` columns. Whatever is there is
/// seen: one socket among a million still gets the smallest mark.
pub fn bar(count: u64, most: u64, width: usize, unicode: bool) -> String {
    if count == 0 || most == 0 {
        return String::new();
    }
    let steps = if unicode { 8 } else { 1 };
    let all = u128::from(most);
    let length = (u128::from(count.min(most)) * (width * steps) as u128 + all / 2) / all;
    let length = usize::try_from(length).unwrap_or(0).max(1);
    if !unicode {
        return ASCII.to_string().repeat(length);
    }
    let mut bar = FULL.to_string().repeat(length / 8);
    if let Some(last) = (length % 8).checked_sub(1).and_then(|eighths| EIGHTHS.get(eighths)) {
        bar.push(*last);
    }
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_show_shares_to_an_eighth_of_a_column() {
        assert_eq!(bar(8201, 8201, 16, true), "████████████████");
        assert_eq!(bar(3904, 8201, 16, true), "███████▋");
        assert_eq!(bar(2310, 8201, 16, true), "████▌");
        assert_eq!(bar(23, 8201, 16, true), "▏");
        assert_eq!(bar(0, 8201, 16, true), "");
    }

    #[test]
    fn ascii_bars_are_whole_columns() {
        assert_eq!(bar(50, 100, 16, false), "########");
        assert_eq!(bar(1, 1_000_000, 16, false), "#");
    }

    #[test]
    fn the_largest_counts_there_can_be_do_not_overflow() {
        assert_eq!(bar(u64::MAX, u64::MAX, 4, true), "████");
    }
}
