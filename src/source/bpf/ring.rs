//! A ring of the kernel (`BPF_MAP_TYPE_RINGBUF`, `Documentation/bpf/ringbuf.rst`), read where it is mapped.

#![allow(unsafe_code, reason = "the ring is memory that the kernel writes")]

use std::{
    io,
    os::fd::{AsRawFd, OwnedFd},
    ptr::null_mut,
    slice,
    sync::atomic::{AtomicU32, AtomicUsize, Ordering},
    time::Duration,
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
    process::{Resource, Rlimit, setrlimit},
};

use super::sys::{self, MapKind};
use crate::model::engine::{BpfFailure, BpfStep};

/// The size that is asked for; where the kernel has less it is halved, down to [`SMALLEST`].
const LARGEST: u32 = 16 << 20;
const SMALLEST: u32 = 64 << 10;

/// Set in the length of a record that is still being written, and of one that was given up.
const BUSY: u32 = 1 << 31;
const DISCARDED: u32 = 1 << 30;

/// The bytes before a record: its length, and a number of the kernel's.
const HEAD: usize = 8;

/// A ring that this process reads.
pub(super) struct Ring {
    pub(super) map: OwnedFd,
    /// The page that says how far was read, which this process writes.
    read: *mut libc::c_void,
    /// The page that says how far was written, and behind it the data, twice in a row.
    written: *mut libc::c_void,
    page: usize,
    bytes: usize,
}

// SAFETY: the pages belong to the ring alone, and one thread at a time has it.
unsafe impl Send for Ring {}

impl Ring {
    /// Makes one.
    pub(super) fn new() -> Result<Ring, BpfFailure> {
        // Before Linux 5.11 maps count as locked memory.
        let _ = setrlimit(Resource::Memlock, Rlimit { current: None, maximum: None });
        let mut bytes = LARGEST;
        let map = loop {
            match sys::make_map(MapKind::Ring, bytes) {
                Err(_) if bytes > SMALLEST => bytes /= 2,
                made => break made?,
            }
        };
        // SAFETY: asks for a number.
        let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(4096);
        let mut ring = Ring { map, read: null_mut(), written: null_mut(), page, bytes: bytes as usize };
        let failed = |error| BpfFailure::new(BpfStep::Read, &error);
        ring.read = ring.mapped(page, libc::PROT_READ | libc::PROT_WRITE, 0).map_err(failed)?;
        ring.written = ring.mapped(ring.length(), libc::PROT_READ, page).map_err(failed)?;
        Ok(ring)
    }

    /// The length of the pages that the kernel writes.
    fn length(&self) -> usize {
        self.page + 2 * self.bytes
    }

    fn mapped(&self, length: usize, protection: i32, offset: usize) -> io::Result<*mut libc::c_void> {
        let descriptor = self.map.as_raw_fd();
        // SAFETY: new pages, at a place that the kernel chooses.
        let place =
            unsafe { libc::mmap(null_mut(), length, protection, libc::MAP_SHARED, descriptor, offset as libc::off_t) };
        if place == libc::MAP_FAILED { Err(io::Error::last_os_error()) } else { Ok(place) }
    }

    /// Waits until there is a record, but not longer than this.
    pub(super) fn wait(&self, time: Duration) -> io::Result<()> {
        let time = Timespec::try_from(time).ok();
        match poll(&mut [PollFd::new(&self.map, PollFlags::IN)], time.as_ref()) {
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives each record that is there; `false` where the taker had enough.
    pub(super) fn take(&self, take: &mut dyn FnMut(&[u8]) -> bool) -> bool {
        // SAFETY: both pages are mapped as long as this lives, and begin with a number.
        let (read, written) = unsafe { (&*self.read.cast::<AtomicUsize>(), &*self.written.cast::<AtomicUsize>()) };
        let mut at = read.load(Ordering::Relaxed);
        while at != written.load(Ordering::Acquire) {
            let place = self.page + (at & (self.bytes - 1));
            // SAFETY: within the data, and at a multiple of eight.
            let record = unsafe { self.written.cast::<u8>().add(place) };
            // SAFETY: the same.
            let head = unsafe { &*record.cast::<AtomicU32>() }.load(Ordering::Acquire);
            let length = (head & !(BUSY | DISCARDED)) as usize;
            if head & BUSY != 0 || length > self.bytes - HEAD {
                break;
            }
            // SAFETY: the data are mapped twice, so a record is in one piece; the kernel leaves it until it is read.
            let bytes = unsafe { slice::from_raw_parts(record.add(HEAD), length) };
            let goes_on = head & DISCARDED != 0 || take(bytes);
            at = at.wrapping_add((HEAD + length).next_multiple_of(8));
            read.store(at, Ordering::Release);
            if !goes_on {
                return false;
            }
        }
        true
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        for (place, length) in [(self.read, self.page), (self.written, self.length())] {
            if !place.is_null() {
                // SAFETY: mapped by this ring, and used by it alone.
                unsafe { libc::munmap(place, length) };
            }
        }
    }
}
