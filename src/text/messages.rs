//! Every message there is, as `build.rs` finds them in the files of `src/text/en`: `live-share` in `explain.ftl` is
//! [`LIVE_SHARE`].

/// A message by its file and name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Message {
    /// The file it is in.
    pub file: File,
    /// Its name there.
    pub id: &'static str,
    /// The placeholders it takes.
    pub placeholders: &'static [&'static str],
}

include!(concat!(env!("OUT_DIR"), "/texts.rs"));
