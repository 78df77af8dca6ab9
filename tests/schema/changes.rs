//! `diff` fits its schema, and a spoiled one does not.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    time::{Duration, SystemTime},
};

use serde_json::Value;
use sockdoc::{
    diff::{ComparedSocket, Identity, Observation, diff},
    filter,
    model::{finding::Severity, state::State},
    render::json::diff as json_diff,
};

use super::{assert_fits, assert_mutations_fail, full, group, rendered, run};

fn side(second: u64, sockets: &[(u64, State)]) -> Observation {
    let overview = full();
    let taken_at = SystemTime::UNIX_EPOCH + Duration::from_secs(second);
    let any = (IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);
    let socket = |(cookie, state): &(u64, State)| ComparedSocket {
        identity: Identity { netns: 0, cookie: *cookie },
        state: *state,
        ends: [
            (IpAddr::V4(Ipv4Addr::LOCALHOST), 80),
            if *state == State::LISTEN { any } else { (IpAddr::V6(Ipv6Addr::LOCALHOST), 9) },
        ],
    };
    Observation {
        name: "a".to_owned(),
        netns: BTreeSet::new(),
        labels: BTreeSet::from([None]),
        not_checked: BTreeSet::new(),
        host: overview.host.clone(),
        taken_at,
        states: vec![(State::LISTEN, second)],
        groups: vec![(Box::from([group::Value::Port(second as u16)]), 5)],
        findings: Vec::new(),
        sockets: Some(sockets.iter().map(socket).collect()),
        counters: BTreeMap::from([("TcpActiveOpens".to_owned(), BTreeMap::from([(7, second)]))]),
    }
}

#[test]
fn a_spoiled_diff_is_refused() {
    let mut a = side(10, &[(1, State::LISTEN), (2, State::ESTABLISHED)]);
    let mut b = side(20, &[(2, State::CLOSE_WAIT), (3, State::LISTEN)]);
    let mut findings = full().diagnosis.unwrap().findings.into_iter();
    let (gone, both, appeared) = (findings.next().unwrap(), findings.next().unwrap(), findings.next().unwrap());
    let (same, unchecked) = (findings.next().unwrap(), findings.next());
    let mut worse = both.clone();
    worse.severity = if worse.severity == Severity::Critical { Severity::Notice } else { Severity::Critical };
    a.not_checked.extend(unchecked.as_ref().map(|finding| finding.rule));
    (a.findings, b.findings) = (vec![gone, both, same.clone()], vec![worse, appeared, same]);
    b.findings.extend(unchecked);
    let labels: BTreeSet<_> = a.findings.iter().chain(&b.findings).map(|finding| finding.netns.clone()).collect();
    (a.labels, b.labels) = (labels.clone(), labels);
    let keys = filter::keys::read(&["lport".to_owned()]).unwrap();
    let diff = diff(a, b);
    let document = rendered(|out| json_diff::write(out, &diff, &keys, &BTreeMap::new()));
    let unknown = [
        "/seconds",
        "/sockets",
        "/counters/*/per_second",
        "/groups/*/lport",
        "/findings/appeared/*/netns",
        "/findings/gone/*/netns",
        "/findings/changed/*/netns",
        "/findings/unchanged/*/netns",
        "/findings/not_checked_before/*/netns",
        "/findings/not_checked_before/*/subject/address",
        "/findings/not_checked_before/*/subject/port",
        "/findings/not_checked_before/*/subject/program",
        "/findings/not_checked_before/*/subject/program/unit",
        "/findings/not_checked_before/*/subject/program/user",
        "/sockets/each/*/from",
        "/sockets/each/*/to",
        "/sockets/each/*/peer",
        "/findings/appeared/*/subject/user",
        "/findings/unchanged/*/subject/user",
        "/findings/not_checked_before/*/subject/user",
        "/findings/appeared/*/subject/unit",
        "/findings/unchanged/*/subject/unit",
        "/findings/not_checked_before/*/subject/unit",
        "/findings/appeared/*/subject/container",
        "/findings/unchanged/*/subject/container",
        "/findings/not_checked_before/*/subject/container",
        "/findings/gone/*/subject/user",
        "/findings/gone/*/subject/unit",
        "/findings/gone/*/subject/container",
        "/findings/changed/*/subject/user",
        "/findings/changed/*/subject/unit",
        "/findings/changed/*/subject/container",
        "/findings/*/*/caused_by",
    ];
    assert_mutations_fail("diff", &document, &unknown, 100);
}

#[test]
fn the_diff_of_this_host_fits() {
    for arguments in [&["diff", "now", "now"][..], &["diff", "now", "now", "--by", "state,proc"]] {
        let document = run(arguments, &[]);
        assert_fits("diff", &document);
        assert!(document["sockets"].is_object() && document["seconds"] != Value::Null, "{document:#}");
    }
}
