//! The privileges that this process drops before it reads the first byte of untrusted input: new privileges, files
//! (Landlock), and all system calls but a few (seccomp). Open descriptors remain.

#![allow(unsafe_code, reason = "Landlock and seccomp have no safe wrapper")]

use std::{
    io,
    os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd},
};

use libc::{c_long, sock_filter};

/// The purpose of a confined process.
#[derive(Clone, Copy, Debug)]
pub enum Purpose<'a> {
    /// To accept connections and to answer them.
    Serve,
    /// To read open files and to print.
    Read,
    /// The same, and to give an open file its name in this folder.
    Write(BorrowedFd<'a>),
}

/// A part of the sandbox that a kernel may lack.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SandboxPart {
    /// `no_new_privs`.
    Privileges,
    /// Landlock, Linux 5.13.
    Files,
    /// seccomp.
    Calls,
}

impl SandboxPart {
    /// The kernel's name for it.
    pub fn name(self) -> &'static str {
        match self {
            SandboxPart::Privileges => "no_new_privs",
            SandboxPart::Files => "Landlock",
            SandboxPart::Calls => "seccomp",
        }
    }
}

/// Confines the calling thread, which should be the only one, permanently; returns the parts that the kernel lacks or
/// refuses.
pub fn enter(purpose: Purpose<'_>) -> Vec<SandboxPart> {
    let folder = if let Purpose::Write(folder) = purpose { Some(folder) } else { None };
    let privileges = rustix::thread::set_no_new_privs(true).is_err();
    let files = privileges || confine_files(folder).is_err();
    let calls = privileges || confine_calls(purpose).is_err();
    let parts =
        [(privileges, SandboxPart::Privileges), (files, SandboxPart::Files), (calls, SandboxPart::Calls)].into_iter();
    parts.filter_map(|(is_missing, part)| is_missing.then_some(part)).collect()
}

/// `struct landlock_ruleset_attr` of Linux 5.13 and, with its second field, of 6.7.
#[repr(C)]
struct Ruleset {
    handled_access_fs: u64,
    handled_access_net: u64,
}

/// `struct landlock_path_beneath_attr`.
#[repr(C, packed)]
struct PathBeneath {
    allowed_access: u64,
    parent_fd: RawFd,
}

/// All rights of the first version: to execute, read, write, list, remove and make files of every kind.
const FILES: u64 = (1 << 13) - 1;
/// To truncate a file, since version 3. To move one to another folder is never allowed.
const TRUNCATE: u64 = 1 << 14;
/// To remove and to make regular files.
const RENAME: u64 = 1 << 5 | 1 << 8;
/// To bind and to connect by TCP.
const NET: u64 = 0b11;
const ONLY_VERSION: libc::c_uint = 1;
const PATH_BENEATH: libc::c_uint = 1;

/// The value of a system call.
fn checked(value: c_long) -> io::Result<RawFd> {
    if value < 0 { Err(io::Error::last_os_error()) } else { Ok(RawFd::try_from(value).unwrap_or(0)) }
}

/// Takes away all files, but for the names of `folder`, and TCP ports.
fn confine_files(folder: Option<BorrowedFd<'_>>) -> io::Result<()> {
    let none: *const Ruleset = std::ptr::null();
    // SAFETY: without a structure the call only returns its version.
    let version = checked(unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, none, 0_usize, ONLY_VERSION) })?;
    let size = if version >= 4 { size_of::<Ruleset>() } else { size_of::<u64>() };
    let handled_access_fs = if version >= 3 { FILES | TRUNCATE } else { FILES };
    let ruleset = Ruleset { handled_access_fs, handled_access_net: NET };
    // SAFETY: the structure is as long as the size says, and is only read.
    let made = checked(unsafe {
        libc::syscall(libc::SYS_landlock_create_ruleset, &raw const ruleset, size, 0 as libc::c_uint)
    })?;
    // SAFETY: the descriptor was just made, and nothing else knows it.
    let rules = unsafe { OwnedFd::from_raw_fd(made) };
    if let Some(folder) = folder {
        let beneath = PathBeneath { allowed_access: RENAME, parent_fd: folder.as_raw_fd() };
        let (rules, beneath) = (rules.as_raw_fd(), &raw const beneath);
        // SAFETY: the structure is the one of this kind of rule, and is only read.
        checked(unsafe {
            libc::syscall(libc::SYS_landlock_add_rule, rules, PATH_BENEATH, beneath, 0 as libc::c_uint)
        })?;
    }
    // SAFETY: it only takes rights away from this thread.
    checked(unsafe { libc::syscall(libc::SYS_landlock_restrict_self, rules.as_raw_fd(), 0 as libc::c_uint) })?;
    Ok(())
}

