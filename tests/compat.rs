//! The program linked as another one, beside that one on the same sockets: the same bytes.
//!
//! Each test runs in its own process and network namespace (`lab`). If the other program is missing, or the kernel
//! refuses the namespace, the tests are reported as ignored; with `SOCKDOC_REQUIRE_LAB=1` that is a failure.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "test code; clippy knows it by #[test], which a harness of its own does not have"
)]

use std::process::ExitCode;

#[path = "compat/beside.rs"]
mod beside;
#[path = "lab/mod.rs"]
mod lab;
#[path = "compat/netstat.rs"]
mod netstat;
#[path = "compat/random.rs"]
mod random;
#[path = "kernel/parity/rows.rs"]
#[allow(dead_code, reason = "its sockets alone are used here")]
mod rows;
#[path = "compat/ss.rs"]
mod ss;

const TESTS: &[lab::harness::Test] = lab::harness::tests! {
    ss:
        ss_tables_are_the_same
        ss_details_are_the_same
        ss_random_options_and_filters_give_the_same
        ss_on_a_terminal_is_the_same
        ss_in_pipelines_gives_the_same
        ss_is_read_by_jc_as_the_original
        ss_tables_that_are_written_in_parts_are_the_same
        ss_text_is_read_back_whole
        ss_summary_is_the_same
        ss_filter_cases_of_iproute2_hold
        ss_dumps_are_the_same
        ss_ends_with_the_same_status
        ss_is_a_command_and_what_list_prints_with_compat
        ss_differs_where_the_table_says;
    netstat:
        netstat_sockets_are_the_same
        netstat_other_tables_are_the_same
        netstat_random_options_give_the_same
        netstat_in_pipelines_gives_the_same
        netstat_is_read_by_jc_as_the_original
        netstat_text_is_read_back_whole
        netstat_ends_with_the_same_status
        netstat_repeats_until_it_is_interrupted
        netstat_of_another_user_shows_what_he_may_see
        netstat_differs_where_the_table_says;
};

fn main() -> ExitCode {
    lab::harness::main(TESTS, vec![], lab::harness::Closed::Ignores)
}
