//! Texts that are unpacked when the first of them is asked for. `build.rs` packs them.

use std::sync::OnceLock;

/// Precedes the path of each text.
const MARK: char = '\0';

/// Texts with their paths, in one piece.
pub(super) struct PackedTexts {
    bytes: &'static [u8],
    texts: OnceLock<Vec<(&'static str, &'static str)>>,
}

impl PackedTexts {
    pub(super) const fn new(bytes: &'static [u8]) -> PackedTexts {
        PackedTexts { bytes, texts: OnceLock::new() }
    }

    /// The text at a place; empty where there is none.
    pub(super) fn get(&self, place: usize) -> &'static str {
        self.texts().get(place).map_or("", |(_, text)| text)
    }

    /// The text with a path.
    pub(super) fn find(&self, path: &str) -> Option<&'static str> {
        self.texts().iter().find(|(known, _)| *known == path).map(|(_, text)| *text)
    }

    fn texts(&self) -> &[(&'static str, &'static str)] {
        self.texts.get_or_init(|| {
            // Texts that were packed at build time can be unpacked; a damaged binary has no texts.
            let bytes = miniz_oxide::inflate::decompress_to_vec(self.bytes).unwrap_or_default();
            let all: &'static str = String::from_utf8(bytes).unwrap_or_default().leak();
            all.split(MARK).filter_map(|text| text.split_once('\n')).collect()
        })
    }
}
