//! `SK_MEMINFO_*`: an array of 32-bit numbers that grew from 7 to 9 (`include/uapi/linux/sock_diag.h`).

use crate::model::{detail::SocketMemory, uapi::u32_at};

/// Reads the array; `None` where it is shorter than the first kernel's.
pub(super) fn memory(value: &[u8]) -> Option<SocketMemory> {
    let field = |number: usize| u32_at(value, number * 4);
    Some(SocketMemory {
        rmem_alloc: field(0)?,
        rcvbuf: field(1)?,
        wmem_alloc: field(2)?,
        sndbuf: field(3)?,
        fwd_alloc: field(4)?,
        wmem_queued: field(5)?,
        optmem: field(6)?,
        backlog: field(7),
        drops: field(8),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_fields_are_unknown_on_older_kernels() {
        let bytes: Vec<u8> = (1..=9u32).flat_map(u32::to_ne_bytes).collect();
        let whole = memory(&bytes).unwrap();
        assert_eq!((whole.rmem_alloc, whole.optmem, whole.backlog, whole.drops), (1, 7, Some(8), Some(9)));
        let older = memory(&bytes[..32]).unwrap();
        assert_eq!((older.backlog, older.drops), (Some(8), None));
        assert_eq!(memory(&bytes[..28]).unwrap().backlog, None);
        assert_eq!(memory(&bytes[..27]), None);
    }
}
