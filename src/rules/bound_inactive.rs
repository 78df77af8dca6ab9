//! Sockets that were bound, and then neither listen nor connect: each keeps a port from everybody else.
//!
//! Seen: `BOUND_INACTIVE` (Linux 6.8) on ports of the ephemeral range, at least 50 and 1 % of it; with two samples only
//! those that were there in both, for between `bind()` and `connect()` every careful program has one for a moment. It
//! hurts because `connect()` passes over a port that is bound on any address. One in a hundred is more than a program
//! has in hand at a time, and 50 keeps small ranges quiet.

use super::{ports::Ports, prelude::*};
use crate::model::socket::Socket;

/// The part of the range that is held for nothing.
const SHARE: Threshold = Threshold::ratio("share", 0.01);
/// The fewest that are worth a word.
const FEWEST: Threshold = Threshold::count("count", 50.0);

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "bound-inactive",
    severities: &[Severity::Notice],
    thresholds: &[SHARE, FEWEST],
    needs: &[Need::BoundInactive, Need::Sysctl("net.ipv4.ip_local_port_range")],
    relations: &[],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let Some(ports) = Ports::of(input) else { return Vec::new() };
    let range = u64::from(ports.high.saturating_sub(ports.low)) + 1;
    let limit = (input.limit(&SHARE) * range as f64).max(input.limit(&FEWEST));
    let idle = lasting(input, &ports);
    if (idle.len() as f64) < limit {
        return Vec::new();
    }
    let mut owners: BTreeMap<Subject, Vec<&Socket>> = BTreeMap::new();
    for &socket in &idle {
        owners.entry(subject(input, socket)).or_default().push(socket);
    }
    let guilty: Vec<_> = owners.iter().filter(|(_, sockets)| sockets.len() as f64 >= limit).collect();
    if guilty.is_empty() {
        // Many with a few each: only the sum is over the limit.
        return vec![describe(input, Subject::Host, &idle, range)];
    }
    guilty.into_iter().map(|(subject, sockets)| describe(input, subject.clone(), sockets, range)).collect()
}

/// Those in the range that were there in both samples, or now where there is but one.
fn lasting<'a>(input: &RuleInput<'a>, ports: &Ports) -> Vec<&'a Socket> {
    let earlier = input.before().and_then(|(before, _)| before.bound_inactive.as_deref());
    let earlier: Option<BTreeSet<u64>> = earlier.map(|sockets| sockets.iter().map(|socket| socket.cookie).collect());
    let is_lasting = |socket: &&Socket| earlier.as_ref().is_none_or(|cookies| cookies.contains(&socket.cookie));
    let now = input.now().bound_inactive.as_deref().unwrap_or_default();
    now.iter().filter(|socket| ports.contains(socket.local_port)).filter(is_lasting).collect()
}

fn subject(input: &RuleInput<'_>, socket: &Socket) -> Subject {
    input.subject(&Seen { socket: socket.clone(), info: None, memory: None, cgroup_id: None })
}

fn describe(input: &RuleInput<'_>, subject: Subject, sockets: &[&Socket], range: u64) -> Finding {
    let count = sockets.len() as u64;
    let ports: BTreeSet<(IpAddr, u16)> = sorted::set(sockets.iter().map(|socket| (socket.local, socket.local_port)));
    let first = ports.first().copied();
    let name = subject.program_word();
    let mut finding = input
        .finding(Severity::Notice, subject.clone())
        .count("count", count)
        .why(Sentence::plain("why").with("program", name.clone()))
        .evidence("sockets", Figure::Count(count), "BOUND_INACTIVE")
        .evidence("ports", Figure::Count(ports.len() as u64), "idiag_sport")
        .evidence("range", Figure::Count(range), "net.ipv4.ip_local_port_range")
        .about(sockets.iter().map(|socket| socket.inode).collect(), count);
    if let Some((address, port)) = first {
        let proof = Sentence::plain("proof").count("ports", ports.len() as u64);
        finding = finding.proof(proof.endpoint("first", address, port).count("range", range));
    }
    let code = Sentence::plain("fix").with("program", name.clone());
    finding = finding.remedy(Remedy::new(RemedyKind::Code, code));
    let inspect = Remedy::new(RemedyKind::Operate, Sentence::plain("find").with("program", name)).inspect();
    finding = finding.remedy(match subject.program() {
        Some(program) => inspect
            .command(ShellCommand::new("strace -f -e trace=bind,listen,connect,close -p ").then(program.pid))
            .needs("needs-ptrace"),
        None => inspect.command("sockdoc list state bound-inactive -p").needs("needs-ptrace"),
    });
    finding.myth("myth")
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, severities, snapshot, socket},
        *,
    };
    use crate::model::{finding::Runtime, snapshot::Snapshot, state::State};

    /// This number of sockets, from port 40000 on, with no known owner.
    fn with(count: u32) -> Snapshot {
        let mut snapshot = snapshot();
        let bound = |number: u32| {
            let mut socket = socket(State::BOUND_INACTIVE, number).socket;
            socket.local_port = 40_000 + number as u16;
            socket
        };
        snapshot.now.bound_inactive = Some((1..=count).map(bound).collect());
        snapshot.before = None;
        snapshot
    }

    #[test]
    fn one_in_a_hundred_ports_is_reported() {
        // 1 % of 28,232.
        assert_eq!(severities(&RULE, &with(282)), []);
        assert_eq!(severities(&RULE, &with(283)), [Severity::Notice]);
    }

    #[test]
    fn in_a_small_range_fifty_count() {
        let mut snapshot = with(49);
        snapshot.sysctls.insert("net.ipv4.ip_local_port_range".into(), "40000\t40999".into());
        assert_eq!(severities(&RULE, &snapshot), []);
        snapshot.now.bound_inactive = with(50).now.bound_inactive;
        assert_eq!(severities(&RULE, &snapshot), [Severity::Notice]);
    }

    #[test]
    fn the_owner_is_named_where_it_is_known() {
        let mut snapshot = with(400);
        assert_eq!(findings(&RULE, &snapshot)[0].subject, Subject::User("1000".into()));
        snapshot.hold(7, "ftpd", Runtime::Native, 1..=390);
        snapshot.hold(8, "other", Runtime::Native, 391..=400);
        let found = findings(&RULE, &snapshot);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].subject.program().map(|program| program.pid), Some(7));
    }

    #[test]
    fn many_holders_of_a_few_are_reported_as_one() {
        let mut snapshot = with(300);
        for pid in 0..3 {
            snapshot.hold(10 + pid, "worker", Runtime::Python, pid * 100 + 1..=pid * 100 + 100);
        }
        assert_eq!(findings(&RULE, &snapshot)[0].subject, Subject::Host);
    }

    #[test]
    fn a_bind_just_before_a_connect_is_none() {
        let mut snapshot = with(400);
        let mut before = with(0).now;
        before.at = std::time::Duration::ZERO;
        snapshot.before = Some(before.clone());
        assert_eq!(severities(&RULE, &snapshot), []);
        before.bound_inactive = with(300).now.bound_inactive;
        snapshot.before = Some(before);
        assert_eq!(severities(&RULE, &snapshot), [Severity::Notice]);
    }

    #[test]
    fn ports_outside_the_range_hold_none_of_it() {
        let mut snapshot = with(400);
        snapshot.sysctls.insert("net.ipv4.ip_local_port_range".into(), "50000\t59999".into());
        assert_eq!(severities(&RULE, &snapshot), []);
    }
}
