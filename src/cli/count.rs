//! The options of `count`.

use clap::Arg;

use super::{
    command::CommandOptions,
    options::{Given, Words},
    sockets::SocketOptions,
};
use crate::{
    filter::WordError,
    render::format::Format,
    text::{Message, messages},
};

/// What is counted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CountOptions {
    /// Which sockets.
    pub sockets: SocketOptions,
}

impl CommandOptions for CountOptions {
    const NAME: &'static str = "count";
    const ABOUT: Message = messages::COMMAND_COUNT;
    const FORMATS: &'static [Format] = &[Format::Table, Format::Json];

    fn arguments(words: Words<'_>) -> Vec<Arg> {
        SocketOptions::arguments(words)
    }

    fn read(given: &Given<'_>) -> Result<CountOptions, WordError> {
        Ok(CountOptions { sockets: SocketOptions::read(given)? })
    }
}
