//! Names within texts of `/proc` and `/etc`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Aliases, Of};

/// Lines of `/proc/PID/status` that are read but reveal nothing private.
const STATUS: [&str; 10] = [
    "State:",
    "Uid:",
    "Gid:",
    "Groups:",
    "CapEff:",
    "Threads:",
    "FDSize:",
    "PPid:",
    "TracerPid:",
    "voluntary_ctxt_switches:",
];

/// Tables of `/proc/net` that hold only counts.
const COUNTS: [&str; 8] =
    ["netstat", "snmp", "snmp6", "sockstat", "sockstat6", "protocols", "stat/nf_conntrack", "softnet_stat"];

/// The content of a file without names; `None` if the file is omitted.
pub(super) fn file(aliases: &Aliases, path: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    // A later reading of a file has more slashes in its name.
    let path: String = path.split('/').filter(|part| !part.is_empty()).flat_map(|part| ["/", part]).collect();
    let path = path.as_str();
    let text = String::from_utf8_lossy(bytes);
    let line = |text: String| Some(text.into_bytes());
    if let Some(name) = path.strip_prefix("/proc/sys/") {
        let is_secret = name.ends_with("_key") || name.ends_with("_secret") || name.contains("name");
        return (!is_secret).then(|| bytes.to_vec());
    }
    let is_of_cgroup = |file| path.starts_with("/sys/fs/cgroup/") && path.ends_with(file);
    if path == "/etc/services" || is_of_cgroup("/cpu.stat") || is_of_cgroup("/freezer.state") {
        return Some(bytes.to_vec());
    }
    if path == "/etc/passwd" {
        return line(text.lines().filter_map(|one| user(aliases, one)).collect());
    }
    let within = path.strip_prefix("/proc/")?;
    let (process, name) = within.split_once('/').unwrap_or(("", within));
    let is_process = matches!(process, "self" | "thread-self") || process.parse::<u32>().is_ok();
    if let Some(table) = name.strip_prefix("net/").filter(|_| is_process).or(within.strip_prefix("net/")) {
        return net(aliases, table, &text, bytes);
    }
    match name {
        "comm" if is_process => line(format!("{}\n", aliases.program(bytes.strip_suffix(b"\n").unwrap_or(bytes)))),
        task if is_process && task.starts_with("task/") && task.ends_with("/comm") => {
            line(format!("{}\n", aliases.program(bytes.strip_suffix(b"\n").unwrap_or(bytes))))
        }
        // The kernel's own functions, and times.
        "wchan" | "schedstat" if is_process => Some(bytes.to_vec()),
        task if is_process
            && task.starts_with("task/")
            && (task.ends_with("/schedstat") || task.ends_with("/wchan")) =>
        {
            Some(bytes.to_vec())
        }
        // The system call and its first argument, a descriptor; the others are addresses in its memory.
        task if is_process && task.starts_with("task/") && task.ends_with("/syscall") => {
            line(text.split_ascii_whitespace().take(2).collect::<Vec<_>>().join(" "))
        }
        info if is_process && info.starts_with("fdinfo/") => {
            line(text.lines().filter(|one| one.starts_with("flags:")).map(|one| format!("{one}\n")).collect())
        }
        status if is_process && (status == "status" || status.starts_with("task/") && status.ends_with("/status")) => {
            let kept = text.lines().filter(|one| STATUS.iter().any(|name| one.starts_with(name)));
            line(kept.map(|one| format!("{one}\n")).collect())
        }
        "limits" | "uid_map" | "gid_map" if is_process => Some(bytes.to_vec()),
        "cgroup" if is_process => line(text.lines().filter_map(|one| cgroup(aliases, one)).collect()),
        "mountinfo" if is_process => line(text.lines().filter_map(|one| mount(aliases, one)).collect()),
        "exe" if is_process => Some(go_note(bytes)),
        _ => None,
    }
}

/// `name:x:uid:gid:…`: the name is replaced, all but the number is left out.
fn user(aliases: &Aliases, line: &str) -> Option<String> {
    let mut fields = line.split(':');
    let (name, uid) = (fields.next()?, fields.nth(1)?);
    let alias = if name == "root" { name.to_owned() } else { aliases.alias(Of::User, name.as_bytes()) };
    Some(format!("{alias}:x:{uid}:0:::\n"))
}

/// `0::/system.slice/nginx.service`.
fn cgroup(aliases: &Aliases, line: &str) -> Option<String> {
    let (number, rest) = line.split_once(':')?;
    let (controllers, path) = rest.split_once(':')?;
    Some(format!("{number}:{controllers}:{}\n", aliases.cgroup(path)))
}

