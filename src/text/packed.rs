//! The Markdown to read, unpacked when the first text of a language is asked for. `build.rs` packs it.

use std::sync::OnceLock;

use super::Lang;

/// Stands before the path of each file.
const MARK: char = '\u{1}';

/// A Markdown file of a language, by its path in the language's folder; empty where there is none.
pub fn text(lang: Lang, path: &str) -> &'static str {
    static UNPACKED: [OnceLock<String>; Lang::ALL.len()] = [const { OnceLock::new() }; Lang::ALL.len()];
    let all = UNPACKED.get(lang as usize).map_or("", |all| all.get_or_init(|| unpacked(lang.texts().topics)));
    let found = all.split(MARK).find_map(|file| file.strip_prefix(path)?.strip_prefix('\n'));
    found.unwrap_or_default()
}

/// What was packed at build time can be unpacked; a damaged binary has no texts.
fn unpacked(packed: &[u8]) -> String {
    let bytes = miniz_oxide::inflate::decompress_to_vec(packed).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_is_what_is_read() {
        for (_, lang) in Lang::ALL {
            assert!(text(lang, "topics/time-wait.md").starts_with("# TIME_WAIT\n"));
            assert!(!text(lang, "topics/time-wait.md").contains(MARK));
            assert_eq!(text(lang, "topics/time-wait"), "");
        }
    }
}
