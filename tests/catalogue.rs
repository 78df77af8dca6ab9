//! Every message is there in every language, with the same placeholders, and reads as its language is written.

#![allow(
    clippy::unwrap_used,
    reason = "test code; clippy knows it by #[test], which the functions that tests share do not have"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey};
use sockdoc::{
    model::state::State,
    render::overview::who_acts,
    text::{Catalogue, File, Lang, MessageSource, MessageValue, grouped, messages, number, words},
};

#[path = "catalogue/chinese.rs"]
mod chinese;
#[path = "catalogue/punctuation.rs"]
mod punctuation;
#[path = "catalogue/rules.rs"]
mod rules;
#[path = "catalogue/voice.rs"]
mod voice;

use punctuation::{PLACEABLE, faults, is_han};

/// Messages that are a lone punctuation mark and so have no Han character in Chinese.
const PUNCTUATION: &[&str] = &[
    "colon",
    "error-file",
    "joined",
    "live-share",
    "nagios-line",
    "need-named",
    "need-states",
    "remedy-with-risk",
    "story-finding",
    "subject-program",
    "subject-title",
    "with-needs",
];

/// Placeholders that are counts; all others are words.
const COUNTS: &[&str] = &["count", "rows", "samples", "planned"];

/// The text of a message, with each variant of its selectors.
#[derive(Default, Debug)]
struct Text {
    placeholders: BTreeSet<String>,
    /// The text of each variant, with [`PLACEABLE`] for each placeholder.
    variants: Vec<String>,
    /// Whether a count chooses among them.
    selects: bool,
}

/// The messages of a file by their names, and what else is wrong with it.
fn read(file: &str) -> (BTreeMap<String, Text>, Vec<String>) {
    let mut wrong = Vec::new();
    let resource = fluent_syntax::parser::parse(file).unwrap_or_else(|(resource, errors)| {
        wrong.extend(errors.iter().map(ToString::to_string));
        resource
    });
    let mut texts = BTreeMap::new();
    for entry in &resource.body {
        match entry {
            Entry::Message(message) => {
                let name = message.id.name.to_owned();
                let mut text = Text::default();
                match &message.value {
                    Some(pattern) => text.variants = text.written_out(pattern),
                    None => wrong.push(format!("{name} has no value")),
                }
                if !message.attributes.is_empty() {
                    wrong.push(format!("{name} has attributes, which the program never shows"));
                }
                if texts.insert(name.clone(), text).is_some() {
                    wrong.push(format!("{name} is there twice"));
                }
            }
            Entry::Term(term) => wrong.push(format!("-{} is a term, which the program does not know", term.id.name)),
            Entry::Junk { content } => wrong.push(format!("junk: {content:?}")),
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
        }
    }
    (texts, wrong)
}

impl Text {
    /// The text of every combination of variants; notes placeholders on the way.
    fn written_out(&mut self, pattern: &Pattern<&str>) -> Vec<String> {
        let mut texts = vec![String::new()];
        for element in &pattern.elements {
            let endings = match element {
                PatternElement::TextElement { value } => vec![(*value).to_owned()],
                PatternElement::Placeable { expression } => self.expression(expression),
            };
            texts = texts.iter().flat_map(|text| endings.iter().map(move |ending| format!("{text}{ending}"))).collect();
        }
        texts
    }

    fn expression(&mut self, expression: &Expression<&str>) -> Vec<String> {
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            Expression::Select { selector, variants } => {
                // A word may choose as well, as the kind of an error does.
                let is_one = |key: &VariantKey<&str>| matches!(key, VariantKey::Identifier { name: "one" });
                let by_count = |id: &str| COUNTS.contains(&id) || variants.iter().any(|variant| is_one(&variant.key));
                self.selects |= matches!(selector, InlineExpression::VariableReference { id } if by_count(id.name));
                self.inline(selector);
                variants.iter().flat_map(|variant| self.written_out(&variant.value)).collect()
            }
        }
    }

    fn inline(&mut self, inline: &InlineExpression<&str>) -> Vec<String> {
        match inline {
            InlineExpression::StringLiteral { value } | InlineExpression::NumberLiteral { value } => {
                return vec![(*value).to_owned()];
            }
            InlineExpression::VariableReference { id } => {
                self.placeholders.insert(id.name.to_owned());
            }
            InlineExpression::Placeable { expression } => return self.expression(expression),
            InlineExpression::FunctionReference { arguments, .. } => {
                arguments.positional.iter().for_each(|argument| {
                    self.inline(argument);
                });
            }
            InlineExpression::MessageReference { .. } | InlineExpression::TermReference { .. } => {}
        }
        vec![PLACEABLE.to_string()]
    }
}