/// Only mounts of cgroups and of `/proc` are read.
fn mount(aliases: &Aliases, line: &str) -> Option<String> {
    let (before, after) = line.split_once(" - ")?;
    let kind = after.split(' ').next()?;
    let mut fields: Vec<&str> = before.split(' ').collect();
    let point = (*fields.get(4)?).to_owned();
    if !matches!(kind, "cgroup" | "cgroup2" | "proc") || !(point == "/proc" || point.starts_with("/sys/fs/cgroup")) {
        return None;
    }
    let (root, place) = (aliases.cgroup(fields.get(3)?), aliases.path(&point));
    *fields.get_mut(3)? = &root;
    *fields.get_mut(4)? = &place;
    // Of a mount's options, those are kept that decide which processes it hides.
    let options = after.splitn(3, ' ').nth(2).unwrap_or_default();
    let is_kept =
        |option: &&str| matches!(*option, "rw" | "ro") || option.starts_with("hidepid=") || option.starts_with("gid=");
    let options = options.split(',').filter(is_kept).collect::<Vec<_>>().join(",");
    Some(format!("{} - {kind} {kind} {options}\n", fields.join(" ")))
}

/// Of an executable, only the head of the note is kept that Go's linker writes.
fn go_note(bytes: &[u8]) -> Vec<u8> {
    let is_go = |note: &&[u8]| note.starts_with(&4_u32.to_ne_bytes()) && note.ends_with(b"Go\0\0");
    bytes.windows(16).find(is_go).map(<[u8]>::to_vec).unwrap_or_default()
}

/// A table of `/proc/net`.
fn net(aliases: &Aliases, table: &str, text: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    if COUNTS.contains(&table) {
        return Some(bytes.to_vec());
    }
    let place = match table {
        "tcp" | "tcp6" | "udp" | "udp6" | "udplite" | "udplite6" | "raw" | "raw6" => None,
        "unix" => Some(7),
        _ => return None,
    };
    let mut redacted = String::new();
    for (number, line) in text.lines().enumerate() {
        let mut fields: Vec<String> = line.split_ascii_whitespace().map(str::to_owned).collect();
        if number > 0 {
            match place {
                None => fields.iter_mut().skip(1).take(2).for_each(|end| *end = self::end(aliases, end)),
                Some(place) => {
                    // A path may hold blanks.
                    let path = fields.get(place..).map(|parts| parts.join(" ")).filter(|path| !path.is_empty());
                    fields.truncate(place);
                    fields.extend(path.map(|path| {
                        let mut name = path.into_bytes();
                        aliases.unix_name(&mut name);
                        String::from_utf8_lossy(&name).into_owned()
                    }));
                }
            }
        }
        redacted.push_str(&fields.join(" "));
        redacted.push('\n');
    }
    Some(redacted.into_bytes())
}

/// `0100007F:1F90`: words in the order of this machine.
fn end(aliases: &Aliases, text: &str) -> String {
    let Some((digits, port)) = text.split_once(':') else { return "0:0".to_owned() };
    let words: Option<Vec<[u8; 4]>> = (0..digits.len() / 8)
        .map(|place| u32::from_str_radix(digits.get(8 * place..8 * place + 8)?, 16).ok().map(u32::to_ne_bytes))
        .collect();
    let octets = words.unwrap_or_default().concat();
    let alias = match (octets.first_chunk::<4>(), octets.first_chunk::<16>()) {
        (_, Some(v6)) => aliases.addresses.alias(IpAddr::V6(Ipv6Addr::from(*v6))),
        (Some(v4), None) => aliases.addresses.alias(IpAddr::V4(Ipv4Addr::from(*v4))),
        _ => return "0:0".to_owned(),
    };
    let octets = match alias {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().to_vec(),
    };
    let words = octets.chunks_exact(4).filter_map(|word| word.first_chunk().map(|word| u32::from_ne_bytes(*word)));
    format!("{}:{port}", words.map(|word| format!("{word:08X}")).collect::<String>())
}

/// Where a link leads, without names; none where it is left out.
pub(super) fn link(aliases: &Aliases, path: &str, target: &[u8]) -> Option<Vec<u8>> {
    let within = path.strip_prefix("/proc/")?;
    let plain = [&b"socket:["[..], b"pipe:[", b"anon_inode:", b"net:[", b"/dev/pts/", b"/dev/tty", b"/dev/console"];
    if target.is_empty() || plain.iter().any(|plain| target.starts_with(plain)) {
        return Some(target.to_vec());
    }
    if within.ends_with("/exe") {
        let name = target.rsplit(|&byte| byte == b'/').next()?;
        let name = name.strip_suffix(b" (deleted)").unwrap_or(name);
        return Some(format!("/{}", aliases.program(name)).into_bytes());
    }
    within.contains("/fd/").then(|| format!("/{}", aliases.alias(Of::Path, target)).into_bytes())
}
