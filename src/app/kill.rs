//! `kill`: shows the sockets that match a filter and the consequences, and destroys them once that is confirmed.

pub(super) mod listed;

use std::{
    collections::BTreeSet,
    io::{BufRead, IsTerminal},
};

use rustix::process::{geteuid, getuid};

use super::{
    list::plan::ListPlan,
    prelude::*,
    run::{FOUND, tell},
    stdout,
};
use crate::{
    cli::{kill::KillOptions, list::ListOptions},
    collect::{entries::entries, selected::selected},
    destroy::{self, KernelDestroyer},
    filter,
    model::{
        entry::Entry, family::Netid, kill::DestroyResult, selection::Selection, shell::ShellCommand, state::State,
    },
    render::kill::KillView,
    report::kill::{ConnectionEnds, KillReport, KillRules, KillTarget, both, is_remote_access},
    system::{environment::variable, syslog},
    text::{Catalogue, Lang, system_error},
    wire::system_words,
};

/// The data that a socket needs before it may be destroyed.
const NEEDS: Needs = Needs::OWNERS.union(Needs::PLACES);

impl Task for KillOptions {
    fn run(&self, run: Run) -> anyhow::Result<u8> {
        run.kill(self)
    }
}

impl Run {
    fn kill(&self, options: &KillOptions) -> anyhow::Result<u8> {
        let mut scope = self.scope_of_kill()?;
        let list = ListOptions {
            netids: options.netids.clone(),
            families: options.families.clone(),
            filter: options.filter.clone(),
            filter_file: options.filter_file.clone(),
            ..ListOptions::default()
        };
        let mut plan = self.plan(&list, &scope)?;
        if options.netids.is_empty() && plan.filter.protocols(&[Protocol::Tcp]).is_empty() {
            plan.netids = vec![Netid::Tcp];
        }
        self.restrict(&mut plan, &scope, &options.rules)?;
        let labels = scope.all_labels();
        let typed = filter::join(&options.filter);
        let is_asked = !options.yes
            && self.options.format == Format::Table
            && options.filter_file.as_deref() != Some("-")
            && io::stdin().is_terminal()
            && io::stderr().is_terminal();
        let command = self.kill_command(options);
        let mut status = DONE;
        scope.in_turn(&*self.input, &mut |source, number| {
            let label = labels.get(number).cloned().unwrap_or_default();
            let rules = options.rules.on(source);
            let known = Known::read(source, plan.needs | NEEDS, Some(label.clone()));
            let found = self.found(source, &plan, &known, number, &rules)?;
            self.refuse_unaddressable(&found)?;
            let mut report = sorted(source, &found, &known, &rules);
            self.limit(&report, &rules, "")?;
            let host = collect::host::read(source);
            let view = |report: &KillReport, dry_run, is_shown| {
                let (netns, command) = (self.options.netns.as_deref(), command.clone());
                let view = KillView { host: host.clone(), netns, filter: &typed, dry_run, is_shown, report, command };
                print(|out| match self.options.format {
                    Format::Json => render::json::kill::write(out, &view),
                    _ => render::kill::write(out, &view, &self.words, &self.screen, self.options.verbose),
                })
            };
            let mut destroyer = KernelDestroyer::new();
            if (options.yes || is_asked) && !report.targets.is_empty() {
                self.may_destroy(&mut destroyer)?;
            }
            if !options.yes {
                view(&report, true, false)?;
                if !is_asked || report.targets.is_empty() || !self.confirms(report.targets.len()) {
                    return Ok(());
                }
            }
            self.destroy(&mut destroyer, source, &mut report, &typed, &label);
            view(&report, false, is_asked)?;
            status = if report.gone() < report.targets.len() { FOUND } else { DONE };
            Ok(())
        })?;
        Ok(status)
    }

    /// The one namespace of this kernel in which sockets are destroyed.
    pub(super) fn scope_of_kill(&self) -> anyhow::Result<Scope> {
        let refused = match () {
            () if self.options.from.is_some() => Some(messages::ERROR_KILL_FROM),
            () if self.options.netns.as_deref() == Some("all") => Some(messages::ERROR_KILL_NETNS),
            () => None,
        };
        refused.map_or_else(|| self.scope(), |message| Err(anyhow!(self.words.text(message))))
    }

