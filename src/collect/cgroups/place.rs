//! The systemd unit in the path of a cgroup, and the container by the names of its runtime.

use crate::model::owner::{Container, Place};

/// Reads a path. The innermost unit and the innermost container count.
pub fn place(path: &str) -> Place {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    Place {
        cgroup: (!path.is_empty()).then(|| path.into()),
        unit: parts.iter().rev().find_map(|part| unit(part)),
        container: (0..parts.len()).rev().find_map(|place| container(&parts, place)),
    }
}

/// A service or scope; a slice holds units and is none of a process.
fn unit(part: &str) -> Option<Box<str>> {
    let name = [".service", ".scope"].iter().find_map(|suffix| part.strip_suffix(suffix))?;
    // systemd puts a `_` before a name that the kernel could take for its own file.
    let part = part.strip_prefix('_').unwrap_or(part);
    // systemd's own `\\x2d` is part of the name that its commands take.
    (!name.is_empty()).then(|| part.into())
}

/// The container that the part at this place names, if it names one.
fn container(parts: &[&str], place: usize) -> Option<Container> {
    let part = *parts.get(place)?;
    let outer = parts.get(..place).unwrap_or_default();
    let (runtime, id) =
        by_prefix(part).or_else(|| by_parent(part, outer)).or_else(|| machine(part)).or_else(|| lxc(part, outer))?;
    // The part itself may hold both: `kubepods-pod<uid>.slice:cri-containerd:<id>`.
    let pod = parts.get(..=place).unwrap_or_default().iter().rev().find_map(|part| pod(part));
    Some(Container { runtime, id: id.into(), pod })
}

/// Prefixes of an id, in a scope of systemd or in a plain directory.
const PREFIXES: &[(&str, &str)] = &[
    ("docker-", "docker"),
    ("cri-containerd-", "containerd"),
    ("nerdctl-", "containerd"),
    ("crio-", "cri-o"),
    ("libpod-payload-", "podman"),
    ("libpod-", "podman"),
];

/// `docker-<id>.scope`, `libpod-<id>`; `crio-conmon-<id>` and `libpod-conmon-<id>` hold the watcher, not the container.
fn by_prefix(part: &str) -> Option<(&'static str, String)> {
    let name = part.strip_suffix(".scope").unwrap_or(part);
    if let Some((_, rest)) = name.split_once(".slice:") {
        // containerd, configured for systemd's names without systemd.
        let (prefix, id) = rest.split_once(':')?;
        let runtime = PREFIXES.iter().find(|(known, _)| known.trim_end_matches('-') == prefix)?.1;
        return is_id(id).then(|| (runtime, id.to_owned()));
    }
    let named = |(prefix, runtime): &(&str, &'static str)| Some((*runtime, name.strip_prefix(prefix)?));
    let (runtime, id) = PREFIXES.iter().filter_map(named).find(|(_, id)| is_id(id))?;
    Some((runtime, id.to_owned()))
}

/// A bare id: its parent names the runtime.
fn by_parent(part: &str, outer: &[&str]) -> Option<(&'static str, String)> {
    let (last, rest) = outer.split_last()?;
    if is_id(part) {
        let runtime = match *last {
            // The directory, and those that services which run docker put in its place.
            "docker" | "actions_job" => "docker",
            "default" | "moby" | "k8s.io" => "containerd",
            "libpod_parent" => "podman",
            parent if pod(parent).is_some() => "containerd",
            _ if rest.last() == Some(&"ecs") => "docker",
            _ => return None,
        };
        return Some((runtime, part.to_owned()));
    }
    // Fargate: `/ecs/<task>/<task>-<number>`.
    let number = part.strip_prefix(last)?.strip_prefix('-')?;
    let is_task = last.len() == 32 && is_hex(last) && rest.last() == Some(&"ecs");
    (is_task && number.bytes().all(|byte| byte.is_ascii_digit())).then(|| ("containerd", part.to_owned()))
}

/// Machines registered with systemd-machined, and nspawn's own service; a virtual machine is not a container.
fn machine(part: &str) -> Option<(&'static str, String)> {
    if let Some(name) = part.strip_prefix("systemd-nspawn@") {
        return Some(("systemd-nspawn", unescape(name.strip_suffix(".service")?)));
    }
    let name = unescape(part.strip_prefix("machine-")?.strip_suffix(".scope")?);
    if name.is_empty() || name.starts_with("qemu-") {
        return None;
    }
    // libvirt: `machine-lxc-<pid>-<name>.scope`.
    match name.strip_prefix("lxc-").and_then(|rest| rest.split_once('-')) {
        Some((pid, rest)) if pid.bytes().all(|byte| byte.is_ascii_digit()) => Some(("lxc", rest.to_owned())),
        _ => Some(("systemd-nspawn", name)),
    }
}

/// `/lxc.payload.<name>`, before 4.0 `/lxc.payload/<name>` and `/lxc/<name>`; `lxc.monitor` holds the watcher.
fn lxc(part: &str, outer: &[&str]) -> Option<(&'static str, String)> {
    let name = match outer.last() {
        Some(&"lxc" | &"lxc.payload") => part,
        _ => part.strip_prefix("lxc.payload.")?,
    };
    (!name.is_empty()).then(|| ("lxc", name.to_owned()))
}

/// The uid of a pod: `kubepods-burstable-pod<uid>.slice`, where `_` stands for `-`, or `pod<uid>`.
fn pod(part: &str) -> Option<Box<str>> {
    let part = part.split_once(".slice").map_or(part, |(name, _)| name);
    let (before, uid) = part.rsplit_once("pod")?;
    let is_slice = before.ends_with('-') && before.contains("kubepods");
    if !before.is_empty() && !is_slice {
        return None;
    }
    let uid = uid.replace('_', "-");
    let digits = uid.bytes().filter(|&byte| byte != b'-').count();
    // A static pod's has no dashes.
    let is_uid = digits == 32 && uid.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    is_uid.then(|| uid.into())
}

/// A full id: 32 bytes in hexadecimal digits.
fn is_id(text: &str) -> bool {
    text.len() == 64 && is_hex(text)
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Undoes systemd's `\x2d` (systemd-escape(1)).
fn unescape(text: &str) -> String {
    undo(text, "\\x", 2, 16)
}

/// Undoes the `\040` of mountinfo (`mangle_path` in fs/seq_file.c).
pub(super) fn unescape_octal(text: &str) -> String {
    undo(text, "\\", 3, 8)
}

/// Replaces a mark and the digits after it by the byte they name.
fn undo(text: &str, mark: &str, digits: usize, radix: u32) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(mark) {
        bytes.extend_from_slice(before.as_bytes());
        let code = after.get(..digits).and_then(|code| u8::from_str_radix(code, radix).ok());
        match code {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(digits..).unwrap_or_default();
            }
            None => {
                bytes.extend_from_slice(mark.as_bytes());
                rest = after;
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests;
