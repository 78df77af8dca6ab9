//! Drops of the buffer, of a filter, and of another socket.

use super::{
    super::fixture::{findings, severities, snapshot, socket},
    *,
};
use crate::model::{finding::Runtime, snapshot::Snapshot, state::State};

fn receiver(number: u32, drops: u32) -> Seen {
    let mut seen = socket(State::CLOSE, number);
    (seen.socket.local_port, seen.socket.peer_port) = (5140, 0);
    if let Some(memory) = &mut seen.memory {
        (memory.drops, memory.rcvbuf) = (Some(drops), 212_992);
    }
    seen
}

/// Drops of the socket and errors of the namespace, at the first sample and at the second.
fn host(drops: (u32, u32), errors: (u64, u64)) -> Snapshot {
    let mut snapshot = snapshot();
    snapshot.now.udp = Some(vec![receiver(1, drops.1)]);
    snapshot.now.counter("UdpRcvbufErrors", errors.1);
    if let Some(before) = &mut snapshot.before {
        before.udp = Some(vec![receiver(1, drops.0)]);
        before.counter("UdpRcvbufErrors", errors.0);
    }
    snapshot.hold(4321, "syslogd", Runtime::Native, [1]);
    snapshot
}

fn one_sample(mut snapshot: Snapshot) -> Snapshot {
    snapshot.before = None;
    snapshot
}

#[test]
fn drops_that_rise_with_the_errors_are_a_warning() {
    let found = findings(&RULE, &host((10, 54), (10, 54)));
    assert_eq!((found[0].severity, found[0].confidence), (Severity::Warning, Confidence::Proven));
    assert!(found[0].title.values.contains(&("count", Word::Count(44))));
    assert_eq!(severities(&RULE, &host((0, 1), (0, 1))), [Severity::Warning]);
}

#[test]
fn drops_of_the_past_are_a_notice() {
    assert_eq!(severities(&RULE, &host((54, 54), (54, 54))), [Severity::Notice]);
    assert_eq!(severities(&RULE, &one_sample(host((0, 54), (0, 54)))), [Severity::Notice]);
}

#[test]
fn a_socket_filter_is_not_the_buffer() {
    assert_eq!(severities(&RULE, &host((0, 50), (0, 0))), []);
    assert_eq!(severities(&RULE, &one_sample(host((0, 50), (0, 0)))), []);
    // Errors of another socket, in the past.
    assert_eq!(severities(&RULE, &host((0, 50), (7, 7))), [Severity::Notice]);
}

#[test]
fn errors_of_another_socket_are_not_this_ones() {
    assert_eq!(severities(&RULE, &host((0, 0), (0, 44))), []);
}

#[test]
fn a_filter_beside_a_full_buffer_is_distinguished() {
    let found = findings(&RULE, &host((0, 60), (0, 44))).remove(0);
    assert_eq!(found.confidence, Confidence::Likely);
    assert!(found.title.values.contains(&("count", Word::Count(44))));
}

#[test]
fn ipv6_has_a_counter_of_its_own() {
    let mut snapshot = host((0, 44), (0, 0));
    snapshot.now.counter("Udp6RcvbufErrors", 44);
    assert_eq!(severities(&RULE, &snapshot), []);
    for seen in snapshot.now.udp.iter_mut().flatten() {
        seen.socket.family = Family::Inet6;
    }
    assert_eq!(severities(&RULE, &snapshot), [Severity::Warning]);
}

#[test]
fn sockets_that_share_a_port_are_one_finding() {
    let mut snapshot = host((0, 10), (0, 30));
    snapshot.now.udp.get_or_insert_default().push(receiver(2, 20));
    let found = findings(&RULE, &snapshot);
    assert_eq!((found.len(), found[0].subject.kind(), found[0].inodes.len()), (1, "listener", 2));
}

