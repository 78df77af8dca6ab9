//! Random filters and random sockets out of a small world, so that they often meet.
//!
//! For a test against the real kernel, make a [`World`] of the ports, addresses and interfaces of the sockets that are
//! held, and take `kernel_expression(&world)`: everything that bytecode can test, and states. `expression` adds what
//! only user space can test.

#![allow(dead_code, reason = "each test program takes what it needs")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "test code outside of test functions")]

use std::net::IpAddr;

use proptest::{
    collection::vec,
    prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof},
    sample::select,
};
use sockdoc::{
    filter::tree::{Condition, Expr, HostPattern, Op, Side, Test},
    model::{
        detail::{Detail, TcpInfo},
        entry::{End, Entry},
        family::{Family, Netid, Protocol},
        socket::{Kind, Timer},
        state::{State, StateSet},
    },
};

/// The material of sockets and filters.
#[derive(Clone, Debug)]
pub(crate) struct World {
    /// Addresses of both families; an IPv4 one is also used mapped.
    pub(crate) addresses: Vec<IpAddr>,
    pub(crate) ports: Vec<u16>,
    /// Indices, 0 among them.
    pub(crate) interfaces: Vec<u32>,
    /// Marks, and masks for them; without any, no filter asks for one.
    pub(crate) marks: Vec<u32>,
    /// Ids and the paths that a filter's text has for them; without any, no filter asks for one.
    pub(crate) cgroups: Vec<(u64, String)>,
    /// Whether filters ask for `autobound`, which only the kernel can test truly.
    pub(crate) autobound: bool,
}

impl World {
    /// Enough for tests without a kernel.
    pub(crate) fn small() -> World {
        let addresses = [
            "10.0.0.1",
            "10.0.0.2",
            "10.1.2.3",
            "192.0.2.9",
            "0.0.0.0",
            "::",
            "::1",
            "2001:db8::1",
            "2001:db8:8000::1",
        ];
        World {
            addresses: addresses.iter().map(|address| address.parse().unwrap()).collect(),
            ports: vec![0, 1, 22, 80, 443, 32767, 32768, 50000, 60999, 61000, 65534, 65535],
            interfaces: vec![0, 1, 2],
            marks: vec![0, 1, 2, 0x10, 0xff, u32::MAX],
            cgroups: [0, 1, 7, u64::MAX].map(|id| (id, format!("/cgroup {id}"))).to_vec(),
            autobound: true,
        }
    }
}

/// The range of ports the kernel gives out, in the small world.
pub(crate) const EPHEMERAL: (u16, u16) = (32768, 60999);

fn one<T: Clone + std::fmt::Debug + 'static>(of: &[T]) -> impl Strategy<Value = T> + use<T> {
    select(of.to_vec())
}

fn is(op: Op, test: Test) -> Expr {
    Expr::Is(Condition { op, test })
}

fn equality() -> impl Strategy<Value = Op> {
    select(vec![Op::Equal, Op::NotEqual])
}

fn comparison() -> impl Strategy<Value = Op> {
    select(vec![Op::Equal, Op::NotEqual, Op::Less, Op::LessEqual, Op::Greater, Op::GreaterEqual])
}

fn side() -> impl Strategy<Value = Side> {
    select(vec![Side::Local, Side::Peer])
}

/// Any state or set of states, `BOUND_INACTIVE` among them.
pub(crate) fn states() -> impl Strategy<Value = StateSet> {
    let each: Vec<State> = State::ALL.into_iter().chain([State::BOUND_INACTIVE]).collect();
    prop_oneof![
        4 => select(each.clone()).prop_map(StateSet::of),
        2 => vec(select(each), 0..5).prop_map(|states| states.into_iter().fold(StateSet::EMPTY, StateSet::with)),
        1 => select(vec![StateSet::ALL, StateSet::CONNECTED, StateSet::SYNCHRONIZED, StateSet::BUCKET, StateSet::BIG]),
    ]
}

/// An internet end: any prefix length of a known address, a port or none.
fn internet(world: &World) -> BoxedStrategy<HostPattern> {
    let port = proptest::option::of(one(&world.ports));
    let mapped = |address| match address {
        IpAddr::V4(v4) => IpAddr::V6(v4.to_ipv6_mapped()),
        v6 => v6,
    };
    let address = (one(&world.addresses), any::<bool>())
        .prop_map(move |(address, is_mapped)| if is_mapped { mapped(address) } else { address });
    let network = (address, any::<u8>(), any::<bool>()).prop_map(|(address, length, is_whole)| {
        let longest = if address.is_ipv4() { 32 } else { 128 };
        (address, if is_whole { longest } else { length % (longest + 1) })
    });
    (network, port).prop_map(|(address, port)| HostPattern::Inet { address, port }).boxed()
}

