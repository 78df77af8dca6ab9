//! Makes tables of the texts in `src/text`, so that a message, a rule's text, a topic or a language is a file and
//! nothing else.
//!
//! From `src/text/en` come the names and placeholders of all messages. Every other language must have the same files,
//! messages and placeholders: what is missing is named, and the build fails. Markdown is packed into one piece for each
//! language, since few runs read any of it and it packs to a third: the files one after the other, each behind
//! `\u{1}` and its path, packed as LZ4 packs a block.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    error::Error,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser,
};

/// The language whose messages the program names.
const FIRST: &str = "en";
const TEXTS: &str = "src/text";
/// Sentences that rules share and name by themselves, as they do their own.
const SHARED: &str = "sentences.ftl";

type Result<T> = std::result::Result<T, Box<dyn Error>>;
/// The messages of a file by name, each with its placeholders in the order in which it takes them.
type Messages = BTreeMap<String, Vec<String>>;

fn main() -> Result<()> {
    println!("cargo:rerun-if-changed={TEXTS}");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let languages = names(Path::new(TEXTS), |path| path.is_dir())?;
    for language in &languages {
        same_files(language)?;
        fs::write(out.join(format!("topics-{language}.lz4")), packed(language)?)?;
    }
    let catalogue = names(&Path::new(TEXTS).join(FIRST), |path| has_ending(path, "ftl"))?;
    let mut rules = names(&Path::new(TEXTS).join(FIRST).join("rules"), |path| has_ending(path, "ftl"))?;
    // In the order of the names without their ending, in which they are searched.
    rules.sort_by(|a, b| a.trim_end_matches(".ftl").cmp(b.trim_end_matches(".ftl")));
    let mut code = String::new();
    files(&mut code, &catalogue)?;
    messages(&mut code, &catalogue, &languages)?;
    table(
        &mut code,
        "FILES",
        "The catalogue files of each language, in the order of [`File::ALL`]",
        &languages,
        &catalogue,
        "",
    )?;
    for language in languages.iter().filter(|language| *language != FIRST) {
        for rule in &rules {
            same_messages(language, &format!("rules/{rule}"))?;
        }
    }
    rule_table(&mut code, &languages, &rules)?;
    topics(&mut code, &languages)?;
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

fn packed(language: &str) -> Result<Vec<u8>> {
    let folder = Path::new(TEXTS).join(language);
    let mut text = String::new();
    for path in below(&folder)?.iter().filter(|path| path.ends_with(".md")) {
        let content = fs::read_to_string(folder.join(path))?;
        write!(text, "\u{1}{path}\n{content}")?;
    }
    Ok(lz4_flex::block::compress_prepend_size(text.as_bytes()))
}

/// The messages of a file.
fn read(language: &str, file: &str) -> Result<Messages> {
    let path = Path::new(TEXTS).join(language).join(file);
    let text = fs::read_to_string(&path)?;
    let resource = parser::parse(text.as_str()).map_err(|(_, errors)| format!("{}: {errors:?}", path.display()))?;
    let mut messages = Messages::new();
    for entry in &resource.body {
        if let Entry::Message(message) = entry {
            let mut placeholders = Vec::new();
            message.value.iter().for_each(|pattern| of_pattern(pattern, &mut placeholders));
            if messages.insert(message.id.name.to_owned(), placeholders).is_some() {
                return Err(format!("{}: {} is there twice", path.display(), message.id.name).into());
            }
        }
    }
    Ok(messages)
}

fn of_pattern(pattern: &Pattern<&str>, placeholders: &mut Vec<String>) {
    for element in &pattern.elements {
        match element {
            PatternElement::Placeable { expression: Expression::Inline(inline) } => of_inline(inline, placeholders),
            PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
                of_inline(selector, placeholders);
                variants.iter().for_each(|variant| of_pattern(&variant.value, placeholders));
            }
            PatternElement::TextElement { .. } => {}
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, placeholders: &mut Vec<String>) {
    match inline {
        InlineExpression::VariableReference { id } if !placeholders.iter().any(|known| known == id.name) => {
            placeholders.push(id.name.to_owned());
        }
        InlineExpression::FunctionReference { arguments, .. } => {
            arguments.positional.iter().for_each(|one| of_inline(one, placeholders));
        }
        InlineExpression::Placeable { expression } => match expression.as_ref() {
            Expression::Inline(inline) => of_inline(inline, placeholders),
            Expression::Select { selector, .. } => of_inline(selector, placeholders),
        },
        _ => {}
    }
}

/// The messages of a file in the first language, when another has the same with the same placeholders.
fn same_messages(language: &str, file: &str) -> Result<Messages> {
    let (first, other) = (read(FIRST, file)?, read(language, file)?);
    for (name, placeholders) in &first {
        match other.get(name) {
            None => return Err(format!("{TEXTS}/{language}/{file}: no message {name}").into()),
            Some(theirs) if theirs.iter().collect::<BTreeSet<_>>() != placeholders.iter().collect() => {
                return Err(
                    format!("{TEXTS}/{language}/{file}: {name} takes {theirs:?}, in {FIRST} {placeholders:?}").into()
                );
            }
            Some(_) => {}
        }
    }
    match other.keys().find(|name| !first.contains_key(*name)) {
        Some(name) => Err(format!("{TEXTS}/{FIRST}/{file}: no message {name}, which {language} has").into()),
        None => Ok(first),
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

fn messages(code: &mut String, files: &[String], languages: &[String]) -> Result<()> {
    let mut all = String::new();
    let mut known: BTreeMap<String, &String> = BTreeMap::new();
    for file in files {
        let messages = read(FIRST, file)?;
        for language in languages.iter().filter(|language| *language != FIRST) {
            same_messages(language, file)?;
        }
        for (id, placeholders) in messages.iter().filter(|_| file != SHARED) {
            if let Some(other) = known.insert(id.clone(), file) {
                return Err(format!("{TEXTS}/{FIRST}: {id} is in {other} and in {file}").into());
            }
            let (name, file) = (constant(id), variant(file));
            writeln!(code, "/// `{id}`\npub const {name}: Message =")?;
            writeln!(code, "    Message {{ file: File::{file}, id: {id:?}, placeholders: &{placeholders:?} }};",)?;
            writeln!(all, "    ({name:?}, {name}),")?;
        }
    }
    writeln!(
        code,
        "/// All messages, with the names they have in the program.\npub const ALL: &[(&str, Message)] = &[\n{all}];\n"
    )?;
    Ok(())
}

fn included(language: &str, file: &str) -> String {
    format!("include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/{TEXTS}/{language}/{file}\"))")
}

fn table(
    code: &mut String,
    name: &str,
    about: &str,
    languages: &[String],
    files: &[String],
    folder: &str,
) -> Result<()> {
    writeln!(code, "/// {about}.")?;
    writeln!(code, "pub(super) static {name}: &[(&str, &[&str])] = &[")?;
    for language in languages {
        writeln!(code, "    ({language:?}, &[")?;
        for file in files {
            writeln!(code, "        {},", included(language, &format!("{folder}{file}")))?;
        }
        writeln!(code, "    ]),")?;
    }
    writeln!(code, "];\n")?;
    Ok(())
}

fn rule_table(code: &mut String, languages: &[String], rules: &[String]) -> Result<()> {
    let names: Vec<&str> = rules.iter().map(|rule| rule.trim_end_matches(".ftl")).collect();
    writeln!(code, "/// The rules that have sentences.\npub(super) static RULES: &[&str] = &{names:?};\n")?;
    table(code, "SENTENCES", "The sentences of each language, in the order of [`RULES`]", languages, rules, "rules/")
}

fn topics(code: &mut String, languages: &[String]) -> Result<()> {
    writeln!(code, "/// The Markdown of each language, packed.\npub(super) static TOPICS: &[(&str, &[u8])] = &[")?;
    for language in languages {
        writeln!(code, "    ({language:?}, include_bytes!(concat!(env!(\"OUT_DIR\"), \"/topics-{language}.lz4\"))),")?;
    }
    writeln!(code, "];")?;
    Ok(())
}