/// Every file of every language, as its name (`zh/man`), language, file and text.
fn files() -> impl Iterator<Item = (String, Lang, File, String)> {
    Lang::ALL.into_iter().flat_map(|(language, lang)| {
        File::ALL.into_iter().map(move |(file, name)| (format!("{language}/{name}"), lang, file, written(lang, name)))
    })
}

/// A catalogue file of a language as it is written: `overview`, `rules/half-close`.
fn written(lang: Lang, file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/text").join(lang.name()).join(format!("{file}.ftl"));
    fs::read_to_string(path).unwrap()
}

/// Every message in every language, with its text there.
fn texts() -> Vec<(String, Lang, &'static MessageSource, Text)> {
    let mut found = Vec::new();
    for (name, lang, file, written) in files() {
        let mut texts = read(&written).0;
        for message in messages::ALL.iter().filter(|message| message.file == file) {
            if let Some(text) = texts.remove(message.id) {
                found.push((format!("{name}: {}", message.id), lang, message, text));
            }
        }
    }
    assert!(found.len() >= 200, "only {} texts", found.len());
    found
}

/// Something for every placeholder; `count` for those that are counts.
fn values(message: &MessageSource, count: u64) -> Vec<(&'static str, MessageValue<'static>)> {
    let value = |name: &&'static str| match COUNTS.contains(name) {
        true => (*name, number(count)),
        false => (*name, words("VALUE")),
    };
    message.placeholders.iter().map(value).collect()
}

fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_file_is_understood_whole() {
    let wrong: Vec<String> = files()
        .flat_map(|(name, _, _, written)| read(&written).1.into_iter().map(move |fault| format!("{name}.ftl: {fault}")))
        .collect();
    assert_none(&wrong);
}

#[test]
fn every_file_holds_its_messages_and_no_others() {
    let mut wrong = Vec::new();
    for (name, _, file, written) in files() {
        let there: BTreeSet<String> = read(&written).0.into_keys().collect();
        let wanted: BTreeSet<String> =
            messages::ALL.iter().filter(|one| one.file == file).map(|one| one.id.to_owned()).collect();
        wrong.extend(wanted.difference(&there).map(|id| format!("{name}.ftl: {id} is missing")));
        // The rules name what they share by themselves: `rules.rs` looks after that.
        if file != File::Sentences {
            wrong.extend(there.difference(&wanted).map(|id| format!("{name}.ftl: {id} is superfluous")));
        }
    }
    assert_none(&wrong);
}

#[test]
fn no_message_is_listed_twice() {
    let mut seen = BTreeSet::new();
    for message in messages::ALL {
        assert!(seen.insert((message.file as usize, message.id)), "{} is listed twice", message.id);
    }
}

#[test]
fn every_message_takes_the_same_placeholders_in_every_language() {
    let mut wrong = Vec::new();
    for (name, _, message, text) in texts() {
        let listed: BTreeSet<String> = message.placeholders.iter().map(|&one| one.to_owned()).collect();
        if text.placeholders != listed {
            wrong.push(format!("{name} takes {:?}, the list says {listed:?}", text.placeholders));
        }
    }
    assert_none(&wrong);
}

#[test]
fn every_message_is_said_somewhere() {
    let mut code = String::new();
    gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut code);
    let said: BTreeSet<&str> = code.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    let unused = messages::ALL.iter().filter(|one| !said.contains(one.name));
    assert_none(&unused.map(|one| format!("{} ({}) is never said", one.name, one.id)).collect::<Vec<_>>());
}

/// The code outside the list itself, without comments and without unit tests, which are at the end of a file.
fn gather(folder: &Path, code: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, code);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !path.ends_with("text/messages.rs")
            && !path.ends_with("tests.rs")
        {
            let text = fs::read_to_string(&path).unwrap();
            let lines = text.lines().take_while(|line| *line != "#[cfg(test)]");
            for line in lines.filter(|line| !line.trim_start().starts_with("//")) {
                code.push_str(line);
                code.push('\n');
            }
        }
    }
}

