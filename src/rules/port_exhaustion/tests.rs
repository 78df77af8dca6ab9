//! The rule on routes that are nearly full, on their healthy twins, and where ports in `TIME_WAIT` do not count.

use super::{
    super::fixture::{findings, listener, route, severities, snapshot, socket, ten, with_info},
    *,
};
use crate::model::{
    finding::{Runtime, Subject},
    snapshot::Snapshot,
    state::State,
    tcp_info::{OPT_TIMESTAMPS, OPTIONS},
};

/// 100 ports, and this number of sockets of a state from 10.0.0.1 to 10.0.0.9:5432.
fn with(state: State, count: u64) -> Snapshot {
    let mut snapshot = snapshot();
    snapshot.before = None;
    snapshot.sysctls.insert("net.ipv4.ip_local_port_range".into(), "40000\t40099".into());
    let (route, usage) = route(ten(9), 5432, state, count);
    snapshot.now.outbound.insert(route, usage);
    snapshot
}

#[test]
fn seven_tenths_are_a_warning_and_nine_are_critical() {
    assert_eq!(severities(&RULE, &with(State::ESTABLISHED, 69)), []);
    assert_eq!(severities(&RULE, &with(State::ESTABLISHED, 70)), [Severity::Warning]);
    assert_eq!(severities(&RULE, &with(State::ESTABLISHED, 89)), [Severity::Warning]);
    assert_eq!(severities(&RULE, &with(State::TIME_WAIT, 90)), [Severity::Critical]);
}

#[test]
fn reserved_and_listening_ports_are_lost() {
    let mut snapshot = with(State::ESTABLISHED, 66);
    snapshot.sysctls.insert("net.ipv4.ip_local_reserved_ports".into(), "40000-40004".into());
    assert_eq!(severities(&RULE, &snapshot), []);
    snapshot.now.listeners.push(listener(40_050, 5));
    assert_eq!(severities(&RULE, &snapshot), [Severity::Warning]);
}

#[test]
fn each_destination_has_ports_of_its_own() {
    let mut snapshot = with(State::ESTABLISHED, 60);
    let (other, usage) = route(ten(8), 5432, State::ESTABLISHED, 60);
    snapshot.now.outbound.insert(other, usage);
    assert_eq!(severities(&RULE, &snapshot), []);
}

#[test]
fn old_time_wait_is_no_port_lost_where_it_is_reused() {
    let mut snapshot = with(State::TIME_WAIT, 100);
    snapshot.sysctls.insert("net.ipv4.tcp_tw_reuse".into(), "1".into());
    assert_eq!(severities(&RULE, &snapshot), []);
    snapshot.sysctls.insert("net.ipv4.tcp_timestamps".into(), "0".into());
    assert_eq!(severities(&RULE, &snapshot), [Severity::Critical]);
}

#[test]
fn the_default_reuses_on_loopback_only() {
    let mut snapshot = with(State::TIME_WAIT, 0);
    let here = std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
    let (mut to, usage) = route(here, 5432, State::TIME_WAIT, 100);
    to.source = here;
    snapshot.now.outbound.clear();
    snapshot.now.outbound.insert(to, usage);
    assert_eq!(severities(&RULE, &snapshot), []);
}

#[test]
fn a_peer_without_timestamps_makes_reuse_impossible() {
    let mut snapshot = with(State::TIME_WAIT, 100);
    snapshot.sysctls.insert("net.ipv4.tcp_tw_reuse".into(), "1".into());
    let mut open = socket(State::ESTABLISHED, 7);
    (open.socket.peer, open.socket.peer_port) = (ten(9), 5432);
    snapshot.now.add([with_info(open.clone(), &OPTIONS, OPT_TIMESTAMPS)]);
    assert_eq!(severities(&RULE, &snapshot), []);
    snapshot.now.add([open]);
    let finding = findings(&RULE, &snapshot).remove(0);
    assert!(finding.remedies.iter().all(|remedy| remedy.command.as_ref().is_none_or(|c| !c.contains("tw_reuse"))));
}

