//! The process that reads untrusted bytes can do little else, and the environment counts only without elevated rights.

#![allow(
    unsafe_code,
    clippy::print_stderr,
    reason = "system calls that must fail are made as they are; a forked process says what it could do"
)]

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    net::{TcpListener, TcpStream, UdpSocket},
    os::{
        fd::{AsFd, OwnedFd},
        unix::{
            fs::PermissionsExt,
            net::{UnixDatagram, UnixListener, UnixStream},
        },
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use rustix::fs::{CWD, XattrFlags, renameat, setxattr};
use sockdoc::system::{
    atomic_file::AtomicFile,
    sandbox::{self, Purpose},
};

use crate::lab::{
    makers::{self, Unread},
    peer,
    proc_net::until,
    process::Process,
    program::{command, controlled, finish, run, without_privileges},
    sockets::Family,
    terminal,
};

fn folder() -> PathBuf {
    std::env::temp_dir()
}

/// Whether a system call is refused with `EPERM`.
fn is_refused(call: libc::c_long, arguments: [usize; 4]) -> bool {
    let [a, b, c, d] = arguments;
    // SAFETY: a filter refuses the call before the kernel reads its arguments.
    let answer = unsafe { libc::syscall(call, a, b, c, d) };
    answer == -1 && io::Error::last_os_error().raw_os_error() == Some(libc::EPERM)
}

/// Attempts of a confined process, each with whether it was blocked.
fn attempts(at: std::net::SocketAddr, unix: &Path) -> Vec<(&'static str, bool)> {
    let file = folder().join("there");
    let pid = rustix::process::getpid().as_raw_nonzero().get() as usize;
    let parent = std::os::unix::process::parent_id() as usize;
    let text = c"/etc/passwd".as_ptr() as usize;
    vec![
        ("reads a file", File::open("/etc/passwd").is_err()),
        ("lists a folder", fs::read_dir("/etc").is_err()),
        ("reads an owner's descriptors", fs::read_link(format!("/proc/{parent}/fd/0")).is_err()),
        ("writes a file", OpenOptions::new().write(true).open(&file).is_err()),
        ("makes a file", File::create(folder().join("new")).is_err()),
        ("makes a folder", fs::create_dir(folder().join("folder")).is_err()),
        ("makes a link", std::os::unix::fs::symlink("/etc", folder().join("link")).is_err()),
        ("removes a file", fs::remove_file(&file).is_err()),
        ("lets everyone write", fs::set_permissions(&file, fs::Permissions::from_mode(0o777)).is_err()),
        ("truncates a file", is_refused(libc::SYS_truncate, [text, 0, 0, 0])),
        ("connects", TcpStream::connect(at).is_err()),
        ("listens", TcpListener::bind("127.0.0.1:0").is_err()),
        ("sends a datagram", UdpSocket::bind("127.0.0.1:0").is_err()),
        ("connects on this host", UnixStream::connect(unix).is_err()),
        ("asks the kernel", is_refused(libc::SYS_socket, [libc::AF_NETLINK as usize, libc::SOCK_RAW as usize, 0, 0])),
        ("makes a UNIX socket", UnixDatagram::unbound().is_err()),
        ("starts a program", Command::new("/bin/true").spawn().is_err()),
        ("becomes a program", is_refused(libc::SYS_execve, [text, 0, 0, 0])),
        ("becomes another program", is_refused(libc::SYS_execveat, [0, text, 0, 0])),
        ("ends its parent", is_refused(libc::SYS_kill, [parent, 0, 0, 0])),
        ("ends a thread of its parent", is_refused(libc::SYS_tgkill, [parent, parent, 0, 0])),
        ("follows its parent", is_refused(libc::SYS_ptrace, [16, parent, 0, 0])),
        ("reads its parent's memory", is_refused(libc::SYS_process_vm_readv, [parent, 0, 0, 0])),
        ("types into the terminal", is_refused(libc::SYS_ioctl, [0, libc::TIOCSTI as usize, text, 0])),
        ("enters a namespace", is_refused(libc::SYS_unshare, [libc::CLONE_NEWUSER as usize, 0, 0, 0])),
        ("mounts", is_refused(libc::SYS_mount, [text, text, 0, 0])),
        ("takes a ring of system calls", is_refused(libc::SYS_io_uring_setup, [1, 0, 0, 0])),
        ("loads a program into the kernel", is_refused(libc::SYS_bpf, [0, 0, 0, 0])),
        ("becomes another user", is_refused(libc::SYS_setuid, [0, 0, 0, 0])),
        ("changes its own limits", is_refused(libc::SYS_prlimit64, [pid, 0, text, 0])),
    ]
}

/// Forks a process that is confined, and fails by name where it can do what it must not.
fn confined(purpose: Purpose<'_>, also: impl FnOnce() -> Vec<(&'static str, bool)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let unix = folder().join("unix");
    let _unix = UnixListener::bind(&unix).unwrap();
    fs::write(folder().join("there"), "text").unwrap();
    let mut open = File::open(folder().join("there")).unwrap();
    let child = Process::fork(|| {
        let missing = sandbox::enter(purpose);
        if !missing.is_empty() {
            eprintln!("this kernel lacks {missing:?}");
            return peer::LACKING;
        }
        let mut text = String::new();
        let is_kept = open.read_to_string(&mut text).is_ok() && text == "text";
        let thread = std::thread::Builder::new().spawn(|| File::open("/etc/passwd").is_err());
        let is_thread_confined = thread.is_ok_and(|thread| thread.join().unwrap_or(false));
        let mut all = attempts(at, &unix);
        all.extend([("keeps what is open", is_kept), ("its threads read files", is_thread_confined)]);
        all.extend(also());
        let failed: Vec<_> = all.into_iter().filter(|(_, is_right)| !is_right).collect();
        failed.iter().for_each(|(what, _)| eprintln!("{purpose:?}: {what}"));
        i32::from(!failed.is_empty())
    });
    match child.wait(crate::lab::program::LIMIT) {
        Some(peer::LACKING) => peer::lacks("Landlock and seccomp"),
        status => assert_eq!(status, Some(0)),
    }
    fs::remove_file(unix).unwrap();
}

