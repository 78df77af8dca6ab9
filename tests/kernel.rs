//! sockdoc against the real kernel: every state, made for real, counted by everybody.
//!
//! Each test runs in its own process and network namespace (`lab`). If the kernel refuses the namespace, the tests are
//! reported as ignored; with `SOCKDOC_REQUIRE_LAB=1` that is a failure.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "test code; clippy knows it by #[test], which a harness of its own does not have"
)]

use std::process::ExitCode;

#[path = "kernel/conditions.rs"]
mod conditions;
#[path = "kernel/confined.rs"]
mod confined;
#[path = "kernel/counters.rs"]
mod counters;
#[path = "kernel/endpoint.rs"]
mod endpoint;
#[path = "kernel/entries.rs"]
mod entries;
#[path = "filter/generate.rs"]
mod generate;
#[path = "kernel/groups.rs"]
mod groups;
#[path = "lab/mod.rs"]
mod lab;
#[path = "replay/listed.rs"]
mod listed;
#[path = "kernel/makers.rs"]
mod makers;
#[path = "kernel/metrics.rs"]
mod metrics;
#[path = "kernel/namespaces.rs"]
mod namespaces;
#[path = "kernel/owners.rs"]
mod owners;
#[path = "kernel/parity.rs"]
mod parity;
#[path = "kernel/protocols.rs"]
mod protocols;
#[path = "kernel/recording.rs"]
mod recording;
#[path = "kernel/snapshot.rs"]
mod snapshot;
#[path = "kernel/states.rs"]
mod states;

use parity::{filters as parity_filters, options as parity_options, owners as parity_owners};

