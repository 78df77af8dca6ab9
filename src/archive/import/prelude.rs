//! The names that nearly every reader of a text uses.

pub(super) use super::{
    end::end,
    row::{Extras, Item, ShownColumns, TextRow, UnixRow, User},
    states::{is_number, state},
};
pub(super) use crate::model::{family::Netid, gap::UnreadReason, socket::Timer, state::State};
