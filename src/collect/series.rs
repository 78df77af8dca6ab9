//! Successive samples of one network namespace, each beside an earlier one for rates and rises.
//!
//! `check --for`, the overview and `record` take a few. A series may also run without end (a live view, a metrics
//! exporter): it keeps two or three samples at any length, and drops lookups with their sample.

use std::time::Duration;

use super::snapshot::{self, Depth};
use crate::{
    model::{counted::Counted, gap::Gap, snapshot::Sample, snapshot::Snapshot},
    source::Source,
};

/// The earlier sample to compare with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Baseline {
    /// The first sample of the series.
    First,
    /// A sample at least 10 s older, once there is one, for rules that compare over time.
    Recent,
}

/// The least age of the sample that [`Baseline::Recent`] compares with.
const RECENT: Duration = Duration::from_secs(10);

/// A series of samples.
#[derive(Debug)]
pub struct Series {
    depth: Depth,
    netns: Option<String>,
    baseline: Baseline,
    /// The newest sample, and the one it is compared with.
    snapshot: Option<Snapshot>,
    /// The gaps of the newest sample, and of the one it is compared with.
    gaps: (Vec<Gap>, Vec<Gap>),
    /// The sample that becomes the baseline once it is old enough, with its gaps.
    waiting: Option<(Sample, Vec<Gap>)>,
}

impl Series {
    /// A series without samples yet; `netns` is the label of its namespace in findings.
    pub fn new(depth: Depth, netns: Option<String>, baseline: Baseline) -> Series {
        Series { depth, netns, baseline, snapshot: None, gaps: (Vec::new(), Vec::new()), waiting: None }
    }

    /// Takes the next sample. [`Snapshot::before`] is the one it is compared with; the first sample has none. The counts
    /// are those of this sample.
    ///
    /// Must run in the same namespace each time. Does not find owners; reads settings again if the series has no end.
    pub fn next(&mut self, source: &mut dyn Source) -> (&mut Snapshot, Counted) {
        let (snapshot, counted) = match self.snapshot.take() {
            None => {
                let (snapshot, counted) = snapshot::snapshot(source, &self.depth, self.netns.clone());
                self.gaps.0.clone_from(&snapshot.gaps);
                (snapshot, counted)
            }
            Some(last) => self.after(last, source),
        };
        (self.snapshot.insert(snapshot), counted)
    }

    /// The sample after this one.
    fn after(&mut self, mut snapshot: Snapshot, source: &mut dyn Source) -> (Snapshot, Counted) {
        let (now, counted) = snapshot::sample(source, &self.depth, snapshot.host.kernel_version());
        let last = std::mem::replace(&mut snapshot.now, now);
        let last = (Sample { established_inodes: Vec::new(), ..last }, std::mem::take(&mut self.gaps.0));
        let at = snapshot.now.at;
        let baseline = match self.baseline {
            Baseline::Recent if snapshot.before.is_some() => {
                let is_old = self.waiting.as_ref().is_some_and(|(sample, _)| at.saturating_sub(sample.at) >= RECENT);
                let baseline = if is_old { self.waiting.take() } else { None };
                self.waiting.get_or_insert(last);
                baseline
            }
            Baseline::First if snapshot.before.is_some() => None,
            _ => Some(last),
        };
        if let Some((before, gaps)) = baseline {
            snapshot.before = Some(before);
            self.gaps.1 = gaps;
        }
        forget_looked_up(&mut snapshot);
        // Somebody may change a setting while a series goes on.
        if self.baseline != Baseline::First {
            snapshot.sysctls = snapshot::settings(source);
        }
        snapshot.gaps.clone_from(&counted.gaps);
        snapshot::complete(source, &self.depth, &mut snapshot);
        self.gaps.0.clone_from(&snapshot.gaps);
        for gap in &self.gaps.1 {
            if !snapshot.gaps.contains(gap) {
                snapshot.gaps.push(gap.clone());
            }
        }
        (snapshot, counted)
    }
}

/// Drops owners and other data found for the sample before.
fn forget_looked_up(snapshot: &mut Snapshot) {
    snapshot.holders = None;
    snapshot.processes.clear();
    snapshot.users.clear();
    snapshot.places.clear();
    snapshot.closed_descriptors = None;
    snapshot.held_up_sockets = None;
    (snapshot.denied, snapshot.calls_denied) = (0, 0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::memory::MemorySource;

    /// A kernel with this number of resets.
    fn kernel(resets: u64) -> MemorySource {
        let mut source = MemorySource::default();
        source.file("/proc/thread-self/net/snmp", format!("Tcp: EstabResets\nTcp: {resets}\n"));
        source
    }

    fn resets(sample: Option<&Sample>) -> Option<u64> {
        sample?.counters.get("TcpEstabResets").copied()
    }

    #[test]
    fn what_could_not_be_read_is_of_one_sample_alone() {
        let mut series = Series::new(Depth::default(), None, Baseline::First);
        let (snapshot, _) = series.next(&mut kernel(1));
        (snapshot.denied, snapshot.calls_denied) = (3, 3);
        let (snapshot, _) = series.next(&mut kernel(2));
        assert_eq!((snapshot.denied, snapshot.calls_denied), (0, 0));
    }

    #[test]
    fn each_sample_has_the_first() {
        let mut series = Series::new(Depth::default(), None, Baseline::First);
        for (number, before) in (1..).zip([None, Some(1), Some(1)]) {
            let (snapshot, _) = series.next(&mut kernel(number));
            assert_eq!(resets(Some(&snapshot.now)), Some(number));
            assert_eq!(resets(snapshot.before.as_ref()), before, "{number}");
        }
    }

    #[test]
    fn a_recent_baseline_is_ten_to_twenty_seconds_old() {
        let mut series = Series::new(Depth::default(), None, Baseline::Recent);
        for second in 0..100 {
            let mut source = kernel(second);
            source.clock = Duration::from_secs(second);
            let (snapshot, _) = series.next(&mut source);
            let age = resets(snapshot.before.as_ref()).map(|before| second - before);
            let is_right = match second {
                0 => age.is_none(),
                1..=10 => age == Some(second),
                _ => age.is_some_and(|age| (10..=20).contains(&age)),
            };
            assert!(is_right, "{second}: {age:?}");
        }
    }

    #[test]
    fn nothing_grows_from_sample_to_sample() {
        let mut series = Series::new(Depth::default(), None, Baseline::Recent);
        let mut sizes = Vec::new();
        for number in 1..6 {
            let (snapshot, counted) = series.next(&mut kernel(number));
            snapshot.holders.get_or_insert_default();
            snapshot.denied = 9;
            sizes.push((snapshot.gaps.len(), counted.gaps.len()));
        }
        assert!(sizes.iter().all(|size| *size == sizes[0]), "{sizes:?}");
        let (snapshot, _) = series.next(&mut kernel(6));
        assert_eq!((&snapshot.holders, snapshot.denied), (&None, 0));
    }
}
