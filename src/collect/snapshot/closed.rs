//! TCP descriptors whose socket is in no table: never connected, or reset by the peer and never closed.
//!
//! A socket that was reset vanishes from every dump while its descriptor stays open. Under load most descriptors that a
//! dump does not show were opened or closed while it ran: only one that had the same socket before and after it counts.

use crate::{
    collect::{prelude::*, query::DumpQuery, walk},
    model::owner::Holder,
    source::processes::HolderQuery,
    wire::inet::Record,
};

/// The kernel's name of a descriptor's protocol.
const PROTOCOL: &str = "system.sockprotoname";

/// Bit of `CapEff` in `/proc/PID/status`.
const CAP_SYS_ADMIN: u32 = 21;

/// The result of a scan of every descriptor.
pub(super) struct Closed {
    /// Such descriptors by process, in order.
    pub(super) by_process: BTreeMap<u32, Vec<u32>>,
    /// Processes whose descriptors may not be read.
    pub(super) denied: u64,
}

/// Searches for them; `None` if the descriptors or the table could not be read.
pub(super) fn descriptors(source: &mut dyn Source, netns: Option<u64>, kernel: Option<(u32, u32)>) -> Option<Closed> {
    let here = netns.map(|netns| [netns]);
    let ask =
        HolderQuery { all_holders: true, netns: here.as_ref().map(<[u64; 1]>::as_slice), ..HolderQuery::default() };
    let before = source.holders(&ask).ok()?;
    let shown = shown(source, kernel)?;
    let mut closed: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let mut privileged = BTreeMap::new();
    for holder in before.holders.iter().filter(|holder| shown.binary_search(&holder.inode).is_err()) {
        if is_tcp(source, holder) && is_still(source, holder) && is_here(source, holder, netns, &mut privileged) {
            closed.entry(holder.pid).or_default().push(holder.fd);
        }
    }
    for descriptors in closed.values_mut() {
        descriptors.sort_unstable();
    }
    Some(Closed { by_process: closed, denied: before.denied })
}

/// The inodes of every TCP socket that the kernel shows, sorted.
fn shown(source: &mut dyn Source, kernel: Option<(u32, u32)>) -> Option<Vec<u32>> {
    let query = DumpQuery { kernel, ..DumpQuery::states(StateSet::ALL) };
    let push = |inodes: &mut Vec<u32>, record: &Record<'_>| inodes.push(record.inode());
    let mut inodes = walk::gather(source, Protocol::Tcp, &query, push).value?;
    // Sockets that are only bound are in no other dump; older kernels show them in none.
    inodes.extend(walk::gather_bound_inactive(source, &query, push).value.into_iter().flatten());
    inodes.sort_unstable();
    Some(inodes)
}

fn path(holder: &Holder) -> String {
    format!("/proc/{}/fd/{}", holder.tid, holder.fd)
}

fn is_tcp(source: &dyn Source, holder: &Holder) -> bool {
    let name = source.attribute(&path(holder), PROTOCOL).unwrap_or_default();
    matches!(name.strip_suffix(b"\0").unwrap_or(&name), b"TCP" | b"TCPv6")
}

fn is_still(source: &dyn Source, holder: &Holder) -> bool {
    source.link(&path(holder)).is_ok_and(|link| link.to_str() == Some(&format!("socket:[{}]", holder.inode)))
}

/// Whether the socket belongs to this namespace. Where that cannot be asked, a process that may enter others is left
/// out: Docker's resolver and service meshes hold sockets of several.
fn is_here(source: &dyn Source, holder: &Holder, netns: Option<u64>, privileged: &mut BTreeMap<u32, bool>) -> bool {
    if source.blanks().host {
        return true;
    }
    match (source.socket_netns(holder.tid, holder.fd), netns) {
        (Ok(theirs), Some(ours)) => theirs == ours,
        _ => !*privileged.entry(holder.pid).or_insert_with(|| may_enter_others(source, holder.pid)),
    }
}

fn may_enter_others(source: &dyn Source, pid: u32) -> bool {
    let mut status = vec![0; 8192];
    let Ok(length) = source.head(&format!("/proc/{pid}/status"), &mut status) else { return true };
    let text = String::from_utf8_lossy(status.get(..length).unwrap_or_default());
    let effective = text.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let effective = effective.and_then(|set| u64::from_str_radix(set.trim(), 16).ok());
    effective.is_none_or(|set| set >> CAP_SYS_ADMIN & 1 == 1)
}
