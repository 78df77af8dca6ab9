//! The cases of each server, and what they are made with.

pub(crate) mod table;
pub(crate) mod watch;

mod clients;
mod haproxy;
mod java;
pub(crate) mod kill;
pub(crate) mod metrics;
mod nginx;
pub(crate) mod packaging;
mod postgresql;
mod program;
mod redis;
mod sshd;

use std::any::Any;
use std::net::{Ipv4Addr, SocketAddr};

/// One server in one condition.
pub(crate) struct Case {
    /// The server.
    pub(crate) server: &'static str,
    /// The programs that must be installed.
    pub(crate) programs: &'static [&'static str],
    /// The activity, or the fault. One plain line, no full stop.
    pub(crate) what: &'static str,
    /// Thresholds, as in `close-wait-leak.age=2s`.
    pub(crate) set: &'static [&'static str],
    /// The expected result of `check`.
    pub(crate) expects: Expects,
}

/// The expected result of `check` for a case, and the code that makes the case.
pub(crate) enum Expects {
    /// No alarm, for as long as the watch lasts. The function is given its seconds.
    Silence(fn(u64) -> Held),
    /// The same of a load that lasts so long, and as long after it.
    SilenceAfter(fn(u64) -> Held),
    /// No alarm although it is broken: no figure of the kernel proves it, and nothing else must be blamed.
    Unproven(fn() -> Held),
    /// An incident of this rule first, about this culprit.
    Incident(&'static str, fn() -> (Culprit, Held)),
    /// The same, and no alarm any more once its cure for now is applied.
    Cured(&'static str, fn() -> (Culprit, Held), fn()),
    /// The same, where one sample cannot tell.
    IncidentOverTime(&'static str, fn() -> (Culprit, Held)),
}

/// Processes and connections of a case, which end with it.
pub(crate) type Held = Vec<Box<dyn Any>>;

/// Whom the incident is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Culprit {
    /// A process.
    Process(u32),
    /// A listener at this port.
    Listener(u16),
    /// Where a program connects to, by its port.
    Destination(u16),
    /// This host.
    Host,
}

/// Any values to keep, in a list.
macro_rules! held {
    ($($one:expr),* $(,)?) => { vec![$(Box::new($one) as Box<dyn std::any::Any>),*] };
}
pub(crate) use held;

/// A port of this host.
pub(crate) fn at(port: u16) -> SocketAddr {
    SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port)
}

/// All cases, in the order of the table.
pub(crate) fn cases() -> impl Iterator<Item = &'static Case> {
    let all: [&[Case]; 6] = [nginx::CASES, haproxy::CASES, redis::CASES, postgresql::CASES, sshd::CASES, java::CASES];
    all.into_iter().flatten()
}

impl Case {
    /// The name of its test.
    pub(crate) fn name(&self) -> String {
        format!("{}: {}: {}", self.server, self.condition(), self.what)
    }

    /// Whether it is healthy.
    pub(crate) fn condition(&self) -> &'static str {
        match self.expects {
            Expects::Silence(_) | Expects::SilenceAfter(_) => "healthy",
            Expects::Unproven(_) | Expects::Incident(..) | Expects::Cured(..) | Expects::IncidentOverTime(..) => {
                "broken"
            }
        }
    }
}
