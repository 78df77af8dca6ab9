//! `counters`: the kernel's network counters in words, since boot or with their rise over some time.

use super::prelude::*;
use crate::{
    book::counters::CounterBook,
    cli::counters::CountersOptions,
    filter::globbed,
    model::{
        counter::{Counter, CounterRow},
        sorted,
    },
    render::counters::CounterTable,
};

impl Task for CountersOptions {
    fn run(&self, run: Run) -> anyhow::Result<u8> {
        run.on_input(&|run| run.counters(self))
    }
}

impl Run {
    fn counters(&self, options: &CountersOptions) -> anyhow::Result<u8> {
        if self.options.netns.as_deref() == Some("all") {
            return Err(anyhow!(self.words.text(messages::ERROR_COUNTERS_NETNS)));
        }
        let mut samples: Vec<(Duration, Vec<Counter>)> = Vec::new();
        let mut go_on = self.input.waits(&options.wait.into_iter().collect::<Vec<_>>()).into_iter();
        loop {
            let wait = go_on.next();
            self.input.sample(samples.len(), wait.is_none());
            samples.push(self.sample_of_counters()?);
            let Some(wait) = wait else { break };
            if !self.input.wait(wait) {
                go_on = Vec::new().into_iter();
            }
        }
        let Some((at, now)) = samples.pop().filter(|(_, now)| !now.is_empty()) else {
            return Err(anyhow!(self.words.text(messages::ERROR_NO_COUNTERS)));
        };
        let before = samples.first().map(|(earlier, before)| (before.as_slice(), at.saturating_sub(*earlier)));
        let seconds = before.map(|(_, time)| time);
        let book = CounterBook::of(self.words.lang());
        let rows = collect::counters::rows(now, before);
        let names = self.understood(&options.names, &book, &rows)?;
        let is_wanted = |row: &CounterRow| names.is_empty() || names.iter().any(|word| is_of(word, row, &book));
        let mut rows: Vec<CounterRow> = rows.into_iter().filter(is_wanted).collect();
        let all = rows.len();
        // A counter that is named on the command line is shown at every value.
        let is_shown = |row: &CounterRow| {
            options.all || !row.is_still() || names.iter().any(|word| is_meant(word, &row.counter.name))
        };
        rows.retain(is_shown);
        sorted::sort_by_key(&mut rows, |row| book.place(&row.counter.name));
        let source = &*self.input.source();
        let table = CounterTable {
            host: collect::host::read(source),
            origin: self.input.origin(),
            is_initial_netns: collect::snapshot::is_initial_netns(source),
            seconds,
            hidden: all - rows.len(),
            rows,
            detailed: self.options.verbose || !options.names.is_empty(),
        };
        print(|out| match self.options.format {
            Format::Json => render::json::counters::write(out, &table, &book),
            _ => render::counters::write(out, &table, &book, &self.words, &self.screen),
        })?;
        Ok(DONE)
    }

    /// One sample of the run's namespace, and when it was taken.
    fn sample_of_counters(&self) -> anyhow::Result<(Duration, Vec<Counter>)> {
        let read = self.scope()?.each(&*self.input, &|source, _| (source.clock(), collect::counters::read(source)))?;
        Ok(read.into_iter().next().map(|(_, sample)| sample).unwrap_or_default())
    }

    /// The words as names, patterns and groups that there are; any other one means the counters whose names contain it.
    fn understood(&self, names: &[String], book: &CounterBook, rows: &[CounterRow]) -> anyhow::Result<Vec<String>> {
        let is_known = |word: &String| {
            book.groups().iter().any(|group| CounterBook::is_meant(word, group.name))
                || rows.iter().any(|row| is_of(word, row, book))
        };
        let understood = |word: &String| {
            let within = Some(format!("*{word}*")).filter(|_| !word.is_empty());
            let known = [Some(word.clone()), within].into_iter().flatten().find(is_known);
            known.ok_or_else(|| anyhow!(self.unknown_counter(word, book, rows)))
        };
        names.iter().map(understood).collect()
    }

    fn unknown_counter(&self, word: &str, book: &CounterBook, rows: &[CounterRow]) -> String {
        if let Some(name) = book.described(word) {
            return self.words.say(messages::ERROR_COUNTER_NOT_HERE, &[("name", words(name))]);
        }
        let shown = words(visible(word.as_bytes(), self.screen.unicode));
        let what = self.words.say(messages::ERROR_UNKNOWN_COUNTER, &[("word", shown)]);
        let known: Vec<&str> = rows.iter().map(|row| row.counter.name.as_str()).collect();
        let more = match book.nearest(word, &known) {
            Some(near) => self.words.say(messages::DID_YOU_MEAN, &[("candidate", words(near))]),
            None => self.words.say(messages::SEE_COUNTERS, &[("command", words("sockdoc counters -a"))]),
        };
        self.words.say(messages::JOINED, &[("what", words(what)), ("more", words(more))])
    }
}

/// Whether a word means a counter: by its name, as a pattern, or by its group.
fn is_of(word: &str, row: &CounterRow, book: &CounterBook) -> bool {
    is_meant(word, &row.counter.name) || CounterBook::is_meant(word, book.group(&row.counter.name))
}

/// Whether a word means a counter by its name or as a pattern.
fn is_meant(word: &str, name: &str) -> bool {
    CounterBook::is_meant(word, name) || globbed(word, name)
}
