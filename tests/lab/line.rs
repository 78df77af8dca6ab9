//! A long or lossy line to the other host, without netem: two cables, and between them a program that passes frames on.
//!
//! It delays every frame, and drops every so-manieth that carries much data: counted, not by chance, so that a line with
//! 3 % of losses has 3 %. Frames are handed over with the kernel's own notes on them (`PACKET_VNET_HDR`), for checksums are
//! not filled in on a virtual cable.

#![allow(unsafe_code, reason = "packet sockets have no safe wrapper")]

use std::io;
use std::net::Ipv4Addr;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use super::actor::Actor;
use super::namespace::set_sysctl;
use super::path::{FAR, Far, NEAR, ip, shell_in};

/// This host's address whose connections take the long way within it.
pub(crate) const AROUND: Ipv4Addr = Ipv4Addr::new(10, 99, 1, 1);

/// The two cables and the program between them.
pub(crate) struct Line {
    _passes: Actor,
    harm: &'static Harm,
}

/// The treatment of frames with data, as one of this many; 0 for none. Shared with the program.
#[derive(Debug)]
struct Harm {
    lost: AtomicU32,
    held_up: AtomicU32,
    /// The largest packet that passes; 0 for all.
    largest: AtomicU32,
}

impl Line {
    /// Lays the line to a far host that replaces its plain cable: each frame takes this long.
    #[track_caller]
    pub(crate) fn to(far: &Far, delay: Duration) -> Self {
        let harm = shared().expect("a page that is shared");
        let passes = Actor::start("line", None, move |ready| {
            super::namespace::enter_another().expect("a namespace for the line");
            ready.now();
            // The cables are laid next.
            let near = Arc::new(cable(c"line-near"));
            let far = Arc::new(cable(c"line-far"));
            let (from, to) = (near.clone(), far.clone());
            std::thread::spawn(move || pass(&from, &to, delay, harm));
            pass(&far, &near, delay, harm);
        });
        ip("link del near");
        // One segment a frame: a lost frame is one lost segment.
        let middle = passes.pid();
        ip(&format!("link add near gso_max_segs 1 type veth peer name line-near netns {middle}"));
        ip(&format!("link add line-far netns {middle} type veth peer name far netns {}", far.pid()));
        shell_in(middle, "ip link set line-near up && ip link set line-far up");
        ip(&format!("addr add {NEAR}/24 dev near"));
        ip("link set near up");
        far.shell(&format!("ip addr add {FAR}/24 dev far && ip link set far gso_max_segs 1 up"));
        Self { _passes: passes, harm }
    }

    /// Lays a long way within this host: packets to [`AROUND`] leave by a cable, whose far end sends them back. Each
    /// frame takes this long.
    #[track_caller]
    pub(crate) fn within(delay: Duration) -> Self {
        let harm = shared().expect("a page that is shared");
        let passes = Actor::start("line", None, move |ready| {
            super::namespace::enter_another().expect("a namespace for the line");
            ready.now();
            let back = Arc::new(cable(c"back"));
            pass(&back.clone(), &back, delay, harm);
        });
        // The frames come back with the destination that they had: the address of this end.
        const HARDWARE: &str = "02:00:00:00:00:01";
        let middle = passes.pid();
        ip(&format!("link add around address {HARDWARE} gso_max_segs 1 type veth peer name back netns {middle}"));
        shell_in(middle, "ip link set back up");
        ip(&format!("addr add {AROUND}/32 dev around"));
        ip("link set around up");
        ip(&format!("neigh add {AROUND} lladdr {HARDWARE} dev around"));
        for (name, value) in [("around.accept_local", "1"), ("around.rp_filter", "0"), ("all.rp_filter", "0")] {
            set_sysctl(&format!("net.ipv4.conf.{name}"), value).expect("a setting of this namespace");
        }
        // Outgoing packets use that cable before they are delivered to addresses of this host; incoming ones do not.
        ip(&format!("route add {AROUND}/32 dev around table 100"));
        ip(&format!("rule add pref 1 iif lo to {AROUND} lookup 100"));
        ip("rule add pref 2 lookup local");
        ip("rule del pref 0");
        Self { _passes: passes, harm }
    }

    /// From now on the line loses one of this many frames with data.
    pub(crate) fn loses_one_of(&self, frames: u32) {
        self.harm.lost.store(frames, Ordering::Relaxed);
    }

    /// From now on it drops packets with more bytes than this, without a word, as a link of that MTU behind a firewall that
    /// drops ICMP.
    pub(crate) fn loses_above(&self, bytes: u32) {
        self.harm.largest.store(bytes, Ordering::Relaxed);
    }

    /// From now on it delays one of this many, for [`LATER`] more than the others: those overtake it.
    pub(crate) fn holds_up_one_of(&self, frames: u32) {
        self.harm.held_up.store(frames, Ordering::Relaxed);
    }
}

/// Memory shared with a forked process, all 0 at first. Its page stays until both end.
fn shared() -> io::Result<&'static Harm> {
    let (access, kind) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED | libc::MAP_ANONYMOUS);
    // SAFETY: a new mapping; no other code knows its zeroed page.
    let page = unsafe { libc::mmap(std::ptr::null_mut(), size_of::<Harm>(), access, kind, -1, 0) };
    if page == libc::MAP_FAILED {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: it is aligned, zero is a value of the type, and it is never unmapped.
    Ok(unsafe { &*page.cast::<Harm>() })
}