pub(crate) fn a_confined_process_can_do_nothing_but_its_work() {
    confined(Purpose::Read, Vec::new);
    confined(Purpose::Serve, Vec::new);
    let (inside, outside) = (folder().join("inside"), folder().join("outside"));
    fs::create_dir(&inside).unwrap();
    fs::create_dir(&outside).unwrap();
    let mut draft = AtomicFile::create(inside.join("draft").to_str().unwrap(), false).unwrap();
    let held = OwnedFd::from(File::open(&inside).unwrap());
    let is_allowed = || {
        let moves = |to: &Path| renameat(CWD, inside.join("draft"), CWD, to).is_ok();
        let is_named = draft.write_all(b"whole").and_then(|()| draft.commit()).is_ok();
        vec![
            ("names its file", is_named),
            ("moves it to another folder", !moves(&outside.join("draft"))),
            ("takes another file", renameat(CWD, folder().join("there"), CWD, inside.join("there")).is_err()),
            ("removes a file elsewhere", fs::remove_file(folder().join("there")).is_err()),
        ]
    };
    confined(Purpose::Write(held.as_fd()), is_allowed);
    assert_eq!(fs::read_to_string(inside.join("draft")).unwrap(), "whole");
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
}

/// The kernel's view of the process: no new privileges, and a filter of system calls.
fn is_confined(pid: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    status.contains("NoNewPrivs:\t1") && status.contains("Seccomp:\t2")
}

pub(crate) fn a_file_of_strangers_is_read_by_a_confined_process() {
    let _held = makers::close_wait(Family::V4, 5, Unread::Nothing);
    let (file, copy) = (folder().join("a.sockdoc"), folder().join("copy.sockdoc"));
    let [file, copy] = [&file, &copy].map(|path| path.display().to_string());
    assert_eq!(run(&["record", "-o", &file]).code, Some(0));
    let prom = folder().join("out.prom").display().to_string();
    for arguments in [
        &["count", "close-wait", "--from", "-"][..],
        &["list", "--from", "-"],
        &["check", "--from", "-"],
        &["explain", "CLOSE_WAIT", "--from", "-"],
        &["metrics", "--from", "-", "-o", &prom],
        &["record", "--from", "-", "-o", &copy, "--force"],
        &["watch", "--from", "-"],
        &["diff", &file, "-"],
        &["diff", "-", "now"],
    ] {
        let (reader, mut writer) = io::pipe().unwrap();
        let mut line = command(arguments);
        line.stdin(Stdio::from(OwnedFd::from(reader))).stdout(Stdio::null()).stderr(Stdio::null());
        let running = Process::start(line);
        // Not a byte was written yet. A comparison with this host keeps its bytes until the host is read.
        if !arguments.contains(&"now") {
            until(&format!("{arguments:?} is confined"), || is_confined(running.pid()));
        }
        writer.write_all(&fs::read(&file).unwrap()).unwrap();
        drop(writer);
        let code = running.wait(crate::lab::program::LIMIT);
        assert!(matches!(code, Some(0 | 1)), "{arguments:?}: {code:?}");
    }
    assert!(fs::read_to_string(&prom).unwrap().contains("sockdoc_tcp_sockets{state=\"close_wait\"} 5"));
    assert_eq!(run(&["count", "close-wait", "--from", &copy]).stdout, "5\n");
    let resolving = run(&["list", "-r", "--from", &file]);
    assert!(resolving.code == Some(2) && resolving.stderr.contains("-r"), "{resolving:?}");
}

