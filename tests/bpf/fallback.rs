//! Without a usable BPF, a run that asks for it gives the same answer from netlink and `/proc`, and the reason.

#![allow(unsafe_code, reason = "mount has no safe wrapper in the features of rustix used here")]

use std::{ffi::CString, net::TcpListener, ptr::null};

use serde_json::Value;

use crate::{
    host::{self, BTF},
    lab::{container, program},
};

/// The gap about the engine; there is one where BPF was asked for and failed.
fn gap(gaps: &[Value]) -> Option<String> {
    let gap = gaps.iter().find(|gap| gap["what"] == "engine")?;
    gap["why"].as_str().map(str::to_owned)
}

/// Both engines list and count the same, and the one gives this reason.
#[track_caller]
fn falls_back(reason: &str) {
    list_falls_back(reason);
    let [counted, same] =
        ["bpf", "netlink"].map(|engine| program::run(&["count", "--json", "--engine", engine]).json());
    assert_eq!(counted["sockets"], same["sockets"]);
    let why = gap(counted["gaps"].as_array().unwrap()).unwrap_or_default();
    assert!(why.contains(reason), "{counted}");
    let states = program::run(&["events", "--states", "--for", "1s"]);
    assert!(states.code == Some(2) && states.stdout.is_empty() && states.stderr.contains(reason), "{states:?}");
}

/// The same of a list alone.
#[track_caller]
fn list_falls_back(reason: &str) {
    let (by_bpf, gaps) = host::listed("bpf");
    let (by_proc, none) = host::listed("netlink");
    assert_eq!(by_bpf, by_proc);
    assert!(by_bpf.iter().any(|socket| socket["state"] == "LISTEN"), "{by_bpf:?}");
    let why = gap(&gaps).unwrap_or_default();
    assert!(why.contains(reason), "{gaps:?}");
    assert_eq!(gap(&none), None);
}

fn mount(what: &str, to: &str, kind: &str, flags: libc::c_ulong) {
    let [what, to, kind] = [what, to, kind].map(|text| CString::new(text).unwrap());
    // SAFETY: the texts live until the call returns, and there is no data.
    let answer = unsafe { libc::mount(what.as_ptr(), to.as_ptr(), kind.as_ptr(), flags, null()) };
    assert_eq!(answer, 0, "{}", std::io::Error::last_os_error());
}

pub(crate) fn a_user_without_rights_gets_the_same_and_the_reason() {
    host::enter();
    let _listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let run = |engine: &str| program::finish(host::as_nobody(&["list", "-atup", "--json", "--engine", engine]));
    let [asked, auto, netlink] = ["bpf", "auto", "netlink"].map(run);
    let (one, two) = (asked.json(), netlink.json());
    assert_eq!(one["sockets"], two["sockets"]);
    let why = gap(one["gaps"].as_array().unwrap()).unwrap();
    assert!(why.contains("CAP_BPF") && asked.stderr.contains(&why), "{why} {}", asked.stderr);
    // A run that did not ask for BPF has no note. Other processes come and go, and with them the number of those
    // denied.
    assert_eq!(gap(auto.json()["gaps"].as_array().unwrap()), None);
    assert!(!auto.stderr.contains("BPF"), "{}", auto.stderr);
}

pub(crate) fn a_container_is_read_from_proc() {
    host::enter();
    let _listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let status = container::alone(&|| falls_back("container"));
    assert_eq!(status, 0);
}

pub(crate) fn a_kernel_without_types_is_read_from_proc() {
    host::enter();
    container::inside(container::MOUNTS, || {
        let _listener = TcpListener::bind("127.0.0.1:0").unwrap();
        mount("none", "/sys/kernel/btf", "tmpfs", 0);
        falls_back("No such file or directory)");
        // A file that is no BTF is none, either.
        std::fs::write(BTF, b"\x9f\xeb\x01\0").unwrap();
        falls_back(BTF);
    });
}

pub(crate) fn types_that_lie_are_refused_and_v_tells_what_the_verifier_said() {
    host::enter();
    container::inside(container::MOUNTS, || {
        let _listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut types = std::fs::read(BTF).unwrap();
        // Members of the same length change their names: a file's flags are taken for its inode.
        let lies: [(&[u8], &[u8]); 4] = [
            (b"\0f_inode\0", b"\0f_inodx\0"),
            (b"\0f_flags\0", b"\0f_inode\0"),
            (b"\0skc_net\0", b"\0skc_nex\0"),
            (b"\0skc_hash\0", b"\0skc_net\0\0"),
        ];
        for (name, instead) in lies {
            let place = types.windows(name.len()).position(|bytes| bytes == name).expect("the name");
            types[place..place + name.len()].copy_from_slice(instead);
        }
        let file = std::env::temp_dir().join("types");
        std::fs::write(&file, types).unwrap();
        mount(file.to_str().unwrap(), BTF, "", libc::MS_BIND);
        list_falls_back("the kernel refused the program");
        let said = program::run(&["list", "-atup", "--engine", "bpf"]);
        assert!(said.stderr.contains("processed ") && said.stderr.contains(" insns"), "{}", said.stderr);
        // The hash of a connection is taken for a pointer to its namespace.
        for (verbose, has_log) in [(&[][..], false), (&["-v"], true)] {
            let said = program::run(&[&["events", "--states", "--for", "1s"], verbose].concat());
            assert!(said.code == Some(2) && said.stdout.is_empty(), "{said:?}");
            assert_eq!(said.stderr.contains("processed "), has_log, "{}", said.stderr);
        }
    });
}

pub(crate) fn a_kernel_that_refuses_programs_is_read_from_proc() {
    host::enter();
    let _listener = TcpListener::bind("127.0.0.1:0").unwrap();
    // As under lockdown, and as on a kernel without the call.
    for (errno, reason) in [(libc::EPERM, "Operation not permitted"), (libc::ENOSYS, "Function not implemented")] {
        let command = program::command(&["list", "-atup", "--engine", "bpf", "--json"]);
        let said = program::finish(program::without_system_call(command, libc::SYS_bpf, errno));
        let document = said.json();
        assert_eq!(document["sockets"], Value::from(host::listed("netlink").0));
        let why = gap(document["gaps"].as_array().unwrap()).unwrap();
        assert!(why.contains("refused the program") && why.contains(reason), "{why}");
    }
}

pub(crate) fn netlink_alone_never_loads_a_program() {
    host::enter();
    let _listener = TcpListener::bind("127.0.0.1:0").unwrap();
    // Each call of bpf(2) fails.
    let notes = |engine: &str| {
        let command = program::command(&["list", "-atup", "--engine", engine]);
        program::finish(program::without_system_call(command, libc::SYS_bpf, libc::EUCLEAN)).stderr
    };
    assert!(notes("bpf").contains("instead of BPF"));
    assert_eq!(notes("netlink"), "");
}
