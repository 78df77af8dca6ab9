//! Every text there is. A new one is a file in each language and a line here.

use super::Kind;
use crate::text::topic::{TopicFiles, topic_files};

/// Texts of their own file: states and exchanges. Those of the rules stand with the rules.
pub(super) static FULL: &[(Kind, TopicFiles)] = &[
    (Kind::State, topic_files!("topics/states")),
    (Kind::State, topic_files!("topics/listen")),
    (Kind::State, topic_files!("topics/syn-sent")),
    (Kind::State, topic_files!("topics/syn-recv")),
    (Kind::State, topic_files!("topics/established")),
    (Kind::State, topic_files!("topics/fin-wait1")),
    (Kind::State, topic_files!("topics/fin-wait2")),
    (Kind::State, topic_files!("topics/closing")),
    (Kind::State, topic_files!("topics/time-wait")),
    (Kind::State, topic_files!("topics/close-wait")),
    (Kind::State, topic_files!("topics/last-ack")),
    (Kind::State, topic_files!("topics/close")),
    (Kind::State, topic_files!("topics/bound-inactive")),
    (Kind::State, topic_files!("topics/orphan")),
    (Kind::State, topic_files!("topics/udp")),
    (Kind::State, topic_files!("topics/unix-listen")),
    (Kind::Exchange, topic_files!("topics/three-way-handshake")),
    (Kind::Exchange, topic_files!("topics/four-way-close")),
    (Kind::Exchange, topic_files!("topics/simultaneous-close")),
    (Kind::Exchange, topic_files!("topics/half-closing")),
    (Kind::Exchange, topic_files!("topics/reset")),
    (Kind::Exchange, topic_files!("topics/keepalive")),
    (Kind::Exchange, topic_files!("topics/zero-window")),
    (Kind::Exchange, topic_files!("topics/retransmission")),
];

/// Short texts, all of a kind in one file, each under its heading.
pub(super) static ENTRIES: &[(Kind, TopicFiles)] = &[
    (Kind::Error, topic_files!("entries/errors")),
    (Kind::Field, topic_files!("entries/fields")),
    (Kind::Sysctl, topic_files!("entries/sysctls")),
    (Kind::Counter, topic_files!("entries/counters")),
    (Kind::Myth, topic_files!("entries/myths")),
];
