//! `docs/proofs.md`: the table of all proofs and myths, made from their list.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use libtest_mimic::Failed;
use sockdoc::rules::RULES;

use super::PROOFS;
use super::myths::MYTHS;
use super::quiet::SCENARIOS;
use super::relations::RELATIONS;
use crate::lab::proof::{Proof, Remedied};

const FILE: &str = "docs/proofs.md";
const CORPUS: &str = "tests/fixtures/recordings/rules";

/// The file holds what the list says; `SOCKDOC_REGENERATE=1` makes it so.
pub(crate) fn is_current() -> Result<(), Failed> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let text = text();
    if std::env::var_os("SOCKDOC_REGENERATE").is_some_and(|value| value == "1") {
        fs::create_dir_all(file.parent().expect("a folder"))?;
        fs::write(&file, &text)?;
    }
    if fs::read_to_string(&file).unwrap_or_default() == text {
        return Ok(());
    }
    Err(format!("{FILE} is not what the proofs say; SOCKDOC_REGENERATE=1 cargo test --test rules table rewrites it")
        .into())
}

/// Nothing is proven twice under one name, or of a rule that is not there.
pub(crate) fn names_are_right() -> Result<(), Failed> {
    let mut names = BTreeSet::new();
    let mut wrong = vec![];
    for proof in PROOFS {
        if !names.insert(proof.name()) {
            wrong.push(format!("{}: twice", proof.name()));
        }
        if sockdoc::rules::find(proof.rule).is_none() {
            wrong.push(format!("{}: no such rule", proof.rule));
        }
        for words in [proof.fault, proof.twin, proof.remedy] {
            if words.is_empty() || words.ends_with('.') || words.contains(['|', '\n']) {
                wrong.push(format!("{}: not a plain line: {words:?}", proof.name()));
            }
        }
        if let Some(rule) = sockdoc::rules::find(proof.rule) {
            let has = |severity: &str| rule.severities.iter().any(|known| known.name() == severity);
            if proof.severities.is_empty() || !proof.severities.iter().all(|severity| has(severity)) {
                wrong.push(format!("{}: not its severities: {:?}", proof.name(), proof.severities));
            }
        }
        if proof.is_slow && !proof.set.is_empty() {
            wrong.push(format!("{}: a slow proof is one at the default thresholds", proof.name()));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// Every rule of the catalogue has a proof.
pub(crate) fn every_rule_is_proven() -> Result<(), Failed> {
    let missing: Vec<&str> =
        RULES.iter().map(|rule| rule.name).filter(|name| PROOFS.iter().all(|proof| proof.rule != *name)).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("no proof of {}", missing.join(", ")).into()) }
}

/// The READMEs say how many rules are proven, and how many faults with all that follows from them.
pub(crate) fn readmes_say_how_many() -> Result<(), Failed> {
    let (rules, faults) = (RULES.len(), RELATIONS.len());
    let said = [
        ("README.md", [format!(" {rules} rules, "), format!("[{faults} faults]")]),
        ("README.zh-CN.md", [format!(" {rules} 条规则，"), format!("[{faults} 种故障]")]),
    ];
    for (file, numbers) in said {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file))?;
        if let Some(missing) = numbers.iter().find(|number| !text.contains(*number)) {
            return Err(format!("{file} does not say: {missing}").into());
        }
    }
    Ok(())
}

fn text() -> String {
    let mut text = String::from(
        "# Proofs\n\n\
         Every rule is proven on a real kernel: it fires on the fault, is silent on the healthy twin with the same\n\
         thresholds, and the remedy removes the finding. This table is generated from the tests in `tests/rules/`; a test\n\
         compares it. Those marked *slow* keep the default thresholds and run with\n\
         `cargo test --test rules -- --ignored`, the others with every run of the tests, thresholds as shown.\n\n",
    );
    text.push_str(
        "| rule | fault: it fires | twin: it is silent | remedy: it is gone | how that is shown | result | run |\n",
    );
    text.push_str("|---|---|---|---|---|---|---|\n");
    for proof in PROOFS {
        line(
            &mut text,
            &[&name(proof), proof.fault, proof.twin, proof.remedy, proof.by.words(), &result(proof), &when(proof)],
        );
    }
    text.push_str(
        "\n## Incidents\n\nFaults that form one incident: its root, and the findings that belong to it. A second fault remains a \
         separate\nincident. Without the rule of the root, the other findings are separate incidents; all disappear with the fault.\n\n\
         | fault | root | parts |\n|---|---|---|\n",
    );
    for shown in RELATIONS {
        let part = |(rule, link): &(&str, &str)| format!("`{rule}` ({link})");
        let parts: Vec<String> = shown.parts.iter().map(part).collect();
        line(&mut text, &[shown.name, &format!("`{}`", shown.root), &parts.join(", ")]);
    }
    text.push_str(
        "\n## No false alarm\n\nHealthy hosts, on which `sockdoc check` must report nothing at warning or above. Real servers, \
         healthy and broken, are in\n`docs/soak.md`.\n\n| scenario | setup |\n|---|---|\n",
    );
    for scenario in SCENARIOS {
        line(&mut text, &[scenario.name, scenario.what]);
    }
    text.push_str("\n## Myths\n\nCommon beliefs, and what the kernel does in a test.\n\n");
    text.push_str("| no. | said | shown | run |\n|---|---|---|---|\n");
    for myth in MYTHS {
        let run = if myth.is_slow { "slow" } else { "every run" };
        line(&mut text, &[&myth.number.to_string(), myth.said, myth.shown, run]);
    }
    text
}

fn name(proof: &Proof) -> String {
    match proof.variant {
        "" => format!("`{}`", proof.rule),
        variant => format!("`{}`: {variant}", proof.rule),
    }
}

/// The result that every run of it shows, or it fails.
fn result(proof: &Proof) -> String {
    let gone = if proof.by == Remedied::Harmless { "" } else { "; gone" };
    format!("fires as {}; silent{gone}", proof.severities.join(", "))
}

/// When it runs, and with which settings.
fn when(proof: &Proof) -> String {
    let mut when = String::from(if proof.is_slow { "slow" } else { "every run" });
    let settings = proof.set.iter().map(|set| format!("--set {}.{set}", proof.rule));
    let between = (!proof.between.is_empty()).then(|| format!("--for {}", proof.between));
    for argument in settings.chain(between).chain(proof.arguments.iter().map(|&argument| argument.to_owned())) {
        write!(when, ", `{argument}`").expect("a string takes all");
    }
    when
}

fn line(text: &mut String, cells: &[&str]) {
    writeln!(text, "| {} |", cells.join(" | ")).expect("a string takes all");
}

/// Each step of each proof is in the corpus that `tests/recording.rs` replays, and nothing else is.
pub(crate) fn every_proof_is_recorded() -> Result<(), Failed> {
    let steps = |proof: &'static &Proof| proof.severities.iter().chain(&["twin"]).map(|step| proof.recording(step));
    let wanted: BTreeSet<String> = PROOFS.iter().filter(|proof| proof.pasted.is_empty()).flat_map(steps).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(CORPUS);
    let names = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()));
    let names = names.collect::<Result<Vec<_>, _>>()?;
    let found: BTreeSet<String> =
        names.iter().filter_map(|name| name.strip_suffix(".sockdoc")).map(str::to_owned).collect();
    if wanted == found {
        return Ok(());
    }
    let missing: Vec<_> = wanted.difference(&found).collect();
    let more: Vec<_> = found.difference(&wanted).collect();
    Err(format!("SOCKDOC_CORPUS={CORPUS} records them: missing {missing:#?}, too many {more:#?}").into())
}
