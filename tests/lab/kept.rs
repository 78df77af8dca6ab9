//! A recording of a run: its output comes out of the file again, byte for byte, and a redacted copy gives the same
//! verdict except for names.
//!
//! With `SOCKDOC_CORPUS=FOLDER` the redacted copy is left there, with what it gives: the corpus that `tests/recording.rs`
//! replays on each run.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::program::{self, Said};
use super::verdict;

/// Where the corpus is to be written.
const CORPUS: &str = "SOCKDOC_CORPUS";

/// A file with what one look saw, gone with it.
pub(crate) struct Kept(PathBuf);

impl Kept {
    /// Nothing kept yet.
    pub(crate) fn new() -> Self {
        Self(std::env::temp_dir().join(format!("sockdoc-kept-{}.sockdoc", std::process::id())))
    }

    /// The file.
    pub(crate) fn path(&self) -> &str {
        self.0.to_str().expect("a path")
    }

    /// Replay prints the output of the run that saved the file: `args` are those of the run, without `--save`.
    #[track_caller]
    pub(crate) fn gives(&self, args: &[String], said: &Said, name: &str) {
        let again = self.replayed(args, self.path());
        assert_eq!(again.stdout, said.stdout, "what {args:?} gives from the file: {}", again.stderr);
        assert_eq!(again.code, said.code, "{args:?}: {again:?}");
        let redacted = self.path().replace(".sockdoc", "-redacted.sockdoc");
        let copied = program::run(&["record", "--from", self.path(), "--redact", "-o", &redacted]);
        assert_eq!(copied.code, Some(0), "{copied:?}");
        let given_away = self.replayed(args, &redacted);
        assert_eq!(verdict(&given_away), verdict(said), "redacted: {}", given_away.stderr);
        // The remedied fault is as healthy as the twin.
        if let Some(folder) = std::env::var_os(CORPUS).filter(|_| !name.ends_with("remedied")) {
            let folder = PathBuf::from(folder);
            fs::copy(&redacted, folder.join(format!("{name}.sockdoc"))).expect("a copy");
            let expected = json!({"arguments": args, "findings": verdict(&given_away)});
            fs::write(folder.join(format!("{name}.json")), format!("{expected}\n")).expect("an expectation");
        }
        let _ = fs::remove_file(redacted);
    }

    #[track_caller]
    fn replayed(&self, args: &[String], path: &str) -> Said {
        let mut args: Vec<&str> = args.iter().map(String::as_str).collect();
        args.extend(["--from", path]);
        program::run(&args)
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[track_caller]
fn verdict(said: &Said) -> Value {
    let document = serde_json::from_str(&said.stdout).unwrap_or_else(|error| panic!("{error}: {said:?}"));
    verdict::of(&document)
}
