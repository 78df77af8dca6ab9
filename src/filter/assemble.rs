//! `struct inet_diag_bc_op`: a program of tests and jumps.
//!
//! Each operation has two ways on, as distances in bytes from its own place. `yes` is one byte wide and is the way that
//! the kernel's check follows (`inet_diag_bc_audit`), so here it always leads to the next operation; `no` is two bytes
//! wide and leads anywhere forward. Where *true* has to lead elsewhere, an unconditional `JMP` follows, which takes its
//! `no`. A program that ends at its last byte has accepted the socket, one that ends four bytes behind has not.

use super::prelude::*;

/// The test of one operation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Code {
    AtLeast(Side, u16),
    AtMost(Side, u16),
    Equal(Side, u16),
    /// The port of any family, for kernels without `Equal`.
    AnyHost(Side, u16),
    Host(Side, Family, Option<(IpAddr, u8)>, Option<u16>),
    Autobound,
    Device(u32),
    /// Mark and mask.
    Mark(u32, u32),
    Cgroup(u64),
}

/// A tree with `not` only at the tests.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Node {
    True,
    False,
    All(Vec<Node>),
    Any(Vec<Node>),
    /// A test, and its required result.
    Test(Code, bool),
}

const JMP: u8 = 1;
const AUTO: u8 = 6;
const DEV_COND: u8 = 9;
const MARK_COND: u8 = 10;
const CGROUP_COND: u8 = 13;

/// `struct inet_diag_bc_op`: code, yes, no.
const OP: usize = 4;

impl Node {
    /// All of these; of none it is true.
    pub(super) fn all(parts: Vec<Node>) -> Node {
        if parts.contains(&Node::False) {
            return Node::False;
        }
        let mut parts: Vec<Node> = parts.into_iter().filter(|part| *part != Node::True).collect();
        match parts.len() {
            0 => Node::True,
            1 => parts.pop().unwrap_or(Node::True),
            _ => Node::All(parts),
        }
    }

    /// Any of these; of none it is false.
    pub(super) fn any(parts: Vec<Node>) -> Node {
        if parts.contains(&Node::True) {
            return Node::True;
        }
        let mut parts: Vec<Node> = parts.into_iter().filter(|part| *part != Node::False).collect();
        match parts.len() {
            0 => Node::False,
            1 => parts.pop().unwrap_or(Node::False),
            _ => Node::Any(parts),
        }
    }

    /// The opposite.
    pub(super) fn negated(self) -> Node {
        match self {
            Node::True => Node::False,
            Node::False => Node::True,
            Node::All(parts) => Node::Any(parts.into_iter().map(Node::negated).collect()),
            Node::Any(parts) => Node::All(parts.into_iter().map(Node::negated).collect()),
            Node::Test(code, expected) => Node::Test(code, !expected),
        }
    }

    /// The most bytes it can take: each test with a jump.
    pub(super) fn longest(&self) -> usize {
        match self {
            Node::True => 0,
            Node::False => OP,
            Node::All(parts) | Node::Any(parts) => parts.iter().map(Node::longest).sum(),
            Node::Test(code, _) => operation(code).1.len() + OP + OP,
        }
    }
}

/// Where a jump leads; bound to a place when that is reached.
type Label = usize;

const ACCEPT: Label = 0;
const REJECT: Label = 1;

#[derive(Default)]
struct Assembler {
    bytes: Vec<u8>,
    /// The place of each label, once it is known.
    places: Vec<Option<usize>>,
    /// Operations whose `no` leads to a label.
    jumps: Vec<(usize, Label)>,
}

/// The program of a node; empty where it accepts everything.
pub(super) fn assemble(node: Node) -> Vec<u8> {
    if node == Node::True {
        return Vec::new();
    }
    let mut program = Assembler { places: vec![None, None], ..Assembler::default() };
    program.node(&node, ACCEPT, REJECT, ACCEPT);
    let end = program.bytes.len();
    program.bind(ACCEPT, end);
    program.bind(REJECT, end + OP);
    program.finish()
}

