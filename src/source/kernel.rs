//! The kernel this program runs on: one `NETLINK_SOCK_DIAG` socket, and `/proc`.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, BufRead, BufReader, Read},
    os::{fd::OwnedFd, unix::fs::MetadataExt},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use netlink_sys::{
    Socket, SocketAddr,
    protocols::{NETLINK_ROUTE, NETLINK_SOCK_DIAG},
};
use rustix::{
    fs::getxattr,
    net::{self, netdevice, sockopt},
};

use super::{
    Answer, Source,
    ahead::{Ahead, Pace},
    bpf::iterate::{self, TcpStates},
    interface, pidfd,
    processes::{
        Found, HolderQuery, by_bpf,
        by_process::ProcessSockets,
        counts,
        each::KeptListing,
        fast,
        kept::KeptHolders,
        namespaces::{self, Inhabited},
    },
};
use crate::model::{engine::Engine, sorted, uapi::NLMSG_SEQ};

/// The kernel answers within milliseconds; the limit only prevents a lost message from blocking us forever.
const PATIENCE: Duration = Duration::from_secs(30);

/// Processes with a larger part of all open files are not searched by themselves: a search of all costs no more.
const LARGE_PART: u64 = 4;

/// Longer than the answer to one rtnetlink question.
const LONGEST_ROUTE: usize = 8192;

/// Longer than any name of a protocol.
const LONGEST_ATTRIBUTE: usize = 256;

/// Where the running kernel is read, and how.
#[derive(Clone, Default, Debug)]
pub struct Access {
    /// The directory to read instead of `/proc`.
    pub proc: Option<PathBuf>,
    /// `--engine`.
    pub engine: Engine,
    /// The holders found before.
    pub kept: KeptHolders,
    /// The processes listed before.
    pub listing: KeptListing,
    /// Whether one thread alone reads a dump, which takes longer and less processor time.
    pub is_sparing: bool,
}

impl From<Option<PathBuf>> for Access {
    fn from(proc: Option<PathBuf>) -> Access {
        Access { proc, ..Access::default() }
    }
}

/// The live kernel.
pub struct KernelSource {
    proc: PathBuf,
    engine: Engine,
    kept: KeptHolders,
    listing: KeptListing,
    sockets: ProcessSockets,
    is_sparing: bool,
    socket: Option<(Arc<Socket>, u32)>,
    sequence: u32,
}

impl KernelSource {
    /// The running kernel.
    pub fn new(access: impl Into<Access>) -> KernelSource {
        let Access { proc, engine, kept, listing, is_sparing } = access.into();
        let proc = proc.unwrap_or_else(|| PathBuf::from("/proc"));
        let sockets = ProcessSockets::default();
        KernelSource { proc, engine, kept, listing, sockets, is_sparing, socket: None, sequence: 0 }
    }

    fn path(&self, path: &str) -> PathBuf {
        match path.strip_prefix("/proc") {
            Some("") => self.proc.clone(),
            Some(rest) if rest.starts_with('/') => self.proc.join(rest.trim_start_matches('/')),
            _ => PathBuf::from(path),
        }
    }

    /// Searches all processes for holders, or some.
    fn search(&self, ask: &HolderQuery<'_>) -> io::Result<Found> {
        if let Some(pids) = ask.among {
            let is_small = counts::of_some(&self.proc, pids) <= by_bpf::open_files(&self.proc) / LARGE_PART;
            let found = is_small.then(|| fast::scan_of(&self.proc, ask, pids.to_vec())).transpose()?;
            return Ok(Found { lists_init: true, ..found.unwrap_or_default() });
        }
        // Of a process's tables the program sees that of its first thread, and those that differ from it.
        let tried = by_bpf::is_for_holders(&self.proc, self.engine).filter(|_| !ask.threads);
        match tried.map(|usable| usable.and_then(|()| by_bpf::holders(&self.proc, ask, &self.sockets))) {
            Some(Ok(found)) => Ok(found),
            tried => Ok(Found { failure: tried.and_then(Result::err), ..fast::scan(&self.proc, ask)? }),
        }
    }
}

