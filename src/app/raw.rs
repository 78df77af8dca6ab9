//! Raw answers of the kernel: written by `-D`.

use std::io::{self, Write};

use anyhow::anyhow;

use super::{run::Run, stdout};
use crate::{
    cli::list::ListOptions,
    model::{
        family::{Family, Protocol},
        needs::Needs,
    },
    system::files,
    text::escape::visible,
    wire::{dump::copy, request::Request},
};

impl Run {
    /// What is wrong with a file, with its name.
    pub(super) fn about_file(&self, path: &str, error: &io::Error) -> anyhow::Error {
        anyhow!("{}: {error}", visible(path.as_bytes(), self.screen.unicode))
    }

    /// `-D`: the raw answer as `ss` writes it, IPv4 before IPv6, and nothing else.
    pub(super) fn dump(&self, options: &ListOptions, path: &str) -> anyhow::Result<()> {
        let mut scope = self.scope()?;
        let states = self.plan(options, &scope)?.states(Protocol::Tcp);
        let mut out: Box<dyn Write + Send> = match path {
            "-" => Box::new(stdout::open()?),
            path => Box::new(files::create(path).map_err(|error| self.about_file(path, &error))?),
        };
        let needs = Needs::INFO | Needs::CONGESTION | Needs::MEMORY | Needs::TOS;
        scope.in_turn(&*self.input, &mut |source, _| {
            for family in [Family::Inet, Family::Inet6] {
                let request = Request::inet(family, 6, states, needs);
                copy(source, &request, &mut |bytes| out.write_all(bytes)).map_err(|error| anyhow!("{error}"))?;
            }
            out.flush()?;
            Ok(())
        })
    }
}
