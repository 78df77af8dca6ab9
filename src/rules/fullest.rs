//! The process of a service that is nearest to its limit of descriptors.

use super::prelude::*;

/// The process of a service that has used the largest part of its descriptors.
#[derive(Clone, Copy, Debug)]
pub struct Fullest {
    /// The process.
    pub pid: u32,
    /// How many of the sockets in question it holds.
    pub sockets: u64,
    /// Its open descriptors.
    pub used: u64,
    /// Its soft limit.
    pub most: u64,
}

impl Fullest {
    /// A finding with these figures.
    pub fn tell(self, finding: Finding) -> Finding {
        let is_one = finding.subject.program().is_none_or(|program| program.processes < 2);
        let finding = finding.descriptors(self.pid, self.used, self.most);
        let source = format!("/proc/{}/fd", self.pid);
        if is_one { finding } else { finding.evidence("sockets_of_process", Figure::Count(self.sockets), source) }
    }
}

impl RuleInput<'_> {
    /// Of the processes that hold these sockets the one that has used the largest part of its descriptors.
    pub fn fullest(&self, sockets: &[&Seen]) -> Option<Fullest> {
        let workers = self.workers(sockets).into_iter();
        let known = workers.filter_map(|(pid, sockets)| {
            let (used, most) = self.descriptors(pid)?;
            Some(Fullest { pid, sockets, used, most })
        });
        known.reduce(|a, b| if part(b.used, b.most.max(1)) > part(a.used, a.most.max(1)) { b } else { a })
    }
}
