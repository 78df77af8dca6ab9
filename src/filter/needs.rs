//! The data to read before a filter can be evaluated.

use super::{Filter, prelude::*};
use crate::model::{family::Protocol, needs::Needs};

impl Filter {
    /// The data to read before it can be evaluated.
    pub fn needs(&self) -> Needs {
        let mut needs = Needs::empty();
        let mut see = |test: &Test| {
            needs |= match test {
                Test::Idle(_) | Test::Rtt(_) => Needs::INFO,
                // The age in TIME_WAIT is what its timer has left.
                Test::Age(_) => Needs::INFO.when(self.states.contains(State::CLOSE_WAIT)),
                Test::Pid(_) | Test::Program(_) => Needs::OWNERS,
                Test::Unit(_) | Test::Container(_) => Needs::OWNERS | Needs::PLACES,
                Test::Netns(_) => Needs::NETNS,
                Test::Autobound => Needs::EPHEMERAL_PORTS | Needs::UNIX_PEERS,
                Test::Host(_, HostPattern::Unix(_)) => Needs::UNIX_PEERS,
                Test::Host(Side::Peer, HostPattern::Any(Some(_))) | Test::Port(Side::Peer, ..) => Needs::UNIX_PEERS,
                _ => Needs::empty(),
            };
        };
        if let Some(expr) = &self.expr {
            expr.each(&mut |condition| see(&condition.test));
        }
        needs
    }

    /// Whether it asks for something `ss` has no words for: owners, measures, a bare address, port or program.
    pub fn goes_beyond_ss(&self) -> bool {
        let mut beyond = self.beyond;
        let mut see = |test: &Test| {
            beyond |= match test {
                Test::States(_)
                | Test::Family(_)
                | Test::Protocol(_)
                | Test::Autobound
                | Test::Port(..)
                | Test::Device(_) => false,
                Test::Mark { .. } | Test::Cgroup { .. } => false,
                Test::Host(side, _) => *side == Side::Either,
                _ => true,
            };
        };
        if let Some(expr) = &self.expr {
            expr.each(&mut |condition| see(&condition.test));
        }
        beyond
    }

    /// Whether it tests a field that only a living socket has: a state, a timer, keepalive.
    pub fn is_of_living(&self) -> bool {
        self.names_states || self.tests_timers()
    }

    /// Whether it asks for a timer or keepalive.
    pub fn tests_timers(&self) -> bool {
        let mut is = false;
        if let Some(expr) = &self.expr {
            expr.each(&mut |condition| is |= matches!(condition.test, Test::Timer(_) | Test::Keepalive(_)));
        }
        is
    }

    /// The tables that the filter selects, in the order of the text: `src unix:/run/*` selects UNIX sockets, as in
    /// `ss`, and `udp:53` those of UDP. An internet family selects those of `internet`. Empty means all.
    pub fn protocols(&self, internet: &[Protocol]) -> Vec<Protocol> {
        let mut protocols = self.expr.as_ref().and_then(|expr| asked(expr, internet)).unwrap_or_default();
        if protocols.is_empty() {
            let mut see = |test: &Test| {
                protocols.extend(match test {
                    Test::Port(_, Some(family), _) => of_family(*family, internet),
                    Test::Host(_, HostPattern::Unix(_)) => &[Protocol::Unix],
                    Test::Host(_, HostPattern::Packet { .. }) => &[Protocol::Packet],
                    Test::Host(_, HostPattern::Netlink { .. }) => &[Protocol::Netlink],
                    Test::Host(_, HostPattern::Vsock { .. }) => &[Protocol::Vsock],
                    // An address alone asks for no table.
                    _ => &[],
                });
            };
            if let Some(expr) = &self.expr {
                expr.each(&mut |condition| see(&condition.test));
            }
        }
        let mut seen = 0u16;
        protocols.retain(|protocol| {
            let bit = 1 << *protocol as u16;
            let is_new = seen & bit == 0;
            seen |= bit;
            is_new
        });
        protocols
    }
}

/// The tables of an expression that can hold in no other.
fn asked(expr: &Expr, internet: &[Protocol]) -> Option<Vec<Protocol>> {
    match expr {
        Expr::Is(Condition { op: Op::Equal, test: Test::Protocol(protocol) }) => Some(vec![*protocol]),
        Expr::Is(Condition { op: Op::Equal, test: Test::Family(family) }) => {
            Some(of_family(*family, internet).to_vec()).filter(|tables| !tables.is_empty())
        }
        Expr::And(parts) => {
            let each = parts.iter().filter_map(|part| asked(part, internet));
            each.reduce(|one, other| if other.len() < one.len() { other } else { one })
        }
        Expr::Or(parts) => {
            parts.iter().map(|part| asked(part, internet)).collect::<Option<Vec<_>>>().map(|all| all.concat())
        }
        _ => None,
    }
}

fn of_family(family: Family, internet: &[Protocol]) -> &[Protocol] {
    match family {
        Family::Inet | Family::Inet6 => internet,
        Family::Unix => &[Protocol::Unix],
        Family::Packet => &[Protocol::Packet],
        Family::Netlink => &[Protocol::Netlink],
        Family::Vsock => &[Protocol::Vsock],
        Family::Tipc => &[Protocol::Tipc],
        Family::Xdp => &[Protocol::Xdp],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::names::NoNames;

    fn filter(text: &str) -> Filter {
        Filter::parse(text, &NoNames).unwrap()
    }

    #[test]
    fn only_what_is_tested_is_needed() {
        assert_eq!(filter("close-wait dport = inet::80 recvq > 0").needs(), Needs::UNIX_PEERS);
        assert_eq!(filter("not (rtt > 1ms)").needs(), Needs::INFO);
        assert_eq!(filter("age > 1s").needs(), Needs::INFO);
        assert_eq!(filter("time-wait age > 1s").needs(), Needs::empty());
        assert_eq!(filter("proc = a or listen").needs(), Needs::OWNERS);
        assert_eq!(filter("unit = a").needs(), Needs::OWNERS | Needs::PLACES);
        assert_eq!(filter("user = 0").needs(), Needs::empty());
    }

    #[test]
    fn named_families_are_reported() {
        let asked = |text: &str| filter(text).protocols(&[Protocol::Tcp, Protocol::Udp]);
        assert_eq!(asked("src unix:/run/* or dst netlink:*:kernel or dst unix:*"), [Protocol::Unix, Protocol::Netlink]);
        assert_eq!(asked("src 10.0.0.1 or sport = 80"), []);
        assert_eq!(asked("src inet:10.0.0.1 or not sport = inet6:80"), [Protocol::Tcp, Protocol::Udp]);
        assert_eq!(asked("src inet6:* or src unix:/run/*"), [Protocol::Tcp, Protocol::Udp, Protocol::Unix]);
        assert_eq!(asked("not family = unix"), []);
        assert_eq!(asked("sport = vsock:80"), [Protocol::Vsock]);
        assert_eq!(asked("/run/x"), [Protocol::Unix]);
        assert_eq!(asked("udp:53 or tcp:53 and listen"), [Protocol::Udp, Protocol::Tcp]);
        assert_eq!(asked("port 53 listen udp"), [Protocol::Udp]);
        assert_eq!(asked("udp or listen"), []);
        assert_eq!(asked("not udp"), []);
        assert_eq!(filter("udp port 53").protocols(&[]), [Protocol::Udp]);
        assert_eq!(filter("tcp6 or inet").protocols(&[]), []);
    }
}
