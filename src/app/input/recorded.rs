//! A recording.

use std::{io, sync::Arc, time::Duration};

use super::Input;
use crate::{
    archive::{Recording, Replayer, format::SampleScope},
    report::overview::DataOrigin,
    source::Source,
};

/// A recording; other namespaces are in it, or not.
pub(in crate::app) struct RecordedInput(Arc<Recording>);

impl RecordedInput {
    /// This recording.
    pub(in crate::app) fn new(recording: Recording) -> RecordedInput {
        RecordedInput(Arc::new(recording))
    }
}

impl Input for RecordedInput {
    fn origin(&self) -> DataOrigin {
        DataOrigin::Recording { samples: self.0.samples().into(), redacted: self.0.head().redacted }
    }

    fn source(&self) -> Box<dyn Source + '_> {
        Box::new(Replayer::new(&self.0, ""))
    }

    fn within(&self, netns: &str, visit: &mut (dyn FnMut(&mut dyn Source) + Send)) -> io::Result<()> {
        if !self.has(netns) {
            return Err(io::Error::new(io::ErrorKind::NotFound, "not recorded"));
        }
        visit(&mut Replayer::new(&self.0, netns));
        Ok(())
    }

    fn has(&self, netns: &str) -> bool {
        self.0.knows(netns)
    }

    /// The times have passed: its first sample and its last are compared.
    fn waits(&self, _asked: &[Duration]) -> Vec<Duration> {
        if self.0.samples() > 1 { vec![Duration::ZERO] } else { Vec::new() }
    }

    fn sample(&self, _number: usize, is_last: bool) {
        self.0.begin_sample(if is_last { self.0.samples().saturating_sub(1) } else { 0 });
    }

    fn seek(&self, sample: u64) {
        self.0.begin_sample(u32::try_from(sample).unwrap_or(u32::MAX));
    }

    fn another(&self) -> Option<Box<dyn Input>> {
        Some(Box::new(RecordedInput(Arc::clone(&self.0))))
    }

    fn recorded(&self) -> Option<&SampleScope> {
        Some(&self.0.head().scope)
    }
}
