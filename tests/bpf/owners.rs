//! Owners by BPF and by `/proc`, of the same sockets.

#![allow(unsafe_code, reason = "unshare, and the end of one thread, have no safe wrapper")]

use std::{
    fs::File,
    net::{TcpListener, TcpStream, UdpSocket},
    os::{
        fd::{AsRawFd, OwnedFd},
        unix::{
            fs::{MetadataExt, OpenOptionsExt},
            net::UnixStream,
        },
    },
    path::Path,
    sync::{Arc, Barrier},
    thread,
    time::{Duration, Instant},
};

use rustix::thread::{UnshareFlags, unshare_unsafe};
use sockdoc::{
    model::engine::Engine,
    source::{
        Source,
        kernel::{Access, KernelSource},
        processes::{Found, HolderQuery},
    },
};

use crate::{
    host,
    lab::{churn::Churn, process::Process, sockets::Family},
};

fn source(engine: Engine) -> KernelSource {
    KernelSource::new(Access { engine, ..Access::default() })
}

fn found(engine: Engine, ask: &HolderQuery<'_>) -> Found {
    source(engine).holders(ask).unwrap()
}

const ALL: HolderQuery<'_> = HolderQuery { wanted: None, all_holders: true, netns: None, threads: false, among: None };

/// The holders among the processes of this test, by both engines.
fn of(pids: &[u32], ask: &HolderQuery<'_>) -> [Vec<(u32, u32, u32, u32)>; 2] {
    [Engine::Bpf, Engine::Netlink].map(|engine| {
        let found = found(engine, ask);
        assert_eq!(found.failure, None);
        let held = found.holders.iter().filter(|holder| pids.contains(&holder.pid));
        held.map(|holder| (holder.inode, holder.pid, holder.tid, holder.fd)).collect()
    })
}

pub(crate) fn every_kind_of_holder_is_found_as_in_proc() {
    host::enter();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let _kept = (listener.accept().unwrap(), UdpSocket::bind("[::1]:0").unwrap(), UnixStream::pair().unwrap());
    // Shared with a child, and twice in this process.
    let again = client.try_clone().unwrap();
    let child = Process::fork(|| {
        loop {
            thread::park();
        }
    });
    let own = std::process::id();
    let [by_bpf, by_proc] = of(&[own, child.pid()], &ALL);
    assert_eq!(by_bpf, by_proc);
    let inode = File::from(OwnedFd::from(again)).metadata().unwrap().ino() as u32;
    assert_eq!(by_bpf.iter().filter(|holder| holder.0 == inode).count(), 4, "{by_bpf:?}");
    // The command prints the same JSON, byte for byte.
    assert_eq!(host::owners("bpf"), host::owners("netlink"));
    // One inode, one namespace.
    let wanted = [inode];
    let [by_bpf, by_proc] = of(&[own, child.pid()], &HolderQuery { wanted: Some(&wanted), ..ALL });
    assert_eq!((by_bpf.len(), &by_bpf), (3, &by_proc));
    let here = [std::fs::metadata("/proc/self/ns/net").unwrap().ino()];
    let [by_bpf, by_proc] = of(&[own, child.pid()], &HolderQuery { netns: Some(&here), ..ALL });
    assert!(!by_bpf.is_empty() && by_bpf == by_proc, "{by_bpf:?} {by_proc:?}");
    let elsewhere = HolderQuery { netns: Some(&[1]), ..ALL };
    assert_eq!(found(Engine::Bpf, &elsewhere).holders, []);
    assert!(found(Engine::Bpf, &elsewhere).elsewhere > 0);
    drop(client);
}

