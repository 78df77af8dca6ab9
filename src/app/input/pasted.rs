//! What someone pasted: text of `ss`, `netstat` or `/proc/net`, or a raw dump.

use std::io;

use super::Input;
use crate::{
    archive::import::Text,
    model::gap::{Gap, Lack, What, Why},
    report::overview::DataOrigin,
    source::{Source, dump::DumpSource, text::TextSource},
};

/// A text or a raw dump: one namespace, seen once.
pub(in crate::app) struct PastedInput {
    held: Pasted,
    kind: &'static str,
    lacks: Vec<Lack>,
    left_out: u64,
}

enum Pasted {
    Dump(DumpSource),
    Text(TextSource),
}

impl PastedInput {
    /// A raw dump.
    pub(in crate::app) fn dump(dump: DumpSource) -> PastedInput {
        PastedInput { held: Pasted::Dump(dump), kind: "-D", lacks: vec![Lack::Owners], left_out: 0 }
    }

    /// A text.
    pub(in crate::app) fn text(text: Text) -> PastedInput {
        let Text { source, kind, lacks, left_out } = text;
        PastedInput { held: Pasted::Text(source), kind, lacks, left_out }
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
        let why = Why::Untold(self.kind, self.lacks.clone(), self.left_out);
        vec![Gap { what: What::Host, why }]
    }

    fn is_tcp_only(&self) -> bool {
        matches!(self.held, Pasted::Dump(_))
    }
}
