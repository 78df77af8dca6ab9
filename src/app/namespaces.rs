//! The network namespaces of a run, and how it enters them.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use anyhow::anyhow;

use super::{input::Input, run::Run};
use crate::{
    cli::sockets::SocketOptions,
    collect::{self, cgroups, owners::ProcessFields},
    model::{
        gap::{Gap, What, Why},
        namespace::Namespace,
    },
    source::Source,
    text::{Catalogue, Lang, escape::visible, messages, system_error, words},
    wire::system_words,
};

impl Run {
    /// The namespaces that `--netns` names; one's own without it.
    pub(super) fn scope(&self) -> anyhow::Result<Scope> {
        Scope::of(self.options.netns.as_deref(), &*self.input, &self.words)
    }

    /// The namespaces of a count or a grouping. The name of the run's own is read from a folder only if it is shown
    /// (`is_shown`) or the filter may use it.
    pub(super) fn scope_for(&self, wanted: &SocketOptions, is_shown: bool) -> anyhow::Result<Scope> {
        let speaks = |word: &String| word.to_ascii_lowercase().contains("netns");
        if self.options.netns.is_some() || is_shown || wanted.filter_file.is_some() || wanted.filter.iter().any(speaks)
        {
            return self.scope();
        }
        let own = Own { inode: collect::host::own_netns(&*self.input.source()), name: None };
        Ok(Scope::here(own, &*self.input, &self.words))
    }
}

/// The namespace the program was started in.
struct Own {
    inode: Option<u64>,
    name: Option<String>,
}

impl Own {
    /// With its name, where it has one.
    fn named(source: &dyn Source) -> Own {
        let inode = collect::host::own_netns(source);
        let is_own = |name: &String| collect::namespaces::file_of(source, name).is_ok_and(|(_, of)| Some(of) == inode);
        let names = if inode.is_some() { collect::namespaces::names(source) } else { Vec::new() };
        Own { inode, name: names.into_iter().find(is_own) }
    }

    /// As a place: entered by staying.
    fn place(self) -> Namespace {
        Namespace { inode: self.inode.unwrap_or(0), path: String::new(), label: self.name, own: true }
    }
}

/// The reason why a namespace of a recording cannot be read.
const NOT_RECORDED: &str = "not recorded";

/// Why a name under `/run/netns` is of no use: paths are text here.
const NOT_UTF8: &str = "not UTF-8";

/// The file of the namespace that a word names, but for all of them and those of processes.
pub(super) fn file_named(source: &dyn Source, word: &str) -> Option<String> {
    if word == "all" || word.starts_with("pid:") {
        return None;
    }
    let named = collect::namespaces::file_of(source, word).ok().or_else(|| labelled(source, word));
    named.map(|(path, _)| path)
}

/// The file and the inode of the namespace that is shown under this label.
fn labelled(source: &dyn Source, label: &str) -> Option<(String, u64)> {
    let own = collect::host::own_netns(source);
    let found = collect::namespaces::find(source, own, &|pid| describe(source, pid)).ok()?.found;
    let place = found.into_iter().find(|place| place.label.as_deref() == Some(label))?;
    Some((place.path, place.inode))
}

/// Asks one namespace, whose place in the scope is given.
pub(super) type AskOne<'a, T> = &'a (dyn Fn(&mut dyn Source, usize) -> T + Sync);

/// Answers of namespaces, each with the namespace's place in the scope.
pub(super) type Answers<T> = Vec<(usize, T)>;

/// The namespaces of a run.
pub(super) struct Scope {
    /// The namespaces to read; the run's own needs no entering.
    pub(super) places: Vec<Namespace>,
    /// Whether several were asked for, so that each row says where it is from.
    pub(super) several: bool,
    /// The gaps.
    pub(super) gaps: Vec<Gap>,
    /// That of errors.
    lang: Lang,
}

