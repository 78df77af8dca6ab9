//! Aliases of names: the same name of the same kind of thing has the same alias; which, depends on random keys that are
//! not kept.

use std::hash::{BuildHasher, RandomState};

use super::addresses::Addresses;
use crate::model::owner::NEVER_SERVE;

/// Where `ip netns add` puts names.
pub(super) const NAMED: &str = "/run/netns/";

/// Gives aliases.
pub(in crate::archive) struct Aliases {
    keys: RandomState,
    pub(super) addresses: Addresses,
}

/// The kind of a name: the same word has different aliases as a user and as a program.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Of {
    Host,
    Program,
    User,
    Cgroup,
    Netns,
    Path,
    Interface,
}

/// Programs that change the words of a rule: redaction keeps the kind of program, not its exact name.
const KINDS_OF_PROGRAM: [&str; 24] = [
    "java",
    "python",
    "pypy",
    "gunicorn",
    "uwsgi",
    "node",
    "nodejs",
    "nginx",
    "haproxy",
    "apache",
    "httpd",
    "postgres",
    "redis-server",
    "valkey-server",
    "php",
    "php-fpm",
    "php-cgi",
    "ruby",
    "jruby",
    "puma",
    "dotnet",
    "envoy",
    "systemd",
    "sockdoc",
];

/// The prefix of a container's id in the name of its cgroup.
const RUNTIMES: [&str; 8] =
    ["docker", "cri-containerd", "crio", "crio-conmon", "libpod", "libpod-conmon", "containerd", "nerdctl"];

/// The prefix of a pod's uid.
const POD_PREFIXES: [&str; 4] = ["kubepods-burstable-pod", "kubepods-besteffort-pod", "kubepods-pod", "pod"];

impl Aliases {
    /// With fresh keys.
    pub(in crate::archive) fn new() -> Aliases {
        Aliases { keys: RandomState::new(), addresses: Addresses::new() }
    }

    fn hash(&self, of: Of, name: &[u8]) -> u64 {
        self.keys.hash_one((of, name))
    }

    /// `program-1a2b3c4d`.
    pub(super) fn alias(&self, of: Of, name: &[u8]) -> String {
        let word = match of {
            Of::Host => "host",
            Of::Program => "prog",
            Of::User => "user",
            Of::Cgroup => "name",
            Of::Netns => "netns",
            Of::Path => "path",
            Of::Interface => "if",
        };
        format!("{word}-{:08x}", self.hash(of, name) as u32)
    }

