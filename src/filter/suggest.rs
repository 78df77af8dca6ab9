//! The nearest known word to one that is not known.

/// How alike two words must be (Jaro-Winkler, 0 to 1) for one to be offered; clap's own measure.
pub(super) const NEAR: f64 = 0.7;

/// The nearest of the candidates, if one is near.
pub fn nearest(word: &str, candidates: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    alike(word, candidates, NEAR)
}

/// The nearest of the candidates, if one is as near as asked.
pub(super) fn alike(word: &str, candidates: impl Iterator<Item = &'static str>, likeness: f64) -> Option<&'static str> {
    candidates
        .map(|candidate| (strsim::jaro_winkler(word, &candidate.to_ascii_lowercase()), candidate))
        .filter(|(found, _)| *found >= likeness)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}
