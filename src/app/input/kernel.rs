//! The running kernel.

use std::{io, thread, time::Duration};

use super::{Input, Visit};
use crate::{
    archive::{Recorder, RecordingWriter},
    report::overview::DataOrigin,
    source::{
        Source,
        kernel::{Access, KernelSource},
        netns,
    },
    system::interrupt::Interrupt,
};

/// The running kernel; other namespaces are entered.
pub(in crate::app) struct KernelInput {
    access: Access,
    tape: Option<Tape>,
}

/// Where everything that is read is kept.
struct Tape {
    writer: RecordingWriter,
    /// Ends the run early.
    interrupt: Option<Interrupt>,
    /// The number of the first sample.
    first: u32,
}

impl KernelInput {
    /// The running kernel.
    pub(in crate::app) fn new(access: Access) -> KernelInput {
        KernelInput { access, tape: None }
    }

    /// The running kernel; everything that is read is kept. An interrupt ends the run early.
    pub(in crate::app) fn taped(access: Access, writer: RecordingWriter, interrupt: Option<Interrupt>) -> KernelInput {
        KernelInput { access, tape: Some(Tape { writer, interrupt, first: 0 }) }
    }

    /// A recording input whose writer already has this many samples.
    pub(in crate::app) fn taped_after(access: Access, writer: RecordingWriter, samples: u32) -> KernelInput {
        writer.begin_sample(samples);
        KernelInput { access, tape: Some(Tape { writer, interrupt: None, first: samples }) }
    }

    fn kept<'a>(&'a self, kernel: KernelSource, netns: &'a str) -> Box<dyn Source + 'a> {
        match &self.tape {
            None => Box::new(kernel),
            Some(tape) => Box::new(Recorder::new(kernel, &tape.writer, netns)),
        }
    }
}

impl Input for KernelInput {
    fn origin(&self) -> DataOrigin {
        DataOrigin::Kernel
    }

    fn source(&self) -> Box<dyn Source + '_> {
        self.kept(KernelSource::new(self.access.clone()), "")
    }

    fn within(&self, path: &str, visit: &mut (dyn FnMut(&mut dyn Source) + Send)) -> io::Result<()> {
        netns::within(self.access.clone(), path, |kernel| visit(&mut *self.kept(kernel, path)))
    }

    fn each(&self, paths: &[String], visit: Visit<'_>) -> Vec<io::Result<()>> {
        netns::each(&self.access, paths, &|kernel, at| {
            let path = paths.get(at).map_or("", String::as_str);
            visit(&mut *self.kept(kernel, path), at);
        })
    }

    fn waits(&self, asked: &[Duration]) -> Vec<Duration> {
        asked.to_vec()
    }

    fn wait(&self, time: Duration) -> bool {
        match &self.tape {
            Some(Tape { writer, interrupt: Some(interrupt), .. }) => writer.has_room() && interrupt.wait(time),
            _ => {
                thread::sleep(time);
                true
            }
        }
    }

    fn sample(&self, number: usize, _is_last: bool) {
        if let Some(tape) = &self.tape {
            tape.writer.begin_sample(tape.first.saturating_add(u32::try_from(number).unwrap_or(u32::MAX)));
        }
    }
}
