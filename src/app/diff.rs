//! `diff`: looks twice, each time at a recording or at the host as it is, and tells what changed.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::anyhow;

use super::{
    DONE, Run, Task,
    check::plan,
    input::{Opened, Way},
    print,
};
use crate::{
    archive::{Replayer as Replay, format},
    cli::{check::CheckOptions, diff::DiffOptions, options::LookOptions},
    collect::{
        self,
        entries::entries,
        known::{Known, LookUp},
        query::DumpQuery,
        snapshot,
    },
    diff::{ComparedSocket, Diff, Identity, Observation, diff},
    filter::Filter,
    model::{
        census::Census,
        entry::End,
        family::Protocol,
        group::{Key, Value},
        selection::Selection,
        state::StateSet,
    },
    render::{self, format::Format, group::Users},
    source::{Source, kernel::KernelSource},
    text::{Catalogue, messages},
};

/// What stands for the host as it is.
const NOW: &str = "now";

/// What one namespace brings.
struct Place {
    netns: u64,
    counters: BTreeMap<String, u64>,
    sockets: Option<Vec<ComparedSocket>>,
    groups: Vec<(Box<[Value]>, u64)>,
    users: Users,
}

impl Task for DiffOptions {
    fn run(&self, run: Run) -> anyhow::Result<u8> {
        run.diff(self)
    }
}

impl Run {
    /// Prints what changed.
    fn diff(&self, options: &DiffOptions) -> anyhow::Result<u8> {
        if options.a == "-" && options.b == "-" {
            return Err(anyhow!(self.words.text(messages::ERROR_STDIN_TWICE)));
        }
        // One's own machine is looked at in the same way as the recording was made.
        let inputs = [&options.a, &options.b].map(|path| (path.as_str() != NOW).then(|| self.opened(path)).transpose());
        let [a, b] = inputs;
        let (a, b) = (a?, b?);
        let recorded = [&a, &b].into_iter().flatten().find_map(|opened| match opened {
            Opened::Recording(archive) => Some(archive.head().look.clone()),
            _ => None,
        });
        let recorded = recorded.unwrap_or_default();
        let (a, mut users) = self.side(&options.a, a, &recorded, options)?;
        let (b, users_of_b) = self.side(&options.b, b, &recorded, options)?;
        users.extend(users_of_b);
        let diff: Diff = diff(a, b);
        print(|out| match self.options.format {
            Format::Json => render::json::diff::write(out, &diff, &options.keys, &users),
            _ => {
                render::diff::write(out, &diff, &options.keys, &users, &self.words, &self.screen, self.options.verbose)
            }
        })?;
        Ok(DONE)
    }

    /// Looks at one of the two.
    fn side(
        &self,
        name: &str,
        input: Option<Opened>,
        recorded: &format::Look,
        options: &DiffOptions,
    ) -> anyhow::Result<(Observation, Users)> {
        let mut run = Run {
            options: self.options.clone(),
            words: Catalogue::new(self.words.lang()),
            screen: self.screen,
            proc: self.proc.clone(),
            tcpdiag_file: None,
            config_file: self.config_file.clone(),
            pager: None,
            rows: None,
            way: Way::Live(self.proc.clone()),
        };
        // A recording is looked at as it was made, the host like the recording; a text has no namespaces.
        let like = match &input {
            None => recorded.netns.clone(),
            Some(Opened::Recording(archive)) => archive.head().look.netns.clone(),
            Some(Opened::Dump(_) | Opened::Text(_)) => None,
        };
        run.options.netns = like.or(run.options.netns.take());
        let (mut side, users) = match input {
            None => run.seen(&mut KernelSource::new(self.proc.clone()), recorded.deep, options),
            Some(Opened::Recording(archive)) => {
                run.way = Way::Recorded(Arc::clone(&archive));
                run.seen(&mut Replay::new(&archive, ""), archive.head().look.deep, options)
            }
            Some(Opened::Dump(mut dump)) => {
                run.way = Way::of_dump();
                run.note_gaps(&run.way.gaps());
                run.seen(&mut *dump, false, options)
            }
            Some(Opened::Text(mut text)) => {
                run.way = Way::of_text(&text);
                run.note_gaps(&run.way.gaps());
                run.seen(&mut text.source, false, options)
            }
        }?;
        name.clone_into(&mut side.name);
        Ok((side, users))
    }

