//! Fills the model from the answers of a source: one file per source of facts.

pub mod cgroups;
pub mod count;
pub mod counters;
pub mod entries;
pub mod events;
pub mod group;
pub mod host;
pub mod known;
pub mod lookup;
pub mod names;
pub mod namespaces;
pub mod net_tables;
mod next_hop;
pub mod owners;
pub mod ports;
mod prelude;
mod proc_net;
pub mod query;
pub mod reach;
pub mod selected;
pub mod series;
pub mod services;
pub mod snapshot;
pub mod users;
pub mod walk;
