//! Connections of this host that are refused: the service they lead to is down, or a firewall rejects them.
//!
//! Detected: between two samples attempts failed (`AttemptFails`), ten and one a second at least, and a quarter of all that
//! this host made (`ActiveOpens`). Half-open connections that clients reset (`EmbryonicRsts`: port scans, checks of load
//! balancers) and attempts without an answer (`TCPAbortOnTimeout`) count as failed, too, and are taken off. The kernel
//! keeps no socket of a refused attempt: `sockdoc events` shows them as they end. A program that has closed its listener
//! and not its connections (a shutdown that does not end) shows by these which port it was.

use super::{connections, prelude::*};
use crate::model::group::Direction;

/// Fewer are chance.
const REFUSED: Threshold = Threshold::count("refused", 10.0);
/// The part of all attempts. A client that tries `::1` and then 127.0.0.1 is refused once for each connection it gets.
const SHARE: Threshold = Threshold::ratio("share", 0.25);
/// From this part on hardly any attempt succeeds.
const NEARLY_ALL: Threshold = Threshold::ratio("nearly-all", 0.75);

/// Fewer connections may be all that their program wanted: `nc -l`, or data of FTP, on a port that was open for one client.
const LEFT: usize = 2;
/// Connections whose holders are found.
const MOST: usize = 64;

/// What failed attempts are counted by, and all attempts.
const FAILED: &str = "TcpAttemptFails";
const MADE: &str = "TcpActiveOpens";

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "connects-refused",
    severities: &[Severity::Warning, Severity::Notice],
    thresholds: &[REFUSED, SHARE, NEARLY_ALL],
    needs: &[Need::TwoSamples, Need::Counter(FAILED), Need::Counter(MADE)],
    relations: &[],
    evaluate: Evaluate::One(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Option<Finding> {
    let (_, between) = input.before()?;
    let rise = |name| input.rise(name).unwrap_or(0);
    let made = input.rise(MADE)?;
    let others = rise("TcpExtEmbryonicRsts") + rise("TcpExtTCPAbortOnTimeout");
    // Some of them were begun before the first sample.
    let refused = input.rise(FAILED)?.saturating_sub(others).min(made);
    let share = part(refused, made.max(1));
    let is_rare = (refused as f64) < input.limit(&REFUSED).max(between.as_secs_f64());
    if is_rare || share < input.limit(&SHARE) {
        return None;
    }
    let severity = if share >= input.limit(&NEARLY_ALL) { Severity::Warning } else { Severity::Notice };
    // A reset of each is sent where the service should be.
    let resets = rise("TcpOutRsts");
    let proof = if resets >= refused { "proof-here" } else { "proof-elsewhere" };
    let find = |text, command: &'static str| Remedy::new(RemedyKind::Operate, text).inspect().command(command);
    let left = left_over(input).filter(|_| resets >= refused);
    let finding = input
        .finding(severity, Subject::Host)
        .title(if left.is_some() { "title-port" } else { "title" })
        .count("refused", refused)
        .count("made", made)
        .time("time", between)
        .confidence(Confidence::Likely)
        .evidence("refused", Figure::Count(refused), "TcpAttemptFails, TcpExtEmbryonicRsts, TcpExtTCPAbortOnTimeout")
        .evidence("made", Figure::Count(made), MADE)
        .evidence("resets_sent", Figure::Count(resets), "TcpOutRsts")
        .about(Vec::new(), refused);
    let finding = match left {
        Some((port, left)) => tell_left_over(input, finding, port, &left),
        None => finding
            .proof(Sentence::plain(proof).count("resets", resets))
            .remedy(Remedy::new(RemedyKind::Operate, "fix")),
    };
    Some(
        finding
            .remedy(find("find", "sockdoc events --for 10s"))
            .remedy(find("find-listeners", "sockdoc list -tlp"))
            .myth("myth"),
    )
}

/// The port of this host that clients connected to and on which nothing listens any more, with these connections; of
/// several such ports the one with the most.
fn left_over<'a>(input: &RuleInput<'a>) -> Option<(u16, Vec<&'a Seen>)> {
    let mut ports: BTreeMap<u16, Vec<&Seen>> = BTreeMap::new();
    let is_left = |seen: &&Seen| {
        let socket = &seen.socket;
        seen.direction() == Some(Direction::Inbound) && input.listener(socket.local, socket.local_port).is_none()
    };
    for seen in input.sockets(State::ESTABLISHED).filter(is_left) {
        ports.entry(seen.socket.local_port).or_default().push(seen);
    }
    ports.into_iter().max_by_key(|(_, left)| left.len()).filter(|(_, left)| left.len() >= LEFT)
}

