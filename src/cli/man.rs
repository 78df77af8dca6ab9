//! The option of `man`: which page.

use super::prelude::*;

/// The page is in the language of the run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ManOptions {
    /// A command, or `filter`; the program where none is named.
    pub page: Option<String>,
}

impl CommandOptions for ManOptions {
    const NAME: &'static str = "man";
    const ABOUT: Message = messages::COMMAND_MAN;
    const FORMATS: &'static [Format] = &[];

    fn arguments(words: Words<'_>) -> Vec<Arg> {
        vec![word("page", "PAGE", words, messages::ARGUMENT_PAGE, messages::HEADING_ARGUMENTS)]
    }

    fn read(given: &Given<'_>) -> Result<ManOptions, WordError> {
        Ok(ManOptions { page: given.text("page") })
    }
}
