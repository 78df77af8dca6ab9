//! Why an attempt to connect ended as it did, and which findings bear on it.

use std::net::{IpAddr, SocketAddr};

use crate::model::{
    finding::{Finding, Severity, Subject},
    reach::{AttemptEnd, AttemptReport, IcmpError},
};

/// Why an attempt ended as it did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReachCause {
    /// Connected.
    Reached,
    /// Connected, and closed with a FIN within half a second.
    ClosedAtOnce,
    /// Connected, and reset within half a second.
    ResetAtOnce,
    /// A RST of another host.
    Refused,
    /// A RST of this host: nothing listens on the port.
    NoListener,
    /// A RST of this host: the listener of the port has another address.
    WrongAddress,
    /// A RST of this host: the listener of the port has the other family.
    WrongFamily,
    /// A RST of this host although a socket listens there.
    RefusedByFirewall,
    /// No answer, and the accept queue of the listener on this host is full.
    QueueFull,
    /// No answer on this host.
    DroppedHere,
    /// No answer: the SYNs did not leave this host.
    KeptBack,
    /// The next hop did not give its link-layer address.
    Unresolved,
    /// No answer, for a reason that cannot be seen from here.
    NoAnswer,
    /// An ICMP error of this host.
    RejectedHere,
    /// An ICMP error of another host.
    Rejected,
    /// The route is missing, or refuses.
    NoRoute,
    /// No local port or address is left.
    NoPorts,
    /// This process, or the host, has no descriptor left.
    NoDescriptors,
    /// This host forbids the connection.
    Forbidden,
    /// Any other error of a system call.
    Failed,
}

impl ReachCause {
    /// Its word in messages and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            ReachCause::Reached => "reached",
            ReachCause::ClosedAtOnce => "closed-at-once",
            ReachCause::ResetAtOnce => "reset-at-once",
            ReachCause::Refused => "refused",
            ReachCause::NoListener => "no-listener",
            ReachCause::WrongAddress => "wrong-address",
            ReachCause::WrongFamily => "wrong-family",
            ReachCause::RefusedByFirewall => "refused-by-firewall",
            ReachCause::QueueFull => "queue-full",
            ReachCause::DroppedHere => "dropped-here",
            ReachCause::KeptBack => "kept-back",
            ReachCause::Unresolved => "unresolved",
            ReachCause::NoAnswer => "no-answer",
            ReachCause::RejectedHere => "rejected-here",
            ReachCause::Rejected => "rejected",
            ReachCause::NoRoute => "no-route",
            ReachCause::NoPorts => "no-ports",
            ReachCause::NoDescriptors => "no-descriptors",
            ReachCause::Forbidden => "forbidden",
            ReachCause::Failed => "failed",
        }
    }

    /// Why an attempt ended as it did.
    pub fn of(report: &AttemptReport) -> ReachCause {
        let attempt = &report.attempt;
        match &attempt.end {
            AttemptEnd::Open => ReachCause::Reached,
            AttemptEnd::Closed { reset: true, .. } => ReachCause::ResetAtOnce,
            AttemptEnd::Closed { reset: false, .. } => ReachCause::ClosedAtOnce,
            AttemptEnd::Refused if report.is_local() => refused_here(report),
            AttemptEnd::Refused => ReachCause::Refused,
            AttemptEnd::Silent => silent(report),
            AttemptEnd::Rejected(icmp) => rejected(report, icmp.as_ref()),
            AttemptEnd::Failed => failed(report),
        }
    }

    /// Whether the address was reached: a connection that is closed at once is of no use.
    pub fn is_reached(self) -> bool {
        self == ReachCause::Reached
    }

    /// Rules that speak of the whole host and bear on such an end.
    fn rules(self) -> &'static [&'static str] {
        match self {
            ReachCause::NoPorts => &["port-range-pressure", "tw-reuse-blocked", "tw-bucket-limit", "bound-inactive"],
            ReachCause::NoDescriptors => &["fd-near-limit", "file-table-near-limit"],
            ReachCause::QueueFull | ReachCause::DroppedHere => {
                &["listen-drops", "syn-drop-no-cookies", "conntrack-near-limit", "program-hung"]
            }
            ReachCause::KeptBack | ReachCause::NoAnswer | ReachCause::Forbidden => &["conntrack-near-limit"],
            _ => &[],
        }
    }
}

