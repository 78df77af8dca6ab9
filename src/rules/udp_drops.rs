//! Datagrams lost because the receive buffer was full.
//!
//! Seen: the socket's own count of drops and the namespace's `RcvbufErrors` rise together. The socket's count alone may
//! come from a socket filter or a wrong checksum; 50 drops of a filter left `RcvbufErrors` at 0 (knowledge: G,
//! catalogue).

use std::{collections::BTreeMap, net::IpAddr};

use super::{connections, hint, prelude::*, sysctl};
use crate::model::family::Family;

/// The proposed buffer holds so many times what the present one does.
const TIMES: u64 = 4;
/// `setsockopt` doubles what it is given, for the kernel's overhead (`sock_setsockopt`, SO_RCVBUF).
const DOUBLED: u64 = 2;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "udp-drops",
    severities: &[Severity::Warning, Severity::Notice],
    thresholds: &[],
    needs: &[Need::Udp],
    relations: &[],
    evaluate: Evaluate::Many(evaluate),
};

/// A socket with what it dropped.
struct Loss<'a> {
    seen: &'a Seen,
    /// Since the socket was made.
    all: u64,
    /// Between the two looks.
    rise: u64,
}

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let losses = input.now().udp.iter().flatten().filter_map(|seen| loss(input, seen));
    let mut receivers: BTreeMap<(IpAddr, u16), Vec<Loss<'_>>> = BTreeMap::new();
    let mut connected: BTreeMap<Subject, Vec<Loss<'_>>> = BTreeMap::new();
    for loss in losses {
        let socket = &loss.seen.socket;
        if socket.peer_port == 0 {
            receivers.entry((socket.local, socket.local_port)).or_default().push(loss);
        } else {
            connected.entry(input.subject(loss.seen)).or_default().push(loss);
        }
    }
    let receivers = receivers.into_iter().filter_map(|((address, port), all)| {
        let sockets: Vec<&Seen> = all.iter().map(|loss| loss.seen).collect();
        let program = connections::program(input, &sockets);
        judge(input, Subject::Listener { address, port, path: None, program }, &all)
    });
    let connected = connected.into_iter().filter_map(|(subject, all)| judge(input, subject, &all));
    receivers.chain(connected).collect()
}

fn loss<'a>(input: &RuleInput<'_>, seen: &'a Seen) -> Option<Loss<'a>> {
    let all = u64::from(drops(seen)?);
    let rise = match input.before().and_then(|(before, _)| before.udp.as_ref()) {
        // One that told nothing at the first look had dropped nothing.
        Some(before) => {
            // Read from /proc/net/udp it has no cookie.
            let identity = |seen: &Seen| (seen.socket.cookie, seen.socket.inode);
            let earlier = before.iter().find(|earlier| identity(earlier) == identity(seen));
            all.saturating_sub(earlier.and_then(drops).map_or(0, u64::from))
        }
        None => 0,
    };
    (all > 0).then_some(Loss { seen, all, rise })
}

fn drops(seen: &Seen) -> Option<u32> {
    seen.memory?.drops
}

/// What the namespace counted for sockets of these families: a dual-stack socket takes IPv4 too, under IPv4's counter.
fn errors(all: &[Loss<'_>], count: impl Fn(&str) -> Option<u64>) -> Option<u64> {
    let has_v6 = all.iter().any(|loss| loss.seen.socket.family == Family::Inet6);
    let v4 = count("UdpRcvbufErrors");
    let v6 = if has_v6 { count("Udp6RcvbufErrors") } else { None };
    v4.into_iter().chain(v6).reduce(u64::saturating_add)
}

fn judge(input: &RuleInput<'_>, subject: Subject, all: &[Loss<'_>]) -> Option<Finding> {
    let risen: u64 = all.iter().map(|loss| loss.rise).sum();
    let lately = errors(all, |name| input.rise(name)).filter(|&errors| errors > 0 && risen > 0);
    let (severity, dropped, errors) = match lately {
        Some(errors) => (Severity::Warning, risen, errors),
        None => {
            let dropped = all.iter().map(|loss| loss.all).sum();
            (Severity::Notice, dropped, errors(all, |name| input.counter(name)).filter(|&errors| errors > 0)?)
        }
    };
    let count = dropped.min(errors);
    let worst = all.iter().max_by_key(|loss| (loss.rise, loss.all))?.seen;
    let queue = u64::from(worst.socket.rqueue);
    // /proc/net/udp does not tell the size of the buffer.
    let buffer = Some(u64::from(worst.memory?.rcvbuf)).filter(|&buffer| buffer > 0);
    let title = match (lately, input.before()) {
        (Some(_), Some((_, between))) => Sentence::plain("title-now").time("time", between),
        _ => Sentence::plain("title"),
    };
    let runtime = subject.runtime();
    let program = subject.program_word();
    let mut finding = input
        .finding(severity, subject)
        .title(title.count("count", count))
        .why(Sentence::plain("why").with("program", program))
        .evidence("drops", Figure::Count(dropped), if buffer.is_some() { "skmem.drops" } else { "/proc/net/udp" })
        .evidence("receive_buffer_errors", Figure::Count(errors), "UdpRcvbufErrors, Udp6RcvbufErrors")
        .evidence("recv_queue_bytes", Figure::Bytes(queue), "idiag_rqueue")
        .about(all.iter().map(|loss| loss.seen.socket.inode).collect(), count);
    if dropped > errors {
        // A part of it came from a filter or from wrong checksums.
        finding = finding.confidence(Confidence::Likely);
    }
    let faster = Sentence::plain("fix").with("hint", hint::datagrams(runtime).part());
    finding = finding.remedy(Remedy::new(RemedyKind::Code, faster));
    let Some(buffer) = buffer else { return Some(finding.myth("myth")) };
    let size = buffer.saturating_mul(TIMES) / DOUBLED;
    let larger = Sentence::plain("fix-buffer").number("size", size).bytes("buffer", buffer);
    let is_default = input.sysctl("net.core.rmem_default") == Some(buffer);
    let raise =
        |name, proposed, text| sysctl::raise(input, name, proposed, text).map(|remedy| remedy.risk("raise-risk"));
    let default = is_default.then(|| raise("net.core.rmem_default", buffer.saturating_mul(TIMES), "raise-default"));
    Some(
        finding
            .proof(Sentence::plain("proof").bytes("queue", queue).bytes("buffer", buffer))
            .evidence("receive_buffer_bytes", Figure::Bytes(buffer), "skmem.rcvbuf")
            .remedy(Remedy::new(RemedyKind::Code, larger).verify("nstat -az UdpRcvbufErrors Udp6RcvbufErrors"))
            .remedy(raise("net.core.rmem_max", size, "raise"))
            .remedy(default.flatten())
            .myth("myth"),
    )
}

#[cfg(test)]
mod tests;
