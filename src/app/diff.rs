//! `diff`: compares two recordings, or a recording with the host now.

use std::collections::BTreeMap;

use super::{
    examine::Examination,
    gaps::Refuse,
    input::{Input, kernel::KernelInput},
    open::ForeignFile,
    prelude::*,
    run::FAILED,
};
use crate::{
    archive::format::SampleScope,
    cli::{check::CheckOptions, diff::DiffOptions, options::SampleOptions},
    collect::{entries::entries, query::DumpQuery, snapshot},
    diff::{ComparedSocket, Diff, Identity, Observation, diff},
    model::{
        census::Census,
        entry::End,
        gap::What,
        group::{Key, Value},
        selection::Selection,
        sorted,
    },
    render::group::Users,
    system::{
        child,
        sandbox::{self, Purpose},
    },
};

/// The argument that means this host, now.
const NOW: &str = "now";

/// One of the two, before both are read.
enum Compared {
    File(ForeignFile),
    Host(Box<(Observation, Users)>),
}

/// The state of one namespace.
struct NetnsState {
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
    fn diff(mut self, options: &DiffOptions) -> anyhow::Result<u8> {
        if options.a == "-" && options.b == "-" {
            return Err(anyhow!(self.words.text(messages::ERROR_STDIN_TWICE)));
        }
        let mut files = [self.unless_now(&options.a)?, self.unless_now(&options.b)?];
        let like = self.alike(&mut files)?;
        // This host is read first: then the process is confined.
        let [a, b] = files.map(|file| match file {
            Some(file) => Ok(Compared::File(file)),
            None => {
                let host = Box::new(KernelInput::new(self.access.clone()));
                self.side(NOW, host, &like, options).map(|side| Compared::Host(Box::new(side)))
            }
        });
        let (a, b) = (a?, b?);
        if [&a, &b].into_iter().any(|one| matches!(one, Compared::File(_))) {
            self.confine(None)?;
        }
        let mut misses_rows = false;
        let mut read = |name: &str, one| match one {
            Compared::Host(side) => Ok(*side),
            Compared::File(file) => {
                let input = self.input_of(&file)?;
                misses_rows |= input.rows_missed() > 0;
                self.side(name, input, &like, options)
            }
        };
        let ((a, mut users), (b, users_of_b)) = (read(&options.a, a)?, read(&options.b, b)?);
        users.extend(users_of_b);
        let diff: Diff = diff(a, b);
        print(|out| match self.options.format {
            Format::Json => render::json::diff::write(out, &diff, &options.keys, &users),
            _ => {
                render::diff::write(out, &diff, &options.keys, &users, &self.words, &self.screen, self.options.verbose)
            }
        })?;
        Ok(if misses_rows { FAILED } else { DONE })
    }

    fn unless_now(&self, path: &str) -> anyhow::Result<Option<ForeignFile>> {
        if path == NOW { Ok(None) } else { self.foreign(path).map(Some) }
    }

    /// How the recording was made with which this host is compared. A confined process reads the recording, because its
    /// contents decide how this process reads the host.
    fn alike(&self, files: &mut [Option<ForeignFile>; 2]) -> anyhow::Result<SampleScope> {
        let ([Some(file), None] | [None, Some(file)]) = files else { return Ok(SampleScope::default()) };
        file.hold().map_err(|error| self.about_file(file.path(), &error))?;
        let scope = || serde_json::to_vec(self.input_of(file).ok()?.recorded()?).ok();
        let apart = child::apart(|| {
            sandbox::enter(Purpose::Read);
            scope()
        });
        // Where there can be no second process this one has to read it.
        let scope = apart.ok().or_else(scope).unwrap_or_default();
        Ok(serde_json::from_slice(&scope).unwrap_or_default())
    }

