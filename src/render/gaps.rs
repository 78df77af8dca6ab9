//! What could not be seen, in sentences: for people on stderr, and as `why` in JSON.

use crate::{
    model::gap::{Gap, Lack, What, Why},
    text::{Catalogue, messages, number, words},
};

/// The gap as a sentence: what is missing, and why.
pub fn sentence(gap: &Gap, catalogue: &Catalogue) -> String {
    let why = reason(gap, catalogue);
    let because = |message| catalogue.say(message, &[("why", words(why.as_str()))]);
    match (gap.what, &gap.why) {
        (_, Why::ReadFromProc(_) | Why::Untold(..) | Why::Denied(_)) => why,
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
        // A host is missing only where a text stands in its place, which is said above.
        (What::Owners | What::Host, _) => because(messages::ERROR_OWNERS),
    }
}

/// Why it is missing, where what is missing is said apart; the whole sentence where the reason says both.
pub(super) fn reason(gap: &Gap, catalogue: &Catalogue) -> String {
    match &gap.why {
        Why::Unreadable(error) | Why::NotAvailable(error) => error.clone(),
        Why::ReadFromProc(error) => {
            let what = words(name(gap.what));
            catalogue.say(messages::NOTE_FROM_PROC, &[("what", what), ("why", words(error.as_str()))])
        }
        Why::TooOld(version) => catalogue.say(messages::NOTE_BOUND_TOO_OLD, &[("version", words(*version))]),
        Why::Untold(kind, lacks, left_out) => untold(kind, lacks, *left_out, catalogue),
        Why::Denied(processes) => {
            let message = match gap.what {
                What::Owners => messages::NOTE_OWNERS_DENIED,
                _ => messages::HIDDEN_NAMESPACES,
            };
            catalogue.say(message, &[("count", number(*processes))])
        }
    }
}

/// The name of what is missing, as in JSON.
pub(super) fn name(what: What) -> &'static str {
    match what {
        What::Sockets(protocol) => protocol.name(),
        What::BoundInactive => "BOUND_INACTIVE",
        What::Namespaces => "netns",
        What::Owners => "owners",
        What::BpfStorages => "bpf-storages",
        What::Host => "host",
    }
}

/// The name of a text or a raw dump, shown in place of the host's.
pub(super) fn text_of(kind: &str, catalogue: &Catalogue) -> String {
    match kind {
        "-D" => catalogue.text(messages::RAW_DUMP),
        kind => catalogue.say(messages::TEXT_OF, &[("what", kind.into())]),
    }
}

/// What a text or a dump does not tell, as a sentence.
fn untold(kind: &str, lacks: &[Lack], left_out: u64, catalogue: &Catalogue) -> String {
    let what = text_of(kind, catalogue);
    let word = |lack: &Lack| match lack {
        Lack::Owners => messages::LACK_OWNERS,
        Lack::Timers => messages::LACK_TIMERS,
        Lack::Inodes => messages::LACK_INODES,
        Lack::TcpInfo => messages::LACK_TCP_INFO,
        Lack::AcceptLimits => messages::LACK_LIMITS,
    };
    let all = lacks.iter().map(word).chain([messages::LACK_HOST]).map(|word| catalogue.text(word));
    let list = all.collect::<Vec<_>>().join(catalogue.lang().comma());
    let said = catalogue.say(messages::NOTE_UNTOLD, &[("what", what.into()), ("lacks", list.into())]);
    match left_out {
        0 => said,
        rows => catalogue.say(messages::NOTE_LEFT_OUT, &[("said", said.into()), ("rows", number(rows))]),
    }
}