/// A socket to ask about interfaces; which kind does not matter.
fn any_socket() -> Option<OwnedFd> {
    net::socket(net::AddressFamily::UNIX, net::SocketType::DGRAM, None).ok()
}

fn open() -> io::Result<(Arc<Socket>, u32)> {
    let mut socket = Socket::new(NETLINK_SOCK_DIAG)?;
    let port = socket.bind_auto()?.port_number();
    socket.connect(&SocketAddr::new(0, 0))?;
    // Better error texts; kernels before 4.12 do not know the option and do without.
    let _ = socket.set_ext_ack(true);
    sockopt::set_socket_timeout(&socket, sockopt::Timeout::Recv, Some(PATIENCE))?;
    Ok((Arc::new(socket), port))
}

impl Source for KernelSource {
    fn ask(&mut self, request: &[u8]) -> io::Result<Box<dyn Answer + '_>> {
        let (socket, port) = match self.socket.take() {
            Some(open) => open,
            None => open()?,
        };
        self.sequence = self.sequence.wrapping_add(1);
        let mut request = request.to_vec();
        if let Some(place) = request.get_mut(NLMSG_SEQ) {
            place.copy_from_slice(&self.sequence.to_ne_bytes());
        }
        socket.send(&request, 0)?;
        Ok(Box::new(KernelAnswer {
            home: &mut self.socket,
            socket,
            port,
            sequence: self.sequence,
            pace: if self.is_sparing { Pace::alone() } else { Pace::new() },
            ahead: None,
        }))
    }

    fn route_answer(&self, request: &[u8]) -> io::Result<Vec<u8>> {
        let mut socket = Socket::new(NETLINK_ROUTE)?;
        socket.bind_auto()?;
        sockopt::set_socket_timeout(&socket, sockopt::Timeout::Recv, Some(PATIENCE))?;
        socket.send_to(request, &SocketAddr::new(0, 0), 0)?;
        let mut answer = vec![0; LONGEST_ROUTE];
        let length = receive(&socket, &mut answer, 0)?;
        answer.truncate(length);
        Ok(answer)
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn BufRead + '_>> {
        Ok(Box::new(BufReader::new(fs::File::open(self.path(path))?)))
    }

    fn link(&self, path: &str) -> io::Result<PathBuf> {
        fs::read_link(self.path(path))
    }

    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        let names = fs::read_dir(self.path(path))?;
        Ok(names.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned())).collect())
    }

    fn inode(&self, path: &str) -> io::Result<u64> {
        Ok(fs::metadata(Path::new(&self.path(path)))?.ino())
    }

    fn directories(&self, path: &str) -> io::Result<Vec<(String, u64)>> {
        fast::directories(&self.path(path))
    }

    fn tcp_states(&self) -> Option<TcpStates> {
        // It takes the lock of each socket: only for who asked for it.
        if self.engine != Engine::Bpf {
            return None;
        }
        let usable = by_bpf::is_for_holders(&self.proc, self.engine)?;
        Some(usable.and_then(|()| iterate::tcp_states()))
    }

    fn holders(&self, ask: &HolderQuery<'_>) -> io::Result<Found> {
        self.kept.holders(ask, |holders| fast::still_held(&self.proc, holders), |ask| self.search(ask))
    }

    fn head(&self, path: &str, buffer: &mut [u8]) -> io::Result<usize> {
        let mut file = fs::File::open(self.path(path))?;
        loop {
            match file.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => return read,
            }
        }
    }

    fn inhabited(&self) -> io::Result<Inhabited> {
        let tried = by_bpf::is_for_processes(&self.proc, self.engine);
        match tried.map(|usable| usable.and_then(|()| by_bpf::inhabited(&self.proc))) {
            Some(Ok(found)) => Ok(found),
            _ => namespaces::live(&self.proc, &self.listing),
        }
    }

    fn descriptor_counts(&self) -> io::Result<Vec<(u32, u64)>> {
        let tried = by_bpf::is_for_processes(&self.proc, self.engine);
        match tried.map(|usable| usable.and_then(|()| by_bpf::descriptor_counts(&self.proc))) {
            Some(Ok(found)) => Ok(found),
            _ => counts::live(&self.proc, &self.listing),
        }
    }

    fn sockets_of(&self, pid: u32) -> io::Result<Vec<u32>> {
        self.sockets.take(pid).map_or_else(|| fast::sockets_of(&self.proc, pid), Ok)
    }

    fn pause(&self, time: Duration) {
        std::thread::sleep(time);
    }

    fn attribute(&self, path: &str, name: &str) -> io::Result<Vec<u8>> {
        let mut value = vec![0; LONGEST_ATTRIBUTE];
        let length = getxattr(self.path(path), name, &mut value)?;
        value.truncate(length);
        Ok(value)
    }

    fn socket_netns(&self, pid: u32, fd: u32) -> io::Result<u64> {
        pidfd::socket_netns(pid, fd)
    }

    fn interface_index(&self, name: &str) -> Option<u32> {
        let socket = any_socket()?;
        netdevice::name_to_index(&socket, name).ok()
    }

    fn interface_names(&self) -> BTreeMap<u32, String> {
        let Some(socket) = any_socket() else { return BTreeMap::new() };
        // The file is that of the namespace this thread is in; /sys belongs to whoever mounted it.
        let Ok(listed) = fs::read_to_string(self.path("/proc/thread-self/net/dev")) else { return BTreeMap::new() };
        let names = listed.lines().filter_map(|line| Some(line.split_once(':')?.0.trim().to_owned()));
        sorted::map(names.filter_map(|name| Some((netdevice::name_to_index(&socket, &name).ok()?, name))))
    }

    fn interface_state(&self, name: &str) -> Option<(u32, u32)> {
        interface::state(&any_socket()?, name)
    }

    fn node(&self) -> (String, String) {
        let uname = rustix::system::uname();
        let text = |text: &std::ffi::CStr| text.to_string_lossy().into_owned();
        (text(uname.nodename()), text(uname.release()))
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

struct KernelAnswer<'a> {
    /// Where the socket returns to once its answer was read to the end. One that was left in the
    /// middle of a dump is closed instead: the kernel would refuse the next dump on it (EBUSY).
    home: &'a mut Option<(Arc<Socket>, u32)>,
    socket: Arc<Socket>,
    port: u32,
    sequence: u32,
    pace: Pace,
    ahead: Option<Ahead>,
}

