//! `list -E`, and `ss -E`: sockets as they end, as rows of a listing.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    net::IpAddr,
    time::SystemTime,
};

use super::follow::{EventSink, INTERVAL, Joining};
use crate::{
    app::{
        list::plan::{ListPlan, shown},
        prelude::*,
        rows::Rows,
        stdout,
    },
    cli::list::ListOptions,
    collect::events::EndingFacts,
    model::{ending::Ending, family::Family},
    render::list::{Listing, PortNames},
    text::{Message, MessageValue},
};

impl Run {
    /// Lists sockets as they end, until the run is asked to end.
    pub(in crate::app) fn list_events(&self, options: &ListOptions) -> anyhow::Result<()> {
        let others = [
            (options.summary, "-s"),
            (options.diag_file.is_some(), "-D"),
            (options.sort.is_some(), "--sort"),
            (options.show.bpf_maps, "--bpf-maps"),
        ];
        if let Some((_, other)) = others.into_iter().find(|(given, _)| *given) {
            let values = [("option", words("-E")), ("other", words(other))];
            return Err(anyhow!(self.words.say(messages::ERROR_CONFLICT, &values)));
        }
        let mut scope = self.scope_of_events("list -E", false)?;
        let plan = self.plan(options, &scope)?;
        if plan.filter.is_of_living() {
            return Err(anyhow!(self.words.text(messages::ERROR_EVENTS_STATE)));
        }
        let name_of = |netid, port| plan.services.as_ref()?.name(netid, port);
        match self.follow_listed(&plan, &mut scope, plan.services.is_some().then_some(&name_of))? {
            true => Ok(()),
            false => Err(anyhow!(self.words.text(messages::ERROR_EVENTS_TABLES))),
        }
    }

    /// Follows the sockets of a plan; `false` if the kernel sends no messages about them.
    pub(in crate::app) fn follow_listed<'a>(
        &'a self,
        plan: &'a ListPlan<'_>,
        scope: &mut Scope,
        names: Option<&'a PortNames<'a>>,
    ) -> anyhow::Result<bool> {
        let is_own = plan.options.compat.is_none();
        let families = match plan.options.families.as_slice() {
            [] => &[Family::Inet, Family::Inet6][..],
            some => some,
        };
        let joining = Joining {
            families,
            netids: &plan.netids,
            interval: is_own.then_some(INTERVAL),
            needs: plan.needs | Needs::PLACES,
            info: plan.needs | Needs::INFO.when(is_own),
            end: None,
            changes: None,
        };
        let mut out = stdout::open()?;
        let screen = self.screen_of(plan);
        let shown = shown(plan, false, names);
        let mut view = ListedEvents {
            run: self,
            plan,
            listing: Listing::new(&mut out, self.options.format, shown, &self.words, &screen),
            interfaces: self.input.source().interface_names(),
            hosts: plan.options.show.host_names.then(Default::default),
        };
        let is_followed = self.follow(scope, &joining, &mut view)?;
        if is_followed {
            view.listing.finish(&[] as &[()])?;
        }
        Ok(is_followed)
    }
}

/// A listing of sockets that end.
struct ListedEvents<'out, 'a> {
    run: &'a Run,
    plan: &'a ListPlan<'a>,
    listing: Listing<'out, 'a>,
    interfaces: BTreeMap<u32, String>,
    hosts: Option<RefCell<HashMap<IpAddr, Option<String>>>>,
}

impl EventSink for ListedEvents<'_, '_> {
    fn ended(&mut self, ending: &Ending, known: &Known) -> anyhow::Result<bool> {
        let facts = EndingFacts { known, ending, caller: None, netns: None };
        if self.plan.filter.takes(&facts.row(), &facts) {
            // The kernel's message has no owner: only data of a dump is shown.
            let nothing = Known::default();
            let rows = Rows {
                known: if ending.entry.inode == 0 { &nothing } else { known },
                interfaces: if ending.entry.interface == 0 { BTreeMap::new() } else { self.interfaces.clone() },
                hosts: self.hosts.take(),
                resolves: self.plan.options.show.host_names,
                programs: RefCell::default(),
            };
            let written = rows.write(&mut self.listing, &ending.entry, &mut (Vec::new(), Vec::new()));
            self.hosts = rows.hosts;
            written?;
        } else if self.plan.options.compat.is_none() {
            return Ok(true);
        }
        // `ss` writes its headings at the first message, even if it does not print that one.
        self.listing.flush()?;
        Ok(true)
    }

    fn lost(&mut self, count: Option<u64>, _at: SystemTime) -> anyhow::Result<()> {
        let (message, values): (Message, Vec<(&str, MessageValue<'_>)>) = match count {
            Some(count) => (messages::NOTE_EVENTS_LOST, vec![("count", number(count))]),
            None => (messages::NOTE_EVENTS_LOST_UNCOUNTED, Vec::new()),
        };
        self.run.note(&self.run.words.say(message, &values));
        Ok(())
    }
}
