//! Control groups: the path of a socket's cgroup ID, and the unit and container in a path.
//!
//! `INET_DIAG_CGROUP_ID` is the inode number of a directory of the cgroup v2 hierarchy. A group that was removed while
//! its sockets remain, or that lies outside the mounted part, has an ID without a path.

mod place;

use std::{
    collections::{BTreeSet, VecDeque},
    io::{BufRead, Read},
};

use super::prelude::*;
use crate::model::sorted;

pub use place::place;

/// The paths of cgroup v2 by id, read as far as they were needed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CgroupMap {
    mount: Option<Mount>,
    paths: BTreeMap<u64, Box<str>>,
    /// Directories, below the mount, whose contents have not been read yet.
    pending: VecDeque<String>,
}

/// Where the cgroup v2 hierarchy is mounted, and which part of it.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Mount {
    point: String,
    root: String,
}

impl CgroupMap {
    /// Finds the hierarchy; none of it is read yet.
    pub fn new(source: &dyn Source) -> CgroupMap {
        let Ok(mounts) = source.open("/proc/self/mountinfo") else { return CgroupMap::default() };
        let lines = mounts.split(b'\n').map_while(Result::ok);
        let found: Vec<Mount> = lines.filter_map(|line| of_mount(&String::from_utf8_lossy(&line))).collect();
        // Parts of the hierarchy may be mounted elsewhere too: the whole is preferred.
        let mount = found.iter().find(|mount| mount.root.is_empty()).or(found.first()).cloned();
        let mut map = CgroupMap { mount, ..CgroupMap::default() };
        if let Some(mount) = &map.mount
            && let Ok(id) = source.inode(&mount.point)
        {
            map.paths.insert(id, if mount.root.is_empty() { "/" } else { &mount.root }.into());
            map.pending.push_back(String::new());
        }
        map
    }

    /// Reads the hierarchy until the path of each of these ids is known, or all of it is.
    pub fn resolve(&mut self, source: &dyn Source, wanted: &[u64]) {
        let Some(mount) = &self.mount else { return };
        let mut missing: BTreeSet<u64> = wanted.iter().copied().filter(|id| !self.paths.contains_key(id)).collect();
        while !missing.is_empty()
            && let Some(within) = self.pending.pop_front()
        {
            // A group may be removed meanwhile.
            for (name, id) in source.directories(&format!("{}{within}", mount.point)).unwrap_or_default() {
                let path = format!("{within}/{name}");
                self.paths.insert(id, format!("{}{path}", mount.root).into());
                self.pending.push_back(path);
                missing.remove(&id);
            }
        }
    }

    /// Reads the whole hierarchy: where each cgroup belongs, by id.
    pub fn all(&mut self, source: &dyn Source) -> BTreeMap<u64, Place> {
        // No directory has this inode: looking for it reads everything.
        self.resolve(source, &[0]);
        sorted::map(self.paths.iter().map(|(id, path)| (*id, place(path))))
    }

    /// The path of a cgroup, as `/proc/PID/cgroup` has it; known once it was looked for.
    pub fn path_of(&self, id: u64) -> Option<&str> {
        self.paths.get(&id).map(|path| &**path)
    }

    /// The unit and container of a cgroup; known once it was looked for.
    pub fn place_of(&self, id: u64) -> Option<Place> {
        self.path_of(id).map(place)
    }

