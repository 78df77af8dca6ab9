//! How Chinese is set: full-width punctuation, half-width digits, a blank between Han and Latin characters.

/// Represents a placeholder of a message; it counts as Latin, since its values are names and numbers.
pub(super) const PLACEABLE: char = '\u{fffc}';

/// Punctuation that Chinese writes full-width next to a Han character.
const HALF_WIDTH: &str = ",;:()!?";

/// Full-width punctuation; it has its own room and takes no blank beside it.
const FULL_WIDTH: &str = "，。；：！？、（）《》“”‘’…";

pub(super) fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

/// Letters, digits and the signs that names and numbers hold; brackets are set by their own rule.
fn is_latin(character: char) -> bool {
    character == PLACEABLE
        || (character.is_ascii_graphic() && !"[]\"'.".contains(character) && !is_half_width(character))
}

fn is_half_width(character: char) -> bool {
    HALF_WIDTH.contains(character)
}

/// Full-width forms of ASCII letters and digits.
fn is_wide_latin(character: char) -> bool {
    matches!(character, '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}')
}

/// Typographic faults of a Chinese text, each with its neighbourhood.
pub(super) fn faults(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let near = |place: usize| -> String {
        characters[place.saturating_sub(6)..(place + 8).min(characters.len())].iter().collect()
    };
    let mut found = Vec::new();
    for (place, pair) in characters.windows(2).enumerate() {
        let &[first, second] = pair else { continue };
        let touches = |is: fn(char) -> bool| (is_han(first) && is(second)) || (is(first) && is_han(second));
        if touches(is_half_width) || (is_han(first) && second == '.') {
            found.push(format!("half-width punctuation beside Chinese: {:?}", near(place)));
        }
        if touches(is_latin) {
            found.push(format!("no blank between Chinese and Latin: {:?}", near(place)));
        }
        let blank_at_full_width =
            (FULL_WIDTH.contains(first) && second == ' ' && !ends_a_list_mark(&characters, place))
                || (first == ' ' && FULL_WIDTH.contains(second));
        if blank_at_full_width {
            found.push(format!("a blank beside full-width punctuation: {:?}", near(place)));
        }
        if is_han(first) && second == ' ' && characters.get(place + 2).is_some_and(|&third| is_han(third)) {
            found.push(format!("a blank within Chinese: {:?}", near(place)));
        }
    }
    for (place, _) in characters.iter().enumerate().filter(|(_, character)| is_wide_latin(**character)) {
        found.push(format!("full-width letter or digit: {:?}", near(place)));
    }
    found
}

/// A closing mark before an opening square bracket keeps its blank: the bracket is a note set apart.
fn ends_a_list_mark(characters: &[char], place: usize) -> bool {
    characters.get(place + 2) == Some(&'[')
}

#[test]
fn badly_set_chinese_is_found() {
    for (text, part) in [
        ("内核,程序", "half-width"),
        ("内核, TCP", "half-width"),
        ("内核:", "half-width"),
        ("(内核)", "half-width"),
        ("完成.", "half-width"),
        ("什么?", "half-width"),
        ("TCP套接字", "no blank"),
        ("每个60 秒", "no blank"),
        ("有\u{fffc}个", "no blank"),
        ("使用-4", "no blank"),
        ("内核， 程序", "a blank beside"),
        ("内核 （程序）", "a blank beside"),
        ("内 核", "a blank within"),
        ("６０ 秒", "full-width"),
    ] {
        let found = faults(text);
        assert!(found.iter().any(|fault| fault.contains(part)), "{text}: {found:?}");
    }
}

#[test]
fn well_set_chinese_passes() {
    for text in [
        "内核：每个 60 秒内自动消失",
        "本机的程序：该调用 close() 了",
        "看不懂“\u{fffc}”，用法见“\u{fffc} --help”",
        "用空格或逗号隔开 [默认：table]",
        "有 \u{fffc} 个（\u{fffc}）",
        "peer/24,64 分别给出前缀长度",
    ] {
        let found = faults(text);
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}
