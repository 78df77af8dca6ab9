//! Answers about holders that are kept from one search to the next: a live view asks about the same sockets sample after
//! sample, and each search reads the descriptors of every process.
//!
//! They are kept by inode, which a descriptor names. Before use, every kept holder is checked again: its descriptor
//! must still lead to the socket. So a closed descriptor, an ended process, a socket that was passed on and an inode
//! that the kernel gave to another socket are noticed at once, and all is searched again. The check cannot notice an
//! additional holder: a forked process, or one that was passed a socket which its first holder keeps, or the first
//! holder of a socket that had none. It is found when the answer is [`LONGEST`] old.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::{Found, HolderQuery};
use crate::model::owner::Holder;

/// An answer is kept so long.
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
        search: impl FnOnce() -> io::Result<Found>,
    ) -> io::Result<Found> {
        let Some(wanted) = ask.wanted.filter(|_| ask.netns.is_none() && !ask.threads) else { return search() };
        let now = Instant::now();
        // Not held while processes are read: other namespaces are searched at the same time.
        let kept = self.lock().iter().rev().find_map(|answer| answer.to(wanted, ask.all_holders, now));
        if let Some(Found { holders, .. }) = &kept
            && still(holders.clone()).len() == holders.len()
        {
            return Ok(kept.unwrap_or_default());
        }
        let found = search()?;
        let answer =
            KeptAnswer { at: now, inodes: wanted.to_vec(), all_holders: ask.all_holders, found: found.clone() };
        let mut kept = self.lock();
        kept.retain(|one| one.is_young(now) && one.inodes != answer.inodes);
        kept.push(answer);
        while kept.iter().map(KeptAnswer::size).sum::<usize>() > MOST {
            kept.remove(0);
        }
        Ok(found)
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

    /// The part of it that answers for these inodes; `None` where one of them was not searched for.
    fn to(&self, wanted: &[u32], all_holders: bool, now: Instant) -> Option<Found> {
        let knows = |inode: &u32| self.inodes.binary_search(inode).is_ok();
        let is_answer = self.is_young(now) && self.all_holders == all_holders && wanted.iter().all(knows);
        is_answer.then(|| {
            let is_wanted = |one: &&Holder| wanted.binary_search(&one.inode).is_ok();
            let holders = self.found.holders.iter().filter(is_wanted).copied().collect();
            Found { holders, failure: self.found.failure.clone(), ..self.found }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::memory::{MemorySource, listed};

    const ALL: HolderQuery<'_> =
        HolderQuery { wanted: Some(&[50, 70, 90]), all_holders: true, netns: None, threads: false };

    /// The answer, and whether it was searched for.
    fn ask(kept: &KeptHolders, held: &MemorySource, query: &HolderQuery<'_>) -> (Vec<(u32, u32)>, bool) {
        let mut is_searched = false;
        let every = listed::holders(held, &HolderQuery { wanted: None, all_holders: true, ..*query }).unwrap().holders;
        let still = |mut holders: Vec<Holder>| {
            holders.retain(|one| every.contains(one));
            holders
        };
        let found = kept.holders(query, still, || {
            is_searched = true;
            listed::holders(held, query)
        });
        (found.unwrap().holders.iter().map(|one| (one.inode, one.pid)).collect(), is_searched)
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
        // Others, another thoroughness, and what no link shows, are searched for.
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
    fn a_holder_more_is_found_in_time() {
        let (kept, more) = (KeptHolders::default(), held(&[(1, 3, 70), (5, 3, 70), (6, 3, 90)]));
        ask(&kept, &held(&[(1, 3, 70)]), &ALL);
        assert_eq!(ask(&kept, &more, &ALL), (vec![(70, 1)], false));
        age(&kept, LONGEST);
        assert_eq!(ask(&kept, &more, &ALL), (vec![(70, 1), (70, 5), (90, 6)], true));
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
