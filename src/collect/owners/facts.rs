//! The facts of one process in `/proc`.

use std::io::Read;

use crate::collect::{cgroups, prelude::*};

/// Which facts are read beside the name, each of them a file a process.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ProcessFields {
    /// The real user id.
    pub uid: bool,
    /// The cgroup, and the unit and container it names.
    pub place: bool,
    /// The context of SELinux or AppArmor.
    pub context: bool,
}

impl ProcessFields {
    /// Everything but the context, which few kernels have.
    pub const OWNER: ProcessFields = ProcessFields { uid: true, place: true, context: false };
}

/// Reads a process; none if it has ended.
pub(super) fn read(source: &dyn Source, pid: u32, wanted: ProcessFields) -> Option<Process> {
    let file = |name: &str| bytes(source, &format!("/proc/{pid}/{name}"));
    let mut process = Process { pid, program: name(file("comm").ok()?), ..Process::default() };
    if wanted.uid {
        process.uid = file("status").ok().as_deref().and_then(real_uid);
    }
    if wanted.place {
        process.place = file("cgroup").map_or_else(|_| Place::default(), |text| cgroups::of_process(&text));
    }
    if wanted.context {
        process.context = file("attr/current").ok().as_deref().and_then(context);
    }
    Some(process)
}

fn bytes(source: &dyn Source, path: &str) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.open(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The longest name of a process (`WQ_WORKER_DESC_LEN` and the kernel's prefix), or of a text that replaces it.
const LONGEST: usize = 128;

/// The kernel ends the name with a line feed; any other is part of it.
fn name(mut comm: Vec<u8>) -> Box<[u8]> {
    if comm.last() == Some(&b'\n') {
        comm.pop();
    }
    comm.truncate(LONGEST);
    comm.into_boxed_slice()
}

/// `Uid:` of `/proc/PID/status`: real, effective, saved, file system. `Name:`, which comes first, has its line feeds
/// escaped, so that no name can look like another line.
fn real_uid(status: &[u8]) -> Option<u32> {
    let line = status.split(|&byte| byte == b'\n').find_map(|line| line.strip_prefix(b"Uid:"))?;
    str::from_utf8(line).ok()?.split_ascii_whitespace().next()?.parse().ok()
}

/// SELinux ends its text with a zero byte, AppArmor with a line feed.
fn context(current: &[u8]) -> Option<Box<str>> {
    let text = String::from_utf8_lossy(current);
    let text = text.trim_end_matches(['\0', '\n']);
    (!text.is_empty()).then(|| text.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::memory::MemorySource;

    #[test]
    fn a_process_is_read_as_far_as_wanted() {
        let mut held = MemorySource::default();
        held.file("/proc/7/comm", &b"a\n\xff\n\n"[..]);
        held.file("/proc/7/status", "Name:\ta\\nUid:\t5\nUmask:\t0022\nUid:\t1000\t0\t0\t0\n");
        held.file("/proc/7/cgroup", "0::/system.slice/nginx.service\n");
        held.file("/proc/7/attr/current", "system_u:system_r:httpd_t:s0\0");
        let all = ProcessFields { context: true, ..ProcessFields::OWNER };
        let process = read(&held, 7, all).unwrap();
        assert_eq!(&*process.program, b"a\n\xff\n");
        assert_eq!(process.uid, Some(1000));
        assert_eq!(process.place.unit.as_deref(), Some("nginx.service"));
        assert_eq!(process.context.as_deref(), Some("system_u:system_r:httpd_t:s0"));
        let bare = read(&held, 7, ProcessFields::default()).unwrap();
        assert_eq!((bare.uid, bare.place, bare.context), (None, Place::default(), None));
        assert_eq!(read(&held, 8, all), None);
    }
}