/// The end of a cable, when it is there and up.
fn cable(interface: &std::ffi::CStr) -> OwnedFd {
    loop {
        if let Ok(socket) = socket(interface) {
            return socket;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The kernel's note of 10 bytes before each frame, and its addresses.
const HEADERS: usize = 10 + 14;
/// A frame of up to 64 KiB.
const LARGEST: usize = HEADERS + 65_535;
/// From this size on a frame carries much data, and may be lost: handshakes and acknowledgements are not.
const DATA: usize = 1_000;

/// How much longer a frame is on its way that is held up.
const LATER: Duration = Duration::from_millis(60);

/// Frames, each with the time when it is due.
type Queue = mpsc::Sender<(Instant, Vec<u8>)>;

/// Writes frames when they are due, in their order.
fn writer(to: &Arc<OwnedFd>) -> Queue {
    let (queue, due) = mpsc::channel::<(Instant, Vec<u8>)>();
    let to = to.clone();
    std::thread::spawn(move || {
        for (time, frame) in due {
            std::thread::sleep(time.saturating_duration_since(Instant::now()));
            // SAFETY: the kernel reads as many bytes as the frame has. A refused frame is lost, as on any line.
            unsafe { libc::write(to.as_raw_fd(), frame.as_ptr().cast(), frame.len()) };
        }
    });
    queue
}

/// Passes on what comes from one cable to the other.
fn pass(from: &OwnedFd, to: &Arc<OwnedFd>, delay: Duration, harm: &Harm) -> ! {
    let (in_time, late) = (writer(to), writer(to));
    let mut frame = vec![0; LARGEST];
    let mut number: u32 = 0;
    loop {
        // SAFETY: the kernel writes at most as many bytes as the buffer has.
        let length = unsafe { libc::read(from.as_raw_fd(), frame.as_mut_ptr().cast(), frame.len()) };
        // An error: the cable is not up yet.
        let Ok(length) = usize::try_from(length) else { continue };
        let frame = frame.get(..length).unwrap_or_default().to_vec();
        let due = Instant::now() + delay;
        number = number.wrapping_add(u32::from(length >= DATA));
        let is_hit = |one_of: &AtomicU32| {
            let one_of = one_of.load(Ordering::Relaxed);
            length >= DATA && one_of > 0 && number.is_multiple_of(one_of)
        };
        let largest = harm.largest.load(Ordering::Relaxed) as usize;
        if is_hit(&harm.lost) || largest > 0 && length > HEADERS + largest {
            continue;
        }
        // The writers stay as long as this does.
        let _ = if is_hit(&harm.held_up) { late.send((due + LATER, frame)) } else { in_time.send((due, frame)) };
    }
}

/// A packet socket that hears all frames from a cable's end, and not those put into it.
fn socket(interface: &std::ffi::CStr) -> io::Result<OwnedFd> {
    // linux/if_packet.h.
    const PACKET_VNET_HDR: libc::c_int = 15;
    const PACKET_IGNORE_OUTGOING: libc::c_int = 23;
    let protocol = u16::try_from(libc::ETH_P_ALL).expect("it is 3").to_be();
    // SAFETY: without pointers.
    let number = unsafe { libc::socket(libc::AF_PACKET, libc::SOCK_RAW | libc::SOCK_CLOEXEC, 0) };
    if number < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: it was just made, and has no other owner.
    let socket = unsafe { OwnedFd::from_raw_fd(number) };
    let set = |level, name, value: libc::c_int| {
        let size = libc::socklen_t::try_from(size_of::<libc::c_int>()).expect("4 fits");
        // SAFETY: the kernel reads `size` bytes of a value that outlives the call.
        let status = unsafe { libc::setsockopt(number, level, name, std::ptr::from_ref(&value).cast(), size) };
        if status == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    };
    set(libc::SOL_PACKET, PACKET_VNET_HDR, 1)?;
    set(libc::SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)?;
    // As much as the host allows: a burst should not be lost here.
    set(libc::SOL_SOCKET, libc::SO_RCVBUF, 64 << 20)?;
    // SAFETY: sockaddr_ll is plain data, for which all zeroes is a value.
    let mut address: libc::sockaddr_ll = unsafe { std::mem::zeroed() };
    address.sll_family = u16::try_from(libc::AF_PACKET).expect("it is 17");
    address.sll_protocol = protocol;
    // SAFETY: a string with its NUL.
    let index = unsafe { libc::if_nametoindex(interface.as_ptr()) };
    if index == 0 {
        // Bound to none, it would hear all interfaces.
        return Err(io::Error::last_os_error());
    }
    address.sll_ifindex = libc::c_int::try_from(index).expect("a small number");
    let size = libc::socklen_t::try_from(size_of::<libc::sockaddr_ll>()).expect("20 fits");
    // SAFETY: the kernel reads `size` bytes of an address that outlives the call.
    let status = unsafe { libc::bind(number, std::ptr::from_ref(&address).cast(), size) };
    if status == 0 { Ok(socket) } else { Err(io::Error::last_os_error()) }
}
