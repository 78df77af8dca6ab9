//! Every text there is. A new one is a file in each language and a line here.

use super::kind::TopicKind;
use crate::text::topic::TopicFiles;

/// Topics with their own file: states and exchanges. Those of the rules are listed with the rules.
pub(super) static FULL: &[(TopicKind, TopicFiles)] = &[
    (TopicKind::State, TopicFiles::at("topics/states.md")),
    (TopicKind::State, TopicFiles::at("topics/listen.md")),
    (TopicKind::State, TopicFiles::at("topics/syn-sent.md")),
    (TopicKind::State, TopicFiles::at("topics/syn-recv.md")),
    (TopicKind::State, TopicFiles::at("topics/established.md")),
    (TopicKind::State, TopicFiles::at("topics/fin-wait1.md")),
    (TopicKind::State, TopicFiles::at("topics/fin-wait2.md")),
    (TopicKind::State, TopicFiles::at("topics/closing.md")),
    (TopicKind::State, TopicFiles::at("topics/time-wait.md")),
    (TopicKind::State, TopicFiles::at("topics/close-wait.md")),
    (TopicKind::State, TopicFiles::at("topics/last-ack.md")),
    (TopicKind::State, TopicFiles::at("topics/close.md")),
    (TopicKind::State, TopicFiles::at("topics/bound-inactive.md")),
    (TopicKind::State, TopicFiles::at("topics/orphan.md")),
    (TopicKind::State, TopicFiles::at("topics/udp.md")),
    (TopicKind::State, TopicFiles::at("topics/unix-listen.md")),
    (TopicKind::Exchange, TopicFiles::at("topics/three-way-handshake.md")),
    (TopicKind::Exchange, TopicFiles::at("topics/four-way-close.md")),
    (TopicKind::Exchange, TopicFiles::at("topics/simultaneous-close.md")),
    (TopicKind::Exchange, TopicFiles::at("topics/half-closing.md")),
    (TopicKind::Exchange, TopicFiles::at("topics/reset.md")),
    (TopicKind::Exchange, TopicFiles::at("topics/keepalive.md")),
    (TopicKind::Exchange, TopicFiles::at("topics/zero-window.md")),
    (TopicKind::Exchange, TopicFiles::at("topics/retransmission.md")),
];

/// Short texts, all of a kind in one file, each under its heading.
pub(super) static ENTRIES: &[(TopicKind, TopicFiles)] = &[
    (TopicKind::Error, TopicFiles::at("entries/errors.md")),
    (TopicKind::Field, TopicFiles::at("entries/fields.md")),
    (TopicKind::Sysctl, TopicFiles::at("entries/sysctls.md")),
    (TopicKind::Counter, TopicFiles::at("entries/counters.md")),
    (TopicKind::Myth, TopicFiles::at("entries/myths.md")),
];
