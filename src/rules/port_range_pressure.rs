//! Nearly every port of the ephemeral range is in use, over all destinations.
//!
//! Seen: 90 % of the distinct ports are taken over all destinations. A healthy proxy with 100,000 connections has that,
//! for `connect()` shares a port between destinations. It hurts programs that bind before they connect, or let the
//! system choose a port to listen on: they need a free port (`inet_csk_find_open_port()` in
//! net/ipv4/inet_connection_sock.c) and get `EADDRINUSE`. So it is a warning only where there are such programs:
//! sockets that are bound and unused, or connections that share no ports although there are several destinations.
//! (`bind()` to port 0 leaves no mark: the kernel's AUTO condition takes such a port for one of `connect()`.)

use super::{
    ports::Ports,
    prelude::*,
    routes::{self, range_remedies},
};

/// The part of the range from which finding a free port takes long and soon fails.
const SHARE: Threshold = Threshold::ratio("share", 0.90);
/// The part of the connections beyond the busiest destination that must share a port, if `connect()` chose the ports:
/// it begins with the same half of the range for every destination, so that nearly all would.
const SHARED: f64 = 0.5;
/// How large the other destinations together must be for that to mean something.
const OTHERS: f64 = 0.1;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "port-range-pressure",
    severities: &[Severity::Warning, Severity::Notice],
    thresholds: &[SHARE],
    needs: &[Need::Tcp, Need::Sysctl("net.ipv4.ip_local_port_range")],
    relations: &[Relation::contributes("port-exhaustion", SharedBy::Route)],
    evaluate: Evaluate::One(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Option<Finding> {
    let ports = Ports::of(input)?;
    let used = u64::from(input.now().ephemeral_ports_used?);
    let usable = ports.usable();
    if used == 0 || (used as f64) < input.limit(&SHARE) * usable as f64 {
        return None;
    }
    let bound = input.now().bound_inactive.as_deref().unwrap_or_default();
    let bound: Vec<u32> =
        bound.iter().filter(|socket| ports.contains(socket.local_port)).map(|socket| socket.inode).collect();
    let sharing = Sharing::of(input, used);
    let binds = sharing.is_missing();
    let severity = if binds || !bound.is_empty() { Severity::Warning } else { Severity::Notice };
    let proof = Sentence::plain(if binds { "proof-unshared" } else { "proof" })
        .count("connections", sharing.connections)
        .count("destinations", sharing.destinations)
        .count("used", used);
    let largest = input.now().outbound.values().max_by_key(|usage| usage.sockets());
    let inodes = bound.iter().copied().chain(largest.iter().flat_map(|usage| usage.inodes.iter().copied()));
    let mut finding = input
        .finding(severity, Subject::Host)
        .count("count", used.min(usable))
        .count("usable", usable)
        .why(if severity == Severity::Warning { "why-bound" } else { "why" })
        .proof(proof)
        .evidence("ports_used", Figure::Count(used), "inet_diag")
        .evidence("ports_usable", Figure::Count(usable), "net.ipv4.ip_local_port_range")
        .evidence("connections", Figure::Count(sharing.connections), "inet_diag")
        .evidence("destinations", Figure::Count(sharing.destinations), "inet_diag")
        .over(input.now().outbound.keys().map(routes::flow))
        .about(inodes.collect(), used);
    if input.now().bound_inactive.is_some() {
        finding = finding.evidence("bound_inactive", Figure::Count(bound.len() as u64), "BOUND_INACTIVE");
    }
    if !bound.is_empty() {
        finding = finding.proof(Sentence::plain("proof-bound").count("count", bound.len() as u64));
    } else if binds {
        finding = finding.confidence(Confidence::Inferred);
    }
    if severity == Severity::Warning {
        let code = Remedy::new(RemedyKind::Code, "fix-no-port");
        finding = finding.remedy(code.needs("needs-no-port"));
    }
    finding = finding.remedy(Remedy::new(RemedyKind::Config, "fix-sources"));
    finding.remedies.extend(range_remedies(input));
    Some(finding.myth("myth"))
}

/// How the connections of all destinations share their ports.
struct Sharing {
    connections: u64,
    destinations: u64,
    /// Connections of all destinations but the busiest.
    others: u64,
    /// Connections whose port another one has too.
    shared: u64,
}

impl Sharing {
    fn of(input: &RuleInput<'_>, used: u64) -> Sharing {
        let counts = || input.now().outbound.values().map(|usage| usage.sockets());
        let connections: u64 = counts().sum();
        let others = connections - counts().max().unwrap_or(0);
        let destinations = counts().count() as u64;
        Sharing { connections, destinations, others, shared: connections.saturating_sub(used) }
    }

    /// Whether ports are not shared though `connect()` would have: the program bound them before.
    fn is_missing(&self) -> bool {
        let others = self.others as f64;
        others >= OTHERS * self.connections as f64 && others > 0.0 && (self.shared as f64) < SHARED * others
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, route, severities, snapshot, socket, ten},
        *,
    };
    use crate::model::{snapshot::Snapshot, state::State};

    /// 100 ports, of which this number are in use; connections to two destinations.
    fn with(used: u32, first: u64, second: u64) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.sysctls.insert("net.ipv4.ip_local_port_range".into(), "40000\t40099".into());
        snapshot.now.ephemeral_ports_used = Some(used);
        let routes = [route(ten(8), 443, State::ESTABLISHED, first), route(ten(9), 443, State::ESTABLISHED, second)];
        snapshot.now.outbound.extend(routes);
        snapshot
    }

    #[test]
    fn a_proxy_whose_ports_are_shared_is_worth_knowing() {
        assert_eq!(severities(&RULE, &with(89, 80, 80)), []);
        assert_eq!(severities(&RULE, &with(90, 80, 80)), [Severity::Notice]);
    }

    #[test]
    fn ports_that_are_not_shared_were_bound_before() {
        let finding = findings(&RULE, &with(90, 45, 45)).remove(0);
        assert_eq!((finding.severity, finding.confidence), (Severity::Warning, Confidence::Inferred));
        assert_eq!(finding.remedies[0].text.id, "fix-no-port");
    }

    #[test]
    fn one_destination_shares_nothing_and_proves_nothing() {
        assert_eq!(severities(&RULE, &with(90, 90, 0)), [Severity::Notice]);
        assert_eq!(severities(&RULE, &with(90, 85, 5)), [Severity::Notice]);
    }

    #[test]
    fn sockets_bound_and_unused_make_it_a_warning() {
        let mut snapshot = with(90, 80, 80);
        let mut bound = socket(State::BOUND_INACTIVE, 5).socket;
        bound.local_port = 8080;
        snapshot.now.bound_inactive = Some(vec![bound.clone()]);
        assert_eq!(severities(&RULE, &snapshot), [Severity::Notice]);
        bound.local_port = 40_007;
        snapshot.now.bound_inactive = Some(vec![bound]);
        assert_eq!(severities(&RULE, &snapshot), [Severity::Warning]);
    }
}
