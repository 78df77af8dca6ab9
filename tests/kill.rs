//! `kill`, `list -K` and `ss -K`: the effect on real sockets in every state, on their programs and peers, and sockets
//! left alone.
//!
//! Each test runs in its own process and namespaces (`lab`); if the kernel refuses those it is reported as ignored.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "test code; clippy knows it by #[test], which a harness of its own does not have"
)]

use std::process::ExitCode;

#[path = "kill/address.rs"]
mod address;
#[path = "kill/asked.rs"]
mod asked;
#[path = "filter/generate.rs"]
mod generate;
#[path = "kill/guards.rs"]
mod guards;
#[path = "kill/killed.rs"]
mod killed;
#[path = "lab/mod.rs"]
mod lab;
#[path = "kill/listed.rs"]
mod listed;
#[path = "kill/selected.rs"]
mod selected;
#[path = "kill/states.rs"]
mod states;
#[allow(dead_code, reason = "shared with the tests of the live view, which use all of it")]
#[path = "watch/tty.rs"]
mod tty;

const TESTS: &[lab::harness::Test] = lab::harness::tests! {
    states:
        an_established_connection_is_aborted_here_and_reset_there
        in_close_wait_the_descriptor_stays
        a_held_fin_wait2_is_aborted
        an_attempt_to_connect_fails
        a_connection_that_waits_to_be_accepted_is_reset
        a_listener_stops_listening_and_keeps_its_port
        a_half_open_handshake_goes_and_the_client_does_not_notice
        records_of_closed_connections_go
        orphans_go_where_the_kernel_lets_them
        connected_udp_loses_its_peer_and_its_port
        unconnected_udp_is_never_destroyed;
    address:
        one_of_four_that_share_a_port_is_found
        another_cookie_at_the_same_address_is_left_alone
        an_ipv6_socket_that_speaks_ipv4_is_found
        without_the_right_nothing_is_done;
    guards:
        a_filter_that_takes_everything_is_refused
        more_than_max_is_refused
        what_must_be_named_is_skipped
        the_session_and_remote_access_are_skipped
        an_unknown_owner_is_skipped
        what_cannot_be_acted_on_is_refused
        one_namespace_is_entered_by_name;
    asked:
        a_pipe_gets_a_dry_run_whose_command_acts
        on_a_terminal_the_number_acts_and_nothing_else
        a_line_for_the_audit_goes_to_stderr_and_the_log;
    listed:
        k_needs_yes_in_list_and_in_ss
        the_same_rows_are_gone_as_with_ss
        the_guards_hold_for_k;
    selected:
        list_dry_run_and_kill_select_the_same_sockets;
};

fn main() -> ExitCode {
    lab::harness::main(TESTS, Vec::new(), lab::harness::Closed::Ignores)
}
