//! A [`Seen`] from a record of `inet_diag`: the common fields and the attributes that rules need.

use super::{inet::Record, memory::memory};
use crate::model::{
    detail::{SocketMemory, TcpInfo},
    snapshot::Seen,
    socket::Socket,
    uapi::{inet_diag, u32_at, u64_at},
};

/// Reads a record; `None` for a family this program does not read.
pub fn seen(record: &Record<'_>) -> Option<Seen> {
    let mut seen = bare(record.socket()?);
    for (kind, value) in record.attributes() {
        match kind {
            inet_diag::INFO => seen.info = Some(TcpInfo::new(value)),
            inet_diag::SKMEMINFO => seen.memory = memory(value),
            inet_diag::PROC_DROPS => {
                let rmem_alloc = seen.socket.rqueue;
                seen.memory = Some(SocketMemory { rmem_alloc, drops: u32_at(value, 0), ..SocketMemory::default() });
            }
            inet_diag::CGROUP_ID => seen.cgroup_id = u64_at(value, 0),
            _ => {}
        }
    }
    Some(seen)
}

/// A socket of which only the common fields are known.
pub fn bare(socket: Socket) -> Seen {
    Seen { socket, info: None, memory: None, cgroup_id: None }
}
