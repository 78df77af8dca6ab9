//! `events`, `list -E` and `ss -E` report real sockets as they end.
//!
//! Each test runs in its own process and namespaces (`lab`); if the kernel refuses those it is reported as ignored.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "test code; clippy knows it by #[test], which a harness of its own does not have"
)]

use std::process::ExitCode;

#[path = "events/beside.rs"]
mod beside;
#[path = "events/closing.rs"]
mod closing;
#[path = "events/follower.rs"]
mod follower;
#[path = "events/joined.rs"]
mod joined;
#[path = "lab/mod.rs"]
mod lab;
#[path = "events/losses.rs"]
mod losses;
#[path = "events/refused.rs"]
mod refused;

const TESTS: &[lab::harness::Test] = lab::harness::tests! {
    closing:
        a_fin_of_either_side_is_a_close_and_counts_the_bytes
        a_reset_is_reported_where_the_figures_prove_it
        an_abort_has_no_counters_and_is_a_reset
        a_half_close_is_a_close
        what_was_never_acknowledged_is_unfinished
        an_attempt_that_was_refused_is_distinguished_from_one_without_an_answer
        unused_sockets_listeners_and_udp_end_too;
    joined:
        a_dump_names_owner_peer_and_age
        a_socket_whose_end_is_read_late_is_not_called_young
        a_listener_names_the_server_of_short_connections
        a_filter_tests_the_row_of_the_event
        sums_by_key_end_with_the_run
        another_namespace_is_followed_by_its_name
        a_line_comes_at_once_and_c_ends_it;
    losses:
        twenty_thousand_connections_are_reported_or_counted_as_lost
        an_ordinary_user_gets_the_same
        many_living_sockets_do_not_grow_the_memory
        a_closed_pipe_is_a_normal_end;
    beside:
        ss_prints_the_same_bytes
        list_has_its_own_columns_and_formats;
    refused:
        what_cannot_be_followed_is_said_before_anything_is_done;
};

fn main() -> ExitCode {
    lab::harness::main(TESTS, Vec::new(), lab::harness::Closed::Ignores)
}
