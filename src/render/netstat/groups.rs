//! The multicast groups of each interface.

use std::io::Write;

use super::words::{NetstatWords, host, padded, put};
use crate::model::net_tables::Membership;

/// The groups that interfaces are in, under their heading.
pub fn groups(out: &mut Vec<u8>, memberships: &[Membership], words: &NetstatWords<'_>) {
    out.extend_from_slice(b"IPv6/IPv4 Group Memberships\nInterface       RefCnt Group\n");
    out.extend_from_slice(b"--------------- ------ ---------------------\n");
    for group in memberships {
        padded(out, 15, |out| out.extend_from_slice(group.interface.as_bytes()));
        put!(out, " {:<6} ", group.references);
        host(out, words, group.address);
        out.push(b'\n');
    }
}
