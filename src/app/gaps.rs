//! Gaps, printed on stderr or as the reason for a missing answer.

use std::io::IsTerminal;

use super::{
    namespaces::{Answers, AskOne},
    prelude::*,
};
use crate::{
    model::{
        engine::{BpfFailure, Engine},
        gap::{What, Why},
    },
    render::gaps::sentence,
    report::overview::Overview,
};

/// Which lost sockets leave no answer.
pub(super) enum Refuse<'a> {
    /// None: shows the available data.
    Nothing,
    /// Any.
    Every,
    /// Those of this protocol.
    Of(Protocol),
    /// Any kind of source; of a text, which cannot show everything, only the protocols on the command line.
    Named(&'a [Protocol]),
}

impl Run {
    /// Asks every namespace of a scope at once. Gives the answers in the order of the namespaces, each with its place
    /// among them, and everything that could not be read, each once; a person reads it as a note.
    ///
    /// # Errors
    /// When the only namespace may not be entered, or sockets are lost that the answer cannot do without.
    pub(super) fn ask_each<T: Send>(
        &self,
        scope: &mut Scope,
        refuse: &Refuse<'_>,
        filter: Option<&Filter>,
        ask: AskOne<'_, (T, Vec<Gap>)>,
    ) -> anyhow::Result<(Answers<T>, Vec<Gap>)> {
        let (answers, gaps) = self.answers(scope, refuse, ask)?;
        self.note_all(&gaps, filter);
        Ok((answers, gaps))
    }

    /// The same without notes.
    ///
    /// # Errors
    /// As above.
    pub(super) fn answers<T: Send>(
        &self,
        scope: &mut Scope,
        refuse: &Refuse<'_>,
        ask: AskOne<'_, (T, Vec<Gap>)>,
    ) -> anyhow::Result<(Answers<T>, Vec<Gap>)> {
        let mut answers = Vec::new();
        let mut gaps = Vec::new();
        for (place, (answer, lost)) in scope.each(&*self.input, ask)? {
            answers.push((place, answer));
            gaps.extend(lost);
        }
        Ok((answers, self.all_gaps(gaps, scope, refuse)?))
    }

    /// Notes what could not be read; of owners, where the filter asks for them.
    pub(super) fn note_all(&self, gaps: &[Gap], filter: Option<&Filter>) {
        if let Some(filter) = filter {
            self.note_owners(gaps, filter);
        }
        self.note_gaps(gaps);
    }

    /// The gaps of the answers and those of the scope, each once.
    ///
    /// # Errors
    /// When sockets are lost that the answer cannot do without.
    pub(super) fn all_gaps(
        &self,
        mut gaps: Vec<Gap>,
        scope: &mut Scope,
        refuse: &Refuse<'_>,
    ) -> anyhow::Result<Vec<Gap>> {
        match refuse {
            Refuse::Nothing => {}
            Refuse::Of(protocol) => {
                self.refuse_losses(gaps.iter().filter(|gap| gap.what == What::Sockets(*protocol)))?
            }
            // A text cannot show every protocol; only requested ones are reported as missing.
            Refuse::Named(named) if self.is_pasted() => {
                let is_named = |gap: &&Gap| matches!(gap.what, What::Sockets(protocol) if named.contains(&protocol));
                self.refuse_losses(gaps.iter().filter(is_named))?;
            }
            Refuse::Every | Refuse::Named(_) => self.refuse_losses(gaps.iter())?,
        }
        gaps.append(&mut scope.gaps);
        Ok(each_once(gaps))
    }

