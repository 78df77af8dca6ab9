//! `diff` for people.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, Ipv4Addr},
    time::{Duration, SystemTime},
};

use expect_test::expect_file;
use sockdoc::{
    diff::{ComparedSocket, Diff, Identity, Observation, diff},
    filter,
    model::{
        finding::{Finding, Severity, Subject},
        group::{NamedKey, Value},
        incident::{Fold, Link},
        state::State,
    },
    render,
};

use crate::{
    hosts::{self, TAKEN_AT},
    measure::{check_lines, languages, screens, sections, written},
    patients,
};

/// A side, this many seconds after the hosts of the golden files were seen.
fn side(name: &str, later: u64, sockets: &[(u64, State)], findings: Vec<Finding>) -> Observation {
    let local = |cookie: u64| (IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1)), 40_000 + cookie as u16);
    let socket = |(cookie, state): &(u64, State)| ComparedSocket {
        identity: Identity { netns: 0, cookie: *cookie },
        state: *state,
        ends: match *state {
            State::LISTEN => [(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 443), (IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0)],
            _ => [local(*cookie), (IpAddr::V4(Ipv4Addr::new(10, 0, 3, 7)), 5432)],
        },
    };
    let count = |state| sockets.iter().filter(|(_, one)| *one == state).count() as u64 * 1200;
    let states = [State::ESTABLISHED, State::CLOSE_WAIT, State::LISTEN];
    Observation {
        name: name.to_owned(),
        netns: BTreeSet::new(),
        labels: BTreeSet::from([None]),
        not_checked: BTreeSet::from(["udp-drops"]),
        host: hosts::busy().host,
        taken_at: SystemTime::UNIX_EPOCH + TAKEN_AT + Duration::from_secs(later),
        states: states.map(|state| (state, count(state))).into(),
        groups: (1..=12).map(|port| (Box::from([Value::Port(port)]), 5 + later * u64::from(port))).collect(),
        findings,
        sockets: Some(sockets.iter().map(socket).collect()),
        counters: BTreeMap::from([
            ("TcpActiveOpens".to_owned(), BTreeMap::from([(7, 1000 + 90 * later)])),
            ("TcpExtListenDrops".to_owned(), BTreeMap::from([(7, later)])),
            ("TcpInSegs".to_owned(), BTreeMap::from([(7, 1_000_000 * later)])),
        ]),
    }
}

fn changes() -> (Vec<NamedKey>, Diff) {
    let mut found = patients::busy().diagnosis.unwrap().findings;
    let gone = found.pop().unwrap();
    let before = found.pop().unwrap();
    let after = Finding { severity: Severity::Warning, ..before.clone() };
    let a = side(
        "a\u{1b}[2J.sdr",
        0,
        &[(1, State::LISTEN), (2, State::ESTABLISHED), (3, State::ESTABLISHED)],
        vec![gone, before.clone()],
    );
    // Findings that a new cause brings with it are below it.
    let user = Subject::User("nobody".to_owned());
    let cause = Finding { id: "cause".to_owned(), subject: user, severity: Severity::Notice, ..before.clone() };
    let result = Finding {
        id: "result".to_owned(),
        subject: Subject::Host,
        severity: Severity::Critical,
        fold: Some(Fold { into: cause.id.clone(), link: Link::Causes }),
        ..cause.clone()
    };
    let new = vec![after, cause, result];
    let b = side("b.sdr", 60, &[(1, State::LISTEN), (2, State::CLOSE_WAIT), (4, State::ESTABLISHED)], new);
    (filter::keys::read(&["lport".to_owned()]).unwrap(), diff(a, b))
}

#[test]
fn what_changed() {
    let (keys, diff) = changes();
    for (lang, words) in languages() {
        let parts = screens().into_iter().filter(|(_, screen)| screen.width == 80).flat_map(|(name, screen)| {
            [(false, ""), (true, ", all")].map(|(all, mark)| {
                let users = BTreeMap::new();
                let text = written(|out| render::diff::write(out, &diff, &keys, &users, &words, &screen, all));
                check_lines(&text, 80, name);
                (format!("{name}{mark}"), text)
            })
        });
        expect_file![format!("../fixtures/golden/diff.{lang}.txt")].assert_eq(&sections(parts));
    }
}
