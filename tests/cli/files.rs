//! Files that a run reads and writes: others' files, files that are there, FIFOs without another end, full disks.

use std::{
    fs,
    io::Write,
    os::unix::fs::{PermissionsExt, chown, symlink},
    path::Path,
    process::Command,
    thread,
    time::Duration,
};

use libtest_mimic::{Completion, Failed};
use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::{
    program::{ran, refused, sockdoc},
    surroundings::Directory,
};

/// Every way to read one.
fn readers(path: &str) -> [Vec<&str>; 3] {
    [vec!["check", "--config", path], vec!["count", "--from", path], vec!["count", "-F", path]]
}

/// Every way to make a file.
fn writers(path: &str) -> [Vec<&str>; 4] {
    [vec!["record", "-o", path], vec!["check", "--save", path], vec!["--save", path], vec!["list", "-D", path]]
}

fn fifo(path: &Path) {
    mknodat(CWD, path, FileType::Fifo, Mode::from(0o666), 0).unwrap();
}

pub(crate) fn a_file_that_is_there_stays_unless_it_is_to_be_replaced() {
    let directory = Directory::new("exists");
    let (file, link) = (directory.path().join("a"), directory.path().join("link"));
    symlink(&file, &link).unwrap();
    for path in [&file, &link].map(|path| path.to_str().unwrap()) {
        for arguments in writers(path) {
            fs::write(&file, "before").unwrap();
            let line = refused(&mut sockdoc(&arguments));
            assert!(line.contains("already exists") && line.contains("--force"), "{arguments:?}: {line}");
            assert_eq!(fs::read(&file).unwrap(), b"before", "{arguments:?}");
            let forced = ran(sockdoc(&arguments).arg("--force"));
            assert!(matches!(forced.code, Some(0 | 1)), "{arguments:?}: {forced:?}");
            assert_ne!(fs::read(&file).unwrap(), b"before", "{arguments:?}");
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{arguments:?}");
            assert!(link.is_symlink(), "{arguments:?}");
        }
    }
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 2, "no part of a file is left");
}

pub(crate) fn a_full_disk_leaves_nothing_and_keeps_what_was_there() {
    let directory = Directory::new("full");
    let size = "size=4k";
    let mount = Command::new("mount").args(["-t", "tmpfs", "-o", size, "none"]).arg(directory.path()).status();
    if !mount.is_ok_and(|status| status.success()) {
        crate::lab::peer::lacks("mount, with the right to mount a tmpfs");
    }
    let (file, filler) = (directory.path().join("a"), directory.path().join("filler"));
    fs::write(&file, "").unwrap();
    fs::write(&filler, [0; 4096]).unwrap();
    for arguments in writers(file.to_str().unwrap()) {
        let ran = ran(sockdoc(&arguments).arg("--force"));
        assert_eq!(ran.code, Some(2), "{arguments:?}: {ran:?}");
        assert!(ran.stderr.contains("No space left on device"), "{arguments:?}: {ran:?}");
        assert_eq!(fs::metadata(&file).unwrap().len(), 0, "{arguments:?}");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 2, "{arguments:?}");
    }
    assert!(Command::new("umount").arg(directory.path()).status().unwrap().success());
}

pub(crate) fn a_fifo_without_another_end_is_an_error() {
    let directory = Directory::new("fifo");
    // Each waits for some seconds, and each at another FIFO.
    thread::scope(|scope| {
        for place in 0..7 {
            let path = directory.path().join(place.to_string());
            fifo(&path);
            scope.spawn(move || {
                let path = path.to_str().unwrap();
                let arguments = readers(path).into_iter().chain(writers(path)).nth(place).unwrap();
                let line = refused(&mut sockdoc(&arguments));
                assert!(line.contains("FIFO"), "{arguments:?}: {line}");
            });
        }
    });
}

