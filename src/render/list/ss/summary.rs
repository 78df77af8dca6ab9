//! `ss -s`: the kernel's own counts, of this namespace and of the whole host together, added up as `ss` does.

use std::io::{self, Write};

use crate::model::snapshot::SocketTotals;

/// Writes the summary.
pub fn summary(out: &mut dyn Write, totals: &SocketTotals) -> io::Result<()> {
    let of = |line: &str| totals.figure(line, "inuse");
    let both = |name: &str, figure: &str| {
        let (v4, v6) = (totals.figure(name, figure), totals.figure(&format!("{name}6"), figure));
        (v4 + v6, v4, v6)
    };
    let (time_wait, allocated) = (totals.figure("TCP", "tw"), totals.figure("TCP", "alloc"));
    let closed = allocated - (of("TCP") + of("TCP6") - time_wait);
    writeln!(out, "Total: {}", totals.figure("sockets", "used"))?;
    let (established, orphaned) = (totals.figure("Tcp", "CurrEstab"), totals.figure("TCP", "orphan"));
    write!(out, "TCP:   {} (estab {established}, closed {closed}, ", allocated + time_wait)?;
    writeln!(out, "orphaned {orphaned}, timewait {time_wait})")?;
    let (raw, udp, tcp) = (both("RAW", "inuse"), both("UDP", "inuse"), both("TCP", "inuse"));
    let inet = (raw.0 + udp.0 + tcp.0, raw.1 + udp.1 + tcp.1, raw.2 + udp.2 + tcp.2);
    writeln!(out, "\nTransport Total     IP        IPv6")?;
    for (name, (all, v4, v6)) in
        [("RAW", raw), ("UDP", udp), ("TCP", tcp), ("INET", inet), ("FRAG", both("FRAG", "inuse"))]
    {
        writeln!(out, "{name}\t  {all:<9} {v4:<9} {v6:<9}")?;
    }
    writeln!(out)
}