    fn seen(&self, source: &mut dyn Source, deep: bool, options: &DiffOptions) -> anyhow::Result<(Observation, Users)> {
        let wanted = self.wanted_rules(&CheckOptions::default())?;
        let overview = self.examine(source, &plan(&wanted, LookOptions { wait: None, deep }, false))?;
        self.refuse_losses(&overview.counted.gaps.iter().filter(|gap| is_of_tcp(gap)).cloned().collect::<Vec<_>>())?;
        let mut scope = self.scope(source)?;
        let keys: Vec<Key> = options.keys.iter().map(|(_, key)| *key).collect();
        let inodes: Vec<u64> = scope.places.iter().map(|place| place.inode).collect();
        let labels = scope.all_labels();
        let looked = scope.each(source, &|source, place| {
            let netns = inodes.get(place).copied().unwrap_or(0);
            look(source, netns, &keys, labels.get(place).cloned())
        })?;
        let states = overview.tcp().map(|tcp: &Census| tcp.counts().collect()).unwrap_or_default();
        let diagnosis = overview.diagnosis.unwrap_or_default();
        let mut side = Observation {
            name: String::new(),
            host: overview.host,
            netns: inodes.iter().copied().filter(|&inode| inode != 0).collect(),
            not_checked: diagnosis.not_checked.iter().map(|one| one.rule).collect(),
            findings: diagnosis.findings,
            taken_at: source.now(),
            states,
            groups: Vec::new(),
            sockets: Some(Vec::new()),
            counters: BTreeMap::new(),
        };
        let mut users = Users::new();
        let mut all = collect::group::Grouped::default();
        for (_, place) in looked {
            for (name, value) in place.counters {
                side.counters.entry(name).or_default().insert(place.netns, value);
            }
            side.sockets = side.sockets.zip(place.sockets).map(|(mut all, one)| {
                all.extend(one);
                all
            });
            all.rows.extend(place.groups);
            users.extend(place.users);
        }
        all.merge_equal_rows();
        side.groups = all.rows;
        Ok((side, users))
    }
}

fn is_of_tcp(gap: &crate::model::gap::Gap) -> bool {
    gap.what == crate::model::gap::What::Sockets(Protocol::Tcp)
}

/// What is not in the overview.
fn look(source: &mut dyn Source, netns: u64, keys: &[Key], label: Option<String>) -> Place {
    let mut sockets = Some(Vec::new());
    entries(source, Protocol::Tcp, &DumpQuery::states(StateSet::ALL), &mut |entry| {
        let end = |end: &End| match end {
            End::Inet(address, port) => Some((*address, *port)),
            _ => None,
        };
        let ends = end(&entry.local).zip(end(&entry.peer)).map(|(local, peer)| [local, peer]);
        let (Some(all), Some(ends)) = (&mut sockets, ends) else { return };
        if entry.cookie == 0 {
            sockets = None;
        } else {
            let identity = Identity { netns, cookie: entry.cookie };
            all.push(ComparedSocket { identity, state: entry.state, ends });
        }
    });
    let counters = snapshot::counters(source);
    let mut place = Place { netns, counters, sockets, groups: Vec::new(), users: Users::new() };
    if keys.is_empty() {
        return place;
    }
    let any = |those: &[Key]| keys.iter().any(|key| those.contains(key));
    let look_up = LookUp {
        owners: any(&[Key::Program, Key::Pid, Key::Unit, Key::Container]),
        places: any(&[Key::Unit, Key::Container]),
        users: any(&[Key::User]),
        ..LookUp::default()
    };
    let known = Known::read(source, look_up, label);
    let selection = Selection::tcp(StateSet::ALL);
    let kernel = collect::host::kernel_version(source);
    place.groups = collect::group::group_where(source, &selection, &Filter::everything(), &known, keys, kernel).rows;
    place.users = known.users;
    place
}
