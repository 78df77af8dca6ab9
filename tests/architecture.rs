//! The layers of `src/`: the allowed uses between them, and privileges of single layers.
//!
//! The checks read the source as text and know only what a file itself says: a path behind a macro or a re-export of
//! another module is not followed.

#![allow(
    clippy::unwrap_used,
    reason = "test code; clippy knows it by #[test], which the functions that tests share do not have"
)]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

#[path = "architecture/circles.rs"]
mod circles;
#[path = "architecture/documents.rs"]
mod documents;
#[path = "architecture/paths.rs"]
mod paths;
#[path = "architecture/tokens.rs"]
mod tokens;
#[path = "architecture/types.rs"]
mod types;

use tokens::{Kind, Token, tokens};

/// Each module with what it may use, lowest first; modules that are yet to come are checked from their first day.
const LAYERS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("text", &["model"]),
    ("system", &[]),
    ("source", &["system", "model"]),
    ("filter", &["text", "model"]),
    ("wire", &["source", "model"]),
    ("archive", &["source", "system", "model"]),
    ("collect", &["wire", "source", "system", "filter", "model"]),
    ("destroy", &["collect", "wire", "source", "model"]),
    ("rules", &["text", "model"]),
    ("report", &["rules", "filter", "text", "model"]),
    ("diff", &["report", "model"]),
    ("book", &["rules", "text", "model"]),
    ("draw", &["text", "model"]),
    ("render", &["report", "diff", "book", "draw", "text", "model"]),
    ("serve", &["render", "system"]),
    ("cli", &["render", "book", "report", "rules", "filter", "text", "model"]),
    (
        "live",
        &[
            "model", "text", "system", "source", "filter", "wire", "archive", "collect", "rules", "report", "diff",
            "book", "draw", "render",
        ],
    ),
    ("app", ALL),
    ("lib", ALL),
    ("main", ALL),
];

/// The modules that wire the others together may use every layer.
const ALL: &[&str] = &[
    "model", "text", "system", "source", "filter", "wire", "archive", "collect", "destroy", "rules", "report", "diff",
    "book", "draw", "render", "serve", "cli", "live", "app",
];

