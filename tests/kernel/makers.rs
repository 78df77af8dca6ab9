//! The makers make what they say: judged by the kernel's own files and by `ss`, without sockdoc.

use std::process::{Command, Stdio};
use std::time::Duration;

use crate::lab::agreement::kernel_shows;
use crate::lab::counts::{Counts, Inet, State};
use crate::lab::holder::{Holder, Holding};
use crate::lab::makers::{self, Hangup, Held, Unread};
use crate::lab::proc_net::{self, Row};
use crate::lab::sockets::{self, Family};
use crate::lab::{harness, mass, namespace};

/// Makes the same in every family, looks at the whole, and returns the rows of one state.
fn in_families(families: &[Family], state: State, make: impl Fn(Family) -> Held) -> Vec<Row> {
    let mut made = Counts::default();
    let held: Vec<Held> = families.iter().map(|family| make(*family)).collect();
    for held in &held {
        made += &held.made;
    }
    kernel_shows(&made);
    let rows = proc_net::tcp_in(state);
    assert_eq!(rows.len(), made.state(state));
    rows
}

fn in_all_families(state: State, make: impl Fn(Family) -> Held) -> Vec<Row> {
    in_families(&Family::ALL, state, make)
}

fn all(rows: &[Row], what: &str, holds: impl Fn(&Row) -> bool) {
    for row in rows {
        assert!(holds(row), "{what}: {row:?}");
    }
}

pub(crate) fn a_namespace_begins_empty() {
    kernel_shows(&Counts::default());
    for table in ["udp", "udp6", "raw", "raw6", "unix"] {
        assert_eq!(proc_net::lines(table), Vec::<String>::new(), "{table}");
    }
}

pub(crate) fn makers_reach_their_state_listen() {
    let rows = in_all_families(State::Listen, |family| makers::listen(family, 3));
    all(&rows, "held, nobody waiting", |row| row.inode != 0 && row.rx == 0);
}

pub(crate) fn makers_reach_their_state_syn_sent() {
    let rows = in_all_families(State::SynSent, |family| makers::syn_sent(family, 3));
    all(&rows, "an unacknowledged SYN", |row| row.tx == 1 && row.timer == 1);
}

pub(crate) fn makers_reach_their_state_syn_recv() {
    let rows = in_all_families(State::SynRecv, |family| makers::syn_recv(family, 3));
    all(&rows, "a request sock", |row| row.inode == 0 && row.timer == 1);
}

pub(crate) fn makers_reach_their_state_syn_recv_without_last_ack() {
    let rows = in_all_families(State::SynRecv, |family| makers::syn_recv_without_last_ack(family, 3));
    all(&rows, "a request sock", |row| row.inode == 0 && row.timer == 1);
}

pub(crate) fn makers_reach_their_state_syn_recv_from_nowhere() {
    for family in [Family::V4, Family::Dual] {
        let rows = in_families(&[family], State::SynRecv, |family| makers::syn_recv_from_nowhere(family, 300));
        all(&rows, "the listener's family", |row| row.inet == family.server());
        namespace::enter_another().expect("another namespace");
    }
}

pub(crate) fn makers_reach_their_state_established() {
    let rows = in_all_families(State::Established, |family| makers::established(family, 5));
    all(&rows, "held and idle", |row| row.inode != 0 && row.rx == 0 && row.tx == 0);
}

pub(crate) fn makers_reach_their_state_not_accepted() {
    let rows = in_all_families(State::Established, |family| makers::not_accepted(family, 5));
    let unheld = rows.iter().filter(|row| row.inode == 0).count();
    assert_eq!(unheld, 5 * Family::ALL.len());
    all(&proc_net::tcp_in(State::Listen), "five wait", |row| row.rx == 5);
}

pub(crate) fn makers_reach_their_state_full_accept_queue() {
    in_all_families(State::SynSent, |family| makers::full_accept_queue(family, 3, 2));
    all(&proc_net::tcp_in(State::Listen), "one more than its limit", |row| row.rx == 4);
}

pub(crate) fn makers_reach_their_state_zero_window() {
    let rows = in_all_families(State::Established, |family| makers::zero_window(family, 2));
    let stuffed = rows.iter().filter(|row| row.rx > 0).count();
    let waiting = rows.iter().filter(|row| row.tx > 0).count();
    assert_eq!((stuffed, waiting), (2 * Family::ALL.len(), 2 * Family::ALL.len()));
}

pub(crate) fn makers_reach_their_state_fin_wait1() {
    for hangup in [Hangup::Held, Hangup::Orphan] {
        let rows = in_all_families(State::FinWait1, |family| makers::fin_wait1(family, 3, hangup));
        all(&rows, "only the FIN is unacknowledged", |row| row.tx == 1);
        all(&rows, "a descriptor, or not", |row| (row.inode == 0) == (hangup == Hangup::Orphan));
        namespace::enter_another().expect("another namespace");
    }
}

pub(crate) fn makers_reach_their_state_fin_wait1_behind_zero_window() {
    let rows = in_all_families(State::FinWait1, |family| makers::fin_wait1_behind_zero_window(family, 2));
    all(&rows, "data before the FIN, and no descriptor", |row| row.tx > 1 && row.inode == 0);
}

