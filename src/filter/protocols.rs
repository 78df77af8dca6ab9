//! Protocols of packet and netlink sockets by name or number.

use super::{error::Problem, value};
use crate::model::{ethernet, netlink};

/// The number of a packet socket's protocol.
///
/// # Errors
/// It is none.
pub(super) fn ethernet(text: &str) -> Result<u16, Problem> {
    let number = || value::number(text)?.try_into().ok();
    ethernet::number(text).or_else(number).ok_or(Problem::UnknownProtocol)
}

/// The number of a netlink protocol.
///
/// # Errors
/// It is none.
pub(super) fn netlink(text: &str) -> Result<u8, Problem> {
    let number = || value::number(text)?.try_into().ok();
    netlink::number(text).or_else(number).ok_or(Problem::UnknownProtocol)
}
