//! The overview: what `sockdoc` alone prints.

use super::{DONE, Run, Task, check, print};
use crate::{
    archive::format::Look,
    cli::{check::CheckOptions, overview::OverviewOptions},
    render::{self, format::Format},
    source::Source,
};

impl Task for OverviewOptions {
    fn run(&self, run: Run) -> anyhow::Result<u8> {
        let look = Look { netns: run.options.netns.clone(), deep: self.look.deep, bound_inactive: self.bound_inactive };
        run.on_saved_source(look, &|run, source| run.overview(source, self))
    }
}

impl Run {
    /// Prints the overview.
    fn overview(&self, source: &mut dyn Source, options: &OverviewOptions) -> anyhow::Result<u8> {
        let wanted = self.wanted_rules(&CheckOptions::default())?;
        let bound_inactive = options.bound_inactive || self.way.is_bound_inactive();
        let overview = self.examine(source, &check::plan(&wanted, self.closely(options.look), bound_inactive))?;
        self.refuse_without_tcp(&overview)?;
        self.note_gaps(&overview.counted.gaps);
        print(|out| match self.options.format {
            Format::Json => render::json::overview(out, &overview),
            _ => render::overview::write(out, &overview, &self.words, &self.screen, self.options.verbose),
        })?;
        Ok(DONE)
    }
}
