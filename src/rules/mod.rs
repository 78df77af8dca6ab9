//! The diagnosis: one file per rule, each a pure function of a [`Snapshot`].
//!
//! A rule begins with what is seen, why it hurts and where its threshold comes from. It declares what it needs; where
//! that was not seen it is *not checked*, so that silence means health. A new rule is its file, its texts in
//! `src/text/<language>/rules/`, and one line in [`RULES`].

pub mod accept;
pub mod connections;
#[cfg(test)]
pub(crate) mod fixture;
pub mod half_open;
pub mod hint;
mod incidents;
mod input;
mod need;
pub mod ports;
mod prelude;
pub mod relations;
pub mod relay;
pub mod routes;
mod rule;
pub mod settings;
pub mod sysctl;

mod accept_queue_full;
mod accept_queue_high;
mod backlog_small;
mod bad_sysctl;
mod bound_inactive;
mod close_wait_leak;
mod close_wait_unaccepted;
mod close_wait_unread;
mod closed_fd_leak;
mod conntrack_near_limit;
mod fd_near_limit;
mod file_table_near_limit;
mod fin_wait1_orphans;
mod fin_wait2_held;
mod fin_wait2_peer;
mod half_close;
mod idle_no_keepalive;
mod keepalive_failing;
mod last_ack_stuck;
mod linger_zero;
mod listen_drops;
mod listener_in_port_range;
mod loss_high;
mod orphans_near_limit;
mod path_dead;
mod peer_zero_window;
mod port_exhaustion;
mod port_range_pressure;
mod rcv_prune;
mod relay_waits;
mod reset_unread;
mod reuseport_imbalance;
mod slow_reader;
mod sndbuf_limited;
mod somaxconn_clamp;
mod syn_drop_no_cookies;
mod syn_recv_pileup;
mod syn_sent_stuck;
mod syncookies_active;
mod tcp_memory;
mod time_wait_client;
mod time_wait_server;
mod tw_bucket_limit;
mod tw_reuse_blocked;
mod udp_drops;
mod unaccepted_established;
mod unix_backlog_full;

pub use input::RuleInput;
pub use need::Need;
pub use rule::{Evaluate, Rule};
pub use settings::{Settings, Threshold, Unit};

use crate::model::{
    finding::{Finding, NotChecked},
    snapshot::Snapshot,
};

/// All rules, in the order of the catalogue.
pub static RULES: &[&Rule] = &[
    &close_wait_leak::RULE,
    &close_wait_unread::RULE,
    &close_wait_unaccepted::RULE,
    &half_close::RULE,
    &relay_waits::RULE,
    &closed_fd_leak::RULE,
    &fd_near_limit::RULE,
    &file_table_near_limit::RULE,
    &accept_queue_full::RULE,
    &accept_queue_high::RULE,
    &listen_drops::RULE,
    &backlog_small::RULE,
    &somaxconn_clamp::RULE,
    &reuseport_imbalance::RULE,
    &syn_recv_pileup::RULE,
    &syncookies_active::RULE,
    &syn_drop_no_cookies::RULE,
    &syn_sent_stuck::RULE,
    &port_exhaustion::RULE,
    &port_range_pressure::RULE,
    &bound_inactive::RULE,
    &time_wait_client::RULE,
    &time_wait_server::RULE,
    &tw_bucket_limit::RULE,
    &tw_reuse_blocked::RULE,
    &fin_wait1_orphans::RULE,
    &orphans_near_limit::RULE,
    &fin_wait2_peer::RULE,
    &fin_wait2_held::RULE,
    &last_ack_stuck::RULE,
    &peer_zero_window::RULE,
    &path_dead::RULE,
    &loss_high::RULE,
    &slow_reader::RULE,
    &unaccepted_established::RULE,
    &sndbuf_limited::RULE,
    &idle_no_keepalive::RULE,
    &keepalive_failing::RULE,
    &tcp_memory::RULE,
    &rcv_prune::RULE,
    &udp_drops::RULE,
    &unix_backlog_full::RULE,
    &conntrack_near_limit::RULE,
    &reset_unread::RULE,
    &linger_zero::RULE,
    &bad_sysctl::RULE,
    &listener_in_port_range::RULE,
];

/// A rule by its name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name).copied()
}

/// What the rules say of one snapshot.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Verdict {
    /// Worst first; of equal severity the largest first, then in the order of the catalogue.
    pub findings: Vec<Finding>,
    /// Rules whose input was missing.
    pub not_checked: Vec<NotChecked>,
}

/// Asks these rules about a snapshot.
pub fn examine(snapshot: &Snapshot, rules: &[&'static Rule], settings: &Settings) -> Verdict {
    let mut verdict = Verdict::default();
    for &rule in rules {
        let input = RuleInput { snapshot, rule: rule.name, settings };
        match rule.needs.iter().find_map(|need| need.missing_for(&input)) {
            Some((reason, needs)) => verdict.not_checked.push(NotChecked { rule: rule.name, reason, needs }),
            None => verdict.findings.extend(rule.evaluate(&input)),
        }
    }
    for finding in &mut verdict.findings {
        finding.netns.clone_from(&snapshot.netns);
    }
    sort(&mut verdict.findings);
    incidents::fold(&mut verdict.findings, snapshot, settings);
    verdict
}

/// Worst first; of equal severity the largest first, then in the order of the catalogue (the sort is stable).
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by_key(|finding| std::cmp::Reverse((finding.severity, finding.weight)));
}

#[cfg(test)]
mod tests {
    use super::{
        fixture::{severities, snapshot},
        *,
    };
    use crate::model::snapshot::Sample;

    /// A counter of 0 for each that some rule needs.
    fn with_counters(sample: &mut Sample) {
        for need in RULES.iter().flat_map(|rule| rule.needs) {
            if let Need::Counter(name) = need {
                sample.counter(name, 0);
            }
        }
    }

    #[test]
    fn an_idle_host_and_an_empty_table_say_nothing() {
        let mut idle = snapshot();
        idle.now.conntrack = Some((0, 262_144));
        with_counters(&mut idle.now);
        idle.before.iter_mut().for_each(with_counters);
        for &rule in RULES {
            assert_eq!(severities(rule, &idle), [], "{}", rule.name);
        }
    }
}
