//! One file per rule, and the list of all proofs.

pub(crate) mod helpers;
pub(crate) mod incidents;
pub(crate) mod myths;
pub(crate) mod quiet;
pub(crate) mod relations;
pub(crate) mod table;

mod accept_queue_full;
mod accept_queue_high;
mod backlog_small;
mod bad_sysctl;
mod bound_inactive;
mod close_wait_leak;
mod close_wait_many;
mod close_wait_unaccepted;
mod close_wait_unread;
mod closed_at_once;
mod closed_fd_leak;
mod connects_refused;
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
mod program_hung;
mod queues_many;
mod rcv_prune;
mod relay_waits;
mod reset_unread;
mod reuseport_imbalance;
mod slow_reader;
mod sndbuf_limited;
mod somaxconn_clamp;
mod states_many;
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
mod unread_requests;

use crate::lab::proof::Proof;

/// All proofs, in the order of the catalogue; a rule may have several.
pub(crate) const PROOFS: &[&Proof] = &[
    &close_wait_leak::PROOF,
    &close_wait_leak::OLD,
    &close_wait_leak::AT_DEFAULTS,
    &close_wait_many::PROOF,
    &close_wait_unread::PROOF,
    &close_wait_unread::ENDED,
    &close_wait_unread::GROWING,
    &close_wait_unread::AT_DEFAULTS,
    &close_wait_unaccepted::PROOF,
    &half_close::PROOF,
    &relay_waits::PROOF,
    &relay_waits::AT_DEFAULTS,
    &closed_fd_leak::PROOF,
    &closed_fd_leak::REFUSED,
    &fd_near_limit::PROOF,
    &fd_near_limit::LEAK,
    &fd_near_limit::GROWS,
    &fd_near_limit::FILES,
    &file_table_near_limit::PROOF,
    &accept_queue_full::PROOF,
    &accept_queue_full::DESCRIPTORS,
    &accept_queue_full::INHERITED,
    &accept_queue_high::PROOF,
    &accept_queue_high::SLOW_CLIENTS,
    &listen_drops::PROOF,
    &backlog_small::PROOF,
    &backlog_small::BURSTS,
    &somaxconn_clamp::PROOF,
    &reuseport_imbalance::PROOF,
    &reuseport_imbalance::MIGRATED,
    &syn_recv_pileup::PROOF,
    &syn_recv_pileup::NO_ROOM,
    &syn_recv_pileup::FLOOD,
    &syncookies_active::PROOF,
    &syn_drop_no_cookies::PROOF,
    &syn_drop_no_cookies::RESERVED,
    &syn_sent_stuck::PROOF,
    &syn_sent_stuck::HERE,
    &syn_sent_stuck::ANSWER_LOST,
    &syn_sent_stuck::FILTERED,
    &syn_sent_stuck::RETRIES,
    &syn_sent_stuck::NO_HOST,
    &syn_sent_stuck::NO_GATEWAY,
    &port_exhaustion::PROOF,
    &port_exhaustion::CHURN,
    &port_exhaustion::REUSE,
    &port_exhaustion::PEER_WITHOUT,
    &port_exhaustion::TIME_LEFT,
    &port_exhaustion::ONE_SAMPLE,
    &port_range_pressure::PROOF,
    &port_range_pressure::SHARED,
    &bound_inactive::PROOF,
    &time_wait_client::PROOF,
    &time_wait_client::REUSE,
    &time_wait_client::TAKEN_OVER,
    &time_wait_server::PROOF,
    &tw_bucket_limit::PROOF,
    &tw_reuse_blocked::PROOF,
    &tw_reuse_blocked::OFF,
    &tw_reuse_blocked::TIMESTAMPS,
    &fin_wait1_orphans::PROOF,
    &fin_wait1_orphans::GIVES_UP,
    &fin_wait1_orphans::CLOSED_WINDOWS,
    &fin_wait1_orphans::NEAR_LIMIT,
    &orphans_near_limit::PROOF,
    &fin_wait2_peer::PROOF,
    &fin_wait2_peer::TWO_HALVES,
    &fin_wait2_peer::AT_DEFAULTS,
    &fin_wait2_held::PROOF,
    &last_ack_stuck::PROOF,
    &last_ack_stuck::GIVES_UP,
    &last_ack_stuck::CLOSING,
    &states_many::PROOF,
    &states_many::PORTS,
    &peer_zero_window::PROOF,
    &peer_zero_window::CLIENTS,
    &path_dead::PROOF,
    &path_dead::HERE,
    &path_dead::KEPT,
    &path_dead::FORGOTTEN,
    &path_dead::LARGE,
    &path_dead::AT_DEFAULTS,
    &loss_high::PROOF,
    &loss_high::OVERTAKEN,
    &program_hung::PROOF,
    &program_hung::NOT_ACCEPTED,
    &program_hung::OWN_LISTENERS,
    &program_hung::INHERITED,
    &program_hung::TRACED,
    &program_hung::FROZEN,
    &program_hung::FROZEN_V1,
    &program_hung::BUSY,
    &program_hung::POOLED,
    &program_hung::OUTPUT,
    &program_hung::SENDS,
    &program_hung::THROTTLED,
    &program_hung::UNIX,
    &program_hung::WAITS,
    &slow_reader::PROOF,
    &slow_reader::OUTPUT,
    &slow_reader::AT_DEFAULTS,
    &unread_requests::PROOF,
    &unread_requests::PROVEN,
    &unread_requests::SOME,
    &unread_requests::UNIX,
    &queues_many::PROOF,
    &queues_many::WINDOW,
    &unaccepted_established::PROOF,
    &unaccepted_established::FOR_A_WHILE,
    &unaccepted_established::FILES,
    &closed_at_once::PROOF,
    &connects_refused::PROOF,
    &connects_refused::LEFT,
    &sndbuf_limited::PROOF,
    &sndbuf_limited::TUNED,
    &sndbuf_limited::AT_DEFAULTS,
    &idle_no_keepalive::PROOF,
    &keepalive_failing::PROOF,
    &tcp_memory::PROOF,
    &tcp_memory::PRESSURE,
    &rcv_prune::PROOF,
    &udp_drops::PROOF,
    &udp_drops::MEMORY,
    &unix_backlog_full::PROOF,
    &unix_backlog_full::CAPPED,
    &unix_backlog_full::DATAGRAMS,
    &unix_backlog_full::NOT_READ,
    &unix_backlog_full::WAITING,
    &conntrack_near_limit::PROOF,
    &reset_unread::PROOF,
    &linger_zero::PROOF,
    &bad_sysctl::PROOF,
    &listener_in_port_range::PROOF,
];
