//! `reach`: each way in which an attempt to connect ends, made with real hosts, routers and firewalls, and what it sends.
//!
//! Each test runs in its own process and namespaces (`lab`); if the kernel refuses those it is reported as ignored.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "test code; clippy knows it by #[test], which a harness of its own does not have"
)]

use std::process::ExitCode;

#[path = "reach/firewall.rs"]
mod firewall;
#[path = "reach/here.rs"]
mod here;
#[path = "lab/mod.rs"]
mod lab;
#[path = "reach/names.rs"]
mod names;
#[path = "reach/network.rs"]
mod network;
#[path = "reach/tap.rs"]
mod tap;
#[path = "reach/tried.rs"]
mod tried;

const TESTS: &[lab::harness::Test] = lab::harness::tests! {
    network:
        an_address_that_listens_is_reached_with_one_connection_and_no_data
        a_silent_address_gets_syns_alone
        a_host_without_a_listener_refuses
        a_service_that_hangs_up_is_not_reached
        a_host_that_is_not_there_is_not_resolved
        a_router_is_named_by_its_icmp_error
        a_missing_route_is_named_before_anything_is_sent
        an_address_of_a_link_is_shown_with_its_interface
        the_network_namespace_is_chosen;
    here:
        a_port_without_a_listener_is_distinguished_from_one_on_another_address
        a_full_accept_queue_is_named_with_its_program
        ports_that_run_out_are_counted
        a_process_without_descriptors_says_so
        a_forbidden_call_is_no_missing_route
        what_cannot_be_done_is_refused_with_a_reason;
    firewall:
        a_router_that_rejects_is_named_with_each_type
        a_firewall_of_this_host_is_distinguished
        a_firewall_there_that_drops_is_no_answer;
    names:
        a_name_is_looked_up_in_the_file_and_with_the_servers
        the_timeout_bounds_all_servers_together
        a_server_behind_a_silent_one_is_asked_and_then_first
        a_name_that_is_not_there_says_who_says_so;
};

fn main() -> ExitCode {
    lab::harness::main(TESTS, Vec::new(), lab::harness::Closed::Ignores)
}
