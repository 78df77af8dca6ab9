//! `list`: from the options to the rows.

pub(super) mod plan;

use std::{
    cell::RefCell,
    collections::HashMap,
    io::{IsTerminal, Write},
};

use self::plan::{ListPlan, shown};

use super::{gaps::Refuse, kill::listed::KillListed, prelude::*, rows::Rows, stdout};
use crate::{
    cli::list::ListOptions,
    collect::{entries, query::DumpQuery},
    model::{
        entry::Entry,
        family::{Family, Netid},
        gap::{What, Why},
    },
    render::{
        list::{Listing, PortNames, Shown},
        screen::Screen,
    },
};

impl Task for ListOptions {
    fn run(&self, mut run: Run) -> anyhow::Result<u8> {
        if self.kill {
            return run.list_killed(self);
        }
        if self.events {
            return run.list_events(self).map(|()| DONE);
        }
        // As in ss, an environment variable may name a dump that replaces the kernel.
        run.options.from = run.options.from.take().or(run.tcpdiag_file.take());
        let output = self.diag_file.as_deref().map(|path| (path, run.options.force));
        run.on_input_to(output, &|run| {
            match self.summary {
                true if self.compat.is_some() => run.summary_of_ss(),
                true => run.summary(),
                false => run.list(self),
            }?;
            Ok(DONE)
        })
    }
}

impl Run {
    /// Lists sockets.
    fn list(&self, options: &ListOptions) -> anyhow::Result<()> {
        let tcp_only;
        let mut options = options;
        if self.input.is_tcp_only() {
            if options.named.iter().any(|netid| *netid != Netid::Tcp) {
                return Err(anyhow!(self.words.text(messages::ERROR_FROM_TCP)));
            }
            tcp_only = ListOptions { netids: vec![Netid::Tcp], ..options.clone() };
            options = &tcp_only;
        }
        if let Some(path) = &options.diag_file {
            if !options.netids.is_empty() && !options.netids.contains(&Netid::Tcp) {
                return Err(anyhow!(self.words.text(messages::ERROR_FROM_TCP)));
            }
            return self.dump(options, path);
        }
        let mut scope = self.scope()?;
        let mut source = self.input.source();
        let plan = self.plan(options, &scope)?;
        self.refuse_absent(&mut *source, &plan)?;
        if options.show.contexts && !collect::host::has_contexts(&*source) {
            return Err(anyhow!(self.words.text(messages::ERROR_NO_CONTEXTS)));
        }
        if options.show.tipc_info && !plan.netids.contains(&Netid::TipcStream) {
            return Err(anyhow!(self.words.text(messages::ERROR_TIPCINFO)));
        }
        let is_own = options.compat.is_none();
        let is_shallow = is_own && self.input.recorded().is_some_and(|recorded| !recorded.deep);
        if is_shallow && (options.show.info || options.show.memory) {
            self.note(&self.words.text(messages::NOTE_NO_INFO));
        }
        self.note_hidden(&plan);
        // The habit of `netstat -rn`.
        if is_own && options.show.numeric && options.show.host_names {
            self.note(&self.words.text(messages::NOTE_ROUTES));
        }
        // This program's own netlink socket does not belong to the host: otherwise one more, beside that of the walk,
        // would be listed.
        drop(source);
        let name_of = |netid, port| plan.services.as_ref()?.name(netid, port);
        let gaps = self.write_list(&plan, &mut scope, plan.services.is_some().then_some(&name_of), None)?;
        self.note_gaps(&gaps);
        // A text lacks many protocols; only requested ones are reported.
        let asked = plan.asked();
        let is_asked = |gap: &&Gap| matches!(gap.what, What::Sockets(protocol) if asked.contains(&protocol));
        if self.is_pasted() {
            gaps.iter().filter(is_asked).for_each(|gap| self.note(&self.loss(gap)));
        }
        Ok(())
    }

