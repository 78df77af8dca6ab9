//! The endpoint of `metrics`: HTTP for untrusted clients, in a separate process that sees nothing of the host.
//!
//! The process that reads sockets hears no stranger; its child speaks HTTP, and gets finished text over a socket between
//! the two ([`link`]). A sandbox can be put around the child alone.

pub mod address;
mod connection;
pub mod http;
pub mod link;
mod server;

pub use self::{address::ListenSocket, link::SampleText, server::serve};
