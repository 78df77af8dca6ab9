//! When the kernel has reported every socket that ended before a dump.
//!
//! A kernel worker sends these reports (`sock_diag_broadcast_destroy_work` in net/core/sock_diag.c). On a busy machine the
//! worker waits for a processor, and a dump can overtake its report. `/proc/pressure/cpu` (Linux 4.20) shows how long tasks
//! waited; without that file, no task is assumed to wait.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::source::Source;

/// How long a dump waits for the ends before it to be read, and the least time over which waiting is measured: the kernel
/// leaves out processors that were busy for less than a tick, 10 ms at most.
const PATIENCE: Duration = Duration::from_millis(20);

/// The time that the kernel is given where tasks wait, or ends are many. On a crowded machine its messages were more than a
/// second late.
const LATE: Duration = Duration::from_secs(2);

/// Tasks wait if they did for more than one part in this many. The kernel's figure is an average over all busy processors,
/// and the worker waits for one of them.
const PART: u128 = 50;

/// A dump that has begun.
pub(super) struct Settling {
    began: Instant,
    /// How long some task had waited for a processor, in µs since the kernel started.
    waited: Option<u64>,
}

impl Settling {
    /// To be called before the dump.
    pub(super) fn begin(source: &dyn Source) -> Settling {
        Settling { began: Instant::now(), waited: waited(source) }
    }

    /// Waits until all reports are read, and returns that time. If tasks waited, or `are_ends_read` stays false, it returns a
    /// time by which the reports will have come.
    pub(super) fn finish(self, source: &dyn Source, are_ends_read: &dyn Fn() -> bool) -> Instant {
        thread::sleep(PATIENCE.saturating_sub(self.began.elapsed()));
        let over = self.began.elapsed();
        let is_busy =
            self.waited.zip(waited(source)).is_some_and(|(before, now)| is_late(now.saturating_sub(before), over));
        let margin = if !is_busy && is_soon(are_ends_read) { Duration::ZERO } else { LATE };
        Instant::now() + margin
    }
}

/// Waits until it holds, but not longer than [`PATIENCE`].
fn is_soon(holds: &dyn Fn() -> bool) -> bool {
    let end = Instant::now() + PATIENCE;
    while !holds() {
        if Instant::now() >= end {
            return false;
        }
        thread::sleep(PATIENCE / 20);
    }
    true
}

/// Whether tasks waited for a large part of this time.
fn is_late(waited_us: u64, over: Duration) -> bool {
    u128::from(waited_us) * PART > over.as_micros()
}

/// `some avg10=0.00 avg60=0.00 avg300=0.00 total=25564431317`, in the first line.
fn waited(source: &dyn Source) -> Option<u64> {
    let mut buffer = [0; 256];
    let length = source.head("/proc/pressure/cpu", &mut buffer).ok()?;
    let line = str::from_utf8(buffer.get(..length)?).ok()?.lines().next()?;
    line.split_once("total=")?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::memory::MemorySource;

    fn held(text: &str) -> MemorySource {
        let mut held = MemorySource::default();
        held.file("/proc/pressure/cpu", text);
        held
    }

    #[test]
    fn it_settles_when_the_ends_are_read_and_nobody_waits() {
        let calm = held("some avg10=0.00 avg60=0.00 avg300=0.00 total=70\nfull avg10=0.00 total=9\n");
        assert_eq!(waited(&calm), Some(70));
        let begun = Settling::begin(&calm);
        let began = begun.began;
        let settled = begun.finish(&calm, &|| true);
        assert!(settled >= began + PATIENCE && settled <= Instant::now());
        assert!(Settling::begin(&calm).finish(&calm, &|| false) > settled + LATE);
    }

    #[test]
    fn where_tasks_wait_for_a_processor_ends_may_come_later() {
        let (before, busy) = (held("some avg10=0.00 total=70\n"), held("some avg10=97.00 total=99999999\n"));
        let now = Instant::now();
        assert!(Settling::begin(&before).finish(&busy, &|| true) >= now + LATE);
        assert!(is_late(401, PATIENCE) && !is_late(400, PATIENCE));
        let unknown = MemorySource::default();
        assert!(Settling::begin(&unknown).finish(&busy, &|| true) <= Instant::now());
    }
}