#[test]
fn the_remedies_are_in_order_and_merge_what_is_set() {
    let mut snapshot = with(State::TIME_WAIT, 95);
    snapshot.sysctls.insert("net.ipv4.ip_local_reserved_ports".into(), "11211".into());
    snapshot.now.listeners.extend([listener(27_017, 5), listener(80, 6)]);
    let finding = findings(&RULE, &snapshot).remove(0);
    let commands: Vec<&str> = finding.remedies.iter().filter_map(|remedy| remedy.command.as_deref()).collect();
    assert_eq!(
        commands,
        [
            "sysctl -w net.ipv4.ip_local_reserved_ports=11211,27017",
            "sysctl -w net.ipv4.ip_local_port_range='20000 60999'",
            "sysctl -w net.ipv4.tcp_tw_reuse=1"
        ]
    );
    assert_eq!(finding.remedies[0].text.id, "ports-fix-pool-native");
}

#[test]
fn a_range_that_is_wide_is_not_made_narrower() {
    let mut snapshot = with(State::ESTABLISHED, 64_000);
    snapshot.sysctls.insert("net.ipv4.ip_local_port_range".into(), "1024\t65535".into());
    let finding = findings(&RULE, &snapshot).remove(0);
    assert!(finding.remedies.iter().all(|remedy| remedy.command.is_none()));
}

#[test]
fn ends_of_the_range_keep_different_parity() {
    let mut snapshot = with(State::ESTABLISHED, 95);
    snapshot.sysctls.insert("net.ipv4.ip_local_port_range".into(), "64903\t65000".into());
    let finding = findings(&RULE, &snapshot).remove(0);
    assert!(finding.remedies.iter().any(|remedy| remedy.proposed.as_deref() == Some("19999 65000")));
}

#[test]
fn the_time_that_is_left_is_reported() {
    let mut snapshot = with(State::ESTABLISHED, 80);
    let mut before = with(State::ESTABLISHED, 70).now;
    before.at = std::time::Duration::ZERO;
    snapshot.before = Some(before);
    let finding = findings(&RULE, &snapshot).remove(0);
    let limit = finding.limit.unwrap();
    assert_eq!(limit.id, "limit-full-in");
    assert!(limit.values.contains(&("time", Word::Time(std::time::Duration::from_secs(20)))));
}

#[test]
fn one_sample_tells_the_time_from_the_countdown() {
    let mut snapshot = with(State::TIME_WAIT, 0);
    let usage = snapshot.now.outbound.values_mut().next().unwrap();
    // 8 a second for the last 10 s: 480 a minute do not fit into 100 ports.
    usage.states.insert(State::TIME_WAIT, 80);
    (0..80).for_each(|number| usage.time_waits.add(50_000 + number * 125));
    let limit = findings(&RULE, &snapshot).remove(0).limit.unwrap();
    assert!(limit.values.contains(&("time", Word::Time(std::time::Duration::from_secs(3)))), "{limit:?}");
}

#[test]
fn a_rate_that_the_ports_allow_has_no_end() {
    // 80 in TIME_WAIT, evenly: as many end as come.
    let limit = findings(&RULE, &with(State::TIME_WAIT, 80)).remove(0).limit.unwrap();
    assert_eq!(limit.id, "limit");
}

#[test]
fn the_program_is_the_one_that_holds_most() {
    let mut snapshot = with(State::ESTABLISHED, 95);
    for usage in snapshot.now.outbound.values_mut() {
        usage.inodes = vec![1, 2, 3];
    }
    assert!(findings(&RULE, &snapshot)[0].subject.program().is_none());
    snapshot.hold(20, "curl", Runtime::Native, [1]);
    snapshot.hold(30, "java", Runtime::Java, [2, 3]);
    let Subject::Destination { program: Some(program), .. } = findings(&RULE, &snapshot).remove(0).subject else {
        panic!("no program");
    };
    assert_eq!(program.name, "java");
}
