//! One file per rule, and the list of all proofs.

pub(crate) mod helpers;
pub(crate) mod myths;
pub(crate) mod quiet;
pub(crate) mod table;

mod close_wait_leak;
mod close_wait_unaccepted;
mod close_wait_unread;
mod closed_fd_leak;
mod fd_near_limit;
mod file_table_near_limit;
mod fin_wait1_orphans;
mod fin_wait2_held;
mod fin_wait2_peer;
mod half_close;
mod last_ack_stuck;
mod orphans_near_limit;
mod relay_waits;
mod somaxconn_clamp;
mod tcp_memory;
mod unaccepted_established;

use crate::lab::proof::Proof;

/// All proofs, in the order of the catalogue; a rule may have several.
pub(crate) const PROOFS: &[&Proof] = &[
    // One line each.
    &close_wait_leak::PROOF,
    &close_wait_leak::AT_DEFAULTS,
    &close_wait_unread::PROOF,
    &close_wait_unread::GROWING,
    &close_wait_unread::AT_DEFAULTS,
    &close_wait_unaccepted::PROOF,
    &half_close::PROOF,
    &relay_waits::PROOF,
    &relay_waits::AT_DEFAULTS,
    &closed_fd_leak::PROOF,
    &closed_fd_leak::REFUSED,
    &fd_near_limit::PROOF,
    &fd_near_limit::LEAK,
    &fd_near_limit::GROWS,
    &file_table_near_limit::PROOF,
    &somaxconn_clamp::PROOF,
    &fin_wait1_orphans::PROOF,
    &fin_wait1_orphans::GIVES_UP,
    &fin_wait1_orphans::CLOSED_WINDOWS,
    &fin_wait1_orphans::NEAR_LIMIT,
    &orphans_near_limit::PROOF,
    &fin_wait2_peer::PROOF,
    &fin_wait2_peer::TWO_HALVES,
    &fin_wait2_peer::AT_DEFAULTS,
    &fin_wait2_held::PROOF,
    &last_ack_stuck::PROOF,
    &last_ack_stuck::GIVES_UP,
    &last_ack_stuck::CLOSING,
    &unaccepted_established::PROOF,
    &unaccepted_established::FOR_A_WHILE,
    &tcp_memory::PROOF,
    &tcp_memory::PRESSURE,
];
