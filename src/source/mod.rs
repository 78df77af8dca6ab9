//! The origin of bytes: the running kernel and `/proc`, a raw dump, a text. Everything here only reads,
//! except `connect`, which sends packets, for `sockdoc reach` alone.
//!
//! Nothing above this module opens a file or a socket to inspect the host, so the code that reads a live host also
//! reads a recording.

mod ahead;
pub mod bpf;
pub mod connect;
pub mod destroyed;
pub mod dump;
mod interface;
pub mod kernel;
#[cfg(test)]
#[path = "../../tests/replay/memory.rs"]
pub(crate) mod memory;
pub mod netns;
mod packed;
mod pidfd;
pub mod processes;
pub mod text;

use std::{
    collections::BTreeMap,
    io::{self, BufRead},
    net::IpAddr,
    path::PathBuf,
    sync::LazyLock,
    time::{Duration, Instant, SystemTime},
};

use crate::model::blanks::Blanks;

/// The origin of times between two samples.
static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// All input of a run. A source other than a kernel holds part of a kernel's data: the remaining data is "not found".
pub trait Source {
    /// Sends one `sock_diag` request and gives the way to its answer.
    ///
    /// `request` is a whole netlink message; its sequence number is set here.
    ///
    /// # Errors
    /// When no socket can be opened or the request cannot be sent.
    fn ask(&mut self, request: &[u8]) -> io::Result<Box<dyn Answer + '_>>;

    /// Asks one rtnetlink question that has one answer, as a whole message; the messages of that.
    ///
    /// # Errors
    /// As opening the socket, sending and receiving do; a source that holds no answer has none.
    fn route_answer(&self, _request: &[u8]) -> io::Result<Vec<u8>> {
        Err(not_held("rtnetlink"))
    }

    /// Opens a file, named by its absolute path on the host that is read.
    ///
    /// # Errors
    /// As opening a file does; a file that was not recorded is `NotFound`.
    fn open(&self, path: &str) -> io::Result<Box<dyn BufRead + '_>> {
        Err(not_held(path))
    }

    /// Reads the target of a symbolic link.
    ///
    /// # Errors
    /// As reading a link does.
    fn link(&self, path: &str) -> io::Result<PathBuf> {
        Err(not_held(path))
    }

    /// The names in a directory, in no order.
    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        Err(not_held(path))
    }

    /// The inode number of the file at a path.
    ///
    /// # Errors
    /// As asking for a file's status does.
    fn inode(&self, path: &str) -> io::Result<u64> {
        Err(not_held(path))
    }

    /// The names and inode numbers of the directories in a directory, in no order.
    fn directories(&self, path: &str) -> io::Result<Vec<(String, u64)>> {
        let inode = |name: &String| self.inode(&format!("{path}/{name}")).ok();
        Ok(self.list(path)?.into_iter().filter_map(|name| inode(&name).map(|inode| (name, inode))).collect())
    }

    /// How many TCP sockets there are, by family and state, as [`bpf::iterate::tcp_states`] counts them; `None` where BPF was
    /// not asked for.
    fn tcp_states(&self) -> Option<bpf::iterate::TcpStates> {
        None
    }

    /// Which processes hold which sockets.
    ///
    /// # Errors
    /// When the processes cannot be listed.
    fn holders(&self, _ask: &processes::HolderQuery<'_>) -> io::Result<processes::Found> {
        Err(not_held("/proc"))
    }

    /// The first bytes of a file, by one read: all of a file that the kernel makes up, where they fit.
    ///
    /// # Errors
    /// As opening and reading a file do.
    fn head(&self, path: &str, buffer: &mut [u8]) -> io::Result<usize> {
        let mut file = self.open(path)?;
        let mut length = 0;
        while let Some(rest) = buffer.get_mut(length..).filter(|rest| !rest.is_empty()) {
            match file.read(rest)? {
                0 => break,
                read => length += read,
            }
        }
        Ok(length)
    }

    /// Which network namespaces processes live in.
    ///
    /// # Errors
    /// When the processes cannot be listed.
    fn inhabited(&self) -> io::Result<processes::namespaces::Inhabited> {
        Err(not_held("/proc"))
    }

    /// How many descriptors each process has open, by process id in no order; those of which it may not be seen are
    /// left out.
    ///
    /// # Errors
    /// When the processes cannot be listed.
    fn descriptor_counts(&self) -> io::Result<Vec<(u32, u64)>> {
        Err(not_held("/proc"))
    }

    /// The inodes of the sockets that one process has open, one for each descriptor, in no order.
    ///
    /// # Errors
    /// When its descriptors may not be read, or it has ended.
    fn sockets_of(&self, _pid: u32) -> io::Result<Vec<u32>> {
        Err(not_held("/proc"))
    }

    /// Lets time pass before something is read again; a source other than a live host does not wait.
    fn pause(&self, _time: Duration) {}

    /// An extended attribute of the file at a path.
    ///
    /// # Errors
    /// As reading one does; a source that holds none has none.
    fn attribute(&self, _path: &str, _name: &str) -> io::Result<Vec<u8>> {
        Err(io::Error::from(io::ErrorKind::NotFound))
    }

    /// The inode of the network namespace that a socket behind the descriptor of a process, or of one of its threads,
    /// belongs to, which need not be the process's own.
    ///
    /// # Errors
    /// Where that may not be asked: it takes the right to trace the process, and CAP_NET_ADMIN.
    fn socket_netns(&self, _pid: u32, _fd: u32) -> io::Result<u64> {
        Err(io::Error::from(io::ErrorKind::Unsupported))
    }

    /// The longest packet in bytes and the `IFF_*` flags of a network interface of the namespace that is read.
    fn interface_state(&self, _name: &str) -> Option<(u32, u32)> {
        None
    }

    /// The index of a network interface of the namespace that is read.
    fn interface_index(&self, _name: &str) -> Option<u32> {
        None
    }

    /// The names of the network interfaces of the namespace that is read, by index.
    fn interface_names(&self) -> BTreeMap<u32, String> {
        BTreeMap::new()
    }

    /// Host names from a text, by the made-up addresses that represent them.
    fn host_names(&self) -> BTreeMap<IpAddr, String> {
        BTreeMap::new()
    }

    /// Host name and kernel release; `?` where they are not known.
    fn node(&self) -> (String, String) {
        ("?".to_owned(), "?".to_owned())
    }

    /// The fields that it lacks though a kernel has them.
    fn blanks(&self) -> Blanks {
        Blanks::default()
    }

    /// When the bytes were taken.
    fn now(&self) -> SystemTime;

    /// A monotonic clock; only differences between its times have a meaning.
    fn clock(&self) -> Duration {
        BEGIN.elapsed()
    }
}

/// The datagrams that answer one request.
pub trait Answer {
    /// The sequence number and port id that every message of the answer must carry.
    fn expects(&self) -> (u32, u32);

    /// Puts the next datagram into the buffer and says how long it is.
    ///
    /// Nothing more to come is `UnexpectedEof`; a datagram larger than the buffer is `InvalidData`.
    ///
    /// # Errors
    /// As receiving does; being interrupted by a signal is handled here.
    fn next(&mut self, buffer: &mut [u8]) -> io::Result<usize>;

    /// Says that the answer was read to its end, so that the way to it may be used again.
    fn finish(&mut self) {}
}

/// The error of a file that a source does not hold.
fn not_held(path: &str) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, format!("{path} is not held"))
}
