//! The machine of the measurements, without its name or places on it.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use crate::plan::{Settings, installed};

/// Facts as pairs of a name and a value, in the order in which they are shown.
pub(crate) fn facts(settings: &Settings) -> Vec<(&'static str, String)> {
    let cpuinfo = read("/proc/cpuinfo");
    let cpu = field(&cpuinfo, "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let gib = field(&read("/proc/meminfo"), "MemTotal")
        .and_then(|value| value.trim_end_matches(" kB").parse::<f64>().ok())
        .map_or_else(|| "?".to_owned(), |kib| format!("{:.0} GiB", kib / 1_048_576.0));
    let buckets = read("/proc/sys/net/ipv4/tcp_ehash_entries");
    let mut facts = vec![
        ("Date", humantime::format_rfc3339_seconds(SystemTime::now()).to_string()),
        ("Kernel", read("/proc/sys/kernel/osrelease").trim().to_owned()),
        ("Machine", format!("{cpu}, {cores} cores, {gib}")),
        ("Buckets of the TCP table", buckets.trim().trim_start_matches('-').to_owned()),
        ("rustc", first_line("rustc", "--version", "")),
        ("ss", first_line("ss", "-V", "ss utility, ")),
        ("netstat", first_line("netstat", "--version", "")),
        ("awk", awk()),
    ];
    if settings.callgrind {
        facts.push(("valgrind", first_line("valgrind", "--version", "valgrind-")));
    }
    if !settings.floor_only {
        facts.push(("sockdoc", binary(settings)));
    }
    facts
}

/// The peers that are not here, whose rows are therefore missing.
pub(crate) fn skipped(settings: &Settings) -> Vec<&'static str> {
    let mut wanted = vec!["ss", "netstat", "awk"];
    if settings.callgrind {
        wanted.push("valgrind");
    }
    wanted.retain(|program| !installed(program));
    wanted
}

/// Bytes of the binary under test.
pub(crate) fn binary_bytes(settings: &Settings) -> u64 {
    fs::metadata(&settings.sockdoc).map_or(0, |file| file.len())
}

fn binary(settings: &Settings) -> String {
    let version = first_line(&settings.sockdoc, "--version", "sockdoc ");
    let linking = match fs::read(&settings.sockdoc).ok().as_deref().and_then(needs_interpreter) {
        Some(true) => "dynamic",
        Some(false) => "static",
        None => "of unknown linking",
    };
    let sum = first_line("sha256sum", &settings.sockdoc, "");
    let sum = sum.split(' ').next().unwrap_or_default();
    format!("{version}, {linking}, {} bytes, sha256 {sum}", binary_bytes(settings))
}

/// Whether a 64-bit little-endian ELF file has a PT_INTERP segment: only a dynamic one has (elf(5)).
fn needs_interpreter(file: &[u8]) -> Option<bool> {
    const PT_INTERP: u32 = 3;
    let half = |at: usize| Some(usize::from(u16::from_le_bytes(file.get(at..at + 2)?.try_into().ok()?)));
    if file.get(..6)? != b"\x7fELF\x02\x01" {
        return None;
    }
    let table = u64::from_le_bytes(file.get(32..40)?.try_into().ok()?) as usize;
    let (size, entries) = (half(54)?, half(56)?);
    for at in (0..entries).map(|entry| table + entry * size) {
        if u32::from_le_bytes(file.get(at..at + 4)?.try_into().ok()?) == PT_INTERP {
            return Some(true);
        }
    }
    Some(false)
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

fn field(text: &str, name: &str) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// Which awk it is: there are several, of very different speed, and not all of them tell.
fn awk() -> String {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).find_map(|folder| fs::canonicalize(folder.join("awk")).ok());
    let name = found.as_deref().and_then(Path::file_name);
    name.map_or_else(|| "not installed".to_owned(), |name| name.to_string_lossy().into_owned())
}

fn first_line(program: &str, argument: &str, prefix: &str) -> String {
    let Ok(output) = Command::new(program).arg(argument).output() else {
        return "not installed".to_owned();
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().next().unwrap_or_default().trim_start_matches(prefix).to_owned()
}
