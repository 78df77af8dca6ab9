//! The overview: the output of `sockdoc` without a command.

use super::{examine::Examination, prelude::*};
use crate::{
    archive::format::SampleScope,
    cli::{check::CheckOptions, overview::OverviewOptions},
};

impl Task for OverviewOptions {
    fn run(&self, run: Run) -> anyhow::Result<u8> {
        let scope = SampleScope {
            netns: run.options.netns.clone(),
            deep: self.sampling.deep,
            bound_inactive: self.bound_inactive,
        };
        run.on_saved_input(scope, &|run| run.overview(self))
    }
}

impl Run {
    /// Prints the overview.
    fn overview(&self, options: &OverviewOptions) -> anyhow::Result<u8> {
        let wanted = self.wanted_rules(&CheckOptions::default())?;
        let bound_inactive =
            options.bound_inactive || self.input.recorded().is_some_and(|recorded| recorded.bound_inactive);
        let overview = self.examine(&Examination::of(&wanted, self.closely(options.sampling), bound_inactive))?;
        self.refuse_without_tcp(&overview)?;
        self.note_gaps(&overview.counted.gaps);
        print(|out| match self.options.format {
            Format::Json => render::json::overview(out, &overview),
            _ => render::overview::write(out, &overview, &self.words, &self.screen, self.options.verbose),
        })?;
        Ok(DONE)
    }
}
