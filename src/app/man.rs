//! `man`: prints the man page.

use super::{
    commands::COMMANDS,
    run::{DONE, Run, Task, print},
};
use crate::cli::{generate, man::ManOptions};

impl Task for ManOptions {
    fn run(&self, run: Run) -> anyhow::Result<u8> {
        print(|out| generate::man(out, COMMANDS, run.words.lang()))?;
        Ok(DONE)
    }
}
