//! `completions`: prints a completion script.

use super::{commands::COMMANDS, prelude::*};
use crate::cli::{completions::CompletionsOptions, generate};

impl Task for CompletionsOptions {
    fn run(&self, _: Run) -> anyhow::Result<u8> {
        print(|out| generate::completions(out, COMMANDS, self.shell))?;
        Ok(DONE)
    }
}
