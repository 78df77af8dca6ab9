//! A process on the machine itself with the rights that BPF takes, and what the two engines say there.

#![allow(unsafe_code, reason = "unshare has no safe wrapper")]

use rustix::thread::{CapabilitySet, UnshareFlags, capabilities, unshare_unsafe};
use serde_json::Value;

use crate::lab::{namespace, peer, program};

/// Where the kernel tells its types.
pub(crate) const BTF: &str = "/sys/kernel/btf/vmlinux";

/// Enters a network namespace; ends the test where there are no rights.
pub(crate) fn enter() {
    let effective = capabilities(None).map_or(CapabilitySet::empty(), |sets| sets.effective);
    let wanted = CapabilitySet::SYS_ADMIN | CapabilitySet::SYS_PTRACE | CapabilitySet::NET_ADMIN;
    if !effective.contains(wanted) || std::fs::metadata(BTF).is_err() {
        peer::cannot_have("root, and a kernel with BPF and BTF");
    }
    // SAFETY: no descriptor table or address space is unshared, so nothing that Rust relies on changes.
    unsafe { unshare_unsafe(UnshareFlags::NEWNET) }.expect("a network namespace");
    namespace::bring_loopback_up().expect("lo");
    // Rights alone do not let a program be loaded where the kernel is locked down.
    let probe = program::run(&["list", "-p", "--engine", "bpf", "--format", "json"]);
    if probe.stderr.contains("instead of BPF") {
        peer::cannot_have(probe.stderr.trim());
    }
}

/// Sockdoc as an ordinary user, who may not enter the folder of a build.
pub(crate) fn as_nobody(args: &[&str]) -> std::process::Command {
    use std::os::unix::{fs::PermissionsExt, process::CommandExt};
    let binary = std::env::temp_dir().join("sockdoc");
    if !binary.exists() {
        std::fs::copy(env!("CARGO_BIN_EXE_sockdoc"), &binary).unwrap();
        std::fs::set_permissions(std::env::temp_dir(), PermissionsExt::from_mode(0o755)).unwrap();
    }
    let mut command = program::controlled(binary.to_str().unwrap(), args);
    command.uid(65534).gid(65534);
    command
}

/// The sockets with their owners, as objects, by one engine; and its stderr.
pub(crate) fn listed(engine: &str) -> (Vec<Value>, Vec<Value>) {
    let said = program::run(&["list", "-atup", "--engine", engine, "--json"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    // The verifier's account on stderr is no note.
    let mut document: Value = serde_json::from_str(&said.stdout).expect("JSON");
    let of = |part: &mut Value| part.as_array().cloned().expect("a list");
    (of(&mut document["sockets"]), of(&mut document["gaps"]))
}

/// The owners of the sockets, by inode.
pub(crate) fn owners(engine: &str) -> std::collections::BTreeMap<u64, Value> {
    let of = |socket: Value| (socket["inode"].as_u64().unwrap_or(0), socket["owners"].clone());
    let mut owners: std::collections::BTreeMap<_, _> = listed(engine).0.into_iter().map(of).collect();
    owners.remove(&0);
    owners
}
