//! Sockets other than TCP connections: bound sockets, UDP, raw and UNIX.

use crate::lab::agreement::{count, everybody_counts, kernel_shows, rows};
use crate::lab::counts::{Counts, Inet};
use crate::lab::makers;
use crate::lab::other_families::{raw, udp_connected, udp_lite, udp_unconnected, unix_datagrams, unix_streams};
use crate::lab::proc_net;
use crate::lab::program::{controlled, finish, run};
use crate::lab::sockets::Family;
use crate::lab::{peer, ss};

/// The number of lines of `/proc/net` tables, and of `ss` where it is there, is that.
#[track_caller]
fn listed(n: usize, tables: &[&str], options: &[&str]) {
    let shown: usize = tables.iter().map(|table| proc_net::lines(table).len()).sum();
    assert_eq!(shown, n, "{tables:?}");
    if peer::has("ss") {
        let lines = ss::lines(options);
        assert_eq!(lines.len(), n, "ss {options:?}: {lines:?}");
    }
}

pub(crate) fn bound_inactive_is_counted_only_on_request() {
    let held = makers::established(Family::V4, 2);
    let _bound = [makers::bound_inactive(Inet::V4, 4), makers::bound_inactive(Inet::V6, 3)];
    // Neither as CLOSE nor at all.
    everybody_counts(&held.made);
    assert_eq!(count(run, &["bound-inactive"]), 7);
    assert_eq!(count(run, &["-4", "bound-inactive"]), 4);
    assert_eq!(count(run, &["-6", "bound-inactive"]), 3);
    // Not "only these", as with ss: these beside all others.
    assert_eq!(count(run, &["-B"]), held.made.total() + 7);
    assert_eq!(count(run, &["CLOSE"]), 0);
    assert_eq!(count(run, &["close", "bound-inactive", "listen"]), 8);
    kernel_shows(&held.made);
}

pub(crate) fn bound_inactive_on_a_kernel_without_them_is_refused() {
    peer::needs("setarch");
    // `setarch` makes the kernel call itself Linux 2.6.
    for arguments in [["list", "-B"], ["count", "-B"]] {
        let words = ["--uname-2.6", env!("CARGO_BIN_EXE_sockdoc"), arguments[0], arguments[1]];
        let said = finish(controlled("setarch", &words));
        assert!(said.code == Some(2) && said.stdout.is_empty() && said.stderr.contains("6.8"), "{said:?}");
    }
}

pub(crate) fn udp_is_counted() {
    let _udp = [
        udp_unconnected(Inet::V4, 3),
        udp_unconnected(Inet::V6, 4),
        udp_connected(Inet::V4, 5),
        udp_connected(Inet::V6, 6),
    ];
    listed(18, &["udp", "udp6"], &["-Huan"]);
    assert_eq!(count(run, &["-u"]), 18);
    assert_eq!(count(run, &["-u", "-4"]), 8);
    assert_eq!(count(run, &["-u", "-6"]), 10);
    assert_eq!(count(run, &["-u", "established"]), 11);
    assert_eq!(count(run, &[]), 0);
    everybody_counts(&Counts::default());
}

pub(crate) fn udp_lite_is_listed_when_it_is_asked_for() {
    let made = [Inet::V4, Inet::V6].map(udp_lite);
    if made.iter().all(Option::is_none) {
        // It left Linux in 7.1.
        let list = run(&["list", "-a", "--udplite"]);
        assert!(list.stderr.contains("UDP-Lite"), "{list:?}");
        return;
    }
    let number = made.iter().flatten().count();
    for arguments in [["list", "-aH", "--udplite"], ["list", "-aH", "udplite"]] {
        let list = run(&arguments).stdout;
        assert_eq!(list.lines().filter(|line| line.contains("127.0.0.1:") || line.contains("[::1]:")).count(), number);
        assert_eq!(list.lines().count(), number, "{list}");
    }
    assert_eq!(run(&["list", "-uaH"]).stdout, "");
    assert_eq!(run(&["list", "-aH"]).stdout.lines().filter(|line| line.starts_with("udpl ")).count(), number);
}

pub(crate) fn unconnected_udp_is_in_state_close() {
    let _udp = [udp_unconnected(Inet::V4, 3), udp_connected(Inet::V4, 2)];
    assert_eq!(count(run, &["-u", "CLOSE"]), 3);
    let grouped = run(&["group", "-u", "--by", "state", "--json"]).json();
    let expected = [("CLOSE".to_owned(), 3), ("ESTABLISHED".to_owned(), 2)];
    assert_eq!(rows(&grouped["groups"], "state"), expected);
}

pub(crate) fn raw_is_counted() {
    let _raw = [raw(Inet::V4, 4), raw(Inet::V6, 3)];
    listed(7, &["raw", "raw6"], &["-Hwan"]);
    assert_eq!(count(run, &["-w"]), 7);
    assert_eq!(count(run, &["-w", "-4"]), 4);
    assert_eq!(count(run, &["-w", "-6"]), 3);
    assert_eq!(count(run, &[]), 0);
}

pub(crate) fn unix_is_counted() {
    let _unix = [unix_streams(3), unix_datagrams(4)];
    listed(13, &["unix"], &["-Hxan"]);
    assert_eq!(count(run, &["-x"]), 13);
    assert_eq!(count(run, &["-x", "listen"]), 3);
    assert_eq!(count(run, &["-x", "established"]), 6);
    assert_eq!(count(run, &[]), 0);
}

pub(crate) fn the_overview_counts_the_other_protocols() {
    let held = makers::established(Family::Dual, 2);
    let _others = [
        udp_unconnected(Inet::V4, 3),
        udp_connected(Inet::V6, 2),
        raw(Inet::V4, 2),
        unix_streams(2),
        unix_datagrams(1),
    ];
    let overview = run(&["--json"]).json();
    let protocols = rows(&overview["protocols"], "netid");
    let expected = [("tcp", held.made.total()), ("udp", 5), ("raw", 2), ("u_str", 6), ("u_dgr", 1)];
    for (netid, n) in expected {
        let seen = protocols.iter().find(|(name, _)| name == netid);
        assert_eq!(seen.map(|(_, n)| *n), Some(n), "{netid}: {protocols:?}");
    }
}
