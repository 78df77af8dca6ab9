//! The holders of a socket.

/// A process (or, when threads were asked for, a thread) that holds a socket by a descriptor.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Holder {
    /// The socket's inode.
    pub inode: u32,
    /// The process.
    pub pid: u32,
    /// The thread. Where threads were not asked for, it equals the process, or is the first that lives on after the
    /// process's first thread has ended: `/proc/TID/fd` holds the descriptor in any case.
    pub tid: u32,
    /// The descriptor; [`NO_FD`] if unknown, which [`Holder::known_fd`] tells.
    pub fd: u32,
}

impl Holder {
    /// The descriptor, if known.
    pub fn known_fd(&self) -> Option<u32> {
        Some(self.fd).filter(|fd| *fd != NO_FD)
    }
}

/// An unknown descriptor: no process has that many.
pub const NO_FD: u32 = u32::MAX;

/// Programs that never serve a socket: one that such a program holds was inherited from the program that started it.
pub const NEVER_SERVE: [&str; 18] = [
    "ash", "bash", "cat", "dash", "grep", "ksh", "less", "logger", "more", "nohup", "sed", "sh", "sleep", "sudo",
    "tail", "tee", "timeout", "zsh",
];

/// Whether a program is one of [`NEVER_SERVE`]; redaction puts a number behind the name.
pub fn never_serves(program: &[u8]) -> bool {
    let is_number = |c: &u8| c.is_ascii_digit() || *c == b'-';
    let end = program.iter().rposition(|c| !is_number(c)).map_or(0, |last| last + 1);
    NEVER_SERVE.iter().any(|name| Some(name.as_bytes()) == program.get(..end))
}

/// A process, as far as it could be read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Process {
    /// The process id.
    pub pid: u32,
    /// `comm`, as bytes: it may hold anything.
    pub program: Box<[u8]>,
    /// The real user id.
    pub uid: Option<u32>,
    /// Where its cgroup says it belongs.
    pub place: Place,
    /// SELinux or AppArmor context, if the kernel has one.
    pub context: Option<Box<str>>,
}

/// Where a cgroup path says a process or socket belongs.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Place {
    /// The cgroup's path.
    pub cgroup: Option<Box<str>>,
    /// The systemd unit: `nginx.service`, `session-3.scope`.
    pub unit: Option<Box<str>>,
    /// The container's full id, and the runtime that gave it (`docker`, `containerd`, `cri-o`, `podman`).
    pub container: Option<Container>,
}

/// A container by the id in its cgroup path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Container {
    /// The runtime's name.
    pub runtime: &'static str,
    /// The full id.
    pub id: Box<str>,
    /// The Kubernetes pod's uid, if it is in a pod.
    pub pod: Option<Box<str>>,
}

/// Why a socket's owner is not known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Unknown {
    /// The kernel keeps none: `TIME_WAIT`, `SYN_RECV`, closed by its program.
    NoneKept,
    /// A finished handshake that waits in an accept queue.
    NotAccepted,
    /// Its process belongs to another user or cannot be read: run as root.
    NotPermitted,
    /// The text does not show it.
    NotShown,
    /// All processes were read: the kernel holds it, a process in an invisible namespace, or a descriptor in flight.
    Kernel,
}

impl Unknown {
    /// The word used in output, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Unknown::NoneKept => "none-kept",
            Unknown::NotAccepted => "not-accepted",
            Unknown::NotPermitted => "not-permitted",
            Unknown::NotShown => "not-told",
            Unknown::Kernel => "kernel",
        }
    }
}

/// The origin of a cgroup's freeze.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Freezer {
    /// The `freezer` hierarchy of version 1 of cgroups.
    V1,
    /// Version 2.
    V2,
}

/// The reason why a process does not serve its sockets.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum HeldUp {
    /// A signal stopped it (SIGSTOP, SIGTSTP): state `T`.
    Stopped,
    /// A tracer stopped it: state `t`. The tracer's process, where it can be seen.
    Traced(Option<u32>),
    /// Its cgroup is frozen.
    Frozen(Freezer),
    /// It waits in the kernel and cannot be interrupted: state `D`. Where it waits, as far as that may be read.
    Waits(Option<String>),
    /// A thread of it wants to run all the time, and takes all of the CPU that it gets.
    Busy,
    /// The CPU limit of that cgroup, a folder, keeps it from running most of the time.
    Throttled(Box<str>),
    /// A thread of it waits until somebody takes what it writes.
    Output(Box<BlockedOutput>),
}

/// A full pipe, a paused terminal or a connection that a thread waits to write to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct BlockedOutput {
    /// The descriptor that it writes to.
    pub fd: u32,
    /// Where that leads: `pipe:[INODE]`, `socket:[INODE]`, or the path of a named pipe or a terminal.
    pub target: String,
    /// The process that should read it, where it was found.
    pub reader: Option<OutputReader>,
}

impl BlockedOutput {
    /// The inode of the socket, if it is one.
    pub fn socket(&self) -> Option<u32> {
        self.target.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()
    }
}

/// The process at the other end of a pipe.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct OutputReader {
    /// The process.
    pub pid: u32,
    /// Its name.
    pub program: String,
    /// Why it does not run, where its state shows that.
    pub held_up: Option<Box<HeldUp>>,
}
