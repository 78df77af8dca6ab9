//! Half-open handshakes that pile up at one listener.
//!
//! Seen: `SYN_RECV` records of a listener, many for its backlog, whose answers had to be sent again. Three causes look
//! alike from afar: the accept queue is full and the last ACK finds no room; the answers do not reach the clients;
//! somebody floods. The limit is the backlog: at it the kernel answers with cookies, or drops. `TCP_DEFER_ACCEPT` keeps
//! healthy connections in this state on purpose; their answers are not sent again.

use super::{
    Case, Need, Rule, Threshold, Unit, accept,
    half_open::{self, HalfOpen},
};
use crate::{
    model::{
        finding::{Confidence, Figure, Finding, Remedy, RemedyKind, Severity},
        sentence::{Sentence, Word},
        state::State,
    },
    text::texts,
};

/// Fewer are on their way at any moment.
const LEAST: Threshold = Threshold { name: "least", unit: Unit::Count, default: 10.0 };
/// The part of the backlog that is many, if any answer was sent again.
const SHARE: Threshold = Threshold { name: "share", unit: Unit::Ratio, default: 0.50 };
/// The part of the backlog that is many of those whose answer was sent again and again.
const OLD_SHARE: Threshold = Threshold { name: "old-share", unit: Unit::Ratio, default: 0.10 };
/// How often that is: 7 s without the client's last ACK.
const OLD_RETRANS: Threshold = Threshold { name: "old-retrans", unit: Unit::Count, default: 3.0 };
/// So few clients point at a path, not at a flood: at most this part of the handshakes ...
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
    texts: texts!("syn-recv-pileup"),
    evaluate,
};

fn evaluate(case: &Case<'_>) -> Vec<Finding> {
    let many = half_open::all(case).into_iter().filter(|half| half.count as f64 >= case.limit(&LEAST));
    many.filter_map(|half| judge(case, &half)).collect()
}

fn judge(case: &Case<'_>, half: &HalfOpen<'_>) -> Option<Finding> {
    let limit = half.limit as f64;
    let count = half.count as f64;
    if is_deferred(case, half) {
        return (count >= case.limit(&OLD_SHARE) * limit).then(|| deferred(case, half));
    }
    let retrans = case.limit(&OLD_RETRANS);
    let old = half.seen.iter().filter(|seen| f64::from(seen.socket.retrans) >= retrans).count() as f64;
    let old = old * count / half.seen.len().max(1) as f64;
    let severity = if half.is_full() {
        Severity::Critical
    } else if (count >= case.limit(&SHARE) * limit && half.most_retrans() > 0)
        || (old > 0.0 && old >= case.limit(&OLD_SHARE) * limit)
    {
        Severity::Warning
    } else {
        return None;
    };
    Some(pileup(case, half, severity))
}

/// Whether they wait for their clients' first data: no answer was sent again, nothing overflows, and the kernel defers.
///
/// It counts a deferral once, as it begins: while the same ones wait the counter stands still.
fn is_deferred(case: &Case<'_>, half: &HalfOpen<'_>) -> bool {
    let begins = case.rise(DEFERRED).is_none_or(|rise| rise > 0);
    let goes_on = || half.seen.iter().any(|seen| case.earlier(seen).is_some());
    let overflows = case.rise("TcpExtListenOverflows").unwrap_or(0);
    half.most_retrans() == 0
        && case.counter(DEFERRED) > Some(0)
        && (begins || goes_on())
        && overflows == 0
        && !half.service.fullest.is_full()
}

fn title(id: &'static str, half: &HalfOpen<'_>) -> Sentence {
    Sentence::plain(id).with("count", Word::Count(half.count)).with("limit", Word::Count(half.limit))
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

fn deferred(case: &Case<'_>, half: &HalfOpen<'_>) -> Finding {
    let finding = case
        .finding(Severity::Ok, half.service.subject(case), title("title-deferred", half))
        .confidence(Confidence::Likely)
        .why(Sentence::plain("why-deferred"));
    figures(finding, half)
}

fn pileup(case: &Case<'_>, half: &HalfOpen<'_>, severity: Severity) -> Finding {
    let subject = half.service.subject(case);
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
            .with("queue", Word::Count(half.service.fullest.queue.into()))
            .with("limit", Word::Count(half.service.fullest.limit.into()))
    } else {
        Sentence::plain("proof")
            .with("resent", Word::Count(half.resent()))
            .with("count", Word::Count(half.seen.len() as u64))
            .with("remotes", Word::Count(remotes.len() as u64))
    };
    let confidence = if is_room_missing { Confidence::Proven } else { Confidence::Likely };
    let finding = case
        .finding(severity, subject.clone(), title("title", half))
        .confidence(confidence)
        .why(Sentence::plain(why))
        .proof(proof)
        .limit((severity == Severity::Critical).then(|| limit(case)));
    let mut finding = figures(finding, half);
    if case.sysctl(half_open::SYNCOOKIES) != Some(0) {
        finding = finding.myth("accept-myth-syn-backlog");
    }
    if is_room_missing {
        return accept::remedies(case, finding.myth("accept-myth-abort"), &half.service);
    }
    let network =
        Remedy::new(RemedyKind::Operate, Sentence::plain(if is_few { "fix-path" } else { "half-open-flood" }));
    let network = match remotes.first().filter(|_| is_few) {
        Some(remote) => network.command(format!("ip route get {remote}")),
        None => network,
    };
    let longer = accept::backlog(case, &half.service, &subject, half.count);
    finding
        .remedy(network)
        .remedy(longer)
        .remedy(accept::somaxconn(case, &half.service))
        .remedy(half_open::cookies(case))
        .remedy(half_open::fewer_answers(case))
}

/// What happens to the next SYN.
fn limit(case: &Case<'_>) -> Sentence {
    Sentence::plain(match case.sysctl(half_open::SYNCOOKIES) {
        Some(0) | None => "limit-drops",
        Some(_) => "limit-cookies",
    })
}

#[cfg(test)]
mod tests;
