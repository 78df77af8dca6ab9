//! What a rule must have seen, and what to tell the user where it was not.

use super::Case;
use crate::model::{
    sentence::{Sentence, Word},
    snapshot::Snapshot,
    state::State,
};

/// An input of a rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    /// The table of TCP sockets.
    Tcp,
    /// `tcp_info` of every `ESTABLISHED` socket.
    EveryEstablished,
    /// Two samples: `--for`.
    TwoSamples,
    /// Two samples at least so far apart as this threshold of the rule says.
    SamplesApart(&'static str),
    /// A counter by its `nstat` name.
    Counter(&'static str),
    /// A kernel setting by its dotted name.
    Sysctl(&'static str),
    /// `/proc/net/sockstat`.
    Sockstat,
    /// `/proc/sys/fs/file-nr`.
    Files,
    /// The table of tracked connections; absent where the module is not loaded, which is healthy.
    Conntrack,
    /// The table of UDP sockets.
    Udp,
    /// The table of UNIX sockets.
    Unix,
    /// Sockets that are bound and unused.
    BoundInactive,
    /// TCP descriptors without a socket.
    ClosedDescriptors,
    /// Limits of the whole host, which other namespaces do not have.
    InitialNetns,
}

impl Need {
    /// The same as [`Need::missing`], for a rule with its thresholds as they are set.
    pub fn missing_for(self, case: &Case<'_>) -> Option<(Sentence, Option<&'static str>)> {
        let threshold = |name| case.rule.thresholds.iter().find(|threshold| threshold.name == name);
        let apart = match self {
            Need::SamplesApart(name) => threshold(name).map(|threshold| case.time(threshold)),
            _ => None,
        };
        let Some(apart) = apart else { return self.missing(case.snapshot) };
        match case.before() {
            Some((_, between)) if between >= apart => None,
            _ => Some((Sentence::plain("missing-apart").with("time", Word::Time(apart)), Some("--for 10s"))),
        }
    }

    /// Why a snapshot lacks it, and what to type for it; `None` where it is there.
    pub fn missing(self, snapshot: &Snapshot) -> Option<(Sentence, Option<&'static str>)> {
        let now = &snapshot.now;
        let plain = |id, needs| Some((Sentence::plain(id), needs));
        match self {
            Need::Tcp if now.tcp.is_none() => plain("missing-tcp", None),
            Need::EveryEstablished if !now.all_established => {
                let count = now.tcp.as_ref().map_or(0, |tcp| tcp.sockets(State::ESTABLISHED));
                Some((Sentence::plain("missing-established").with("count", Word::Count(count)), Some("--deep")))
            }
            Need::TwoSamples | Need::SamplesApart(_) if snapshot.before.is_none() => {
                plain("missing-sample", Some("--for 10s"))
            }
            Need::Counter(name) if !now.counters.contains_key(name) => {
                Some((Sentence::plain("missing-counter").with("name", Word::Term(name)), None))
            }
            Need::Sysctl(name) if !snapshot.sysctls.contains_key(name) => {
                Some((Sentence::plain("missing-sysctl").with("name", Word::Term(name)), None))
            }
            Need::Sockstat if now.sockstat.is_none() => plain("missing-sockstat", None),
            Need::Files if now.files.is_none() => plain("missing-files", None),
            Need::Conntrack if now.conntrack.is_none() => plain("missing-conntrack", None),
            Need::Udp if now.udp.is_none() => plain("missing-udp", None),
            Need::Unix if now.unix.is_none() => plain("missing-unix", None),
            Need::BoundInactive if now.bound_inactive.is_none() => plain("missing-bound-inactive", Some("--deep")),
            Need::ClosedDescriptors if snapshot.closed_descriptors.is_none() => {
                plain("missing-closed-descriptors", Some("--deep"))
            }
            Need::InitialNetns if !snapshot.is_initial_netns => plain("missing-initial-netns", None),
            _ => None,
        }
    }

    /// The word used in JSON and in `check --list`, the same in every language.
    pub fn name(self) -> String {
        match self {
            Need::Tcp => "tcp".to_owned(),
            Need::EveryEstablished => "tcp_info of every ESTABLISHED".to_owned(),
            Need::TwoSamples | Need::SamplesApart(_) => "two samples".to_owned(),
            Need::Counter(name) | Need::Sysctl(name) => name.to_owned(),
            Need::Sockstat => "/proc/net/sockstat".to_owned(),
            Need::Files => "/proc/sys/fs/file-nr".to_owned(),
            Need::Conntrack => "nf_conntrack".to_owned(),
            Need::Udp => "udp".to_owned(),
            Need::Unix => "unix".to_owned(),
            Need::BoundInactive => "BOUND_INACTIVE".to_owned(),
            Need::ClosedDescriptors => "every descriptor".to_owned(),
            Need::InitialNetns => "initial network namespace".to_owned(),
        }
    }
}
