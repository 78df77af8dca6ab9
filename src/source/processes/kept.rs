//! Answers about holders that are kept from one search to the next: a live view asks about the same sockets sample after
//! sample, and each search reads the descriptors of every process.
//!
//! They are kept by inode, which a descriptor names. Before use, every kept holder is checked again: its descriptor
//! must still lead to the socket. So a closed descriptor, an ended process, a socket that was passed on and an inode
//! that the kernel gave to another socket are noticed at once, and the socket is searched for again. The check cannot
//! notice an additional holder: a forked process, or one that was passed a socket which its first holder keeps, or the
//! first holder of a socket that had none. It is found when the answer is [`LONGEST`] old.
//!
//! Those sockets and new ones are searched for alone; where one holder is enough, first in the processes that hold others.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::{Found, HolderQuery};
use crate::model::owner::Holder;

/// The time that an answer is kept.
const LONGEST: Duration = Duration::from_secs(30);

/// Inodes and holders that are kept, over all answers: some 2 MiB.
const MOST: usize = 1 << 17;

/// The answers of all searches of a run; clones share them.
#[derive(Clone, Default, Debug)]
pub struct KeptHolders(Arc<Mutex<Vec<KeptAnswer>>>);

/// The result of one search.
#[derive(Clone, Debug)]
struct KeptAnswer {
    at: Instant,
    /// The inodes that were searched for, sorted.
    inodes: Vec<u32>,
    all_holders: bool,
    found: Found,
}

