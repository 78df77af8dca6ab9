//! Runs the built sockdoc inside the lab.

#![allow(unsafe_code, reason = "what a child does between fork and exec is set with an unsafe call")]

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::fs::{Mode, OFlags};
use rustix::thread::{UnshareFlags, unshare_unsafe};
use serde_json::Value;

use super::harness;
use super::namespace;
use super::peer;
use super::process::Process;

/// The output of a run and its exit.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// `None` when a signal ended it.
    pub(crate) code: Option<i32>,
}

impl Said {
    /// The JSON document on stdout of a run that ended well, with nothing but notes on stderr (a kernel without `raw_diag`
    /// is worth one).
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.code, Some(0), "{self:?}");
        assert!(self.stderr.lines().all(|line| line.starts_with("sockdoc: note: ")), "{self:?}");
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Longer than this no run may take.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// The command, with nothing in its environment but PATH.
pub(crate) fn command(args: &[&str]) -> Command {
    controlled(env!("CARGO_BIN_EXE_sockdoc"), args)
}

/// Another program, likewise.
pub(crate) fn controlled(program: &str, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).env_clear().stdin(Stdio::null());
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}

/// A command line for the shell, as a reader of a remedy would paste it. Root finds `sysctl` in its PATH.
pub(crate) fn shell_command(line: &str) -> Command {
    if let Some(program) = ["sysctl", "ip"].into_iter().find(|program| line.split(' ').next() == Some(program)) {
        peer::needs(program);
    }
    let mut command = controlled("sh", &["-c", line]);
    command.env("PATH", search_path());
    command
}

/// `PATH`, and the folders where root finds `sysctl` and `ip`.
pub(crate) fn search_path() -> String {
    format!("{}:/usr/local/sbin:/usr/sbin:/sbin", std::env::var("PATH").unwrap_or_default())
}

/// Runs such a command line.
#[track_caller]
pub(crate) fn shell(line: &str) -> Said {
    finish(shell_command(line))
}

/// Runs it, in the C locale.
#[track_caller]
pub(crate) fn run(args: &[&str]) -> Said {
    run_with(args, &[])
}

/// Runs it with that environment and no other.
#[track_caller]
pub(crate) fn run_with(args: &[&str], environment: &[(&str, &str)]) -> Said {
    let mut command = command(args);
    command.envs(environment.iter().copied());
    finish(command)
}

/// Runs it without any privilege over the namespace, as user and group 1000 of a user namespace below ours.
#[track_caller]
pub(crate) fn run_unprivileged(args: &[&str]) -> Said {
    finish(without_privileges(command(args)))
}

/// Runs another program in the same way.
#[track_caller]
pub(crate) fn output_unprivileged(program: &str, args: &[&str]) -> Said {
    finish(without_privileges(controlled(program, args)))
}

/// The command as user and group 1000 of a user namespace below ours, without any privilege.
pub(crate) fn without_privileges(mut command: Command) -> Command {
    let uid_map = format!("1000 {} 1", rustix::process::geteuid().as_raw());
    let gid_map = format!("1000 {} 1", rustix::process::getegid().as_raw());
    // SAFETY: `drop_privileges` makes system calls only and allocates nothing.
    unsafe { command.pre_exec(move || drop_privileges(&uid_map, &gid_map)) };
    command
}

/// The command in a process that cannot start a thread, as under a limit of processes (`RLIMIT_NPROC`, a pids cgroup) or an
/// old container runtime's filter of system calls.
pub(crate) fn without_threads(mut command: Command) -> Command {
    // SAFETY: `refuse_threads` makes system calls only and allocates nothing.
    unsafe { command.pre_exec(refuse_threads) };
    command
}

/// The command in a process to which one system call is refused with that error number, as by a security module.
pub(crate) fn without_system_call(mut command: Command, call: libc::c_long, errno: i32) -> Command {
    // SAFETY: `refuse` makes system calls only and allocates nothing.
    unsafe { command.pre_exec(move || refuse([call, call], errno)) };
    command
}

