//! Results of a run, still as data.

pub mod diagnosis;
pub mod ends;
pub mod events;
pub mod incident;
pub mod kill;
pub mod latencies;
pub mod metrics;
pub mod overview;
pub mod performance;
pub mod rates;
pub mod reach;
pub mod sort;
pub mod trend;
