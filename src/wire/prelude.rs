//! The names that the records of nearly every family use.

pub(super) use super::{attributes, memory::memory};
pub(super) use crate::model::{
    entry::{End, Entry},
    family::{Family, Netid},
    needs::Needs,
    socket::Timer,
    state::State,
    uapi::{u16_at, u32_at, u64_at},
};
