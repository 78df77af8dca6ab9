//! What has to be asked for before a filter can be evaluated.

use super::{
    Filter,
    tree::{Condition, Expr, HostPattern, Op, Side, Test},
};
use crate::model::{family::Family, state::State};

/// What a filter needs beyond the common fields of a record.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Needs {
    /// `INET_DIAG_INFO`, which takes each socket's lock.
    pub tcp_info: bool,
    /// Which processes hold the sockets, and what they run.
    pub owners: bool,
    /// Units and containers: from the processes, or from the socket's own cgroup.
    pub places: bool,
    /// User ids, which UNIX sockets give on request only.
    pub uid: bool,
    /// `INET_DIAG_MARK`, which takes CAP_NET_ADMIN.
    pub mark: bool,
    /// `INET_DIAG_CGROUP_ID`.
    pub cgroup: bool,
    /// Labels of network namespaces.
    pub netns: bool,
    /// The range of ports the kernel gives out.
    pub ephemeral_ports: bool,
    /// Names and peers of UNIX sockets.
    pub unix_names: bool,
}

impl Filter {
    /// What it needs.
    pub fn needs(&self) -> Needs {
        let mut needs = Needs::default();
        let mut see = |test: &Test| match test {
            Test::Idle(_) | Test::Rtt(_) => needs.tcp_info = true,
            // The age in TIME_WAIT is what its timer has left.
            Test::Age(_) => needs.tcp_info |= self.states.contains(State::CLOSE_WAIT),
            Test::Pid(_) | Test::Program(_) => needs.owners = true,
            Test::Unit(_) | Test::Container(_) => (needs.owners, needs.places, needs.cgroup) = (true, true, true),
            Test::User(_) => needs.uid = true,
            Test::Mark { .. } => needs.mark = true,
            Test::Cgroup { .. } => needs.cgroup = true,
            Test::Netns(_) => needs.netns = true,
            Test::Autobound => (needs.ephemeral_ports, needs.unix_names) = (true, true),
            Test::Host(_, HostPattern::Unix(_)) => needs.unix_names = true,
            Test::Host(Side::Peer, HostPattern::Any(Some(_))) | Test::Port(Side::Peer, ..) => needs.unix_names = true,
            _ => {}
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
        assert_eq!(
            filter("close-wait dport = inet::80 recvq > 0").needs(),
            Needs { unix_names: true, ..Needs::default() }
        );
        assert!(filter("not (rtt > 1ms)").needs().tcp_info);
        assert!(filter("age > 1s").needs().tcp_info);
        assert!(!filter("time-wait age > 1s").needs().tcp_info);
        assert!(filter("proc = a or listen").needs().owners);
        assert!(filter("user = 0").needs().uid);
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
