//! Makes tables of the texts in `src/text`, so that a message, a rule's text, a topic or a language is a file and
//! nothing else.
//!
//! From `src/text/en` come the names and placeholders of all messages. Every other language must have the same files,
//! messages and placeholders: what is missing is named, and the build fails.
//!
//! The Fluent files of a language become one text, so that a run parses none of them: every message behind its path
//! (`cli/about`) and `\0`, sorted by path, with placeholders and choices between marks (`src/text/fill.rs` reads them).
//! Markdown is packed into one piece for each language, since few runs read any of it and it packs to a third: the
//! files one after the other, each behind `\u{1}` and its path, packed as LZ4 packs a block.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    error::Error,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Message, Pattern, PatternElement, Variant, VariantKey},
    parser,
};

/// The language whose messages the program names.
const FIRST: &str = "en";
const TEXTS: &str = "src/text";
/// Sentences that rules share and name by themselves, as they do their own.
const SHARED: &str = "sentences";

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    println!("cargo:rerun-if-changed={TEXTS}");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let languages = names(Path::new(TEXTS), |path| path.is_dir())?;
    let mut code = String::new();
    writeln!(code, "/// The texts of each language.\npub(super) static LANGUAGES: &[Texts] = &[")?;
    for language in &languages {
        same_files(language)?;
        fs::write(out.join(format!("topics-{language}.deflate")), packed(language)?)?;
        let messages = messages_of(language)?;
        let ends = joined(messages.values().map(|one| one.text.as_str()), &out.join(format!("messages-{language}")))?;
        let file = |name: &str| format!("concat!(env!(\"OUT_DIR\"), \"/{name}-{language}");
        writeln!(
            code,
            "    Texts {{ name: {language:?}, messages: Joined {{ text: include_str!({}\")), ends: &{ends:?} }},",
            file("messages")
        )?;
        writeln!(code, "        topics: include_bytes!({}.deflate\")) }},", file("topics"))?;
    }
    writeln!(code, "];\n")?;
    let first = messages_of(FIRST)?;
    let ends = joined(first.keys().map(String::as_str), &out.join("paths"))?;
    let paths = "include_str!(concat!(env!(\"OUT_DIR\"), \"/paths\"))";
    writeln!(
        code,
        "/// The paths of all messages.\nstatic PATHS: Joined = Joined {{ text: {paths}, ends: &{ends:?} }};\n"
    )?;
    for language in languages.iter().filter(|language| *language != FIRST) {
        same_messages(&first, language)?;
    }
    files(&mut code, &names(&Path::new(TEXTS).join(FIRST), |path| has_ending(path, "ftl"))?)?;
    messages(&mut code, &first)?;
    fs::write(out.join("texts.rs"), code)?;
    Ok(())
}

/// The names in a folder that are meant, sorted, as they are in it.
fn names(folder: &Path, is_meant: impl Fn(&Path) -> bool) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .ok_or_else(|| format!("{path:?}: a name that is not UTF-8"))?;
        if is_meant(&path) {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|one| one == ending)
}

/// Every file below a folder, by its path there.
fn below(folder: &Path) -> Result<BTreeSet<String>> {
    let mut files: BTreeSet<String> = names(folder, |path| path.is_file())?.into_iter().collect();
    for inner in names(folder, |path| path.is_dir())? {
        files.extend(below(&folder.join(&inner))?.into_iter().map(|file| format!("{inner}/{file}")));
    }
    Ok(files)
}

fn same_files(language: &str) -> Result<()> {
    let (first, other) = (below(&Path::new(TEXTS).join(FIRST))?, below(&Path::new(TEXTS).join(language))?);
    match (first.difference(&other).next(), other.difference(&first).next()) {
        (Some(file), _) => Err(format!("{TEXTS}/{language}/{file} is missing: {FIRST} has it").into()),
        (None, Some(file)) => Err(format!("{TEXTS}/{FIRST}/{file} is missing: {language} has it").into()),
        (None, None) => Ok(()),
    }
}

/// The level of deflate that packs best.
const BEST: u8 = 10;

fn packed(language: &str) -> Result<Vec<u8>> {
    let folder = Path::new(TEXTS).join(language);
    let mut text = String::new();
    for path in below(&folder)?.iter().filter(|path| path.ends_with(".md")) {
        let content = fs::read_to_string(folder.join(path))?;
        write!(text, "\u{1}{path}\n{content}")?;
    }
    Ok(miniz_oxide::deflate::compress_to_vec(text.as_bytes(), BEST))
}

/// The messages of a language by path, `cli/about` or `rules/half-close/title`.
fn messages_of(language: &str) -> Result<BTreeMap<String, Compiled>> {
    let folder = Path::new(TEXTS).join(language);
    let mut messages = BTreeMap::new();
    for file in below(&folder)?.iter().filter_map(|file| file.strip_suffix(".ftl")) {
        let path = folder.join(format!("{file}.ftl"));
        let text = fs::read_to_string(&path)?;
        let resource = parser::parse(text.as_str()).map_err(|(_, errors)| format!("{}: {errors:?}", path.display()))?;
        for entry in &resource.body {
            let Entry::Message(Message { id, value: Some(pattern), .. }) = entry else { continue };
            let mut compiled = Compiled::default();
            compiled.pattern(pattern, 0).map_err(|why| format!("{}: {}: {why}", path.display(), id.name))?;
            if messages.insert(format!("{file}/{}", id.name), compiled).is_some() {
                return Err(format!("{}: {} is there twice", path.display(), id.name).into());
            }
        }
    }
    Ok(messages)
}

