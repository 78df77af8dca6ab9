//! `-K` of `list` and `ss`: destroys the listed sockets with the guards of `kill`, and shows those that it destroyed.

use std::sync::atomic::{AtomicU8, Ordering};

use super::sorted;
use crate::{
    app::{
        list::plan::ListPlan,
        prelude::*,
        run::{FOUND, tell},
    },
    cli::{kill::MOST, list::ListOptions},
    destroy::KernelDestroyer,
    filter,
    model::{entry::Entry, kill::DestroyResult, shell::ShellCommand},
    render::{kill::KillWords, list::PortNames},
    report::kill::KillRules,
};

/// The command whose options messages offer; `ss` has none of them.
const COMMAND: &str = "sockdoc kill ";

/// Destroys the permitted sockets of a namespace, and returns those that were destroyed.
pub(in crate::app) type KillListed<'a> =
    &'a (dyn Fn(&mut dyn Source, &Known, &[Entry]) -> anyhow::Result<Vec<Entry>> + Sync);

impl Run {
    /// `list -K`.
    pub(in crate::app) fn list_killed(&self, options: &ListOptions) -> anyhow::Result<u8> {
        let modes = [("-D", options.diag_file.is_some()), ("-s", options.summary), ("-E", options.events)];
        self.refuse_unconfirmed(options.yes, &options.filter, &modes)?;
        let mut scope = self.scope_of_kill()?;
        let mut plan = self.plan(options, &scope)?;
        let names_of = plan.services.take();
        let name_of = |netid, port| names_of.as_ref()?.name(netid, port);
        self.write_killed(&mut plan, &mut scope, names_of.is_some().then_some(&name_of), &filter::join(&options.filter))
    }

    /// Refuses `-K` without `--yes`, and with options that show no sockets.
    pub(in crate::app) fn refuse_unconfirmed(
        &self,
        yes: bool,
        filter: &[String],
        modes: &[(&'static str, bool)],
    ) -> anyhow::Result<()> {
        if let Some((option, _)) = modes.iter().find(|(_, is_given)| *is_given) {
            return Err(anyhow!(self.words.say(messages::ERROR_KILL_MODE, &[("option", words(*option))])));
        }
        if yes {
            return Ok(());
        }
        let command = ShellCommand::new("sockdoc kill ").outside(&filter::join(filter));
        let command = command.unwrap_or_else(|| ShellCommand::new("sockdoc kill FILTER"));
        Err(anyhow!(self.words.say(messages::ERROR_KILL_YES, &[("command", words(command.to_string()))])))
    }

    /// Destroys the sockets of a plan and lists those that this destroyed. Sockets left alone are named on stderr.
    pub(in crate::app) fn write_killed<'a>(
        &self,
        plan: &'a mut ListPlan<'_>,
        scope: &mut Scope,
        names: Option<&'a PortNames<'a>>,
        typed: &str,
    ) -> anyhow::Result<u8> {
        // A state that was not named does not justify destroying a listener.
        let is_named = plan.filter.names_states || plan.options.states.is_some();
        let rules = KillRules {
            udp: true,
            listeners: is_named,
            time_wait: is_named,
            orphans: true,
            remote_access: plan.options.include_ssh,
            unknown_owner: plan.options.include_unknown,
            most: MOST,
            ..KillRules::default()
        };
        self.restrict(plan, scope, &rules)?;
        plan.needs |= super::NEEDS;
        let label = scope.all_labels().into_iter().next().unwrap_or_default();
        let status = AtomicU8::new(DONE);
        let kill = |source: &mut dyn Source, known: &Known, found: &[Entry]| {
            self.refuse_unaddressable(found)?;
            let rules = rules.on(source);
            let mut report = sorted(source, found, known, &rules);
            self.limit(&report, &rules, COMMAND)?;
            let told = KillWords { catalogue: &self.words, screen: &self.screen, command: COMMAND };
            for (reason, count) in report.reasons() {
                tell(&told.skipped(reason, count));
            }
            if !report.targets.is_empty() {
                let mut destroyer = KernelDestroyer::new();
                self.may_destroy(&mut destroyer)?;
                self.destroy(&mut destroyer, source, &mut report, typed, &label);
            }
            if report.gone() < report.targets.len() {
                status.store(FOUND, Ordering::Relaxed);
            }
            for target in &report.targets {
                if let Some(result) = target.result.filter(|result| !result.is_gone()) {
                    tell(&told.left(&target.entry, result));
                }
            }
            let destroyed = report.targets.into_iter().filter(|target| target.result == Some(DestroyResult::Destroyed));
            Ok(destroyed.map(|target| target.entry).collect())
        };
        self.write_list(plan, scope, names, Some(&kill))?;
        Ok(status.load(Ordering::Relaxed))
    }
}
