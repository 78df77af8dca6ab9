//! `check`: the findings alone, with an exit status for scripts and monitors.

use std::io::Write;

use super::{
    config::RuleSet,
    examine::Examination,
    prelude::*,
    run::{FAILED, FOUND},
};
use crate::{
    archive::format::SampleScope,
    cli::check::{CheckOptions, CheckOutput},
    model::finding::Severity,
    render::findings::{
        self,
        amount::{self, Amount},
    },
    report::{
        diagnosis::{self, Diagnosis},
        overview::Overview,
        performance::performance,
    },
};

/// The status of a check that could not run, for monitors.
pub(super) const UNKNOWN: u8 = 3;

impl Task for CheckOptions {
    fn run(&self, run: Run) -> anyhow::Result<u8> {
        let scope = SampleScope { netns: run.options.netns.clone(), deep: self.sampling.deep, bound_inactive: false };
        run.on_saved_input(scope, &|run| run.check(self))
    }
}

impl Run {
    /// Checks, prints and says with which status the run ends.
    fn check(&self, options: &CheckOptions) -> anyhow::Result<u8> {
        if options.output != CheckOutput::Nagios {
            return self.check_plainly(options);
        }
        self.check_plainly(options).or_else(|error| {
            print(|out| render::check::write_nagios_failure(out, &format!("{error:#}")))?;
            Ok(UNKNOWN)
        })
    }

    fn check_plainly(&self, options: &CheckOptions) -> anyhow::Result<u8> {
        let is_json = self.options.format == Format::Json;
        let wanted = self.wanted_rules(options)?;
        if options.output == CheckOutput::Rules {
            let rows = diagnosis::rows(&wanted.rules, &wanted.settings);
            print(|out| match is_json {
                true => render::json::findings::rules(out, &rows),
                false => render::check::write_list(out, &rows, &self.words, &self.screen),
            })?;
            return Ok(DONE);
        }
        let overview = self.examine(&Examination::of(&wanted, self.closely(options.sampling), false))?;
        self.refuse_without_tcp(&overview)?;
        let overview = match options.output {
            CheckOutput::Script | CheckOutput::DropIn => without_noise(overview, &wanted),
            _ => overview,
        };
        let empty = Diagnosis::default();
        let diagnosis = overview.diagnosis.as_ref().unwrap_or(&empty);
        let status = match options.output {
            CheckOutput::Nagios => match nagios(diagnosis, &wanted) {
                DONE if self.misses_rows() => UNKNOWN,
                status => status,
            },
            CheckOutput::Script | CheckOutput::DropIn => DONE,
            _ => status(diagnosis, &wanted),
        };
        self.note_gaps(&overview.counted.gaps);
        self.write_check(options.output, &wanted, &overview, diagnosis, status)?;
        Ok(status)
    }

    fn write_check(
        &self,
        what: CheckOutput,
        wanted: &RuleSet,
        overview: &Overview,
        diagnosis: &Diagnosis,
        status: u8,
    ) -> anyhow::Result<()> {
        let (words, screen, all) = (&self.words, &self.screen, self.options.verbose);
        let figures = performance(diagnosis, &diagnosis::rows(&wanted.rules, &wanted.settings), overview.tcp());
        print(|out| match what {
            CheckOutput::Nagios => render::check::write_nagios(out, diagnosis, &figures, status, words, screen),
            CheckOutput::Script => render::check::write_script(out, &overview.host, diagnosis, words, screen),
            CheckOutput::DropIn => render::check::write_drop_in(out, &overview.host, diagnosis, words, screen),
            _ if self.options.format == Format::Json => render::json::overview(out, overview),
            _ => {
                let write = |out: &mut dyn Write, amount: &Amount| {
                    findings::write(out, diagnosis, words, screen, amount, true)?;
                    if !diagnosis.findings.is_empty() {
                        writeln!(out)?;
                    }
                    if amount.all {
                        findings::write_not_checked(out, diagnosis, words, screen)?;
                    }
                    findings::write_verdict(out, diagnosis, words, screen, (!amount.all).then_some("sockdoc check"))
                };
                amount::fitted(out, screen, all, &write)
            }
        })
    }
}

/// Rules whose settings are written only on request: the configuration that they report is usually intended.
const ONLY_IF_NAMED: [&str; 1] = ["listener-in-port-range"];

/// The findings whose settings are written.
fn without_noise(mut overview: Overview, wanted: &RuleSet) -> Overview {
    let is_meant = |rule: &str| !ONLY_IF_NAMED.contains(&rule) || wanted.named.contains(&rule);
    if let Some(diagnosis) = &mut overview.diagnosis {
        diagnosis.findings.retain(|finding| is_meant(finding.rule));
    }
    overview
}

/// Whether a finding is as bad as was asked for.
fn has_failed(diagnosis: &Diagnosis, wanted: &RuleSet) -> bool {
    diagnosis.worst().is_some_and(|worst| worst >= wanted.fail_on)
}

/// The exit status of a verdict.
pub(super) fn status(diagnosis: &Diagnosis, wanted: &RuleSet) -> u8 {
    if wanted.fail_on_unchecked && !diagnosis.not_checked.is_empty() {
        FAILED
    } else if has_failed(diagnosis, wanted) {
        FOUND
    } else {
        DONE
    }
}

/// 2 critical, 1 any other finding that counts, 3 where a rule that was named, or any with `--fail-on-unchecked`, could
/// not be checked. A finding outweighs a rule that was not checked.
fn nagios(diagnosis: &Diagnosis, wanted: &RuleSet) -> u8 {
    let is_named = |rule: &str| wanted.fail_on_unchecked || wanted.named.contains(&rule);
    if has_failed(diagnosis, wanted) {
        return if diagnosis.worst() == Some(Severity::Critical) { 2 } else { 1 };
    }
    if diagnosis.not_checked.iter().any(|one| is_named(one.rule)) { UNKNOWN } else { DONE }
}
