//! `events`: each socket as it ends, or sums of them.

pub(super) mod follow;
mod list;
mod states;

use std::{
    collections::BTreeMap,
    io::{self, Write},
    time::{Instant, SystemTime},
};

use self::follow::{EventSink, Joining};

use super::prelude::*;
use crate::{
    cli::events::EventsOptions,
    collect::events::EndingFacts,
    filter::facts::Facts,
    model::{
        ending::Ending,
        entry::End,
        family::{Family, Netid},
        group::{Groups, Key, Value},
    },
    render::events::{EventRow, EventTable},
    report::events::EventTally,
};

/// The shortest time between two dumps, or between two sums.
const SHORTEST: Duration = Duration::from_millis(100);

impl Task for EventsOptions {
    fn run(&self, run: Run) -> anyhow::Result<u8> {
        let mut scope = run.scope_of_events("events", self.states)?;
        for (option, time) in [("--interval", self.interval), ("--summary", self.summary)] {
            if time.is_some_and(|time| time < SHORTEST) {
                return Err(anyhow!(run.words.say(messages::ERROR_EVENTS_SHORT, &[("option", words(option))])));
            }
        }
        if self.states {
            return run.states(self, scope);
        }
        if self.keys.iter().any(|(_, key)| matches!(key, Key::State | Key::Timer | Key::Congestion)) {
            return Err(anyhow!(run.words.text(messages::ERROR_EVENTS_KEY)));
        }
        let filter = run.filter_of_events(&self.filter, self.filter_file.as_deref(), &scope)?;
        let end = self.duration.and_then(|time| Instant::now().checked_add(time));
        let joining = Joining {
            families: &[Family::Inet, Family::Inet6],
            netids: &[Netid::Tcp, Netid::Udp],
            interval: Some(self.interval.unwrap_or(follow::INTERVAL)),
            needs: filter.needs() | Needs::USERS | Needs::PLACES | Needs::EPHEMERAL_PORTS,
            info: Needs::INFO,
            end,
            changes: None,
        };
        let source = run.input.source();
        let mut view = EventView {
            run: &run,
            options: self,
            filter: &filter,
            devices: source.interface_names(),
            users: collect::users::names(&*source),
            table: EventTable::default(),
            tally: EventTally::begun(SystemTime::now()),
            told: 0,
        };
        drop(source);
        run.follow(&mut scope, &joining, &mut view)?;
        view.sum_up()?;
        Ok(DONE)
    }
}

/// Writes sums as JSON, with the groups of `--by`.
type WriteSums<'a> = &'a dyn Fn(&mut dyn Write, Option<(&Groups, &[(String, Key)])>) -> io::Result<()>;

impl Run {
    /// Prints sums: as a table what `lines` writes and the groups of `--by`, else what `json` writes.
    fn print_sums(
        &self,
        (options, users, tally): (&EventsOptions, &BTreeMap<u32, String>, &EventTally),
        lines: &dyn Fn(&mut dyn Write) -> io::Result<()>,
        json: WriteSums<'_>,
    ) -> anyhow::Result<()> {
        let keys = &options.keys;
        let groups = (!keys.is_empty()).then(|| tally.groups(options.top));
        print(|out| match (self.options.format, groups) {
            (Format::Table, groups) => {
                lines(out)?;
                let groups = groups.filter(|groups| groups.total > 0);
                groups
                    .map_or(Ok(()), |groups| render::group::write(out, &groups, keys, users, &self.words, &self.screen))
            }
            (_, groups) => json(out, groups.as_ref().map(|groups| (groups, keys.as_slice()))),
        })
    }
}

/// The row of an event, with its processes, each once.
fn row<'a>(facts: &'a EndingFacts<'a>, users: &'a BTreeMap<u32, String>) -> EventRow<'a> {
    let ending = facts.ending;
    let mut pids: Vec<u32> = facts.holders(&ending.entry).iter().map(|holder| holder.pid).collect();
    pids.dedup();
    EventRow {
        ending,
        processes: pids.into_iter().filter_map(|pid| facts.process(pid)).collect(),
        place: facts.place(&ending.entry),
        user: ending.entry.uid().and_then(|uid| users.get(&uid)).map(String::as_str),
    }
}

/// The output for sockets that end.
struct EventView<'a> {
    run: &'a Run,
    options: &'a EventsOptions,
    filter: &'a Filter,
    /// The names of interfaces.
    devices: BTreeMap<u32, String>,
    /// The names of users.
    users: BTreeMap<u32, String>,
    table: EventTable,
    tally: EventTally,
    /// How many were printed.
    told: u64,
}

impl EventView<'_> {
    fn is_json(&self) -> bool {
        self.run.options.format != Format::Table
    }

    /// Prints the sums since the last ones, and begins new ones.
    fn sum_up(&mut self) -> anyhow::Result<()> {
        let tally = std::mem::replace(&mut self.tally, EventTally::begun(SystemTime::now()));
        let (until, users) = (self.tally.since, &self.users);
        self.run.print_sums(
            (self.options, users, &tally),
            &|out| render::events::write_sums(out, &tally, until, &self.run.words),
            &|out, groups| render::json::events::sums(out, &tally, until, groups, users),
        )
    }

    /// The values of the keys of `--by`.
    fn values(&self, facts: &EndingFacts<'_>) -> Box<[Value]> {
        let ending = facts.ending;
        let value = |(_, key): &(String, Key)| match key {
            Key::Direction => ending.direction.map_or(Value::Unknown, Value::Direction),
            // The kernel wiped the port of a peer that no dump saw.
            Key::Service if matches!(ending.entry.peer, End::Inet(_, 0)) => Value::Unknown,
            key => collect::group::value(*key, &ending.entry, facts, &self.devices),
        };
        self.options.keys.iter().map(value).collect()
    }
}

impl EventSink for EventView<'_> {
    fn begin(&mut self) -> anyhow::Result<()> {
        if self.is_json() || self.options.summary.is_some() {
            return Ok(());
        }
        print(|out| self.table.heading(out, &self.run.words, &self.run.screen))
    }

    fn due(&self) -> Option<Instant> {
        self.tally.begun.checked_add(self.options.summary?)
    }

    fn tick(&mut self) -> anyhow::Result<()> {
        self.sum_up()
    }

    fn ended(&mut self, ending: &Ending, known: &Known) -> anyhow::Result<bool> {
        let facts = EndingFacts { known, ending, caller: None, netns: None };
        if !self.filter.takes(&facts.row(), &facts) {
            return Ok(true);
        }
        let values = (!self.options.keys.is_empty()).then(|| self.values(&facts));
        self.tally.add(ending.end, values);
        self.told += 1;
        if self.options.summary.is_none() {
            let is_json = self.is_json();
            let row = row(&facts, &self.users);
            print(|out| match is_json {
                true => render::json::events::event(out, &row),
                false => self.table.row(out, &row, &self.run.words, &self.run.screen),
            })?;
        }
        Ok(self.options.count.is_none_or(|count| self.told < count))
    }

    fn lost(&mut self, count: Option<u64>, at: SystemTime) -> anyhow::Result<()> {
        self.tally.lose(count);
        if self.options.summary.is_some() {
            return Ok(());
        }
        let (is_json, words) = (self.is_json(), &self.run.words);
        print(|out| match is_json {
            true => render::json::events::lost(out, count, at),
            false => render::events::write_lost(out, count, at, words),
        })
    }
}