impl Scope {
    /// One's own namespace, or what `--netns` names.
    ///
    /// # Errors If the namespace does not exist.
    fn of(asked: Option<&str>, input: &dyn Input, catalogue: &Catalogue) -> anyhow::Result<Scope> {
        let source = &*input.source();
        let (places, several, gaps) = match asked {
            None => return Ok(Scope::here(Own::named(source), input, catalogue)),
            Some("all") => {
                let own = collect::host::own_netns(source);
                let found = collect::namespaces::find(source, own, &|pid| describe(source, pid))
                    .map_err(|error| anyhow!(system_error(&format!("/proc: {error}"), catalogue.lang())))?;
                let hidden = collect::owners::denied(source, found.denied);
                let hidden = hidden.map(|why| Gap { what: What::Namespaces, why });
                let mut places = found.found;
                let all = places.len();
                // Of a recording made in one namespace the others are known by name alone.
                places.retain(|place| place.own || input.has(&place.path));
                let unseen = Gap { what: What::Namespaces, why: Why::Unreadable(NOT_RECORDED.to_owned()) };
                let unseen = (places.len() < all).then_some(unseen);
                if !places.iter().any(|place| place.own) {
                    places.insert(0, Own::named(source).place());
                }
                let illegible = found.illegible.into_iter().map(|name| Gap {
                    what: What::Namespaces,
                    why: Why::Unreadable(format!("/run/netns/{name}: {NOT_UTF8}")),
                });
                (places, true, hidden.into_iter().chain(unseen).chain(illegible).collect())
            }
            Some(word) => {
                // A name, a path, a process; or what `--netns all` calls it.
                let (path, inode) = collect::namespaces::file_of(source, word)
                    .or_else(|error| labelled(source, word).ok_or(error))
                    .map_err(|error| anyhow!(unknown(word, &error, source, catalogue)))?;
                let own = Some(inode) == collect::host::own_netns(source);
                (vec![Namespace { inode, path, label: Some(word.to_owned()), own }], false, Vec::new())
            }
        };
        Ok(Scope { places, several, gaps, lang: catalogue.lang() })
    }

    /// One's own namespace alone.
    fn here(own: Own, input: &dyn Input, catalogue: &Catalogue) -> Scope {
        Scope { places: vec![own.place()], several: false, gaps: input.gaps(), lang: catalogue.lang() }
    }

    /// Asks every namespace at once, one's own without entering it; the answers come with their places, in order. A
    /// namespace that may not be entered is a gap.
    ///
    /// # Errors
    /// When the only namespace may not be entered.
    pub(super) fn each<T: Send>(&mut self, input: &dyn Input, ask: AskOne<'_, T>) -> anyhow::Result<Answers<T>> {
        let answers: Vec<Mutex<Option<T>>> = self.places.iter().map(|_| Mutex::new(None)).collect();
        let visit = |source: &mut dyn Source, number: usize| {
            let answer = ask(source, number);
            if let Some(place) = answers.get(number) {
                *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
            }
        };
        if let Some(number) = self.places.iter().position(|place| place.own) {
            visit(&mut *input.source(), number);
        }
        let (numbers, paths): (Vec<usize>, Vec<String>) = self
            .places
            .iter()
            .enumerate()
            .filter(|(_, place)| !place.own)
            .map(|(number, place)| (number, place.path.clone()))
            .unzip();
        let entered = input.each(&paths, &|source, at| visit(source, numbers.get(at).copied().unwrap_or(usize::MAX)));
        for (number, entered) in numbers.iter().zip(entered) {
            if let Err(error) = entered {
                self.refused(*number, &error)?;
            }
        }
        let answers = answers.into_iter().map(|answer| answer.into_inner().unwrap_or_else(PoisonError::into_inner));
        Ok(answers.enumerate().filter_map(|(number, answer)| Some((number, answer?))).collect())
    }

