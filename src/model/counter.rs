//! The kernel's network counters: name, value and kind.

/// The kind of a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CounterKind {
    /// How often something has happened since the network namespace was made.
    Counter,
    /// How many there are now.
    Gauge,
    /// A sysctl that appears among the counters.
    Setting,
}

impl CounterKind {
    /// The word used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            CounterKind::Counter => "counter",
            CounterKind::Gauge => "gauge",
            CounterKind::Setting => "setting",
        }
    }
}

/// One figure of `/proc/net/snmp`, `netstat`, `snmp6`, `sockstat` or `sockstat6`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Counter {
    /// Its name: `TcpExtListenDrops` as in `nstat`, `TCP.inuse` for a figure of `sockstat`.
    pub name: String,
    /// The figure; only `TcpMaxConn` is ever negative.
    pub value: i64,
    /// The file in `/proc/net`.
    pub file: &'static str,
    /// Its kind.
    pub kind: CounterKind,
}

/// A counter and its change between two samples.
#[derive(Clone, PartialEq, Debug)]
pub struct CounterRow {
    /// The counter in the last sample.
    pub counter: Counter,
    /// By how much it rose since the first sample; `None` with one sample, or where the first one lacks it.
    pub rise: Option<i64>,
    /// The same for each second.
    pub per_second: Option<f64>,
}

impl CounterRow {
    /// Whether it is uninteresting: 0, or unchanged between two samples.
    pub fn is_still(&self) -> bool {
        match self.rise {
            Some(rise) => rise == 0,
            None => self.counter.value == 0,
        }
    }
}
