//! Pasted input: text of `ss`, `netstat` or `/proc/net`, or a raw dump.

use std::io;

use super::Input;
use crate::{
    archive::import::Text,
    model::gap::{Gap, Lack, Unread, What, Why},
    report::overview::DataOrigin,
    source::{Source, dump::DumpSource, text::TextSource},
};

/// A text or a raw dump: one namespace, seen once.
pub(in crate::app) struct PastedInput {
    held: Pasted,
    kind: &'static str,
    lacks: Vec<Lack>,
    unread: Vec<Unread>,
    captures: (u64, u64),
}

enum Pasted {
    Dump(DumpSource),
    Text(TextSource),
}

impl PastedInput {
    /// A raw dump.
    pub(in crate::app) fn dump(dump: DumpSource) -> PastedInput {
        PastedInput {
            held: Pasted::Dump(dump),
            kind: "-D",
            lacks: vec![Lack::Owners, Lack::Counters],
            unread: Vec::new(),
            captures: (1, 1),
        }
    }

    /// A text.
    pub(in crate::app) fn text(text: Text) -> PastedInput {
        let Text { source, kind, lacks, unread, captures } = text;
        PastedInput { held: Pasted::Text(source), kind, lacks, unread, captures }
    }
}

impl Input for PastedInput {
    fn origin(&self) -> DataOrigin {
        DataOrigin::Text(self.kind)
    }

    fn source(&self) -> Box<dyn Source + '_> {
        match &self.held {
            Pasted::Dump(dump) => Box::new(dump),
            Pasted::Text(text) => Box::new(text),
        }
    }

    fn within(&self, _netns: &str, _visit: &mut (dyn FnMut(&mut dyn Source) + Send)) -> io::Result<()> {
        Err(io::Error::new(io::ErrorKind::NotFound, "not recorded"))
    }

    fn gaps(&self) -> Vec<Gap> {
        let (capture, count) = self.captures;
        let capture = (count > 1).then_some(Gap { what: What::Lines, why: Why::Capture(capture, count) });
        let not_shown = Gap { what: What::Host, why: Why::NotShown(self.kind, self.lacks.clone()) };
        let unread = self.unread.iter().map(|unread| Gap { what: What::Lines, why: Why::Unread(unread.clone()) });
        capture.into_iter().chain([not_shown]).chain(unread).collect()
    }

    fn rows_missed(&self) -> u64 {
        self.unread.iter().filter(|unread| unread.is_row()).map(|unread| unread.lines.len() as u64).sum()
    }

    fn is_of_counters(&self) -> bool {
        matches!(&self.held, Pasted::Text(text) if !text.tells_sockets())
    }

    fn is_tcp_only(&self) -> bool {
        matches!(self.held, Pasted::Dump(_))
    }
}
