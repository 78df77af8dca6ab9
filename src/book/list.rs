//! Every text there is. A new one is a file in each language and a line here.

use super::Kind;
use crate::text::topic::TopicFiles;

/// Texts of their own file: states and exchanges. Those of the rules stand with the rules.
pub(super) static FULL: &[(Kind, TopicFiles)] = &[
    (Kind::State, TopicFiles::at("topics/states.md")),
    (Kind::State, TopicFiles::at("topics/listen.md")),
    (Kind::State, TopicFiles::at("topics/syn-sent.md")),
    (Kind::State, TopicFiles::at("topics/syn-recv.md")),
    (Kind::State, TopicFiles::at("topics/established.md")),
    (Kind::State, TopicFiles::at("topics/fin-wait1.md")),
    (Kind::State, TopicFiles::at("topics/fin-wait2.md")),
    (Kind::State, TopicFiles::at("topics/closing.md")),
    (Kind::State, TopicFiles::at("topics/time-wait.md")),
    (Kind::State, TopicFiles::at("topics/close-wait.md")),
    (Kind::State, TopicFiles::at("topics/last-ack.md")),
    (Kind::State, TopicFiles::at("topics/close.md")),
    (Kind::State, TopicFiles::at("topics/bound-inactive.md")),
    (Kind::State, TopicFiles::at("topics/orphan.md")),
    (Kind::State, TopicFiles::at("topics/udp.md")),
    (Kind::State, TopicFiles::at("topics/unix-listen.md")),
    (Kind::Exchange, TopicFiles::at("topics/three-way-handshake.md")),
    (Kind::Exchange, TopicFiles::at("topics/four-way-close.md")),
    (Kind::Exchange, TopicFiles::at("topics/simultaneous-close.md")),
    (Kind::Exchange, TopicFiles::at("topics/half-closing.md")),
    (Kind::Exchange, TopicFiles::at("topics/reset.md")),
    (Kind::Exchange, TopicFiles::at("topics/keepalive.md")),
    (Kind::Exchange, TopicFiles::at("topics/zero-window.md")),
    (Kind::Exchange, TopicFiles::at("topics/retransmission.md")),
];

/// Short texts, all of a kind in one file, each under its heading.
pub(super) static ENTRIES: &[(Kind, TopicFiles)] = &[
    (Kind::Error, TopicFiles::at("entries/errors.md")),
    (Kind::Field, TopicFiles::at("entries/fields.md")),
    (Kind::Sysctl, TopicFiles::at("entries/sysctls.md")),
    (Kind::Counter, TopicFiles::at("entries/counters.md")),
    (Kind::Myth, TopicFiles::at("entries/myths.md")),
];
