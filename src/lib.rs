//! The socket doctor for Linux: sockets by state, in plain language, straight from the kernel.

#[cfg(test)]
extern crate self as sockdoc;

mod app;
pub mod archive;
pub mod book;
pub mod cli;
pub mod collect;
pub mod destroy;
pub mod diff;
pub mod draw;
pub mod filter;
pub mod live;
pub mod model;
pub mod render;
pub mod report;
pub mod rules;
pub mod serve;
pub mod source;
pub mod system;
pub mod text;
pub mod wire;

pub use app::{AnyTask, COMMANDS, ReachTarget, fault_of_configuration, run};
