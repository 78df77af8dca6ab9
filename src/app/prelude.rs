//! The names that nearly every command uses.

pub(super) use std::{io, time::Duration};

pub(super) use anyhow::anyhow;

pub(super) use super::{
    namespaces::Scope,
    run::{DONE, Run, Task, print},
};
pub(super) use crate::{
    collect::{self, known::Known},
    filter::Filter,
    model::{family::Protocol, gap::Gap, needs::Needs, state::StateSet},
    render::{self, format::Format},
    source::Source,
    text::{escape::visible, messages, number, words},
};