/// An end of any family that a filter can name.
fn host(world: &World) -> BoxedStrategy<HostPattern> {
    let number = || proptest::option::of(0..4u32);
    prop_oneof![
        6 => internet(world),
        2 => proptest::option::of(one(&world.ports)).prop_map(|port| HostPattern::Any(port.map(u32::from))),
        1 => pattern().prop_map(|pattern| HostPattern::Unix(pattern.into())),
        1 => (proptest::option::of(0..4u16), number())
            .prop_map(|(protocol, interface)| HostPattern::Packet { protocol, interface }),
        1 => (proptest::option::of(0..4u8), number()).prop_map(|(protocol, port)| HostPattern::Netlink { protocol, port }),
        1 => (number(), number()).prop_map(|(cid, port)| HostPattern::Vsock { cid, port }),
    ]
    .boxed()
}

/// A word of a filter with all that has to be escaped in it.
fn pattern() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9/@*?.:_'\"()|&,=<>! \\\\\\[\\]é-]{1,8}"
}

/// A condition the kernel can test, or at least about internet sockets.
pub(crate) fn kernel_condition(world: &World) -> BoxedStrategy<Expr> {
    let families = select(vec![Family::Inet, Family::Inet6, Family::Unix]);
    let family = select(vec![None, None, None, Some(Family::Vsock)]);
    let mut conditions = vec![
        (6, (side(), equality(), host(world)).prop_map(|(side, op, host)| is(op, Test::Host(side, host))).boxed()),
        (1, host(world).prop_map(|host| is(Op::Equal, Test::Host(Side::Either, host))).boxed()),
        (
            6,
            (side(), comparison(), family, one(&world.ports))
                .prop_map(|(side, op, family, port)| is(op, Test::Port(side, family, port.into())))
                .boxed(),
        ),
        (2, (equality(), families).prop_map(|(op, family)| is(op, Test::Family(family))).boxed()),
        (2, (equality(), one(&world.interfaces)).prop_map(|(op, index)| is(op, Test::Device(index))).boxed()),
    ];
    if world.autobound {
        conditions.push((1, Just(is(Op::Equal, Test::Autobound)).boxed()));
    }
    if !world.marks.is_empty() {
        let mark = (equality(), one(&world.marks), one(&world.marks));
        conditions.push((2, mark.prop_map(|(op, mark, mask)| is(op, Test::Mark { mark, mask })).boxed()));
    }
    if !world.cgroups.is_empty() {
        let cgroup = (equality(), one(&world.cgroups));
        let test = |(op, (id, path)): (Op, (u64, String))| is(op, Test::Cgroup { id, path: path.into() });
        conditions.push((2, cgroup.prop_map(test).boxed()));
    }
    proptest::strategy::Union::new_weighted(conditions).boxed()
}

/// A condition that only user space can test.
pub(crate) fn user_condition() -> BoxedStrategy<Expr> {
    let size = || 0..4u64;
    let micros = || select(vec![0, 1, 1_000, 5_000_000, 45_000_000, 60_000_000, 3_600_000_000, u64::MAX]);
    let timers =
        vec![Timer::None, Timer::Retransmit, Timer::Keepalive, Timer::TimeWait, Timer::Persist, Timer::DelayedAck];
    let owner = prop_oneof![
        (0..4u32).prop_map(Test::Pid),
        pattern().prop_map(|name| Test::Program(name.into())),
        (0..3u32).prop_map(Test::User),
        pattern().prop_map(|name| Test::Unit(name.into())),
        pattern().prop_map(|id| Test::Container(id.into())),
        pattern().prop_map(|label| Test::Netns(label.into())),
        any::<bool>().prop_map(Test::Keepalive),
        select(vec![Protocol::Tcp, Protocol::Udp, Protocol::Unix]).prop_map(Test::Protocol),
        select(timers).prop_map(Test::Timer),
    ];
    let measure = prop_oneof![
        size().prop_map(Test::ReceiveQueue),
        size().prop_map(Test::SendQueue),
        size().prop_map(Test::Retrans),
        micros().prop_map(Test::Age),
        micros().prop_map(Test::Idle),
        micros().prop_map(Test::Rtt),
    ];
    prop_oneof![
        (equality(), owner).prop_map(|(op, test)| is(op, test)),
        (comparison(), measure).prop_map(|(op, test)| is(op, test)),
    ]
    .boxed()
}

