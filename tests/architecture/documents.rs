//! The paths that documents name exist, and so do the names that they place in a file.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Documents at the root.
const AT_ROOT: [&str; 4] = ["CONTRIBUTING.md", "README.md", "README.zh-CN.md", "llms.txt"];

/// Folders whose documents are read, too.
const FOLDERS: [&str; 4] = ["benches", "docs", "pkg", "tests"];

/// Folders without documents of ours.
const LEFT_OUT: [&str; 4] = ["artifacts", "corpus", "fixtures", "target"];

/// The folders of the root whose files documents name.
const TREE: [&str; 9] = [".ci", "benches", "completions", "docs", "man", "pkg", "schema", "src", "tests"];

/// What follows a name and comes before the file that has it.
const IN: &str = "` in `";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All documents, by their paths below the root.
fn documents() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = AT_ROOT.iter().map(PathBuf::from).collect();
    FOLDERS.iter().for_each(|folder| gather(Path::new(folder), &mut found));
    found
}

fn gather(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = folder.join(entry.file_name());
        match entry.file_type().unwrap() {
            kind if kind.is_dir() && LEFT_OUT.iter().any(|name| entry.file_name() == *name) => {}
            kind if kind.is_dir() => gather(&path, found),
            _ if path.extension().is_some_and(|extension| extension == "md") => found.push(path),
            _ => {}
        }
    }
}

/// The files and folders that a path names: `<rule>` and `*` stand for any part of a name.
fn named(path: &str) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    for part in path.trim_end_matches('/').split('/') {
        found = found.iter().flat_map(|folder| within(folder, part)).collect();
    }
    found
}

fn within(folder: &Path, part: &str) -> Vec<PathBuf> {
    let pieces = pieces(part);
    if pieces.len() == 1 {
        return Some(folder.join(part)).filter(|path| root().join(path).exists()).into_iter().collect();
    }
    let names = fs::read_dir(root().join(folder)).into_iter().flatten().map(|entry| entry.unwrap().file_name());
    let matches = |name: &str| match (pieces.first(), pieces.last()) {
        (Some(first), Some(last)) => {
            name.len() >= first.len() + last.len() && name.starts_with(first) && name.ends_with(last)
        }
        _ => false,
    };
    names.filter(|name| name.to_str().is_some_and(matches)).map(|name| folder.join(name)).collect()
}

/// What is fixed of a name: two pieces around the first `*` or `<...>` and the last.
fn pieces(part: &str) -> Vec<&str> {
    let first = part.find(['*', '<']);
    let last = part.rfind(['*', '>']);
    match (first, last) {
        (Some(first), Some(last)) => vec![&part[..first], &part[last + 1..]],
        _ => vec![part],
    }
}

/// The words of code in a text.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2)).flat_map(str::split_whitespace)
}

/// Whether a word names something of this tree.
fn is_of_tree(word: &str) -> bool {
    word.split_once('/').is_some_and(|(folder, _)| TREE.contains(&folder))
}

/// The targets of links to files.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    targets.map(|target| target.split('#').next().unwrap_or_default()).filter(|target| {
        !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:") && !target.contains(' ')
    })
}

/// The pairs of a name and the file that has it: `COLUMNS` in `src/render/list/columns.rs`.
fn placed(text: &str) -> Vec<(&str, &str)> {
    let places = text.match_indices(IN);
    let pair = |at: usize| {
        let name = text[..at].rsplit('`').next()?;
        let path = text[at + IN.len()..].split('`').next()?;
        is_of_tree(path).then_some((name, path))
    };
    places.filter_map(|(at, _)| pair(at)).collect()
}

/// Whether a file has a name, as a word.
fn has(path: &Path, name: &str) -> bool {
    let Ok(text) = fs::read_to_string(root().join(path)) else { return false };
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name)
        .any(|(at, _)| !text[..at].ends_with(is_part) && !text[at + name.len()..].starts_with(is_part))
}

#[test]
fn every_path_in_a_document_exists() {
    let mut faults = Vec::new();
    let mut checked = 0;
    for document in documents() {
        let text = fs::read_to_string(root().join(&document)).unwrap();
        for word in code(&text).map(|word| word.trim_end_matches([',', ';', ':', '.'])).filter(|word| is_of_tree(word))
        {
            checked += 1;
            if named(word).is_empty() {
                faults.push(format!("{}: {word}", document.display()));
            }
        }
        for link in links(&text) {
            checked += 1;
            let folder = document.parent().unwrap_or(Path::new(""));
            if !root().join(folder).join(link).exists() {
                faults.push(format!("{}: link to {link}", document.display()));
            }
        }
    }
    assert!(faults.is_empty(), "no such path:\n{}", faults.join("\n"));
    assert!(checked > 100, "only {checked} paths were found");
}

#[test]
fn every_name_in_a_document_is_in_its_file() {
    let mut faults = Vec::new();
    let mut checked = 0;
    for document in documents() {
        let text = fs::read_to_string(root().join(&document)).unwrap();
        for (name, path) in placed(&text) {
            checked += 1;
            let files = named(path);
            if !files.iter().any(|file| has(file, name)) {
                faults.push(format!("{}: {name} in {path}", document.display()));
            }
        }
    }
    assert!(faults.is_empty(), "not there:\n{}", faults.join("\n"));
    assert!(checked > 8, "only {checked} names were found");
}

#[test]
fn a_placeholder_stands_for_a_part_of_a_name() {
    assert!(named("src/rules/<rule>.rs").contains(&PathBuf::from("src/rules/mod.rs")));
    assert!(named("src/text/*/topics/<topic>.md").len() > 20);
    assert!(named("src/collect/tables.rs").is_empty() && named("src/<none>.zig").is_empty());
    assert!(
        is_of_tree("src/x")
            && !is_of_tree("/proc/net")
            && !is_of_tree("../src/x")
            && !is_of_tree("10.0.0.0/8")
            && is_of_tree(".ci/run")
    );
    assert!(has(Path::new("src/app/commands.rs"), "COMMANDS") && !has(Path::new("src/archive/format.rs"), "Kind"));
}
