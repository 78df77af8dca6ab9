//! TCP's buffers near the limit of the whole host.
//!
//! `sockstat` counts pages of all namespaces; `tcp_mem` (low, pressure, high) exists in the first one only, while
//! `/proc/net/protocols` shows `press` to everybody. Under pressure buffers shrink; at the limit data are dropped and
//! orphans reset.

use super::{prelude::*, sysctl};

/// The part of the third value of `tcp_mem` from which drops begin soon.
const FULL: Threshold = Threshold::ratio("full", 0.90);
/// The limits in pages.
const LIMITS: &str = "net.ipv4.tcp_mem";
/// Orphans that the kernel reset for their number or for TCP's memory.
pub(super) const ABORTED: &str = "TcpExtTCPAbortOnMemory";
/// Bytes of a page, in which `tcp_mem` and `udp_mem` count; x86-64 and most ARM kernels.
pub(super) const PAGE: u64 = 4096;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "tcp-memory",
    severities: &[Severity::Critical, Severity::Warning],
    thresholds: &[FULL],
    needs: &[Need::Sockstat],
    relations: &[Relation::causes("rcv-prune", SharedBy::Host)],
    evaluate: Evaluate::One(evaluate),
};

/// Whether TCP's memory is near the limit at which the kernel drops data and resets orphans.
pub(super) fn is_full(input: &RuleInput<'_>) -> bool {
    let limits = sysctl::numbers(input, LIMITS);
    let pages = input.now().sockstat.and_then(|sockstat| sockstat.memory_pages);
    let full = input.settings.get(RULE.name, &FULL).0;
    limits.get(2).zip(pages).is_some_and(|(&high, pages)| pages as f64 >= full * high as f64)
}

fn evaluate(input: &RuleInput<'_>) -> Option<Finding> {
    let pages = input.now().sockstat?.memory_pages?;
    let limits = sysctl::numbers(input, LIMITS);
    let (pressure, high) = (limits.get(1).copied(), limits.get(2).copied());
    let is_full = is_full(input);
    let is_pressed = input.now().tcp_pressure == Some(true) || pressure.is_some_and(|pressure| pages >= pressure);
    let severity = match (is_full, is_pressed) {
        (true, _) => Severity::Critical,
        (false, true) => Severity::Warning,
        (false, false) => return None,
    };
    let bytes = pages.saturating_mul(PAGE);
    let title = match high {
        Some(high) => Sentence::plain("title").bytes("limit", high.saturating_mul(PAGE)),
        None => Sentence::plain("title-pressure"),
    };
    let mut finding = input
        .finding(severity, Subject::Host)
        .title(title.bytes("used", bytes))
        .evidence("memory", Figure::Bytes(bytes), "/proc/net/sockstat")
        .about(Vec::new(), pages);
    if let Some(pressed) = input.now().tcp_pressure {
        finding = finding.evidence("pressure", Figure::Text(pressed.to_string()), "/proc/net/protocols");
    }
    if let Some(high) = high {
        finding = finding.evidence("memory_limit", Figure::Bytes(high.saturating_mul(PAGE)), LIMITS);
    }
    if let Some(aborted) = input.rise(ABORTED).filter(|&aborted| aborted > 0) {
        finding = finding.evidence("aborted", Figure::Count(aborted), ABORTED);
    }
    if let Some((seen, held)) = largest(input) {
        let proof = Sentence::plain("proof")
            .bytes("bytes", held)
            .endpoint("local", seen.socket.local, seen.socket.local_port)
            .endpoint("peer", seen.socket.peer, seen.socket.peer_port);
        finding = finding.proof(proof).evidence("largest_socket", Figure::Bytes(held), "INET_DIAG_SKMEMINFO");
        finding.inodes = vec![seen.socket.inode];
    }
    let find = Remedy::new(RemedyKind::Operate, "find").command("sockdoc list -tm --sort recvq");
    let raise = sysctl::half_more(input, LIMITS, "raise");
    let raise = raise.map(|remedy| remedy.risk("raise-risk").verify("grep TCP: /proc/net/sockstat"));
    Some(finding.remedy(Remedy::new(RemedyKind::Code, "fix")).remedy(find).remedy(raise).myth("myth"))
}

/// The socket seen that holds most memory.
fn largest<'a>(input: &RuleInput<'a>) -> Option<(&'a Seen, u64)> {
    let held = |seen: &'a Seen| {
        let memory = seen.memory.as_ref()?;
        Some((seen, u64::from(memory.rmem_alloc) + u64::from(memory.wmem_queued)))
    };
    input.now().sockets.iter().filter_map(held).filter(|&(_, bytes)| bytes > 0).max_by_key(|&(_, bytes)| bytes)
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, severities, snapshot},
        *,
    };
    use crate::model::snapshot::{Snapshot, Sockstat};

    fn pages(count: u64) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.sysctls.insert("net.ipv4.tcp_mem".into(), "100\t200\t400".into());
        snapshot.now.sockstat = Some(Sockstat { memory_pages: Some(count), ..Sockstat::default() });
        snapshot
    }

    #[test]
    fn the_limit_comes_near_in_two_steps() {
        assert_eq!(severities(&RULE, &pages(199)), []);
        assert_eq!(severities(&RULE, &pages(200)), [Severity::Warning]);
        assert_eq!(severities(&RULE, &pages(360)), [Severity::Critical]);
    }

    #[test]
    fn pressure_is_reported_where_the_limits_cannot_be_seen() {
        let mut snapshot = pages(1);
        snapshot.sysctls.remove("net.ipv4.tcp_mem");
        snapshot.now.tcp_pressure = Some(true);
        assert_eq!(severities(&RULE, &snapshot), [Severity::Warning]);
    }

    #[test]
    fn all_three_values_are_raised() {
        let found = findings(&RULE, &pages(360));
        let command = found[0].remedies.iter().find(|remedy| remedy.kind == RemedyKind::Sysctl);
        assert_eq!(
            command.and_then(|remedy| remedy.command.as_deref()),
            Some("sysctl -w net.ipv4.tcp_mem='150 300 600'")
        );
    }
}
