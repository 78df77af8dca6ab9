//! The built binary as a shell sees it: arguments, exit status, streams, locale, terminal, ordinary user.
//!
//! Each test runs in its own process and namespaces (`lab`), so that the host and other tests do not affect it. If the
//! kernel refuses the namespaces, it runs in its own process on the host.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "test code; clippy knows it by #[test], which a harness of its own does not have"
)]

use std::process::ExitCode;

use libtest_mimic::Trial;

#[path = "cli/arguments.rs"]
mod arguments;
#[path = "cli/bpf.rs"]
mod bpf;
#[path = "cli/check.rs"]
mod check;
#[path = "cli/counters.rs"]
mod counters;
#[path = "cli/explain.rs"]
mod explain;
#[path = "cli/files.rs"]
mod files;
#[path = "lab/mod.rs"]
mod lab;
#[path = "cli/limits.rs"]
mod limits;
#[path = "cli/list.rs"]
mod list;
#[path = "cli/locale.rs"]
mod locale;
#[path = "cli/metrics.rs"]
mod metrics;
#[path = "cli/program.rs"]
mod program;
#[path = "cli/readers.rs"]
mod readers;
#[path = "cli/streams.rs"]
mod streams;
#[path = "cli/surroundings.rs"]
mod surroundings;
#[path = "cli/terminal.rs"]
mod terminal;
#[path = "cli/waiting.rs"]
mod waiting;