const TESTS: &[lab::harness::Test] = lab::harness::tests! {
    makers:
        a_namespace_begins_empty
        makers_reach_their_state_listen
        makers_reach_their_state_syn_sent
        makers_reach_their_state_syn_recv
        makers_reach_their_state_syn_recv_without_last_ack
        makers_reach_their_state_syn_recv_from_nowhere
        makers_reach_their_state_established
        makers_reach_their_state_not_accepted
        makers_reach_their_state_full_accept_queue
        makers_reach_their_state_zero_window
        makers_reach_their_state_fin_wait1
        makers_reach_their_state_fin_wait1_behind_zero_window
        makers_reach_their_state_fin_wait2
        makers_reach_their_state_closing
        makers_reach_their_state_time_wait
        makers_reach_their_state_close_wait
        makers_reach_their_state_last_ack
        makers_reach_their_state_bound_inactive
        makers_reach_their_state_by_the_ten_thousand
        sockets_go_when_their_guard_is_dropped
        nothing_outlives_a_dropped_holder
        a_process_that_takes_too_long_is_killed;
    states:
        an_empty_namespace_counts_nothing
        listen_is_counted
        syn_sent_is_counted
        syn_recv_is_counted
        syn_recv_without_last_ack_is_counted
        syn_recv_from_nowhere_is_counted
        established_is_counted
        not_accepted_connections_are_counted
        a_full_accept_queue_is_counted
        a_zero_window_is_counted
        fin_wait1_is_counted
        fin_wait1_behind_zero_window_is_counted
        fin_wait2_is_counted
        closing_is_counted
        time_wait_is_counted
        close_wait_that_read_everything_is_counted
        close_wait_that_read_nothing_is_counted
        close_wait_that_nobody_accepted_is_counted
        last_ack_is_counted
        all_states_together_are_counted
        sockets_without_a_descriptor_are_distinguished
        ten_thousand_time_wait_are_counted
        ten_thousand_of_a_mixture_are_counted;
    counters:
        every_counter_is_that_of_nstat
        every_counter_of_nstats_json_is_read_back
        every_counter_is_that_of_netstat
        a_rise_is_shown_with_its_rate_and_what_did_not_rise_is_not
        a_recording_gives_the_counters_of_its_host
        counters_of_another_namespace_are_its_own;
    metrics:
        states_and_queues_are_those_of_the_sockets
        rates_and_ports_are_those_of_the_connections
        what_was_not_checked_is_reported_and_never_0
        a_leak_is_an_incident_and_a_finding
        a_file_is_replaced_whole_and_kept_when_the_run_fails
        namespaces_are_distinguished_by_a_label
        ten_thousand_listeners_make_no_more_series_than_fifty
        a_recording_gives_the_figures_of_its_host;
    endpoint:
        the_endpoint_answers_what_a_scraper_asks
        one_sample_serves_all_who_ask_within_the_interval
        hundreds_of_hostile_clients_are_in_no_ones_way
        a_thousand_scrapes_leave_nothing_behind
        the_process_that_hears_strangers_can_do_little
        a_signal_ends_the_endpoint_and_its_socket
        systemd_hands_its_socket_over
        an_endpoint_that_can_read_no_sockets_says_so_in_its_figures
        addresses_are_refused_in_words_and_strangers_warned_of;
    confined:
        a_confined_process_can_do_nothing_but_its_work
        a_file_of_strangers_is_read_by_a_confined_process
        files_that_the_command_line_names_are_read_all_the_same
        with_rights_of_its_file_the_environment_is_not_followed;
    protocols:
        bound_inactive_is_counted_only_on_request
        bound_inactive_on_a_kernel_without_them_is_refused
        udp_is_counted
        udp_lite_is_listed_when_it_is_asked_for
        unconnected_udp_is_in_state_close
        raw_is_counted
        unix_is_counted
        the_overview_counts_the_other_protocols;
    groups:
        group_by_local_port
        group_by_local_address
        group_by_peer_and_peer_network
        group_by_service
        group_by_family
        group_by_direction_with_the_kernels_figures
        group_by_direction_of_time_wait_is_inferred_from_listeners
        group_by_timer
        group_by_user
        group_by_two_keys
        group_keeps_the_rest_as_other;
    snapshot:
        a_listener_tells_its_queue_its_limit_and_its_drops
        drops_of_udp_are_known_without_sock_diag
        a_socket_that_ends_between_the_walk_and_its_lookup_is_no_evidence
        the_age_of_a_close_wait_is_known
        time_wait_is_folded_by_who_closed_first
        clients_of_both_families_share_a_route
        a_lookup_tells_what_a_dump_tells
        healthy_connections_in_large_numbers_leave_only_counts
        a_process_near_its_limit_of_descriptors_is_known
        an_interpreter_is_known_by_its_executable
        a_descriptor_whose_socket_is_gone_is_found
        datagrams_that_were_lost_are_reported
        a_unix_listener_tells_its_queue
        the_kernels_own_count_tells_who_connected
        settings_and_figures_are_those_of_this_namespace
        another_namespace_is_seen_from_within;
    recording:
        listeners_come_back
        close_wait_comes_back
        close_wait_with_unread_bytes_comes_back
        time_wait_comes_back
        time_wait_at_a_server_comes_back
        a_full_accept_queue_comes_back
        handshakes_come_back
        closing_states_come_back
        a_zero_window_comes_back
        connections_and_bound_sockets_come_back
        a_redacted_recording_holds_no_secret
        a_redacted_copy_tells_what_the_recording_told
        what_ss_prints_comes_back_as_the_kernel_told_it
        a_disk_that_fills_up_leaves_nothing_that_looks_whole
        who_interrupts_a_recording_keeps_it_and_who_kills_it_leaves_nothing
        what_changed_is_reported;
    entries:
        a_listener_and_a_connection_are_as_ss_tells
        the_one_walk_gives_both_families_and_a_family_only_its_own
        the_kernel_runs_the_program_it_is_given
        time_wait_and_bound_sockets_have_their_states
        udp_sockets_are_as_ss_tells
        unix_sockets_have_their_peers_names_and_waiting_connections
        netlink_sockets_have_their_port_and_groups
        packet_sockets_are_listed_where_they_may_be_made
        mptcp_is_listed_where_the_kernel_has_it
        what_the_kernel_lacks_is_reported;
    owners:
        sockets_of_every_kind_are_found_with_their_process
        a_socket_shared_with_a_child_has_two_holders
        a_kept_holder_that_passed_its_socket_on_is_not_shown_again
        each_thread_is_a_holder
        only_processes_in_the_namespaces_asked_for_are_looked_at
        many_descriptors_of_one_process_are_all_found_once
        both_ways_of_searching_find_the_same
        processes_that_come_and_go_disturb_nothing
        the_id_of_a_cgroup_is_the_inode_of_its_directory
        a_root_that_is_no_proc_is_an_error_or_empty;
    conditions:
        an_unprivileged_program_has_no_privilege
        an_unprivileged_run_counts_the_same
        counts_hold_in_the_face_of_churn
        a_terminal_of_80_columns_gets_lines_that_fit
        a_terminal_of_200_columns_gets_lines_that_fit
        a_terminal_gets_the_counts_that_were_made;
    namespaces:
        processes_that_are_hidden_are_a_gap_and_no_error
        a_container_is_listed_from_outside
        a_container_lists_itself
        namespaces_are_called_by_their_names
        a_namespace_whose_name_is_no_text_is_reported_as_not_read
        an_unknown_namespace_is_named
        an_ordinary_user_is_reported_which_namespaces_were_left_out
        holders_that_come_and_go_disturb_no_listing;
    parity_options:
        the_default_all_and_listening_are_those_of_ss
        protocols_and_ip_versions_are_those_of_ss
        an_exclamation_mark_takes_a_table_away
        unix_sockets_are_those_of_ss
        unix_names_and_peers_are_those_of_ss
        netlink_sockets_are_those_of_ss
        packet_sockets_are_those_of_ss
        timers_are_those_of_ss
        extended_fields_are_those_of_ss
        memory_is_that_of_ss
        tcp_info_is_that_of_ss
        tos_cgroup_and_socket_options_are_those_of_ss
        everything_at_once_is_that_of_ss
        bpf_filters_are_asked_for_as_with_ss
        json_has_the_columns_of_ss
        a_summary_counts_what_is_there
        without_a_heading_and_on_one_line
        a_listing_without_queues
        a_dump_is_read_by_both
        a_namespace_is_entered_by_process_and_by_path
        what_destroys_needs_yes
        the_options_of_ss_need_no_subcommand
        an_unknown_option_is_refused
        bound_inactive_sockets_are_listed_alone;
    parity_filters:
        state_words_choose_as_with_ss
        ports_choose_as_with_ss
        addresses_choose_as_with_ss
        words_between_conditions_are_those_of_ss
        interfaces_marks_and_cgroups_choose_as_with_ss
        autobound_chooses_as_with_ss
        udp_is_chosen_as_with_ss
        a_filter_file_chooses_as_with_ss
        or_binds_looser_than_and_and_a_mixture_is_reported
        the_kernel_and_user_space_agree_on_live_sockets
        list_chooses_what_user_space_alone_would;
    parity_owners:
        processes_and_threads_are_those_of_ss
        a_process_whose_first_thread_has_ended_is_found_as_with_threads_of_ss
        the_descriptors_of_a_thread_with_its_own_table_are_found_as_with_threads_of_ss
        a_socket_that_several_processes_share_shows_them_all
        a_socket_nobody_holds_says_why
        groups_by_owner_count_every_socket
        an_unprivileged_listing_ends_well
        a_listing_with_owners_bears_processes_that_come_and_go;
};

fn main() -> ExitCode {
    lab::harness::main(TESTS, vec![], lab::harness::Closed::Ignores)
}
