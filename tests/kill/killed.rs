//! One run of `kill --json`: its document, which fits the schema.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::lab::program::{Said, run};

/// The output of a run, which must end with the matching status.
#[derive(Debug)]
pub(crate) struct Killed(pub(crate) Value);

impl Killed {
    /// Runs `sockdoc kill --yes` with these words.
    #[track_caller]
    pub(crate) fn by(words: &str) -> Self {
        Self::of(&run(&arguments(words, &["--json", "--yes"])))
    }

    /// A dry run with these words.
    #[track_caller]
    pub(crate) fn would(words: &str) -> Self {
        Self::of(&run(&arguments(words, &["--json"])))
    }

    /// Reads what a run said.
    #[track_caller]
    pub(crate) fn of(said: &Said) -> Self {
        let document: Value = serde_json::from_str(&said.stdout).unwrap_or_else(|error| panic!("{error}: {said:?}"));
        let schema = format!("{}/schema/kill.json", env!("CARGO_MANIFEST_DIR"));
        let schema = serde_json::from_str(&std::fs::read_to_string(schema).unwrap()).unwrap();
        let validator = jsonschema::draft202012::options().build(&schema).unwrap();
        let faults: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(faults.is_empty(), "{faults:#?}\n{document:#}");
        let killed = Self(document);
        let is_left =
            killed.sockets().any(|one| !matches!(one["result"].as_str(), None | Some("destroyed" | "gone_before")));
        assert_eq!(said.code, Some(i32::from(is_left)), "{said:?}");
        killed
    }

    pub(crate) fn sockets(&self) -> impl Iterator<Item = &Value> {
        self.0["sockets"].as_array().unwrap().iter()
    }

    /// How many sockets have each result, or each consequence in a dry run.
    pub(crate) fn results(&self) -> BTreeMap<&str, usize> {
        let field = if self.0["dry_run"] == true { "consequence" } else { "result" };
        counted(self.sockets(), field)
    }

    /// How many are skipped for each reason.
    pub(crate) fn skipped(&self) -> BTreeMap<&str, usize> {
        counted(self.0["skipped"].as_array().unwrap().iter(), "reason")
    }

    /// The cookies of those to destroy.
    pub(crate) fn cookies(&self) -> Vec<&str> {
        let mut cookies: Vec<&str> = self.sockets().map(|one| one["cookie"].as_str().unwrap()).collect();
        cookies.sort_unstable();
        cookies
    }

    /// Exactly this many were destroyed, with this consequence.
    #[track_caller]
    pub(crate) fn destroyed(&self, count: usize, consequence: &str) {
        assert_eq!(self.results(), BTreeMap::from([("destroyed", count)]), "{:#}", self.0);
        assert!(self.sockets().all(|one| one["consequence"] == consequence), "{:#}", self.0);
    }
}

fn counted<'a>(all: impl Iterator<Item = &'a Value>, field: &str) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    all.for_each(|one| *counts.entry(one[field].as_str().unwrap()).or_default() += 1);
    counts
}

/// The words of a command line of `kill`, apart at blanks, and more of them.
pub(crate) fn arguments<'a>(words: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    ["kill"].into_iter().chain(words.split(' ')).chain(more.iter().copied()).collect()
}