pub(crate) fn files_that_the_command_line_names_are_read_all_the_same() {
    let _held = makers::close_wait(Family::V4, 5, Unread::Nothing);
    let [file, filter, config] =
        ["a.sockdoc", "filter", "config.toml"].map(|name| folder().join(name).display().to_string());
    assert_eq!(run(&["record", "-o", &file]).code, Some(0));
    fs::write(&filter, "state close-wait\n").unwrap();
    fs::write(&config, "[close-wait-leak]\nage = \"1s\"\nshare = \"1%\"\n").unwrap();
    assert_eq!(run(&["count", "--from", &file, "-F", &filter]).stdout, "5\n");
    let strict = run(&["check", "--from", &file, "--config", &config]);
    assert!(!strict.stderr.contains("cannot"), "{strict:?}");
    let listed = run(&["check", "--list", "--from", &file, "--config", &config]);
    assert!(listed.stdout.contains("config"), "{listed:?}");
    let absent = run(&["count", "--from", &file, "-F", "/nonexistent"]);
    assert!(absent.code == Some(2) && absent.stderr.contains("No such file"), "{absent:?}");
    let named = finish({
        let mut line = command(&["record", "--from", &file]);
        line.current_dir(folder());
        line
    });
    assert_eq!(named.code, Some(0), "{named:?}");
    // A pager is started by another process.
    let paged = terminal::run(80, 10, &["explain", "TIME_WAIT", "--from", &file], &[("PAGER", "sed s/^/paged:/")]);
    assert!(paged.code == Some(0) && paged.text.contains("paged:"), "{paged:?}");
    let none = terminal::run(80, 10, &["explain", "TIME_WAIT", "--from", &file], &[("PAGER", "no-such-pager")]);
    assert!(none.code == Some(0) && none.text.contains("FIN_WAIT2"), "{none:?}");
}

/// File capabilities as the kernel keeps them (`struct vfs_cap_data`, version 2): `CAP_NET_ADMIN`, in effect.
const CAPABILITIES: [u8; 20] = [1, 0, 0, 2, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

pub(crate) fn with_rights_of_its_file_the_environment_is_not_followed() {
    let copy = folder().join("sockdoc");
    fs::copy(env!("CARGO_BIN_EXE_sockdoc"), &copy).unwrap();
    let config = folder().join("sockdoc-config");
    fs::create_dir_all(config.join("sockdoc")).unwrap();
    fs::write(config.join("sockdoc/config.toml"), "this is no configuration").unwrap();
    let (program, config) = (copy.display().to_string(), config.display().to_string());
    let marker = folder().join("started");
    let pager = format!("sh -c 'touch {}; cat'", marker.display());
    let cases: [(&[&str], &str, &str); 4] = [
        (&["list"], "TCPDIAG_FILE", "/nonexistent/dump"),
        (&["check", "--list"], "XDG_CONFIG_HOME", &config),
        (&["list"], "PROC_ROOT", "/nonexistent"),
        (&["explain", "TIME_WAIT"], "PAGER", &pager),
    ];
    let said = |arguments: &[&str], name: &str, value: &str| {
        let mut line = without_privileges(controlled(&program, arguments));
        let shown = terminal::show(80, 10, {
            line.env(name, value);
            line
        });
        (shown.code, shown.text)
    };
    let mut plain = Vec::new();
    for (arguments, name, value) in cases {
        plain.push(said(arguments, name, value));
    }
    assert_eq!((plain[0].0, plain[1].0), (Some(2), Some(2)), "{plain:?}");
    assert!(marker.exists(), "{plain:?}");
    fs::remove_file(&marker).unwrap();
    if setxattr(&copy, "security.capability", &CAPABILITIES, XattrFlags::empty()).is_err() {
        peer::cannot_have("a file system on which this user may set capabilities of files");
    }
    for (arguments, name, value) in cases {
        let (code, text) = said(arguments, name, value);
        assert_eq!(code, Some(0), "{name}: {text}");
    }
    assert!(!marker.exists(), "no program is started");
}
