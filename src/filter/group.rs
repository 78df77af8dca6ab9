//! The filter that takes the sockets of one group.

use super::prelude::*;
use crate::model::group::{Key, Value};

/// The filter that takes the sockets with this value of a key, as text; those without a value by its absence. `None`
/// where no filter takes them.
pub fn of_group(key: Key, value: &Value) -> Option<String> {
    let (side, program, unit) = (Side::Peer, Test::Program("*".into()), Test::Unit("*".into()));
    let (is_lacking, test) = match (key, value) {
        (Key::State, Value::State(state)) => (false, Test::States(StateSet::of(*state))),
        (Key::Local, Value::Address(address)) => (false, host(Side::Local, *address, None, None)),
        (Key::Local, Value::Path(path)) => (false, Test::Host(Side::Local, HostPattern::Unix(literal(path)))),
        (Key::LocalPort, Value::Port(port)) => (false, Test::Port(Side::Local, None, (*port).into())),
        (Key::PeerPort, Value::Port(port)) => (false, Test::Port(side, None, (*port).into())),
        (Key::Peer, Value::Address(address)) => (false, host(side, *address, None, None)),
        (Key::PeerNetwork { .. }, Value::Network(address, length)) => {
            (false, host(side, *address, Some(*length), None))
        }
        (Key::Service, Value::Endpoint(address, port)) => (false, host(side, *address, None, Some(*port))),
        (Key::Pid, Value::Pid(pid)) => (false, Test::Pid(*pid)),
        (Key::Program, Value::Name(name)) => (false, Test::Program(literal(name))),
        (Key::Unit, Value::Name(name)) => (false, Test::Unit(literal(name))),
        (Key::Container, Value::Name(id)) => (false, Test::Container(String::from_utf8_lossy(id).into())),
        // A socket that is not connected has port 0 for a peer.
        (Key::Peer | Key::PeerNetwork { .. } | Key::PeerPort | Key::Service, Value::Unknown) => {
            (false, Test::Port(side, None, 0))
        }
        (Key::Pid | Key::Program, Value::Unknown) => (true, program),
        (Key::Unit, Value::Unknown) => (true, unit),
        _ => return None,
    };
    let is = Expr::Is(Condition { op: Op::Equal, test });
    Some(if is_lacking { is.negated() } else { is }.to_string())
}

fn host(side: Side, address: IpAddr, length: Option<u8>, port: Option<u16>) -> Test {
    let length = length.unwrap_or(if address.is_ipv4() { 32 } else { 128 });
    Test::Host(side, HostPattern::Inet { address: (address, length), port })
}

/// The pattern that matches only this name; invalid UTF-8 becomes a wildcard.
fn literal(name: &[u8]) -> Box<str> {
    let mut pattern = String::new();
    for c in String::from_utf8_lossy(name).chars() {
        match c {
            char::REPLACEMENT_CHARACTER => pattern.push('*'),
            '*' | '?' | '[' | '\\' => pattern.extend(['\\', c]),
            c => pattern.push(c),
        }
    }
    pattern.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        filter::{Filter, names::NoNames},
        model::state::State,
    };

    #[test]
    fn the_filter_of_a_group_reads_back() {
        let name = |name: &str| Value::Name(name.as_bytes().into());
        let network = Key::PeerNetwork { v4: 24, v6: 64 };
        for (key, value, text) in [
            (Key::State, Value::State(State::CLOSE_WAIT), "close-wait"),
            (Key::LocalPort, Value::Port(443), "sport = :443"),
            (Key::Service, Value::Endpoint([10, 0, 0, 7].into(), 5432), "dst 10.0.0.7:5432"),
            (Key::Service, Value::Endpoint("2001:db8::1".parse().unwrap(), 80), "dst [2001:db8::1]:80"),
            (Key::Service, Value::Unknown, "dport = :0"),
            (network, Value::Network([10, 0, 0, 0].into(), 24), "dst 10.0.0.0/24"),
            (network, Value::Network("2001:db8::".parse().unwrap(), 64), "dst [2001:db8::/64]"),
            (Key::Pid, Value::Pid(7), "pid = 7"),
            (Key::Program, name("nginx"), "proc = nginx"),
            (Key::Program, name("a b*(c)"), r"proc = a\ b\\*\(c\)"),
            (Key::Program, Value::Name(b"a\xff"[..].into()), "proc = a*"),
            (Key::Program, Value::Unknown, "not proc = *"),
            (Key::Unit, name("session-3.scope"), "unit = session-3.scope"),
            (Key::Unit, Value::Unknown, "not unit = *"),
        ] {
            let filter = of_group(key, &value).unwrap();
            assert_eq!(filter, text);
            let read = Filter::parse(&filter, &NoNames);
            assert!(read.is_ok(), "{filter}: {read:?}");
        }
        assert_eq!(of_group(Key::Direction, &Value::Unknown), None);
    }
}
