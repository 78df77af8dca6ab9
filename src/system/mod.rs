//! The system this program itself runs on: the files it is given, its signals, its pager, the resolver.
//!
//! Looking at a host is the business of [`crate::source`], which only reads.

pub mod atomic_file;
pub mod child;
pub mod cpu;
pub mod environment;
pub mod files;
pub mod interrupt;
pub mod pager;
pub mod resolve;
pub mod sandbox;
pub mod spool;
pub mod syslog;
pub mod terminal;