fn nested(leaf: BoxedStrategy<Expr>) -> BoxedStrategy<Expr> {
    leaf.prop_recursive(5, 40, 4, |inner| {
        prop_oneof![
            2 => vec(inner.clone(), 1..5).prop_map(Expr::all),
            2 => vec(inner.clone(), 1..5).prop_map(Expr::any),
            1 => inner.prop_map(Expr::negated),
        ]
    })
    .boxed()
}

/// Nested conditions that the kernel can test, and states.
pub(crate) fn kernel_expression(world: &World) -> BoxedStrategy<Expr> {
    let state = states().prop_map(|set| is(Op::Equal, Test::States(set)));
    nested(prop_oneof![6 => kernel_condition(world), 1 => state].boxed())
}

/// Nested conditions of every kind.
pub(crate) fn expression(world: &World) -> BoxedStrategy<Expr> {
    let state = states().prop_map(|set| is(Op::Equal, Test::States(set)));
    nested(prop_oneof![4 => kernel_condition(world), 2 => state, 2 => user_condition()].boxed())
}

/// A TCP socket as the kernel could report it to a privileged program.
pub(crate) fn socket(world: &World) -> BoxedStrategy<Entry> {
    let end = || (one(&world.addresses), one(&world.ports));
    let states: Vec<State> = State::ALL.into_iter().chain([State::BOUND_INACTIVE]).collect();
    let kernel =
        (one(&world.interfaces), one_or(&world.marks, 0), one_or(&world.cgroups, (0, String::new())), any::<bool>());
    let figures = (0..4u32, 0..4u32, 0..4u8, select(vec![0u32, 1, 15_000, 60_000]), 0..3u32, 0..4u32);
    let timer = (0..6u8).prop_map(Timer::from_kernel);
    let info = proptest::option::of((vec(select(vec![0u8, 1, 2]), 50..110)).prop_map(|bytes| TcpInfo::new(&bytes)));
    (end(), end(), select(states), any::<bool>(), kernel, figures, timer, info)
        .prop_map(|(local, peer, state, is_mapped, kernel, figures, timer, tcp_info)| {
            // Both ends of a socket are of its family; an IPv6 one may speak IPv4 at both.
            let is_v4 = local.0.is_ipv4();
            let family = if is_v4 && !is_mapped { Family::Inet } else { Family::Inet6 };
            let peer_address = match (family, peer.0) {
                (Family::Inet, IpAddr::V6(_)) => local.0,
                (_, address) => address,
            };
            let (interface, mark, (cgroup, _), is_newer) = kernel;
            let (rqueue, wqueue, retrans, expires_ms, uid, inode) = figures;
            let mut entry = Entry {
                netid: Netid::Tcp,
                family,
                state,
                local: End::Inet(local.0, local.1),
                peer: End::Inet(peer_address, peer.1),
                mapped: family == Family::Inet6 && (is_v4 || peer_address.is_ipv4()),
                v6only: None,
                interface,
                rqueue,
                wqueue,
                timer,
                retrans,
                expires_ms,
                raw_uid: Some(uid),
                inode,
                cookie: 0,
                mark: Some(mark),
                shutdown: None,
                cgroup_id: Some(cgroup),
                netns: 0,
                detail: tcp_info.map(|info| Box::new(Detail { tcp_info: Some(info), ..Detail::default() })),
            };
            if matches!(entry.kind(), Kind::MiniSock | Kind::RequestSock) {
                // Newer kernels keep the mark of those, too; none keeps the rest.
                entry.mark = entry.mark.filter(|_| is_newer);
                entry.cgroup_id = None;
                entry.detail = None;
                (entry.rqueue, entry.wqueue, entry.inode, entry.raw_uid) = (0, 0, 0, Some(0));
            }
            entry
        })
        .boxed()
}

fn one_or<T: Clone + std::fmt::Debug + 'static>(of: &[T], otherwise: T) -> impl Strategy<Value = T> + use<T> {
    select(if of.is_empty() { vec![otherwise] } else { of.to_vec() })
}
