//! `watch` and the flight recorder: their output and recordings of real sockets, sample after sample.
//!
//! Each test runs in its own process and namespaces (`lab`); if the kernel refuses those it is reported as ignored.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "test code; clippy knows it by #[test], which a harness of its own does not have"
)]

use std::process::ExitCode;

#[path = "watch/flight.rs"]
mod flight;
#[path = "lab/mod.rs"]
mod lab;
#[path = "watch/lines.rs"]
mod lines;
#[path = "watch/screen.rs"]
mod screen;
#[path = "watch/tty.rs"]
mod tty;

const TESTS: &[lab::harness::Test] = lab::harness::tests! {
    lines:
        a_leak_is_new_within_two_samples_and_gone_after_the_fix
        rates_are_the_rises_of_the_counters
        a_line_for_each_sample_and_the_status_of_check
        the_habit_of_netstat_leads_to_it
        a_filter_chooses_what_the_states_count
        an_expensive_sample_stretches_the_interval
        a_recording_is_played_in_lines;
    screen:
        every_key_does_what_the_help_says
        a_leak_comes_and_goes_on_the_screen
        the_terminal_is_whole_after_every_signal
        keys_and_frames_may_come_in_parts
        a_terminal_that_is_not_read_is_whole_when_it_is_read_again
        it_stops_and_goes_on
        a_closed_terminal_is_a_quiet_end
        sizes_may_change_at_any_time
        a_quiet_frame_costs_few_bytes
        a_terminal_that_takes_no_screen_gets_lines
        a_recording_is_played_and_stepped
        a_panic_leaves_the_terminal_whole;
    flight:
        faults_at_any_time_are_recorded_with_what_was_before_and_after
        a_recording_serves_every_command_and_is_listed
        what_is_there_at_first_is_recorded_once_and_what_flaps_is_not_again
        bounds_are_kept_and_only_its_own_recordings_go
        a_kill_leaves_nothing_half_and_it_goes_on_after
        a_folder_that_takes_nothing_is_reported_and_survived
        each_problem_has_a_later_recording
        a_full_disk_is_told_and_survived
        a_clock_that_was_set_back_gives_another_name
        memory_is_bounded;
};

fn main() -> ExitCode {
    screen::panic_if_asked();
    lab::harness::main(TESTS, Vec::new(), lab::harness::Closed::Ignores)
}
