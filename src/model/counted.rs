//! The result of one count of all selected tables.

use crate::model::{
    census::Census,
    family::{Netid, Protocol},
    gap::Gap,
};

/// Counts by protocol, with the gaps.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Counted {
    /// A census for each netid that was asked for; `None` where its table could not be read.
    pub netids: Vec<(Netid, Option<Census>)>,
    /// Tables that could not be read, or only in part.
    pub gaps: Vec<Gap>,
}

impl Counted {
    /// Adds the counts of another namespace.
    pub fn merge(&mut self, other: Counted) {
        for (netid, census) in other.netids {
            match self.netids.iter_mut().find(|(known, _)| *known == netid) {
                Some((_, Some(mine))) => {
                    if let Some(census) = &census {
                        mine.merge(census);
                    }
                }
                Some((_, mine)) => *mine = census,
                None => self.netids.push((netid, census)),
            }
        }
        for gap in other.gaps {
            if !self.gaps.contains(&gap) {
                self.gaps.push(gap);
            }
        }
    }

    /// The census of a netid, empty where there is none.
    pub fn census(&self, netid: Netid) -> Option<&Census> {
        self.netids.iter().find(|(one, _)| *one == netid)?.1.as_ref()
    }

    /// Sockets of a protocol; `None` where its table could not be read or was not asked for.
    pub fn protocol(&self, protocol: Protocol) -> Option<u64> {
        let mut of_protocol = self.netids.iter().filter(|(netid, _)| netid.protocol() == protocol).peekable();
        of_protocol.peek()?;
        of_protocol.map(|(_, census)| census.as_ref().map(Census::total)).sum()
    }

    /// All sockets counted.
    pub fn total(&self) -> u64 {
        self.netids.iter().filter_map(|(_, census)| census.as_ref()).map(Census::total).sum()
    }
}
