//! Makes tables of the texts in `src/text`, so that a message, a rule's text, a topic or a language is a file and
//! nothing else.
//!
//! From `src/text/en` come the names and placeholders of all messages. Every other language must have the same files,
//! messages and placeholders: the build fails and names missing ones.
//!
//! A run parses no Fluent file: each message becomes a text with placeholders and choices between marks
//! (`src/text/fill.rs` reads them). The messages of [`OFTEN`] become one text, with the ends of each. All others, and
//! the Markdown, are packed into one piece for each language, since few runs read any of them and they pack to a third:
//! text after text, each behind `\0`, its path (`rules/half-close/title`, `topics/time-wait.md`) and a line break.

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
/// The files whose messages stay unpacked: those that fast commands print on a healthy host.
const OFTEN: &[&str] = &["overview", "list", "group", "findings"];

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    println!("cargo:rerun-if-changed={TEXTS}");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let languages = names(Path::new(TEXTS), |path| path.is_dir())?;
    let mut code = String::new();
    writeln!(code, "/// The texts of each language.\npub(super) static LANGUAGES: [Texts; {}] = [", languages.len())?;
    for language in &languages {
        same_files(language)?;
        let messages = messages_of(language)?;
        let (often, seldom): (Vec<_>, Vec<_>) = messages.iter().partition(|((is_packed, _), _)| !is_packed);
        let ends = joined(often.iter().map(|(_, one)| one.text.as_str()), &out.join(format!("often-{language}")))?;
        let seldom = seldom.iter().map(|((_, path), one)| (path.as_str(), one.text.as_str()));
        fs::write(out.join(format!("seldom-{language}")), packed(seldom))?;
        let markdown = markdown_of(language)?;
        let markdown = markdown.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        fs::write(out.join(format!("markdown-{language}")), packed(markdown))?;
        let file = |name: &str| format!("!(concat!(env!(\"OUT_DIR\"), \"/{name}-{language}\"))");
        writeln!(
            code,
            "    Texts {{ name: {language:?}, often: Joined {{ text: include_str{}, ends: &{ends:?} }},",
            file("often")
        )?;
        let [seldom, markdown] = ["seldom", "markdown"].map(file);
        writeln!(
            code,
            "        seldom: PackedTexts::new(include_bytes{seldom}), markdown: PackedTexts::new(include_bytes{markdown}) }},"
        )?;
    }
    writeln!(code, "];\n")?;
    let first = messages_of(FIRST)?;
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

/// Texts with their paths, in one piece.
fn packed<'a>(texts: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<u8> {
    let all: String = texts.map(|(path, text)| format!("\0{path}\n{text}")).collect();
    miniz_oxide::deflate::compress_to_vec(all.as_bytes(), BEST)
}

/// The Markdown files of a language by path.
fn markdown_of(language: &str) -> Result<BTreeMap<String, String>> {
    let folder = Path::new(TEXTS).join(language);
    let mut all = BTreeMap::new();
    for path in below(&folder)?.into_iter().filter(|path| path.ends_with(".md")) {
        let text = fs::read_to_string(folder.join(&path))?;
        all.insert(path, text);
    }
    Ok(all)
}

/// Whether a message is packed, and its path: `cli/about` or `rules/half-close/title`.
type MessageKey = (bool, String);

/// The messages of a language: those that are not packed first, then by path.
fn messages_of(language: &str) -> Result<BTreeMap<MessageKey, Compiled>> {
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
            let key = (!OFTEN.contains(&file), format!("{file}/{}", id.name));
            if messages.insert(key, compiled).is_some() {
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
fn same_messages(first: &BTreeMap<MessageKey, Compiled>, language: &str) -> Result<()> {
    let other = messages_of(language)?;
    for (key @ (_, path), message) in first {
        let taken = message.placeholders.iter().collect::<BTreeSet<_>>();
        match other.get(key) {
            None => return Err(format!("{TEXTS}/{language}: no message {path}, which {FIRST} has").into()),
            Some(theirs) if theirs.placeholders.iter().collect::<BTreeSet<_>>() != taken => {
                let theirs = &theirs.placeholders;
                return Err(format!("{TEXTS}/{language}: {path} takes {theirs:?}, in {FIRST} {taken:?}").into());
            }
            Some(_) => {}
        }
    }
    match other.keys().find(|key| !first.contains_key(*key)) {
        Some((_, path)) => Err(format!("{TEXTS}/{FIRST}: no message {path}, which {language} has").into()),
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

fn messages(code: &mut String, all: &BTreeMap<MessageKey, Compiled>) -> Result<()> {
    let mut list = String::new();
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    for (place, ((_, path), message)) in all.iter().enumerate() {
        // Those of the rules are found by their paths.
        let Some((file, id)) = path.split_once('/').filter(|(file, id)| *file != SHARED && !id.contains('/')) else {
            continue;
        };
        if let Some(other) = known.insert(id, file) {
            return Err(format!("{TEXTS}/{FIRST}: {id} is in {other}.ftl and in {file}.ftl").into());
        }
        let (name, file, placeholders) = (constant(id), variant(file), &message.placeholders);
        writeln!(code, "/// `{id}`\npub const {name}: Message = Message({place});")?;
        writeln!(
            list,
            "    MessageSource {{ name: {name:?}, message: {name}, file: File::{file}, id: {id:?}, \
             placeholders: &{placeholders:?} }},"
        )?;
    }
    writeln!(code, "/// All messages, as they are written.")?;
    writeln!(code, "pub const ALL: &[MessageSource] = &[\n{list}];")?;
    Ok(())
}
