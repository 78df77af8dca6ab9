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
    names(tokens, module).named
}

/// Full paths by the names they have in a file.
pub(super) type Known = BTreeMap<String, Vec<String>>;

/// The names in a file.
pub(super) struct Names {
    /// All its paths.
    pub(super) named: Vec<Named>,
    /// Names from a `use`.
    pub(super) imported: Known,
    /// The modules that it declares and that have their own files.
    pub(super) children: Known,
}

/// All that a file names; see [`named`].
pub(super) fn names(tokens: &[Token], module: &[String]) -> Names {
    let mut finder = Finder {
        tokens,
        module: module.to_vec(),
        inner: Vec::new(),
        found: Vec::new(),
        imported: BTreeMap::new(),
        children: BTreeMap::new(),
    };
    finder.look(true);
    finder.look(false);
    Names { named: finder.found, imported: finder.imported, children: finder.children }
}

struct Finder<'a> {
    tokens: &'a [Token],
    module: Vec<String>,
    /// Modules written inside the file, each with the depth of braces it began at.
    inner: Vec<(String, usize)>,
    found: Vec<Named>,
    imported: Known,
    children: Known,
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
                    if let (Some(name), true) = (&name, self.mark(place + 2, '{')) {
                        self.inner.push((name.clone(), depth + 1));
                    } else if let Some(name) = name {
                        let path = self.rooted(vec!["self".to_owned(), name.clone()]);
                        self.children.insert(name, path);
                    }
                    place += 1;
                }
                Some("use") => {
                    place = self.tree(place + 1, &[], uses);
                }
                Some(_) if !self.follows_a_dot_or_path(place) => {
                    let (path, end) = self.plain(place);
                    if !uses && !self.is_visibility(place, &path) {
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

    /// Whether a word continues the path before it; the `::` of `::std` continues nothing.
    fn follows_a_dot_or_path(&self, place: usize) -> bool {
        let Some(before) = place.checked_sub(1) else { return false };
        let goes_on = |place: usize| self.word(place).is_some() || self.mark(place, '>');
        self.mark(before, '.') || (self.is_path(before) && before.checked_sub(1).is_some_and(goes_on))
    }

    /// Whether it only says who may see an item: `pub(super)`, `pub(in crate::collect)`.
    fn is_visibility(&self, place: usize, path: &[String]) -> bool {
        let is_within = place.checked_sub(1).is_some_and(|before| self.word(before).as_deref() == Some("in"));
        let of_pub =
            |place: usize| place.checked_sub(2).is_some_and(|before| self.word(before).as_deref() == Some("pub"));
        matches!(path, [only] if ["crate", "super", "self"].contains(&only.as_str()))
            || (is_within && of_pub(place - 1))
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
            let path = self.written_out(path);
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
        let first = path.first().filter(|first| !matches!(first.as_str(), "self" | "super"));
        // A word by itself is rather a variable than a module.
        let child = first.filter(|_| path.len() > 1).and_then(|first| self.children.get(first));
        let imported = first.and_then(|first| self.imported.get(first)).or(child);
        match imported {
            Some(full) => full.iter().cloned().chain(path[1..].iter().cloned()).collect(),
            None => self.rooted(path),
        }
    }
}
