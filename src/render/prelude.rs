//! The names that nearly every renderer uses.

pub(super) use std::{
    io::{self, Write},
    time::Duration,
};

pub(super) use anstyle::Style;

pub(super) use super::{
    escape::visible,
    screen::Screen,
    table::{Layout, TextTable},
};
pub(super) use crate::text::{Catalogue, Lang, Message, grouped, layout::wrapped, messages, number, words};
