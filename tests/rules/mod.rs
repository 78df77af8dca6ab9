//! One file per rule, and the list of all proofs.

pub(crate) mod helpers;
pub(crate) mod myths;
pub(crate) mod quiet;
pub(crate) mod table;

mod bad_sysctl;
mod bound_inactive;
mod close_wait_leak;
mod conntrack_near_limit;
mod file_table_near_limit;
mod idle_no_keepalive;
mod keepalive_failing;
mod listener_in_port_range;
mod loss_high;
mod path_dead;
mod peer_zero_window;
mod port_exhaustion;
mod port_range_pressure;
mod slow_reader;
mod sndbuf_limited;
mod somaxconn_clamp;
mod syn_sent_stuck;
mod time_wait_client;
mod time_wait_server;
mod tw_bucket_limit;
mod tw_reuse_blocked;
mod udp_drops;
mod unix_backlog_full;

use crate::lab::proof::Proof;

/// All proofs, in the order of the catalogue; a rule may have several.
pub(crate) const PROOFS: &[&Proof] = &[
    &close_wait_leak::PROOF,
    &close_wait_leak::AT_DEFAULTS,
    &file_table_near_limit::PROOF,
    &somaxconn_clamp::PROOF,
    &syn_sent_stuck::PROOF,
    &syn_sent_stuck::HERE,
    &syn_sent_stuck::RETRIES,
    &port_exhaustion::PROOF,
    &port_exhaustion::CHURN,
    &port_exhaustion::REUSE,
    &port_exhaustion::PEER_WITHOUT,
    &port_exhaustion::TIME_LEFT,
    &port_exhaustion::ONE_LOOK,
    &port_range_pressure::PROOF,
    &port_range_pressure::SHARED,
    &bound_inactive::PROOF,
    &time_wait_client::PROOF,
    &time_wait_client::REUSE,
    &time_wait_server::PROOF,
    &tw_bucket_limit::PROOF,
    &tw_reuse_blocked::PROOF,
    &tw_reuse_blocked::OFF,
    &tw_reuse_blocked::TIMESTAMPS,
    &peer_zero_window::PROOF,
    &peer_zero_window::CLIENTS,
    &path_dead::PROOF,
    &path_dead::AT_DEFAULTS,
    &loss_high::PROOF,
    &loss_high::OVERTAKEN,
    &slow_reader::PROOF,
    &slow_reader::AT_DEFAULTS,
    &sndbuf_limited::PROOF,
    &sndbuf_limited::TUNED,
    &sndbuf_limited::AT_DEFAULTS,
    &idle_no_keepalive::PROOF,
    &keepalive_failing::PROOF,
    &udp_drops::PROOF,
    &unix_backlog_full::PROOF,
    &unix_backlog_full::CAPPED,
    &conntrack_near_limit::PROOF,
    &bad_sysctl::PROOF,
    &listener_in_port_range::PROOF,
];
