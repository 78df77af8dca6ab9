//! Gaps as sentences: for people on stderr, and as `why` in JSON.

use super::prelude::*;
use crate::{
    model::{
        engine::{BpfFailure, BpfStep},
        gap::{Gap, Lack, Unread, UnreadReason, What, Why},
    },
    text::{escape::visible, system_error},
};

/// The gap as a sentence: the missing data and the reason.
pub fn sentence(gap: &Gap, catalogue: &Catalogue) -> String {
    let why = reason(gap, catalogue);
    let because = |message| catalogue.say(message, &[("why", words(why.as_str()))]);
    match (gap.what, &gap.why) {
        (
            _,
            Why::ReadFromProc(_)
            | Why::NotShown(..)
            | Why::Unread(_)
            | Why::Capture(..)
            | Why::WithoutBpf(_)
            | Why::Denied(_)
            | Why::OutOfReach(_),
        ) => why,
        (What::Sockets(protocol), cause) => {
            let message = match cause {
                Why::NotAvailable(_) => messages::ERROR_NOT_AVAILABLE,
                _ => messages::ERROR_UNREADABLE,
            };
            catalogue.say(message, &[("what", words(protocol.name())), ("why", words(why))])
        }
        (What::BoundInactive, _) => because(messages::ERROR_BOUND_INACTIVE),
        (What::Namespaces, _) => because(messages::ERROR_NAMESPACE),
        (What::BpfStorages, _) => because(messages::ERROR_BPF_STORAGES),
        // Host data is missing only if the input is a text; the line above says so.
        (What::Owners | What::Host | What::Lines | What::Engine, _) => because(messages::ERROR_OWNERS),
    }
}

/// The reason alone, if the missing data is named separately; the whole sentence if the reason names both.
pub(super) fn reason(gap: &Gap, catalogue: &Catalogue) -> String {
    match &gap.why {
        Why::Unreadable(error) | Why::NotAvailable(error) => system_error(error, catalogue.lang()),
        Why::ReadFromProc(error) => {
            let what = words(name(gap.what));
            catalogue
                .say(messages::NOTE_FROM_PROC, &[("what", what), ("why", words(system_error(error, catalogue.lang())))])
        }
        Why::TooOld(version) => catalogue.say(messages::NOTE_BOUND_TOO_OLD, &[("version", words(*version))]),
        Why::NotShown(kind, lacks) => not_shown(kind, lacks, catalogue),
        Why::WithoutBpf(failure) => without_bpf(failure, catalogue),
        Why::Unread(lines) => unread(lines, catalogue),
        Why::Capture(capture, count) => {
            catalogue.say(messages::NOTE_CAPTURE, &[("capture", number(*capture)), ("count", number(*count))])
        }
        Why::Denied(processes) | Why::OutOfReach(processes) => {
            let message = match (gap.what, &gap.why) {
                (What::Owners, _) => messages::NOTE_OWNERS_DENIED,
                (_, Why::Denied(_)) => messages::HIDDEN_NAMESPACES,
                _ => messages::NAMESPACES_OUT_OF_REACH,
            };
            catalogue.say(message, &[("count", number(*processes))])
        }
    }
}

/// The name of the missing data, as in JSON.
pub(super) fn name(what: What) -> &'static str {
    match what {
        What::Sockets(protocol) => protocol.name(),
        What::BoundInactive => "BOUND_INACTIVE",
        What::Namespaces => "netns",
        What::Owners => "owners",
        What::BpfStorages => "bpf-storages",
        What::Engine => "engine",
        What::Host => "host",
        What::Lines => "lines",
    }
}

/// The name of a text or a raw dump, printed instead of the host's.
pub(super) fn text_of(kind: &str, catalogue: &Catalogue) -> String {
    match kind {
        "-D" => catalogue.text(messages::RAW_DUMP),
        kind => catalogue.say(messages::TEXT_OF, &[("what", kind.into())]),
    }
}

/// The reason why BPF could not be used, and the replacement.
pub fn without_bpf(failure: &BpfFailure, catalogue: &Catalogue) -> String {
    let why = words(bpf_reason(failure, catalogue));
    catalogue.say(messages::NOTE_WITHOUT_BPF, &[("why", why)])
}

/// Why BPF could not be used.
pub fn bpf_reason(failure: &BpfFailure, catalogue: &Catalogue) -> String {
    let message = match failure.step {
        BpfStep::Types => messages::BPF_TYPES,
        BpfStep::Load => messages::BPF_LOAD,
        BpfStep::Attach => messages::BPF_ATTACH,
        BpfStep::Read => messages::BPF_READ,
        BpfStep::Rights => messages::BPF_RIGHTS,
        BpfStep::Container => messages::BPF_CONTAINER,
    };
    let error = words(system_error(&failure.error, catalogue.lang()));
    catalogue.say(message, &[("why", error)])
}

/// The fields that a text or a dump lacks, as a sentence.
fn not_shown(kind: &str, lacks: &[Lack], catalogue: &Catalogue) -> String {
    let what = text_of(kind, catalogue);
    let word = |lack: &Lack| match lack {
        Lack::Owners => messages::LACK_OWNERS,
        Lack::Timers => messages::LACK_TIMERS,
        Lack::Inodes => messages::LACK_INODES,
        Lack::TcpInfo => messages::LACK_TCP_INFO,
        Lack::AcceptLimits => messages::LACK_LIMITS,
        Lack::Queues => messages::LACK_QUEUES,
        Lack::Sockets => messages::LACK_SOCKETS,
        Lack::Counters => messages::LACK_COUNTERS,
    };
    let all = lacks.iter().map(word).chain([messages::LACK_HOST]).map(|word| catalogue.text(word));
    let list = all.collect::<Vec<_>>().join(catalogue.lang().comma());
    catalogue.say(messages::NOTE_NOT_SHOWN, &[("what", what.into()), ("lacks", list.into())])
}

/// Line numbers that are listed.
const NAMED_LINES: usize = 8;

/// Lines of a text that were not understood, and why.
pub fn unread(unread: &Unread, catalogue: &Catalogue) -> String {
    let count = unread.lines.len();
    let shown: Vec<String> = unread.lines.iter().take(NAMED_LINES).map(u64::to_string).collect();
    let shown = ("lines", words(shown.join(catalogue.lang().comma())));
    let place = match count.saturating_sub(NAMED_LINES) {
        0 if count == 1 => catalogue.say(messages::LINE, &[shown]),
        0 => catalogue.say(messages::LINES, &[shown]),
        more => catalogue.say(messages::LINES_AND_MORE, &[shown, ("more", number(more as u64))]),
    };
    let place = ("lines", words(place));
    let message = match &unread.reason {
        UnreadReason::Cut => messages::UNREAD_CUT,
        UnreadReason::NoState => messages::UNREAD_NO_STATE,
        UnreadReason::Figures => messages::UNREAD_FIGURES,
        UnreadReason::Foreign => messages::UNREAD_FOREIGN,
        UnreadReason::Unknown => messages::UNREAD_UNKNOWN,
        UnreadReason::Names => messages::UNREAD_NAMES,
        UnreadReason::NoRow => messages::UNREAD_NO_ROW,
        UnreadReason::State(word) => {
            let word = visible(word.as_bytes(), true);
            return catalogue.say(messages::UNREAD_STATE, &[place, ("word", words(word))]);
        }
        UnreadReason::Elsewhere(what) => {
            return catalogue.say(messages::UNREAD_ELSEWHERE, &[place, ("what", words(*what))]);
        }
    };
    catalogue.say(message, &[place])
}
