//! A [`Seen`] out of a record of `inet_diag`: the common fields and the attributes that rules look at.

use super::{inet::Record, memory::memory, u64_at};
use crate::model::{detail::TcpInfoBytes, snapshot::Seen, socket::Socket};

/// `INET_DIAG_INFO`.
const INFO: u16 = 2;
/// `INET_DIAG_SKMEMINFO`.
const SKMEMINFO: u16 = 7;
/// `INET_DIAG_CGROUP_ID`, which is sent unasked (Linux 5.8).
const CGROUP_ID: u16 = 21;

/// Reads a record; `None` for a family this program does not read.
pub fn seen(record: &Record<'_>) -> Option<Seen> {
    let mut seen = bare(record.socket()?);
    for (kind, value) in record.attributes() {
        match kind {
            INFO => seen.info = Some(TcpInfoBytes::new(value)),
            SKMEMINFO => seen.memory = memory(value),
            CGROUP_ID => seen.cgroup_id = u64_at(value, 0),
            _ => {}
        }
    }
    Some(seen)
}

/// A socket of which only the common fields are known.
pub fn bare(socket: Socket) -> Seen {
    Seen { socket, info: None, memory: None, cgroup_id: None }
}
