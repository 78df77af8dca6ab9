//! The table of interfaces.

use std::io::Write;

use super::words::put;
use crate::model::net_tables::Interface;

/// The letter of each flag, in the order they are shown (`IFF_*` of include/uapi/linux/if.h).
const LETTERS: [(u32, char); 14] = [
    (0x200, 'A'),
    (0x2, 'B'),
    (0x4, 'D'),
    (0x8, 'L'),
    (0x1000, 'M'),
    (0x8000, 'd'),
    (0x100, 'P'),
    (0x20, 'N'),
    (0x80, 'O'),
    (0x10, 'P'),
    (0x800, 's'),
    (0x400, 'm'),
    (0x40, 'R'),
    (UP, 'U'),
];

/// `IFF_UP`.
const UP: u32 = 0x1;

/// The interfaces that are up, or all, under their heading; only the first table has the title.
pub fn interfaces(out: &mut Vec<u8>, interfaces: &[Interface], all: bool, has_title: bool) {
    if has_title {
        out.extend_from_slice(b"Kernel Interface table\n");
    }
    out.extend_from_slice(b"Iface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n");
    for interface in interfaces.iter().filter(|interface| all || interface.flags & UP != 0) {
        let [received, errors, dropped, overruns] = interface.received;
        put!(out, "{:<15.15} {:>5} ", interface.name, interface.mtu);
        put!(out, "{received:>8} {errors:>6} {dropped:>6} {overruns:<6} ");
        let [sent, errors, dropped, overruns] = interface.sent;
        put!(out, "{sent:>8} {errors:>6} {dropped:>6} {overruns:>6} ");
        if interface.flags == 0 {
            out.extend_from_slice(b"[NO FLAGS]");
        }
        let set = LETTERS.iter().filter(|(flag, _)| interface.flags & flag != 0);
        out.extend(set.map(|(_, letter)| *letter as u8));
        out.push(b'\n');
    }
}
