//! Netlink answers in memory and `/proc/net` files that replace a kernel, also odd, damaged and arbitrary ones: the
//! results of the walker, the counts and the groups.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "test code; clippy knows only functions with #[test] as such, not what they share"
)]

#[path = "replay/counting.rs"]
mod counting;
#[path = "replay/dumps.rs"]
mod dumps;
#[path = "replay/fallback.rs"]
mod fallback;
#[path = "replay/grouping.rs"]
mod grouping;
#[path = "replay/kernel.rs"]
mod kernel;
#[path = "replay/memory.rs"]
mod memory;
#[path = "replay/random.rs"]
mod random;
#[path = "replay/snapshot.rs"]
mod snapshot;
#[path = "replay/walker.rs"]
mod walker;
