//! Where output goes and where it cannot.

use std::{
    fs::OpenOptions,
    io::Read,
    process::{Command, Stdio},
};

use crate::program::{EVERY_COMMAND, ran, refused, sockdoc, text};

/// A shell that runs the binary, `$@`, with a redirection.
fn in_shell(redirection: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", &format!("exec \"$0\" \"$@\" {redirection}"), env!("CARGO_BIN_EXE_sockdoc")]).args(arguments);
    command.env_clear().env("LC_ALL", "C.UTF-8");
    command
}

pub(crate) fn a_closed_stdout_is_an_error() {
    for arguments in EVERY_COMMAND {
        let line = refused(&mut in_shell(">&-", arguments));
        assert!(line.contains("output"), "{arguments:?}: {line}");
    }
}

pub(crate) fn a_closed_stdout_is_an_error_in_chinese_too() {
    let line = refused(in_shell(">&-", &["count"]).env("LC_ALL", "zh_CN.UTF-8"));
    assert!(line.contains("输出"), "{line}");
}

pub(crate) fn a_full_disk_is_an_error() {
    for arguments in EVERY_COMMAND {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ran = ran(sockdoc(*arguments).stdout(full));
        assert_eq!((ran.code, ran.stderr.lines().count()), (Some(2), 1), "{arguments:?}: {ran:?}");
        assert!(ran.stderr.contains("No space left on device"), "{arguments:?}: {ran:?}");
    }
}

pub(crate) fn a_reader_that_leaves_early_is_a_normal_end() {
    for arguments in EVERY_COMMAND {
        let mut child =
            sockdoc(*arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs");
        let mut pipe = child.stdout.take().unwrap();
        let mut byte = [0];
        pipe.read_exact(&mut byte).unwrap();
        drop(pipe);
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), text(output.stderr)), (Some(0), String::new()), "{arguments:?}");
    }
}

pub(crate) fn a_reader_that_never_was_is_a_normal_end() {
    for arguments in EVERY_COMMAND {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ran = ran(sockdoc(*arguments).stdout(writer));
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

pub(crate) fn a_closed_stderr_changes_nothing() {
    for arguments in [&["count"][..], &[], &["group", "--by", "direction"]] {
        let ran = ran(&mut in_shell("2>&-", arguments));
        assert_eq!((ran.code, ran.stdout.is_empty()), (Some(0), false), "{ran:?}");
    }
    let wrong = ran(&mut in_shell("2>&-", &["count", "xyzzy"]));
    assert_eq!((wrong.code, wrong.stdout.as_str()), (Some(2), ""), "{wrong:?}");
}

pub(crate) fn a_closed_stdin_changes_nothing() {
    let ran = ran(&mut in_shell("<&-", &["count"]));
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
}

pub(crate) fn everything_closed_is_still_an_error() {
    let ran = ran(&mut in_shell("<&- >&- 2>&-", &["count"]));
    assert_eq!(ran.code, Some(2), "{ran:?}");
}

pub(crate) fn nothing_is_said_on_stderr_of_an_ordinary_run() {
    for arguments in EVERY_COMMAND {
        let ran = ran(&mut sockdoc(*arguments));
        assert_eq!(ran.code, Some(0), "{arguments:?}: {ran:?}");
        // A kernel without sock_diag for one of the tables is no ordinary one: that is noted.
        let ordinary = ran.stderr.is_empty() || ran.stderr.contains("/proc/net");
        assert!(ordinary, "{arguments:?}: {ran:?}");
    }
}

pub(crate) fn output_to_a_file_has_no_colors_and_80_columns() {
    for arguments in EVERY_COMMAND.iter().filter(|line| !line.contains(&"man") && !line.contains(&"completions")) {
        let ran = ran(sockdoc(*arguments).env("COLUMNS", "200").env("TERM", "xterm-256color"));
        assert!(!ran.stdout.contains('\u{1b}'), "{arguments:?}: {}", ran.stdout);
        // Rows of a grouping and figures for Prometheus are as long as what they hold, and documents are one line.
        let is_data = arguments.contains(&"group") || arguments.contains(&"metrics");
        let is_screen = !is_data || arguments.contains(&"-h") || arguments.contains(&"help");
        if is_screen && !arguments.contains(&"--json") {
            for line in ran.stdout.lines() {
                assert!(unicode_width::UnicodeWidthStr::width(line) <= 80, "{arguments:?}: {line}");
                assert_eq!(line, line.trim_end(), "{arguments:?}");
            }
        }
    }
}

pub(crate) fn colors_are_used_in_a_pipe_where_they_are_asked_for() {
    let always = ran(&mut sockdoc(["--color", "always"]));
    assert!(always.stdout.contains("\u{1b}[1m"), "{always:?}");
    let over_variable = ran(sockdoc(["--color=always"]).env("NO_COLOR", "1").env("TERM", "dumb"));
    assert!(over_variable.stdout.contains("\u{1b}[1m"), "{over_variable:?}");
    for never in [&["--color", "never"][..], &["--color", "always", "--color", "never"], &["--color", "auto"]] {
        assert!(!ran(&mut sockdoc(never)).stdout.contains('\u{1b}'), "{never:?}");
    }
}

pub(crate) fn colors_never_reach_documents() {
    for arguments in [&["--json"][..], &["count"], &["group", "--by", "state", "--format", "csv"]] {
        let ran = ran(sockdoc(arguments).args(["--color", "always"]));
        assert!(!ran.stdout.contains('\u{1b}'), "{arguments:?}: {ran:?}");
    }
}
