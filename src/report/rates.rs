//! Rates: the rises of counters between two samples.

use std::time::Duration;

use crate::model::snapshot::Sample;

/// Events and the counters that are added up for each, by their `nstat` names.
pub const RATES: [(&str, &[&str]); 6] = [
    ("opened_in", &["TcpPassiveOpens"]),
    ("opened_out", &["TcpActiveOpens"]),
    ("reset", &["TcpEstabResets"]),
    ("retransmitted", &["TcpRetransSegs"]),
    ("accept_drops", &["TcpExtListenDrops"]),
    ("udp_drops", &["UdpRcvbufErrors", "Udp6RcvbufErrors"]),
];

/// The sums of the counters of each of [`RATES`]; `None` if none of them could be read.
type Sums = [Option<u64>; RATES.len()];

/// The counters of a sample, and when it was taken by the clock of samples.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CounterSums {
    at: Duration,
    sums: Sums,
}

impl CounterSums {
    /// Those of a sample.
    pub fn of(sample: &Sample) -> CounterSums {
        let counter = |name: &&str| sample.counters.get(*name).copied();
        let sums = RATES.map(|(_, names)| names.iter().filter_map(counter).reduce(u64::wrapping_add));
        CounterSums { at: sample.at, sums }
    }
}

/// The rises of the counters of [`RATES`] between two samples.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Rises {
    /// The time between the samples; `None` where there is but one.
    pub between: Option<Duration>,
    /// One for each of [`RATES`]; `None` where no counter of it could be read in both samples.
    pub rises: Sums,
}

impl Rises {
    /// Those from one sample to a later one.
    pub fn between(before: &CounterSums, now: &CounterSums) -> Rises {
        let mut rises = now.sums;
        for (rise, before) in rises.iter_mut().zip(before.sums) {
            *rise = rise.zip(before).map(|(now, before)| now.saturating_sub(before));
        }
        Rises { between: now.at.checked_sub(before.at).filter(|between| !between.is_zero()), rises }
    }

    /// Adds those of another namespace.
    pub fn add(&mut self, other: &Rises) {
        self.between = self.between.max(other.between);
        for (mine, other) in self.rises.iter_mut().zip(other.rises) {
            *mine = mine.map_or(other, |mine| Some(mine.saturating_add(other.unwrap_or(0))));
        }
    }

    /// Each event with its rise, and its rate per second.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, Option<u64>, Option<f64>)> + '_ {
        RATES.iter().zip(self.rises).map(|((name, _), rise)| (*name, rise, self.per_second(rise)))
    }

    fn per_second(&self, rise: Option<u64>) -> Option<f64> {
        Some(rise? as f64 / self.between?.as_secs_f64())
    }
}
