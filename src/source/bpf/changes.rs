//! Each change of the state of a TCP socket, as the kernel makes it: a program at a tracepoint writes it to a ring, which a
//! thread reads.

use std::{
    io,
    net::IpAddr,
    os::fd::{AsRawFd, OwnedFd},
    path::Path,
    sync::mpsc::SyncSender,
    thread::Builder,
    time::{Duration, SystemTime},
};

use rustix::time::{ClockId, clock_gettime};

use super::{
    iterate::load,
    programs::{CHANGE_BYTES, CHANGES},
    ring::Ring,
    sys::{self, MapKind},
};
use crate::{
    model::{
        engine::{BpfFailure, BpfStep, Engine},
        state::State,
        state_change::StateChange,
    },
    source::{destroyed::DestroyEvent, processes::by_bpf},
};

/// The losses are asked for at least this often.
const TURN: Duration = Duration::from_millis(200);

/// The program, attached.
pub struct Changes {
    ring: Ring,
    lost: OwnedFd,
    attached: OwnedFd,
}

impl Changes {
    /// Follows the sockets of one network namespace, or of all.
    ///
    /// # Errors
    /// With the step that failed and the kernel's reason.
    pub fn attach(netns: Option<u32>) -> Result<Changes, BpfFailure> {
        by_bpf::is_for_holders(Path::new("/proc"), Engine::Bpf).unwrap_or(Ok(()))?;
        let (ring, lost) = (Ring::new()?, sys::make_map(MapKind::Array, 8)?);
        let numbers = [&ring.map, &lost].map(|map| map.as_raw_fd().cast_unsigned());
        let program = load(&CHANGES, &[numbers[0], numbers[1], netns.unwrap_or(0)])?;
        let attached = sys::attach(&program).map_err(|error| BpfFailure::new(BpfStep::Attach, &error))?;
        Ok(Changes { ring, lost, attached })
    }

    /// Reads in a thread, until the other end of the channel is gone.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn listen(self, to: SyncSender<DestroyEvent>) -> io::Result<()> {
        Builder::new().spawn(move || self.read(&to)).map(|_| ())
    }

    fn read(&self, to: &SyncSender<DestroyEvent>) {
        let mut told = 0;
        let lose = |lost: u64, told: &mut u64| {
            let more = lost.saturating_sub(*told);
            *told += more;
            more == 0 || to.send(DestroyEvent::Lost(Some(more), SystemTime::now())).is_ok()
        };
        loop {
            if let Err(error) = self.ring.wait(TURN) {
                let _ = to.send(DestroyEvent::Failed(error));
                return;
            }
            let clocks = (SystemTime::now(), nanos());
            let goes_on = self.ring.take(&mut |record| {
                let Some((lost, change)) = read_change(record, clocks) else { return true };
                lose(lost, &mut told) && to.send(DestroyEvent::Changed(Box::new(change))).is_ok()
            });
            // The last loss has no record after it.
            let lost = sys::look_up::<1>(&self.lost).map_or(0, |[lost]| lost);
            if !goes_on || !lose(lost, &mut told) {
                return;
            }
        }
    }
}

impl std::fmt::Debug for Changes {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_tuple("Changes").field(&self.attached).finish()
    }
}

/// The kernel's monotonic clock.
pub fn nanos() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    now.tv_sec.cast_unsigned().saturating_mul(1_000_000_000).saturating_add(now.tv_nsec.cast_unsigned())
}

/// A record of the program, and how many were lost before it; `clocks` are two clocks at one time.
pub fn read_change(record: &[u8], clocks: (SystemTime, u64)) -> Option<(u64, StateChange)> {
    let record: &[u8; CHANGE_BYTES] = record.get(..CHANGE_BYTES)?.try_into().ok()?;
    let long = |at: usize| Some(u64::from_ne_bytes(*record.get(at..)?.first_chunk()?));
    let word = |at: usize| Some(u32::from_ne_bytes(*record.get(at..)?.first_chunk()?));
    let is_v6 = long(72)? == libc::AF_INET6 as u64;
    let address = |v4: usize, v6: usize| {
        Some(match is_v6 {
            true => IpAddr::from(*record.get(v6..)?.first_chunk::<16>()?),
            false => IpAddr::from(*record.get(v4..)?.first_chunk::<4>()?),
        })
    };
    let nanos = long(0)?;
    let change = StateChange {
        at: clocks.0.checked_sub(Duration::from_nanos(clocks.1.saturating_sub(nanos)))?,
        nanos,
        socket: long(8)?,
        cookie: long(16)?,
        cgroup: long(32)?,
        netns: word(48)?,
        from: State::from_kernel(word(52)?.try_into().ok()?),
        to: State::from_kernel(word(56)?.try_into().ok()?),
        error: word(60)?,
        uid: word(64)?,
        is_v6,
        local: (address(84, 104)?, u16::from_ne_bytes(*record.get(70..)?.first_chunk()?)),
        peer: (address(80, 88)?, u16::from_be_bytes(*record.get(68..)?.first_chunk()?)),
        pid: (long(40)? >> 32) as u32,
        program: *record.get(120..)?.first_chunk()?,
    };
    Some((long(24)?, change))
}
