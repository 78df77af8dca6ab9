//! Numbers of sockets by state and family: made ones or seen ones.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Add, AddAssign};

/// A TCP state, by the number the kernel gives it (include/net/tcp_states.h).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    Established = 1,
    SynSent,
    SynRecv,
    FinWait1,
    FinWait2,
    TimeWait,
    Close,
    CloseWait,
    LastAck,
    Listen,
    Closing,
}

impl State {
    /// All eleven, in the kernel's order.
    pub(crate) const ALL: [Self; 11] = [
        Self::Established,
        Self::SynSent,
        Self::SynRecv,
        Self::FinWait1,
        Self::FinWait2,
        Self::TimeWait,
        Self::Close,
        Self::CloseWait,
        Self::LastAck,
        Self::Listen,
        Self::Closing,
    ];

    /// The kernel's spelling, which netstat and sockdoc use.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Established => "ESTABLISHED",
            Self::SynSent => "SYN_SENT",
            Self::SynRecv => "SYN_RECV",
            Self::FinWait1 => "FIN_WAIT1",
            Self::FinWait2 => "FIN_WAIT2",
            Self::TimeWait => "TIME_WAIT",
            Self::Close => "CLOSE",
            Self::CloseWait => "CLOSE_WAIT",
            Self::LastAck => "LAST_ACK",
            Self::Listen => "LISTEN",
            Self::Closing => "CLOSING",
        }
    }

    /// The spelling of `ss`.
    pub(crate) fn ss_name(self) -> &'static str {
        match self {
            Self::Established => "ESTAB",
            Self::SynSent => "SYN-SENT",
            Self::SynRecv => "SYN-RECV",
            Self::FinWait1 => "FIN-WAIT-1",
            Self::FinWait2 => "FIN-WAIT-2",
            Self::TimeWait => "TIME-WAIT",
            Self::Close => "UNCONN",
            Self::CloseWait => "CLOSE-WAIT",
            Self::LastAck => "LAST-ACK",
            Self::Listen => "LISTEN",
            Self::Closing => "CLOSING",
        }
    }

    /// The state of that number, if there is one.
    pub(crate) fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number).checked_sub(1)?).copied()
    }
}

/// The family of a socket's record; a v4-mapped socket has an IPv6 record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Inet {
    V4,
    V6,
}

/// Sockets counted by family and state; a state that is not there counts 0.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Counts(BTreeMap<(Inet, State), usize>);

impl Counts {
    /// `n` sockets of one state.
    pub(crate) fn of(inet: Inet, state: State, n: usize) -> Self {
        let mut counts = Self::default();
        counts.note(inet, state, n);
        counts
    }

    /// Adds `n` sockets of one state.
    pub(crate) fn note(&mut self, inet: Inet, state: State, n: usize) {
        if n > 0 {
            *self.0.entry((inet, state)).or_default() += n;
        }
    }

    /// The sockets of a state in one family.
    pub(crate) fn get(&self, inet: Inet, state: State) -> usize {
        self.0.get(&(inet, state)).copied().unwrap_or(0)
    }

    /// The sockets of a state in both families.
    pub(crate) fn state(&self, state: State) -> usize {
        self.get(Inet::V4, state) + self.get(Inet::V6, state)
    }

    /// The sockets of a family in all states.
    pub(crate) fn family(&self, inet: Inet) -> usize {
        State::ALL.iter().map(|state| self.get(inet, *state)).sum()
    }

    /// All sockets.
    pub(crate) fn total(&self) -> usize {
        self.0.values().sum()
    }

    /// One line per family and state, as a holder process writes them to its parent.
    pub(crate) fn to_lines(&self) -> String {
        let mut lines = String::new();
        for ((inet, state), n) in &self.0 {
            lines.push_str(&format!("{} {} {n}\n", *inet as u8, *state as u8));
        }
        lines
    }

    /// Reads what [`Self::to_lines`] wrote.
    pub(crate) fn from_lines(lines: &str) -> Option<Self> {
        let mut counts = Self::default();
        for line in lines.lines() {
            let mut fields = line.split(' ');
            let inet = match fields.next()? {
                "0" => Inet::V4,
                _ => Inet::V6,
            };
            let state = State::from_number(fields.next()?.parse().ok()?)?;
            counts.note(inet, state, fields.next()?.parse().ok()?);
        }
        Some(counts)
    }
}

impl AddAssign<&Counts> for Counts {
    fn add_assign(&mut self, other: &Counts) {
        for ((inet, state), n) in &other.0 {
            self.note(*inet, *state, *n);
        }
    }
}

impl Add for Counts {
    type Output = Counts;

    fn add(mut self, other: Counts) -> Counts {
        self += &other;
        self
    }
}

impl fmt::Debug for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = formatter.debug_map();
        for ((inet, state), n) in &self.0 {
            map.entry(&format_args!("{inet:?} {}", state.name()), n);
        }
        map.finish()
    }
}
