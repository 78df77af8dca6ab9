//! What could not be seen, told on stderr or as the reason why there is no answer.

use std::io::{self, IsTerminal};

use anyhow::anyhow;

use super::{Run, tell};
use crate::{
    filter::Filter,
    model::{
        family::Protocol,
        gap::{Gap, What, Why},
    },
    text::{messages, number, words},
};

impl Run {
    /// A number that leaves out what was asked for would be wrong: there is none then.
    pub(super) fn refuse_losses(&self, gaps: &[Gap]) -> anyhow::Result<()> {
        let is_of_sockets = |gap: &&Gap| matches!(gap.what, What::Sockets(_) | What::BoundInactive);
        match gaps.iter().filter(is_of_sockets).find(|gap| gap.is_loss()) {
            None => Ok(()),
            Some(gap) => Err(anyhow!(self.loss(gap))),
        }
    }

    /// What was lost, as a sentence.
    pub(super) fn loss(&self, gap: &Gap) -> String {
        let why = match &gap.why {
            Why::Unreadable(why) | Why::ReadFromProc(why) | Why::NotAvailable(why) => why.clone(),
            Why::TooOld(version) => self.words.say(messages::NOTE_BOUND_TOO_OLD, &[("version", words(*version))]),
            Why::Denied(processes) => {
                let count = [("count", number(*processes))];
                return match gap.what {
                    What::Owners => self.words.say(messages::NOTE_OWNERS_DENIED, &count),
                    _ => self.words.say(messages::HIDDEN_NAMESPACES, &count),
                };
            }
        };
        let say = |message, what: &str| self.words.say(message, &[("what", words(what)), ("why", words(why.as_str()))]);
        let because = |message| self.words.say(message, &[("why", words(why.as_str()))]);
        match (gap.what, &gap.why) {
            (What::Sockets(protocol), Why::NotAvailable(_)) => say(messages::ERROR_NOT_AVAILABLE, protocol.name()),
            (What::Sockets(protocol), _) => say(messages::ERROR_UNREADABLE, protocol.name()),
            (What::BoundInactive, _) => because(messages::ERROR_BOUND_INACTIVE),
            (What::Namespaces, _) => because(messages::ERROR_NAMESPACE),
            (What::Owners, _) => because(messages::ERROR_OWNERS),
            (What::BpfStorages, _) => because(messages::ERROR_BPF_STORAGES),
        }
    }

    /// Processes that could not be looked at change what a filter by owner finds: told to scripts, too.
    pub(super) fn note_owners(&self, gaps: &[Gap], filter: &Filter) {
        let needs = filter.needs();
        let incomplete = gaps.iter().find(|gap| gap.what == What::Owners);
        if let Some(gap) = incomplete.filter(|_| (needs.owners || needs.places) && !io::stderr().is_terminal()) {
            self.note(&self.loss(gap));
        }
    }

    /// What was seen less well than the kernel could show it.
    pub(super) fn note_gaps(&self, gaps: &[Gap]) {
        for gap in gaps {
            match (&gap.why, gap.what) {
                // raw_diag is a module that few kernels load, and /proc/net/raw counts the same.
                (Why::ReadFromProc(_), What::Sockets(Protocol::Raw)) => {}
                (Why::ReadFromProc(why), What::Sockets(protocol)) => {
                    let values = [("what", words(protocol.name())), ("why", words(why.as_str()))];
                    self.note(&self.words.say(messages::NOTE_FROM_PROC, &values));
                }
                // Every ordinary user has it: routine, and of no interest to a log.
                (Why::Denied(_), _) if !io::stderr().is_terminal() => {}
                _ => self.note(&self.loss(gap)),
            }
        }
    }

    pub(super) fn note(&self, text: &str) {
        tell(&self.words.say(messages::NOTE, &[("text", words(text))]));
    }
}
