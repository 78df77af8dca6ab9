//! The panels of the dashboard, in the order in which they are shown.

use crate::text::{Message, messages};

/// A panel with its expressions.
#[derive(PartialEq, Eq, Debug)]
pub struct Panel {
    /// The title.
    pub title: Message,
    /// The unit of its figures, as Grafana calls it.
    pub unit: &'static str,
    /// Expressions of Prometheus, each with the text of its legend. `$host` is chosen above the panels.
    pub queries: &'static [(&'static str, &'static str)],
}

/// The selector of hosts, in every query.
pub const HOST: &str = "instance=~\"$host\"";

const fn panel(title: Message, unit: &'static str, queries: &'static [(&'static str, &'static str)]) -> Panel {
    Panel { title, unit, queries }
}

/// All panels. `@` in an expression stands for the selector of the hosts.
pub static PANELS: [Panel; 19] = [
    panel(
        messages::PANEL_INCIDENTS,
        "short",
        &[("sum by(instance,severity)(sockdoc_incidents{@})", "{{instance}} {{severity}}")],
    ),
    panel(messages::PANEL_FINDINGS, "short", &[("sockdoc_findings{@} > 0", "{{instance}} {{rule}} {{severity}}")]),
    panel(messages::PANEL_STATES, "short", &[("sum by (state) (sockdoc_tcp_sockets{@})", "{{state}}")]),
    panel(
        messages::PANEL_RATES,
        "cps",
        &[(
            "sum by (counter) (rate(sockdoc_kernel_events_total{@,counter=~\
             \"TcpActiveOpens|TcpPassiveOpens|TcpAttemptFails|TcpEstabResets|TcpOutRsts\"}[$__rate_interval]))",
            "{{counter}}",
        )],
    ),
    panel(
        messages::PANEL_LOSS,
        "cps",
        &[(
            "sum by (counter) (rate(sockdoc_kernel_events_total{@,counter=~\
             \"TcpRetransSegs|TcpExtTCPTimeouts|TcpExtTCPAbortOnTimeout\"}[$__rate_interval]))",
            "{{counter}}",
        )],
    ),
    panel(
        messages::PANEL_DROPS,
        "cps",
        &[(
            "sum by (counter) (rate(sockdoc_kernel_events_total{@,counter=~\
             \"TcpExtListen.*|.*Drop|.*RcvbufErrors|TcpExtTCPTimeWaitOverflow\"}[$__rate_interval]))",
            "{{counter}}",
        )],
    ),
    panel(messages::PANEL_TIME_WAIT, "cps", &[("sum by (direction) (sockdoc_time_wait_rate{@})", "{{direction}}")]),
    panel(
        messages::PANEL_UNITS,
        "short",
        &[("topk(20, sum by (unit) (sockdoc_unit_tcp_sockets{@,state=\"established\"}))", "{{unit}}")],
    ),
    panel(
        messages::PANEL_LEAKS,
        "short",
        &[("topk(20, sum by (unit) (sockdoc_unit_tcp_sockets{@,state=\"close_wait\"}))", "{{unit}}")],
    ),
    panel(messages::PANEL_OLDEST, "s", &[("max by (unit) (sockdoc_unit_close_wait_oldest_seconds{@})", "{{unit}}")]),
    panel(
        messages::PANEL_FILES,
        "percentunit",
        &[("topk(20, max by (unit) (sockdoc_unit_files_used_ratio{@}))", "{{unit}}")],
    ),
    panel(
        messages::PANEL_QUEUES,
        "short",
        &[("topk(20, sockdoc_listener_accept_queue{@})", "{{instance}} {{listen}} {{unit}}")],
    ),
    panel(
        messages::PANEL_FILLED,
        "percentunit",
        &[(
            "topk(20, sockdoc_listener_accept_queue{@} / sockdoc_listener_accept_queue_limit{@})",
            "{{instance}} {{listen}} {{unit}}",
        )],
    ),
    panel(
        messages::PANEL_LISTENER_DROPS,
        "cps",
        &[("topk(20, rate(sockdoc_listener_drops_total{@}[$__rate_interval]))", "{{instance}} {{listen}} {{unit}}")],
    ),
    panel(
        messages::PANEL_PORTS,
        "percentunit",
        &[("sockdoc_destination_ports_used_ratio{@}", "{{instance}} {{destination}}")],
    ),
    panel(
        messages::PANEL_BYTES,
        "bytes",
        &[("sum(sockdoc_receive_queue_bytes{@})", "Recv-Q"), ("sum(sockdoc_send_queue_bytes{@})", "Send-Q")],
    ),
    panel(messages::PANEL_PROTOCOLS, "short", &[("sum by (protocol) (sockdoc_sockets{@})", "{{protocol}}")]),
    panel(
        messages::PANEL_NOT_CHECKED,
        "short",
        &[("count by (instance) (sockdoc_rule_checked{@} == 0)", "{{instance}}")],
    ),
    panel(messages::PANEL_COST, "s", &[("sockdoc_collect_duration_seconds{@}", "{{instance}}")]),
];

impl Panel {
    /// Its expressions with their selectors.
    pub fn expressions(&self) -> impl Iterator<Item = (String, &'static str)> {
        self.queries.iter().map(|(expression, legend)| (expression.replace('@', HOST), *legend))
    }
}
