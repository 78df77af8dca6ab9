//! The line mode of `watch`: one line or one JSON document for each sample.

use std::time::Instant;

use super::{RuleSet, WatchOptions, Watcher};
use crate::{
    app::{check::status, prelude::*, run::SamplePace},
    system::interrupt::Interrupt,
};

impl Run {
    /// Prints a line for each sample until there were enough, or an interrupt comes; the status is that of `check` by the
    /// last sample.
    pub(super) fn watch_lines(
        &self,
        options: &WatchOptions,
        wanted: &RuleSet,
        watcher: &mut Watcher<'_>,
    ) -> anyhow::Result<u8> {
        let interrupt = Interrupt::listen()?;
        let end = options.check.sampling.wait.and_then(|wait| Instant::now().checked_add(wait));
        let mut result = DONE;
        let mut pace = SamplePace::of(watcher.interval);
        for number in 1.. {
            let began = Instant::now();
            let interval = match watcher.next(self) {
                Ok(None) => break,
                // An error at the first attempt would repeat at every one.
                Err(error) if number == 1 => return Err(error),
                Err(error) => {
                    self.note(&format!("{error:#}"));
                    watcher.interval
                }
                Ok(Some(sample)) => {
                    if number == 1 {
                        self.note_gaps(&sample.overview.counted.gaps);
                    }
                    print(|out| match self.options.format {
                        Format::Json | Format::JsonLines => render::json::watch::write(out, &sample),
                        _ => render::watch::write_line(out, &sample, &self.words, &self.screen),
                    })?;
                    result = sample.overview.diagnosis.as_ref().map_or(DONE, |diagnosis| status(diagnosis, wanted));
                    if watcher.tape.is_some() { Duration::ZERO } else { pace.next(self, sample.cost) }
                }
            };
            let is_enough = options.count.is_some_and(|count| number >= count);
            let next = began + interval;
            if is_enough || end.is_some_and(|end| next > end) {
                break;
            }
            let wait = next.saturating_duration_since(Instant::now());
            if watcher.tape.is_none() && !interrupt.wait(wait) {
                break;
            }
        }
        Ok(result)
    }
}
