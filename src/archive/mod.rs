//! Recordings: the queries of a run and their answers, kept in one file and replayed to the same code.
//!
//! A recording holds the traffic at the [`crate::source::Source`] interface; `docs/recording-format.md` describes the
//! format. Nothing here interprets an answer, except [`question`] (which recorded dump answers another query) and
//! [`redact`] (the positions of names).

mod copy;
mod delta;
pub mod format;
pub mod import;
mod question;
mod reader;
mod recorder;
mod redact;
mod replay;
mod ring;
mod substitute;
mod writer;

pub use copy::copy;
pub use reader::{Damage, Recording};
pub use recorder::Recorder;
pub use replay::Replayer;
pub use ring::{SampleRing, SampleTape};
pub use writer::{Output, RecordingSettings, RecordingWriter};
