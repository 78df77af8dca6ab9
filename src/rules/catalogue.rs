//! All rules, in the order of their findings.

use super::rule::Rule;
use crate::model::{finding::Finding, sorted};

/// All rules, in the order of the catalogue.
pub static RULES: &[&Rule] = &[
    &super::close_wait_leak::RULE,
    &super::close_wait_unread::RULE,
    &super::close_wait_unaccepted::RULE,
    &super::close_wait_many::RULE,
    &super::half_close::RULE,
    &super::relay_waits::RULE,
    &super::closed_fd_leak::RULE,
    &super::fd_near_limit::RULE,
    &super::file_table_near_limit::RULE,
    &super::accept_queue_full::RULE,
    &super::accept_queue_high::RULE,
    &super::listen_drops::RULE,
    &super::backlog_small::RULE,
    &super::somaxconn_clamp::RULE,
    &super::reuseport_imbalance::RULE,
    &super::syn_recv_pileup::RULE,
    &super::syncookies_active::RULE,
    &super::syn_drop_no_cookies::RULE,
    &super::syn_sent_stuck::RULE,
    &super::port_exhaustion::RULE,
    &super::port_range_pressure::RULE,
    &super::bound_inactive::RULE,
    &super::time_wait_client::RULE,
    &super::time_wait_server::RULE,
    &super::tw_bucket_limit::RULE,
    &super::tw_reuse_blocked::RULE,
    &super::fin_wait1_orphans::RULE,
    &super::orphans_near_limit::RULE,
    &super::fin_wait2_peer::RULE,
    &super::fin_wait2_held::RULE,
    &super::last_ack_stuck::RULE,
    &super::states_many::RULE,
    &super::peer_zero_window::RULE,
    &super::path_dead::RULE,
    &super::loss_high::RULE,
    &super::program_hung::RULE,
    &super::slow_reader::RULE,
    &super::unread_requests::RULE,
    &super::queues_many::RULE,
    &super::unaccepted_established::RULE,
    &super::closed_at_once::RULE,
    &super::connects_refused::RULE,
    &super::sndbuf_limited::RULE,
    &super::idle_no_keepalive::RULE,
    &super::keepalive_failing::RULE,
    &super::tcp_memory::RULE,
    &super::rcv_prune::RULE,
    &super::udp_drops::RULE,
    &super::unix_backlog_full::RULE,
    &super::conntrack_near_limit::RULE,
    &super::reset_unread::RULE,
    &super::linger_zero::RULE,
    &super::bad_sysctl::RULE,
    &super::listener_in_port_range::RULE,
];

/// A rule by its name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name).copied()
}

/// Worst first; of equal severity the largest first, then in the order of the catalogue (the sort is stable).
pub fn sort(findings: &mut [Finding]) {
    sorted::sort_by_key(findings, |finding| std::cmp::Reverse((finding.severity, finding.weight)));
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            fixture::{severities, snapshot},
            need::Need,
        },
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
