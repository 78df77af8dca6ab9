//! One file per rule, and the list of all proofs.

pub(crate) mod helpers;
pub(crate) mod myths;
pub(crate) mod quiet;
pub(crate) mod table;

mod close_wait_leak;
mod conntrack_near_limit;
mod file_table_near_limit;
mod idle_no_keepalive;
mod keepalive_failing;
mod loss_high;
mod path_dead;
mod peer_zero_window;
mod slow_reader;
mod sndbuf_limited;
mod somaxconn_clamp;
mod udp_drops;
mod unix_backlog_full;

use crate::lab::proof::Proof;

/// All proofs, in the order of the catalogue; a rule may have several.
pub(crate) const PROOFS: &[&Proof] = &[
    // One line each.
    &close_wait_leak::PROOF,
    &close_wait_leak::AT_DEFAULTS,
    &file_table_near_limit::PROOF,
    &somaxconn_clamp::PROOF,
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
];