/// Adds that port, and the program that still holds its connections.
fn tell_left_over(input: &RuleInput<'_>, mut finding: Finding, port: u16, left: &[&Seen]) -> Finding {
    let inodes: Vec<u32> = connections::inodes(left).into_iter().take(MOST).collect();
    let program = input.main_program(&inodes);
    let count = left.len() as u64;
    let say = |id| Sentence::plain(id).number("port", port.into());
    let of_program = |id| say(id).with("program", program_word(program.as_ref()));
    if !input.knows_owners() {
        finding.inodes = inodes;
    }
    let show = ShellCommand::new("sockdoc list -tp sport = :").then(port);
    let mut proof = say("proof-port").count("count", count);
    if let Some(program) = &program {
        let holder = Sentence::plain("proof-port-held").outside("program", program.name.clone());
        proof = holder.number("pid", program.pid.into()).number("port", port.into()).count("count", count);
    }
    finding
        .number("port", port.into())
        .why(of_program("why-port"))
        .proof(proof)
        .evidence("port", Figure::Count(port.into()), "idiag_sport")
        .evidence("connections_of_port", Figure::Count(count), "idiag_sport, idiag_state")
        .remedy(Remedy::new(RemedyKind::Operate, of_program("fix-port")))
        .remedy(Remedy::new(RemedyKind::Operate, "find-port").inspect().command(show))
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, severities, snapshot, socket, with_info},
        *,
    };
    use crate::model::tcp_info::{BYTES_ACKED, BYTES_RETRANS, BYTES_SENT, NOTSENT_BYTES};

    /// What the counters rose by within ten seconds.
    fn rose(failed: u64, made: u64, half_open: u64) -> Vec<Severity> {
        let mut snapshot = snapshot();
        for (name, rise) in [(FAILED, failed), (MADE, made), ("TcpExtEmbryonicRsts", half_open)] {
            if let Some(before) = &mut snapshot.before {
                before.counter(name, 1_000);
            }
            snapshot.now.counter(name, 1_000 + rise);
        }
        severities(&RULE, &snapshot)
    }

    #[test]
    fn a_quarter_is_a_notice_and_nearly_all_a_warning() {
        assert_eq!(rose(25, 100, 0), [Severity::Notice]);
        assert_eq!(rose(24, 100, 0), []);
        assert_eq!(rose(75, 100, 0), [Severity::Warning]);
        assert_eq!(rose(9, 9, 0), [], "few");
    }

    #[test]
    fn half_open_connections_that_clients_reset_are_no_attempts() {
        assert_eq!(rose(50, 60, 50), []);
        assert_eq!(rose(110, 60, 50), [Severity::Warning]);
        assert_eq!(rose(500, 0, 0), [], "none was made here");
    }

    #[test]
    fn a_port_is_named_by_several_connections_that_outlived_its_listener() {
        let named = |count: u32| {
            let mut snapshot = snapshot();
            for (name, rise) in [(FAILED, 90), (MADE, 100), ("TcpOutRsts", 90)] {
                if let Some(before) = &mut snapshot.before {
                    before.counter(name, 1_000);
                }
                snapshot.now.counter(name, 1_000 + rise);
            }
            snapshot.now.add((1..=count).map(|number| {
                let counts = [&BYTES_ACKED, &BYTES_SENT, &BYTES_RETRANS, &NOTSENT_BYTES];
                let mut seen = counts
                    .into_iter()
                    .fold(socket(State::ESTABLISHED, number), |seen, field| with_info(seen, field, 0));
                seen.socket.local_port = 8_080;
                seen
            }));
            findings(&RULE, &snapshot).iter().any(|finding| finding.evidence.iter().any(|one| one.name == "port"))
        };
        assert!(named(2));
        assert!(!named(1), "it was open for one client");
    }
}