#[test]
fn a_connected_socket_is_reported_by_its_program() {
    let mut snapshot = host((0, 10), (0, 10));
    for seen in snapshot.now.udp.iter_mut().flatten() {
        seen.socket.peer_port = 53;
    }
    assert_eq!(findings(&RULE, &snapshot)[0].subject.kind(), "process");
}

#[test]
fn the_buffer_and_its_caps_are_raised_to_hold_four_times_as_much() {
    let commands = |snapshot: &Snapshot| -> Vec<ShellCommand> {
        let remedies = findings(&RULE, snapshot).remove(0).remedies;
        remedies.into_iter().filter_map(|remedy| remedy.command).collect()
    };
    let mut snapshot = host((0, 10), (0, 10));
    let default = "sysctl -w net.core.rmem_default=851968";
    assert_eq!(commands(&snapshot), ["sysctl -w net.core.rmem_max=425984", default]);
    snapshot.sysctls.insert("net.core.rmem_max".to_owned(), "8388608".to_owned());
    assert_eq!(commands(&snapshot), [default]);
    for memory in snapshot.now.udp.iter_mut().flatten().filter_map(|seen| seen.memory.as_mut()) {
        memory.rcvbuf = 425_984;
    }
    assert!(commands(&snapshot).is_empty());
}

/// The same with drops that no full buffer made: the errors of the whole namespace, and those for lack of memory.
fn without_memory(drops: u32, errors: u64, memory: Option<u64>) -> Snapshot {
    let mut snapshot = host((0, drops), (0, 0));
    for (name, value) in [("UdpInErrors", Some(errors)), ("UdpMemErrors", memory)] {
        snapshot.now.counters.extend(value.map(|value| (name.to_owned(), value)));
    }
    snapshot
}

fn titles(snapshot: &Snapshot) -> Vec<&'static str> {
    findings(&RULE, snapshot).iter().map(|found| found.title.id).collect()
}

#[test]
fn drops_without_memory_are_reported_from_those_of_a_filter() {
    // Linux before 6.18 counts them, 6.18 does not.
    assert_eq!(titles(&without_memory(50, 50, Some(50))), ["title-memory-now"]);
    assert_eq!(titles(&without_memory(50, 0, Some(0))), ["title-memory-now"]);
    assert_eq!(titles(&one_sample(without_memory(50, 0, None))), ["title-memory"]);
    assert_eq!(titles(&without_memory(50, 50, Some(0))), Vec::<&str>::new());
    let mut v6 = without_memory(50, 0, Some(0));
    v6.now.udp.iter_mut().flatten().for_each(|seen| seen.socket.family = Family::Inet6);
    assert_eq!(titles(&v6), Vec::<&str>::new(), "the errors of IPv6 are not known");
    v6.now.counter("Udp6InErrors", 0);
    assert_eq!(titles(&v6), ["title-memory-now"]);
    // A filter dropped datagrams after the counters were read.
    assert_eq!(titles(&without_memory(9, 0, Some(0))), Vec::<&str>::new());
    assert_eq!(titles(&without_memory(50, 26, Some(0))), Vec::<&str>::new());
}

#[test]
fn more_memory_is_of_the_cgroup_unless_the_host_has_none() {
    let mut snapshot = without_memory(50, 0, Some(0));
    snapshot.sysctls.insert(UDP_MEM.to_owned(), "10\t20\t30".to_owned());
    let commands = |snapshot: &Snapshot| -> Vec<String> {
        let remedies = findings(&RULE, snapshot).remove(0).remedies;
        remedies.iter().filter_map(|remedy| remedy.command.as_deref()).map(str::to_owned).collect()
    };
    assert!(commands(&snapshot)[0].contains("/proc/4321/cgroup"), "{:?}", commands(&snapshot));
    snapshot.now.sockstat = Some(crate::model::snapshot::Sockstat { udp_pages: Some(27), ..Default::default() });
    assert_eq!(commands(&snapshot), ["sysctl -w net.ipv4.udp_mem='15 30 45'"]);
}