impl KeptHolders {
    /// The holders as they are now: those that are kept and `still` hold their sockets, or else the result of `search`.
    ///
    /// # Errors
    /// Those of the search.
    pub fn holders(
        &self,
        ask: &HolderQuery<'_>,
        still: impl FnOnce(Vec<Holder>) -> Vec<Holder>,
        search: impl Fn(&HolderQuery<'_>) -> io::Result<Found>,
    ) -> io::Result<Found> {
        let is_plain = ask.netns.is_none() && !ask.threads && ask.among.is_none();
        let Some(wanted) = ask.wanted.filter(|_| is_plain) else { return search(ask) };
        let now = Instant::now();
        // Not held while processes are read: other namespaces are searched at the same time.
        let kept = self.lock().iter().rev().find_map(|answer| answer.to(wanted, ask.all_holders, now));
        let kept = kept.map(|kept| kept.still_held(still)).filter(|kept| kept.is_for_most_of(wanted));
        let Some(KeptAnswer { at, inodes, mut found, .. }) = kept else {
            let found = search(ask)?;
            self.keep(KeptAnswer {
                at: now,
                inodes: wanted.to_vec(),
                all_holders: ask.all_holders,
                found: found.clone(),
            });
            return Ok(found);
        };
        let mut missing = wanted.to_vec();
        missing.retain(|inode| inodes.binary_search(inode).is_err());
        if missing.is_empty() {
            return Ok(found);
        }
        if !ask.all_holders {
            let mut pids: Vec<u32> = found.holders.iter().map(|one| one.pid).collect();
            pids.sort_unstable();
            pids.dedup();
            let near = search(&HolderQuery { wanted: Some(&missing), among: Some(&pids), ..*ask })?.holders;
            missing.retain(|inode| near.binary_search_by_key(inode, |one| one.inode).is_err());
            found.holders.extend(near);
        }
        if !missing.is_empty() {
            let rest = search(&HolderQuery { wanted: Some(&missing), ..*ask })?;
            found.holders.extend(rest.holders);
            found = Found { holders: found.holders, ..rest };
        }
        found.settle(false);
        self.keep(KeptAnswer { at, inodes: wanted.to_vec(), all_holders: ask.all_holders, found: found.clone() });
        Ok(found)
    }

    fn keep(&self, answer: KeptAnswer) {
        let now = Instant::now();
        let mut kept = self.lock();
        kept.retain(|one| one.is_young(now) && one.inodes != answer.inodes);
        kept.push(answer);
        while kept.iter().map(KeptAnswer::size).sum::<usize>() > MOST {
            kept.remove(0);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<KeptAnswer>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KeptAnswer {
    fn is_young(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.at) < LONGEST
    }

    fn size(&self) -> usize {
        self.inodes.len() + self.found.holders.len()
    }

    /// The part of it that answers for these inodes; `None` where most of them were not searched for.
    fn to(&self, wanted: &[u32], all_holders: bool, now: Instant) -> Option<KeptAnswer> {
        let is_wanted = |inode: &u32| wanted.binary_search(inode).is_ok();
        let inodes: Vec<u32> = self.inodes.iter().copied().filter(is_wanted).collect();
        let is_answer = self.is_young(now) && self.all_holders == all_holders;
        let holders = || self.found.holders.iter().filter(|one| is_wanted(&one.inode)).copied().collect();
        let found = || Found { holders: holders(), failure: self.found.failure.clone(), ..self.found };
        let part = is_answer.then(|| KeptAnswer { at: self.at, inodes, all_holders, found: found() })?;
        part.is_for_most_of(wanted).then_some(part)
    }

    /// Whether it answers for half of these inodes at least.
    fn is_for_most_of(&self, wanted: &[u32]) -> bool {
        self.inodes.len() * 2 >= wanted.len()
    }

    /// Without the inodes of which a holder does not hold the socket any more.
    fn still_held(mut self, still: impl FnOnce(Vec<Holder>) -> Vec<Holder>) -> KeptAnswer {
        let mut held = still(self.found.holders.clone());
        if held.len() == self.found.holders.len() {
            return self;
        }
        held.sort_unstable();
        let lost = self.found.holders.iter().filter(|one| held.binary_search(one).is_err());
        // In the order of the holders, which is that of the inodes.
        let lost: Vec<u32> = lost.map(|one| one.inode).collect();
        self.inodes.retain(|inode| lost.binary_search(inode).is_err());
        self.found.holders.retain(|one| lost.binary_search(&one.inode).is_err());
        self
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;
    use crate::source::memory::{MemorySource, listed};

    const ALL: HolderQuery<'_> =
        HolderQuery { wanted: Some(&[50, 70, 90]), all_holders: true, netns: None, threads: false, among: None };

    /// The answer, and whether it was searched for.
    fn ask(kept: &KeptHolders, held: &MemorySource, query: &HolderQuery<'_>) -> (Vec<(u32, u32)>, bool) {
        let is_searched = Cell::new(false);
        let every = listed::holders(held, &HolderQuery { wanted: None, all_holders: true, ..*query }).unwrap().holders;
        let still = |mut holders: Vec<Holder>| {
            holders.retain(|one| every.contains(one));
            holders
        };
        let found = kept.holders(query, still, |query| {
            is_searched.set(true);
            listed::holders(held, query)
        });
        (found.unwrap().holders.iter().map(|one| (one.inode, one.pid)).collect(), is_searched.get())
    }

    fn held(all: &[(u32, u32, u32)]) -> MemorySource {
        let mut held = MemorySource::default();
        for (pid, fd, inode) in all {
            held.symlink(&format!("/proc/{pid}/fd/{fd}"), &format!("socket:[{inode}]"));
        }
        held
    }

    fn age(kept: &KeptHolders, by: Duration) {
        kept.lock().iter_mut().for_each(|one| one.at = one.at.checked_sub(by).unwrap());
    }

    #[test]
    fn what_is_still_held_is_not_searched_again() {
        let (kept, first) = (KeptHolders::default(), held(&[(1, 3, 70), (2, 4, 50)]));
        assert_eq!(ask(&kept, &first, &ALL), (vec![(50, 2), (70, 1)], true));
        assert_eq!(ask(&kept, &first, &ALL), (vec![(50, 2), (70, 1)], false));
        // A part of it; sockets without a holder, too.
        let part = HolderQuery { wanted: Some(&[70, 90]), ..ALL };
        assert_eq!(ask(&kept, &first, &part), (vec![(70, 1)], false));
        // Other inodes, a more thorough search, and data that no link shows, are searched for.
        for other in [
            HolderQuery { wanted: Some(&[70, 91]), ..ALL },
            HolderQuery { all_holders: false, ..ALL },
            HolderQuery { wanted: None, ..ALL },
            HolderQuery { threads: true, ..ALL },
        ] {
            assert!(ask(&kept, &first, &other).1, "{other:?}");
        }
    }

    #[test]
    fn a_socket_that_was_passed_on_or_closed_has_no_stale_holder() {
        let kept = KeptHolders::default();
        ask(&kept, &held(&[(1, 3, 70), (2, 4, 50)]), &ALL);
        assert_eq!(ask(&kept, &held(&[(8, 3, 70), (2, 4, 50)]), &ALL), (vec![(50, 2), (70, 8)], true));
        assert_eq!(ask(&kept, &held(&[(8, 3, 70), (2, 5, 50)]), &ALL), (vec![(50, 2), (70, 8)], true));
        // The descriptor has another socket by now.
        assert_eq!(ask(&kept, &held(&[(8, 3, 71), (2, 5, 50)]), &ALL), (vec![(50, 2)], true));
    }

    #[test]
    fn after_a_socket_was_closed_the_others_are_not_searched_again() {
        let (kept, wanted) = (KeptHolders::default(), HolderQuery { all_holders: false, ..ALL });
        ask(&kept, &held(&[(1, 3, 70), (1, 4, 90), (2, 4, 50)]), &wanted);
        let asked = RefCell::new(Vec::new());
        let still = |holders: Vec<Holder>| holders.into_iter().filter(|one| one.inode != 90).rev().collect();
        let found = kept.holders(&wanted, still, |query| {
            asked.borrow_mut().push((query.wanted.unwrap().to_vec(), query.among.map(<[u32]>::to_vec)));
            Ok(Found::default())
        });
        let found: Vec<_> = found.unwrap().holders.iter().map(|one| (one.inode, one.pid)).collect();
        assert_eq!(found, [(50, 2), (70, 1)]);
        assert_eq!(asked.into_inner(), [(vec![90], Some(vec![1, 2])), (vec![90], None)]);
        // It has no holder, which is known from then on.
        assert!(!ask(&kept, &held(&[(1, 3, 70), (2, 4, 50)]), &wanted).1);
    }

    #[test]
    fn a_holder_more_is_found_in_time() {
        let (kept, more) = (KeptHolders::default(), held(&[(1, 3, 70), (5, 3, 70), (6, 3, 90)]));
        ask(&kept, &held(&[(1, 3, 70)]), &ALL);
        assert_eq!(ask(&kept, &more, &ALL), (vec![(70, 1)], false));
        age(&kept, LONGEST);
        assert_eq!(ask(&kept, &more, &ALL), (vec![(70, 1), (70, 5), (90, 6)], true));
    }

    #[test]
    fn a_new_socket_is_searched_for_alone_and_first_where_others_are_held() {
        let one = HolderQuery { wanted: Some(&[50, 70, 90]), all_holders: false, ..ALL };
        let more = HolderQuery { wanted: Some(&[50, 70, 90, 91]), ..one };
        let all = held(&[(1, 3, 70), (2, 4, 50), (2, 5, 91), (6, 3, 90)]);
        for (last, near, searches) in [(2, vec![(91, 2)], 1), (6, vec![(91, 6)], 2)] {
            let kept = KeptHolders::default();
            let (first, _) = ask(&kept, &held(&[(1, 3, 70), (2, 4, 50)]), &one);
            assert_eq!(first, [(50, 2), (70, 1)]);
            let asked = RefCell::new(Vec::new());
            let found = kept.holders(
                &more,
                |holders| holders,
                |query| {
                    asked.borrow_mut().push((query.wanted.unwrap().to_vec(), query.among.map(<[u32]>::to_vec)));
                    let is_there = query.among.is_none_or(|pids| pids.contains(&last));
                    let holder = Holder { inode: 91, pid: last, tid: last, fd: 5 };
                    Ok(Found { holders: is_there.then_some(holder).into_iter().collect(), ..Found::default() })
                },
            );
            let found: Vec<_> = found.unwrap().holders.iter().map(|one| (one.inode, one.pid)).collect();
            assert_eq!(found, [vec![(50, 2), (70, 1)], near].concat());
            let expected = [(vec![91], Some(vec![1, 2])), (vec![91], None)];
            assert_eq!(*asked.borrow(), expected[..searches]);
            // It is known from then on.
            assert!(!ask(&kept, &all, &HolderQuery { wanted: Some(&[50, 70]), ..more }).1);
        }
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let (kept, none) = (KeptHolders::default(), held(&[(1, 3, 1)]));
        for round in 0..40 {
            let wanted: Vec<u32> = (round..round + 10_000).collect();
            ask(&kept, &none, &HolderQuery { wanted: Some(&wanted), ..ALL });
        }
        let size = || kept.lock().iter().map(KeptAnswer::size).sum::<usize>();
        assert!((10_000..=MOST).contains(&size()), "{}", size());
        age(&kept, LONGEST);
        ask(&kept, &none, &ALL);
        assert_eq!(size(), 3);
    }
}
