//! The alerts on the metrics. Each names the topic of `explain` with the advice.

use crate::text::{Message, messages};

/// An alert rule.
#[derive(PartialEq, Eq, Debug)]
pub struct Alert {
    /// Its name.
    pub name: &'static str,
    /// `critical` or `warning`.
    pub severity: &'static str,
    /// The expression of Prometheus.
    pub expression: &'static str,
    /// How long it must hold.
    pub hold: &'static str,
    /// The text.
    pub summary: Message,
    /// The topic of `explain`; `RULE` stands for the rule of the alert's label.
    pub topic: &'static str,
}

/// The topic that is named by the label `rule`.
pub const OF_RULE: &str = "RULE";

const fn alert(
    name: &'static str,
    severity: &'static str,
    expression: &'static str,
    hold: &'static str,
    summary: Message,
    topic: &'static str,
) -> Alert {
    Alert { name, severity, expression, hold, summary, topic }
}

/// All alerts.
pub static ALERTS: [Alert; 11] = [
    alert(
        "SockdocCriticalIncident",
        "critical",
        "sockdoc_incidents{severity=\"critical\"} > 0",
        "5m",
        messages::ALERT_CRITICAL_SUMMARY,
        OF_RULE,
    ),
    alert(
        "SockdocWarningIncident",
        "warning",
        "sockdoc_incidents{severity=\"warning\"} > 0",
        "15m",
        messages::ALERT_WARNING_SUMMARY,
        OF_RULE,
    ),
    alert(
        "SockdocCloseWaitLeak",
        "warning",
        "sockdoc_unit_tcp_sockets{state=\"close_wait\"} > 10 and on(instance,unit,netns) \
         sockdoc_unit_close_wait_oldest_seconds > 3600",
        "10m",
        messages::ALERT_LEAK_SUMMARY,
        "close-wait-leak",
    ),
    alert(
        "SockdocAcceptQueueNearlyFull",
        "warning",
        "sockdoc_listener_accept_queue / sockdoc_listener_accept_queue_limit > 0.8",
        "5m",
        messages::ALERT_QUEUE_SUMMARY,
        "accept-queue-high",
    ),
    alert(
        "SockdocListenerDrops",
        "warning",
        "rate(sockdoc_listener_drops_total[5m]) > 0",
        "10m",
        messages::ALERT_DROPS_SUMMARY,
        "listen-drops",
    ),
    alert(
        "SockdocPortsRunOut",
        "warning",
        "sockdoc_destination_ports_used_ratio > 0.8",
        "5m",
        messages::ALERT_PORTS_SUMMARY,
        "port-exhaustion",
    ),
    alert(
        "SockdocFilesRunOut",
        "warning",
        "sockdoc_unit_files_used_ratio > 0.5 and predict_linear(sockdoc_unit_files_used_ratio[1h], 3600) > 1",
        "10m",
        messages::ALERT_FILES_SUMMARY,
        "fd-near-limit",
    ),
    alert(
        "SockdocRuleNotChecked",
        "warning",
        "sockdoc_rule_checked == 0 and max_over_time(sockdoc_rule_checked[1d]) == 1",
        "1h",
        messages::ALERT_NOT_CHECKED_SUMMARY,
        OF_RULE,
    ),
    alert(
        "SockdocStale",
        "warning",
        "time() - sockdoc_last_collect_timestamp_seconds > 300",
        "5m",
        messages::ALERT_STALE_SUMMARY,
        "sockdoc_last_collect_timestamp_seconds",
    ),
    alert(
        "SockdocCollectFailed",
        "warning",
        "sockdoc_collect_success == 0",
        "5m",
        messages::ALERT_FAILED_SUMMARY,
        "sockdoc_collect_success",
    ),
    alert(
        "SockdocSeriesDropped",
        "warning",
        "sockdoc_series_dropped > 0",
        "1h",
        messages::ALERT_DROPPED_SUMMARY,
        "sockdoc_series_dropped",
    ),
];