/// Paths that only these modules may name.
const RESERVED: &[(&str, &[&str])] = &[
    ("std::fs", &["source", "system"]),
    ("std::net::TcpStream", &["source", "serve"]),
    ("std::net::TcpListener", &["source", "serve"]),
    ("std::net::UdpSocket", &["source"]),
    ("std::os::unix::net", &["system", "serve", "app"]),
    ("std::process::Command", &["system"]),
    ("netlink_sys", &["source"]),
    ("rustix::fs", &["source", "system"]),
    ("rustix::net", &["source", "destroy"]),
    ("crate::wire::destroy", &["destroy", "wire"]),
    ("netlink_packet_core", &["wire"]),
    ("netlink_packet_sock_diag", &["wire"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
];

/// Names that `source` may not use, since it only reads.
const WRITES: &[&str] = &["std::fs::OpenOptions", "std::fs::write", "std::fs::rename", "std::fs::remove_file"];

/// Paths that no module may name.
const FORBIDDEN: &[&str] = &["std::process::exit", "std::process::abort", "rustix::runtime::exit_group", "libc::exit"];

/// Macros that write past the renderer.
const PRINTING: &[&str] = &["print", "println", "eprint", "eprintln", "dbg"];

/// Methods by which a path reaches the file system without `std::fs` being named.
const FILE_METHODS: &[&str] = &["read_dir", "read_link", "canonicalize", "symlink_metadata", "try_exists"];

/// Files have one main idea; only lists may be longer.
const LONGEST_FILE: usize = 400;

/// Lists, which grow by a line a thing.
const LONG_FILES: &[&str] = &["text/messages.rs"];

/// A literal of at least this many lower-case words is a sentence.
const SENTENCE: usize = 4;

/// Sentences outside `src/text`: `source` and `wire` have no catalogue, and their errors are about bytes between kernel
/// and program, not about sockets. They follow the catalogue's own sentence, as the system's words for an error number
/// do.
const SENTENCES: &[(&str, &str)] = &[
    ("source/dump.rs", "no netlink message at byte {at}"),
    ("source/kernel.rs", "a datagram of {length} bytes did not fit"),
    ("source/kernel.rs", "no answer in 30 s"),
    ("source/packed.rs", "a datagram did not fit"),
    ("wire/dump.rs", "a datagram was cut short"),
    ("wire/dump.rs", "a length beyond the buffer"),
    ("wire/dump.rs", "a message longer than its datagram"),
    // A command line with many small words.
    (
        "rules/file_table_near_limit.rs",
        r#"for p in /proc/[0-9]*; do echo \"$(ls $p/fd 2>/dev/null | wc -l) $(cat $p/comm)\"; done | sort -rn | head"#,
    ),
    ("wire/dump.rs", "the answer ends without its last message"),
    ("wire/mod.rs", "sock_diag: the table changed under every try"),
];

/// One file under `src/`.
struct Source {
    /// Relative to `src/`, with `/`.
    name: String,
    text: String,
}

impl Source {
    /// The layer it belongs to: `collect` for `collect/group.rs`, `app` for `app.rs`.
    fn layer(&self) -> &str {
        self.name.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    /// Whether it is the `#[cfg(test)] mod tests;` of its folder, or `fill_tests` and the like.
    fn is_test(&self) -> bool {
        self.name.ends_with("/tests.rs") || self.name.ends_with("_tests.rs")
    }

    /// Its module from the root; empty for `lib.rs` and `main.rs`.
    fn module(&self) -> Vec<String> {
        let path = self.name.trim_end_matches(".rs");
        let path = path.strip_suffix("/mod").unwrap_or(path);
        match path {
            "lib" | "main" => Vec::new(),
            path => path.split('/').map(str::to_owned).collect(),
        }
    }
}

fn sources() -> Vec<Source> {
    let found = sources_of("src");
    assert!(found.len() > 20, "only {} files under src/", found.len());
    found
}

/// The files below a folder of the repository, by name.
fn sources_of(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found = Vec::new();
    gather(&root, &root, &mut found);
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn gather(root: &Path, folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        if path.is_dir() {
            gather(root, &path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            found.push(Source { name, text: fs::read_to_string(&path).unwrap() });
        }
    }
}

/// Forbidden paths in a file.
fn wrong_paths(source: &Source) -> Vec<String> {
    let layer = source.layer();
    let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == layer) else {
        return vec![format!("{}: the module `{layer}` is not in the table of layers", source.name)];
    };
    let mut wrong = Vec::new();
    for named in paths::named(&tokens(&source.text), &source.module()) {
        let path = named.path.join("::");
        let at = format!("{}:{}", source.name, named.line);
        if let [first, rest @ ..] = named.path.as_slice()
            && first == "crate"
        {
            match rest.first().map(String::as_str) {
                None => wrong.push(format!("{at}: the crate as a whole is taken, which hides what is used")),
                Some(used) if used == layer || allowed.contains(&used) => {}
                Some(used) => wrong.push(format!("{at}: `{layer}` may not use `{used}` ({path})")),
            }
        }
        let begins = |with: &str| path == with || path.starts_with(&format!("{with}::"));
        for (reserved, owners) in RESERVED {
            if begins(reserved) && !owners.contains(&layer) {
                wrong.push(format!("{at}: only `{}` may name `{reserved}` ({path})", owners.join("`, `")));
            }
        }
        if layer == "source" && WRITES.iter().any(|write| begins(write)) {
            wrong.push(format!("{at}: `source` only reads ({path})"));
        }
        if FORBIDDEN.iter().any(|forbidden| begins(forbidden)) {
            wrong.push(format!("{at}: `{path}` ends the process behind everyone's back"));
        }
    }
    wrong
}

/// Printing macros, and methods that reach the file system by a path.
fn wrong_calls(source: &Source) -> Vec<String> {
    let tokens = tokens(&source.text);
    let mut wrong = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        let Some(word) = token.word() else { continue };
        let next = |mark| tokens.get(place + 1).is_some_and(|token: &Token| token.is(mark));
        let follows_dot = place.checked_sub(1).is_some_and(|before| tokens[before].is('.'));
        if PRINTING.contains(&word) && next('!') {
            wrong.push(format!("{}:{}: `{word}!` writes past the renderer", source.name, token.line));
        }
        if FILE_METHODS.contains(&word) && follows_dot && next('(') && !matches!(source.layer(), "source" | "system") {
            wrong.push(format!("{}:{}: only `source` and `system` may call `{word}`", source.name, token.line));
        }
    }
    wrong
}

/// The shape of a file: its first line and its length.
fn wrong_shape(source: &Source) -> Vec<String> {
    let mut wrong = Vec::new();
    if !source.text.starts_with("//!") {
        wrong.push(format!("{}: does not begin with `//!`", source.name));
    }
    let lines = source.text.lines().count();
    if lines > LONGEST_FILE && !LONG_FILES.contains(&source.name.as_str()) {
        wrong.push(format!("{}: {lines} lines, and it is no list", source.name));
    }
    wrong
}

/// Literals that hold a sentence, with their lines.
fn sentences(source: &Source) -> Vec<(String, usize)> {
    if source.layer() == "text" || source.is_test() {
        return Vec::new();
    }
    let literals = tokens(&source.text).into_iter().filter(|token| !token.test && !token.attribute);
    literals
        .filter_map(|token| match token.kind {
            Kind::Text(text) if is_prose(&text) => Some((text, token.line)),
            _ => None,
        })
        .collect()
}

/// Whether a literal is for people to read. A command line is not, though its words are lower-case.
fn is_prose(text: &str) -> bool {
    if text.chars().any(is_han) {
        return true;
    }
    let is_word = |word: &&str| {
        let word = word.trim_end_matches([',', '.', ';', ':', '!', '?']).trim_matches(['"', '(', ')', '\\']);
        !word.is_empty() && word.chars().all(|character| character.is_ascii_lowercase() || character == '\'')
    };
    !text.starts_with("sockdoc ") && text.split_whitespace().filter(is_word).count() >= SENTENCE
}

fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

/// Sentences that are neither in the list nor in `src/text`.
fn wrong_sentences(source: &Source) -> Vec<String> {
    let known = |text: &str| SENTENCES.iter().any(|(file, known)| *file == source.name && *known == text);
    let unknown = sentences(source).into_iter().filter(|(text, _)| !known(text));
    unknown.map(|(text, line)| format!("{}:{line}: words for people outside src/text: {text:?}", source.name)).collect()
}

fn assert_none(check: fn(&Source) -> Vec<String>) {
    let wrong: Vec<String> = sources().iter().flat_map(check).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_module_uses_only_what_the_table_allows() {
    assert_none(wrong_paths);
}

#[test]
fn nothing_prints_or_opens_files_past_its_layer() {
    assert_none(wrong_calls);
}

#[test]
fn every_file_begins_with_its_purpose_and_has_one_idea() {
    assert_none(wrong_shape);
}

#[test]
fn no_sentence_stands_outside_the_catalogue() {
    assert_none(wrong_sentences);
}

#[test]
fn every_listed_exception_is_still_needed() {
    let sources = sources();
    for (file, text) in SENTENCES {
        let found = sources.iter().find(|source| source.name == *file);
        let there = found.is_some_and(|source| sentences(source).iter().any(|(literal, _)| literal == text));
        assert!(there, "{file} no longer says {text:?}");
    }
    for file in LONG_FILES {
        assert!(sources.iter().any(|source| source.name == *file), "{file} is gone");
    }
}

#[test]
fn no_files_name_each_other_in_a_circle() {
    let circles = ["src", "benches/states"].map(|folder| circles::circles(&sources_of(folder)));
    let wrong: Vec<String> = circles.into_iter().flat_map(BTreeMap::into_values).collect();
    assert!(wrong.is_empty(), "\n  {}", wrong.join("\n\n  "));
}

/// The names of types that are defined more than once, each with where.
fn homonyms(sources: &[Source]) -> BTreeMap<String, Vec<String>> {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for source in sources.iter().filter(|source| !source.is_test()) {
        for (name, line) in types::defined(source) {
            places.entry(name).or_default().push(format!("{}:{line}", source.name));
        }
    }
    places.retain(|_, places| places.len() > 1);
    places
}

#[test]
fn a_type_has_one_name_and_a_name_one_type() {
    let wrong = homonyms(&sources());
    let lines: Vec<String> = wrong.iter().map(|(name, places)| format!("{name}: {}", places.join(", "))).collect();
    assert!(wrong.is_empty(), "\n{}", lines.join("\n"));
}

#[test]
fn the_table_only_points_downwards() {
    for (place, (name, allowed)) in LAYERS.iter().enumerate() {
        for used in *allowed {
            let below = LAYERS[..place].iter().any(|(lower, _)| lower == used);
            assert!(below || matches!(*name, "app" | "lib" | "main"), "{name} points up or sideways to {used}");
        }
    }
}

/// The checks themselves, on small made-up files.
mod checks {
    use super::*;

    fn made(name: &str, text: &str) -> Source {
        Source { name: name.into(), text: text.into() }
    }

    fn assert_refused(check: fn(&Source) -> Vec<String>, name: &str, text: &str, part: &str) {
        let wrong = check(&made(name, text));
        assert!(wrong.iter().any(|line| line.contains(part)), "{text:?} passed: {wrong:?}");
    }

    fn assert_passes(check: fn(&Source) -> Vec<String>, name: &str, text: &str) {
        let wrong = check(&made(name, text));
        assert!(wrong.is_empty(), "{text:?}: {wrong:?}");
    }

    #[test]
    fn a_use_of_a_higher_layer_is_refused_however_it_is_written() {
        for text in [
            "use crate::render::json;",
            "use crate::{model::state, render::json};",
            "use crate::{\n    model::{state, gap},\n    render::{json::{self, time}},\n};",
            "pub use crate::render as output;",
            "fn f() { crate::render::json::time(); }",
            "fn f() -> Vec<crate::render::screen::Screen> { Vec::new() }",
            "use super::super::render::json;",
            "use super::{self, super::render::json};",
            "fn f() { super::super::render::json::time(); }",
            "mod inner { use super::super::super::render; }",
            "mod inner { fn f() {} } use super::super::render;",
            "#[cfg(test)] mod tests { use crate::render::json; }",
        ] {
            assert_refused(wrong_paths, "collect/group.rs", text, "may not use `render`");
        }
        assert_refused(wrong_paths, "collect/mod.rs", "use super::render::json;", "may not use `render`");
        assert_refused(wrong_paths, "model/state.rs", "use crate::text::Lang;", "`model` may not use `text`");
        assert_refused(wrong_paths, "rules/backlog.rs", "use crate::source::Source;", "may not use `source`");
        assert_refused(wrong_paths, "live.rs", "use crate::cli::Options;", "may not use `cli`");
        assert_refused(wrong_paths, "report/mod.rs", "use crate::*;", "may not use `*`");
        assert_refused(wrong_paths, "report/mod.rs", "use crate as all;", "as a whole");
    }

    #[test]
    fn a_use_of_a_lower_layer_passes() {
        for text in [
            "use crate::{model::{state::State, gap}, wire, source::Source};",
            "use super::{known::Known, walk::{self, Walked}};",
            "mod tests { use super::*; use super::super::walk; }",
            "fn f() { crate::model::group::network(); super::walk::inet(); self::f(); }",
            "// use crate::render::json;\nconst A: &str = \"use crate::render\";",
            "/* crate::render /* nested */ crate::cli */ fn f<'a>(_: &'a str) -> char { '\\'' }",
            "const A: &str = r#\"crate::render \"quoted\" \"#; const B: char = '\"'; const C: u8 = b'\\'';",
        ] {
            assert_passes(wrong_paths, "collect/group.rs", text);
        }
        assert_passes(wrong_paths, "app.rs", "use crate::{cli, live, collect};");
        assert_passes(wrong_paths, "main.rs", "fn main() { sockdoc::run() }");
    }

    #[test]
    fn a_module_without_a_row_is_refused() {
        assert_refused(wrong_paths, "utils.rs", "", "`utils` is not in the table");
        assert_refused(wrong_paths, "helpers/mod.rs", "", "`helpers` is not in the table");
    }

    #[test]
    fn what_one_module_owns_is_refused_elsewhere() {
        for text in [
            "use std::fs;",
            "use std::{fs::File, io};",
            "use std::{io, fs as files};",
            "fn f() { std::fs::read(\"/proc/stat\"); }",
            "fn f() { ::std::fs::read(\"/proc/stat\"); }",
            "use std::net; fn f() { net::TcpStream::connect(1); }",
            "use netlink_sys::Socket;",
        ] {
            assert_refused(wrong_paths, "collect/users.rs", text, "only `source`");
            assert_passes(wrong_paths, "source/kernel.rs", text);
        }
        let command = "use std::process; fn f() { process::Command::new(\"ss\"); }";
        assert_refused(wrong_paths, "source/kernel.rs", command, "only `system` may name");
        assert_passes(wrong_paths, "system/pager.rs", command);
        for text in ["use std::fs::OpenOptions;", "use std::fs; fn f() { fs::write(\"a\", \"b\"); }"] {
            assert_refused(wrong_paths, "source/kernel.rs", text, "only reads");
            assert_passes(wrong_paths, "system/atomic_file.rs", text);
        }
        assert_passes(wrong_paths, "collect/users.rs", "use std::net::{IpAddr, Ipv4Addr}; use std::process::ExitCode;");
        let flags = "use netlink_packet_sock_diag::inet::ExtensionFlags;";
        assert_refused(wrong_paths, "collect/count.rs", flags, "only `wire` may name");
        assert_passes(wrong_paths, "wire/request.rs", flags);
        for text in ["use clap::Command;", "fn f() -> clap_complete::Shell {}", "use clap_mangen::Man;"] {
            assert_refused(wrong_paths, "app.rs", text, "only `cli` may name");
            assert_passes(wrong_paths, "cli/help.rs", text);
        }
        let listing = "fn f(path: &std::path::Path) { path.read_dir(); }";
        assert_refused(wrong_calls, "collect/users.rs", listing, "may call `read_dir`");
        assert_passes(wrong_calls, "source/kernel.rs", listing);
    }

    fn circles_of(files: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<Source> = files.iter().map(|(name, text)| made(name, text)).collect();
        circles::circles(&sources).into_values().collect()
    }

    #[test]
    fn a_circle_of_files_is_found_however_it_is_written() {
        for (first, second) in [
            ("use super::b::B;", "fn f() { crate::a::f(); }"),
            ("use crate::b;\nfn f() { b::f(); }", "use super::a::{self, A};"),
            ("use crate::face::B;", "use crate::a;"),
            ("fn f(b: super::face::B) {}", "pub(super) fn f() -> crate::a::A {}"),
        ] {
            let face = ("face.rs", "pub use crate::b::B;");
            let found = circles_of(&[("a.rs", first), ("b.rs", second), face]);
            assert_eq!(found.len(), 1, "{first} {second}: {found:?}");
            assert!(found[0].starts_with("a.rs:") && found[0].contains("names b.rs"), "{found:?}");
        }
        let face = circles_of(&[("a.rs", "mod b;\nstruct A;\nfn f() { b::f(); }"), ("a/b.rs", "use super::A;")]);
        assert_eq!(face, ["a.rs:3 names a/b.rs\n  a/b.rs:1 names a.rs"]);
        let long = [("a.rs", "use crate::b;"), ("b.rs", "use crate::c;"), ("c.rs", "use crate::{a, b};")];
        assert_eq!(circles_of(&long).len(), 2);
    }

    #[test]
    fn files_that_only_pass_names_on_are_in_no_circle() {
        let face =
            ("a.rs", "mod b;\nmod c;\npub use b::B;\n#[cfg(test)]\nmod tests { use super::*; fn f() { b::f(); } }");
        let child =
            ("a/c.rs", "use super::B;\npub(super) struct C;\npub(in crate::a) struct D;\nfn f() { self::g(); }");
        let variable = ("a/b.rs", "pub struct B;\nfn f(c: u8) { c.count_ones(); }");
        assert_eq!(circles_of(&[face, child, variable]), Vec::<String>::new());
        let tests = ("a/b.rs", "pub struct B;\n#[cfg(test)]\nmod tests { use crate::a::c::C; }");
        assert_eq!(circles_of(&[face, ("a/c.rs", "use super::b::B;"), tests]), Vec::<String>::new());
    }

    #[test]
    fn a_name_of_two_types_is_found() {
        let other = made("wire/b.rs", "pub(crate) enum Held { A }\nimpl Iterator for B { type Item = u8; }");
        for text in ["struct Held;", "pub trait Held {}", "fn f() -> impl Fn() {}\npub(super) type Held<'a> = &'a u8;"]
        {
            let found = homonyms(&[made("source/a.rs", text), made("wire/b.rs", &other.text)]);
            assert_eq!(found.keys().collect::<Vec<_>>(), ["Held"], "{text}");
        }
        for text in
            ["#[cfg(test)] struct Held;", "trait A { type Item; }", "// struct Held;", "use crate::wire::b::Held;"]
        {
            assert!(homonyms(&[made("source/a.rs", text), made("wire/b.rs", &other.text)]).is_empty(), "{text}");
        }
        assert!(homonyms(&[made("wire/b/tests.rs", "struct Held;"), other]).is_empty());
    }

    #[test]
    fn printing_and_exiting_are_refused_everywhere() {
        for text in ["fn f() { println!(\"x\"); }", "fn f() { std::eprintln! (\"x\"); }", "fn f() { dbg!(1); }"] {
            assert_refused(wrong_calls, "app.rs", text, "writes past the renderer");
        }
        assert_passes(wrong_calls, "app.rs", "// println!(\"x\")\nfn println() { writeln!(out, \"println!\"); }");
        for text in ["fn f() { std::process::exit(1); }", "use std::process; fn f() { process::exit(2) }"] {
            assert_refused(wrong_paths, "main.rs", text, "ends the process");
        }
    }

    #[test]
    fn a_long_file_or_one_without_a_purpose_is_refused() {
        let long = format!("//! Much.\n{}", "const A: u8 = 1;\n".repeat(LONGEST_FILE));
        assert_refused(wrong_shape, "collect/group.rs", &long, "401 lines");
        assert_passes(wrong_shape, "text/messages.rs", &long);
        assert_refused(wrong_shape, "collect/group.rs", "use std::io;\n", "does not begin");
    }

    #[test]
    fn a_sentence_outside_the_catalogue_is_refused() {
        for text in [
            "const A: &str = \"the socket is still open.\";",
            "fn f() { format!(\"{n} sockets are waiting for you\"); }",
            "const A: &str = r#\"the \"socket\" is still open\"#;",
            "const A: &str = \"套接字\";",
        ] {
            assert_refused(wrong_sentences, "render/overview.rs", text, "outside src/text");
            assert_passes(wrong_sentences, "text/mod.rs", text);
        }
        for text in [
            "/// The socket is still open and no one reads it.\nconst A: &str = \"recv-q\";",
            "#![allow(unsafe_code, reason = \"there is no safe call for this\")]",
            "#[cfg(test)]\nmod tests { const A: &str = \"the socket is still open\"; }",
            "#[cfg(test)]\nconst A: [&str; 1] = [\"the socket is still open\"];",
            "const A: &str = \"sockdoc group --by state time-wait established listen\";",
            "const A: &str = \"/proc/net/tcp {a}: {b}\";",
        ] {
            assert_passes(wrong_sentences, "render/overview.rs", text);
        }
        let sentence = "const A: &str = \"the socket is still open\";";
        assert_passes(wrong_sentences, "render/overview/tests.rs", sentence);
        let after = "#[cfg(test)]\nmod tests {}\nconst A: &str = \"the socket is still open\";";
        assert_refused(wrong_sentences, "render/overview.rs", after, "outside src/text");
    }
}