const TESTS: &[lab::harness::Test] = lab::harness::tests! {
    arguments:
        a_wrong_command_line_is_refused_by_name_with_a_way_out
        the_same_in_chinese_by_option_and_by_locale
        a_format_that_a_command_lacks_is_refused_with_those_that_it_has
        chinese_errors_have_chinese_punctuation
        options_of_netstat_and_ss_do_what_is_meant_or_say_what_to_type
        states_and_keys_have_chinese_names
        an_argument_that_is_no_text_is_refused
        what_an_argument_holds_cannot_reach_the_terminal_as_it_is
        help_is_given_by_every_way_of_asking
        help_outweighs_what_is_missing
        the_version_is_that_of_the_package
        count_prints_exactly_one_integer
        count_of_a_listener_of_ours_is_not_zero
        count_as_json_is_one_object
        the_groups_of_one_answer_add_up
        groups_as_csv_have_a_heading_and_numbers
        the_overview_as_json_holds_every_state
        completions_are_printed_for_every_shell
        the_man_page_is_printed_in_each_language
        the_last_of_an_option_given_twice_counts
        states_behind_two_dashes_are_states
        an_error_in_a_filter_file_is_placed_and_nothing_of_the_file_is_repeated;
    waiting:
        a_port_that_begins_to_listen_ends_the_wait
        a_leak_that_drains_ends_the_wait
        a_terminal_shows_what_is_waited_for
        what_could_not_be_read_is_said_once
        a_goal_that_always_holds_ends_at_once
        a_goal_that_is_none_is_refused;
    counters:
        a_counter_is_found_by_any_of_its_names
        a_part_of_names_finds_all_of_them
        a_group_is_found_by_its_name_and_zeros_are_hidden
        a_wrong_counter_is_refused_by_name_with_a_way_out;
    metrics:
        a_wrong_command_for_metrics_is_refused_by_name
        the_dashboard_is_what_grafana_imports
        figures_are_the_same_in_every_language_and_alerts_are_not;
    list:
        words_are_chosen_and_a_pipe_gets_the_tokens_of_ss
        a_column_has_the_names_that_people_try
        columns_are_the_same_in_csv_and_json
        a_filter_takes_the_words_of_other_programs
        a_wrong_filter_names_what_is_valid
        a_map_that_is_not_there_is_named
        the_port_of_a_netlink_socket_is_that_of_a_program_unless_numbers_are_asked_for
        what_a_text_does_not_say_is_an_empty_field_of_csv
        names_in_csv_are_text_and_no_formulas
        the_name_of_a_namespace_is_escaped_once;
    streams:
        a_closed_stdout_is_an_error
        a_closed_stdout_is_an_error_in_chinese_too
        a_full_disk_is_an_error
        a_reader_that_leaves_early_is_a_normal_end
        a_reader_that_never_was_is_a_normal_end
        a_closed_stderr_changes_nothing
        a_closed_stdin_changes_nothing
        everything_closed_is_still_an_error
        nothing_is_said_on_stderr_of_an_ordinary_run
        output_to_a_file_has_no_colors_and_80_columns
        colors_are_used_in_a_pipe_where_they_are_asked_for
        colors_never_reach_documents;
    locale:
        the_first_variable_that_is_set_chooses_the_language
        a_locale_that_is_not_utf8_gets_nothing_but_ascii_from_every_command
        errors_in_such_a_locale_are_ascii_too
        the_option_outweighs_every_variable
        a_utf8_locale_gets_signs_that_ascii_has_not
        documents_are_the_same_in_every_language;
    terminal:
        a_terminal_gets_colors_and_lines_that_fit
        help_on_a_terminal_fits_and_is_colored
        colors_can_be_read_on_light_and_dark_ground
        a_terminal_that_takes_no_colors_gets_none
        an_empty_no_color_is_none
        the_option_outweighs_the_terminal
        a_terminal_without_a_size_has_80_columns_or_what_columns_says
        a_listener_of_ours_is_on_the_screen
        a_text_longer_than_the_screen_goes_through_the_pager
        a_topic_on_a_terminal_is_laid_out_and_colored;
    files:
        a_file_that_is_there_stays_unless_it_is_to_be_replaced
        a_full_disk_leaves_nothing_and_keeps_what_was_there
        a_fifo_without_another_end_is_an_error
        a_fifo_with_another_end_is_waited_for
        a_name_without_letters_is_refused
        a_configuration_that_anyone_may_write_is_refused;
    limits:
        without_a_further_thread_every_command_sees_the_same
        without_a_further_thread_another_namespace_is_refused_in_words
        a_file_that_may_not_grow_is_an_error_and_not_left_behind
        output_that_may_not_grow_is_an_error;
    readers:
        groff_accepts_the_man_pages
        bash_accepts_its_completions
        zsh_accepts_its_completions
        fish_accepts_its_completions;
    surroundings:
        without_proc_netlink_still_counts
        without_proc_the_overview_says_what_it_could_not_see
        a_proc_that_is_not_there_is_reported
        an_empty_proc_root_is_the_usual_one
        an_ordinary_user_gets_everything
        an_ordinary_user_is_refused_like_everybody;
    check:
        a_wrong_check_is_refused_by_name_with_a_way_out
        a_broken_configuration_names_file_line_and_key
        the_configuration_of_the_user_is_found_and_outweighed_by_the_command_line
        a_leak_is_found_and_decides_the_exit_status
        a_monitor_gets_one_line_and_3_for_every_failure
        the_script_is_one_that_a_shell_understands
        a_topic_is_found_in_any_spelling_and_printed_as_markdown
        the_verdict_is_the_end_of_the_overview;
    explain:
        without_a_topic_there_is_a_table_of_contents
        figures_are_read_only_where_they_are_shown
        sockets_tell_their_story
        a_wrong_word_is_answered_with_topics_and_a_wrong_filter_with_its_place;
};

fn main() -> ExitCode {
    let bpf = bpf::what_chosen_maps_keep_is_shown_and_other_maps_are_refused;
    let foreign = files::what_another_user_put_there_is_left_alone;
    let outside = vec![
        Trial::ignorable_test("bpf: what chosen maps keep is shown and other maps are refused", bpf),
        Trial::ignorable_test("files: what another user put there is left alone", foreign),
    ];
    lab::harness::main(TESTS, outside, lab::harness::Closed::Runs)
}
