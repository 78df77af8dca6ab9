//! `count`: one integer.

mod wait;

use super::{gaps::Refuse, prelude::*};
use crate::{
    cli::{count::CountOptions, sockets::SocketOptions},
    collect::selected::selected,
    model::{selection::Selection, state::State},
};

impl Task for CountOptions {
    fn run(&self, run: Run) -> anyhow::Result<u8> {
        run.on_input(&|run| match &self.until {
            None => run.count(&self.sockets),
            Some(until) => run.wait_for_count(&self.sockets, until),
        })
    }
}

impl Run {
    /// Prints how many sockets fit.
    fn count(&self, wanted: &SocketOptions) -> anyhow::Result<u8> {
        let (sockets, gaps, filter) = self.count_now(wanted)?;
        self.note_all(&gaps, Some(&filter));
        print(|out| match self.options.format {
            Format::Json => render::json::count(out, sockets, &gaps),
            _ => writeln!(out, "{sockets}"),
        })?;
        Ok(DONE)
    }

    /// Counts the sockets that fit; gives the filter, and the gaps without a note unless they are an error.
    fn count_now(&self, wanted: &SocketOptions) -> anyhow::Result<(u64, Vec<Gap>, Filter)> {
        let mut scope = self.scope_for(wanted, false)?;
        let filter = self.filter(&wanted.filter, wanted.filter_file.as_deref(), &scope)?;
        let selection = selection(wanted, &filter);
        let labelled = scope.several || filter.needs().contains(Needs::NETNS);
        let labels = scope.all_labels();
        let ask = |source: &mut dyn Source, place: usize| {
            let kernel = collect::host::kernel_version(source);
            let label = if labelled { labels.get(place).cloned() } else { None };
            count_one(source, &selection, &filter, kernel, label)
        };
        let (answers, gaps) = self.answers(&mut scope, &Refuse::Every, &ask)?;
        if self.misses_rows() {
            // Which lines, and why.
            self.note_all(&gaps, Some(&filter));
            let rows = number(self.input.rows_missed());
            return Err(anyhow!(self.words.say(messages::ERROR_PARTIAL, &[("rows", rows)])));
        }
        Ok((answers.into_iter().map(|(_, sockets)| sockets).sum(), gaps, filter))
    }
}

/// The sockets that `count` and `group` read: the filter's states, or all; and the filter's tables unless options
/// select some.
pub(super) fn selection(wanted: &SocketOptions, filter: &Filter) -> Selection {
    let mut selection = wanted.selection;
    if !wanted.names_tables {
        let asked = filter.protocols(&[]);
        let countable: Vec<Protocol> = asked.into_iter().filter(|asked| Protocol::OVERVIEW.contains(asked)).collect();
        selection = selection.with_protocols(&countable);
    }
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
        let counted = collect::count::count_states(source, selection, kernel);
        return (counted.total(), counted.gaps);
    }
    let known = Known::read(source, filter.needs(), label);
    let mut sockets = 0;
    let mut gaps = known.gaps();
    gaps.extend(selected(source, selection, filter, &known, Needs::empty(), kernel, &mut |_| sockets += 1));
    (sockets, gaps)
}
