//! Recordings: what a run asked and was told, kept in one file and given back to the same code.
//!
//! What is kept is the traffic at the [`crate::source::Source`] interface; `docs/recording-format.md` says how it is
//! written. Nothing here knows what an answer means, but for [`question`] (which recorded dump answers another question)
//! and [`redact`] (where names stand).

mod copy;
pub mod format;
pub mod import;
mod question;
mod reader;
mod recorder;
mod redact;
mod replay;
mod substitute;
mod writer;

pub use copy::copy;
pub use reader::{Damage, Recording};
pub use recorder::Recorder;
pub use replay::Replayer;
pub use writer::{Output, RecordingSettings, RecordingWriter};
