//! The time of processors that this process has used.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// User and kernel time of all its threads so far. Unlike a clock it does not count the time in which others run.
pub fn used() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).unwrap_or_default()
}