/// For all purposes: to use and close open files, memory, threads, time, signals and exit.
const ALWAYS: &[c_long] = &[
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_close,
    libc::SYS_fcntl,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_lseek,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_poll,
    libc::SYS_ppoll,
    libc::SYS_brk,
    libc::SYS_mmap,
    libc::SYS_mremap,
    libc::SYS_munmap,
    libc::SYS_mprotect,
    libc::SYS_madvise,
    libc::SYS_getrandom,
    libc::SYS_clone,
    libc::SYS_clone3,
    libc::SYS_rseq,
    libc::SYS_set_robust_list,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_yield,
    libc::SYS_futex,
    libc::SYS_membarrier,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_geteuid,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// Of sockets that are open.
const SERVE: &[c_long] = &[
    libc::SYS_accept4,
    libc::SYS_recvfrom,
    libc::SYS_sendto,
    libc::SYS_setsockopt,
    libc::SYS_getsockname,
    libc::SYS_shutdown,
];

/// To wait for a pager; a pair of sockets is how a signal wakes.
const READ: &[c_long] =
    &[libc::SYS_wait4, libc::SYS_socketpair, libc::SYS_recvfrom, libc::SYS_sendto, libc::SYS_setsockopt];

/// To name a file that is on the disk.
const WRITE: &[c_long] = &[
    libc::SYS_fsync,
    libc::SYS_fchmod,
    libc::SYS_linkat,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_rename,
    libc::SYS_renameat,
    libc::SYS_renameat2,
    libc::SYS_unlinkat,
];

/// Requests on a terminal or a socket: none of these types into it (`TIOCSTI`).
const IOCTLS: &[u32] = &[
    libc::TCGETS as u32,
    libc::TCGETS2 as u32,
    libc::TCSETS as u32,
    libc::TCSETSW as u32,
    libc::TCSETSF as u32,
    libc::TCSETS2 as u32,
    libc::TCSETSW2 as u32,
    libc::TCSETSF2 as u32,
    libc::TIOCGWINSZ as u32,
    libc::FIONREAD as u32,
    libc::FIONBIO as u32,
];

#[cfg(target_arch = "x86_64")]
const ARCHITECTURE: Option<u32> = Some(0xc000_003e);
#[cfg(target_arch = "aarch64")]
const ARCHITECTURE: Option<u32> = Some(0xc000_00b7);
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
const ARCHITECTURE: Option<u32> = None;

/// Where `struct seccomp_data` has the call, the architecture, and the lower half of an argument.
const CALL: u32 = 0;
const ARCH: u32 = 4;
const fn argument(number: u32) -> u32 {
    16 + 8 * number + if cfg!(target_endian = "big") { 4 } else { 0 }
}

const LOAD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
const IF_EQUAL: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
const RETURN: u16 = (libc::BPF_RET | libc::BPF_K) as u16;
const REFUSE: sock_filter = sock_filter { code: RETURN, jt: 0, jf: 0, k: libc::SECCOMP_RET_ERRNO | libc::EPERM as u32 };
const ALLOW: sock_filter = sock_filter { code: RETURN, jt: 0, jf: 0, k: libc::SECCOMP_RET_ALLOW };

fn load(offset: u32) -> sock_filter {
    sock_filter { code: LOAD, jt: 0, jf: 0, k: offset }
}

/// The next instruction is for this value; for any other it is passed over.
fn only_if(value: u32) -> sock_filter {
    sock_filter { code: IF_EQUAL, jt: 0, jf: 1, k: value }
}

/// The filter: other calls fail with `EPERM`. A call of another architecture is never allowed.
fn program(architecture: u32, purpose: Purpose<'_>) -> Vec<sock_filter> {
    let more: [&[c_long]; 2] = match purpose {
        Purpose::Serve => [SERVE, &[]],
        Purpose::Read => [READ, &[]],
        Purpose::Write(_) => [READ, WRITE],
    };
    let own = [std::process::id()];
    // A signal to itself ends this process, as an interrupt does the second time.
    let by_argument: [(c_long, u32, &[u32]); 3] =
        [(libc::SYS_ioctl, 1, IOCTLS), (libc::SYS_tgkill, 0, &own), (libc::SYS_tkill, 0, &own)];
    let allowed = |value: u32| [only_if(value), ALLOW];
    let number = |call: c_long| u32::try_from(call).unwrap_or(u32::MAX);
    // Jumps over a refusal where the architecture is this one.
    let right = sock_filter { code: IF_EQUAL, jt: 1, jf: 0, k: architecture };
    let mut program = vec![load(ARCH), right, REFUSE, load(CALL)];
    program.extend([ALWAYS, more[0], more[1]].concat().into_iter().flat_map(|call| allowed(number(call))));
    for (call, place, values) in by_argument {
        let length = u8::try_from(2 * values.len() + 2).unwrap_or(u8::MAX);
        program.push(sock_filter { code: IF_EQUAL, jt: 0, jf: length, k: number(call) });
        program.push(load(argument(place)));
        program.extend(values.iter().flat_map(|&value| allowed(value)));
        program.push(REFUSE);
    }
    program.push(REFUSE);
    program
}

/// Takes away all system calls but those of the purpose.
fn confine_calls(purpose: Purpose<'_>) -> io::Result<()> {
    let architecture = ARCHITECTURE.ok_or(io::ErrorKind::Unsupported)?;
    let mut filter = program(architecture, purpose);
    let program = libc::sock_fprog { len: u16::try_from(filter.len()).unwrap_or(0), filter: filter.as_mut_ptr() };
    let mode = libc::SECCOMP_SET_MODE_FILTER;
    // SAFETY: the program is as long as it says, and the kernel copies and checks it.
    checked(unsafe { libc::syscall(libc::SYS_seccomp, mode, 0 as libc::c_uint, &raw const program) })?;
    Ok(())
}
