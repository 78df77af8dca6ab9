//! A tree as text that reads back as the same tree.

use std::fmt::{self, Display, Formatter};

use super::{
    host,
    lexer::{is_blank, is_special},
    prelude::*,
    states,
    value::write_duration,
    words,
};

impl Display for Expr {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Expr::Or(parts) => list(out, parts, " or ", |part| matches!(part, Expr::Or(_))),
            Expr::And(parts) => list(out, parts, " and ", |part| matches!(part, Expr::Or(_) | Expr::And(_))),
            Expr::Not(inner) => match **inner {
                Expr::Is(_) => write!(out, "not {inner}"),
                _ => write!(out, "not ({inner})"),
            },
            Expr::Is(condition) => condition.fmt(out),
        }
    }
}

fn list(out: &mut Formatter<'_>, parts: &[Expr], joint: &str, is_looser: impl Fn(&Expr) -> bool) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            out.write_str(joint)?;
        }
        if is_looser(part) { write!(out, "({part})")? } else { part.fmt(out)? }
    }
    Ok(())
}

impl Display for Condition {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let sign = self.op.sign();
        match &self.test {
            Test::States(set) => write_states(out, *set),
            Test::Protocol(protocol) => write!(out, "protocol {sign} {}", words::protocol_name(*protocol)),
            Test::Family(family) => write!(out, "family {sign} {}", family.name()),
            Test::Autobound => out.write_str("autobound"),
            Test::Host(Side::Either, host) => host.fmt(out),
            Test::Host(side, host) => {
                let key = if *side == Side::Peer { "dst" } else { "src" };
                match self.op {
                    Op::Equal => write!(out, "{key} {host}"),
                    _ => write!(out, "{key} {sign} {host}"),
                }
            }
            Test::Port(side, family, port) => {
                let key = if *side == Side::Peer { "dport" } else { "sport" };
                write!(out, "{key} {sign} {}:{port}", family.map_or("", host::prefix))
            }
            Test::Device(index) => write!(out, "dev {sign} {index}"),
            Test::Mark { mark, mask: u32::MAX } => write!(out, "fwmark {sign} {mark:#x}"),
            Test::Mark { mark, mask } => write!(out, "fwmark {sign} {mark:#x}/{mask:#x}"),
            Test::Cgroup { path, .. } => write!(out, "cgroup {sign} {}", Escaped(path)),
            Test::Pid(pid) => write!(out, "pid {sign} {pid}"),
            Test::Program(name) => write!(out, "proc {sign} {}", Escaped(name)),
            Test::User(uid) => write!(out, "user {sign} {uid}"),
            Test::Unit(name) => write!(out, "unit {sign} {}", Escaped(name)),
            Test::Container(id) => write!(out, "container {sign} {}", Escaped(id)),
            Test::Netns(label) => write!(out, "netns {sign} {}", Escaped(label)),
            Test::ReceiveQueue(bytes) => write!(out, "recvq {sign} {bytes}"),
            Test::SendQueue(bytes) => write!(out, "sendq {sign} {bytes}"),
            Test::Retrans(number) => write!(out, "retrans {sign} {number}"),
            Test::Age(micros) => write!(out, "age {sign} {}", write_duration(*micros)),
            Test::Idle(micros) => write!(out, "idle {sign} {}", write_duration(*micros)),
            Test::Rtt(micros) => write!(out, "rtt {sign} {}", write_duration(*micros)),
            Test::Keepalive(on) => write!(out, "keepalive {sign} {}", if *on { "on" } else { "off" }),
            Test::Timer(timer) => write!(out, "timer {sign} {}", timer.name()),
        }
    }
}

impl Display for HostPattern {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            HostPattern::Any(None) => out.write_str("*"),
            HostPattern::Any(Some(port)) => write!(out, ":{port}"),
            HostPattern::Inet { address, port } => {
                match address {
                    (address, 32) if address.is_ipv4() => write!(out, "{address}")?,
                    (address, length) if address.is_ipv4() => write!(out, "{address}/{length}")?,
                    (address, 128) => write!(out, "[{address}]")?,
                    (address, length) => write!(out, "[{address}/{length}]")?,
                }
                port.map_or(Ok(()), |port| write!(out, ":{port}"))
            }
            HostPattern::Unix(pattern) => write!(out, "unix:{}", Escaped(pattern)),
            HostPattern::Packet { protocol, interface } => {
                out.write_str("link:")?;
                halves(out, protocol.map(u32::from), *interface)
            }
            HostPattern::Netlink { protocol, port } => {
                out.write_str("netlink:")?;
                halves(out, protocol.map(u32::from), *port)
            }
            HostPattern::Vsock { cid, port } => {
                out.write_str("vsock:")?;
                halves(out, *cid, *port)
            }
        }
    }
}

fn halves(out: &mut Formatter<'_>, first: Option<u32>, second: Option<u32>) -> fmt::Result {
    match first {
        Some(number) => write!(out, "{number}")?,
        None => out.write_str("*")?,
    }
    match second {
        Some(number) => write!(out, ":{number}"),
        None => Ok(()),
    }
}

/// The states by name; where the set has states without a name, as `all` has, by those that it lacks.
fn write_states(out: &mut Formatter<'_>, set: StateSet) -> fmt::Result {
    let has_unnamed = set.mask() & StateSet::ALL.mask() & !named().mask() != 0;
    let names = |wanted: bool| {
        let each = State::ALL.into_iter().filter(move |state| set.contains(*state) == wanted);
        each.filter_map(states::name).collect::<Vec<_>>().join(",")
    };
    let (here, lacking) = (names(true), names(false));
    let bound = set.contains(State::BOUND_INACTIVE);
    match (has_unnamed, here.as_str(), lacking.as_str()) {
        (true, _, "") => out.write_str("all")?,
        (true, _, lacking) => write!(out, "exclude {lacking}")?,
        (false, "", _) if bound => return out.write_str("bound-inactive"),
        (false, "", _) => return out.write_str("close exclude close"),
        (false, here, _) => out.write_str(here)?,
    }
    if bound { out.write_str(" state bound-inactive") } else { Ok(()) }
}

fn named() -> StateSet {
    State::ALL.into_iter().fold(StateSet::EMPTY, StateSet::with)
}

/// A word with a backslash before each character that would end it.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            if matches!(c, '\\' | '"' | '\'') || is_blank(c) || is_special(c) {
                out.write_str("\\")?;
            }
            write!(out, "{c}")?;
        }
        Ok(())
    }
}