    /// An incomplete count would be wrong, so nothing is printed then.
    pub(super) fn refuse_losses<'g>(&self, mut gaps: impl Iterator<Item = &'g Gap>) -> anyhow::Result<()> {
        let is_of_sockets = |gap: &Gap| matches!(gap.what, What::Sockets(_) | What::BoundInactive);
        match gaps.find(|gap| is_of_sockets(gap) && gap.is_loss()) {
            None => Ok(()),
            Some(gap) => Err(anyhow!(self.loss(gap))),
        }
    }

    /// An examination needs TCP. A text with only other sockets can be examined for those.
    pub(super) fn refuse_without_tcp(&self, overview: &Overview) -> anyhow::Result<()> {
        // Counters alone can show something, but no health.
        let is_found = overview.diagnosis.as_ref().is_some_and(|diagnosis| !diagnosis.findings.is_empty());
        let is_of_others = self.is_pasted() && overview.counted.total() > 0;
        match overview.tcp().is_none() && !is_of_others && !is_found {
            true if self.input.is_of_counters() => Err(anyhow!(self.words.text(messages::ERROR_COUNTERS_FINE))),
            true => self.refuse_losses(overview.counted.gaps.iter()),
            false => Ok(()),
        }
    }

    /// The gap as a sentence.
    pub(super) fn loss(&self, gap: &Gap) -> String {
        if matches!(gap.what, What::Sockets(_)) && self.input.is_of_counters() {
            return self.words.text(messages::ERROR_COUNTERS);
        }
        sentence(gap, &self.words)
    }

    /// Processes that could not be read change the result of a filter by owner, so scripts get the note, too.
    fn note_owners(&self, gaps: &[Gap], filter: &Filter) {
        let needs = filter.needs();
        // Any other reason is reported by `note_gaps`, wherever it goes.
        let is_denied = |gap: &&Gap| gap.what == What::Owners && gap.why.denied().is_some();
        let incomplete = gaps.iter().find(is_denied);
        if let Some(gap) =
            incomplete.filter(|_| needs.intersects(Needs::OWNERS | Needs::PLACES) && !io::stderr().is_terminal())
        {
            self.note(&self.loss(gap));
        }
    }

    /// Data read with less detail than the kernel could show.
    pub(super) fn note_gaps(&self, gaps: &[Gap]) {
        for gap in gaps {
            match (&gap.why, gap.what) {
                // A note has already named the fields that the text lacks.
                (_, What::Sockets(_)) if self.is_pasted() => {}
                // raw_diag is a module that few kernels load, and /proc/net/raw counts the same.
                (Why::ReadFromProc(_), What::Sockets(Protocol::Raw)) => {}
                // Every ordinary user has it: routine, and of no interest to a log.
                (Why::Denied(_) | Why::OutOfReach(_), _) if !io::stderr().is_terminal() => {}
                // The kernel's account of a program that it refused is for who asked for it, or for everything.
                (Why::WithoutBpf(BpfFailure { log, .. }), _)
                    if !log.is_empty() && (self.options.verbose || self.options.engine == Engine::Bpf) =>
                {
                    let lines = log.lines().map(|line| visible(line.as_bytes(), self.screen.unicode));
                    self.note(&[self.loss(gap)].into_iter().chain(lines).collect::<Vec<_>>().join("\n"));
                }
                _ => self.note(&self.loss(gap)),
            }
        }
    }
}

/// The gaps of several namespaces, each once. Each namespace reads the processes of the host again; unreadable ones are
/// the same except for a few that came or went, so the larger number is reported.
pub(super) fn each_once(gaps: Vec<Gap>) -> Vec<Gap> {
    let mut once: Vec<Gap> = Vec::new();
    for gap in gaps {
        let known = once.iter_mut().find(|known| match (&known.why, &gap.why) {
            (known_why, why) if known_why.denied().and(why.denied()).is_some() => known.what == gap.what,
            _ => **known == gap,
        });
        match known {
            None => once.push(gap),
            Some(known) => {
                if gap.why.denied() > known.why.denied() {
                    *known = gap;
                }
            }
        }
    }
    once
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_several_namespaces_could_not_see_is_reported_once() {
        let denied = |what, processes| Gap { what, why: Why::Denied(processes) };
        let hidden = Gap { what: What::Owners, why: Why::Unreadable("hidepid".into()) };
        let gaps = vec![
            denied(What::Owners, 3),
            hidden.clone(),
            denied(What::Namespaces, 9),
            denied(What::Owners, 5),
            hidden.clone(),
        ];
        assert_eq!(each_once(gaps), [denied(What::Owners, 5), hidden, denied(What::Namespaces, 9)]);
    }
}