#[test]
fn english_is_plain_ascii() {
    let mut wrong = Vec::new();
    for (name, _, _, written) in files().filter(|(_, lang, ..)| *lang == Lang::En) {
        for (line, text) in written.lines().enumerate().filter(|(_, line)| !line.is_ascii()) {
            wrong.push(format!("{name}.ftl:{}: {text}", line + 1));
        }
    }
    assert_none(&wrong);
}

#[test]
fn chinese_is_chinese() {
    let english: BTreeMap<_, _> = texts()
        .into_iter()
        .filter(|(_, lang, ..)| *lang == Lang::En)
        .map(|(_, _, message, text)| ((message.file as usize, message.id), text.variants))
        .collect();
    let mut wrong = Vec::new();
    for (name, _, message, text) in texts().into_iter().filter(|(_, lang, ..)| *lang == Lang::Zh) {
        if english.get(&(message.file as usize, message.id)) == Some(&text.variants) {
            wrong.push(format!("{name} is the English text"));
        }
        if !PUNCTUATION.contains(&message.id) && !text.variants.iter().all(|text| text.chars().any(is_han)) {
            wrong.push(format!("{name} has no Chinese character: {:?}", text.variants));
        }
    }
    assert_none(&wrong);
}

#[test]
fn chinese_is_set_as_chinese_is() {
    let chinese = texts().into_iter().filter(|(_, lang, ..)| *lang == Lang::Zh);
    let wrong: Vec<String> = chinese
        .flat_map(|(name, _, _, text)| {
            text.variants.into_iter().flat_map(move |text| {
                let name = name.clone();
                faults(&text).into_iter().map(move |fault| format!("{name}: {fault}"))
            })
        })
        .collect();
    assert_none(&wrong);
}

#[test]
fn every_state_says_who_acts_next() {
    for state in State::ALL.into_iter().chain([State::BOUND_INACTIVE]) {
        let message = who_acts(state);
        assert_ne!(message, messages::WHO_UNNAMED, "{state}");
        let name = state.name().unwrap().to_ascii_lowercase().replace('_', "-");
        let id = messages::ALL.iter().find(|one| one.message == message).unwrap().id;
        assert_eq!(id, format!("who-{name}"));
        for (_, lang) in Lang::ALL {
            let text = Catalogue::new(lang).text(message);
            assert!(!text.is_empty() && text != id, "{state}: {text:?}");
        }
    }
    assert_eq!(who_acts(State::from_kernel(77)), messages::WHO_UNNAMED);
}

/// A file as Fluent parses it.
fn fluent(lang: Lang, written: String) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new(vec![lang.name().parse().unwrap()]);
    bundle.set_use_isolating(false);
    fn count(value: &FluentValue<'_>, lang: Lang) -> Option<String> {
        match value {
            FluentValue::Number(number) => Some(grouped(number.value as u64, lang)),
            _ => None,
        }
    }
    bundle.set_formatter(Some(match lang {
        Lang::En => |value, _| count(value, Lang::En),
        Lang::Zh => |value, _| count(value, Lang::Zh),
    }));
    bundle.add_resource_overriding(FluentResource::try_new(written).unwrap());
    bundle
}

/// Fluent's own rendering of a message, and its errors.
fn said_by(
    bundle: &FluentBundle<FluentResource>,
    id: &str,
    values: &[(&'static str, MessageValue<'_>)],
) -> (String, Vec<String>) {
    let mut arguments = FluentArgs::new();
    for (name, value) in values {
        match value {
            MessageValue::Number(count) => arguments.set(*name, *count),
            MessageValue::Text(text) => arguments.set(*name, text.clone()),
        }
    }
    let mut errors = Vec::new();
    let pattern = bundle.get_message(id).unwrap().value().unwrap();
    let said = bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned();
    (said, errors.iter().map(ToString::to_string).collect())
}

