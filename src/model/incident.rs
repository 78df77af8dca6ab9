//! How findings relate: the resources that each one touches, and the root that explains it.

use std::{collections::BTreeSet, net::IpAddr};

/// The two ends of a connection, seen from this host; port 0 matches any port.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Flow {
    /// Local address and port.
    pub local: (IpAddr, u16),
    /// The peer's address and port.
    pub peer: (IpAddr, u16),
    /// The socket's inode; 0 where no descriptor holds it.
    pub inode: u32,
}

impl Flow {
    /// The ends as the peer's host sees them.
    pub fn reversed(&self) -> ((IpAddr, u16), (IpAddr, u16)) {
        (self.peer, self.local)
    }

    /// The ends as this host sees them.
    pub fn ends(&self) -> ((IpAddr, u16), (IpAddr, u16)) {
        (self.local, self.peer)
    }
}

/// The resources that a finding touches. Two findings can share a cause only if they share a resource.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Touches {
    /// Connections it counts.
    pub flows: Vec<Flow>,
    /// Processes that it blames, or that hold the sockets it counts.
    pub pids: BTreeSet<u32>,
    /// Processes that wait for the program it blames.
    pub blocked: BTreeSet<u32>,
    /// Connections that it explains, too, and does not count.
    pub explained: Vec<Flow>,
    /// Connections on which its processes wait for an answer, then those on which the programs there do, and so on.
    pub awaited: Vec<Vec<Flow>>,
    /// TCP listeners of this namespace by address and port.
    pub listeners: BTreeSet<(IpAddr, u16)>,
}

/// How a finding leads to another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Link {
    /// The other finding is its result and goes away with it.
    Causes,
    /// It makes the other one worse, or shows how it came about; alone it would not have done it.
    Contributes,
    /// Both show one fault from two sides.
    SameFault,
}

impl Link {
    /// The word in JSON, the same in every language: the role of the finding in its incident.
    pub fn name(self) -> &'static str {
        match self {
            Link::Causes => "caused",
            Link::Contributes => "contributes",
            Link::SameFault => "same-fault",
        }
    }
}

/// The place of a finding that another one explains.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fold {
    /// The id of the finding that explains it.
    pub into: String,
    /// How.
    pub link: Link,
}