    /// Leaves the tables whose sockets can be destroyed, and refuses a filter that narrows nothing.
    fn restrict(&self, plan: &mut ListPlan<'_>, scope: &Scope, rules: &KillRules) -> anyhow::Result<()> {
        plan.netids.retain(|netid| matches!(netid, Netid::Tcp | Netid::Udp));
        plan.protocols = plan.netids.iter().map(|netid| netid.protocol()).collect();
        let labels = scope.all_labels();
        let takes = |netid: Netid, state| {
            let is_wanted = state == State::LISTEN && rules.listeners || plan.states(netid.protocol()).contains(state);
            is_wanted && plan.netids.contains(&netid)
        };
        let refused = match () {
            () if plan.netids.is_empty() => messages::ERROR_KILL_TABLES,
            () if !plan.filter.narrows(labels.first().map(String::as_str), &takes) => messages::ERROR_KILL_FILTER,
            () => return Ok(()),
        };
        Err(anyhow!(self.words.text(refused)))
    }

    /// Refuses sockets that the kernel did not name by cookies: those of `/proc/net`, where it has no `sock_diag`.
    fn refuse_unaddressable(&self, found: &[Entry]) -> anyhow::Result<()> {
        let is_without = |entry: &Entry| entry.cookie == 0 && entry.state != State::BOUND_INACTIVE;
        match !found.is_empty() && found.iter().all(is_without) {
            true => Err(anyhow!(self.words.text(messages::ERROR_KILL_NO_DIAG))),
            false => Ok(()),
        }
    }

    /// The sockets that `list` shows for the filter, with the states that the options name.
    fn found(
        &self,
        source: &mut dyn Source,
        plan: &ListPlan<'_>,
        known: &Known,
        number: usize,
        rules: &KillRules,
    ) -> anyhow::Result<Vec<Entry>> {
        let mut found = Vec::new();
        for &protocol in &plan.protocols {
            let mut query = plan.query(protocol, rules.kernel, number);
            if plan.states_are_default() {
                let is_tcp = protocol == Protocol::Tcp;
                let more = [
                    (is_tcp && rules.listeners, State::LISTEN),
                    (is_tcp && rules.time_wait, State::TIME_WAIT),
                    // Never destroyed, and never passed over in silence.
                    (protocol == Protocol::Udp, State::CLOSE),
                ];
                query.states =
                    more.iter().filter(|(is_wanted, _)| *is_wanted).fold(query.states, |all, one| all.with(one.1));
            }
            let gaps = entries(source, protocol, &query, &mut |entry| {
                if plan.filter.takes(entry, known) {
                    found.push(entry.clone());
                }
            });
            self.refuse_losses(gaps.iter())?;
        }
        Ok(found)
    }

    fn limit(&self, report: &KillReport, rules: &KillRules, command: &str) -> anyhow::Result<()> {
        let count = report.targets.len();
        if count <= rules.most {
            return Ok(());
        }
        let figures = [("count", count), ("most", rules.most)].map(|(name, figure)| (name, words(figure.to_string())));
        let [count, most] = figures;
        let values = [count, most, ("command", words(command))];
        Err(anyhow!(self.words.say(messages::ERROR_KILL_MAX, &values)))
    }

    /// Tries the right on a socket made for that, before anything else is destroyed.
    fn may_destroy(&self, destroyer: &mut KernelDestroyer) -> anyhow::Result<()> {
        destroy::probe(destroyer).map_err(|error| {
            anyhow!(match error.raw_os_error() {
                Some(libc::EPERM) => self.words.text(messages::ERROR_KILL_RIGHT),
                Some(libc::EOPNOTSUPP) => self.words.text(messages::ERROR_KILL_KERNEL),
                _ => {
                    let why = words(system_error(&system_words(&error), self.words.lang()));
                    self.words.say(messages::ERROR_KILL_PROBE, &[("why", why)])
                }
            })
        })
    }

    /// Whether the number of sockets is typed.
    fn confirms(&self, count: usize) -> bool {
        let values = [("count", number(count as u64)), ("typed", words(count.to_string()))];
        stdout::write_error(format!("{} ", self.words.say(messages::KILL_PROMPT, &values)).as_bytes());
        let mut line = String::new();
        let is_typed = io::stdin().lock().read_line(&mut line).is_ok() && line.trim().parse() == Ok(count);
        if !line.ends_with('\n') {
            // The end of input leaves the cursor behind the question.
            stdout::write_error(b"\n");
        }
        if !is_typed {
            tell(&self.words.text(messages::KILL_LEFT));
        }
        is_typed
    }

