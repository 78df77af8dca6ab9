//! Figures of a host for a monitoring system: one list of metrics, and what fills it. Bounded whatever the host has.

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
