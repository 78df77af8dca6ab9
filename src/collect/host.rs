//! Facts about the host and the run.

use crate::{model::host::Host, source::Source};

/// Reads the host and time of a sample.
pub fn read(source: &dyn Source) -> Host {
    let (name, kernel) = source.node();
    Host { name, kernel, taken_at: source.now(), netns: own_netns(source) }
}

/// The inode of the calling thread's network namespace.
pub fn own_netns(source: &dyn Source) -> Option<u64> {
    source.inode("/proc/thread-self/ns/net").or_else(|_| source.inode("/proc/self/ns/net")).ok()
}

/// The numeric part of the kernel's version, which decides the available queries.
pub fn kernel_version(source: &dyn Source) -> Option<(u32, u32)> {
    let (name, kernel) = source.node();
    Host { name, kernel, taken_at: source.now(), netns: None }.kernel_version()
}

/// Whether the kernel gives processes a security context (SELinux, AppArmor).
pub fn has_contexts(source: &dyn Source) -> bool {
    let mut context = Vec::new();
    let read = source.open("/proc/self/attr/current").and_then(|mut file| file.read_to_end(&mut context));
    read.is_ok() && context.iter().any(|byte| !byte.is_ascii_whitespace() && *byte != 0)
}
