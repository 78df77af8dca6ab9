//! `count`: one integer.

use super::{DONE, Run, Task, gaps, print};
use crate::{
    cli::{count::CountOptions, sockets::SocketOptions},
    collect::{
        self,
        known::{Known, LookUp},
        selected::selected,
    },
    filter::Filter,
    model::{gap::Gap, selection::Selection, state::State},
    render::{self, format::Format},
    source::Source,
    wire::wanted,
};

impl Task for CountOptions {
    fn run(&self, run: Run) -> anyhow::Result<u8> {
        run.on_source(&|run, source| run.count(source, &self.sockets))
    }
}

impl Run {
    /// Counts the sockets that fit.
    fn count(&self, source: &mut dyn Source, wanted: &SocketOptions) -> anyhow::Result<u8> {
        let mut scope = self.scope_for(source, wanted, false)?;
        let filter = self.filter(source, &wanted.filter, wanted.filter_file.as_deref(), &scope)?;
        let selection = selection(wanted, &filter);
        let labelled = scope.several || filter.needs().netns;
        let labels = scope.all_labels();
        let answers = scope.each(source, &|source, place| {
            let kernel = collect::host::kernel_version(source);
            let label = if labelled { labels.get(place).cloned() } else { None };
            count_one(source, &selection, &filter, kernel, label)
        })?;
        let mut sockets = 0;
        let mut gaps = Vec::new();
        for (_, (counted, lost)) in answers {
            sockets += counted;
            gaps.extend(lost);
        }
        self.refuse_losses(&gaps)?;
        gaps.append(&mut scope.gaps);
        let gaps = gaps::each_once(gaps);
        self.note_owners(&gaps, &filter);
        self.note_gaps(&gaps);
        print(|out| match self.options.format {
            Format::Json => render::json::count_with_gaps(out, sockets, &gaps),
            _ => writeln!(out, "{sockets}"),
        })?;
        Ok(DONE)
    }
}

/// Which sockets `count` and `group` look at: the filter's states, all where it names none.
pub(super) fn selection(wanted: &SocketOptions, filter: &Filter) -> Selection {
    let mut selection = wanted.selection;
    if filter.names_states {
        selection.states = filter.states.without(State::BOUND_INACTIVE);
    }
    selection.bound_inactive |= filter.bound_inactive;
    selection
}

/// Counts in one namespace: by the state alone where that is all that is asked for.
fn count_one(
    source: &mut dyn Source,
    selection: &Selection,
    filter: &Filter,
    kernel: Option<(u32, u32)>,
    label: Option<String>,
) -> (u64, Vec<Gap>) {
    if filter.is_states_alone() {
        let counted = collect::count::count(source, selection, kernel);
        return (counted.total(), counted.gaps);
    }
    let known = Known::read(source, LookUp::default().and(filter.needs()), label);
    let mut sockets = 0;
    let mut gaps = known.gaps();
    gaps.extend(selected(source, selection, filter, &known, wanted::Wanted::NOTHING, kernel, &mut |_| sockets += 1));
    (sockets, gaps)
}
