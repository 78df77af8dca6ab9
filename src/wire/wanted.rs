//! What is asked for of each socket beyond the common fields, and what the kernel must be asked to give it.

use netlink_packet_sock_diag::inet::ExtensionFlags;

use crate::model::{detail::Detail, entry::Entry};

/// What is wanted beyond the common fields. Each costs the kernel something; `info` takes each socket's lock.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Wanted {
    /// `INET_DIAG_INFO`: `tcp_info` and its like, and with it ULP and MD5 keys (`-i`).
    pub info: bool,
    /// The congestion control's name and block (`-i`).
    pub congestion: bool,
    /// Socket memory (`-m`).
    pub memory: bool,
    /// TOS, traffic class, priority (`--tos`).
    pub tos: bool,
    /// `INET_DIAG_SOCKOPT` (`--inet-sockopt`); the kernel sends it in any case.
    pub sockopt: bool,
    /// UNIX: path's inode, waiting connections; packet: flags, rings, fanout; netlink: groups, flags; XDP and TIPC: internals (`-e`).
    pub extended: bool,
    /// Classic BPF filters of packet sockets (`-b`).
    pub filter: bool,
    /// What BPF programs keep with each socket, all maps (`--bpf-maps`); needs CAP_BPF.
    pub bpf_storages: bool,
    /// UNIX: the peer's name, which takes a first pass over the table.
    pub unix_peers: bool,
}

impl Wanted {
    /// Nothing beyond the common fields.
    pub const NOTHING: Wanted = Wanted {
        info: false,
        congestion: false,
        memory: false,
        tos: false,
        sockopt: false,
        extended: false,
        filter: false,
        bpf_storages: false,
        unix_peers: false,
    };

    /// Whether a [`Detail`] is filled.
    pub fn details(self) -> bool {
        Wanted { unix_peers: false, ..self } != Wanted::NOTHING
    }

    /// The bits of `idiag_ext`.
    pub fn extensions(self) -> ExtensionFlags {
        let mut extensions = ExtensionFlags::empty();
        extensions.set(ExtensionFlags::INFO, self.info);
        // VEGASINFO asks for the block of whichever congestion control there is.
        extensions.set(ExtensionFlags::CONG | ExtensionFlags::VEGASINFO, self.congestion);
        extensions.set(ExtensionFlags::SKMEMINFO, self.memory);
        // TCLASS brings CLASS_ID too.
        extensions.set(ExtensionFlags::TOS | ExtensionFlags::TCLASS, self.tos);
        extensions
    }

    /// Makes an entry's details empty before they are filled, in the memory they had.
    pub fn clear(self, entry: &mut Entry) {
        if !self.details() {
            entry.detail = None;
            return;
        }
        match &mut entry.detail {
            Some(detail) => **detail = Detail::default(),
            none => *none = Some(Box::default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wish_asks_for_its_own_bits() {
        assert_eq!(Wanted::default().extensions().bits(), 0);
        assert_eq!(Wanted { info: true, ..Wanted::NOTHING }.extensions().bits(), 1 << 1);
        assert_eq!(Wanted { congestion: true, ..Wanted::NOTHING }.extensions().bits(), 1 << 3 | 1 << 2);
        assert_eq!(Wanted { memory: true, ..Wanted::NOTHING }.extensions().bits(), 1 << 6);
        assert_eq!(Wanted { tos: true, ..Wanted::NOTHING }.extensions().bits(), 1 << 4 | 1 << 5);
        assert!(!Wanted { unix_peers: true, ..Wanted::NOTHING }.details());
    }
}
