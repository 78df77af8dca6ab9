//! The formats of the output.

/// How to print.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Format {
    /// For people, and for scripts that read `ss`.
    #[default]
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

/// A program whose output format is printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Compat {
    /// `ss` of iproute2 6.1.
    Ss,
}

impl Compat {
    /// All of them, by the word of `--compat`.
    pub const ALL: [(&'static str, Compat); 1] = [("ss", Compat::Ss)];

    /// The program of a word of `--compat`.
    pub fn named(word: &str) -> Option<Compat> {
        Compat::ALL.iter().find(|(known, _)| *known == word).map(|(_, compat)| *compat)
    }
}
