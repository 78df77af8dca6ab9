//! The names that the options of nearly every command use.

pub(super) use std::time::Duration;

pub(super) use clap::{Arg, builder::PossibleValuesParser, value_parser};

pub(super) use super::{
    command::CommandOptions,
    common,
    options::{self, Given, Words, by, flag, value, word},
    sockets::{self, SocketOptions},
};
pub(super) use crate::{
    filter::WordError,
    render::format::Format,
    text::{Message, messages},
};
