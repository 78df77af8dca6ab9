//! A property: `list`, a dry run and the destroyed sockets are the same set, for random filters.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use serde_json::Value;

use crate::{
    generate::{World, kernel_expression},
    killed::Killed,
    lab::{
        makers::{self, Hangup, Held, Unread},
        namespace,
        proc_net::tcp,
        program::run,
        sockets::Family,
    },
};

const FILTERS: usize = 60;

/// Sockets older than this are made anew.
const YOUNG: Duration = Duration::from_secs(20);

/// The kernel keeps a record in `TIME_WAIT` for 60 s.
const RECORDS_LAST: Duration = Duration::from_secs(50);

/// Some sockets in many states.
fn sockets() -> Vec<Held> {
    vec![
        makers::established(Family::V4, 2),
        makers::established(Family::Mapped, 1),
        makers::established(Family::V6, 1),
        makers::not_accepted(Family::V4, 1),
        makers::close_wait(Family::V4, 1, Unread::Nothing),
        makers::fin_wait2(Family::V4, 1, Hangup::Held),
        makers::syn_sent(Family::V4, 1),
        makers::time_wait(Family::V4, 1),
    ]
}

fn cookies<'a>(documents: impl Iterator<Item = &'a Value>) -> BTreeSet<String> {
    documents.map(|one| one["cookie"].as_str().unwrap().to_owned()).collect()
}

/// The cookies of what `list` shows.
fn listed(filter: &str) -> BTreeSet<String> {
    let said = run(&["list", "-te", "--json", filter]);
    cookies(said.json()["sockets"].as_array().unwrap_or_else(|| panic!("{said:?}")).iter())
}

pub(crate) fn list_dry_run_and_kill_select_the_same_sockets() {
    let mut runner = TestRunner::deterministic();
    let (mut compared, mut destroyed) = (0, 0);
    let mut made = Instant::now();
    let mut held = vec![sockets()];
    for number in 0..FILTERS {
        if number % 6 == 5 || made.elapsed() > YOUNG {
            // Records of the old ones would end while the new ones are made.
            namespace::enter_another().expect("another namespace");
            made = Instant::now();
            held.push(sockets());
        }
        let rows = tcp();
        let world = World {
            addresses: rows.iter().flat_map(|row| [row.local.ip(), row.peer.ip()]).collect(),
            ports: rows.iter().flat_map(|row| [row.local.port(), row.peer.port()]).collect(),
            interfaces: vec![0],
            marks: vec![],
            cgroups: vec![],
            autobound: false,
        };
        let filter = kernel_expression(&world).new_tree(&mut runner).unwrap().current().to_string();
        let flags = "--max 1000 --json";
        let words: Vec<&str> = ["kill", "-t", &filter].into_iter().chain(flags.split(' ')).collect();
        let dry = run(&words);
        if dry.code == Some(2) {
            assert!(dry.stderr.contains("does not say which connections"), "{filter}: {dry:?}");
            continue;
        }
        let (dry, list) = (Killed::of(&dry), listed(&filter));
        let killed = Killed::of(&run(&[&words[..], &["--yes"]].concat()));
        let now = listed(&filter);
        if made.elapsed() > RECORDS_LAST {
            // On a busy machine a record in TIME_WAIT may have ended between two of these.
            continue;
        }
        let skipped = cookies(dry.0["skipped"].as_array().unwrap().iter());
        let wanted = cookies(dry.sockets());
        assert_eq!(wanted.union(&skipped).cloned().collect::<BTreeSet<_>>(), list, "{filter}");
        assert_eq!(killed.cookies(), dry.cookies(), "{filter}");
        // The named sockets are gone; the skipped ones are still there.
        assert!(wanted.is_disjoint(&now), "{filter}: {:#}", killed.0);
        compared += 1;
        destroyed += wanted.len();
    }
    assert!(compared >= FILTERS / 4 && destroyed >= 10, "{compared} compared, {destroyed} destroyed");
}
