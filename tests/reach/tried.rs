//! One run of `reach`: its document, and its words in both languages.

use std::time::{Duration, Instant};

use jsonschema::{Registry, Validator};
use serde_json::Value;

use crate::lab::program::{Said, run};

/// The output of a run with `--json`, which must end with the matching status.
#[derive(Debug)]
pub(crate) struct Tried(pub(crate) Value);

impl Tried {
    /// Runs `sockdoc reach` with these arguments and `--json`.
    #[track_caller]
    pub(crate) fn to(arguments: &str) -> Self {
        Self::of(&run(&words(arguments, &["--json"])))
    }

    /// The same, and how long the program ran.
    #[track_caller]
    pub(crate) fn timed(arguments: &str) -> (Self, Duration) {
        let began = Instant::now();
        let said = run(&words(arguments, &["--json"]));
        let took = began.elapsed();
        (Self::of(&said), took)
    }

    /// The same, repeated where it took longer than this: the machine paused, and the kernel went on meanwhile.
    #[track_caller]
    pub(crate) fn within(limit: Duration, mut run: impl FnMut() -> Self) -> Self {
        let mut tries = 0;
        loop {
            let began = Instant::now();
            let tried = run();
            tries += 1;
            if began.elapsed() < limit || tries == TRIES {
                return tried;
            }
        }
    }

    /// Reads what a run said.
    #[track_caller]
    pub(crate) fn of(said: &Said) -> Self {
        let document: Value = serde_json::from_str(&said.stdout).unwrap_or_else(|error| panic!("{error}: {said:?}"));
        let status = if document["reached"] == true { 0 } else { 1 };
        assert_eq!(said.code, Some(status), "{said:?}");
        let faults: Vec<String> = validator().iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(faults.is_empty(), "{faults:#?}\n{document:#}");
        Self(document)
    }

    /// The only attempt.
    #[track_caller]
    pub(crate) fn only(&self) -> &Value {
        assert_eq!(self.0["attempts"].as_array().map(Vec::len), Some(1), "{}", self.0);
        &self.0["attempts"][0]
    }

    /// Its only attempt, which must have ended so.
    #[track_caller]
    pub(crate) fn ended(&self, outcome: &str) -> &Value {
        let only = self.only();
        assert_eq!(only["outcome"], outcome, "{only}");
        only
    }

    /// Whether a finding of that rule is shown.
    pub(crate) fn shows(&self, rule: &str) -> bool {
        self.0["findings"].as_array().is_some_and(|all| all.iter().any(|finding| finding["rule"] == rule))
    }
}

/// `schema/reach.json`, with those that it refers to.
fn validator() -> Validator {
    let schema = |name: &str| -> Value {
        let path = format!("{}/schema/{name}.json", env!("CARGO_MANIFEST_DIR"));
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    };
    let others = ["overview", "finding"].map(schema).map(|schema| (schema["$id"].as_str().unwrap().to_owned(), schema));
    let registry = Registry::new().extend(others).unwrap().prepare().unwrap();
    jsonschema::draft202012::options().with_registry(&registry).build(&schema("reach")).unwrap()
}

/// Runs it once more in each language; each text must hold these words.
#[track_caller]
pub(crate) fn says(arguments: &str, english: &[&str], chinese: &[&str]) {
    for (lang, wanted) in [("en", english), ("zh", chinese)] {
        // Lines are broken anywhere in Chinese, and at blanks in English.
        let plain = |text: &str| text.split_whitespace().collect::<String>();
        let mut tries = 0;
        loop {
            let began = Instant::now();
            let said = run(&words(arguments, &["--lang", lang]));
            let missing = wanted.iter().find(|words| !plain(&said.stdout).contains(&plain(words)));
            tries += 1;
            match missing {
                None => break,
                // The machine paused, and the kernel went on meanwhile.
                Some(_) if began.elapsed() > longest(arguments) && tries < TRIES => {}
                Some(words) => panic!("{words:?} is not in {said:?}"),
            }
        }
    }
}

/// How often a run is repeated that took too long.
const TRIES: usize = 10;

/// A run takes no longer than it waits for an answer, or for a service that hangs up, and a moment.
fn longest(arguments: &str) -> Duration {
    let time = arguments.split(' ').skip_while(|&word| word != "--timeout").nth(1);
    let milliseconds = time.and_then(|time| time.strip_suffix("ms")).and_then(|time| time.parse().ok());
    let waits = milliseconds.or_else(|| Some(time?.parse::<u64>().ok()? * 1_000)).unwrap_or(500);
    Duration::from_millis(waits + 400)
}

fn words<'a>(arguments: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    std::iter::once("reach").chain(arguments.split(' ')).chain(more.iter().copied()).collect()
}