fn refused_here(report: &AttemptReport) -> ReachCause {
    let to = report.attempt.to.ip();
    match report.listeners.as_slice() {
        [] => ReachCause::NoListener,
        all if all.iter().any(|listener| listener.takes(to)) => ReachCause::RefusedByFirewall,
        all if all.iter().any(|listener| listener.address.is_ipv4() == to.is_ipv4()) => ReachCause::WrongAddress,
        _ => ReachCause::WrongFamily,
    }
}

fn silent(report: &AttemptReport) -> ReachCause {
    let to = report.attempt.to.ip();
    if report.is_local() {
        let mut taking = report.listeners.iter().filter(|listener| listener.takes(to));
        return if taking.any(|one| one.is_full()) { ReachCause::QueueFull } else { ReachCause::DroppedHere };
    }
    match &report.neighbour {
        Some(neighbour) if neighbour.is_unresolved() => ReachCause::Unresolved,
        _ if report.kept_back => ReachCause::KeptBack,
        _ => ReachCause::NoAnswer,
    }
}

fn rejected(report: &AttemptReport, icmp: Option<&IcmpError>) -> ReachCause {
    let own = |address: IpAddr| report.attempt.from.is_some_and(|from| from.ip() == address);
    let from_here = report.is_local() || icmp.and_then(|icmp| icmp.sender).is_some_and(own);
    match &report.neighbour {
        // The kernel itself reports "host unreachable" if the next hop is silent.
        Some(neighbour) if neighbour.is_unresolved() && (from_here || icmp.is_none()) => ReachCause::Unresolved,
        _ if from_here => ReachCause::RejectedHere,
        _ => ReachCause::Rejected,
    }
}

fn failed(report: &AttemptReport) -> ReachCause {
    match report.attempt.errno.unwrap_or(0) {
        libc::EMFILE | libc::ENFILE => ReachCause::NoDescriptors,
        libc::EADDRNOTAVAIL => ReachCause::NoPorts,
        errno if report.route == Err(errno) => ReachCause::NoRoute,
        libc::ENETUNREACH | libc::EHOSTUNREACH => ReachCause::NoRoute,
        libc::EACCES | libc::EPERM => ReachCause::Forbidden,
        _ => ReachCause::Failed,
    }
}

/// Keeps the findings that bear on attempts, each with the cause it is folded beneath.
pub fn bearing(mut findings: Vec<Finding>, reports: &[AttemptReport]) -> Vec<Finding> {
    let bears = |finding: &Finding| reports.iter().any(|report| bears_on(finding, report));
    let mut kept: Vec<bool> = findings.iter().map(bears).collect();
    loop {
        let wanted: Vec<String> = findings
            .iter()
            .zip(&kept)
            .filter_map(|(finding, &kept)| Some(finding.fold.as_ref().filter(|_| kept)?.into.clone()))
            .collect();
        let added = findings.iter().map(|finding| wanted.contains(&finding.id));
        let more: Vec<bool> = kept.iter().zip(added).map(|(&kept, added)| kept || added).collect();
        if more == kept {
            break;
        }
        kept = more;
    }
    let mut kept = kept.into_iter();
    findings.retain(|_| kept.next() == Some(true));
    findings
}

