//! Whether `hidepid` keeps processes of other users out of the listing of `/proc`.
//!
//! With `hidepid=1` they are listed and refuse to be read, which counts as denied; from 2 on they are not listed
//! (`proc_pid_permission` and `has_pid_permissions` in fs/proc/base.c).

use std::io::{BufRead, Read};

use crate::source::Source;

/// `CAP_SYS_PTRACE` (`include/uapi/linux/capability.h`): its holder sees every process.
const CAP_SYS_PTRACE: u32 = 19;

/// Whether there may be processes that were not listed.
pub(super) fn are_processes(source: &dyn Source, lists_init: bool) -> bool {
    if !lists_init {
        return true;
    }
    let Ok(mounts) = source.open("/proc/self/mountinfo") else { return false };
    // Of several mounts on one place the last is the one that is seen.
    let lines = mounts.split(b'\n').map_while(Result::ok);
    let Some(hiding) = lines.filter_map(|line| of_mount(&line)).last() else { return false };
    let mut status = String::new();
    let read = source.open("/proc/self/status").and_then(|mut file| file.read_to_string(&mut status));
    match hiding {
        Hiding::None => false,
        _ if read.is_err() => true,
        _ if has_ptrace(&status) => false,
        Hiding::But(group) => !groups(&status).any(|own| own == group),
        Hiding::All => true,
    }
}

/// Whether this run may read every process of the host: the capability applies only in the initial user namespace.
pub(super) fn sees_all(source: &dyn Source) -> bool {
    let read = |path: &str| {
        let mut text = String::new();
        source.open(path).and_then(|mut file| file.read_to_string(&mut text)).ok().map(|_| text)
    };
    let is_first = |map: String| map.split_ascii_whitespace().eq(["0", "0", "4294967295"]);
    read("/proc/self/status").is_some_and(|status| has_ptrace(&status))
        && read("/proc/self/uid_map").is_some_and(is_first)
}

/// Whether this run is root's, or may trace every process: `sudo` would show no more.
pub(super) fn is_root(source: &dyn Source) -> bool {
    let mut status = String::new();
    let read = source.open("/proc/self/status").and_then(|mut file| file.read_to_string(&mut status));
    let effective = status.lines().find_map(|line| line.strip_prefix("Uid:")?.split_ascii_whitespace().nth(1));
    read.is_ok() && (effective == Some("0") || has_ptrace(&status))
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Hiding {
    None,
    /// From everyone but a group.
    But(u32),
    All,
}

/// `22 27 0:21 / /proc rw,relatime - proc proc rw,gid=5,hidepid=invisible`.
fn of_mount(line: &[u8]) -> Option<Hiding> {
    let line = String::from_utf8_lossy(line);
    let (mount, system) = line.split_once(" - ")?;
    let mut system = system.split(' ');
    if mount.split(' ').nth(4)? != "/proc" || system.next()? != "proc" {
        return None;
    }
    let options = || system.clone().nth(1).unwrap_or_default().split(',');
    let value = |name: &str| options().find_map(|option| option.strip_prefix(name)?.strip_prefix('='));
    Some(match value("hidepid") {
        // Without `gid=` the group is 0 (`proc_fs_info.pid_gid`).
        Some("2" | "invisible") => Hiding::But(value("gid").and_then(|group| group.parse().ok()).unwrap_or(0)),
        Some("4" | "ptraceable") => Hiding::All,
        _ => Hiding::None,
    })
}

fn has_ptrace(status: &str) -> bool {
    let effective = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let effective = effective.and_then(|set| u64::from_str_radix(set.trim(), 16).ok());
    effective.is_some_and(|set| set >> CAP_SYS_PTRACE & 1 == 1)
}

/// The effective and the supplementary groups.
fn groups(status: &str) -> impl Iterator<Item = u32> {
    let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    let effective = field("Gid:").split_ascii_whitespace().skip(1).take(1);
    effective.chain(field("Groups:").split_ascii_whitespace()).filter_map(|group| group.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::memory::MemorySource;

    fn hides(options: &str, status: &str) -> bool {
        let mut held = MemorySource::default();
        let mounts = format!("1 0 0:1 / / rw - ext4 /dev/sda rw\n22 27 0:21 / /proc rw - proc proc {options}\n");
        held.file("/proc/self/mountinfo", mounts);
        held.file("/proc/self/status", status);
        are_processes(&held, true)
    }

    #[test]
    fn hidepid_hides_from_who_may_not_trace_and_is_not_in_the_group() {
        let plain = "Gid:\t100\t100\t100\t100\nGroups:\t4 27\nCapEff:\t0000000000000000\n";
        assert!(!hides("rw", plain));
        assert!(!hides("rw,hidepid=noaccess", plain));
        assert!(hides("rw,hidepid=invisible", plain));
        assert!(hides("rw,hidepid=2", plain));
        assert!(!hides("rw,gid=27,hidepid=invisible", plain));
        assert!(hides("rw,gid=27,hidepid=ptraceable", plain));
        assert!(!hides("rw,hidepid=ptraceable", "CapEff:\t000001ffffffffff\n"));
    }

    #[test]
    fn root_is_known_by_its_effective_user_or_by_its_capability() {
        let of = |status: &str| {
            let mut held = MemorySource::default();
            held.file("/proc/self/status", status);
            is_root(&held)
        };
        assert!(of("Uid:\t1000\t0\t0\t0\nCapEff:\t0000000000000000\n"));
        assert!(of("Uid:\t1000\t1000\t1000\t1000\nCapEff:\t0000000000080000\n"));
        assert!(!of("Uid:\t0\t1000\t1000\t1000\nCapEff:\t0000000000000000\n"));
        assert!(!is_root(&MemorySource::default()));
    }

    #[test]
    fn a_listing_without_process_1_is_not_whole() {
        assert!(are_processes(&MemorySource::default(), false));
        assert!(!are_processes(&MemorySource::default(), true));
    }
}
