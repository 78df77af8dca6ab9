//! The built binary as a shell sees it: arguments, exit status, streams, locale, terminal, ordinary user.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "test code; clippy knows only functions with #[test] as such, not what they share"
)]

#[path = "cli/arguments.rs"]
mod arguments;
#[path = "cli/check.rs"]
mod check;
#[path = "cli/explain.rs"]
mod explain;
#[path = "cli/locale.rs"]
mod locale;
#[path = "cli/program.rs"]
mod program;
#[path = "cli/streams.rs"]
mod streams;
#[path = "cli/surroundings.rs"]
mod surroundings;
#[path = "cli/terminal.rs"]
mod terminal;
