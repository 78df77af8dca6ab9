//! Finds the paths that a file names: `use` trees written out, and paths in code.

use std::collections::BTreeMap;

use super::tokens::{Kind, Token};

/// A path with every segment, resolved as far as the file itself tells, and its line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Named {
    /// From the crate's root (`["crate", "model", "state"]`) or from another crate's (`["std", "fs"]`).
    pub(super) path: Vec<String>,
    pub(super) line: usize,
}

/// All paths of a file, whose own module is `module` (`["collect", "group"]`).
///
/// Names that a `use` brought in are written out in full wherever they begin a path.
pub(super) fn named(tokens: &[Token], module: &[String]) -> Vec<Named> {
    let mut finder =
        Finder { tokens, module: module.to_vec(), inner: Vec::new(), found: Vec::new(), imported: BTreeMap::new() };
    finder.look(true);
    finder.look(false);
    finder.found
}

struct Finder<'a> {
    tokens: &'a [Token],
    module: Vec<String>,
    /// Modules written inside the file, each with the depth of braces it began at.
    inner: Vec<(String, usize)>,
    found: Vec<Named>,
    imported: BTreeMap<String, Vec<String>>,
}

impl Finder<'_> {
    /// One pass for the `use` declarations, so that the other knows them all.
    fn look(&mut self, uses: bool) {
        let (mut place, mut depth) = (0, 0);
        self.inner.clear();
        while place < self.tokens.len() {
            let token = &self.tokens[place];
            match token.kind {
                Kind::Mark('{') => depth += 1,
                Kind::Mark('}') => {
                    depth = usize::saturating_sub(depth, 1);
                    self.inner.retain(|(_, began)| *began < depth + 1);
                }
                _ => {}
            }
            match token.word() {
                Some("mod") => {
                    let name = self.word(place + 1);
                    if let (Some(name), true) = (name, self.mark(place + 2, '{')) {
                        self.inner.push((name, depth + 1));
                    }
                    place += 1;
                }
                Some("use") => {
                    place = self.tree(place + 1, &[], uses);
                }
                Some(_) if !self.follows_a_dot_or_path(place) => {
                    let (path, end) = self.plain(place);
                    // `crate` alone is the one of `pub(crate)`.
                    if !uses && path != ["crate"] {
                        let path = self.written_out(path);
                        self.found.push(Named { path, line: token.line });
                    }
                    place = end;
                }
                _ => place += 1,
            }
        }
    }

    fn word(&self, place: usize) -> Option<String> {
        self.tokens.get(place)?.word().map(str::to_owned)
    }

    fn mark(&self, place: usize, mark: char) -> bool {
        self.tokens.get(place).is_some_and(|token| token.is(mark))
    }

    fn is_path(&self, place: usize) -> bool {
        self.tokens.get(place).is_some_and(|token| token.kind == Kind::Path)
    }

    /// Whether a word goes on with what stands before it; the `::` of `::std` goes on with nothing.
    fn follows_a_dot_or_path(&self, place: usize) -> bool {
        let Some(before) = place.checked_sub(1) else { return false };
        let goes_on = |place: usize| self.word(place).is_some() || self.mark(place, '>');
        self.mark(before, '.') || (self.is_path(before) && before.checked_sub(1).is_some_and(goes_on))
    }

    /// Reads `a::b::c` and gives the place after it.
    fn plain(&self, start: usize) -> (Vec<String>, usize) {
        let mut path: Vec<String> = self.word(start).into_iter().collect();
        let mut place = start + 1;
        while self.is_path(place) {
            let Some(word) = self.word(place + 1) else { break };
            path.push(word);
            place += 2;
        }
        (path, place)
    }

    /// Reads one branch of a `use` tree and gives the place after it.
    fn tree(&mut self, start: usize, prefix: &[String], record: bool) -> usize {
        let mut path = prefix.to_vec();
        let mut place = start + usize::from(self.is_path(start));
        let line = self.tokens.get(place).map_or(0, |token| token.line);
        loop {
            if self.mark(place, '{') {
                place += 1;
                while place < self.tokens.len() && !self.mark(place, '}') {
                    place = self.tree(place, &path, record);
                    place += usize::from(self.mark(place, ','));
                }
                return place + 1;
            }
            if self.mark(place, '*') {
                path.push("*".into());
                place += 1;
                break;
            }
            let Some(word) = self.word(place) else { return place + 1 };
            path.push(word);
            place += 1;
            if !self.is_path(place) {
                break;
            }
            place += 1;
        }
        let mut name = path.last().cloned().unwrap_or_default();
        if name == "self" && path.len() > 1 {
            path.pop();
            name = path.last().cloned().unwrap_or_default();
        }
        if self.word(place).as_deref() == Some("as") {
            name = self.word(place + 1).unwrap_or_default();
            place += 2;
        }
        if record {
            let path = self.rooted(path);
            self.imported.insert(name, path.clone());
            self.found.push(Named { path, line });
        }
        place
    }

    /// Resolves `crate`, `self` and `super` at the beginning of a path.
    fn rooted(&self, path: Vec<String>) -> Vec<String> {
        let first = path.first().map(String::as_str);
        if !matches!(first, Some("self" | "super")) {
            return path;
        }
        let mut here = self.module.clone();
        here.extend(self.inner.iter().map(|(name, _)| name.clone()));
        let climbing = path.iter().take_while(|word| matches!(word.as_str(), "self" | "super")).count();
        for word in &path[..climbing] {
            if word == "super" {
                here.pop();
            }
        }
        ["crate".to_owned()].into_iter().chain(here).chain(path[climbing..].iter().cloned()).collect()
    }

    fn written_out(&self, path: Vec<String>) -> Vec<String> {
        let imported = path.first().and_then(|first| self.imported.get(first));
        match imported {
            Some(full) => full.iter().cloned().chain(path[1..].iter().cloned()).collect(),
            None => self.rooted(path),
        }
    }
}
