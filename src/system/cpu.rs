//! The time of processors that this process has used.

use std::time::Duration;

use rustix::time::{ClockId, DynamicClockId, clock_gettime_dynamic};

/// User and kernel time of all its threads so far; zero if a sandbox refuses the clock. Unlike a clock it does not
/// count the time in which others run.
pub fn used() -> Duration {
    let used = clock_gettime_dynamic(DynamicClockId::Known(ClockId::ProcessCPUTime));
    used.ok().and_then(|used| Duration::try_from(used).ok()).unwrap_or_default()
}
