//! Sockets that stayed, appeared, ended and changed.

use std::net::Ipv4Addr;

use super::*;
use crate::model::{
    finding::Severity,
    sentence::{Sentence, Word},
    subject::Runtime,
};

fn side(sockets: &[(u64, State)], findings: Vec<Finding>, second: u64) -> Observation {
    let taken_at = SystemTime::UNIX_EPOCH + Duration::from_secs(second);
    let ends = [(IpAddr::V4(Ipv4Addr::LOCALHOST), 1), (IpAddr::V4(Ipv4Addr::LOCALHOST), 2)];
    let socket = |(cookie, state): &(u64, State)| ComparedSocket {
        identity: Identity { netns: 7, cookie: *cookie },
        state: *state,
        ends,
    };
    Observation {
        name: "a.sockdoc".into(),
        host: Host { name: "a".into(), kernel: "6.8".into(), taken_at, netns: None },
        netns: BTreeSet::from([7]),
        labels: BTreeSet::from([None]),
        taken_at,
        states: vec![(State::LISTEN, sockets.len() as u64)],
        groups: Vec::new(),
        findings,
        not_checked: BTreeSet::new(),
        sockets: Some(sockets.iter().map(socket).collect()),
        counters: BTreeMap::from([
            ("TcpActiveOpens".to_owned(), BTreeMap::from([(7, second * 3)])),
            ("TcpCurrEstab".to_owned(), BTreeMap::from([(7, second)])),
            ("TcpInErrs".to_owned(), BTreeMap::from([(7, 1)])),
        ]),
    }
}

fn finding(rule: &'static str, weight: u64) -> Finding {
    let title = Sentence { id: "title", values: vec![("count", Word::Count(weight))] };
    Finding { title, ..Finding::new(rule, Severity::Warning, Subject::Host).about(Vec::new(), weight) }
}

fn names(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|one| one.rule).collect()
}

#[test]
fn sockets_are_matched_by_cookie() {
    let a = side(&[(1, State::ESTABLISHED), (4, State::LISTEN), (2, State::ESTABLISHED)], Vec::new(), 10);
    let b = side(&[(2, State::CLOSE_WAIT), (3, State::LISTEN), (4, State::LISTEN)], Vec::new(), 14);
    let diff = diff(a, b);
    let moves = diff.sockets.clone().unwrap();
    assert_eq!(moves.born, BTreeMap::from([(State::LISTEN, 1)]));
    assert_eq!(moves.died, BTreeMap::from([(State::ESTABLISHED, 1)]));
    assert_eq!(moves.moved, BTreeMap::from([((State::ESTABLISHED, State::CLOSE_WAIT), 1)]));
    assert_eq!((moves.each.len(), moves.beyond), (3, 0));
    assert_eq!(diff.counters.len(), 2);
    assert_eq!(diff.per_second(&diff.counters[0]), Some(3.0));
    assert_eq!(diff.per_second(&diff.counters[1]), None, "a gauge");
}

#[test]
fn a_socket_that_was_told_twice_is_one_in_its_later_state() {
    let a = side(&[(1, State::ESTABLISHED), (1, State::CLOSE_WAIT)], Vec::new(), 1);
    let b = side(&[(1, State::CLOSE_WAIT)], Vec::new(), 2);
    assert_eq!(diff(a, b).sockets.unwrap(), Moves::default());
}

#[test]
fn of_very_many_only_some_are_reported_one_by_one() {
    let sockets: Vec<(u64, State)> = (1..=1_500).map(|cookie| (cookie, State::TIME_WAIT)).collect();
    let moves = diff(side(&[], Vec::new(), 1), side(&sockets, Vec::new(), 2)).sockets.unwrap();
    assert_eq!((moves.each.len(), moves.beyond), (1_000, 500));
    assert_eq!(moves.born, BTreeMap::from([(State::TIME_WAIT, 1_500)]));
}

#[test]
fn findings_appear_go_change_and_stay() {
    let a = side(&[], vec![finding("one", 1), finding("two", 1), finding("three", 1)], 1);
    let b = side(&[], vec![finding("two", 2), finding("three", 1), finding("four", 1)], 2);
    let findings = diff(a, b).findings;
    assert_eq!((names(&findings.appeared), names(&findings.gone)), (vec!["four"], vec!["one"]));
    assert_eq!((findings.changed.len(), names(&findings.unchanged)), (1, vec!["three"]));
}

#[test]
fn what_reads_the_same_has_not_changed_and_another_severity_is_a_change() {
    let mut same = finding("one", 1);
    same.weight = 2;
    let better = Finding { severity: Severity::Ok, ..finding("two", 1) };
    let a = side(&[], vec![finding("one", 1), finding("two", 1)], 1);
    let findings = diff(a, side(&[], vec![same, better], 2)).findings;
    assert_eq!((names(&findings.unchanged), findings.changed.len()), (vec!["one"], 1));
    assert_eq!(findings.changed[0].1.severity, Severity::Ok);
}

