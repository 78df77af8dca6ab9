//! A host that shows little: no `/proc`, an ordinary user.

#![allow(unsafe_code, reason = "what a child does between fork and exec is set with an unsafe call")]

use std::{
    fs,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::Command,
};

use crate::program::{ran, refused, sockdoc};

/// A directory of this test's own, gone when it is dropped.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Directory {
        let path = std::env::temp_dir().join(format!("sockdoc-cli-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        Directory(path)
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn without_proc_netlink_still_counts() {
    let empty = Directory::new("empty");
    let ran = ran(sockdoc(["count"]).env("PROC_ROOT", empty.path()));
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
}

#[test]
fn without_proc_the_overview_says_what_it_could_not_see() {
    let empty = Directory::new("overview");
    let ran = ran(sockdoc(["--json"]).env("PROC_ROOT", empty.path()));
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert!(document["netns"][0]["inode"].is_null(), "unknown is null: {document}");
}

#[test]
fn a_proc_that_is_not_there_is_told() {
    let empty = Directory::new("absent");
    let absent = empty.path().join("nothing/here");
    let ran = ran(sockdoc(["--json"]).env("PROC_ROOT", &absent));
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let gaps = document["gaps"].as_array().unwrap();
    assert!(gaps.iter().any(|gap| gap["what"] == "netns"), "{document}");
}

#[test]
fn an_empty_proc_root_is_the_usual_one() {
    let ran = ran(sockdoc(["--json"]).env("PROC_ROOT", ""));
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let usual: serde_json::Value = serde_json::from_str(&crate::program::good(["--json"])).unwrap();
    assert_eq!(document["netns"][0]["inode"], usual["netns"][0]["inode"]);
    assert_ne!(document["netns"][0]["inode"], serde_json::Value::Null);
}

/// The binary as `nobody`; as whoever we are where we are not root.
fn as_ordinary_user(home: &Directory, arguments: &[&str]) -> Command {
    let mut command = if rustix::process::geteuid().is_root() {
        let copy = home.path().join("sockdoc");
        if !copy.exists() {
            fs::copy(env!("CARGO_BIN_EXE_sockdoc"), &copy).unwrap();
            fs::set_permissions(&copy, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let mut command = Command::new(copy);
        let leave_root = || {
            // SAFETY: three system calls without memory of ours, as is allowed between fork and exec.
            let left = unsafe {
                libc::setgroups(0, std::ptr::null()) == 0 && libc::setgid(65534) == 0 && libc::setuid(65534) == 0
            };
            if left { Ok(()) } else { Err(std::io::Error::last_os_error()) }
        };
        // SAFETY: the closure only makes system calls and reads errno.
        unsafe { command.pre_exec(leave_root) };
        command
    } else {
        Command::new(env!("CARGO_BIN_EXE_sockdoc"))
    };
    command.args(arguments).env_clear().env("LC_ALL", "C.UTF-8").current_dir("/");
    command
}

#[test]
fn an_ordinary_user_gets_everything() {
    let home = Directory::new("ordinary");
    let _listener = crate::program::listener();
    for arguments in crate::program::EVERY_COMMAND {
        let ran = ran(&mut as_ordinary_user(&home, arguments));
        assert_eq!(ran.code, Some(0), "{arguments:?}: {ran:?}");
        assert!(!ran.stdout.is_empty(), "{arguments:?}");
        assert!(!ran.stderr.contains("panicked"), "{arguments:?}: {ran:?}");
    }
    let listening = ran(&mut as_ordinary_user(&home, &["count", "listen"]));
    assert!(listening.stdout.trim_end().parse::<u64>().unwrap() > 0, "others' sockets are seen too: {listening:?}");
}

#[test]
fn an_ordinary_user_is_refused_like_everybody() {
    let home = Directory::new("refused");
    let line = refused(&mut as_ordinary_user(&home, &["count", "tme-wait"]));
    assert!(line.contains("time-wait"), "{line}");
}