    /// The id of a cgroup, named by its path in the hierarchy or in the file system.
    pub fn id_of(&self, source: &dyn Source, path: &str) -> Option<u64> {
        let mount = self.mount.as_ref()?;
        let within = |path: &str, prefix: &str| {
            path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if !path.starts_with('/') || path.split('/').any(|part| part == "..") {
            return None;
        }
        let path = path.trim_end_matches('/');
        if within(path, &mount.point) {
            return source.inode(path).ok();
        }
        let rest = if within(path, &mount.root) { path.strip_prefix(mount.root.as_str())? } else { return None };
        source.inode(&format!("{}{rest}", mount.point)).ok()
    }
}

/// `41 31 0:38 / /sys/fs/cgroup/unified rw,relatime shared:9 - cgroup2 cgroup2 rw`.
fn of_mount(line: &str) -> Option<Mount> {
    let (mount, system) = line.split_once(" - ")?;
    if system.split(' ').next()? != "cgroup2" {
        return None;
    }
    let mut fields = mount.split(' ').skip(3);
    let (root, point) = (fields.next()?, fields.next()?);
    Some(Mount { point: place::unescape_octal(point), root: place::unescape_octal(root.trim_end_matches('/')) })
}

/// The place of a process; none where it has ended.
pub fn of_pid(source: &dyn Source, pid: u32) -> Option<Place> {
    let mut text = Vec::new();
    source.open(&format!("/proc/{pid}/cgroup")).ok()?.read_to_end(&mut text).ok()?;
    Some(of_process(&text))
}

/// The place from `/proc/PID/cgroup`: the most specific of its hierarchies.
pub fn of_process(text: &[u8]) -> Place {
    let text = String::from_utf8_lossy(text);
    let paths = text.lines().filter_map(|line| {
        let mut fields = line.splitn(3, ':');
        let (_, controllers, path) = (fields.next()?, fields.next()?, fields.next()?);
        // A group removed while the process ends.
        Some((controllers, path.strip_suffix(" (deleted)").unwrap_or(path)))
    });
    let best = paths.map(|(controllers, path)| (controllers, place(path))).max_by_key(|(controllers, place)| {
        let length = place.cgroup.as_ref().map_or(0, |path| path.len());
        // The root says nothing; then a container, a unit, and the hierarchies systemd keeps.
        let kept = controllers.is_empty() || *controllers == "name=systemd";
        (place.container.is_some(), place.unit.is_some(), length > 1 && kept, length)
    });
    best.map(|(_, place)| place).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::memory::MemorySource;

    fn held(root: &str) -> MemorySource {
        let mut held = MemorySource::default();
        let mounts = format!(
            "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n41 31 0:38 {root} /sys/fs/cgroup/u rw shared:9 - cgroup2 cgroup2 rw\n"
        );
        held.file("/proc/self/mountinfo", mounts);
        held.file("/sys/fs/cgroup/u/cgroup.procs", "");
        for (path, inode) in [("", 1), ("/system.slice", 20), ("/system.slice/nginx.service", 300), ("/user.slice", 21)]
        {
            held.symlink(&format!("/sys/fs/cgroup/u{path}"), &format!("cgroup:[{inode}]"));
        }
        held
    }

    #[test]
    fn a_path_is_found_by_its_id_and_no_more_is_read_than_needed() {
        let held = held("/");
        let mut map = CgroupMap::new(&held);
        assert_eq!((map.path_of(1), map.path_of(20)), (Some("/"), None));
        map.resolve(&held, &[20, 1]);
        assert_eq!((map.path_of(20), map.path_of(300)), (Some("/system.slice"), None));
        map.resolve(&held, &[300]);
        assert_eq!(map.path_of(300), Some("/system.slice/nginx.service"));
        assert_eq!(map.place_of(300).unwrap().unit.as_deref(), Some("nginx.service"));
        map.resolve(&held, &[999]);
        assert_eq!((map.path_of(999), map.pending.len()), (None, 0));
    }

    #[test]
    fn an_id_is_found_by_either_path() {
        let held = held("/");
        let map = CgroupMap::new(&held);
        for (path, id) in [
            ("/", Some(1)),
            ("/system.slice/nginx.service/", Some(300)),
            ("/sys/fs/cgroup/u/system.slice", Some(20)),
            ("/sys/fs/cgroup/u", Some(1)),
            ("/absent", None),
            ("/../../etc", None),
            ("system.slice", None),
        ] {
            assert_eq!(map.id_of(&held, path), id, "{path}");
        }
    }

    #[test]
    fn a_part_of_the_hierarchy_keeps_its_name_in_the_whole() {
        let held = held("/docker/abc");
        let mut map = CgroupMap::new(&held);
        map.resolve(&held, &[20]);
        assert_eq!((map.path_of(1), map.path_of(20)), (Some("/docker/abc"), Some("/docker/abc/system.slice")));
        assert_eq!(map.id_of(&held, "/docker/abc/system.slice"), Some(20));
        assert_eq!(map.id_of(&held, "/system.slice"), None);
    }

    #[test]
    fn without_cgroup_v2_nothing_is_known() {
        let mut map = CgroupMap::new(&MemorySource::default());
        map.resolve(&MemorySource::default(), &[1]);
        assert!(map.mount.is_none() && map.path_of(1).is_none());
    }

    #[test]
    fn of_several_hierarchies_the_one_that_says_most_is_taken() {
        let of = |text: &str| of_process(text.as_bytes());
        let path = |text: &str| of(text).cgroup.map(String::from);
        assert_eq!(path("9:name=systemd:/\n4:memory:/api/x\n0::/\n").as_deref(), Some("/api/x"));
        assert_eq!(path("4:memory:/\n0::/\n").as_deref(), Some("/"));
        assert_eq!(
            path("9:cpu:/user.slice\n1:name=systemd:/user.slice/s\n0::/user.slice\n").as_deref(),
            Some("/user.slice/s")
        );
        let id = "a".repeat(64);
        let hybrid = format!("4:memory:/docker/{id}\n1:name=systemd:/system.slice/docker.service\n0::/x.service\n");
        assert_eq!(of(&hybrid).container.unwrap().id.as_ref(), id);
        assert_eq!(of("0::/a.service (deleted)\n").unit.as_deref(), Some("a.service"));
        assert_eq!(of("nonsense\n\n"), Place::default());
    }
}
