//! Figures of a host for a monitoring system: one list of metrics, and the code that fills it. Its size is bounded on
//! every host.

pub mod alerts;
pub mod families;
pub mod namespace;
pub mod panels;
mod run;
mod series;
mod top;

pub use self::{
    families::{ALL, MetricFamily, MetricKind},
    run::{RunFigures, gather},
    series::{MetricBounds, MetricSeries},
};
