//! The names that nearly every rule uses.

pub(super) use super::{
    input::{RuleInput, part},
    need::Need,
    rule::{Evaluate, Rule},
    settings::Threshold,
};
pub(super) use crate::model::{
    finding::{Confidence, Figure, Finding, Program, Remedy, RemedyKind, Runtime, Severity, Subject, program_word},
    sentence::{Placeholders, Sentence, Word},
    shell::ShellCommand,
    snapshot::Seen,
    socket::{Kind, Timer},
    state::State,
};
