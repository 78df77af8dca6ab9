//! What has to be asked for before a filter can be evaluated.

use super::{
    Filter,
    tree::{Condition, Expr, HostPattern, Op, Side, Test},
};
use crate::model::{family::Family, needs::Needs, state::State};

impl Filter {
    /// What has to be fetched before it can be evaluated.
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
        let mut beyond = false;
        let mut see = |test: &Test| {
            beyond |= match test {
                Test::States(_) | Test::Family(_) | Test::Autobound | Test::Port(..) | Test::Device(_) => false,
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

    /// The families whose tables the filter asks for, in the order of the text, both of the internet as IPv4: `src
    /// unix:/run/*` asks for UNIX sockets, as in `ss`. None where it asks for all.
    pub fn families(&self) -> Vec<Family> {
        let mut families = self.expr.iter().flat_map(Expr::conjuncts).find_map(only_families).unwrap_or_default();
        if !families.is_empty() {
            return families;
        }
        let mut see = |test: &Test| {
            let family = match test {
                Test::Port(_, family, _) => *family,
                Test::Host(_, host) => match host {
                    HostPattern::Any(_) => None,
                    // An address alone asks for no table.
                    HostPattern::Inet { .. } => None,
                    HostPattern::Unix(_) => Some(Family::Unix),
                    HostPattern::Packet { .. } => Some(Family::Packet),
                    HostPattern::Netlink { .. } => Some(Family::Netlink),
                    HostPattern::Vsock { .. } => Some(Family::Vsock),
                },
                _ => None,
            };
            if let Some(family) = family.filter(|family| !families.contains(family)) {
                families.push(family);
            }
        };
        if let Some(expr) = &self.expr {
            expr.each(&mut |condition| see(&condition.test));
        }
        families
    }
}

/// The families of an expression that asks for nothing else.
fn only_families(expr: &Expr) -> Option<Vec<Family>> {
    let parts = match expr {
        Expr::Or(parts) => parts.as_slice(),
        other => std::slice::from_ref(other),
    };
    let family = |part: &Expr| match part {
        Expr::Is(Condition { op: Op::Equal, test: Test::Family(Family::Inet | Family::Inet6) }) => Some(Family::Inet),
        Expr::Is(Condition { op: Op::Equal, test: Test::Family(family) }) => Some(*family),
        _ => None,
    };
    let mut families: Vec<Family> = parts.iter().map(family).collect::<Option<_>>()?;
    families.dedup();
    Some(families)
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
    fn named_families_are_told() {
        assert_eq!(
            filter("src unix:/run/* or dst netlink:*:kernel or dst unix:*").families(),
            [Family::Unix, Family::Netlink]
        );
        assert_eq!(filter("src 10.0.0.1 or sport = 80").families(), []);
        assert_eq!(filter("src inet:10.0.0.1 or not sport = inet6:80").families(), [Family::Inet]);
        assert_eq!(filter("src inet6:* or src unix:/run/*").families(), [Family::Inet, Family::Unix]);
        assert_eq!(filter("not family = unix").families(), []);
        assert_eq!(filter("sport = vsock:80").families(), [Family::Vsock]);
    }
}
