//! The data that a run read and the findings about it, as plain data.
//!
//! Nothing here reads, prints or holds words for people. Kernel words keep the kernel's spelling.

pub mod blanks;
pub mod census;
pub mod constants;
pub mod counted;
pub mod counter;
pub mod detail;
pub mod ending;
pub mod engine;
pub mod entry;
pub mod ethernet;
pub mod family;
pub mod field;
pub mod finding;
pub mod gap;
pub mod group;
pub mod host;
pub mod incident;
pub mod kill;
pub mod limits;
pub mod mptcp_info;
pub mod namespace;
pub mod needs;
pub mod net_tables;
pub mod netlink;
pub mod owner;
pub mod reach;
pub mod remedy;
pub mod sctp_info;
pub mod selection;
pub mod sentence;
pub mod shell;
pub mod snapshot;
pub mod socket;
pub mod sorted;
pub mod state;
pub mod state_change;
pub mod subject;
pub mod tcp_info;
pub mod transition;
pub mod uapi;
pub mod unix_blocked;
pub mod usage;
pub mod visible;
pub mod waiting;
