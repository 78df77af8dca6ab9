//! The Markdown to read, unpacked when the first text of a language is asked for. `build.rs` packs it.

use std::sync::OnceLock;

use super::Lang;

/// Stands before the path of each file.
const MARK: char = '\u{1}';
/// No language has more text than this.
const MOST: usize = 1 << 22;

/// A Markdown file of a language, by its path in the language's folder; empty where there is none.
pub fn text(lang: Lang, path: &str) -> &'static str {
    static EN: OnceLock<String> = OnceLock::new();
    static ZH: OnceLock<String> = OnceLock::new();
    let all = match lang {
        Lang::En => EN.get_or_init(|| unpacked(include_bytes!(concat!(env!("OUT_DIR"), "/topics-en.deflate")))),
        Lang::Zh => ZH.get_or_init(|| unpacked(include_bytes!(concat!(env!("OUT_DIR"), "/topics-zh.deflate")))),
    };
    let found = all.split(MARK).find_map(|file| file.strip_prefix(path)?.strip_prefix('\n'));
    found.unwrap_or_default()
}

/// What was packed at build time can be unpacked; a damaged binary has no texts.
fn unpacked(packed: &[u8]) -> String {
    let bytes = miniz_oxide::inflate::decompress_to_vec_with_limit(packed, MOST).unwrap_or_default();
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