pub(crate) fn a_fifo_with_another_end_is_waited_for() {
    let directory = Directory::new("fifo-open");
    let path = directory.path().join("a");
    fifo(&path);
    // A writer that comes late, and one that says nothing for longer than an absent one is waited for.
    for (before, between) in [(500, 0), (0, 4000)] {
        let to = path.clone();
        let writer = thread::spawn(move || {
            thread::sleep(Duration::from_millis(before));
            let mut file = fs::OpenOptions::new().write(true).open(to).unwrap();
            thread::sleep(Duration::from_millis(between));
            file.write_all(b"state established").unwrap();
        });
        let ran = ran(sockdoc(["count", "-F"]).arg(&path));
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), "0\n"), "{ran:?}");
        writer.join().unwrap();
    }
    let from = path.clone();
    let reader = thread::spawn(move || fs::read(from).unwrap());
    let recorded = ran(sockdoc(["record", "-o"]).arg(&path));
    assert_eq!(recorded.code, Some(0), "{recorded:?}");
    let copy = directory.path().join("b");
    fs::write(&copy, reader.join().unwrap()).unwrap();
    assert_eq!(ran(sockdoc(["count", "--from"]).arg(&copy)).code, Some(0));
    let piped = Command::new("/bin/sh")
        .args(["-c", "\"$0\" record -o /dev/stdout | cat > \"$1\"", env!("CARGO_BIN_EXE_sockdoc")])
        .arg(directory.path().join("c"))
        .status();
    assert!(piped.unwrap().success());
    assert_eq!(ran(sockdoc(["count", "--from"]).arg(directory.path().join("c"))).code, Some(0));
}

pub(crate) fn a_name_without_letters_is_refused() {
    let all = [
        ["record", "-o", ""],
        ["count", "--from", ""],
        ["count", "-F", ""],
        ["check", "--config", ""],
        ["check", "--save", ""],
    ];
    for arguments in all {
        assert_eq!(refused(&mut sockdoc(arguments)), "the file name is empty", "{arguments:?}");
    }
}

pub(crate) fn a_configuration_that_anyone_may_write_is_refused() {
    let directory = Directory::new("writable");
    let home = directory.path().join("sockdoc");
    fs::create_dir(&home).unwrap();
    let file = home.join("config.toml");
    fs::write(&file, "ignore = [\"accept-queue-full\"]\n").unwrap();
    let path = file.to_str().unwrap();
    let named = || sockdoc(["check", "--list", "--config", path]);
    let found = || {
        let mut command = sockdoc(["check", "--list"]);
        command.env("XDG_CONFIG_HOME", directory.path());
        command
    };
    for mode in [0o600, 0o644, 0o664] {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!([ran(&mut named()).code, ran(&mut found()).code], [Some(0); 2], "{mode:o}");
    }
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    for line in [refused(&mut named()), refused(&mut found())] {
        assert!(line.contains("any user can write"), "{line}");
    }
    assert_eq!(ran(&mut sockdoc(["check", "--list", "--config", "/dev/null"])).code, Some(0));
}

/// Somebody else than this user and root.
const OTHER: u32 = 4321;

/// Outside the lab: a user namespace has one user only.
pub(crate) fn what_another_user_put_there_is_left_alone() -> Result<Completion, Failed> {
    if !rustix::process::geteuid().is_root() {
        return Ok(Completion::ignored_with("needs root"));
    }
    let directory = Directory::new("foreign");
    let at = |name: &str| directory.path().join(name);
    let (pipe, link, target) = (at("pipe"), at("link"), at("target"));
    let (folder, behind) = (at("folder"), at("folder").join("new"));
    symlink(directory.path(), &folder).unwrap();
    std::os::unix::fs::lchown(&folder, Some(OTHER), None).unwrap();
    fifo(&pipe);
    symlink(&target, &link).unwrap();
    fs::write(&target, "before").unwrap();
    chown(&pipe, Some(OTHER), None).unwrap();
    std::os::unix::fs::lchown(&link, Some(OTHER), None).unwrap();
    // A reader that waits for what root records.
    let reader = fs::OpenOptions::new().read(true).write(true).open(&pipe).unwrap();
    for path in [&pipe, &link, &behind].map(|path| path.to_str().unwrap()) {
        for arguments in writers(path) {
            for force in [false, true] {
                let line = refused(sockdoc(&arguments).args(force.then_some("--force")));
                assert!(line.contains("neither you nor root"), "{arguments:?}: {line}");
            }
        }
    }
    assert_eq!(rustix::io::ioctl_fionread(&reader).unwrap(), 0, "nothing was written");
    assert_eq!(fs::read(&target).unwrap(), b"before");
    assert!(!behind.exists());
    let config = at("config.toml");
    fs::write(&config, "").unwrap();
    chown(&config, Some(OTHER), None).unwrap();
    let line = refused(sockdoc(["check", "--list", "--config"]).arg(&config));
    assert!(line.contains("neither you nor root"), "{line}");
    Ok(Completion::Completed)
}
