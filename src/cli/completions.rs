//! The options of `completions`.

use clap::builder::TypedValueParser;

use super::prelude::*;

/// The shells that completions are written for.
pub type Shell = clap_complete::Shell;

/// All of them, by the word on the command line.
pub const SHELLS: [(&str, Shell); 5] = [
    ("bash", Shell::Bash),
    ("elvish", Shell::Elvish),
    ("fish", Shell::Fish),
    ("powershell", Shell::PowerShell),
    ("zsh", Shell::Zsh),
];

/// For which shell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CompletionsOptions {
    /// The shell.
    pub shell: Shell,
}

impl CommandOptions for CompletionsOptions {
    const NAME: &'static str = "completions";
    const ABOUT: Message = messages::COMMAND_COMPLETIONS;
    const FORMATS: &'static [Format] = &[];

    fn arguments(words: Words<'_>) -> Vec<Arg> {
        let shells = PossibleValuesParser::new(SHELLS.map(|(name, _)| name));
        let shell = shells.map(|name: String| {
            SHELLS.iter().find(|(known, _)| *known == name).map_or(Shell::Bash, |(_, shell)| *shell)
        });
        vec![
            word("shell", "SHELL", words, messages::ARGUMENT_SHELL, messages::HEADING_ARGUMENTS)
                .required(true)
                .hide_possible_values(true)
                .value_parser(shell),
        ]
    }

    fn read(given: &Given<'_>) -> Result<CompletionsOptions, WordError> {
        Ok(CompletionsOptions { shell: given.one("shell").unwrap_or(Shell::Bash) })
    }
}
