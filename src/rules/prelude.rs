//! The names that nearly every rule uses.

pub(super) use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    time::Duration,
};

pub(super) use super::{
    input::{RuleInput, part},
    need::Need,
    relations::{Relation, SharedBy},
    rule::{Evaluate, Rule},
    settings::Threshold,
};
pub(super) use crate::model::{
    finding::{Confidence, Figure, Finding, Program, Remedy, RemedyKind, Runtime, Severity, Subject, program_word},
    sentence::{Placeholders, Sentence, Word},
    shell::ShellCommand,
    snapshot::{Listener, Seen},
    socket::{Kind, Timer},
    sorted,
    state::State,
};