    /// Writes the rows of a plan, with names of ports if requested, or those that `kill` destroys; reports gaps unless the output is that of another
    /// program.
    pub(super) fn write_list<'a>(
        &self,
        plan: &'a ListPlan<'_>,
        scope: &mut Scope,
        names: Option<&'a PortNames<'a>>,
        kill: Option<KillListed<'_>>,
    ) -> anyhow::Result<Vec<Gap>> {
        let source = self.input.source();
        let mut out = stdout::open()?;
        let mut gaps = Vec::new();
        let labels = scope.all_labels();
        let several = scope.several;
        let labelled = several || plan.needs.contains(Needs::NETNS);
        let shown = Shown { blanks: source.blanks(), ..shown(plan, several, names) };
        // This program's own netlink socket does not belong to the host: otherwise one more, beside that of the walk,
        // would be listed.
        drop(source);
        let mut writer = |bytes: &[u8]| out.write_all(bytes);
        let mut pipe = Pipe(&mut writer);
        let screen = self.screen_of(plan);
        let mut listing = Listing::new(&mut pipe, self.options.format, shown, &self.words, &screen);
        scope.in_turn(&*self.input, &mut |source, number| {
            let label = if labelled { labels.get(number).cloned() } else { None };
            let known = Known::read(source, plan.needs, label);
            list_one(source, plan, (&known, kill), number, &mut listing, &mut gaps)
        })?;
        if plan.options.compat.is_some() {
            gaps.clear();
        } else {
            // A family that was not requested and that this kernel lacks has no sockets: nothing is missing.
            let asked = plan.asked();
            gaps.retain(|gap| !is_lack_of_others(gap, &asked));
            gaps = self.all_gaps(gaps, scope, &Refuse::Nothing)?;
        }
        let documents: Vec<_> = gaps.iter().map(crate::render::json::gap).collect();
        listing.finish(&documents)?;
        out.flush()?;
        Ok(gaps)
    }

    /// Where a listing goes: another program breaks lines where the terminal does.
    pub(super) fn screen_of(&self, plan: &ListPlan<'_>) -> Screen {
        let exact = plan.options.compat.map(|_| Screen { width: stdout::reported_width().unwrap_or(0), ..self.screen });
        exact.map_or(self.screen, |exact| Screen { terminal: exact.terminal && exact.width > 0, ..exact })
    }

    /// A family that was asked for by name and that this kernel lacks is an error, before anything is written.
    fn refuse_absent(&self, source: &mut dyn Source, plan: &ListPlan<'_>) -> anyhow::Result<()> {
        for protocol in plan.asked() {
            if matches!(protocol, Protocol::Tcp | Protocol::Udp | Protocol::Raw | Protocol::Unix) {
                continue;
            }
            let gaps = entries::entries(source, protocol, &DumpQuery::states(StateSet::ALL), &mut |_| {});
            if let Some(gap) = gaps.iter().find(|gap| gap.is_loss()) {
                return Err(anyhow!(self.loss(gap)));
            }
        }
        if plan.is_bound_alone() {
            let kernel = collect::host::kernel_version(source);
            let ask = DumpQuery { bound_inactive: true, kernel, ..DumpQuery::states(StateSet::EMPTY) };
            self.refuse_losses(entries::entries(source, Protocol::Tcp, &ask, &mut |_| {}).iter())?;
        }
        Ok(())
    }

    /// `ss` silently leaves out small records and listeners; a person gets a note.
    fn note_hidden(&self, plan: &ListPlan<'_>) {
        if plan.options.compat.is_none() && plan.states_are_default() && io::stderr().is_terminal() {
            self.note(&self.words.text(messages::NOTE_HIDDEN_STATES));
        }
    }
}

/// IPv6 sockets that are kept until those of IPv4 are written.
const MOST_WAITING: usize = 16 * 1024;