impl Assembler {
    /// Code that goes to one label or the other; `next` is the one that is bound to the place behind it.
    fn node(&mut self, node: &Node, yes: Label, no: Label, next: Label) {
        match node {
            Node::True if yes != next => self.emit(JMP, &[], yes),
            Node::False if no != next => self.emit(JMP, &[], no),
            Node::True | Node::False => {}
            Node::Test(code, expected) => {
                let (yes, no) = if *expected { (yes, no) } else { (no, yes) };
                let (code, data) = operation(code);
                self.emit(code, &data, no);
                if yes != next {
                    self.emit(JMP, &[], yes);
                }
            }
            Node::All(parts) => self.chain(parts, next, |after| (after, no), (yes, no)),
            Node::Any(parts) => self.chain(parts, next, |after| (yes, after), (yes, no)),
        }
    }

    /// One part after another: all but the last go on behind themselves in one case.
    fn chain(
        &mut self,
        parts: &[Node],
        next: Label,
        ways: impl Fn(Label) -> (Label, Label),
        last_ways: (Label, Label),
    ) {
        let Some((last, others)) = parts.split_last() else { return };
        for part in others {
            let after = self.places.len();
            self.places.push(None);
            let (yes, no) = ways(after);
            self.node(part, yes, no, after);
            self.bind(after, self.bytes.len());
        }
        self.node(last, last_ways.0, last_ways.1, next);
    }

    fn bind(&mut self, label: Label, place: usize) {
        if let Some(known) = self.places.get_mut(label) {
            *known = Some(place);
        }
    }

    fn emit(&mut self, code: u8, data: &[u8], no: Label) {
        self.jumps.push((self.bytes.len(), no));
        // Never more than 28: an operation, a host condition, an IPv6 address.
        self.bytes.extend([code, (OP + data.len()) as u8, 0, 0]);
        self.bytes.extend_from_slice(data);
    }

    fn finish(mut self) -> Vec<u8> {
        for (at, label) in &self.jumps {
            let place = self.places.get(*label).copied().flatten().unwrap_or(*at);
            // Fits: a program is at most `kernel::LONGEST` long.
            let distance = u16::try_from(place.saturating_sub(*at)).unwrap_or(u16::MAX);
            if let Some(no) = self.bytes.get_mut(at + 2..at + 4) {
                no.copy_from_slice(&distance.to_ne_bytes());
            }
        }
        self.bytes
    }
}

/// The number of an operation and its operands.
fn operation(code: &Code) -> (u8, Vec<u8>) {
    let of = |side: &Side, source: u8, destination: u8| if *side == Side::Peer { destination } else { source };
    match code {
        Code::AtLeast(side, port) => (of(side, 2, 4), port_data(*port)),
        Code::AtMost(side, port) => (of(side, 3, 5), port_data(*port)),
        Code::Equal(side, port) => (of(side, 11, 12), port_data(*port)),
        Code::AnyHost(side, port) => (of(side, 7, 8), host_data(0, 0, Some(*port), &[])),
        Code::Host(side, family, address, port) => {
            let (length, bytes) = address_bytes(*family, *address);
            (of(side, 7, 8), host_data(family.number(), length, *port, &bytes))
        }
        Code::Autobound => (AUTO, Vec::new()),
        Code::Device(index) => (DEV_COND, index.to_ne_bytes().to_vec()),
        Code::Mark(mark, mask) => (MARK_COND, [mark.to_ne_bytes(), mask.to_ne_bytes()].concat()),
        Code::Cgroup(id) => (CGROUP_COND, id.to_ne_bytes().to_vec()),
    }
}

/// An address as the kernel takes it: how many bits count, and its bytes.
fn address_bytes(family: Family, address: Option<(IpAddr, u8)>) -> (u8, Vec<u8>) {
    match address {
        Some((IpAddr::V4(address), length)) => (length, address.octets().to_vec()),
        Some((IpAddr::V6(address), length)) => (length, address.octets().to_vec()),
        // The kernel wants room for an address even where none of its bits count.
        None if family == Family::Inet => (0, vec![0; 4]),
        None => (0, vec![0; 16]),
    }
}

/// The port is in the `no` of an operation that never runs.
fn port_data(port: u16) -> Vec<u8> {
    let [low, high] = port.to_ne_bytes();
    vec![0, 0, low, high]
}

/// `struct inet_diag_hostcond`: family, prefix length, two bytes of nothing, port or -1, address.
fn host_data(family: u8, length: u8, port: Option<u16>, address: &[u8]) -> Vec<u8> {
    let mut data = vec![family, length, 0, 0];
    data.extend(port.map_or(-1, i32::from).to_ne_bytes());
    data.extend_from_slice(address);
    data
}
