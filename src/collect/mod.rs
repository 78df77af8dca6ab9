//! Fills the model from what a source gives: one file per source of facts.

pub mod count;
pub mod group;
pub mod host;
pub mod namespaces;
mod proc_net;
pub mod sighting;
pub mod tables;
pub mod users;
