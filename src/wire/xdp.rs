//! Records of `xdp_diag`: `struct xdp_diag_msg` and the attributes after it (`xdp_diag.h`).

use super::{attributes, memory::memory, u32_at, u64_at, wanted::Wanted};
use crate::model::{
    entry::{End, Entry},
    family::{Family, Netid},
    socket::Timer,
    state::State,
};

/// `sizeof(struct xdp_diag_msg)`.
const LENGTH: usize = 16;

/// Attribute kinds, `XDP_DIAG_*`; rings, UMEM and statistics have no place in the model.
mod kind {
    pub(super) const INFO: u16 = 1;
    pub(super) const UID: u16 = 2;
    pub(super) const MEMINFO: u16 = 8;
}

/// `XDP_SHOW_INFO` and `XDP_SHOW_MEMINFO`.
pub const SHOW: u32 = 1 | 1 << 3;

/// Puts a record into an entry; `false` where it is shorter than the kernel's structure.
pub fn fill(bytes: &[u8], wanted: Wanted, entry: &mut Entry) -> bool {
    let (Some(header), Some(rest)) = (bytes.first_chunk::<LENGTH>(), bytes.get(LENGTH..)) else { return false };
    entry.netid = Netid::Xdp;
    entry.family = Family::Xdp;
    entry.state = State::CLOSE;
    entry.timer = Timer::None;
    entry.inode = u32_at(header, 4).unwrap_or_default();
    entry.cookie = u64_at(header, 8).unwrap_or_default();
    (entry.interface, entry.rqueue, entry.wqueue, entry.raw_uid) = (0, 0, 0, None);
    (entry.local, entry.peer) = (End::None, End::None);
    wanted.clear(entry);
    for (kind, value) in attributes(rest) {
        match kind {
            kind::INFO => {
                if let (Some(interface), Some(queue)) = (u32_at(value, 0), u32_at(value, 4)) {
                    entry.interface = interface;
                    entry.local = End::Xdp { interface, queue };
                }
            }
            kind::UID => entry.raw_uid = u32_at(value, 0),
            kind::MEMINFO => {
                let memory = memory(value);
                (entry.rqueue, entry.wqueue) = memory.map_or((0, 0), |memory| (memory.rmem_alloc, memory.wmem_alloc));
                if let Some(detail) = entry.detail.as_mut().filter(|_| wanted.memory) {
                    detail.memory = memory;
                }
            }
            _ => {}
        }
    }
    true
}
