//! Records of `vsock_diag`: `struct vsock_diag_msg`, which has no attributes (`vm_sockets_diag.h`).

use super::prelude::*;

/// `sizeof(struct vsock_diag_msg)`.
const LENGTH: usize = 32;

/// Puts a record into an entry; `false` where it is short or of a type this program does not know.
pub fn fill(bytes: &[u8], needs: Needs, entry: &mut Entry) -> bool {
    let Some(header) = bytes.first_chunk::<LENGTH>() else { return false };
    let number = |offset| u32_at(header, offset).unwrap_or_default();
    entry.netid = match i32::from(header[1]) {
        libc::SOCK_STREAM => Netid::VsockStream,
        libc::SOCK_DGRAM => Netid::VsockDatagram,
        libc::SOCK_SEQPACKET => Netid::VsockSeqpacket,
        _ => return false,
    };
    entry.family = Family::Vsock;
    entry.state = State::from_kernel(header[2]);
    entry.timer = Timer::None;
    entry.shutdown = Some(header[3]);
    entry.local = End::Vsock { cid: number(4), port: number(8) };
    entry.peer = End::Vsock { cid: number(12), port: number(16) };
    entry.inode = number(20);
    entry.cookie = u64_at(header, 24).unwrap_or_default();
    entry.empty_detail(needs);
    true
}
