//! The overview: what `sockdoc` alone prints.

use super::{Run, check, print};
use crate::{
    cli::{
        Format,
        check::{CheckOptions, Look},
    },
    render,
    source::Source,
};

impl Run {
    /// Prints the overview.
    pub(super) fn overview(&self, source: &mut dyn Source, bound_inactive: bool, look: Look) -> anyhow::Result<()> {
        self.only(&[Format::Table, Format::Json], "sockdoc")?;
        let wanted = self.wanted_rules(&CheckOptions::default())?;
        let overview = self.examine(source, &check::plan(&wanted, look, bound_inactive))?;
        self.refuse_without_tcp(&overview)?;
        self.note_gaps(&overview.counted.gaps);
        print(|out| match self.options.format {
            Format::Json => render::json::overview(out, &overview),
            _ => render::overview::write(out, &overview, &self.words, &self.screen, self.options.verbose),
        })
    }
}