/// Receives one datagram of the kernel.
pub(super) fn receive(socket: &Socket, buffer: &mut [u8], flags: i32) -> io::Result<usize> {
    loop {
        let mut space = &mut *buffer;
        // MSG_TRUNC makes the kernel return the whole length of a datagram that did not fit.
        match socket.recv_from(&mut space, libc::MSG_TRUNC | flags) {
            Ok((length, _)) if length > buffer.len() => {
                let text = format!("a datagram of {length} bytes did not fit");
                return Err(io::Error::new(io::ErrorKind::InvalidData, text));
            }
            // Any process may send to our port id; the kernel's own is 0.
            Ok((_, sender)) if sender.port_number() != 0 => {}
            Ok((length, _)) => return Ok(length),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

impl Answer for KernelAnswer<'_> {
    fn expects(&self) -> (u32, u32) {
        (self.sequence, self.port)
    }

    fn next(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.pace.asks_for_thread() {
            self.ahead = Ahead::start(&self.socket, buffer.len(), receive);
        }
        if let Some(ahead) = &self.ahead {
            match ahead.next(buffer) {
                Some(received) => return received,
                None => self.ahead = None,
            }
        }
        let socket = &self.socket;
        self.pace.measured(|| receive(socket, buffer, 0)).map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => io::Error::new(io::ErrorKind::TimedOut, "no answer in 30 s"),
            _ => error,
        })
    }

    fn finish(&mut self) {
        if let Some(ahead) = self.ahead.take() {
            ahead.end();
        }
        *self.home = Some((Arc::clone(&self.socket), self.port));
    }
}
