//! A host that shows little: no `/proc`, an ordinary user.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    lab,
    program::{ran, refused, sockdoc},
};

/// A directory of this test's own, gone when it is dropped.
pub(crate) struct Directory(PathBuf);

impl Directory {
    pub(crate) fn new(name: &str) -> Directory {
        let path = std::env::temp_dir().join(format!("sockdoc-cli-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        Directory(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn without_proc_netlink_still_counts() {
    let empty = Directory::new("empty");
    let ran = ran(sockdoc(["count"]).env("PROC_ROOT", empty.path()));
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
}

pub(crate) fn without_proc_the_overview_says_what_it_could_not_see() {
    let empty = Directory::new("overview");
    let ran = ran(sockdoc(["--json"]).env("PROC_ROOT", empty.path()));
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert!(document["netns"][0]["inode"].is_null(), "unknown is null: {document}");
}

pub(crate) fn a_proc_that_is_not_there_is_reported() {
    let empty = Directory::new("absent");
    let absent = empty.path().join("nothing/here");
    let ran = ran(sockdoc(["--json"]).env("PROC_ROOT", &absent));
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let gaps = document["gaps"].as_array().unwrap();
    assert!(gaps.iter().any(|gap| gap["what"] == "netns"), "{document}");
}

pub(crate) fn an_empty_proc_root_is_the_usual_one() {
    let ran = ran(sockdoc(["--json"]).env("PROC_ROOT", ""));
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let usual: serde_json::Value = serde_json::from_str(&crate::program::good(["--json"])).unwrap();
    assert_eq!(document["netns"][0]["inode"], usual["netns"][0]["inode"]);
    assert_ne!(document["netns"][0]["inode"], serde_json::Value::Null);
}

/// The binary as an ordinary user runs it.
fn as_ordinary_user(arguments: &[&str]) -> Command {
    let command = |arguments: &[&str]| lab::program::without_privileges(sockdoc(arguments));
    if let Err(error) = command(&["--version"]).output() {
        lab::peer::lacks(&format!("an ordinary user who may run the binary ({error})"));
    }
    command(arguments)
}

pub(crate) fn an_ordinary_user_gets_everything() {
    let _listener = crate::program::listener();
    for arguments in crate::program::EVERY_COMMAND {
        let ran = ran(&mut as_ordinary_user(arguments));
        assert_eq!(ran.code, Some(0), "{arguments:?}: {ran:?}");
        assert!(!ran.stdout.is_empty(), "{arguments:?}");
        assert!(!ran.stderr.contains("panicked"), "{arguments:?}: {ran:?}");
    }
    let listening = ran(&mut as_ordinary_user(&["count", "listen"]));
    assert!(listening.stdout.trim_end().parse::<u64>().unwrap() > 0, "others' sockets are seen too: {listening:?}");
}

pub(crate) fn an_ordinary_user_is_refused_like_everybody() {
    let line = refused(&mut as_ordinary_user(&["count", "tme-wait"]));
    assert!(line.contains("time-wait"), "{line}");
}
