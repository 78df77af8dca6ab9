//! The results as Markdown: the same text on the screen and in the file.

use std::fmt::Write as _;

use crate::agree;
use crate::host;
use crate::measure::{Cost, Pairs};
use crate::plan::{self, Kind, Settings};
use crate::world::Outcome;

/// Bytes that the static release binary may have.
const BINARY_BUDGET: u64 = 5_500_000;

/// One budget and its measurement.
pub(crate) struct Verdict {
    subject: String,
    measured: f64,
    budget: f64,
    unit: &'static str,
}

impl Verdict {
    /// Whether the budget is kept.
    pub(crate) fn holds(&self) -> bool {
        self.measured <= self.budget
    }

    fn word(&self) -> &'static str {
        if self.holds() { "ok" } else { "over" }
    }
}

/// Every budget that speaks of something measured here.
pub(crate) fn verdicts(outcomes: &[Outcome], settings: &Settings) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    for outcome in outcomes {
        for pair in &outcome.pairs {
            verdicts.extend(pair_verdict(outcome, pair));
        }
        for cost in &outcome.costs {
            verdicts.extend(memory_verdict(outcome, cost));
        }
    }
    if !settings.floor_only {
        verdicts.push(Verdict {
            subject: "size of the binary".to_owned(),
            measured: host::binary_bytes(settings) as f64,
            budget: BINARY_BUDGET as f64,
            unit: " bytes",
        });
    }
    verdicts
}

/// All tables.
pub(crate) fn markdown(outcomes: &[Outcome], verdicts: &[Verdict], skipped: &[&str], settings: &Settings) -> String {
    let mut text = String::from(
        "# Measured\n\n\
         Written by `cargo bench --bench states -- --all --write`; method: `README.md` beside this file.\n\
         Times are medians in milliseconds of whole processes, from spawn to exit. A ratio is the median of the pairwise\n\
         ratios, command by reference, with the middle half of them in brackets: ratios are what to trust.\n\n",
    );
    for (name, value) in host::facts(settings) {
        let _ = writeln!(text, "- {name}: {value}");
    }
    if !skipped.is_empty() {
        let _ = writeln!(text, "- Not installed, their rows are missing: {}", skipped.join(", "));
    }
    summary(&mut text, verdicts);
    ratios(&mut text, outcomes);
    costs(&mut text, outcomes);
    instructions(&mut text, outcomes);
    counts(&mut text, outcomes);
    text
}

fn summary(text: &mut String, verdicts: &[Verdict]) {
    let over: Vec<&Verdict> = verdicts.iter().filter(|verdict| !verdict.holds()).collect();
    let _ = writeln!(text, "\n{} of {} budgets kept.", verdicts.len() - over.len(), verdicts.len());
    for verdict in over {
        let Verdict { subject, measured, budget, unit } = verdict;
        let _ = writeln!(text, "- over: {subject}: {measured:.2}{unit}, budget {budget:.2}{unit}");
    }
}

fn ratios(text: &mut String, outcomes: &[Outcome]) {
    text.push_str(
        "\n## Ratios\n\n\
         | world | sockets | command | against | pairs | ms | reference ms | ratio | budget | |\n\
         |---|--:|---|---|--:|--:|--:|--:|--:|---|\n",
    );
    for outcome in outcomes {
        for pair in &outcome.pairs {
            let (low, high) = pair.quartiles();
            let verdict = pair_verdict(outcome, pair);
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} | {:.2} | {:.2} | **{:.3}** ({low:.3}–{high:.3}) | {} | {} |",
                outcome.world,
                outcome.sockets,
                code(&pair.command),
                code(&pair.reference),
                pair.ratios.len(),
                pair.command_ms,
                pair.reference_ms,
                pair.ratio(),
                verdict.as_ref().map_or_else(String::new, |v| format!("{:.2}", v.budget)),
                verdict.as_ref().map_or("", Verdict::word),
            );
        }
    }
}

