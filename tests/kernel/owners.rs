//! Owners: sockets of this process, of a child and of threads, found through the live `/proc`.

use std::{
    error::Error,
    fs, io,
    net::{TcpListener, UdpSocket},
    os::fd::AsRawFd,
    os::unix::{fs::MetadataExt, net::UnixStream},
    process::{self, Child, Command, Stdio},
    sync::mpsc,
    thread,
};

use sockdoc::{
    collect::{
        cgroups::{self, CgroupMap},
        owners::{self, Owners, ProcessFields},
    },
    model::owner::Holder,
    source::{
        Source,
        kernel::{Access, KernelSource},
        processes::{self, HolderQuery},
    },
};

use crate::{lab::peer, listed};

type Outcome = Result<(), Box<dyn Error>>;

/// The inode of a socket of this process.
fn inode(socket: &impl AsRawFd) -> Result<u32, Box<dyn Error>> {
    let link = fs::read_link(format!("/proc/self/fd/{}", socket.as_raw_fd()))?;
    let digits: String = link.to_string_lossy().chars().filter(char::is_ascii_digit).collect();
    Ok(digits.parse()?)
}

fn find(wanted: &[u32], ask: HolderQuery<'_>) -> io::Result<Owners> {
    let mut wanted = wanted.to_vec();
    wanted.sort_unstable();
    owners::find(&KernelSource::new(None), &HolderQuery { wanted: Some(&wanted), ..ask }, ProcessFields::OWNER)
}

const EVERY: HolderQuery<'_> =
    HolderQuery { wanted: None, all_holders: true, netns: None, threads: false, among: None };

/// A child that has one end of a pair as its standard input and waits for it to close.
struct Sharing(Child);

impl Sharing {
    fn start() -> io::Result<(UnixStream, UnixStream, Sharing)> {
        let (ours, theirs) = UnixStream::pair()?;
        let stdin = Stdio::from(std::os::fd::OwnedFd::from(theirs.try_clone()?));
        Ok((ours, theirs, Sharing(Command::new("cat").stdin(stdin).stdout(Stdio::null()).spawn()?)))
    }
}

impl Drop for Sharing {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) fn sockets_of_every_kind_are_found_with_their_process() -> Outcome {
    let (tcp, udp, unix) = (TcpListener::bind("127.0.0.1:0")?, UdpSocket::bind("127.0.0.1:0")?, UnixStream::pair()?);
    let sockets = [
        (inode(&tcp)?, tcp.as_raw_fd()),
        (inode(&udp)?, udp.as_raw_fd()),
        (inode(&unix.0)?, unix.0.as_raw_fd()),
        (inode(&unix.1)?, unix.1.as_raw_fd()),
    ];
    let owners = find(&sockets.map(|(inode, _)| inode), EVERY)?;
    for (inode, fd) in sockets {
        // Another test may fork at the same time, and its child holds everything until it runs its program.
        let own = Holder { inode, pid: process::id(), tid: process::id(), fd: u32::try_from(fd)? };
        assert!(owners.of(inode).contains(&own), "{:?}", owners.of(inode));
        assert!(owners.holders().iter().all(|holder| sockets.iter().any(|(wanted, _)| *wanted == holder.inode)));
    }
    let facts = owners.process(process::id()).ok_or("no facts")?;
    let comm = fs::read("/proc/self/comm")?;
    assert_eq!(Some(&*facts.program), comm.strip_suffix(b"\n"));
    assert_eq!(facts.uid, Some(fs::metadata("/proc/self")?.uid()));
    assert_eq!(facts.place, cgroups::of_process(&fs::read("/proc/self/cgroup")?));
    Ok(())
}

pub(crate) fn a_socket_shared_with_a_child_has_two_holders() -> Outcome {
    let (_ours, theirs, child) = Sharing::start()?;
    let shared = inode(&theirs)?;
    let owners = find(&[shared], EVERY)?;
    let of_child = Holder { inode: shared, pid: child.0.id(), tid: child.0.id(), fd: 0 };
    assert!(owners.of(shared).contains(&of_child), "{:?}", owners.of(shared));
    assert!(owners.of(shared).iter().any(|holder| holder.pid == process::id()));
    assert_eq!(owners.process(child.0.id()).map(|process| &*process.program), Some(&b"cat"[..]));
    // One holder is enough for who asks for one.
    assert!(!find(&[shared], HolderQuery { all_holders: false, ..EVERY })?.of(shared).is_empty());
    Ok(())
}

pub(crate) fn a_kept_holder_that_passed_its_socket_on_is_not_shown_again() -> Outcome {
    let access = Access::default();
    let ask = |inode: u32| {
        let ask = HolderQuery { wanted: Some(&[inode]), ..EVERY };
        let found = KernelSource::new(access.clone()).holders(&ask);
        found.map(|found| found.holders.iter().map(|holder| holder.pid).collect::<Vec<u32>>())
    };
    let (_ours, theirs) = UnixStream::pair()?;
    let passed = inode(&theirs)?;
    // Twice: searched for, and kept.
    assert!(ask(passed)?.contains(&process::id()) && ask(passed)?.contains(&process::id()));
    let stdin = Stdio::from(std::os::fd::OwnedFd::from(theirs));
    let mut child = Sharing(Command::new("cat").stdin(stdin).stdout(Stdio::null()).spawn()?);
    // Its end here was closed when the child began.
    for _ in 0..2 {
        assert_eq!(ask(passed)?, [child.0.id()]);
    }
    child.0.kill()?;
    child.0.wait()?;
    assert_eq!(ask(passed)?, [0_u32; 0]);
    Ok(())
}

