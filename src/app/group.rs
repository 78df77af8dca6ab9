//! `group`: how many sockets there are by each value of some keys.

use std::io::IsTerminal;

use super::{count::selection, gaps::Refuse, prelude::*};
use crate::{
    cli::group::GroupOptions,
    model::group::{Groups, Key},
    render::group::Users,
};

impl Task for GroupOptions {
    fn run(&self, run: Run) -> anyhow::Result<u8> {
        run.on_input(&|run| run.group(self))
    }
}

impl Run {
    /// Counts the sockets that fit by keys, and prints it.
    fn group(&self, options: &GroupOptions) -> anyhow::Result<u8> {
        let (groups, users, gaps) = self.grouped(options)?;
        let keys = &options.keys;
        print(|out| match self.options.format {
            Format::Json => render::json::groups(out, &groups, keys, &users, &gaps),
            Format::Csv => render::group::write_csv(out, &groups, keys, &users),
            _ => render::group::write(out, &groups, keys, &users, &self.words, &self.screen),
        })?;
        Ok(DONE)
    }

    /// Counts the matching sockets by keys; returns also the names of users if requested, and gaps.
    pub(super) fn grouped(&self, options: &GroupOptions) -> anyhow::Result<(Groups, Users, Vec<Gap>)> {
        let GroupOptions { sockets: wanted, keys, top, min } = options;
        let mut scope = self.scope_for(wanted, keys.iter().any(|(_, key)| *key == Key::Netns))?;
        let filter = self.filter(&wanted.filter, wanted.filter_file.as_deref(), &scope)?;
        let selection = selection(wanted, &filter);
        let plain: Vec<Key> = keys.iter().map(|(_, key)| *key).collect();
        let any = |those: &[Key]| plain.iter().any(|key| those.contains(key));
        let needs = filter.needs()
            | Needs::OWNERS.when(any(&[Key::Program, Key::Pid, Key::Unit, Key::Container]))
            | Needs::PLACES.when(any(&[Key::Unit, Key::Container]));
        let labels = scope.all_labels();
        let ask = |source: &mut dyn Source, place: usize| {
            let kernel = collect::host::kernel_version(source);
            let known = Known::read(source, needs, labels.get(place).cloned());
            let mut grouped = collect::group::group_where(source, &selection, &filter, &known, &plain, kernel);
            let mut gaps = known.gaps();
            gaps.append(&mut grouped.gaps);
            (grouped, gaps)
        };
        let (answers, gaps) = self.ask_each(&mut scope, &Refuse::Every, Some(&filter), &ask)?;
        let mut all = collect::group::Grouped::default();
        for (_, one) in answers {
            all.rows.extend(one.rows);
            all.inferred += one.inferred;
        }
        all.merge_equal_rows();
        if all.inferred > 0 && io::stderr().is_terminal() {
            self.note(&self.words.say(messages::NOTE_INFERRED, &[("count", number(all.inferred))]));
        }
        let users =
            if plain.contains(&Key::User) { collect::users::names(&*self.input.source()) } else { Default::default() };
        Ok((Groups::new(all.rows, *min, *top), users, gaps))
    }
}
