//! The report on the sockets of a filter: their states, holders and findings.

use std::collections::BTreeMap;

use super::{examine::Examination, gaps::Refuse, prelude::*, rows::Rows};
use crate::{
    book::live::HostFigures,
    cli::{check::CheckOptions, options::SampleOptions, sockets::SocketOptions},
    collect::{owners, selected::selected},
    filter::facts::Facts,
    model::{
        entry::Entry,
        finding::{Evidence, Figure, Finding},
        selection::Selection,
        state::State,
    },
    render::story::{self, StorySocket},
    report::ends,
};

/// Sockets that are kept to be described.
const KEPT: usize = 1_000;

/// The sockets that the words of a command line name.
pub(super) struct NamedSockets {
    /// The filter.
    pub(super) text: String,
    /// Whether they can be nothing but a filter.
    pub(super) is_clear: bool,
}

impl NamedSockets {
    /// Reads the words as a filter; `pid:4321` is `pid = 4321`.
    pub(super) fn of(given: &[String]) -> Option<NamedSockets> {
        let words: Vec<String> = given
            .iter()
            .map(|word| match word.split_once(':') {
                Some(("pid", number)) if !number.is_empty() => format!("pid = {number}"),
                _ => word.clone(),
            })
            .collect();
        let text = words.join(" ");
        // `bind: address already in use` is a message, and `11种状态` a question.
        let is_number = text.is_ascii() && text.starts_with(|c: char| c.is_ascii_digit());
        let is_clear = is_number || text.replace(": ", " ").contains([':', '=', '<', '>', '/', '(']);
        (!text.trim().is_empty()).then_some(NamedSockets { text, is_clear })
    }
}

/// The matching sockets of one namespace.
#[derive(Default)]
struct MatchedSockets {
    states: BTreeMap<State, u64>,
    kept: Vec<Entry>,
    known: Known,
}

impl Run {
    /// The report as Markdown, with its figures.
    pub(super) fn socket_report(
        &self,
        sockets: &NamedSockets,
        no_findings: bool,
    ) -> anyhow::Result<(String, Vec<HostFigures>)> {
        let wanted = SocketOptions {
            selection: Selection::tcp(StateSet::ALL).with_protocols(&[Protocol::Tcp, Protocol::Udp, Protocol::Unix]),
            filter: vec![sockets.text.clone()],
            names_tables: true,
            filter_file: None,
        };
        let mut scope = self.scope_for(&wanted, false)?;
        let filter = self.filter(&wanted.filter, None, &scope).map_err(|error| match sockets.is_clear {
            true => error,
            // A lone word is more likely a topic than a filter.
            false => anyhow!(self.unknown_topic(&sockets.text)),
        })?;
        let labels = scope.all_labels();
        let named: &[Protocol] = if filter.protocols(&[]) == [Protocol::Unix] { &[Protocol::Unix] } else { &[] };
        let ask =
            |source: &mut dyn Source, place: usize| read(source, &filter, wanted.selection, labels.get(place).cloned());
        let (answers, _) = self.ask_each(&mut scope, &Refuse::Named(named), Some(&filter), &ask)?;
        let mut findings = Vec::new();
        if !no_findings && answers.iter().any(|(_, seen)| !seen.states.is_empty()) {
            let rules = self.wanted_rules(&CheckOptions::default())?;
            let overview = self.examine(&Examination::of(&rules, self.closely(SampleOptions::default()), false))?;
            findings = overview.diagnosis.unwrap_or_default().findings;
        }
        let mut lives = Vec::new();
        let mut document = story::title(&sockets.text, &self.words, &self.screen);
        for (place, seen) in &answers {
            let netns = labels.get(*place).filter(|_| self.options.netns.is_some()).cloned();
            let (text, about) = self.chapter(seen, &sockets.text, &findings);
            document.push_str(&text);
            let figure = |(state, count): (&State, &u64)| Evidence {
                name: "sockets",
                value: Figure::Count(*count),
                source: state.to_string(),
            };
            let figures = seen.states.iter().map(figure).collect();
            lives.push(HostFigures { netns, figures, findings: Some(about), ..HostFigures::default() });
        }
        Ok((document, lives))
    }

    /// The section of one namespace, with the findings about its sockets.
    fn chapter(&self, seen: &MatchedSockets, filter: &str, findings: &[Finding]) -> (String, Vec<Finding>) {
        let known = &seen.known;
        let rows = Rows {
            known,
            interfaces: BTreeMap::new(),
            hosts: None,
            resolves: false,
            programs: std::cell::RefCell::default(),
        };
        let mut about: Vec<Finding> = Vec::new();
        let told: Vec<StorySocket<'_>> = seen
            .kept
            .iter()
            .map(|entry| {
                let mut holders = Vec::new();
                rows.extend(&mut holders, known.holders(entry), entry.inode);
                let speaks = |finding: &&Finding| story::speaks_of(finding, entry, &holders);
                let findings: Vec<&Finding> = findings.iter().filter(speaks).collect();
                for finding in &findings {
                    if !about.contains(finding) {
                        about.push((*finding).clone());
                    }
                }
                StorySocket {
                    entry,
                    unknown: known
                        .owners
                        .as_ref()
                        .filter(|_| holders.is_empty())
                        .map(|all| owners::unknown(entry, &all.scan)),
                    holders,
                    user: entry.uid().and_then(|uid| known.users.get(&uid)).map(String::as_str),
                    ends: ends::ends(entry, &known.limits),
                    findings,
                }
            })
            .collect();
        let text = story::chapter(&seen.states, told, filter, &self.words, &self.screen, self.options.verbose);
        (text, about)
    }
}

/// Looks at the sockets that fit.
fn read(
    source: &mut dyn Source,
    filter: &Filter,
    mut selection: Selection,
    label: Option<String>,
) -> (MatchedSockets, Vec<Gap>) {
    if filter.names_states {
        selection.states = filter.states.without(State::BOUND_INACTIVE);
    }
    selection.bound_inactive = filter.bound_inactive;
    let kernel = collect::host::kernel_version(source);
    let host = Needs::OWNERS | Needs::PLACES | Needs::USERS | Needs::LIMITS;
    let known = Known::read(source, host | filter.needs(), label);
    let mut seen = MatchedSockets::default();
    let mut gaps = known.gaps();
    gaps.extend(selected(source, &selection, filter, &known, Needs::INFO | Needs::MEMORY, kernel, &mut |entry| {
        *seen.states.entry(entry.state).or_default() += 1;
        if seen.kept.len() < KEPT {
            seen.kept.push(entry.clone());
        }
    }));
    (MatchedSockets { known, ..seen }, gaps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_name_sockets_are_a_filter() {
        let named = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
            NamedSockets::of(&words).map(|sockets| (sockets.text, sockets.is_clear))
        };
        assert_eq!(named(&["pid:4321"]), Some(("pid = 4321".to_owned(), true)));
        assert_eq!(named(&["10.0.0.5:5432"]), Some(("10.0.0.5:5432".to_owned(), true)));
        assert_eq!(named(&["nginx"]), Some(("nginx".to_owned(), false)));
        assert_eq!(named(&["  "]), None);
    }
}