    /// Destroys the sockets of the report, fills in the results, and writes them to stderr and the system log.
    fn destroy(
        &self,
        destroyer: &mut KernelDestroyer,
        source: &mut dyn Source,
        report: &mut KillReport,
        typed: &str,
        netns: &str,
    ) {
        let sockets: Vec<&Entry> = report.targets.iter().map(|target| &target.entry).collect();
        let results = destroy::all(destroyer, source, &sockets);
        if results.is_empty() {
            return;
        }
        for (target, result) in report.targets.iter_mut().zip(&results) {
            target.result = Some(*result);
        }
        let sudo = variable("SUDO_UID").filter(|uid| uid.parse::<u32>().is_ok());
        let by = sudo.map(|uid| format!(" (sudo: {uid})")).unwrap_or_default();
        let line = |catalogue: &Catalogue| {
            let destroyed = results.iter().filter(|result| **result == DestroyResult::Destroyed).count();
            let outside = |text: &str| words(visible(text.as_bytes(), false));
            catalogue.say(
                messages::KILL_AUDIT,
                &[
                    ("gone", words(destroyed.to_string())),
                    ("count", words(results.len().to_string())),
                    ("uid", words(format!("{}{by}", getuid().as_raw()))),
                    ("netns", outside(netns)),
                    ("filter", outside(typed)),
                ],
            )
        };
        tell(&line(&self.words));
        syslog::write(&line(&Catalogue::new(Lang::En)));
    }

    /// The command that acts; `None` where a name cannot be a word of it.
    fn kill_command(&self, options: &KillOptions) -> Option<ShellCommand> {
        let is_root = geteuid().is_root();
        let mut command = ShellCommand::new(if is_root { "sockdoc kill" } else { "sudo sockdoc kill" });
        if let Some(netns) = &self.options.netns {
            command = command.then(" --netns=").outside(netns)?;
        }
        for name in &options.switches {
            command = command.then(" --").then(*name);
        }
        if options.rules.most != crate::cli::kill::MOST {
            command = command.then(" --max=").then(options.rules.most as u64);
        }
        if let Some(path) = &options.filter_file {
            command = command.then(" -F ").outside(path)?;
        }
        if !options.filter.is_empty() {
            command = command.then(" ").outside(&filter::join(&options.filter))?;
        }
        Some(command.then(" --yes"))
    }
}

impl KillRules {
    /// Adds this session's connection and this host's kernel version.
    fn on(self, source: &dyn Source) -> KillRules {
        let session = variable("SSH_CONNECTION").and_then(|text| session(&text));
        KillRules { session, kernel: collect::host::kernel_version(source), ..self }
    }
}

/// The ends of `SSH_CONNECTION`: the client's address and port, then the server's.
fn session(text: &str) -> Option<ConnectionEnds> {
    let mut parts = text.split(' ');
    let mut end = || Some((parts.next()?.split('%').next()?.parse().ok()?, parts.next()?.parse().ok()?));
    let client = end()?;
    Some([end()?, client])
}

/// Parts the sockets that may be destroyed from the others.
fn sorted(source: &mut dyn Source, found: &[Entry], known: &Known, rules: &KillRules) -> KillReport {
    let remote = match found.is_empty() || rules.remote_access {
        true => BTreeSet::new(),
        false => remote_access(source, known, rules.kernel),
    };
    let mut report = KillReport::default();
    for entry in found {
        let target = KillTarget::new(entry, known);
        match rules.skips(entry, known, &remote) {
            Some(reason) => report.skipped.push((target, reason)),
            None => report.targets.push(target),
        }
    }
    report
}

/// The connections by which somebody may administer this host. The filter may take their other ends alone, which are on
/// this host where somebody logs in from here.
fn remote_access(source: &mut dyn Source, known: &Known, kernel: Option<(u32, u32)>) -> BTreeSet<ConnectionEnds> {
    let mut remote = BTreeSet::new();
    let selection = Selection::tcp(StateSet::of(State::ESTABLISHED)).with_protocols(&[Protocol::Tcp, Protocol::Udp]);
    // The filter has reported these gaps already.
    let _gaps = selected(source, &selection, &Filter::everything(), known, NEEDS, kernel, &mut |entry| {
        if is_remote_access(entry, known) {
            remote.extend(both(entry));
        }
    });
    remote
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_is_read_from_the_server_s_side() {
        let ends = |local: &str, peer: &str| Some([(local.parse().unwrap(), 22), (peer.parse().unwrap(), 51022)]);
        assert_eq!(session("10.0.0.5 51022 10.0.0.1 22"), ends("10.0.0.1", "10.0.0.5"));
        assert_eq!(session("fe80::5%eth0 51022 fe80::1%eth0 22"), ends("fe80::1", "fe80::5"));
        for text in ["", "UNKNOWN 65535 UNKNOWN 65535", "10.0.0.5 51022 10.0.0.1"] {
            assert_eq!(session(text), None);
        }
    }
}
