//! The list of all metrics. Output, alert rules, the dashboard and `docs/metrics.md` are made from it.

use crate::text::{Message, messages};

/// The type of a metric for a monitoring system.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MetricKind {
    /// A figure that goes up and down.
    Gauge,
    /// A figure that only rises, until its subject is replaced.
    Counter,
    /// Always 1; its labels carry the data.
    Info,
}

/// A metric: its name, help text, labels, and largest number of series.
#[derive(PartialEq, Eq, Debug)]
pub struct MetricFamily {
    /// The name, which ends in the unit; never changed.
    pub name: &'static str,
    /// The type.
    pub kind: MetricKind,
    /// The help text: the counted things.
    pub help: Message,
    /// The names of its labels.
    pub labels: &'static [&'static str],
    /// The most series of one network namespace.
    pub most: usize,
    /// Whether each network namespace has a series, or the run has one.
    pub of_namespace: bool,
}

impl MetricFamily {
    /// The unit at the end of its name.
    pub fn unit(&self) -> Option<&'static str> {
        ["bytes", "seconds", "ratio"].into_iter().find(|unit| self.name.ends_with(&format!("_{unit}")))
    }
}

const fn gauge(
    name: &'static str,
    help: Message,
    labels: &'static [&'static str],
    most: usize,
    of_namespace: bool,
) -> MetricFamily {
    MetricFamily { name, kind: MetricKind::Gauge, help, labels, most, of_namespace }
}

/// Units with series; one more series adds up all others.
pub const UNITS: usize = 20;
/// Listeners with series.
pub const LISTENERS: usize = 50;
/// Destinations with series.
pub const DESTINATIONS: usize = 10;
/// Network namespaces with series.
pub const NAMESPACES: usize = 50;

/// The kernel counters with series: connections opened, refused and reset, and losses.
pub const COUNTERS: [&str; 18] = [
    "TcpActiveOpens",
    "TcpPassiveOpens",
    "TcpAttemptFails",
    "TcpEstabResets",
    "TcpOutRsts",
    "TcpOutSegs",
    "TcpRetransSegs",
    "TcpExtListenOverflows",
    "TcpExtListenDrops",
    "TcpExtTCPReqQFullDrop",
    "TcpExtTCPTimeouts",
    "TcpExtTCPAbortOnTimeout",
    "TcpExtTCPAbortOnMemory",
    "TcpExtTCPTimeWaitOverflow",
    "TcpExtTCPRcvQDrop",
    "TcpExtTCPBacklogDrop",
    "UdpRcvbufErrors",
    "Udp6RcvbufErrors",
];

/// TCP sockets by state.
pub static TCP_SOCKETS: MetricFamily = gauge("sockdoc_tcp_sockets", messages::METRIC_TCP_SOCKETS, &["state"], 12, true);
/// Sockets by protocol.
pub static SOCKETS: MetricFamily = gauge("sockdoc_sockets", messages::METRIC_SOCKETS, &["protocol"], 8, true);
/// Bytes that wait to be read.
pub static RECEIVE_QUEUE: MetricFamily =
    gauge("sockdoc_receive_queue_bytes", messages::METRIC_RECEIVE_QUEUE, &[], 1, true);
/// Bytes that wait to be acknowledged.
pub static SEND_QUEUE: MetricFamily = gauge("sockdoc_send_queue_bytes", messages::METRIC_SEND_QUEUE, &[], 1, true);
/// New `TIME_WAIT` in each second.
pub static TIME_WAIT_RATE: MetricFamily =
    gauge("sockdoc_time_wait_rate", messages::METRIC_TIME_WAIT_RATE, &["direction"], 2, true);
/// Counters of the kernel.
pub static KERNEL_EVENTS: MetricFamily = MetricFamily {
    name: "sockdoc_kernel_events_total",
    kind: MetricKind::Counter,
    help: messages::METRIC_KERNEL_EVENTS,
    labels: &["counter"],
    most: COUNTERS.len(),
    of_namespace: true,
};
/// Findings by rule.
pub static FINDINGS: MetricFamily =
    gauge("sockdoc_findings", messages::METRIC_FINDINGS, &["rule", "severity"], 150, false);
/// Incidents by the rule of their cause.
pub static INCIDENTS: MetricFamily =
    gauge("sockdoc_incidents", messages::METRIC_INCIDENTS, &["rule", "severity"], 150, false);
