//! The typed tree: a filter after the lookup of every name.

use std::{cmp::Ordering, net::IpAddr};

use crate::model::{
    family::{Family, Protocol},
    socket::Timer,
    state::StateSet,
};

/// An expression. Built by [`Expr::all`], [`Expr::any`] and [`Expr::negated`], so that there is one tree for one meaning
/// of `and`, `or` and `not`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Expr {
    /// All of them: two or more, none of them such a list itself.
    And(Vec<Expr>),
    /// At least one of them: two or more, none of them such a list itself.
    Or(Vec<Expr>),
    /// Not this, which is no `Not` itself.
    Not(Box<Expr>),
    /// A condition.
    Is(Condition),
}

impl Expr {
    /// All of these, at least one.
    pub fn all(parts: Vec<Expr>) -> Expr {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Expr::And(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        alone(flat).unwrap_or_else(Expr::And)
    }

    /// Any of these, at least one.
    pub fn any(parts: Vec<Expr>) -> Expr {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Expr::Or(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        alone(flat).unwrap_or_else(Expr::Or)
    }

    /// The opposite.
    #[must_use]
    pub fn negated(self) -> Expr {
        match self {
            Expr::Not(inner) => *inner,
            other => Expr::Not(Box::new(other)),
        }
    }

    /// The parts of the top-level conjunction: all must hold.
    pub(super) fn conjuncts(&self) -> &[Expr] {
        match self {
            Expr::And(parts) => parts,
            other => std::slice::from_ref(other),
        }
    }

    /// Calls for every condition, in the order of the text.
    pub(super) fn each(&self, visit: &mut impl FnMut(&Condition)) {
        match self {
            Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| part.each(visit)),
            Expr::Not(inner) => inner.each(visit),
            Expr::Is(condition) => visit(condition),
        }
    }
}

/// The one expression of a list of one, or the list.
fn alone(mut parts: Vec<Expr>) -> Result<Expr, Vec<Expr>> {
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(last), false) => {
            parts.push(last);
            Err(parts)
        }
        (None, _) => Err(parts),
    }
}

/// A comparison.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Op {
    /// `=`, `==`, `eq`, or nothing.
    Equal,
    /// `!=`, `<>`, `ne`, `neq`.
    NotEqual,
    /// `<`, `lt`.
    Less,
    /// `<=`, `le`, `leq`.
    LessEqual,
    /// `>`, `gt`.
    Greater,
    /// `>=`, `ge`, `geq`.
    GreaterEqual,
}

impl Op {
    /// Whether it holds between two values that compare so.
    pub fn holds(self, order: Ordering) -> bool {
        match self {
            Op::Equal => order.is_eq(),
            Op::NotEqual => order.is_ne(),
            Op::Less => order.is_lt(),
            Op::LessEqual => order.is_le(),
            Op::Greater => order.is_gt(),
            Op::GreaterEqual => order.is_ge(),
        }
    }

    /// Whether it needs values that have an order.
    pub fn is_ordering(self) -> bool {
        !matches!(self, Op::Equal | Op::NotEqual)
    }

    /// The sign.
    pub fn sign(self) -> &'static str {
        match self {
            Op::Equal => "=",
            Op::NotEqual => "!=",
            Op::Less => "<",
            Op::LessEqual => "<=",
            Op::Greater => ">",
            Op::GreaterEqual => ">=",
        }
    }
}

/// Something that holds of a socket or not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Condition {
    /// How the socket's value compares to the given one.
    pub op: Op,
    /// Which value, and the given one.
    pub test: Test,
}

/// Which end of a socket.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// `src`, `sport`.
    Local,
    /// `dst`, `dport`.
    Peer,
    /// Either of the two: a bare address or port.
    Either,
}

/// The tested field, and the value to compare with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Test {
    /// The address family. In `ss` a word of it before an address (`src inet:10.0.0.1`) holds for the whole filter, so it
    /// is read as one more condition for all of it.
    Family(Family),
    /// The table it is in.
    Protocol(Protocol),
    /// The state; with `=` only.
    States(StateSet),
    /// `autobound`: the kernel chose the local port; with `=` only.
    Autobound,
    /// An end; of `Either`, with `=` only.
    Host(Side, HostPattern),
    /// The port of an end, or what `ss` shows in its place, in any family or in this one, which is none of the internet's;
    /// never of `Either`.
    Port(Side, Option<Family>, u32),
    /// The interface it is bound to, 0 for none.
    Device(u32),
    /// `fwmark`: `socket's mark & mask = mark`.
    Mark {
        /// The rest of the mark under the mask.
        mark: u32,
        /// Which bits count.
        mask: u32,
    },
    /// The cgroup v2 it was made in.
    Cgroup {
        /// Its id.
        id: u64,
        /// The path it was given by.
        path: Box<str>,
    },
    /// A process that holds it.
    Pid(u32),
    /// The program of a process that holds it; a pattern.
    Program(Box<str>),
    /// The owner's user id.
    User(u32),
    /// The systemd unit, with or without its suffix; a pattern.
    Unit(Box<str>),
    /// The beginning of the container's id.
    Container(Box<str>),
    /// The label of its network namespace.
    Netns(Box<str>),
    /// Bytes not read; on a listener, connections not accepted.
    ReceiveQueue(u64),
    /// Bytes not acknowledged; on a listener, the limit of its accept queue.
    SendQueue(u64),
    /// Timeouts in a row, or unanswered probes.
    Retrans(u64),
    /// Microseconds in this state.
    Age(u64),
    /// Microseconds without data either way.
    Idle(u64),
    /// The smoothed round trip, microseconds.
    Rtt(u64),
    /// Whether keepalive is on.
    Keepalive(bool),
    /// Which timer runs.
    Timer(Timer),
}

/// An end of a socket, as a pattern. `None` matches anything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum HostPattern {
    /// Any address of any family; the port, or what `ss` shows in its place (a UNIX socket's inode, a netlink port id,
    /// a packet socket's interface).
    Any(Option<u32>),
    /// An internet address. An IPv4 one takes IPv6 sockets that speak IPv4, too.
    Inet {
        /// The address, and how many of its bits count.
        address: (IpAddr, u8),
        /// The port.
        port: Option<u16>,
    },
    /// A pattern for the path or `@name` of a UNIX socket, upper and lower case alike.
    Unix(Box<str>),
    /// A packet socket.
    Packet {
        /// `ETH_P_*`.
        protocol: Option<u16>,
        /// The interface's index.
        interface: Option<u32>,
    },
    /// A netlink socket.
    Netlink {
        /// `NETLINK_*`.
        protocol: Option<u8>,
        /// The port id; the kernel's is 0.
        port: Option<u32>,
    },
    /// A vsock.
    Vsock {
        /// Context id.
        cid: Option<u32>,
        /// Port.
        port: Option<u32>,
    },
}
