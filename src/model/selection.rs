//! The selection of the command line: protocols, families, states.

use crate::model::{
    family::{Family, Protocol},
    state::StateSet,
};

/// Which sockets are wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Selection {
    protocols: u16,
    /// Wanted states, without `BOUND_INACTIVE`.
    pub states: StateSet,
    /// Whether sockets that are bound but unused are asked for too.
    pub bound_inactive: bool,
    /// Only this internet family.
    pub family: Option<Family>,
}

impl Selection {
    /// TCP of both families in the given states.
    pub fn tcp(states: StateSet) -> Selection {
        Selection { protocols: bit(Protocol::Tcp), states, bound_inactive: false, family: None }
    }

    /// The same for the given protocols; none means TCP.
    #[must_use]
    pub fn with_protocols(mut self, protocols: &[Protocol]) -> Selection {
        if !protocols.is_empty() {
            self.protocols = protocols.iter().fold(0, |bits, &protocol| bits | bit(protocol));
        }
        self
    }

    /// Whether sockets of the protocol are wanted.
    pub fn wants(&self, protocol: Protocol) -> bool {
        self.protocols & bit(protocol) != 0
    }

    /// Whether sockets of the internet family are wanted.
    pub fn wants_family(&self, family: Family) -> bool {
        self.family.is_none_or(|only| only == family)
    }
}

fn bit(protocol: Protocol) -> u16 {
    1 << protocol as u16
}
