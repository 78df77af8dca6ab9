//! Output: one file per format. Nothing else in the program writes to stdout. What writes fails only as writing does.

pub mod bars;
pub mod check;
pub mod counters;
mod csv;
pub mod diff;
pub mod escape;
pub mod events;
pub mod explain;
pub mod findings;
pub mod flights;
pub mod format;
pub mod gaps;
pub mod group;
pub mod json;
pub mod kill;
pub mod list;
pub mod markdown;
pub mod metrics;
pub mod netstat;
pub mod overview;
mod prelude;
pub mod reach;
pub mod screen;
pub mod story;
mod table;
pub mod watch;
