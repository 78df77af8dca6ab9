//! Screens compared with checked-in files: the overview, groups, findings, listings, `diff`, stories and every
//! `--help`, in each language.
//!
//! `UPDATE_EXPECT=1 cargo test --test golden` rewrites the files under `tests/fixtures/golden`; read them before they
//! are committed. Properties that a file cannot show, such as every width, are measured here.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "test code; clippy knows only functions with #[test] as such, not what they share"
)]

#[path = "golden/changes.rs"]
mod changes;
#[path = "golden/findings.rs"]
mod findings;
#[path = "golden/help.rs"]
mod help;
#[path = "golden/hosts.rs"]
mod hosts;
#[path = "golden/list.rs"]
mod list;
#[path = "golden/measure.rs"]
mod measure;
#[path = "golden/overview.rs"]
mod overview;
#[path = "golden/patients.rs"]
mod patients;
#[path = "list_render/sockets.rs"]
mod sockets;
#[path = "golden/story.rs"]
mod story;
#[path = "golden/tables.rs"]
mod tables;
#[path = "golden/watch.rs"]
mod watch;
