//! Options of `ss` select in their order.

use super::*;

fn sockets(line: &str) -> SsSockets {
    let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
    match SsOptions::read_line(&arguments) {
        Some(SsOptions::Sockets(sockets)) => *sockets,
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn options_select_in_their_order() {
    assert_eq!(sockets("-t").tables, [Netid::Tcp]);
    assert_eq!(sockets("-t -A udp").tables, [Netid::Udp], "-A begins anew");
    assert_eq!(sockets("-A tcp,!tcp").tables, []);
    assert_eq!(sockets("-4 -6").preferred, Some(Family::Inet6));
    assert!(sockets("-4").tables.contains(&Netid::Sctp));
    assert!(!sockets("-a").tables.contains(&Netid::TipcStream));
    assert_eq!(sockets("-a -l").states, StateSet::of(State::LISTEN).with(State::CLOSE));
    assert_eq!(sockets("-l -a").states, StateSet::ALL);
}

#[test]
fn states_are_those_of_the_tables_unless_they_are_named() {
    assert_eq!(sockets("-t").states, connected());
    assert!(sockets("-u").states.is_single() && sockets("-0").states.is_single());
    assert!(sockets("-t -0").states.contains(State::CLOSE));
    assert_eq!(sockets("-A udp").states, connected(), "-A has those of TCP");
    let named = sockets("-t state listening exclude listening state close-wait sport = 1");
    assert_eq!(named.states, StateSet::of(State::CLOSE_WAIT));
    assert_eq!(named.filter, ["sport", "=", "1"]);
    assert_eq!(sockets("-t exclude all").states, connected(), "none at all is no choice");
}
