//! Completion scripts, made from the declaration.

use std::io::{self, Write};

use clap::builder::PossibleValuesParser;

use super::{
    command::{Command, PROGRAM},
    completions::Shell,
    declaration::program,
    explain::with_topics,
};
use crate::text::{Catalogue, Lang};

/// Writes the completion script for a shell; its words are English, as those of all programs' are.
pub fn completions<T>(out: &mut dyn Write, commands: &[Command<T>], shell: Shell) -> io::Result<()> {
    let mut program = with_topics(program(commands, Some(&Catalogue::new(Lang::En))));
    for command in commands.iter().filter(|command| command.name != PROGRAM && !command.formats.is_empty()) {
        // Before the name of a command any format may be meant; behind it, those that it has.
        let formats = PossibleValuesParser::new(command.formats.iter().map(|format| format.name()));
        program = program.mut_subcommand(command.name, |declared| {
            declared.mut_arg("format", |argument| argument.value_parser(formats))
        });
    }
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut program, PROGRAM, &mut script);
    out.write_all(&script)
}
