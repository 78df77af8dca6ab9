//! The data that a rule needs, and the reason to report if it is missing.

use std::time::Duration;

use super::{input::RuleInput, settings::Threshold};
use crate::model::{
    family::Protocol,
    gap::{Gap, What, Why},
    sentence::{Placeholders, Sentence, Word},
    snapshot::{Listener, Seen, Snapshot},
    state::State,
};

/// The time between two samples that `--for 10s` offers.
const OFFERED: Duration = Duration::from_secs(10);

/// An input of a rule.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Need {
    /// The table of TCP sockets.
    Tcp,
    /// The table of TCP sockets or that of UDP sockets.
    TcpOrUdp,
    /// `tcp_info` of every `ESTABLISHED` socket.
    EveryEstablished,
    /// Two samples: `--for`.
    TwoSamples,
    /// Two samples at least this threshold of the rule apart.
    SamplesApart(Threshold),
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
    /// `tcp_info` of sockets in these states, where there are some.
    Details(&'static [State]),
    /// Which timers run on sockets in these states, where there are some.
    Timers(&'static [State]),
    /// Sockets in these states, were there some: the options of a text may have left them out.
    States(&'static [State]),
    /// Whether a program holds the sockets in these states, where there are some.
    Inodes(&'static [State]),
    /// The limits of accept queues with waiting clients.
    AcceptLimits,
    /// How many descriptors processes have.
    Descriptors,
    /// The system calls of processes that keep clients waiting. Without them the rule is checked in part.
    SystemCalls,
}

impl Need {
    /// Whether a rule without it still finds something.
    pub fn is_for_a_part(self) -> bool {
        self == Need::SystemCalls
    }

    /// The same as [`Need::missing`], for a rule with its thresholds as they are set.
    pub fn missing_for(self, input: &RuleInput<'_>) -> Option<(Sentence, Option<&'static str>)> {
        let threshold = match self {
            Need::SamplesApart(threshold) if !input.snapshot.blanks.host => threshold,
            _ => return self.missing(input.snapshot),
        };
        let apart = input.time(&threshold);
        match input.before() {
            Some((_, between)) if between >= apart => None,
            _ => {
                let needs = (apart <= OFFERED).then_some("--for 10s");
                Some((Sentence::plain("missing-apart").time("time", apart), needs))
            }
        }
    }

    /// Why a snapshot lacks it, and the option that provides it; `None` if it is there.
    pub fn missing(self, snapshot: &Snapshot) -> Option<(Sentence, Option<&'static str>)> {
        let missing = match self {
            Need::Details(states) => self.not_shown(snapshot, states),
            Need::Timers(states) | Need::Inodes(states) | Need::States(states) => self.not_shown(snapshot, states),
            Need::AcceptLimits => self.not_shown(snapshot, &[State::LISTEN]),
            _ => self.unseen(snapshot),
        };
        // Nothing that could be typed brings it.
        let is_of_the_host = !matches!(
            self,
            Need::Tcp
                | Need::TcpOrUdp
                | Need::Details(_)
                | Need::Timers(_)
                | Need::Inodes(_)
                | Need::States(_)
                | Need::AcceptLimits
        );
        missing.map(|missing| match snapshot.blanks.host && is_of_the_host {
            true => (Sentence::plain("missing-not-shown"), None),
            false => missing,
        })
    }

    /// The missing fields of sockets from a text or `/proc/net`.
    fn not_shown(self, snapshot: &Snapshot, states: &[State]) -> Option<(Sentence, Option<&'static str>)> {
        let tcp = snapshot.now.tcp.as_ref()?;
        let blanks = snapshot.blanks;
        if states.iter().all(|&state| tcp.sockets(state) == 0) {
            let may_be_left_out = states.iter().any(|&state| blanks.states.contains(state));
            return may_be_left_out.then_some((Sentence::plain("missing-states"), None));
        }
        let is_from_proc =
            |gap: &Gap| matches!((gap.what, &gap.why), (What::Sockets(Protocol::Tcp), Why::ReadFromProc(_)));
        let id = match self {
            Need::Details(_) => {
                let has_info = |seen: &Seen| states.contains(&seen.socket.state) && seen.info.is_some();
                let is_not_shown = (blanks.host || snapshot.gaps.iter().any(is_from_proc))
                    && !snapshot.now.sockets.iter().any(has_info);
                is_not_shown.then_some("missing-info")
            }
            Need::States(_) => None,
            Need::Timers(_) => blanks.timers.then_some("missing-timers"),
            Need::Inodes(_) => blanks.inodes.then_some("missing-inodes"),
            _ => {
                let is_unknown = |listener: &Listener| listener.queue > 0 && listener.limit.is_none();
                snapshot.now.listeners.iter().any(is_unknown).then_some("missing-limits")
            }
        };
        id.map(|id| (Sentence::plain(id), None))
    }

    fn unseen(self, snapshot: &Snapshot) -> Option<(Sentence, Option<&'static str>)> {
        let now = &snapshot.now;
        let plain = |id, needs| Some((Sentence::plain(id), needs));
        match self {
            Need::Tcp if now.tcp.is_none() => plain("missing-tcp", None),
            Need::TcpOrUdp if now.tcp.is_none() && now.udp.is_none() => plain("missing-tcp", None),
            Need::EveryEstablished if !now.all_established => {
                let count = now.tcp.as_ref().map_or(0, |tcp| tcp.sockets(State::ESTABLISHED));
                Some((Sentence::plain("missing-established").count("count", count), Some("--deep")))
            }
            Need::TwoSamples | Need::SamplesApart(_) if snapshot.before.is_none() => {
                plain("missing-sample", Some("--for 10s"))
            }
            Need::Counter(name) if !now.counters.contains_key(name) => {
                Some((Sentence::plain("missing-counter").term("name", name), None))
            }
            Need::Sysctl(name) if !snapshot.sysctls.contains_key(name) => {
                Some((Sentence::plain("missing-sysctl").term("name", name), None))
            }
            Need::Sockstat if now.sockstat.is_none() => plain("missing-sockstat", None),
            Need::Files if now.files.is_none() => plain("missing-files", None),
            Need::Conntrack if now.conntrack.is_none() => plain("missing-conntrack", None),
            Need::Udp if now.udp.is_none() || snapshot.blanks.host => plain("missing-udp", None),
            Need::Unix if now.unix.is_none() => plain("missing-unix", None),
            Need::BoundInactive if now.bound_inactive.is_none() => plain("missing-bound-inactive", Some("--deep")),
            Need::ClosedDescriptors if snapshot.closed_descriptors.is_none() => {
                plain("missing-closed-descriptors", Some("--deep"))
            }
            Need::SystemCalls if snapshot.calls_denied > 0 => {
                Some((Sentence::plain("missing-calls").count("count", snapshot.calls_denied), Some("sudo")))
            }
            Need::Descriptors if snapshot.blanks.host => plain("missing-not-shown", None),
            Need::InitialNetns if !snapshot.is_initial_netns => plain("missing-initial-netns", None),
            _ => None,
        }
    }

    /// Its name in `check --list`.
    pub fn words(self) -> Sentence {
        let named = |id, name: String| Sentence::plain(id).with("name", Word::Outside(name));
        let of = |id, states: &[State]| {
            let states = states.iter().map(|state| Word::Outside(state.to_string())).collect();
            Sentence::plain(id).with("states", Word::List(states))
        };
        match self {
            Need::Tcp => Sentence::plain("need-tcp"),
            Need::TcpOrUdp => Sentence::plain("need-tcp-or-udp"),
            Need::EveryEstablished => Sentence::plain("need-established"),
            Need::TwoSamples | Need::SamplesApart(_) => Sentence::plain("need-samples"),
            Need::Conntrack => Sentence::plain("need-conntrack"),
            Need::Udp => Sentence::plain("need-udp"),
            Need::Unix => Sentence::plain("need-unix"),
            Need::ClosedDescriptors => Sentence::plain("need-every-descriptor"),
            Need::InitialNetns => Sentence::plain("need-initial-netns"),
            Need::AcceptLimits => Sentence::plain("need-limits"),
            Need::Descriptors => Sentence::plain("need-descriptors"),
            Need::SystemCalls => Sentence::plain("need-calls"),
            Need::Details(states) => of("need-info", states),
            Need::Timers(states) => of("need-timers", states),
            Need::Inodes(states) => of("need-inodes", states),
            Need::States(states) => of("need-states", states),
            Need::Counter(_) | Need::Sysctl(_) | Need::Sockstat | Need::Files | Need::BoundInactive => {
                named("need-named", self.name())
            }
        }
    }

    /// The word used in JSON, the same in every language.
    pub fn name(self) -> String {
        match self {
            Need::Tcp => "tcp".to_owned(),
            Need::TcpOrUdp => "tcp or udp".to_owned(),
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
            Need::Details(states) => format!("tcp_info of {}", list(states)),
            Need::States(states) => list(states),
            Need::Timers(states) => format!("timers of {}", list(states)),
            Need::Inodes(states) => format!("inodes of {}", list(states)),
            Need::AcceptLimits => "accept_limit".to_owned(),
            Need::Descriptors => "descriptors".to_owned(),
            Need::SystemCalls => "system calls".to_owned(),
        }
    }
}

fn list(states: &[State]) -> String {
    states.iter().map(State::to_string).collect::<Vec<_>>().join(", ")
}