pub(crate) fn a_first_thread_that_has_ended_and_a_table_apart_are_seen_through() {
    host::enter();
    // A thread leaves the table of its process, and then its own sockets count only in thread mode.
    let barrier = Arc::new(Barrier::new(2));
    let apart = Arc::clone(&barrier);
    let _thread = thread::spawn(move || {
        // SAFETY: from here on this thread opens and closes only its own descriptors.
        unsafe { unshare_unsafe(UnshareFlags::FILES) }.expect("a table of its own");
        let _socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        apart.wait();
        apart.wait();
    });
    barrier.wait();
    let own = std::process::id();
    for threads in [false, true] {
        let [by_bpf, by_proc] = of(&[own], &HolderQuery { threads, ..ALL });
        assert_eq!(by_bpf, by_proc, "threads: {threads}");
    }
    barrier.wait();
    // A process whose first thread has ended.
    let (ready, told) = UnixStream::pair().unwrap();
    let child = Process::fork(move || {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        thread::spawn(move || {
            let _socket = socket;
            // Until the first thread is a zombie.
            while !std::fs::read_to_string("/proc/self/stat").is_ok_and(|stat| stat.contains(") Z ")) {
                thread::yield_now();
            }
            std::io::Write::write_all(&mut &told, b"x").expect("told");
            loop {
                thread::park();
            }
        });
        // SAFETY: ends this thread alone; no other one uses its stack.
        unsafe { libc::syscall(libc::SYS_exit, 0) };
        1
    });
    let mut byte = [0];
    std::io::Read::read_exact(&mut &ready, &mut byte).unwrap();
    let [by_bpf, by_proc] = of(&[child.pid()], &ALL);
    assert!(by_bpf.len() >= 2 && by_bpf == by_proc, "{by_bpf:?} {by_proc:?}");
    let count = |engine| source(engine).descriptor_counts().unwrap().into_iter().find(|(pid, _)| *pid == child.pid());
    assert_eq!(count(Engine::Bpf), count(Engine::Netlink));
}

pub(crate) fn holders_are_the_same_while_connections_come_and_go() {
    host::enter();
    let _churn = Churn::start(Family::V4);
    let _more = Churn::start(Family::V6);
    let kept: Vec<UdpSocket> = (0..200).map(|_| UdpSocket::bind("127.0.0.1:0").unwrap()).collect();
    let end = Instant::now() + Duration::from_secs(5);
    let mut rounds = 0;
    while rounds < 5 || Instant::now() < end {
        let [before, between, after] = ["netlink", "bpf", "netlink"].map(host::owners);
        // A socket that was there before and after was there between, with the same owners.
        let lasting = before.iter().filter(|(inode, owners)| after.get(inode) == Some(owners));
        let mut lasted = 0;
        for (inode, owners) in lasting {
            assert_eq!(between.get(inode), Some(owners), "round {rounds}, inode {inode}");
            lasted += 1;
        }
        assert!(lasted >= kept.len(), "{lasted}");
        rounds += 1;
    }
}

pub(crate) fn an_inode_of_another_file_system_is_no_socket() {
    host::enter();
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    // Opened with O_PATH, a socket's own link is the socket, and the path of a UNIX socket is not.
    let open = |path: &Path| {
        let flags = libc::O_PATH;
        File::options().read(true).custom_flags(flags).open(path).unwrap()
    };
    let folder = std::env::temp_dir().join("path");
    let listener = std::os::unix::net::UnixListener::bind(&folder).unwrap();
    let bound = open(&folder);
    let link = open(Path::new(&format!("/proc/self/fd/{}", socket.as_raw_fd())));
    let [by_bpf, by_proc] = of(&[std::process::id()], &ALL);
    assert_eq!(by_bpf, by_proc);
    let held = |fd: i32| by_bpf.iter().any(|holder| holder.3 == fd as u32);
    assert!(held(socket.as_raw_fd()) && held(listener.as_raw_fd()) && held(link.as_raw_fd()));
    assert!(!held(bound.as_raw_fd()), "{by_bpf:?}");
}

pub(crate) fn namespaces_and_descriptors_of_processes_are_as_in_proc() {
    host::enter();
    // Above 256 the program leaves the count to `/proc`.
    let many: Vec<File> = (0..600).map(|_| File::open("/dev/null").unwrap()).collect();
    let few = Process::fork(|| {
        loop {
            thread::park();
        }
    });
    let own = [std::process::id(), few.pid()];
    let [by_bpf, by_proc] = [Engine::Bpf, Engine::Netlink].map(|engine| {
        let source = source(engine);
        let counts = source.descriptor_counts().unwrap();
        let inhabited = source.inhabited().unwrap();
        let counts: Vec<_> = counts.into_iter().filter(|(pid, _)| own.contains(pid)).collect();
        (counts, inhabited.by_process.into_iter().filter(|(_, pid)| own.contains(pid)).collect::<Vec<_>>())
    });
    assert_eq!(by_bpf.1, by_proc.1, "namespaces");
    assert_eq!(by_bpf.1.len(), 1);
    // The reading itself has some files open.
    for ((pid, one), (same, other)) in by_bpf.0.iter().zip(&by_proc.0) {
        assert!(pid == same && one.abs_diff(*other) <= 4, "{pid}: {one} {other}");
        assert!(*one >= if *pid == own[0] { 600 } else { 3 });
    }
    assert_eq!((by_bpf.0.len(), by_proc.0.len()), (2, 2));
    drop(many);
}
