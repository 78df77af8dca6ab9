//! The commands of the program.

use super::run::AnyTask;
use crate::cli::{
    Command, check::CheckOptions, completions::CompletionsOptions, count::CountOptions, counters::CountersOptions,
    diff::DiffOptions, events::EventsOptions, explain::ExplainOptions, group::GroupOptions, kill::KillOptions,
    list::ListOptions, man::ManOptions, metrics::MetricsOptions, netstat::NetstatOptions, overview::OverviewOptions,
    reach::ReachOptions, record::RecordOptions, ss::SsOptions, watch::WatchOptions,
};

/// Every command in the order of the help; the first runs without a command word. `cli` declares the options, and
/// `Task` runs the command.
pub static COMMANDS: &[Command<AnyTask>] = &[
    Command::of::<OverviewOptions>(),
    Command::of::<CountOptions>(),
    Command::of::<GroupOptions>(),
    Command::of::<ListOptions>(),
    Command::of::<CheckOptions>(),
    Command::of::<WatchOptions>(),
    Command::of::<EventsOptions>(),
    Command::of::<ExplainOptions>(),
    Command::of::<ReachOptions>(),
    Command::of::<KillOptions>(),
    Command::of::<RecordOptions>(),
    Command::of::<DiffOptions>(),
    Command::of::<CountersOptions>(),
    Command::of::<MetricsOptions>(),
    Command::in_place_of::<SsOptions>(),
    Command::in_place_of::<NetstatOptions>(),
    Command::of::<CompletionsOptions>(),
    Command::of::<ManOptions>(),
];