pub(crate) fn each_thread_is_a_holder() -> Outcome {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    let (ready, is_ready) = mpsc::channel();
    let (end, ends) = mpsc::channel::<()>();
    let thread = thread::spawn(move || {
        let _ = ready.send(rustix::thread::gettid().as_raw_nonzero().get());
        let _ = ends.recv();
    });
    let tid = u32::try_from(is_ready.recv()?)?;
    let owners = find(&[inode(&socket)?], HolderQuery { threads: true, ..EVERY })?;
    let holders = owners.of(inode(&socket)?);
    let holder = holders.iter().find(|holder| holder.tid == tid).ok_or("the thread is not there")?;
    assert_eq!(holder.pid, process::id());
    assert!(holders.iter().any(|holder| holder.tid == process::id()));
    drop(end);
    thread.join().map_err(|_| "the thread broke off")?;
    Ok(())
}

pub(crate) fn only_processes_in_the_namespaces_asked_for_are_looked_at() -> Outcome {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    let own = fs::metadata("/proc/self/ns/net")?.ino();
    assert!(!find(&[inode(&socket)?], HolderQuery { netns: Some(&[own]), ..EVERY })?.of(inode(&socket)?).is_empty());
    let elsewhere = find(&[inode(&socket)?], HolderQuery { netns: Some(&[1]), ..EVERY })?;
    assert!(elsewhere.of(inode(&socket)?).is_empty());
    assert!(elsewhere.scan.elsewhere > 0);
    Ok(())
}

pub(crate) fn many_descriptors_of_one_process_are_all_found_once() -> Outcome {
    // More than one buffer of directory entries, so that the rest is handed on to other threads.
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current.unwrap_or(u64::MAX);
    let count = usize::try_from(limit.saturating_sub(200).min(5000))?;
    let copies: Vec<_> = (0..count).map(|_| socket.try_clone()).collect::<Result<_, _>>()?;
    let wanted = inode(&socket)?;
    let owners = find(&[wanted], EVERY)?;
    let fds: Vec<u32> =
        owners.of(wanted).iter().filter(|holder| holder.pid == process::id()).map(|holder| holder.fd).collect();
    let mut expected: Vec<u32> =
        copies.iter().chain([&socket]).map(|copy| u32::try_from(copy.as_raw_fd())).collect::<Result<_, _>>()?;
    expected.sort_unstable();
    assert_eq!(fds, expected);
    Ok(())
}

pub(crate) fn both_ways_of_searching_find_the_same() -> Outcome {
    let sockets = (UdpSocket::bind("127.0.0.1:0")?, UnixStream::pair()?);
    let mut wanted = [inode(&sockets.0)?, inode(&sockets.1.0)?, inode(&sockets.1.1)?];
    wanted.sort_unstable();
    let ask = HolderQuery { wanted: Some(&wanted), threads: true, ..EVERY };
    let own = |found: processes::Found| -> Vec<Holder> {
        found.holders.into_iter().filter(|holder| holder.tid == process::id()).collect()
    };
    let live = KernelSource::new(None);
    let fast = own(live.holders(&ask)?);
    assert_eq!(fast.len(), 3);
    assert_eq!(fast, own(listed::holders(&live, &ask)?));
    Ok(())
}

pub(crate) fn processes_that_come_and_go_disturb_nothing() -> Outcome {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    let (end, ends) = mpsc::channel::<()>();
    let churn = thread::spawn(move || {
        while ends.try_recv() == Err(mpsc::TryRecvError::Empty) {
            let _ = Command::new("true").status();
        }
    });
    for _ in 0..50 {
        assert!(!find(&[inode(&socket)?], EVERY)?.of(inode(&socket)?).is_empty());
    }
    drop(end);
    churn.join().map_err(|_| "the churn broke off")?;
    Ok(())
}

pub(crate) fn the_id_of_a_cgroup_is_the_inode_of_its_directory() -> Outcome {
    let live = KernelSource::new(None);
    let mut map = CgroupMap::new(&live);
    let Some(root) = map.id_of(&live, "/") else { peer::lacks("cgroup v2") };
    assert_eq!(map.path_of(root), Some("/"));
    let own = fs::read_to_string("/proc/self/cgroup")?;
    let own = own.lines().find_map(|line| line.strip_prefix("0::")).unwrap_or("/");
    if let Some(id) = map.id_of(&live, own) {
        map.resolve(&live, &[id]);
        assert_eq!(map.path_of(id), Some(own));
    }
    Ok(())
}

pub(crate) fn a_root_that_is_no_proc_is_an_error_or_empty() {
    let absent = KernelSource::new(Some("/nonexistent".into()));
    assert!(owners::find(&absent, &EVERY, ProcessFields::default()).is_err());
    // Nothing below it looks like a process, and so neither does process 1.
    let empty = owners::find(&KernelSource::new(Some("/dev".into())), &EVERY, ProcessFields::default()).unwrap();
    assert!(empty.holders().is_empty() && empty.scan.hidden);
}