#[test]
fn a_listener_whose_program_is_known_on_one_side_alone_is_the_same() {
    let listener = |program: Option<&str>| Subject::Listener {
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        port: 80,
        path: None,
        program: program.map(|name| Program {
            pid: 7,
            processes: 1,
            name: name.into(),
            user: None,
            unit: None,
            container: None,
            runtime: Runtime::Native,
        }),
    };
    let of = |program| Finding { subject: listener(program), ..finding("one", 1) };
    let findings = diff(side(&[], vec![of(Some("nginx"))], 1), side(&[], vec![of(None)], 2)).findings;
    assert_eq!(names(&findings.unchanged), ["one"]);
}

#[test]
fn what_the_other_side_did_not_look_at_has_neither_come_nor_gone() {
    let in_netns = |label: &str| Finding { netns: Some(label.into()), ..finding("one", 1) };
    let mut a = side(&[], vec![in_netns("blue"), in_netns("red")], 1);
    let mut b = side(&[], vec![in_netns("red"), in_netns("green")], 2);
    a.labels = ["blue", "red"].map(|label| Some(label.to_owned())).into();
    b.labels = ["green", "red"].map(|label| Some(label.to_owned())).into();
    let findings = diff(a, b).findings;
    assert!(findings.appeared.is_empty() && findings.gone.is_empty());
    let netns = |findings: &[Finding]| findings.iter().filter_map(|one| one.netns.clone()).collect::<Vec<_>>();
    assert_eq!(
        (netns(&findings.unchecked_before), netns(&findings.unchecked_after)),
        (vec!["green".into()], vec!["blue".into()])
    );
    assert_eq!(netns(&findings.unchanged), ["red"]);
    // Another namespace or host: nothing of it was compared.
    let a = || side(&[], vec![finding("one", 1), finding("two", 1)], 1);
    let (mut elsewhere, mut other) = (side(&[], vec![finding("two", 2)], 2), side(&[], vec![finding("two", 2)], 2));
    elsewhere.netns = BTreeSet::from([8]);
    other.host.name = "b".into();
    for b in [elsewhere, other] {
        let findings = diff(a(), b).findings;
        assert!(findings.gone.is_empty() && findings.appeared.is_empty() && findings.changed.is_empty());
        assert_eq!(
            (names(&findings.unchecked_before), names(&findings.unchecked_after)),
            (vec!["two"], vec!["one", "two"])
        );
    }
}

#[test]
fn what_was_not_checked_has_neither_come_nor_gone() {
    let mut a = side(&[], vec![finding("one", 1)], 1);
    let mut b = side(&[], vec![finding("two", 1)], 2);
    (a.not_checked, b.not_checked) = (BTreeSet::from(["two"]), BTreeSet::from(["one"]));
    let findings = diff(a, b).findings;
    assert!(findings.appeared.is_empty() && findings.gone.is_empty());
    assert_eq!(names(&findings.unchecked_before), ["two"]);
    assert_eq!(names(&findings.unchecked_after), ["one"]);
}

#[test]
fn sockets_of_other_hosts_and_namespaces_are_not_matched() {
    let one = || side(&[(1, State::LISTEN)], Vec::new(), 1);
    let mut b = one();
    b.host.name = "b".into();
    let other = diff(one(), b);
    assert!(other.sockets == Err(Unmatched::Hosts) && other.counters.is_empty());
    let mut b = side(&[(1, State::LISTEN)], Vec::new(), 2);
    b.netns = BTreeSet::from([8]);
    let other = diff(one(), b);
    assert!(other.sockets == Err(Unmatched::Namespaces) && other.counters.is_empty());
    let mut b = one();
    (b.netns, b.sockets) = (BTreeSet::new(), None);
    assert_eq!(diff(one(), b).sockets, Err(Unmatched::Cookies));
}

#[test]
fn counters_of_a_namespace_that_only_one_side_has_are_no_rise() {
    let (a, mut b) = (side(&[], Vec::new(), 1), side(&[], Vec::new(), 2));
    b.counters.get_mut("TcpActiveOpens").unwrap().insert(8, 1_000_000);
    let diff = diff(a, b);
    assert_eq!((diff.counters[0].a, diff.counters[0].b), (3, 6));
}

#[test]
fn a_host_that_was_started_anew_is_another_one() {
    let (mut a, b) = (side(&[(1, State::LISTEN)], Vec::new(), 1), side(&[(1, State::CLOSE_WAIT)], Vec::new(), 2));
    a.counters.get_mut("TcpInErrs").unwrap().insert(7, 9);
    assert_eq!(diff(a, b).sockets, Err(Unmatched::Starts));
    let (mut a, b) = (side(&[], Vec::new(), 1), side(&[], Vec::new(), 2));
    a.host.name = "?".into();
    assert_eq!(diff(a, b).sockets, Err(Unmatched::Unknown));
}
