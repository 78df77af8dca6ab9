//! The formats of the output.

/// How to print.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// For people, and for scripts that read `ss`.
    Table,
    /// One JSON document.
    Json,
    /// One JSON document for each row, each on a line.
    JsonLines,
    /// Comma-separated values (RFC 4180).
    Csv,
}

impl Format {
    /// All of them, by the word of `--format`.
    pub const ALL: [(&'static str, Format); 4] =
        [("table", Format::Table), ("json", Format::Json), ("jsonl", Format::JsonLines), ("csv", Format::Csv)];

    /// The word of `--format`.
    pub fn name(self) -> &'static str {
        Format::ALL.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }
}
