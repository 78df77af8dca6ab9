//! One file per rule, and the list of all proofs.

pub(crate) mod helpers;
pub(crate) mod myths;
pub(crate) mod quiet;
pub(crate) mod table;

mod accept_queue_full;
mod accept_queue_high;
mod backlog_small;
mod close_wait_leak;
mod file_table_near_limit;
mod linger_zero;
mod listen_drops;
mod rcv_prune;
mod reset_unread;
mod reuseport_imbalance;
mod somaxconn_clamp;
mod syn_drop_no_cookies;
mod syn_recv_pileup;
mod syncookies_active;

use crate::lab::proof::Proof;

/// All proofs, in the order of the catalogue; a rule may have several.
pub(crate) const PROOFS: &[&Proof] = &[
    // One line each.
    &close_wait_leak::PROOF,
    &close_wait_leak::AT_DEFAULTS,
    &file_table_near_limit::PROOF,
    &accept_queue_full::PROOF,
    &accept_queue_full::DESCRIPTORS,
    &accept_queue_high::PROOF,
    &listen_drops::PROOF,
    &backlog_small::PROOF,
    &backlog_small::BURSTS,
    &somaxconn_clamp::PROOF,
    &reuseport_imbalance::PROOF,
    &reuseport_imbalance::MIGRATED,
    &syn_recv_pileup::PROOF,
    &syn_recv_pileup::NO_ROOM,
    &syn_recv_pileup::FLOOD,
    &syncookies_active::PROOF,
    &syn_drop_no_cookies::PROOF,
    &syn_drop_no_cookies::RESERVED,
    &rcv_prune::PROOF,
    &reset_unread::PROOF,
    &linger_zero::PROOF,
];
