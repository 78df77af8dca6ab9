//! One file per rule, and the list of all proofs.

pub(crate) mod helpers;
pub(crate) mod myths;
pub(crate) mod quiet;
pub(crate) mod table;

mod close_wait_leak;
mod file_table_near_limit;
mod somaxconn_clamp;

use crate::lab::proof::Proof;

/// All proofs, in the order of the catalogue; a rule may have several.
pub(crate) const PROOFS: &[&Proof] = &[
    // One line each.
    &close_wait_leak::PROOF,
    &close_wait_leak::AT_DEFAULTS,
    &file_table_near_limit::PROOF,
    &somaxconn_clamp::PROOF,
];
