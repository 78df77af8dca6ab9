//! `metrics`: figures for a monitoring system.

mod endpoint;

use std::{io::Write, time::Instant};

use super::{
    examine::{Examination, Examiner},
    prelude::*,
};
use crate::{
    cli::{
        check::CheckOptions,
        metrics::{MetricsOptions, MetricsOutput},
    },
    collect::series::Baseline,
    model::snapshot::Snapshot,
    render::metrics::{self as render, MetricFormat},
    report::metrics::{
        MetricBounds, MetricSeries, RunFigures, gather,
        namespace::{self, NamespaceFacts},
    },
};

impl Task for MetricsOptions {
    fn run(&self, run: Run) -> anyhow::Result<u8> {
        if self.bounds.series < MetricBounds::LEAST_SERIES {
            let least = number(MetricBounds::LEAST_SERIES as u64);
            return Err(anyhow!(run.words.say(messages::ERROR_METRICS_SERIES, &[("least", least)])));
        }
        if self.serves() {
            return run.serve_metrics(self);
        }
        let write: &dyn Fn(&mut dyn Write) -> std::io::Result<()> = match self.prints {
            MetricsOutput::Rules => &|out| render::alerts::write(out, &run.words),
            MetricsOutput::Dashboard => &|out| render::dashboard::write(out, &run.words),
            MetricsOutput::Figures => {
                let output = self.output.as_deref().map(|path| (path, true));
                return run.on_input_to(output, &|run| run.metrics_once(self));
            }
        };
        print(write)?;
        Ok(DONE)
    }
}

impl Run {
    /// The figures of now, printed or put in a file.
    fn metrics_once(&self, options: &MetricsOptions) -> anyhow::Result<u8> {
        let examination = self.measures(options)?;
        let mut examiner = Examiner::new(self, &examination, Baseline::First)?;
        examiner.take_first(self)?;
        let series = self.metrics(&mut examiner, &examination, options)?;
        match &options.output {
            Some(path) => self.write_metrics(path, &series, options.format)?,
            None => print(|out| render::write(out, &series, options.format))?,
        }
        Ok(DONE)
    }

    /// Which rules are asked, and how closely the sockets are read.
    fn measures(&self, options: &MetricsOptions) -> anyhow::Result<Examination> {
        let wanted = self.wanted_rules(&CheckOptions::default())?;
        let mut examination = Examination::of(&wanted, self.closely(options.sampling), false);
        examination.depth.usage = true;
        // A recording answers what was asked when it was made.
        examination.only_counts = self.input.recorded().is_none();
        Ok(examination)
    }

    /// Takes a sample and makes the series of it.
    fn metrics(
        &self,
        examiner: &mut Examiner<'_>,
        examination: &Examination,
        options: &MetricsOptions,
    ) -> anyhow::Result<Vec<MetricSeries>> {
        let began = Instant::now();
        let bounds = &options.bounds;
        let read = |source: &dyn Source, snapshot: &Snapshot, counted: &_| {
            let around = surroundings(source, snapshot, examination.depth.deep);
            namespace::read(snapshot, counted, &around, bounds)
        };
        let (overview, _, namespaces) = examiner.examine_and(self, &read)?;
        // A scraper sees a failure in sockdoc_collect_success; a file keeps its old content.
        if !options.serves() {
            self.refuse_without_tcp(&overview)?;
        }
        let figures = RunFigures {
            overview: &overview,
            rules: &examination.rules,
            namespaces,
            several: self.options.netns.as_deref() == Some("all"),
            taken_at: self.input.source().now(),
            cost: began.elapsed(),
            version: env!("CARGO_PKG_VERSION"),
        };
        Ok(gather(figures, bounds))
    }

    /// Replaces a file with the figures; the old content stays until the new one is complete.
    fn write_metrics(&self, path: &str, series: &[MetricSeries], format: MetricFormat) -> anyhow::Result<()> {
        let about = |error| self.about_file(path, &error);
        let mut file = self.begun(path, true)?;
        file.publish().map_err(about)?;
        let mut text = Vec::new();
        render::write(&mut text, series, format)?;
        file.write_all(&text).and_then(|()| file.commit()).map_err(about)
    }
}

/// The data of a namespace beside its sockets.
fn surroundings(source: &dyn Source, snapshot: &Snapshot, deep: bool) -> NamespaceFacts {
    let mut places = collect::snapshot::places(source, &namespace::cgroups(snapshot));
    places.extend(snapshot.places.clone());
    NamespaceFacts { places, files: deep.then(|| collect::snapshot::files_used(source, snapshot)) }
}
