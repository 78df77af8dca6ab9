//! The names that nearly every collector uses.

pub(super) use std::{collections::BTreeMap, io};

pub(super) use crate::{
    model::{
        entry::{End, Entry},
        family::{Netid, Protocol},
        gap::{Gap, What, Why},
        needs::Needs,
        owner::{Place, Process},
        state::{State, StateSet},
    },
    source::Source,
};
