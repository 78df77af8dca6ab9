//! `man`, which has no options.

use clap::Arg;

use super::{
    command::CommandOptions,
    options::{Given, Words},
};
use crate::{
    filter::WordError,
    render::format::Format,
    text::{Message, messages},
};

/// The man page is in the language of the run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ManOptions;

impl CommandOptions for ManOptions {
    const NAME: &'static str = "man";
    const ABOUT: Message = messages::COMMAND_MAN;
    const FORMATS: &'static [Format] = &[];

    fn arguments(_: Words<'_>) -> Vec<Arg> {
        Vec::new()
    }

    fn read(_: &Given<'_>) -> Result<ManOptions, WordError> {
        Ok(ManOptions)
    }
}