/// The command in a process that can join no multicast group of netlink, as on a kernel that has none.
pub(crate) fn without_groups(mut command: Command) -> Command {
    // SAFETY: `refuse_groups` makes system calls only and allocates nothing.
    unsafe { command.pre_exec(refuse_groups) };
    command
}

fn refuse_groups() -> io::Result<()> {
    // The number of the call, then the lower halves of its second and third argument.
    filter_calls(&[
        statement(0x20, 0, 0, 0),
        statement(0x15, 0, 5, libc::SYS_setsockopt as u32),
        statement(0x20, 0, 0, 24),
        statement(0x15, 0, 3, libc::SOL_NETLINK as u32),
        statement(0x20, 0, 0, 32),
        statement(0x15, 0, 1, libc::NETLINK_ADD_MEMBERSHIP as u32),
        statement(0x06, 0, 0, libc::SECCOMP_RET_ERRNO | libc::EINVAL as u32),
        statement(0x06, 0, 0, libc::SECCOMP_RET_ALLOW),
    ])
}

fn statement(code: u16, jt: u8, jf: u8, k: u32) -> libc::sock_filter {
    libc::sock_filter { code, jt, jf, k }
}

fn refuse_threads() -> io::Result<()> {
    refuse([libc::SYS_clone3, libc::SYS_clone], libc::EAGAIN)
}

/// Refuses two system calls to this process.
fn refuse([one, other]: [libc::c_long; 2], errno: i32) -> io::Result<()> {
    // The number of the call is the first word of what a filter sees; the error for these two, all others go through.
    filter_calls(&[
        statement(0x20, 0, 0, 0),
        statement(0x15, 2, 0, one as u32),
        statement(0x15, 1, 0, other as u32),
        statement(0x06, 0, 0, libc::SECCOMP_RET_ALLOW),
        statement(0x06, 0, 0, libc::SECCOMP_RET_ERRNO | errno as u32),
    ])
}

/// Filters the system calls of this process from now on.
fn filter_calls(filter: &[libc::sock_filter]) -> io::Result<()> {
    let program = libc::sock_fprog { len: filter.len() as u16, filter: filter.as_ptr().cast_mut() };
    // SAFETY: the filter outlives the call, which copies it.
    let status = unsafe {
        libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
            | libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &program)
    };
    if status == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// A process in a new user namespace is all-powerful there, and powerless over a network namespace that a user
/// namespace above owns; exec by a user other than 0 removes the remaining rights. Without user namespaces root becomes
/// nobody, and another user keeps its id.
fn drop_privileges(uid_map: &str, gid_map: &str) -> io::Result<()> {
    // SAFETY: no descriptor table or address space is unshared.
    if unsafe { unshare_unsafe(UnshareFlags::NEWUSER) }.is_ok() {
        write(c"/proc/self/setgroups", "deny")?;
        write(c"/proc/self/uid_map", uid_map)?;
        write(c"/proc/self/gid_map", gid_map)?;
    } else if rustix::process::geteuid().is_root() {
        // SAFETY: the process has one thread, which takes on these ids.
        let status = unsafe { libc::setgid(65_534) | libc::setuid(65_534) };
        if status != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    namespace::die_with_parent()
}

fn write(path: &std::ffi::CStr, text: &str) -> io::Result<()> {
    let file = rustix::fs::open(path, OFlags::WRONLY | OFlags::CLOEXEC, Mode::empty())?;
    rustix::io::write(&file, text.as_bytes())?;
    Ok(())
}

/// Runs a command, and gathers what it says.
#[track_caller]
pub(crate) fn finish(mut command: Command) -> Said {
    let (stdout, to_stdout) = io::pipe().expect("a pipe");
    let (stderr, to_stderr) = io::pipe().expect("a pipe");
    command.stdout(to_stdout).stderr(to_stderr);
    let process = Process::start(command);
    let stdout = harness::reader(Some(stdout));
    let stderr = harness::reader(Some(stderr));
    let code = process.wait(LIMIT);
    Said { stdout: stdout.join().expect("its output"), stderr: stderr.join().expect("its messages"), code }
}