    /// Reads one of the two; where it is this host, like the recording.
    fn side(
        &self,
        name: &str,
        input: Box<dyn Input>,
        like: &SampleScope,
        options: &DiffOptions,
    ) -> anyhow::Result<(Observation, Users)> {
        let mut run = self.reading(input);
        if run.is_live() {
            run.options.netns = like.netns.clone().or(run.options.netns);
        }
        let deep = if run.is_live() { like.deep } else { run.closely(SampleOptions::default()).deep };
        let (side, users) = run.state(deep, options)?;
        Ok((Observation { name: name.to_owned(), ..side }, users))
    }

    /// The host of the run's input.
    fn state(&self, deep: bool, options: &DiffOptions) -> anyhow::Result<(Observation, Users)> {
        let wanted = self.wanted_rules(&CheckOptions::default())?;
        let overview = self.examine(&Examination::of(&wanted, SampleOptions { wait: None, deep }, false))?;
        let is_of_tcp = |gap: &&Gap| gap.what == What::Sockets(Protocol::Tcp);
        self.refuse_losses(overview.counted.gaps.iter().filter(is_of_tcp))?;
        let mut scope = self.scope()?;
        let keys: Vec<Key> = options.keys.iter().map(|(_, key)| *key).collect();
        let inodes: Vec<u64> = scope.places.iter().map(|place| place.inode).collect();
        let labels = scope.all_labels();
        // Sockets that are missing because a dump broke off would pass for closed ones.
        let ask = |source: &mut dyn Source, place: usize| {
            let netns = inodes.get(place).copied().unwrap_or(0);
            read(source, netns, &keys, labels.get(place).cloned())
        };
        let (taken, _) = self.ask_each(&mut scope, &Refuse::Of(Protocol::Tcp), None, &ask)?;
        let states = overview.tcp().map(|tcp: &Census| tcp.counts().collect()).unwrap_or_default();
        let diagnosis = overview.diagnosis.unwrap_or_default();
        let mut side = Observation {
            name: String::new(),
            host: overview.host,
            netns: inodes.iter().copied().filter(|&inode| inode != 0).collect(),
            labels: match self.options.netns {
                Some(_) => sorted::set(scope.all_labels().into_iter().map(Some)),
                None => [None].into(),
            },
            not_checked: sorted::set(diagnosis.not_checked.iter().map(|one| one.rule)),
            findings: diagnosis.findings,
            taken_at: self.input.source().now(),
            states,
            groups: Vec::new(),
            sockets: Some(Vec::new()),
            counters: BTreeMap::new(),
        };
        let mut users = Users::new();
        let mut all = collect::group::Grouped::default();
        for (_, place) in taken {
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

/// The sections that the overview lacks.
fn read(source: &mut dyn Source, netns: u64, keys: &[Key], label: Option<String>) -> (NetnsState, Vec<Gap>) {
    let mut sockets = Some(Vec::new());
    let mut gaps = entries(source, Protocol::Tcp, &DumpQuery::states(StateSet::ALL), &mut |entry| {
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
    let mut place = NetnsState { netns, counters, sockets, groups: Vec::new(), users: Users::new() };
    if keys.is_empty() {
        return (place, gaps);
    }
    let any = |those: &[Key]| keys.iter().any(|key| those.contains(key));
    let needs = Needs::OWNERS.when(any(&[Key::Program, Key::Pid, Key::Unit, Key::Container]))
        | Needs::PLACES.when(any(&[Key::Unit, Key::Container]))
        | Needs::USERS.when(any(&[Key::User]));
    let known = Known::read(source, needs, label);
    let selection = Selection::tcp(StateSet::ALL);
    let kernel = collect::host::kernel_version(source);
    let grouped = collect::group::group_where(source, &selection, &Filter::everything(), &known, keys, kernel);
    gaps.extend(known.gaps());
    gaps.extend(grouped.gaps);
    place.groups = grouped.rows;
    place.users = known.users;
    (place, gaps)
}

#[cfg(test)]
mod tests;
