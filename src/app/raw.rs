//! Raw answers of the kernel: written by `-D`.

use super::{prelude::*, stdout};
use crate::{
    archive::Output,
    cli::list::ListOptions,
    model::family::Family,
    wire::{dump::copy, request::Request},
};

impl Run {
    /// `-D`: the raw answer as `ss` writes it, IPv4 before IPv6, and nothing else.
    pub(super) fn dump(&self, options: &ListOptions, path: &str) -> anyhow::Result<()> {
        let mut scope = self.scope()?;
        let states = self.plan(options, &scope)?.states(Protocol::Tcp);
        let needs = Needs::INFO | Needs::CONGESTION | Needs::MEMORY | Needs::TOS;
        self.copy_dump(&mut scope, path, states, needs, &[Family::Inet, Family::Inet6])
    }

    /// Copies the raw answer about each family into a file.
    pub(super) fn copy_dump(
        &self,
        scope: &mut Scope,
        path: &str,
        states: StateSet,
        needs: Needs,
        families: &[Family],
    ) -> anyhow::Result<()> {
        let mut out: Box<dyn Output> = match path {
            "-" => Box::new(stdout::open()?),
            path => Box::new(self.created(path)?),
        };
        let mut broke = None;
        scope.in_turn(&*self.input, &mut |source, _| {
            for &family in families {
                let request = Request::inet(family, 6, states, needs);
                let mut put = |bytes: &[u8]| {
                    let written = out.write_all(bytes);
                    written.map_err(|error| io::Error::from(broke.insert(error).kind()))
                };
                copy(source, &request, &mut put).map_err(|error| match &broke {
                    Some(broke) => self.about_output(path, broke),
                    None => anyhow!("{error}"),
                })?;
            }
            Ok(())
        })?;
        out.commit().map_err(|error| self.about_output(path, &error))
    }
}
