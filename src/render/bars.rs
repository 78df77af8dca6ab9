//! Share bars.

/// One character per eighth of a column, from one to seven.
const EIGHTHS: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/// A full column.
const FULL: char = '█';

/// The bar's character where the locale is not UTF-8.
const ASCII: char = '#';

/// A bar for `count`, where the largest count `most` takes `width` columns. Every count above 0 is visible: one socket
/// among a million still gets the smallest mark.
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

/// Levels of a line, lowest first; a blank is zero.
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const ASCII_LEVELS: [char; 8] = ['_', '.', ',', '-', '=', '+', '*', '#'];

/// A line of counts that come one after the other, in `width` columns at most: the largest reaches the top, and of
/// counts that share a column the largest is shown.
pub fn line(counts: &[u64], width: usize, unicode: bool) -> String {
    let levels = if unicode { LEVELS } else { ASCII_LEVELS };
    let shared = counts.len().div_ceil(width.max(1)).max(1);
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let level = |count: u64| {
        let height = (u128::from(count) * levels.len() as u128).div_ceil(u128::from(most));
        usize::try_from(height).ok()?.checked_sub(1).and_then(|place| levels.get(place))
    };
    let columns = counts.chunks(shared).map(|counts| counts.iter().copied().max().unwrap_or(0));
    columns.map(|count| level(count).copied().unwrap_or(' ')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_shows_how_counts_rise_and_fall() {
        assert_eq!(line(&[0, 1, 2, 3, 4, 5, 6, 7, 8], 9, true), " ▁▂▃▄▅▆▇█");
        assert_eq!(line(&[0, 1, 1000, 500], 9, false), " _#-");
        assert_eq!(line(&[1, 8, 2, 2, 8], 3, true), "█▂█");
        assert_eq!(line(&[u64::MAX, 0], 2, true), "█ ");
        assert_eq!([line(&[], 5, true), line(&[0, 0], 5, true)], ["", "  "]);
    }

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
