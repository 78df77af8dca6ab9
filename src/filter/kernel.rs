//! The tree for the kernel: the part of a filter that `INET_DIAG_REQ_BYTECODE` can test, for dumps of internet sockets.
//!
//! Of the parts joined by `and`, the kernel gets those that it can test completely; of others it gets a wider test that
//! loses nothing, and they are tested again here. States are not in the bytecode: those of the whole filter are in
//! [`Filter::states`], which the request must carry; others are tested here.

use super::{
    Filter,
    assemble::{self, Code, Node},
    host, mask,
    prelude::*,
};

/// The longest program, in bytes. An attribute could hold twice as much, but the kernel checks each jump by walking
/// there (`valid_cc`), so a longer one is checked for longer than it saves.
pub const LONGEST: usize = 32 * 1024;

/// The operations that the running kernel supports. Older ones refuse the whole request with EINVAL for an unknown
/// operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Abilities {
    /// `INET_DIAG_BC_MARK_COND`: Linux 4.10, and CAP_NET_ADMIN; without it EPERM.
    pub marks: bool,
    /// `INET_DIAG_BC_CGROUP_COND`: Linux 5.8.
    pub cgroups: bool,
    /// `INET_DIAG_BC_S_EQ` and `D_EQ`: Linux 4.16. Without them an older operation says the same.
    pub equal_ports: bool,
}

impl Abilities {
    /// All of a kernel of today, asked with privilege.
    pub const ALL: Abilities = Abilities { marks: true, cgroups: true, equal_ports: true };
}

/// A program for the kernel, and the remaining tests.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bytecode {
    /// The value of `INET_DIAG_REQ_BYTECODE`; empty where the kernel has nothing to test and the attribute must be left
    /// out.
    pub bytes: Vec<u8>,
    /// Whether program and state mask together are the whole filter.
    pub exact: bool,
    /// The test for sockets that passed program and state mask; for sockets that did not, test the whole filter. Only
    /// the kernel can test `autobound` exactly.
    pub rest: Filter,
}

impl Filter {
    /// Whether the states it names are all it asks for, so that counting by state answers it.
    pub fn is_states_alone(&self) -> bool {
        let program = self.bytecode();
        program.exact && program.bytes.is_empty()
    }

    /// The program for a kernel of today, asked with privilege if the filter asks for marks.
    pub fn bytecode(&self) -> Bytecode {
        self.bytecode_for(Abilities::ALL)
    }

    /// The program for a kernel that can do just that.
    pub fn bytecode_for(&self, abilities: Abilities) -> Bytecode {
        let mut nodes = Vec::new();
        let mut left = Vec::new();
        let mut room = LONGEST;
        for part in self.expr.iter().flat_map(Expr::conjuncts) {
            if mask::decides(part) {
                continue;
            }
            let Lowered { node, exact } = lower(part, abilities);
            let length = node.longest();
            let fits = length <= room;
            if fits && node != Node::True {
                room -= length;
                nodes.push(node);
            }
            if !(exact && fits) {
                left.push(part.clone());
            }
        }
        let expr = if left.is_empty() { None } else { Some(Expr::all(left)) };
        let exact = expr.is_none();
        Bytecode { bytes: assemble::assemble(Node::all(nodes)), exact, rest: Filter { expr, ..self.clone() } }
    }
}

/// The part of an expression that the kernel can test.
struct Lowered {
    /// True of every socket of which the expression is.
    node: Node,
    /// And of no other.
    exact: bool,
}

fn lower(expr: &Expr, abilities: Abilities) -> Lowered {
    let mut exact = true;
    let node = node(expr, false, abilities, &mut exact);
    Lowered { node, exact }
}