fn costs(text: &mut String, outcomes: &[Outcome]) {
    text.push_str(
        "\n## CPU time and peak memory\n\n\
         Of a pipeline: CPU time of all its processes, memory of the largest one. No peak can be seen below that of the\n\
         process which starts the commands; such a one is marked with ≤. The share of user mode is a mean, sampled by the\n\
         kernel: rough where a run takes a few milliseconds.\n\n\
         | world | sockets | command | runs | ms | CPU ms | of it user | peak MiB | budget | |\n\
         |---|--:|---|--:|--:|--:|--:|--:|--:|---|\n",
    );
    for outcome in outcomes {
        for cost in &outcome.costs {
            let verdict = memory_verdict(outcome, cost);
            let bound = if cost.peak_kib <= outcome.least_peak_kib { "≤ " } else { "" };
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {:.2} | {:.2} | {:.2} | {bound}{:.1} | {} | {} |",
                outcome.world,
                outcome.sockets,
                code(&cost.command),
                cost.runs,
                cost.wall_ms,
                cost.cpu_ms,
                cost.user_ms,
                cost.peak_kib as f64 / 1024.0,
                verdict.as_ref().map_or_else(String::new, |v| format!("{:.0}", v.budget)),
                verdict.as_ref().map_or("", Verdict::word),
            );
        }
    }
}

fn instructions(text: &mut String, outcomes: &[Outcome]) {
    let mut measured: Vec<&Outcome> = outcomes.iter().filter(|o| !o.instructions.is_empty()).collect();
    measured.sort_by_key(|outcome| outcome.sockets);
    let Some(last) = measured.last() else {
        return;
    };
    // From the smallest mix, so that starting and stopping fall out; with one mix only, from the idle world.
    let smaller = |outcome: &&&Outcome| (1..last.sockets).contains(&outcome.sockets);
    let first = measured.iter().find(smaller).unwrap_or(&measured[0]);
    text.push_str(
        "\n## Instructions outside the kernel\n\n\
         Counted by callgrind, in the idle world (0) and in the mix. Per socket: from the difference of the smallest and\n\
         the largest mix, or of the idle world and the only one.\n\n\
         | command |",
    );
    for outcome in &measured {
        let _ = write!(text, " {} |", outcome.sockets);
    }
    text.push_str(" per socket |\n|---|");
    text.push_str(&"--:|".repeat(measured.len() + 1));
    text.push('\n');
    for (row, instructions) in last.instructions.iter().enumerate() {
        let _ = write!(text, "| {} |", code(&instructions.command));
        for outcome in &measured {
            let _ = write!(text, " {} |", outcome.instructions[row].executed);
        }
        let executed = instructions.executed as f64 - first.instructions[row].executed as f64;
        let sockets = last.sockets as f64 - first.sockets as f64;
        let each = if sockets > 0.0 { format!("{:.1}", executed / sockets) } else { "–".to_owned() };
        let _ = writeln!(text, " {each} |");
    }
}

fn counts(text: &mut String, outcomes: &[Outcome]) {
    text.push_str(
        "\n## Counts compared before the timing\n\n\
         Programs that distinguish states counted these; programs that print one number counted their sum, or those in TIME_WAIT. Had one\n\
         of them differed, nothing would have been timed.\n\n\
         | world | sockets | made in | found | by |\n|---|--:|--:|---|---|\n",
    );
    for outcome in outcomes {
        let found = outcome.tallies.first().and_then(|tally| tally.states.as_ref());
        let found = found.into_iter().flatten().map(|(state, sockets)| format!("{state} {sockets}"));
        let by = outcome.tallies.iter().map(|tally| code(&tally.by));
        let _ = writeln!(
            text,
            "| {} | {} | {:.1} s | {} | {} |",
            outcome.world,
            outcome.sockets,
            outcome.build_s,
            found.collect::<Vec<_>>().join(", "),
            by.collect::<Vec<_>>().join(", "),
        );
    }
}

/// A command in code font, its bars kept from being read as columns; the floor and the makers are no commands.
fn code(name: &str) -> String {
    if name.starts_with(plan::FLOOR) || name == agree::MAKERS {
        name.to_owned()
    } else {
        format!("`{}`", name.replace('|', "\\|"))
    }
}

fn pair_verdict(outcome: &Outcome, pair: &Pairs) -> Option<Verdict> {
    let kind = Kind::of(&outcome.world)?;
    let budget = plan::budget(kind, outcome.sockets, &pair.command, &pair.reference)?;
    let subject =
        format!("{} {}: `{}` against {}", outcome.world, outcome.sockets, pair.command, code(&pair.reference));
    Some(Verdict { subject, measured: pair.ratio(), budget, unit: " ×" })
}

fn memory_verdict(outcome: &Outcome, cost: &Cost) -> Option<Verdict> {
    let kind = Kind::of(&outcome.world)?;
    let budget = plan::memory_budget_kib(kind, outcome.sockets, &cost.command)? as f64 / 1024.0;
    let subject = format!("{} {}: peak memory of `{}`", outcome.world, outcome.sockets, cost.command);
    Some(Verdict { subject, measured: cost.peak_kib as f64 / 1024.0, budget, unit: " MiB" })
}