fn bears_on(finding: &Finding, report: &AttemptReport) -> bool {
    let to: SocketAddr = report.attempt.to;
    if ReachCause::of(report).is_reached() && finding.severity < Severity::Warning {
        return false;
    }
    match &finding.subject {
        Subject::Destination { address, port, .. } => *address == to.ip() && port.is_none_or(|port| port == to.port()),
        Subject::Listener { port, path: None, .. } => report.is_local() && *port == to.port(),
        _ => ReachCause::of(report).rules().contains(&finding.rule),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::model::{
        incident::{Fold, Link},
        reach::{Attempt, Hop, Neighbour, PortListener},
    };

    fn report(end: AttemptEnd, errno: Option<i32>, kind: u8) -> AttemptReport {
        let to = "10.0.0.2:80".parse().unwrap();
        let from = Some("10.0.0.1:40000".parse().unwrap());
        AttemptReport {
            zone: None,
            attempt: Attempt { to, from, end, errno, took: Duration::ZERO, syns: Some(3), received: 0 },
            route: Ok(Hop { kind, index: 2, interface: None, gateway: None, source: None }),
            neighbour: None,
            listeners: Vec::new(),
            ports: None,
            kept_back: false,
            descriptors: None,
        }
    }

    fn listening(address: &str, v6only: Option<bool>, queue: u32) -> PortListener {
        let address = address.parse().unwrap();
        PortListener { address, port: 80, v6only, program: None, queue, limit: Some(1), drops: None }
    }

    #[test]
    fn a_reset_of_this_host_is_distinguished_by_what_listens() {
        let of = |listeners: Vec<PortListener>| {
            ReachCause::of(&AttemptReport { listeners, ..report(AttemptEnd::Refused, None, 2) })
        };
        assert_eq!(of(vec![]), ReachCause::NoListener);
        assert_eq!(of(vec![listening("127.0.0.1", None, 0)]), ReachCause::WrongAddress);
        assert_eq!(of(vec![listening("::", Some(true), 0)]), ReachCause::WrongFamily);
        assert_eq!(of(vec![listening("::", Some(false), 0)]), ReachCause::RefusedByFirewall);
        assert_eq!(of(vec![listening("0.0.0.0", None, 0)]), ReachCause::RefusedByFirewall);
        assert_eq!(ReachCause::of(&report(AttemptEnd::Refused, None, 1)), ReachCause::Refused);
    }

    #[test]
    fn silence_is_distinguished_by_queue_and_next_hop() {
        let silent = |kind| report(AttemptEnd::Silent, None, kind);
        let full = AttemptReport { listeners: vec![listening("0.0.0.0", None, 2)], ..silent(2) };
        assert_eq!(ReachCause::of(&full), ReachCause::QueueFull);
        assert_eq!(ReachCause::of(&silent(2)), ReachCause::DroppedHere);
        assert_eq!(ReachCause::of(&silent(1)), ReachCause::NoAnswer);
        assert_eq!(ReachCause::of(&AttemptReport { kept_back: true, ..silent(1) }), ReachCause::KeptBack);
        let neighbour = |state| Some(Neighbour { address: [10, 0, 0, 2].into(), state });
        let unresolved = AttemptReport { neighbour: neighbour(0x01), kept_back: true, ..silent(1) };
        assert_eq!(ReachCause::of(&unresolved), ReachCause::Unresolved);
        assert_eq!(ReachCause::of(&AttemptReport { neighbour: neighbour(0x02), ..silent(1) }), ReachCause::NoAnswer);
    }

    #[test]
    fn an_icmp_error_is_of_who_sent_it() {
        let icmp = |sender: [u8; 4]| IcmpError { v6: false, kind: 3, code: 1, sender: Some(sender.into()) };
        let of = |sender| report(AttemptEnd::Rejected(Some(icmp(sender))), Some(libc::EHOSTUNREACH), 1);
        assert_eq!(ReachCause::of(&of([10, 0, 0, 9])), ReachCause::Rejected);
        assert_eq!(ReachCause::of(&of([10, 0, 0, 1])), ReachCause::RejectedHere);
        let neighbour = Some(Neighbour { address: [10, 0, 0, 2].into(), state: 0x20 });
        assert_eq!(ReachCause::of(&AttemptReport { neighbour, ..of([10, 0, 0, 1]) }), ReachCause::Unresolved);
    }

    #[test]
    fn an_error_at_once_is_distinguished_by_its_number_and_the_route() {
        let of = |errno, route| ReachCause::of(&AttemptReport { route, ..report(AttemptEnd::Failed, Some(errno), 1) });
        let way = report(AttemptEnd::Failed, None, 1).route;
        assert_eq!(of(libc::ENETUNREACH, Err(libc::ENETUNREACH)), ReachCause::NoRoute);
        assert_eq!(of(libc::EACCES, Err(libc::EACCES)), ReachCause::NoRoute, "a route that prohibits");
        assert_eq!(of(libc::EACCES, way.clone()), ReachCause::Forbidden);
        assert_eq!(of(libc::EADDRNOTAVAIL, way.clone()), ReachCause::NoPorts);
        assert_eq!(of(libc::EMFILE, Err(libc::EMFILE)), ReachCause::NoDescriptors);
        assert_eq!(of(libc::ENOBUFS, way), ReachCause::Failed);
    }

    #[test]
    fn findings_of_the_destination_come_with_their_cause() {
        let to = |port| Subject::Destination { source: None, address: [10, 0, 0, 2].into(), port, program: None };
        let mut ours = Finding::new("port-exhaustion", Severity::Critical, to(Some(80)));
        ours.fold = Some(Fold { into: "cause".to_owned(), link: Link::Causes });
        let mut cause = Finding::new("tw-reuse-blocked", Severity::Notice, Subject::Host);
        cause.id = "cause".to_owned();
        let other = Finding::new("port-exhaustion", Severity::Critical, to(Some(81)));
        let reports = [report(AttemptEnd::Silent, None, 1)];
        let kept = bearing(vec![other, ours.clone(), cause.clone()], &reports);
        assert_eq!(kept, [ours, cause]);
    }
}
