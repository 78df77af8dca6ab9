//! `man`: prints a page of the manual.

use super::{commands::COMMANDS, prelude::*};
use crate::cli::{man::ManOptions, manual};

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
