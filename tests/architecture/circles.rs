//! Which files name which, and the circles in that.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{
    Source,
    paths::{Names, names},
    tokens::tokens,
};

/// A file, and what it names outside its tests.
struct File<'a> {
    name: &'a str,
    names: Names,
}

/// Of each file the files it names, with the line of the first time.
type Graph<'a> = BTreeMap<&'a str, BTreeMap<&'a str, usize>>;

fn graph(sources: &[Source]) -> Graph<'_> {
    let files: BTreeMap<Vec<String>, File<'_>> = sources.iter().map(|source| (source.module(), file(source))).collect();
    let uses = |file: &File<'_>| {
        let mut uses = BTreeMap::new();
        for named in &file.names.named {
            if let Some(used) = home(&files, &named.path).filter(|used| *used != file.name) {
                uses.entry(used).or_insert(named.line);
            }
        }
        uses
    };
    files.values().map(|file| (file.name, uses(file))).collect()
}

fn file(source: &Source) -> File<'_> {
    let tokens: Vec<_> = tokens(&source.text).into_iter().filter(|token| !token.test).collect();
    File { name: &source.name, names: names(&tokens, &source.module()) }
}

/// The file that defines what a path names: a module that only passes a name on is not its home.
fn home<'a>(files: &BTreeMap<Vec<String>, File<'a>>, path: &[String]) -> Option<&'a str> {
    let mut path = path.strip_prefix(&["crate".to_owned()])?.to_vec();
    // Names that are passed on in a circle have no home.
    for _ in 0..8 {
        let length = (0..=path.len()).rev().find(|length| files.contains_key(&path[..*length]))?;
        let file = &files[&path[..length]];
        let Some(next) = path.get(length) else { return Some(file.name) };
        match file.names.imported.get(next) {
            Some(full) => path = [full.strip_prefix(&["crate".to_owned()])?, &path[length + 1..]].concat(),
            // A module that lies in another folder (`#[path]`) is not one of these files.
            None if file.names.children.contains_key(next) => return None,
            None => return Some(file.name),
        }
    }
    None
}

/// The shortest way from a file back to itself, each step with the line that takes it.
fn shortest<'a>(graph: &Graph<'a>, start: &'a str) -> Option<Vec<String>> {
    let mut ways = VecDeque::from([(start, Vec::new())]);
    let mut seen = BTreeSet::new();
    while let Some((file, way)) = ways.pop_front() {
        for (used, line) in &graph[file] {
            let way = [way.as_slice(), &[format!("{file}:{line} names {used}")]].concat();
            if *used == start {
                return Some(way);
            }
            if seen.insert(*used) {
                ways.push_back((used, way));
            }
        }
    }
    None
}

/// The files that are in a circle, each with the shortest one; a circle is given once.
pub(super) fn circles(sources: &[Source]) -> BTreeMap<String, String> {
    let graph = graph(sources);
    let mut given = BTreeSet::new();
    let mut circles = BTreeMap::new();
    for file in graph.keys() {
        let Some(way) = shortest(&graph, file) else { continue };
        if given.insert(BTreeSet::from_iter(way.clone())) {
            circles.insert((*file).to_owned(), way.join("\n  "));
        }
    }
    circles
}
