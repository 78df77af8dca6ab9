//! Half-open handshakes that pile up at one listener.
//!
//! Detected: `SYN_RECV` records of a listener, many relative to its backlog, with retransmitted SYN-ACKs. Three causes
//! have the same figures from afar: the accept queue is full and the last ACK finds no room; the answers do not reach
//! the clients; a SYN flood. The limit is the backlog: at it the kernel answers with cookies, or drops.
//! `TCP_DEFER_ACCEPT` keeps healthy connections in this state on purpose; their answers are not retransmitted.

use super::{
    accept,
    half_open::{self, HalfOpen},
    prelude::*,
};

/// Fewer are on their way at any moment.
const LEAST: Threshold = Threshold::count("least", 10.0);
/// The part of the backlog that is many, if any answer was sent again.
const SHARE: Threshold = Threshold::ratio("share", 0.50);
/// The part of the backlog that is many of those whose answer was sent again and again.
const OLD_SHARE: Threshold = Threshold::ratio("old-share", 0.10);
/// How often that is: 7 s without the client's last ACK.
pub(super) const OLD_RETRANS: Threshold = Threshold::count("old-retrans", 3.0);
/// A few clients indicate a path, not a flood: at most this part of the handshakes ...
const FEW: f64 = 0.10;
/// ... or this many.
const HANDFUL: usize = 3;
/// Connections held back until their first data.
const DEFERRED: &str = "TcpExtTCPDeferAcceptDrop";

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "syn-recv-pileup",
    severities: &[Severity::Critical, Severity::Warning, Severity::Ok],
    thresholds: &[LEAST, SHARE, OLD_SHARE, OLD_RETRANS],
    needs: &[Need::Tcp, Need::Timers(&[State::SYN_RECV])],
    relations: &[
        Relation::causes("syn-drop-no-cookies", SharedBy::Listener),
        Relation::causes("syncookies-active", SharedBy::Listener),
    ],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let many = half_open::all(input).into_iter().filter(|half| half.count as f64 >= input.limit(&LEAST));
    many.filter_map(|half| judge(input, &half)).collect()
}

fn judge(input: &RuleInput<'_>, half: &HalfOpen<'_>) -> Option<Finding> {
    let limit = half.limit? as f64;
    let count = half.count as f64;
    if is_deferred(input, half) {
        return (count >= input.limit(&OLD_SHARE) * limit).then(|| deferred(input, half));
    }
    let retrans = input.limit(&OLD_RETRANS);
    let old = half.seen.iter().filter(|seen| f64::from(seen.socket.retrans) >= retrans).count() as f64;
    let old = old * count / half.seen.len().max(1) as f64;
    let severity = if half.is_full() {
        Severity::Critical
    } else if (count >= input.limit(&SHARE) * limit && half.most_retrans() > 0)
        || (old > 0.0 && old >= input.limit(&OLD_SHARE) * limit)
    {
        Severity::Warning
    } else {
        return None;
    };
    Some(pileup(input, half, severity))
}

/// Whether they wait for their clients' first data: no answer was sent again, nothing overflows, and the kernel defers.
///
/// The counter counts a deferral once, at its beginning, and does not rise while the same ones wait.
fn is_deferred(input: &RuleInput<'_>, half: &HalfOpen<'_>) -> bool {
    let begins = input.rise(DEFERRED).is_none_or(|rise| rise > 0);
    let goes_on = || half.seen.iter().any(|seen| input.earlier(seen).is_some());
    let overflows = input.rise("TcpExtListenOverflows").unwrap_or(0);
    half.most_retrans() == 0
        && input.counter(DEFERRED) > Some(0)
        && (begins || goes_on())
        && overflows == 0
        && !half.service.fullest.is_full()
}

fn title(id: &'static str, half: &HalfOpen<'_>) -> Sentence {
    Sentence::plain(id).count("count", half.count).count("limit", half.limit.unwrap_or(0))
}

fn figures(finding: Finding, half: &HalfOpen<'_>) -> Finding {
    let finding = finding
        .evidence("half_open", Figure::Count(half.count), "idiag_state")
        .evidence("sent_again", Figure::Count(half.resent()), "idiag_retrans")
        .evidence("most_retrans", Figure::Count(half.most_retrans().into()), "idiag_retrans")
        .evidence("remotes", Figure::Count(half.remotes().len() as u64), "idiag_dst")
        .about(half.service.inodes(), half.count);
    accept::figures(finding, &half.service)
}

fn deferred(input: &RuleInput<'_>, half: &HalfOpen<'_>) -> Finding {
    let finding = input
        .finding(Severity::Ok, half.service.subject(input))
        .title(title("title-deferred", half))
        .confidence(Confidence::Likely)
        .why("why-deferred");
    figures(finding, half)
}

fn pileup(input: &RuleInput<'_>, half: &HalfOpen<'_>, severity: Severity) -> Finding {
    let subject = half.service.subject(input);
    let remotes = half.remotes();
    let is_room_missing = half.service.fullest.is_full();
    let is_few = remotes.len() <= HANDFUL || remotes.len() as f64 <= FEW * half.seen.len() as f64;
    let why = match (is_room_missing, is_few) {
        (true, _) => "why-room",
        (false, true) => "why-few",
        (false, false) => "why-many",
    };
    let proof = if is_room_missing {
        Sentence::plain("proof-room")
            .count("queue", half.service.fullest.queue.into())
            .count("limit", half.service.fullest_limit().unwrap_or(0))
    } else {
        Sentence::plain("proof")
            .count("resent", half.resent())
            .count("count", half.seen.len() as u64)
            .count("remotes", remotes.len() as u64)
    };
    let confidence = if is_room_missing { Confidence::Proven } else { Confidence::Likely };
    let finding = input
        .finding(severity, subject.clone())
        .title(title("title", half))
        .confidence(confidence)
        .why(why)
        .proof(proof)
        .limit((severity == Severity::Critical).then(|| limit(input)));
    let mut finding = figures(finding, half);
    if input.sysctl(half_open::SYNCOOKIES) != Some(0) {
        finding = finding.myth("accept-myth-syn-backlog");
    }
    if is_room_missing {
        return accept::remedies(input, finding.myth("accept-myth-abort"), &half.service);
    }
    let network = Remedy::new(RemedyKind::Operate, if is_few { "fix-path" } else { "half-open-flood" });
    let network = match remotes.first().filter(|_| is_few) {
        Some(remote) => network.command(ShellCommand::new("ip route get ").then(*remote)),
        None => network,
    };
    let longer = accept::backlog(input, &half.service, &subject, half.count);
    finding
        .remedy(network)
        .remedy(longer)
        .remedy(accept::somaxconn(input, &half.service))
        .remedy(half_open::cookies(input))
        .remedy(half_open::fewer_answers(input))
}

/// The fate of the next SYN.
fn limit(input: &RuleInput<'_>) -> Sentence {
    Sentence::plain(match input.sysctl(half_open::SYNCOOKIES) {
        Some(0) | None => "limit-drops",
        Some(_) => "limit-cookies",
    })
}

#[cfg(test)]
mod tests;
