//! Counts by BPF and by netlink, of the same sockets.

use std::time::{Duration, Instant};

use crate::{
    host,
    lab::{
        churn::Churn,
        counts::State,
        makers,
        program::{self, Said},
        sockets::Family,
    },
};

/// The documents of both engines; BPF was not fallen back from.
#[track_caller]
fn both(words: &[&str]) -> [String; 2] {
    ["bpf", "netlink"].map(|engine| {
        let said: Said = program::run(&[&["count", "--json", "--engine", engine], words].concat());
        assert_eq!((said.code, said.stderr.as_str()), (Some(0), ""), "{words:?}");
        said.stdout
    })
}

fn count(engine: &str, words: &[&str]) -> u64 {
    program::run(&[&["count", "--json", "--engine", engine], words].concat()).json()["sockets"].as_u64().unwrap()
}

pub(crate) fn every_state_and_family_is_counted_as_by_netlink() {
    host::enter();
    let (_held, made) = makers::every_state(&[Family::V4, Family::Dual, Family::V6], &[Family::V4]);
    // Small records and half-open handshakes go by timers, so both engines may see one less than the other for a moment.
    let same = |words: &[&str]| {
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            let [bpf, netlink] = both(words);
            if bpf == netlink {
                return;
            }
            assert!(Instant::now() < until, "{words:?}: {bpf} {netlink}");
        }
    };
    let states = State::ALL.map(State::name);
    let groups = ["connected", "synchronized", "bucket", "big", "all", "listening", "closed", "tcp or udp"];
    for words in states.iter().chain(&groups) {
        for family in [&[][..], &["-4"], &["-6"]] {
            same(&[family, &[words]].concat());
        }
    }
    for words in [&[][..], &["-tu"], &["-u"], &["-B"], &["not", "listen"], &["listen", "or", "close-wait"]] {
        same(words);
    }
    for state in State::ALL.into_iter().filter(|state| *state != State::TimeWait) {
        assert_eq!(count("bpf", &[state.name()]), made.state(state) as u64, "{state:?}");
    }
    // Queries beyond a single state go to netlink, and both engines agree.
    same(&["sport", "gt", ":1"]);
}

pub(crate) fn what_lasts_is_counted_while_connections_come_and_go() {
    host::enter();
    let held = [makers::close_wait(Family::V4, 300, makers::Unread::Nothing), makers::syn_sent(Family::V6, 50)];
    let listeners = count("netlink", &["listen"]);
    let _churns = [Churn::start(Family::V4), Churn::start(Family::V6)];
    // Each has a listener.
    let until = Instant::now() + Duration::from_secs(30);
    while count("netlink", &["listen"]) < listeners + 2 {
        assert!(Instant::now() < until, "no churn");
    }
    let end = Instant::now() + Duration::from_secs(5);
    // The churn passes through these states as well, eight pairs at a time and family: a round may count those too,
    // never fewer than are held, and some round counts the held ones alone.
    let held_counts = [300, 50];
    let mut fewest = [[u64::MAX; 2]; 2];
    let mut rounds = 0;
    while rounds < 10 || Instant::now() < end || (fewest != [held_counts; 2] && Instant::now() < until) {
        for (engine, fewest) in ["bpf", "netlink"].into_iter().zip(&mut fewest) {
            let of = |words: &[&str]| count(engine, words);
            let now = [of(&["close-wait"]), of(&["syn-sent"])];
            for ((now, held), fewest) in now.into_iter().zip(held_counts).zip(fewest) {
                assert!((held..=held + 32).contains(&now), "{engine}, round {rounds}: {now} of {held}");
                *fewest = now.min(*fewest);
            }
            assert_eq!(of(&["listen"]), listeners + 2, "{engine}, round {rounds}");
            // Those that come and go are eight pairs at a time and family.
            assert!(of(&["established", "-4"]) <= 64, "{engine}, round {rounds}");
        }
        rounds += 1;
    }
    assert_eq!(fewest, [held_counts; 2], "the fewest by bpf and by netlink, in {rounds} rounds");
    drop(held);
}

pub(crate) fn each_namespace_counts_its_own_sockets() {
    host::enter();
    let _here = makers::established(Family::V4, 7);
    let other = crate::lab::process::Process::fork(|| {
        crate::lab::namespace::enter_another().expect("a namespace");
        let _there = makers::established(Family::V4, 11);
        loop {
            std::thread::park();
        }
    });
    let pid = format!("pid:{}", other.pid());
    let until = Instant::now() + Duration::from_secs(30);
    while count("netlink", &["established", "--netns", &pid]) != 22 {
        assert!(Instant::now() < until, "no sockets");
    }
    assert_eq!(count("bpf", &["established", "--netns", &pid]), 22);
    assert_eq!(count("bpf", &["established"]), 14);
    let all = ["bpf", "netlink"].map(|engine| count(engine, &["established", "--netns", "all"]));
    assert!(all[0] >= 36 && all[1] >= 36, "{all:?}");
}