    /// Keeps the kind of a program, because rules select hints by it: `java-123456`.
    pub(super) fn program(&self, name: &[u8]) -> String {
        let text = String::from_utf8_lossy(name);
        let first = text.split([':', ' ']).next().unwrap_or_default();
        let plain = first.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || c == '-');
        match KINDS_OF_PROGRAM.iter().chain(&NEVER_SERVE).find(|kind| **kind == plain) {
            // Rules ask whether it is this very program, and everybody has it.
            Some(&"systemd") if *name == *b"systemd" => "systemd".to_owned(),
            Some(kind) => format!("{kind}-{}", self.hash(Of::Program, name) % 1_000_000),
            None => self.alias(Of::Program, name),
        }
    }

    /// One part of a cgroup path. Keeps the kind of unit, and whether it is a container.
    pub(super) fn cgroup_part(&self, part: &str) -> String {
        const KEPT: [&str; 23] = [
            "",
            ".",
            "..",
            "system.slice",
            "user.slice",
            "init.scope",
            "machine.slice",
            "app.slice",
            "session.slice",
            "background.slice",
            "kubepods",
            "kubepods.slice",
            "kubepods-burstable.slice",
            "kubepods-besteffort.slice",
            "burstable",
            "besteffort",
            "docker",
            "cpu",
            "cpu.stat",
            "freezer",
            "freezer.state",
            "unified",
            "lxc",
        ];
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let of_user = |prefix: &str, suffix: &str| {
            part.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(suffix)).is_some_and(digits)
        };
        if KEPT.contains(&part)
            || of_user("user-", ".slice")
            || of_user("user@", ".service")
            || of_user("session-", ".scope")
        {
            return part.to_owned();
        }
        // A pod by its uid: `kubepods-burstable-pod5ec0ffee_….slice`, `pod5ec0ffee-…`.
        let pod = |prefix: &&'static str| Some((*prefix, part.strip_prefix(prefix)?));
        if let Some((prefix, rest)) = POD_PREFIXES.iter().find_map(pod) {
            let (uid, suffix) = rest.split_once('.').map_or((rest, None), |(uid, suffix)| (uid, Some(suffix)));
            let is_uid = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b'-' | b'_');
            if uid.len() >= 32 && uid.bytes().all(is_uid) && suffix.is_none_or(|suffix| suffix == "slice") {
                let dot = if suffix.is_some() { ".slice" } else { "" };
                return format!("{prefix}{}{dot}", self.pod(uid));
            }
        }
        let (stem, suffix) = match part.rsplit_once('.') {
            Some((stem, suffix @ ("service" | "scope" | "slice" | "socket" | "mount" | "swap"))) => (stem, suffix),
            _ => (part, ""),
        };
        let dot = if suffix.is_empty() { "" } else { "." };
        let (before, id) = stem.rsplit_once('-').map_or(("", stem), |(before, id)| (before, id));
        let is_id = |id: &str| id.len() >= 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        // The text before the prefix names the runtime, or is arbitrary.
        if is_id(id) && (before.is_empty() || RUNTIMES.contains(&before)) {
            let before = if before.is_empty() { String::new() } else { format!("{before}-") };
            return format!("{before}{}{dot}{suffix}", self.digits(id.as_bytes()));
        }
        format!("{}{dot}{suffix}", self.alias(Of::Cgroup, stem.as_bytes()))
    }

    /// A pod's uid, of which the digits are replaced: the same in all its spellings.
    fn pod(&self, uid: &str) -> String {
        let digits: Vec<u8> = uid.bytes().filter(u8::is_ascii_hexdigit).collect();
        let mut aliases = self.digits(&digits).into_bytes().into_iter();
        uid.chars()
            .filter_map(|c| if c.is_ascii_hexdigit() { aliases.next().map(char::from) } else { Some(c) })
            .collect()
    }

    /// As many hexadecimal digits.
    fn digits(&self, id: &[u8]) -> String {
        (0..id.len()).filter_map(|place| char::from_digit(self.keys.hash_one((place, id)) as u32 & 15, 16)).collect()
    }

    /// The path of a cgroup.
    pub(super) fn cgroup(&self, path: &str) -> String {
        path.split('/').map(|part| self.cgroup_part(part)).collect::<Vec<_>>().join("/")
    }

    /// A path that names a namespace, a cgroup, or anything else.
    pub(super) fn path(&self, path: &str) -> String {
        if path.starts_with("/proc/") || path == "/proc" || path == "/run/netns" || path.is_empty() {
            return path.to_owned();
        }
        if let Some(name) = path.strip_prefix("/var").unwrap_or(path).strip_prefix(NAMED) {
            return format!("{NAMED}{}", self.alias(Of::Netns, name.as_bytes()));
        }
        match path.strip_prefix("/sys/fs/cgroup") {
            Some(within) => format!("/sys/fs/cgroup{}", self.cgroup(within)),
            None => format!("/{}", self.alias(Of::Path, path.as_bytes())),
        }
    }

    /// The value of `--netns`: a name, a path, a process, or all.
    pub(in crate::archive) fn netns(&self, word: &str) -> String {
        match word {
            "all" => word.to_owned(),
            word if word.starts_with("pid:") => word.to_owned(),
            word if word.contains('/') => self.path(word),
            word => self.alias(Of::Netns, word.as_bytes()),
        }
    }

    /// The name of an interface.
    pub(super) fn interface(&self, name: &str) -> String {
        if name == "lo" { name.to_owned() } else { self.alias(Of::Interface, name.as_bytes()) }
    }

    /// A path or an abstract name with the same number of bytes: its first byte stays, because it distinguishes the
    /// two.
    pub(super) fn unix_name(&self, name: &mut [u8]) {
        let end = match name.split_first() {
            None => return,
            // An abstract name has no end mark.
            Some((0, _)) => name.len(),
            Some(_) => name.iter().position(|&byte| byte == 0).unwrap_or(name.len()),
        };
        let Some(shown) = name.get_mut(..end) else { return };
        let known = shown.to_vec();
        for (place, byte) in shown.iter_mut().enumerate().skip(1) {
            let number = self.keys.hash_one((Of::Path, place, &known)) % 36;
            *byte = char::from_digit(number as u32, 36).map_or(b'x', |digit| digit as u8);
        }
        if let Some(first) = shown.first_mut().filter(|first| !matches!(**first, 0 | b'/')) {
            *first = b'x';
        }
    }
}
