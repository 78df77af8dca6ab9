//! sockdoc list beside `ss` on the same sockets: fields compared, not text. Without `ss` these tests are ignored.

#[path = "parity/filters.rs"]
pub(crate) mod filters;
#[path = "parity/options.rs"]
pub(crate) mod options;
#[path = "parity/owners.rs"]
pub(crate) mod owners;
#[path = "parity/rows.rs"]
mod rows;
