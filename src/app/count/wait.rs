//! `count --until`: counts again and again until as many sockets are there, or few enough.

use std::{
    io::{IsTerminal, Write},
    time::Instant,
};

use crate::{
    app::{
        prelude::*,
        run::{FOUND, gently},
    },
    cli::{count::Until, sockets::SocketOptions},
    render::json::Waited,
    system::cpu,
    text::rule,
};

/// The time between two counts where none is given.
const EVERY: Duration = Duration::from_secs(1);

/// The shortest that can be asked for.
const SHORTEST: Duration = Duration::from_millis(100);

impl Run {
    /// Waits for a number of sockets, and prints the last count. The status is 0 where the goal was reached, 1 where the time
    /// was over.
    pub(super) fn wait_for_count(&self, wanted: &SocketOptions, until: &Until) -> anyhow::Result<u8> {
        if self.options.from.is_some() {
            return Err(anyhow!(self.words.text(messages::ERROR_UNTIL_FROM)));
        }
        let every = until.every.unwrap_or(EVERY).max(SHORTEST);
        let begin = Instant::now();
        let end = until.timeout.and_then(|timeout| begin.checked_add(timeout));
        let line = ProgressLine { is_shown: self.options.format == Format::Table && io::stderr().is_terminal() };
        let mut noted = false;
        let (sockets, gaps, is_reached) = loop {
            let before = cpu::used();
            let (sockets, gaps, filter) = self.count_now(wanted)?;
            if !std::mem::replace(&mut noted, true) {
                self.note_all(&gaps, Some(&filter));
            }
            let is_reached = until.goal.is_reached(sockets);
            let left = end.map_or(Duration::MAX, |end| end.saturating_duration_since(Instant::now()));
            if is_reached || left.is_zero() {
                break (sockets, gaps, is_reached);
            }
            line.show(&self.words.say(
                messages::COUNT_WAITS,
                &[
                    ("count", number(sockets)),
                    ("goal", words(until.goal.text())),
                    ("time", words(rule::duration(begin.elapsed(), self.words.lang()))),
                ],
            ));
            self.input.source().pause(gently(every, cpu::used().saturating_sub(before)).min(left));
        };
        line.clear();
        let waited = Waited { goal: until.goal.text(), is_reached, time: begin.elapsed() };
        print(|out| match self.options.format {
            Format::Json => render::json::count_until(out, sockets, &gaps, &waited),
            _ => writeln!(out, "{sockets}"),
        })?;
        Ok(if is_reached { DONE } else { FOUND })
    }
}

/// The line on the terminal that names the awaited condition.
struct ProgressLine {
    is_shown: bool,
}

impl ProgressLine {
    fn show(&self, text: &str) {
        self.write(&format!("\r{text}\u{1b}[K"));
    }

    fn clear(&self) {
        self.write("\r\u{1b}[K");
    }

    fn write(&self, text: &str) {
        if self.is_shown {
            // A terminal that has gone needs no progress.
            let _ = io::stderr().write_all(text.as_bytes());
        }
    }
}
