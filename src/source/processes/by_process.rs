//! The sockets of whole processes, which a search by BPF passes on its way to some of them. Who owns a leak is asked next how
//! many sockets it has in all: to read the links of its descriptors would take longer than the search.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// For so long they are those of now.
const FRESH: Duration = Duration::from_secs(1);

/// Processes with the inodes of their sockets, one for each descriptor.
type Sockets = BTreeMap<u32, Vec<u32>>;

/// The sockets that the processes in a search's result had open, each process taken once.
#[derive(Default, Debug)]
pub struct ProcessSockets(Mutex<Option<(Instant, Sockets)>>);

impl ProcessSockets {
    /// Keeps the result of a search that began at that time, in place of the one before.
    pub fn keep(&self, began: Instant, sockets: Sockets) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((began, sockets));
    }

    /// The inodes of a process's sockets, one for each descriptor, if they are fresh.
    pub fn take(&self, pid: u32) -> Option<Vec<u32>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_some_and(|(began, _)| began.elapsed() > FRESH) {
            *kept = None;
        }
        kept.as_mut()?.1.remove(&pid)
    }
}

/// Sorts what a search passes by process; those of one process come in a row.
#[derive(Default, Debug)]
pub struct Passed {
    pid: u32,
    inodes: Vec<u32>,
    is_wanted: bool,
    found: Sockets,
}

impl Passed {
    /// Notes a descriptor, and whether its socket was searched for.
    pub fn note(&mut self, pid: u32, inode: u32, is_wanted: bool) {
        if pid != self.pid {
            self.end_process();
            self.pid = pid;
        }
        if inode != 0 {
            self.inodes.push(inode);
        }
        self.is_wanted |= is_wanted;
    }

    /// The sockets of the processes that have one of those searched for.
    pub fn finish(mut self) -> Sockets {
        self.end_process();
        self.found
    }

    fn end_process(&mut self) {
        if std::mem::take(&mut self.is_wanted) {
            self.found.entry(self.pid).or_default().append(&mut self.inodes);
        }
        self.inodes.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sockets_of_a_process_with_a_wanted_one_are_kept_and_given_once() {
        let mut passed = Passed::default();
        for (pid, inode, is_wanted) in
            [(7, 50, false), (7, 60, true), (7, 0, false), (7, 60, true), (8, 70, false), (9, 80, true)]
        {
            passed.note(pid, inode, is_wanted);
        }
        let kept = ProcessSockets::default();
        assert_eq!(kept.take(7), None);
        let now = Instant::now();
        kept.keep(now, passed.finish());
        assert_eq!((kept.take(7), kept.take(7), kept.take(8)), (Some(vec![50, 60, 60]), None, None));
        kept.keep(now.checked_sub(FRESH * 2).unwrap_or(now), BTreeMap::from([(9, vec![80])]));
        assert_eq!(kept.take(9), None);
    }
}
