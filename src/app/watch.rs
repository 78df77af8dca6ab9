//! `watch`: the host, or a recording, sample after sample; lines on a pipe, a live view on a terminal.

mod lines;
mod page;
mod screen;

use super::{
    config::RuleSet,
    count::selection,
    examine::{Examination, Examiner},
    input::recorded::RecordedInput,
    prelude::*,
    run::gently,
};
use crate::{
    archive::SampleRing,
    cli::{options::SampleOptions, sockets::SocketOptions, watch::WatchOptions},
    collect::{selected::selected, series::Baseline},
    model::{census::Census, family::Netid, selection::Selection},
    report::{
        overview::{DataOrigin, Overview},
        trend::{Trends, WatchSample},
    },
    system::cpu,
    text::rule,
};

/// The time between two samples where none is given.
const INTERVAL: Duration = Duration::from_secs(2);

/// The shortest that can be asked for.
const SHORTEST: Duration = Duration::from_millis(100);

impl Task for WatchOptions {
    fn run(&self, run: Run) -> anyhow::Result<u8> {
        let mut run = run.sparingly();
        let interval = self.interval.unwrap_or(INTERVAL);
        if interval < SHORTEST {
            let least = rule::duration(SHORTEST, run.words.lang());
            return Err(anyhow!(run.words.say(messages::ERROR_INTERVAL, &[("least", words(least))])));
        }
        if let Some(path) = run.options.from.clone() {
            let file = run.foreign(&path)?;
            run.confine(None)?;
            run = run.reading(Box::new(RecordedInput::new(run.recording_of(&file)?)));
        }
        let wanted = run.wanted_rules(&self.check)?;
        // --for is the time of all samples.
        let sampling = SampleOptions { wait: None, ..run.closely(self.check.sampling) };
        let examination = Examination::of(&wanted, sampling, false);
        let mut watcher = Watcher::new(&run, &examination, interval)?;
        watcher.filter = run.watched_sockets(&self.filter, self.filter_file.as_deref())?;
        match run.has_screen && !self.plain && run.options.format == Format::Table {
            true => run.watch_screen(self, watcher),
            false => run.watch_lines(self, &wanted, &mut watcher),
        }
    }
}

impl Run {
    /// The filter of the states, with its text; none where all sockets are watched.
    fn watched_sockets(&self, given: &[String], file: Option<&str>) -> anyhow::Result<Option<WatchedSockets>> {
        if given.is_empty() && file.is_none() {
            return Ok(None);
        }
        let filter = self.filter(given, file, &self.scope()?)?;
        let text: Vec<&str> = given.iter().map(String::as_str).chain(file).collect();
        Ok(Some(WatchedSockets { text: text.join(" "), filter }))
    }
}

/// The sockets that are counted.
struct WatchedSockets {
    text: String,
    filter: Filter,
}

/// Takes one sample after the other.
struct Watcher<'a> {
    examination: &'a Examination,
    examiner: Examiner<'a>,
    /// The last samples, where they can be written.
    ring: Option<SampleRing>,
    trends: Trends,
    /// The sockets that the states count; all without a filter.
    filter: Option<WatchedSockets>,
    /// The interval that was asked for.
    interval: Duration,
    /// The sample of a recording that comes next, and how many there are; `None` on the running kernel.
    tape: Option<(u64, u64)>,
}

impl<'a> Watcher<'a> {
    fn new(run: &Run, examination: &'a Examination, interval: Duration) -> anyhow::Result<Watcher<'a>> {
        let tape = match run.input.origin() {
            DataOrigin::Recording { samples, .. } => Some((0, samples)),
            _ => None,
        };
        let examiner = Examiner::new(run, examination, Baseline::Recent)?;
        let trends = Trends::default();
        Ok(Watcher { examination, examiner, ring: None, trends, filter: None, interval, tape })
    }

    /// The next sample; `None` at the end of a recording.
    fn next(&mut self, run: &Run) -> anyhow::Result<Option<WatchSample>> {
        let before = cpu::used();
        if let Some((next, count)) = &mut self.tape {
            if *next == *count {
                return Ok(None);
            }
            run.input.seek(*next);
            *next += 1;
        }
        let (mut overview, rises) = match &mut self.ring {
            None => self.examiner.examine(run)?,
            Some(ring) => {
                let (overview, rises, _) = run.examine_into(&mut self.examiner, ring)?;
                (overview, rises)
            }
        };
        run.refuse_without_tcp(&overview)?;
        match self.tape {
            None => overview.host.taken_at = run.input.source().now(),
            // A recording has its start time; its clock only counts up.
            Some(_) => overview.host.taken_at = self.examiner.pass(rises.between.unwrap_or_default()),
        }
        if let Some(sockets) = &self.filter {
            run.count_watched(&sockets.filter, &mut overview)?;
        }
        let cost = cpu::used().saturating_sub(before);
        let filter = self.filter.as_ref().map(|sockets| sockets.text.clone());
        let interval = gently(self.interval, cost);
        Ok(Some(WatchSample { cost, interval, filter, ..self.trends.take(overview, rises) }))
    }
}

impl Run {
    /// Counts the TCP sockets that match a filter, instead of all.
    fn count_watched(&self, filter: &Filter, overview: &mut Overview) -> anyhow::Result<()> {
        let all = SocketOptions {
            selection: Selection::tcp(StateSet::ALL),
            names_tables: true,
            filter: Vec::new(),
            filter_file: None,
        };
        let selection = selection(&all, filter);
        let mut scope = self.scope()?;
        let labels = scope.all_labels();
        let counts = scope.each(&*self.input, &|source, place| {
            let kernel = collect::host::kernel_version(source);
            let known = Known::read(source, filter.needs(), labels.get(place).cloned());
            let mut census = Census::default();
            let mut count = |entry: &crate::model::entry::Entry| census.count(entry.state, entry.timer, entry.inode);
            let gaps = selected(source, &selection, filter, &known, Needs::empty(), kernel, &mut count);
            (census, gaps)
        })?;
        let mut sum = Census::default();
        for (_, (census, gaps)) in counts {
            self.refuse_losses(gaps.iter())?;
            sum.merge(&census);
        }
        overview.counted.netids.retain(|(netid, _)| *netid != Netid::Tcp);
        overview.counted.netids.insert(0, (Netid::Tcp, Some(sum)));
        Ok(())
    }
}