    /// Asks one namespace after the other, in their order. A namespace that may not be entered is a gap.
    ///
    /// # Errors
    /// Those of `ask`, and when the only namespace may not be entered.
    pub(super) fn in_turn(
        &mut self,
        input: &dyn Input,
        ask: &mut (dyn FnMut(&mut dyn Source, usize) -> anyhow::Result<()> + Send),
    ) -> anyhow::Result<()> {
        for number in 0..self.places.len() {
            let Some(place) = self.places.get(number) else { continue };
            if place.own {
                ask(&mut *input.source(), number)?;
                continue;
            }
            let mut asked = Ok(());
            match input.within(&place.path, &mut |source| asked = ask(source, number)) {
                Ok(()) => asked?,
                Err(error) => self.refused(number, &error)?,
            }
        }
        Ok(())
    }

    /// The labels of all of them, in their order; one's own is called by its inode where it has no name.
    pub(super) fn all_labels(&self) -> Vec<String> {
        self.places.iter().map(label).collect()
    }

    /// Their labels for series that outlive processes, in the same order: none for one's own without a name, a program's name
    /// in place of a process's number; those that would be equal are numbered.
    pub(super) fn lasting_labels(&self, source: &dyn Source) -> Vec<Option<String>> {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let label = |place: &Namespace| {
            let label = inhabitant(source, place).or_else(|| place.label.clone())?;
            let number = seen.entry(label.clone()).and_modify(|number| *number += 1).or_insert(1);
            Some(if *number == 1 { label } else { format!("{label}#{number}") })
        };
        self.places.iter().map(label).collect()
    }

    /// One of all is left out and reported; the only one that was asked for is an error.
    fn refused(&mut self, number: usize, error: &std::io::Error) -> anyhow::Result<()> {
        let label = visible(self.places.get(number).map(label).unwrap_or_default().as_bytes(), true);
        let why = system_words(error);
        if !self.several {
            let values = [("netns", words(label)), ("why", words(system_error(&why, self.lang)))];
            return Err(anyhow!(Catalogue::new(self.lang).say(messages::ERROR_NAMESPACE_WORD, &values)));
        }
        self.gaps.push(Gap { what: What::Namespaces, why: Why::Unreadable(format!("{label}: {why}")) });
        Ok(())
    }
}

/// The name of a namespace; any bytes.
pub(super) fn label(place: &Namespace) -> String {
    match &place.label {
        Some(label) => label.clone(),
        None => format!("net:[{}]", place.inode),
    }
}

/// The program that lives in a namespace, where that has no other label than the process's number.
fn inhabitant(source: &dyn Source, place: &Namespace) -> Option<String> {
    let pid = place.label.as_deref()?.strip_prefix("pid:")?;
    let pid = pid.parse().ok().filter(|_| place.path == format!("/proc/{pid}/ns/net"))?;
    Some(visible(&collect::owners::process(source, pid, ProcessFields::default())?.program, true))
}

/// The container or unit a process belongs to.
fn describe(source: &dyn Source, pid: u32) -> Option<String> {
    let place = cgroups::of_pid(source, pid)?;
    let container = place.container.map(|container| {
        let short: String = container.id.chars().take(12).collect();
        format!("{}:{short}", container.runtime)
    });
    container.or_else(|| place.unit.map(String::from))
}

fn unknown(word: &str, error: &std::io::Error, source: &dyn Source, catalogue: &Catalogue) -> String {
    let shown = visible(word.as_bytes(), true);
    if error.kind() == std::io::ErrorKind::PermissionDenied {
        let values = [("netns", words(shown)), ("why", words(catalogue.text(messages::REMEDY_ROOT)))];
        return catalogue.say(messages::ERROR_NAMESPACE_WORD, &values);
    }
    let what = catalogue.say(messages::ERROR_UNKNOWN_NETNS, &[("word", words(shown))]);
    let names = collect::namespaces::names(source);
    let way_out = if names.is_empty() {
        catalogue.text(messages::NETNS_FORMS)
    } else {
        let comma = catalogue.lang().comma();
        let names = format!("all{comma}pid:N{comma}{}", visible(names.join(comma).as_bytes(), true));
        catalogue.say(messages::VALID_WORDS, &[("words", words(names))])
    };
    catalogue.say(messages::JOINED, &[("what", words(what)), ("more", words(way_out))])
}
