//! The corpus of the proofs: each fault and each healthy twin from the lab, with its permanent verdict.
//!
//! `SOCKDOC_CORPUS="$PWD/tests/fixtures/recordings/rules" cargo test --test rules -- --include-ignored` records it anew.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{fs, json, sockdoc};

#[path = "../lab/verdict.rs"]
mod verdict;

fn corpus() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/recordings/rules");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|file| file.extension().is_some_and(|end| end == "sockdoc")).collect();
    files.sort();
    files
}

#[test]
fn every_fault_and_every_twin_gives_its_verdict() {
    let mut wrong = Vec::new();
    let files = corpus();
    for file in &files {
        let expected: Value = serde_json::from_slice(&fs::read(file.with_extension("json")).unwrap()).unwrap();
        let mut arguments: Vec<&str> =
            expected["arguments"].as_array().unwrap().iter().flat_map(Value::as_str).collect();
        arguments.extend(["--from", file.to_str().unwrap()]);
        let given = verdict::of(&json(&arguments, b""));
        if given != expected["findings"] {
            wrong.push(format!("{}: {given:#}\nand not {:#}", file.display(), expected["findings"]));
        }
        let is_twin = file.to_str().unwrap().ends_with("twin.sockdoc");
        assert_eq!(is_twin, expected["findings"] == Value::Array(Vec::new()), "{}", file.display());
    }
    assert!(files.len() > 150, "{}", files.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_recording_of_a_proof_can_be_listed_and_shown() {
    for file in corpus() {
        let path = file.to_str().unwrap();
        for arguments in [&["--from", path][..], &["list", "-ta", "--from", path], &["diff", path, path]] {
            let ran = sockdoc(arguments, b"");
            assert_eq!(ran.code, Some(0), "{arguments:?}: {}", ran.stderr);
        }
    }
}
