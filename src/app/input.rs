//! The input of a run: the running kernel, a recording, or a pasted text.

pub(super) mod kernel;
pub(super) mod pasted;
pub(super) mod recorded;

use std::{io, time::Duration};

use crate::{archive::format::SampleScope, model::gap::Gap, report::overview::DataOrigin, source::Source};

/// Reads one of several namespaces, whose place in the list is given.
pub(super) type Visit<'a> = &'a (dyn Fn(&mut dyn Source, usize) + Sync);

/// One input: its sources, and its way from sample to sample.
pub(super) trait Input: Sync {
    /// The kind of input.
    fn origin(&self) -> DataOrigin;

    /// A source of the run's own namespace.
    fn source(&self) -> Box<dyn Source + '_>;

    /// Reads another namespace, by its file.
    ///
    /// # Errors
    /// When it may not be entered, or was not recorded.
    fn within(&self, netns: &str, visit: &mut (dyn FnMut(&mut dyn Source) + Send)) -> io::Result<()>;

    /// Reads several other namespaces; the results in their order.
    fn each(&self, netns: &[String], visit: Visit<'_>) -> Vec<io::Result<()>> {
        let visited = |(at, netns): (usize, &String)| self.within(netns, &mut |source| visit(source, at));
        netns.iter().enumerate().map(visited).collect()
    }

    /// Whether a namespace can be read, as far as that is known without entering it.
    fn has(&self, _netns: &str) -> bool {
        true
    }

    /// The times between the samples of a run that asked for these; none where there is but one sample.
    fn waits(&self, _asked: &[Duration]) -> Vec<Duration> {
        Vec::new()
    }

    /// Waits before the next sample; `false` where there is to be one more and no other.
    fn wait(&self, _time: Duration) -> bool {
        true
    }

    /// From now on sources answer with this sample, which may be the last.
    fn sample(&self, _number: usize, _is_last: bool) {}

    /// From now on sources answer with this sample of a recording, counted from 0.
    fn seek(&self, _sample: u64) {}

    /// Another input that reads the same sample; `None` where that is the running kernel.
    fn another(&self) -> Option<Box<dyn Input>> {
        None
    }

    /// The options of the run that made the recording; `None` without a recording.
    fn recorded(&self) -> Option<&SampleScope> {
        None
    }

    /// Gaps that do not depend on the command.
    fn gaps(&self) -> Vec<Gap> {
        Vec::new()
    }

    /// How many rows about sockets were not understood.
    fn rows_missed(&self) -> u64 {
        0
    }

    /// Whether it holds counters and no sockets.
    fn is_of_counters(&self) -> bool {
        false
    }

    /// Whether it can hold no sockets but those of TCP.
    fn is_tcp_only(&self) -> bool {
        false
    }
}
