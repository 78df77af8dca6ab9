//! The diagnosis: one file per rule, each a pure function of a [`Snapshot`].
//!
//! The comment of a rule gives the detection, the impact and the source of its thresholds. A rule declares its needs;
//! if they were not read it is *not checked*, so silence means health. A new rule is its file, its texts in
//! `src/text/<language>/rules/`, its `mod` line here and its line in [`RULES`].
//!
//! Each rule runs twice. Looking up the holders of every socket would cost more than everything else, so owners are
//! unknown at first, and the findings name the *suspects*, their sockets. After a lookup of only these owners, the
//! second run gives the verdict, with programs and users. A rule that needs owners to find anything names its suspects
//! itself ([`RuleInput::knows_owners`]).

pub mod accept;
mod awaited;
mod catalogue;
mod clients;
pub mod connections;
mod connects_refused;
mod examine;
#[cfg(test)]
pub(crate) mod fixture;
mod fullest;
pub mod half_open;
pub mod hint;
mod incidents;
mod inherited;
mod input;
mod need;
pub mod ports;
mod prelude;
pub mod relations;
pub mod relay;
pub mod routes;
mod rule;
mod services;
pub mod settings;
mod socket_index;
pub mod sysctl;
mod unit;
pub mod young;

mod accept_queue_full;
mod accept_queue_high;
mod backlog_small;
mod bad_sysctl;
mod bound_inactive;
mod close_wait_leak;
mod close_wait_many;
mod close_wait_unaccepted;
mod close_wait_unread;
mod closed_at_once;
mod closed_fd_leak;
mod conntrack_near_limit;
mod fd_near_limit;
mod file_table_near_limit;
mod fin_wait1_orphans;
mod fin_wait2_held;
mod fin_wait2_peer;
mod half_close;
mod idle_no_keepalive;
mod keepalive_failing;
mod last_ack_stuck;
mod linger_zero;
mod listen_drops;
mod listener_in_port_range;
mod loss_high;
mod orphans_near_limit;
mod path_dead;
mod peer_zero_window;
mod port_exhaustion;
mod port_range_pressure;
mod program_hung;
mod queues_many;
mod rcv_prune;
mod relay_waits;
mod reset_unread;
mod reuseport_imbalance;
mod slow_reader;
mod sndbuf_limited;
mod somaxconn_clamp;
mod states_many;
mod syn_drop_no_cookies;
mod syn_recv_pileup;
mod syn_sent_stuck;
mod syncookies_active;
mod tcp_memory;
mod time_wait_client;
mod time_wait_server;
mod tw_bucket_limit;
mod tw_reuse_blocked;
mod udp_drops;
mod unaccepted_established;
mod unix_backlog_full;
mod unread_requests;

pub use catalogue::{RULES, find, sort};
pub use examine::{Verdict, examine};
pub use input::{RuleInput, RuleInputs};
pub use need::Need;
pub use rule::{Evaluate, Rule};
pub use settings::{Settings, Threshold, ThresholdUnit};
