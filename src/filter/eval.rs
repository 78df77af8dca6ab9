//! Evaluates the tree for one socket: everything that the kernel cannot test, or did not.
//!
//! Unknown data makes a condition false, for any comparison. So `proc != nginx` matches sockets known to belong to
//! another program, and `not proc = nginx` those not known to belong to that one.

use super::{
    ends,
    facts::Facts,
    glob::{self, LetterCase},
    measure::{self, Measured},
    prelude::*,
};
use crate::model::owner::Place;

/// The kernel cuts a program's name after 15 bytes (`TASK_COMM_LEN`).
const COMM: usize = 15;

/// Whether the expression holds of the socket.
pub(super) fn holds(expr: &Expr, entry: &Entry, facts: &dyn Facts) -> bool {
    match expr {
        Expr::And(parts) => parts.iter().all(|part| holds(part, entry, facts)),
        Expr::Or(parts) => parts.iter().any(|part| holds(part, entry, facts)),
        Expr::Not(inner) => !holds(inner, entry, facts),
        Expr::Is(condition) => is(condition, entry, facts).unwrap_or(false),
    }
}

/// Whether the condition holds; `None` where that is not known.
fn is(Condition { op, test }: &Condition, entry: &Entry, facts: &dyn Facts) -> Option<bool> {
    let same = match test {
        Test::Port(side, family, port) => {
            return Some(ends::port(entry, *side, *family).is_some_and(|own| op.holds(own.cmp(port))));
        }
        Test::ReceiveQueue(bytes) => return Some(op.holds(u64::from(queue(entry, entry.rqueue)).cmp(bytes))),
        Test::SendQueue(bytes) => return Some(op.holds(u64::from(queue(entry, entry.wqueue)).cmp(bytes))),
        Test::Retrans(number) => return Some(op.holds(measure::retrans(entry)?.cmp(number))),
        Test::Idle(micros) => return Some(op.holds(measure::idle(entry)?.cmp(micros))),
        Test::Rtt(micros) => return Some(op.holds(measure::rtt(entry)?.cmp(micros))),
        Test::Age(micros) => {
            return match facts.lived(entry) {
                Some((least, most)) => range_is(least, most, *op, *micros),
                None => figure_is(measure::age(entry)?, *op, *micros),
            };
        }
        Test::Family(family) => entry.family == *family,
        Test::Protocol(protocol) => entry.netid.protocol() == *protocol,
        Test::States(set) => set.contains(entry.state),
        Test::Autobound => ends::is_autobound(entry, facts.ephemeral_ports(entry))?,
        Test::Host(side, host) => ends::is_at(entry, *side, host),
        Test::Device(index) => entry.interface == *index,
        Test::Mark { mark, mask } => measure::mark(entry)? & mask == *mark,
        Test::Cgroup { id, .. } => measure::cgroup(entry)? == *id,
        Test::Pid(pid) => any_holder(entry, facts, |holder| Some(holder == *pid))?,
        Test::Program(name) => any_holder(entry, facts, |pid| Some(is_program(name, &facts.process(pid)?.program)))?,
        Test::User(uid) => entry.uid()? == *uid,
        Test::Unit(name) => any_place(entry, facts, |place| Some(is_unit(name, place.unit.as_deref()?)))?,
        Test::Container(id) => any_place(entry, facts, |place| Some(begins_with(&place.container.as_ref()?.id, id)))?,
        Test::Netns(label) => facts.netns(entry)? == &**label,
        Test::Keepalive(on) => measure::keepalive(entry)? == *on,
        Test::Timer(timer) => entry.timer == *timer,
    };
    Some(same == (*op == Op::Equal))
}

/// The figure of a queue, which a mini-sock has not: it counts as empty, as the kernel reports it.
fn queue(entry: &Entry, figure: u32) -> u32 {
    if measure::is_small(entry) { 0 } else { figure }
}

/// An age with only a lower limit can be known to be longer than a figure, never to be shorter.
fn figure_is(figure: Measured, op: Op, micros: u64) -> Option<bool> {
    match (figure, op) {
        (Measured::Is(own), _) => Some(op.holds(own.cmp(&micros))),
        (Measured::AtLeast(own), Op::Greater | Op::NotEqual) => (own > micros).then_some(true),
        (Measured::AtLeast(own), Op::GreaterEqual) => (own >= micros).then_some(true),
        (Measured::AtLeast(_), _) => None,
    }
}

/// A value within a range is known to be more or less than a figure below or above the whole range.
fn range_is(least: u64, most: Option<u64>, op: Op, micros: u64) -> Option<bool> {
    let is = op.holds(least.cmp(&micros));
    match most {
        Some(most) if most == least => Some(is),
        _ if matches!(op, Op::Equal | Op::NotEqual) => None,
        Some(most) => (op.holds(most.cmp(&micros)) == is).then_some(is),
        None => (is && matches!(op, Op::Greater | Op::GreaterEqual)).then_some(true),
    }
}

/// Whether it is so of any process that holds the socket; `None` where it is known of none.
fn any_holder(entry: &Entry, facts: &dyn Facts, is: impl Fn(u32) -> Option<bool>) -> Option<bool> {
    if measure::is_small(entry) {
        return None;
    }
    facts.holders(entry).iter().filter_map(|holder| is(holder.pid)).reduce(|a, b| a || b)
}

/// Whether it is so of the place of the socket, or of any process that holds it.
fn any_place(entry: &Entry, facts: &dyn Facts, is: impl Fn(&Place) -> Option<bool>) -> Option<bool> {
    let own = facts.place(entry).and_then(&is);
    let of_holders = any_holder(entry, facts, |pid| is(&facts.process(pid)?.place));
    own.into_iter().chain(of_holders).reduce(|a, b| a || b)
}

fn is_program(name: &str, program: &[u8]) -> bool {
    if glob::is_pattern(name) {
        return glob::matches(name, program, LetterCase::Different);
    }
    let name = name.as_bytes();
    name == program || (program.len() == COMM && name.get(..COMM) == Some(program))
}

/// `nginx` is `nginx.service` too, and `session-3` is `session-3.scope`.
fn is_unit(name: &str, unit: &str) -> bool {
    let stem = unit.rsplit_once('.').map_or(unit, |(stem, _)| stem);
    [unit, stem].into_iter().any(|unit| unit == name || glob::matches(name, unit.as_bytes(), LetterCase::Different))
}

fn begins_with(id: &str, beginning: &str) -> bool {
    id.get(..beginning.len()).is_some_and(|own| own.eq_ignore_ascii_case(beginning))
}

#[cfg(test)]
mod tests;
