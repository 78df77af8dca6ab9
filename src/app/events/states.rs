//! `events --states`: each change of the state of a TCP socket, or sums of them.

use std::{
    collections::BTreeMap,
    time::{Instant, SystemTime},
};

use super::follow::{Changing, EventSink, INTERVAL, Joining};
use crate::{
    app::{namespaces, prelude::*},
    cli::events::EventsOptions,
    collect::events::EndingFacts,
    model::{
        engine::Engine,
        group::{Key, Value},
        transition::StateTransition,
    },
    render::events::{StateRow, states::StateTable},
    report::events::states::StateTally,
};

impl Run {
    /// Follows the states of TCP sockets.
    pub(super) fn states(&self, options: &EventsOptions, mut scope: Scope) -> anyhow::Result<u8> {
        if self.options.engine == Engine::Netlink {
            let values = [("option", words("--states")), ("other", words("--engine netlink"))];
            return Err(anyhow!(self.words.say(messages::ERROR_CONFLICT, &values)));
        }
        let filter = self.filter(&options.filter, options.filter_file.as_deref(), &scope)?;
        let is_absent = |key: &Key| matches!(key, Key::Timer | Key::Congestion);
        if filter.tests_timers() || options.keys.iter().any(|(_, key)| is_absent(key)) {
            return Err(anyhow!(self.words.text(messages::ERROR_STATES_FILTER)));
        }
        let label = |place: &crate::model::namespace::Namespace| {
            u32::try_from(place.inode).ok().map(|inode| (inode, namespaces::label(place)))
        };
        let joining = Joining {
            families: &[],
            netids: &[],
            // Dumps of all namespaces would cost more than they tell.
            interval: (!scope.several).then(|| options.interval.unwrap_or(INTERVAL)),
            needs: filter.needs() | Needs::USERS | Needs::PLACES | Needs::EPHEMERAL_PORTS,
            info: Needs::empty(),
            end: options.duration.and_then(|time| Instant::now().checked_add(time)),
            changes: Some(match scope.several {
                true => Changing::Everywhere,
                false => Changing::In(scope.places.first().and_then(|place| place.inode.try_into().ok()).unwrap_or(0)),
            }),
        };
        let mut view = StatesView {
            run: self,
            options,
            filter: &filter,
            netns: scope.places.iter().filter_map(label).collect(),
            several: scope.several,
            devices: BTreeMap::new(),
            users: collect::users::names(&*self.input.source()),
            table: StateTable::new(scope.several),
            tally: StateTally::begun(SystemTime::now()),
            told: 0,
        };
        self.follow(&mut scope, &joining, &mut view)?;
        view.sum_up()?;
        Ok(DONE)
    }
}

/// The output for changes of state.
struct StatesView<'a> {
    run: &'a Run,
    options: &'a EventsOptions,
    filter: &'a Filter,
    /// The labels of the namespaces, by their inodes.
    netns: BTreeMap<u32, String>,
    /// Whether each change says where it was.
    several: bool,
    devices: BTreeMap<u32, String>,
    /// The names of users.
    users: BTreeMap<u32, String>,
    table: StateTable,
    tally: StateTally,
    /// How many were printed.
    told: u64,
}

impl StatesView<'_> {
    /// Prints the sums since the last ones, and begins new ones.
    fn sum_up(&mut self) -> anyhow::Result<()> {
        let tally = std::mem::replace(&mut self.tally, StateTally::begun(SystemTime::now()));
        let (until, users) = (self.tally.events.since, &self.users);
        self.run.print_sums(
            (self.options, users, &tally.events),
            &|out| render::events::states::write_sums(out, &tally, until, &self.run.words),
            &|out, groups| render::json::events::state_sums(out, &tally, until, groups, users),
        )
    }
}

impl EventSink for StatesView<'_> {
    fn begin(&mut self) -> anyhow::Result<()> {
        match self.run.options.format != Format::Table || self.options.summary.is_some() {
            true => Ok(()),
            false => print(|out| self.table.heading(out, &self.run.words, &self.run.screen)),
        }
    }

    fn due(&self) -> Option<Instant> {
        self.tally.events.begun.checked_add(self.options.summary?)
    }

    fn tick(&mut self) -> anyhow::Result<()> {
        self.sum_up()
    }

    fn changed(&mut self, transition: &StateTransition, known: &Known) -> anyhow::Result<bool> {
        let ending = &transition.socket;
        let netns = self.several.then(|| match self.netns.get(&transition.netns) {
            Some(label) => label.clone(),
            None => format!("net:[{}]", transition.netns),
        });
        let (caller, netns) = (transition.caller.as_ref(), netns.as_deref());
        let facts = EndingFacts { known, ending, caller, netns };
        if !self.filter.takes(&ending.entry, &facts) {
            return Ok(true);
        }
        let value = |(_, key): &(String, Key)| match key {
            Key::Direction => ending.direction.map_or(Value::Unknown, Value::Direction),
            key => collect::group::value(*key, &ending.entry, &facts, &self.devices),
        };
        let values = (!self.options.keys.is_empty()).then(|| self.options.keys.iter().map(value).collect());
        self.tally.add(transition, values);
        self.told += 1;
        if self.options.summary.is_none() {
            let row = StateRow { transition, netns, event: super::row(&facts, &self.users) };
            print(|out| match self.run.options.format {
                Format::Table => self.table.row(out, &row, &self.run.words, &self.run.screen),
                _ => render::json::events::change(out, &row),
            })?;
        }
        Ok(self.options.count.is_none_or(|count| self.told < count))
    }

    fn lost(&mut self, count: Option<u64>, at: SystemTime) -> anyhow::Result<()> {
        self.tally.events.lose(count);
        if self.options.summary.is_some() {
            return Ok(());
        }
        print(|out| match self.run.options.format {
            Format::Table => render::events::states::write_lost(out, count, at, &self.run.words),
            _ => render::json::events::lost(out, count, at),
        })
    }
}
