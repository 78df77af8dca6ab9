//! The names that nearly every part of the filter uses.

pub(super) use std::net::IpAddr;

pub(super) use super::tree::{Condition, Expr, HostPattern, Op, Side, Test};
pub(super) use crate::model::{
    entry::Entry,
    family::Family,
    state::{State, StateSet},
};
