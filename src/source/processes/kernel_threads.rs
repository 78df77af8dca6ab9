//! The kernel's own threads, which have no descriptors, and no network namespace but the first.

use std::{
    fs::File,
    io::{self, Read},
    os::fd::OwnedFd,
};

use rustix::fs::{self, Mode, OFlags};

use super::{is_of_the_kernel, number};

/// The process that the kernel's own threads are children of, in the first PID namespace.
const KTHREADD: u32 = 2;

/// The kernel's own threads; none where they are out of sight or the kernel lists no children (`CONFIG_PROC_CHILDREN`).
/// The only others that it lists are the helpers that the kernel starts, such as `modprobe`.
pub(super) fn all(root: &OwnedFd) -> Vec<u32> {
    let read = |name: &str| {
        let mut text = Vec::new();
        let file = fs::openat(root, format!("{KTHREADD}/{name}"), OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty());
        file.map_err(io::Error::from).and_then(|file| File::from(file).read_to_end(&mut text)).map(|_| text)
    };
    if !read("stat").is_ok_and(|stat| is_of_the_kernel(&stat)) {
        return Vec::new();
    }
    let children = read(&format!("task/{KTHREADD}/children")).unwrap_or_default();
    let mut pids: Vec<u32> = children.split(|&byte| byte == b' ').filter_map(number).collect();
    pids.push(KTHREADD);
    pids.sort_unstable();
    pids
}
