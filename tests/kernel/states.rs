//! Every state that the lab can make is counted by sockdoc as it was made, and as `ss` and `/proc/net` count it.

use crate::lab::agreement::{everybody_counts, sockdoc_counts};
use crate::lab::counts::{Counts, Inet};
use crate::lab::makers::{self, Hangup, Held, Unread};
use crate::lab::sockets::Family;
use crate::lab::{mass, program};

/// Makes the same in every family, and has everybody count the whole.
fn counted(make: impl Fn(Family) -> Held) {
    counted_in(&Family::ALL, make);
}

fn counted_in(families: &[Family], make: impl Fn(Family) -> Held) {
    let held: Vec<Held> = families.iter().map(|family| make(*family)).collect();
    everybody_counts(&sum(&held));
}

pub(crate) fn sum(held: &[Held]) -> Counts {
    let mut made = Counts::default();
    for held in held {
        made += &held.made;
    }
    made
}

pub(crate) fn an_empty_namespace_counts_nothing() {
    everybody_counts(&Counts::default());
}

pub(crate) fn listen_is_counted() {
    counted(|family| makers::listen(family, 3));
}

pub(crate) fn syn_sent_is_counted() {
    counted(|family| makers::syn_sent(family, 3));
}

pub(crate) fn syn_recv_is_counted() {
    counted(|family| makers::syn_recv(family, 3));
}

pub(crate) fn syn_recv_without_last_ack_is_counted() {
    counted(|family| makers::syn_recv_without_last_ack(family, 3));
}

pub(crate) fn syn_recv_from_nowhere_is_counted() {
    counted_in(&[Family::V4], |family| makers::syn_recv_from_nowhere(family, 500));
}

pub(crate) fn established_is_counted() {
    counted(|family| makers::established(family, 5));
}

pub(crate) fn not_accepted_connections_are_counted() {
    counted(|family| makers::not_accepted(family, 5));
}

pub(crate) fn a_full_accept_queue_is_counted() {
    counted(|family| makers::full_accept_queue(family, 3, 2));
}

pub(crate) fn a_zero_window_is_counted() {
    counted(|family| makers::zero_window(family, 2));
}

pub(crate) fn fin_wait1_is_counted() {
    counted(|family| makers::fin_wait1(family, 3, hangup_of(family)));
}

pub(crate) fn fin_wait1_behind_zero_window_is_counted() {
    counted(|family| makers::fin_wait1_behind_zero_window(family, 2));
}

pub(crate) fn fin_wait2_is_counted() {
    counted(|family| makers::fin_wait2(family, 3, Hangup::Held));
    // The first three of each are orphans by now, of which the kernel keeps the FIN_WAIT2.
    crate::lab::namespace::enter_another().expect("another namespace");
    counted(|family| makers::fin_wait2(family, 3, Hangup::Orphan));
}

pub(crate) fn closing_is_counted() {
    counted(|family| makers::closing(family, 3, hangup_of(family)));
}

pub(crate) fn time_wait_is_counted() {
    // They last a minute, in which a busy machine may not have counted those of all families.
    for family in Family::ALL {
        counted_in(&[family], |family| makers::time_wait(family, 50));
        crate::lab::namespace::enter_another().expect("another namespace");
    }
}

pub(crate) fn close_wait_that_read_everything_is_counted() {
    counted(|family| makers::close_wait(family, 4, Unread::Nothing));
}

pub(crate) fn close_wait_that_read_nothing_is_counted() {
    counted(|family| makers::close_wait(family, 4, Unread::Bytes(100)));
}

pub(crate) fn close_wait_that_nobody_accepted_is_counted() {
    counted(|family| makers::close_wait(family, 4, Unread::NotAccepted));
}

pub(crate) fn last_ack_is_counted() {
    counted(|family| makers::last_ack(family, 3, hangup_of(family)));
}

/// Half of the families with a descriptor, half without.
fn hangup_of(family: Family) -> Hangup {
    match family {
        Family::V4 | Family::V6 => Hangup::Held,
        Family::Dual | Family::Mapped => Hangup::Orphan,
    }
}

pub(crate) fn all_states_together_are_counted() {
    let (_held, made) = makers::every_state(&Family::ALL, &Family::ALL);
    everybody_counts(&made);
}

pub(crate) fn sockets_without_a_descriptor_are_distinguished() {
    let _held = [
        makers::established(Family::V4, 3),
        makers::not_accepted(Family::Dual, 4),
        makers::close_wait(Family::V4, 5, Unread::Nothing),
        makers::close_wait(Family::V6, 6, Unread::NotAccepted),
        makers::fin_wait1(Family::V4, 7, Hangup::Orphan),
        makers::fin_wait2(Family::V6, 8, Hangup::Orphan),
        makers::closing(Family::V4, 9, Hangup::Orphan),
        makers::last_ack(Family::Dual, 10, Hangup::Orphan),
        makers::last_ack(Family::V4, 2, Hangup::Held),
    ];
    let overview = program::run(&["--json"]).json();
    for row in overview["states"].as_array().expect("states") {
        let (not_accepted, orphans) = match row["state"].as_str().expect("a name") {
            "ESTABLISHED" => (4, 0),
            "CLOSE_WAIT" => (6, 0),
            "FIN_WAIT1" => (0, 7),
            // Small records: without owner, too.
            "FIN_WAIT2" => (0, 8),
            "CLOSING" => (0, 9),
            "LAST_ACK" => (0, 10),
            _ => (0, 0),
        };
        assert_eq!((&row["not_accepted"], &row["orphans"]), (&not_accepted.into(), &orphans.into()), "{row}");
    }
}

pub(crate) fn ten_thousand_time_wait_are_counted() {
    let mass = mass::time_wait(Inet::V4, 10_000);
    everybody_counts(mass.made());
    assert_eq!(program::run(&["count", "time-wait"]).stdout, "10000\n");
}

pub(crate) fn ten_thousand_of_a_mixture_are_counted() {
    let mass = mass::mixture(10_000).and(mass::time_wait(Inet::V6, 10_000));
    everybody_counts(mass.made());
    sockdoc_counts(mass.made(), program::run_unprivileged);
}