pub(crate) fn makers_reach_their_state_fin_wait2() {
    for hangup in [Hangup::Held, Hangup::Orphan] {
        let rows = in_all_families(State::FinWait2, |family| makers::fin_wait2(family, 3, hangup));
        let orphan = hangup == Hangup::Orphan;
        all(&rows, "a mini-sock without descriptor, or a full one", |row| (row.inode == 0) == orphan);
        all(&rows, "a mini-sock's timer, or none", |row| row.timer == if orphan { 3 } else { 0 });
        all(&proc_net::tcp_in(State::CloseWait), "the FIN unread", |row| row.rx == 1);
        namespace::enter_another().expect("another namespace");
    }
}

pub(crate) fn makers_reach_their_state_closing() {
    for hangup in [Hangup::Held, Hangup::Orphan] {
        let rows = in_all_families(State::Closing, |family| makers::closing(family, 3, hangup));
        all(&rows, "the FIN unacknowledged", |row| row.tx == 1 && row.timer == 1);
        all(&rows, "a descriptor, or not", |row| (row.inode == 0) == (hangup == Hangup::Orphan));
        namespace::enter_another().expect("another namespace");
    }
}

pub(crate) fn makers_reach_their_state_time_wait() {
    let rows = in_all_families(State::TimeWait, |family| makers::time_wait(family, 50));
    all(&rows, "a mini-sock", |row| row.inode == 0 && row.timer == 3);
    namespace::enter_another().expect("another namespace");
    let rows = in_all_families(State::TimeWait, |family| makers::time_wait_at_server(family, 50));
    all(&rows, "the client's port is the other one", |row| row.local.port() != row.peer.port());
}

pub(crate) fn makers_reach_their_state_close_wait() {
    let forms = [(Unread::Nothing, 0), (Unread::Bytes(0), 1), (Unread::Bytes(9), 10), (Unread::NotAccepted, 1)];
    for (form, queue) in forms {
        let rows = in_all_families(State::CloseWait, |family| makers::close_wait(family, 4, form));
        all(&rows, "what is unread, the FIN counted", |row| row.rx == queue);
        all(&rows, "a descriptor, or not", |row| (row.inode == 0) == (form == Unread::NotAccepted));
        namespace::enter_another().expect("another namespace");
    }
}

pub(crate) fn makers_reach_their_state_last_ack() {
    for hangup in [Hangup::Held, Hangup::Orphan] {
        let rows = in_all_families(State::LastAck, |family| makers::last_ack(family, 3, hangup));
        all(&rows, "the FIN unacknowledged", |row| row.tx == 1 && row.timer == 1);
        all(&rows, "a descriptor, or not", |row| (row.inode == 0) == (hangup == Hangup::Orphan));
        namespace::enter_another().expect("another namespace");
    }
}

pub(crate) fn makers_reach_their_state_bound_inactive() {
    for inet in [Inet::V4, Inet::V6] {
        let bound = makers::bound_inactive(inet, 4);
        let address = sockets::local_address(&bound[0]).expect("its address");
        assert_ne!(address.port(), 0);
        // A port that somebody holds cannot be bound again.
        sockets::listener_at(address, 1).expect_err("the port is taken");
        kernel_shows(&Counts::default());
    }
}

pub(crate) fn makers_reach_their_state_by_the_ten_thousand() {
    let all = |makers: &[fn(Inet, usize) -> mass::Mass]| {
        let mut mass = mass::Mass::default();
        for make in makers {
            for inet in [Inet::V4, Inet::V6] {
                mass = mass.and(make(inet, 10_000));
            }
        }
        mass
    };
    let lasting = all(&[mass::established, mass::close_wait, mass::listening]);
    kernel_shows(lasting.made());
    assert_eq!(lasting.made().state(State::Established), 20_000);
    assert_eq!(lasting.made().state(State::CloseWait), 20_000);
    // The others last a minute, in which a busy machine does not make all of them.
    for (make, state) in [
        (mass::time_wait as fn(Inet, usize) -> mass::Mass, State::TimeWait),
        (mass::time_wait_at_server, State::TimeWait),
        (|_, number| mass::syn_recv(number), State::SynRecv),
    ] {
        for inet in [Inet::V4, Inet::V6] {
            namespace::enter_another().expect("another namespace");
            let brief = make(inet, 10_000);
            kernel_shows(brief.made());
            assert_eq!(brief.made().state(state), 10_000);
        }
    }
}

pub(crate) fn sockets_go_when_their_guard_is_dropped() {
    let kept = makers::established(Family::V4, 2);
    let dropped = makers::close_wait(Family::V6, 5, Unread::Nothing);
    let more = mass::close_wait(Inet::V4, 1_000);
    kernel_shows(&(kept.made.clone() + dropped.made.clone() + more.made().clone()));
    drop(dropped);
    drop(more);
    kernel_shows(&kept.made);
}

pub(crate) fn nothing_outlives_a_dropped_holder() {
    let mut holder = Holder::start(|| Holding { sockets: vec![], made: Counts::default() });
    holder.ready();
    let process = format!("/proc/{}", holder.pid());
    assert!(std::fs::exists(&process).expect("/proc"));
    drop(holder);
    assert!(!std::fs::exists(&process).expect("/proc"));
}

pub(crate) fn a_process_that_takes_too_long_is_killed() {
    let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().expect("a process that waits");
    let status = harness::wait(&mut child, Duration::from_millis(200)).expect("waiting for it");
    assert_eq!(status, None);
}
