//! `man`: prints a page of the manual.

use anyhow::anyhow;

use super::{
    commands::COMMANDS,
    run::{DONE, Run, Task, print},
};
use crate::{
    cli::{man::ManOptions, manual},
    text::{escape::visible, messages, words},
};

impl Task for ManOptions {
    fn run(&self, run: Run) -> anyhow::Result<u8> {
        let mut page = Vec::new();
        let name = self.page.as_deref();
        if !manual::write(&mut page, COMMANDS, run.words.lang(), name)? {
            let named = visible(name.unwrap_or_default().as_bytes(), run.screen.unicode);
            return Err(anyhow!(run.words.say(messages::ERROR_UNKNOWN_PAGE, &[("page", words(named))])));
        }
        print(|out| out.write_all(&page))?;
        Ok(DONE)
    }
}
