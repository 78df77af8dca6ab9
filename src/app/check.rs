//! `check`: the findings alone, with an exit status for scripts and monitors.

use super::{DONE, FAILED, FOUND, Run, Task, config::Wanted, doctor::Plan, print};
use crate::{
    archive::format::Look,
    cli::{
        check::{CheckOptions, CheckOutput},
        options::LookOptions,
    },
    collect::snapshot::Depth,
    model::finding::Severity,
    render::{self, findings, format::Format},
    report::{
        diagnosis::{self, Diagnosis},
        overview::Overview,
    },
    source::Source,
};

/// What a monitor takes for a check that could not be made.
pub(super) const UNKNOWN: u8 = 3;

impl Task for CheckOptions {
    fn run(&self, run: Run) -> anyhow::Result<u8> {
        let look = Look { netns: run.options.netns.clone(), deep: self.look.deep, bound_inactive: false };
        run.on_saved_source(look, &|run, source| run.check(source, self))
    }
}

impl Run {
    /// How closely to look: a recording is looked at as closely as it was made.
    pub(super) fn closely(&self, asked: LookOptions) -> LookOptions {
        LookOptions { deep: asked.deep || self.way.is_deep(), ..asked }
    }

    /// Checks, prints and says with which status the run ends.
    fn check(&self, source: &mut dyn Source, options: &CheckOptions) -> anyhow::Result<u8> {
        if options.output != CheckOutput::Nagios {
            return self.check_plainly(source, options);
        }
        self.check_plainly(source, options).or_else(|error| {
            print(|out| render::check::write_nagios_failure(out, &format!("{error:#}")))?;
            Ok(UNKNOWN)
        })
    }

    fn check_plainly(&self, source: &mut dyn Source, options: &CheckOptions) -> anyhow::Result<u8> {
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
        let overview = self.examine(source, &plan(&wanted, self.closely(options.look), false))?;
        self.refuse_without_tcp(&overview)?;
        let empty = Diagnosis::default();
        let diagnosis = overview.diagnosis.as_ref().unwrap_or(&empty);
        let status = match options.output {
            CheckOutput::Nagios => nagios(diagnosis, &wanted),
            CheckOutput::Script | CheckOutput::DropIn => DONE,
            _ => status(diagnosis, &wanted),
        };
        self.note_gaps(&overview.counted.gaps);
        self.write_check(options.output, &overview, diagnosis, status)?;
        Ok(status)
    }

    fn write_check(
        &self,
        what: CheckOutput,
        overview: &Overview,
        diagnosis: &Diagnosis,
        status: u8,
    ) -> anyhow::Result<()> {
        let (words, screen, all) = (&self.words, &self.screen, self.options.verbose);
        print(|out| match what {
            CheckOutput::Nagios => render::check::write_nagios(out, diagnosis, status, words, screen),
            CheckOutput::Script => render::check::write_script(out, &overview.host, diagnosis, words),
            CheckOutput::DropIn => render::check::write_drop_in(out, &overview.host, diagnosis, words),
            _ if self.options.format == Format::Json => render::json::overview(out, overview),
            _ => {
                findings::write(out, diagnosis, words, screen, all, true)?;
                if !diagnosis.findings.is_empty() {
                    writeln!(out)?;
                }
                if all {
                    findings::write_not_checked(out, diagnosis, words, screen)?;
                }
                findings::write_verdict(out, diagnosis, words, screen, "sockdoc check")
            }
        })
    }
}

/// The rules for which a socket that is bound and unused counts.
const COUNT_BOUND: [&str; 3] = ["bound-inactive", "port-exhaustion", "port-range-pressure"];

/// How the rules are asked. What costs more is done for a rule that was named, too.
pub(super) fn plan(wanted: &Wanted, look: LookOptions, bound_inactive: bool) -> Plan {
    let is_named = |name: &str| wanted.named.contains(&name);
    Plan {
        rules: wanted.rules.clone(),
        settings: wanted.settings.clone(),
        depth: Depth {
            deep: look.deep,
            descriptors: look.deep || is_named("closed-fd-leak"),
            bound_inactive: look.deep || bound_inactive || COUNT_BOUND.iter().any(|name| is_named(name)),
        },
        waits: look.wait.into_iter().collect(),
        bound_inactive,
    }
}

/// Whether a finding is as bad as was asked for.
fn has_failed(diagnosis: &Diagnosis, wanted: &Wanted) -> bool {
    diagnosis.worst().is_some_and(|worst| worst >= wanted.fail_on)
}

fn status(diagnosis: &Diagnosis, wanted: &Wanted) -> u8 {
    if wanted.fail_on_unchecked && !diagnosis.not_checked.is_empty() {
        FAILED
    } else if has_failed(diagnosis, wanted) {
        FOUND
    } else {
        DONE
    }
}

/// 2 critical, 1 any other finding that counts, 3 where a rule that was named, or any with `--fail-on-unchecked`, could
/// not be checked. What is known to be wrong outweighs what is not known.
fn nagios(diagnosis: &Diagnosis, wanted: &Wanted) -> u8 {
    let is_named = |rule: &str| wanted.fail_on_unchecked || wanted.named.contains(&rule);
    if has_failed(diagnosis, wanted) {
        return if diagnosis.worst() == Some(Severity::Critical) { 2 } else { 1 };
    }
    if diagnosis.not_checked.iter().any(|one| is_named(one.rule)) { UNKNOWN } else { DONE }
}
