//! The programs at netlink ports.
//!
//! A program's first netlink socket gets its process id for a port id (`netlink_autobind`), later ones any number: the
//! name is a guess, the same that `ss` makes.

use std::io::Read;

use crate::source::Source;

/// `name/port` where a process has that number, as `ss` writes it.
pub fn program(source: &dyn Source, port: u32) -> Option<String> {
    // Larger ones are those that the kernel made up.
    let pid = i32::try_from(port).ok().filter(|pid| *pid > 0)?;
    let mut name = Vec::new();
    source.open(&format!("/proc/{pid}/comm")).ok()?.read_to_end(&mut name).ok()?;
    let name = name.strip_suffix(b"\n").unwrap_or(&name);
    Some(format!("{}/{pid}", String::from_utf8_lossy(name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::memory::MemorySource;

    #[test]
    fn a_port_that_is_a_process_has_its_name() {
        let mut held = MemorySource::default();
        held.file("/proc/1694/comm", "a) b\n");
        assert_eq!(program(&held, 1694).as_deref(), Some("a) b/1694"));
        assert_eq!((program(&held, 7), program(&held, 0), program(&held, u32::MAX - 5)), (None, None, None));
    }
}