#[test]
fn every_message_says_what_fluent_says_without_an_error() {
    let mut wrong = Vec::new();
    for (name, lang, file, written) in files() {
        let bundle = fluent(lang, written);
        let catalogue = Catalogue::new(lang);
        for message in messages::ALL.iter().filter(|message| message.file == file) {
            for count in [0, 1, 2, 14_438] {
                let values = values(message, count);
                let (meant, errors) = said_by(&bundle, message.id, &values);
                wrong.extend(errors.iter().map(|error| format!("{name}: {}: {error}", message.id)));
                let said = catalogue.say(message.message, &values);
                if said != meant {
                    wrong.push(format!("{name}: {} is {meant:?}, not {said:?}", message.id));
                }
                if said.contains(['{', '}', '$']) && !is_a_path_list(&said) {
                    wrong.push(format!("{name}: {} leaves a brace: {said}", message.id));
                }
                if said.trim() != said || said.is_empty() {
                    wrong.push(format!("{name}: {} is empty or has blanks around it: {said:?}", message.id));
                }
                if said.contains(['\u{2068}', '\u{2069}']) {
                    wrong.push(format!("{name}: {} has invisible marks", message.id));
                }
            }
        }
    }
    assert_none(&wrong);
}

/// `/proc/net/{tcp,udp}` is a shell's way of writing several paths.
fn is_a_path_list(text: &str) -> bool {
    !text.contains('$') && text.contains("/{") && !text.contains("{ ")
}

#[test]
fn english_tells_one_from_several() {
    let catalogue = Catalogue::new(Lang::En);
    let digits = |text: String| text.replace(|c: char| c.is_ascii_digit(), "#");
    let mut wrong = Vec::new();
    let mut selecting = 0;
    for (name, _, message, text) in texts().into_iter().filter(|(_, lang, ..)| *lang == Lang::En) {
        let [one, two] = [1, 2].map(|count| digits(catalogue.say(message.message, &values(message, count))));
        if text.selects {
            selecting += 1;
            if one == two {
                wrong.push(format!("{name} is the same for 1 and 2: {one}"));
            }
        }
        // A number before a noun in the plural, with nothing to make it singular.
        for said in text.variants.iter().filter(|_| !text.selects && message.placeholders.iter().any(is_count)) {
            let mut after = said.split(PLACEABLE).skip(1).filter_map(|rest| rest.split_whitespace().next());
            if let Some(noun) = after.find(|word| word.trim_end_matches(|c: char| !c.is_alphabetic()).ends_with('s')) {
                wrong.push(format!("{name} counts {noun:?} without a singular"));
            }
        }
    }
    assert_none(&wrong);
    assert!(selecting >= 4, "only {selecting} messages tell one from several");
}

fn is_count(placeholder: &&str) -> bool {
    COUNTS.contains(placeholder)
}

#[test]
fn counts_are_grouped_as_the_language_groups_them() {
    let mut seen = 0;
    for (_, lang) in Lang::ALL {
        let catalogue = Catalogue::new(lang);
        for message in messages::ALL.iter().filter(|message| message.placeholders.iter().any(is_count)) {
            let said = catalogue.say(message.message, &values(message, 14_438));
            assert!(said.contains(&grouped(14_438, lang)), "{}: {said}", message.id);
            seen += 1;
        }
    }
    assert!(seen >= 10, "only {seen} counts");
}

/// The checks themselves, on small made-up files.
mod checks {
    use super::*;

    #[test]
    fn junk_attributes_terms_and_doubles_are_found() {
        for file in ["a = { $b\n", "= a\n", "a = b\n  .c = d\n", "-a = b\n", "a = b\na = c\n"] {
            assert!(!read(file).1.is_empty(), "{file:?} passed");
        }
        assert!(read("# A comment.\na = { $b }\n").1.is_empty());
    }

    #[test]
    fn placeholders_are_found_in_patterns_selectors_and_variants() {
        let (texts, wrong) = read("a = x { $b ->\n    [one] { $c }\n   *[other] y { NUMBER($d) }\n } z\n");
        assert!(wrong.is_empty(), "{wrong:?}");
        let text = &texts["a"];
        assert_eq!(text.placeholders.iter().map(String::as_str).collect::<Vec<_>>(), ["b", "c", "d"]);
        assert_eq!(text.variants, [format!("x {PLACEABLE} z"), format!("x y {PLACEABLE} z")]);
        assert!(text.selects);
    }
}
