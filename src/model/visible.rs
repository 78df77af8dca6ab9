//! Characters that display as themselves.

/// Letters, marks and symbols that take a column and do not affect their neighbours.
pub fn is_visible(character: char) -> bool {
    let number = u32::from(character);
    // Fillers look empty though they take columns; marks of annotations and noncharacters look arbitrary in each font.
    let is_filler = matches!(number, 0x115f | 0x1160 | 0x3164 | 0xffa0 | 0xfff9..=0xfffb | 0xfdd0..=0xfdef);
    let is_no_character = number & 0xfffe == 0xfffe;
    !character.is_control()
        && !character.is_whitespace()
        && !is_filler
        && !is_no_character
        && unicode_width::UnicodeWidthChar::width(character).is_some_and(|width| width > 0)
}
