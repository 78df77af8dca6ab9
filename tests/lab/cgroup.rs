//! A cgroup for a program under test.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::actor::Actor;
use super::proc_net::until;

/// A cgroup of this test alone, gone with it.
pub(crate) struct Cgroup(PathBuf);

/// The first mounted hierarchy that is meant, by its type and its options, in which a cgroup can be made: its folder and
/// type.
pub(crate) fn hierarchy(is_meant: impl Fn(&str, &str) -> bool) -> Option<(PathBuf, String)> {
    let mounts = fs::read_to_string("/proc/self/mountinfo").ok()?;
    let mut places = mounts.lines().filter_map(|line| {
        let (before, after) = line.split_once(" - ")?;
        let (kind, options) = after.split_once(' ')?;
        is_meant(kind, options).then(|| Some((PathBuf::from(before.split(' ').nth(4)?), kind.to_owned())))?
    });
    places.find(|(place, _)| {
        let probe = place.join(format!("sockdoc-probe-{}", std::process::id()));
        fs::create_dir(&probe).is_ok() && fs::remove_dir(&probe).is_ok()
    })
}

impl Cgroup {
    /// Makes it there, named after the network namespace, which no other test has.
    pub(crate) fn make(hierarchy: &Path) -> Self {
        let own = fs::metadata("/proc/self/ns/net").expect("a namespace").ino();
        let group = hierarchy.join(format!("sockdoc-lab-{own}"));
        fs::create_dir(&group).expect("a cgroup");
        Self(group)
    }

    /// Writes to one of its files; the kernel refuses a limit below the current use until memory is freed.
    #[track_caller]
    pub(crate) fn write(&self, file: &str, text: &str) {
        until(file, || fs::write(self.0.join(file), text).is_ok());
    }

    /// Puts a program into it.
    pub(crate) fn take(&self, program: &Actor) {
        self.write("cgroup.procs", &program.pid().to_string());
    }
}

impl Drop for Cgroup {
    fn drop(&mut self) {
        until("the cgroup is empty", || fs::remove_dir(&self.0).is_ok());
    }
}
