//! A host at its limits: no further thread, files that may not grow.

use std::{
    fs,
    process::{Command, Stdio},
};

use crate::{
    lab::{self, program::without_threads},
    program::{ran, sockdoc},
    surroundings::Directory,
};

pub(crate) fn without_a_further_thread_every_command_sees_the_same() {
    let _listener = crate::program::listener();
    let directory = Directory::new("threads");
    let file = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let [record, save] = [file("a"), file("b")];
    for arguments in [
        &["list", "-tlnp"][..],
        &["group", "--by", "proc"],
        &["count"],
        &["check", "--list"],
        &[],
        &["check", "--deep"],
        &["explain", ":9"],
        &["record", "-o", &record],
        &["check", "--save", &save],
        &["diff", &record, "now"],
        &["list", "-tl", "--from", &save],
    ] {
        let one = ran(&mut without_threads(sockdoc(arguments)));
        assert!(matches!(one.code, Some(0 | 1)), "{arguments:?}: {one:?}");
        assert!(!one.stderr.contains("panicked"), "{arguments:?}: {one:?}");
        if matches!(arguments, ["list", ..] | ["group", ..]) {
            assert_eq!(one.stdout, ran(&mut sockdoc(arguments)).stdout, "{arguments:?}");
        }
    }
}

pub(crate) fn without_a_further_thread_another_namespace_is_refused_in_words() {
    lab::peer::needs("unshare");
    let _listener = crate::program::listener();
    let mut other = Command::new("unshare").args(["-n", "cat"]).stdin(Stdio::piped()).spawn().unwrap();
    let netns = format!("pid:{}", other.id());
    // It moves before it reads.
    let is_there = || ran(&mut sockdoc(["count", "--netns", &netns])).stdout == "0\n";
    lab::proc_net::until("the process moved", is_there);
    for arguments in
        [&["count", "--netns", &netns][..], &["list", "-ta", "--netns", &netns], &["check", "--netns", &netns]]
    {
        let ran = ran(&mut without_threads(sockdoc(arguments)));
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{arguments:?}: {ran:?}");
        assert!(
            !ran.stderr.contains("panicked") && ran.stderr.contains("temporarily unavailable"),
            "{arguments:?}: {ran:?}"
        );
    }
    drop(other.stdin.take());
    other.wait().unwrap();
}

pub(crate) fn a_file_that_may_not_grow_is_an_error_and_not_left_behind() {
    let directory = Directory::new("limit");
    let file = directory.path().join("a");
    let path = file.to_str().unwrap();
    for arguments in [&["record", "-o", path][..], &["check", "--save", path], &["list", "-D", path]] {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "ulimit -f 0; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_sockdoc")]).args(arguments);
        let ran = ran(command.env_clear().env("LC_ALL", "C.UTF-8"));
        assert_eq!(ran.code, Some(2), "{arguments:?}: {ran:?}");
        assert!(ran.stderr.contains("File too large"), "{arguments:?}: {ran:?}");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0, "{arguments:?}");
    }
}

pub(crate) fn output_that_may_not_grow_is_an_error() {
    let directory = Directory::new("output");
    let mut command = Command::new("/bin/sh");
    let shell = "ulimit -f 0; exec \"$0\" --json > \"$1\"";
    command.args(["-c", shell, env!("CARGO_BIN_EXE_sockdoc")]).arg(directory.path().join("a"));
    let ran = ran(command.env_clear().env("LC_ALL", "C.UTF-8"));
    assert_eq!((ran.code, ran.stderr.lines().count()), (Some(2), 1), "{ran:?}");
    assert!(ran.stderr.contains("File too large"), "{ran:?}");
}