/// Whether a rule could be checked.
pub static RULE_CHECKED: MetricFamily =
    gauge("sockdoc_rule_checked", messages::METRIC_RULE_CHECKED, &["rule"], 60, false);
/// Gaps: data that could not be read.
pub static GAPS: MetricFamily = gauge("sockdoc_gaps", messages::METRIC_GAPS, &["what"], 7, false);
/// Sockets of which less is known.
pub static GAP_SOCKETS: MetricFamily = gauge("sockdoc_gap_sockets", messages::METRIC_GAP_SOCKETS, &["what"], 3, false);
/// The cost of a sample.
pub static DURATION: MetricFamily = gauge("sockdoc_collect_duration_seconds", messages::METRIC_DURATION, &[], 1, false);
/// Whether the sample holds the TCP sockets.
pub static SUCCESS: MetricFamily = gauge("sockdoc_collect_success", messages::METRIC_SUCCESS, &[], 1, false);
/// When the sample was taken.
pub static TIMESTAMP: MetricFamily =
    gauge("sockdoc_last_collect_timestamp_seconds", messages::METRIC_TIMESTAMP, &[], 1, false);
/// The version.
pub static BUILD: MetricFamily = MetricFamily {
    name: "sockdoc_build_info",
    kind: MetricKind::Info,
    help: messages::METRIC_BUILD,
    labels: &["version"],
    most: 1,
    of_namespace: false,
};
/// Series that were left out.
pub static DROPPED: MetricFamily = gauge("sockdoc_series_dropped", messages::METRIC_DROPPED, &["family"], 22, false);
/// TCP sockets by unit.
pub static UNIT_SOCKETS: MetricFamily =
    gauge("sockdoc_unit_tcp_sockets", messages::METRIC_UNIT_SOCKETS, &["unit", "state"], (UNITS + 1) * 4, true);
/// The oldest `CLOSE_WAIT` of a unit.
pub static UNIT_OLDEST: MetricFamily =
    gauge("sockdoc_unit_close_wait_oldest_seconds", messages::METRIC_UNIT_OLDEST, &["unit"], UNITS + 1, true);
/// The file descriptors of a unit.
pub static UNIT_FILES: MetricFamily =
    gauge("sockdoc_unit_files_used_ratio", messages::METRIC_UNIT_FILES, &["unit"], UNITS + 1, true);
/// Connections that wait to be accepted.
pub static ACCEPT_QUEUE: MetricFamily =
    gauge("sockdoc_listener_accept_queue", messages::METRIC_ACCEPT_QUEUE, &["listen", "unit"], LISTENERS, true);
/// The most that may wait.
pub static ACCEPT_LIMIT: MetricFamily =
    gauge("sockdoc_listener_accept_queue_limit", messages::METRIC_ACCEPT_LIMIT, &["listen", "unit"], LISTENERS, true);
/// Drops of listeners.
pub static LISTENER_DROPS: MetricFamily = MetricFamily {
    name: "sockdoc_listener_drops_total",
    kind: MetricKind::Counter,
    help: messages::METRIC_LISTENER_DROPS,
    labels: &["listen", "unit"],
    most: LISTENERS,
    of_namespace: true,
};
/// Local ports in use towards a destination.
pub static PORTS_USED: MetricFamily = gauge(
    "sockdoc_destination_ports_used_ratio",
    messages::METRIC_PORTS_USED,
    &["source", "destination"],
    DESTINATIONS,
    true,
);

/// All of them. Where there are too many series, those of the last families are left out.
pub static ALL: [&MetricFamily; 23] = [
    &TCP_SOCKETS,
    &SOCKETS,
    &RECEIVE_QUEUE,
    &SEND_QUEUE,
    &TIME_WAIT_RATE,
    &KERNEL_EVENTS,
    &INCIDENTS,
    &SUCCESS,
    &TIMESTAMP,
    &DURATION,
    &BUILD,
    &GAPS,
    &GAP_SOCKETS,
    &FINDINGS,
    &RULE_CHECKED,
    &UNIT_SOCKETS,
    &UNIT_OLDEST,
    &UNIT_FILES,
    &ACCEPT_QUEUE,
    &ACCEPT_LIMIT,
    &LISTENER_DROPS,
    &PORTS_USED,
    &DROPPED,
];
