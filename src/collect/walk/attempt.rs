//! One table, queried until it answers: which queries may be repeated, and the gap that remains.

use crate::{
    collect::{prelude::*, query::DumpQuery},
    wire::{WireError, dump, request::Request},
};

/// How often a dump is asked for, while the kernel breaks it off.
pub(super) const TRIES: usize = 4;

/// The visitor of a walk.
pub trait Visitor {
    /// Withdraws all entries, so that the walk may start again; `false` if they are printed already.
    fn restart(&mut self) -> bool;
}

/// Why a question was not answered whole.
pub(super) enum Ended {
    /// The kernel does not support the query, and returned nothing.
    Lacking(String),
    /// The dump was broken off, and the visitor has forgotten all of it.
    Forgotten,
    /// The rest cannot be had.
    Failed(String),
}

impl Ended {
    /// The same where a kernel that refuses, too, gives no answer: it is new enough to have one.
    pub(super) fn or_failed(self) -> Ended {
        match self {
            Ended::Lacking(why) => Ended::Failed(why),
            ended => ended,
        }
    }
}

/// The visitor has dropped its data: walk the table from its start.
pub(super) struct Again;

/// A walk under way.
pub(super) struct Walk<'a, V> {
    source: &'a mut dyn Source,
    what: What,
    visitor: &'a mut V,
    tries: usize,
    gaps: Vec<Gap>,
}

impl<'a, V: Visitor> Walk<'a, V> {
    pub(super) fn new(source: &'a mut dyn Source, what: What, visitor: &'a mut V) -> Walk<'a, V> {
        Walk { source, what, visitor, tries: 0, gaps: Vec::new() }
    }

    /// Goes through all ways, until a round is not broken off.
    pub(super) fn whole(mut self, mut round: impl FnMut(&mut Walk<'a, V>) -> Result<(), Again>) -> Vec<Gap> {
        while round(&mut self).is_err() {
            self.gaps.clear();
        }
        self.gaps
    }

    /// Asks with all that a query narrows and adds; a kernel that refuses that is asked again with less.
    pub(super) fn ask(
        &mut self,
        query: &DumpQuery,
        bare: Request,
        take: &mut impl FnMut(&mut V, &[u8]) -> bool,
    ) -> Result<(), Ended> {
        let mut refusals = Vec::new();
        for request in query.requests(bare) {
            match self.dump(&request, take) {
                Err(Ended::Lacking(why)) => refusals.push(why),
                answered => {
                    let storages = refusals
                        .into_iter()
                        .next()
                        .filter(|_| query.needs.contains(Needs::BPF_STORAGES) && answered.is_ok());
                    if let Some(why) = storages {
                        self.gap(Gap { what: What::BpfStorages, why: Why::NotAvailable(why) });
                    }
                    return answered;
                }
            }
        }
        Err(Ended::Lacking(refusals.pop().unwrap_or_default()))
    }

    /// Asks one question. An answer that is broken off is asked for again, unless something of it was given that cannot be
    /// taken back.
    pub(super) fn dump(
        &mut self,
        request: &Request,
        take: &mut impl FnMut(&mut V, &[u8]) -> bool,
    ) -> Result<(), Ended> {
        loop {
            let mut is_begun = false;
            let visitor = &mut *self.visitor;
            let answered = dump::walk(self.source, request, |payload| is_begun |= take(visitor, payload));
            let Err(error) = answered else { return Ok(()) };
            let is_over = !matches!(error, WireError::Interrupted) || {
                self.tries += 1;
                self.tries >= TRIES
            };
            match error {
                _ if !is_over && self.visitor.restart() => return Err(Ended::Forgotten),
                _ if !is_over && !is_begun => {}
                WireError::NotAvailable(_) if !is_begun => return Err(Ended::Lacking(error.to_string())),
                error => return Err(Ended::Failed(error.to_string())),
            }
        }
    }

    /// Reads the file with the sockets that the kernel refused to list.
    pub(super) fn read(&mut self, refused: String, file: impl FnOnce(&dyn Source, &mut V) -> io::Result<()>) {
        let why = match file(self.source, self.visitor) {
            Ok(()) => Why::ReadFromProc(refused),
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.may_be_absent() => {
                Why::NotAvailable(format!("{refused}; {error}"))
            }
            Err(error) => Why::Unreadable(format!("{refused}; {error}")),
        };
        self.gap(Gap { what: self.what, why });
    }

    /// Whether kernels may be built without such sockets, so that the file is missing, too.
    fn may_be_absent(&self) -> bool {
        matches!(self.what, What::Sockets(Protocol::Packet | Protocol::Netlink))
    }

    /// Records the gap of a query without an answer.
    pub(super) fn settle(&mut self, answered: Result<(), Ended>) -> Result<(), Again> {
        let why = match answered {
            Ok(()) => return Ok(()),
            Err(Ended::Forgotten) => return Err(Again),
            Err(Ended::Lacking(why)) => Why::NotAvailable(why),
            Err(Ended::Failed(why)) => Why::Unreadable(why),
        };
        self.gap(Gap { what: self.what, why });
        Ok(())
    }

    /// Reports one gap for each kind of data, since both families mostly have the same: the first loss, if there is
    /// one.
    fn gap(&mut self, gap: Gap) {
        match self.gaps.iter_mut().find(|known| known.what == gap.what) {
            Some(known) if gap.is_loss() && !known.is_loss() => *known = gap,
            Some(_) => {}
            None => self.gaps.push(gap),
        }
    }
}