/// The node of an expression, or of its opposite. A `not` is carried down to the conditions, where what cannot be tested
/// becomes true: the node may get wider, never narrower.
fn node(expr: &Expr, negate: bool, abilities: Abilities, exact: &mut bool) -> Node {
    match expr {
        Expr::Not(inner) => node(inner, !negate, abilities, exact),
        Expr::And(parts) | Expr::Or(parts) => {
            let parts = parts.iter().map(|part| node(part, negate, abilities, exact)).collect();
            if matches!(expr, Expr::And(_)) == negate { Node::any(parts) } else { Node::all(parts) }
        }
        Expr::Is(condition) => match condition_node(condition, abilities) {
            Some(node) if negate => node.negated(),
            Some(node) => node,
            None => {
                *exact = false;
                Node::True
            }
        },
    }
}

/// A condition as the kernel tests it; `None` where it cannot.
fn condition_node(Condition { op, test }: &Condition, abilities: Abilities) -> Option<Node> {
    let equal = match test {
        Test::Port(side, family, number) => {
            return Some(match family {
                None => port_node(*side, *op, *number, abilities),
                Some(_) => Node::False,
            });
        }
        Test::Family(family) => family_node(*family),
        Test::Host(Side::Either, host) => {
            Node::any(vec![host_node(Side::Local, host, abilities), host_node(Side::Peer, host, abilities)])
        }
        Test::Host(side, host) => host_node(*side, host, abilities),
        Test::Autobound => Node::Test(Code::Autobound, true),
        Test::Device(index) => Node::Test(Code::Device(*index), true),
        Test::Mark { mark, mask } if abilities.marks => Node::Test(Code::Mark(*mark, *mask), true),
        Test::Cgroup { id, .. } if abilities.cgroups => Node::Test(Code::Cgroup(*id), true),
        _ => return None,
    };
    Some(if *op == Op::Equal { equal } else { equal.negated() })
}

/// The kernel takes an IPv6 address of no bits for "IPv6"; one of IPv4 would take IPv6 sockets that speak IPv4, too.
fn family_node(family: Family) -> Node {
    let is_inet6 = |expected| Node::Test(Code::Host(Side::Local, Family::Inet6, None, None), expected);
    match family {
        Family::Inet => is_inet6(false),
        Family::Inet6 => is_inet6(true),
        _ => Node::False,
    }
}

fn host_node(side: Side, host: &HostPattern, abilities: Abilities) -> Node {
    match host {
        HostPattern::Any(None) => Node::True,
        HostPattern::Any(Some(port)) => port_node(side, Op::Equal, *port, abilities),
        HostPattern::Inet { address, port } => {
            Node::Test(Code::Host(side, host::family_of(address.0), Some(*address), *port), true)
        }
        // No internet socket is one of those.
        HostPattern::Unix(_) | HostPattern::Packet { .. } | HostPattern::Netlink { .. } | HostPattern::Vsock { .. } => {
            Node::False
        }
    }
}

/// The kernel knows at least, at most and, lately, equal; ports have 16 bits.
fn port_node(side: Side, op: Op, number: u32, abilities: Abilities) -> Node {
    let Ok(port) = u16::try_from(number) else {
        return if matches!(op, Op::NotEqual | Op::Less | Op::LessEqual) { Node::True } else { Node::False };
    };
    let at_least = |port: Option<u16>| match port {
        Some(0) => Node::True,
        Some(port) => Node::Test(Code::AtLeast(side, port), true),
        None => Node::False,
    };
    let at_most = |port: Option<u16>| match port {
        Some(u16::MAX) => Node::True,
        Some(port) => Node::Test(Code::AtMost(side, port), true),
        None => Node::False,
    };
    let equal = if abilities.equal_ports { Code::Equal(side, port) } else { Code::AnyHost(side, port) };
    match op {
        Op::Equal => Node::Test(equal, true),
        Op::NotEqual => Node::Test(equal, false),
        Op::Greater => at_least(port.checked_add(1)),
        Op::GreaterEqual => at_least(Some(port)),
        Op::Less => at_most(port.checked_sub(1)),
        Op::LessEqual => at_most(Some(port)),
    }
}