/// Writes texts into one file; returns where each ends there.
fn joined<'a>(texts: impl Iterator<Item = &'a str>, file: &Path) -> Result<Vec<u32>> {
    let mut all = String::new();
    let mut ends = Vec::new();
    for text in texts {
        all.push_str(text);
        ends.push(u32::try_from(all.len())?);
    }
    fs::write(file, all)?;
    Ok(ends)
}

/// The marks around a value or a choice, before each of its cases, and behind the key of a case, by how many choices
/// they are in. As in `src/text/fill.rs`.
const MARKS: [[char; 3]; 3] = [['\u{1}', '\u{2}', '\u{3}'], ['\u{4}', '\u{5}', '\u{6}'], ['\u{7}', '\u{8}', '\u{e}']];

/// A message as the program reads it.
#[derive(Default)]
struct Compiled {
    text: String,
    /// In the order in which it takes them.
    placeholders: Vec<String>,
}

impl Compiled {
    fn pattern(&mut self, pattern: &Pattern<&str>, depth: usize) -> std::result::Result<(), &'static str> {
        let [mark, ..] = *MARKS.get(depth).ok_or("too many choices within each other")?;
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => self.text.push_str(value),
                PatternElement::Placeable { expression } => {
                    self.text.push(mark);
                    match expression {
                        Expression::Inline(value) => self.placeholder(value)?,
                        Expression::Select { selector, variants } => {
                            self.placeholder(selector)?;
                            self.choice(variants, depth)?;
                        }
                    }
                    self.text.push(mark);
                }
            }
        }
        Ok(())
    }

    fn placeholder(&mut self, value: &InlineExpression<&str>) -> std::result::Result<(), &'static str> {
        let InlineExpression::VariableReference { id } = value else { return Err("only { $name } can be filled in") };
        self.text.push_str(id.name);
        if !self.placeholders.iter().any(|known| known == id.name) {
            self.placeholders.push(id.name.to_owned());
        }
        Ok(())
    }

    fn choice(&mut self, variants: &[Variant<&str>], depth: usize) -> std::result::Result<(), &'static str> {
        for (place, variant) in variants.iter().enumerate() {
            if variant.default != (place + 1 == variants.len()) {
                return Err("the default of a choice is its last variant");
            }
            let (VariantKey::Identifier { name: key } | VariantKey::NumberLiteral { value: key }) = &variant.key;
            let [_, before, behind] = MARKS[depth];
            self.text.push(before);
            self.text.push_str(key);
            self.text.push(behind);
            self.pattern(&variant.value, depth + 1)?;
        }
        Ok(())
    }
}

/// Whether a language has the messages of the first, with the same placeholders.
fn same_messages(first: &BTreeMap<String, Compiled>, language: &str) -> Result<()> {
    let other = messages_of(language)?;
    for (path, message) in first {
        let taken = message.placeholders.iter().collect::<BTreeSet<_>>();
        match other.get(path) {
            None => return Err(format!("{TEXTS}/{language}: no message {path}, which {FIRST} has").into()),
            Some(theirs) if theirs.placeholders.iter().collect::<BTreeSet<_>>() != taken => {
                let theirs = &theirs.placeholders;
                return Err(format!("{TEXTS}/{language}: {path} takes {theirs:?}, in {FIRST} {taken:?}").into());
            }
            Some(_) => {}
        }
    }
    match other.keys().find(|path| !first.contains_key(*path)) {
        Some(path) => Err(format!("{TEXTS}/{FIRST}: no message {path}, which {language} has").into()),
        None => Ok(()),
    }
}

/// `live-share` as a constant.
fn constant(name: &str) -> String {
    name.to_uppercase().replace('-', "_")
}

/// `cli.ftl` as a variant.
fn variant(file: &str) -> String {
    let name = file.trim_end_matches(".ftl");
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn files(code: &mut String, files: &[String]) -> Result<()> {
    writeln!(code, "/// A catalogue file.\n#[derive(Clone, Copy, PartialEq, Eq, Debug)]\npub enum File {{")?;
    for file in files {
        writeln!(code, "    /// `{file}`\n    {},", variant(file))?;
    }
    writeln!(code, "}}\n\nimpl File {{\n    /// All of them, with their names.")?;
    writeln!(code, "    pub const ALL: [(File, &'static str); {}] = [", files.len())?;
    for file in files {
        writeln!(code, "        (File::{}, {:?}),", variant(file), file.trim_end_matches(".ftl"))?;
    }
    writeln!(code, "    ];\n}}\n")?;
    Ok(())
}

fn messages(code: &mut String, all: &BTreeMap<String, Compiled>) -> Result<()> {
    let mut list = String::new();
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    for (place, (path, message)) in all.iter().enumerate() {
        // Those of the rules are found by their paths.
        let Some((file, id)) = path.split_once('/').filter(|(file, id)| *file != SHARED && !id.contains('/')) else {
            continue;
        };
        if let Some(other) = known.insert(id, file) {
            return Err(format!("{TEXTS}/{FIRST}: {id} is in {other}.ftl and in {file}.ftl").into());
        }
        let (name, file, placeholders) = (constant(id), variant(file), &message.placeholders);
        writeln!(code, "/// `{id}`\npub const {name}: Message =")?;
        writeln!(
            code,
            "    Message {{ file: File::{file}, id: {id:?}, placeholders: &{placeholders:?}, place: {place} }};"
        )?;
        writeln!(list, "    ({name:?}, {name}),")?;
    }
    writeln!(code, "/// All messages, with the names they have in the program.")?;
    writeln!(code, "pub const ALL: &[(&str, Message)] = &[\n{list}];")?;
    Ok(())
}
