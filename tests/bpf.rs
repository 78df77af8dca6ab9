//! `--engine bpf`: the same answers as netlink and `/proc`, and what happens where the kernel refuses.
//!
//! The rights that BPF takes are those of the first user namespace, so each test runs in a process on the machine itself
//! and enters a network namespace from there. Where it has no such rights it is ignored by name.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "test code; clippy knows it by #[test], which a harness of its own does not have"
)]

use std::process::ExitCode;

#[path = "bpf/counts.rs"]
mod counts;
#[path = "bpf/fallback.rs"]
mod fallback;
#[allow(dead_code, reason = "events has more use for it")]
#[path = "events/follower.rs"]
mod follower;
#[path = "bpf/host.rs"]
mod host;
#[path = "lab/mod.rs"]
mod lab;
#[path = "bpf/owners.rs"]
mod owners;
#[path = "bpf/states.rs"]
mod states;

const TESTS: &[lab::harness::Test] = lab::harness::tests! {
    owners:
        every_kind_of_holder_is_found_as_in_proc
        a_first_thread_that_has_ended_and_a_table_apart_are_seen_through
        holders_are_the_same_while_connections_come_and_go
        an_inode_of_another_file_system_is_no_socket
        namespaces_and_descriptors_of_processes_are_as_in_proc;
    counts:
        every_state_and_family_is_counted_as_by_netlink
        what_lasts_is_counted_while_connections_come_and_go
        each_namespace_counts_its_own_sockets;
    states:
        every_step_is_one_of_the_diagram_and_each_is_seen
        failures_name_their_cause
        the_time_to_connect_is_that_of_the_handshake
        one_namespace_is_not_seen_from_another_and_all_are
        twenty_thousand_connections_are_reported_or_counted_as_lost
        a_full_ring_is_reported_where_it_was_full
        filters_sums_and_limits_are_those_of_events
        without_bpf_nothing_is_begun;
    fallback:
        a_user_without_rights_gets_the_same_and_the_reason
        a_container_is_read_from_proc
        a_kernel_without_types_is_read_from_proc
        types_that_lie_are_refused_and_v_tells_what_the_verifier_said
        a_kernel_that_refuses_programs_is_read_from_proc
        netlink_alone_never_loads_a_program;
};

fn main() -> ExitCode {
    lab::harness::main(TESTS, Vec::new(), lab::harness::Closed::Always)
}