/// Lists the sockets of one namespace.
fn list_one(
    source: &mut dyn Source,
    plan: &ListPlan<'_>,
    (known, kill): (&Known, Option<KillListed<'_>>),
    number: usize,
    listing: &mut Listing<'_, '_>,
    gaps: &mut Vec<Gap>,
) -> anyhow::Result<()> {
    let kernel = crate::collect::host::kernel_version(source);
    let told = source.host_names().into_iter().map(|(address, name)| (address, Some(name)));
    let told: HashMap<_, _> = told.collect();
    let hosts = (plan.options.show.host_names || !told.is_empty()).then(|| RefCell::new(told));
    let rows = Rows {
        known,
        interfaces: source.interface_names(),
        hosts,
        resolves: plan.options.show.host_names,
        programs: Default::default(),
    };
    let mut kept: Vec<Entry> = Vec::new();
    let keeps = plan.sort.is_some() || kill.is_some();
    let mut failed: Option<io::Error> = None;
    gaps.extend(known.gaps());
    for &protocol in &plan.protocols {
        let mut dump = plan.tcp_dump.as_ref().filter(|_| protocol == Protocol::Tcp);
        let mut ask = plan.query(protocol, kernel, number);
        if dump.is_some() {
            ask = DumpQuery { states: StateSet::ALL, family: None, as_ss: false, ..ask };
        }
        let mut scratch = (Vec::new(), Vec::new());
        // While the kernel answers nothing else can be read: the few netlink sockets wait for their names.
        let named = plan.programs && protocol == Protocol::Netlink;
        let mut waiting: Vec<Entry> = Vec::new();
        let mut queries = vec![ask];
        while let Some(mut ask) = queries.pop() {
            // One walk gives the rows of ss, too, where those of IPv6 wait; too many of them are walked for again.
            let at_once = ask.as_ss && protocol == Protocol::Tcp && ask.family.is_none() && !ask.needs.details();
            ask.as_ss &= !at_once;
            let mut are_too_many = false;
            let asked: &mut dyn Source = match &mut dump {
                Some(dump) => dump,
                None => &mut *source,
            };
            let found = entries::entries(asked, protocol, &ask, &mut |entry| {
                if failed.is_some() || !plan.netids.contains(&entry.netid) || !plan.filter.takes(entry, known) {
                    return;
                }
                if at_once && entry.family == Family::Inet6 {
                    are_too_many |= waiting.len() == MOST_WAITING;
                    if !are_too_many {
                        waiting.push(entry.clone());
                    }
                } else if named {
                    waiting.push(entry.clone());
                } else if keeps {
                    kept.push(entry.clone());
                } else if let Err(error) = rows.write(listing, entry, &mut scratch) {
                    failed = Some(error);
                }
            });
            gaps.extend(found);
            if let Some(error) = failed.take() {
                return Err(error.into());
            }
            if are_too_many {
                waiting.clear();
                queries.push(DumpQuery { family: Some(Family::Inet6), ..ask });
            }
        }
        for entry in waiting {
            rows.name(&entry, source);
            if keeps {
                kept.push(entry);
            } else {
                rows.write(listing, &entry, &mut scratch)?;
            }
        }
    }
    if let Some(kill) = kill {
        kept = kill(source, known, &kept)?;
    }
    if let Some(order) = plan.sort {
        let first = |inode: u32| known.owners.as_ref()?.of(inode).first().map(|holder| holder.pid);
        order.sort(&mut kept, Some(&first));
    }
    let mut scratch = (Vec::new(), Vec::new());
    for entry in &kept {
        rows.write(listing, entry, &mut scratch)?;
    }
    Ok(())
}

/// A family of sockets that this kernel lacks and the command line does not name.
fn is_lack_of_others(gap: &Gap, asked: &[Protocol]) -> bool {
    match (gap.what, &gap.why) {
        (What::Sockets(protocol), Why::NotAvailable(_)) => !asked.contains(&protocol),
        _ => false,
    }
}

/// Writes through to the standard output that is flushed apart.
struct Pipe<'a>(&'a mut (dyn FnMut(&[u8]) -> io::Result<()> + Send));

impl Write for Pipe<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (self.0)(bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
