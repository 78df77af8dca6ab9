//! One condition: a key, a comparison and a value; or a bare value.

use super::{
    super::{
        error::{Expected, FilterError, Kind},
        host,
        lexer::{Sign, Token},
        states,
        suggest::nearest,
        tree::{Expr, Host, Op, Side, Test},
        value,
        words::{self, Key},
    },
    Parser, is,
};
use crate::model::{family::Family, socket::Timer};

const ON_OFF: [Expected; 2] = [Expected::Word("on"), Expected::Word("off")];

const TIMERS: [Timer; 5] = [Timer::None, Timer::Retransmit, Timer::Keepalive, Timer::TimeWait, Timer::Persist];

const FAMILIES: [Family; 8] = [
    Family::Inet,
    Family::Inet6,
    Family::Unix,
    Family::Packet,
    Family::Netlink,
    Family::Vsock,
    Family::Tipc,
    Family::Xdp,
];

impl Parser<'_> {
    pub(super) fn condition(&mut self) -> Result<Expr, FilterError> {
        let Some(token) = self.peek().cloned() else { return Err(self.unexpected(&[Expected::Condition])) };
        let Some(key) = words::key(&token) else { return self.bare(&token) };
        self.at += 1;
        if key == Key::Autobound {
            return Ok(is(Op::Equal, Test::Autobound));
        }
        let op = match self.operator() {
            Some(op) if op.is_ordering() && !is_ordered(key) => return Err(self.not_ordered()),
            Some(op) => {
                self.at += 1;
                op
            }
            None => Op::Equal,
        };
        let Some(value) = self.peek().filter(|token| token.sign == Sign::Word).cloned() else {
            let mut expected = expected(key);
            // Without an operator one could still come.
            if self.tokens.get(self.at.wrapping_sub(1)) == Some(&token) {
                expected.insert(0, if is_ordered(key) { Expected::Comparison } else { Expected::Equality });
            }
            return Err(self.unexpected(&expected));
        };
        let read = self.read(key, op, &value.text).map_err(|kind| {
            let error = FilterError::new(kind, value.span.clone()).about(&value.text);
            error.expecting(&expected(key))
        })?;
        self.at += 1;
        if matches!(key, Key::Source | Key::Destination | Key::SourcePort | Key::DestinationPort) {
            self.note_family(&value.text);
        }
        Ok(read)
    }

    /// Keeps the family that an end begins with.
    fn note_family(&mut self, end: &str) {
        let family = host::family(end).0;
        self.families.extend(family.filter(|family| !self.families.contains(family)));
    }

    /// A value without a key: a port, an address, or a program.
    fn bare(&mut self, token: &Token) -> Result<Expr, FilterError> {
        let word = token.text.as_str();
        self.at += 1;
        let wrong =
            |kind, expected: &[Expected]| FilterError::new(kind, token.span.clone()).about(word).expecting(expected);
        if self.operator().is_some() {
            let near = words::nearest_key(word);
            return Err(wrong(Kind::UnknownKey, &[Expected::Key]).near(near));
        }
        let either = |host| is(Op::Equal, Test::Host(Side::Either, host));
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            let port = host::port16(word, self.names).map_err(|kind| wrong(kind, &[Expected::Port]))?;
            return Ok(either(Host::Any(port.map(u32::from))));
        }
        if host::is_meant(word) {
            let expected =
                if word.starts_with(':') && !word.starts_with("::") { Expected::Port } else { Expected::Address };
            let hosts = host::read(word, self.names).map_err(|kind| wrong(kind, &[expected]))?;
            if let [Host::Any(Some(port))] = hosts.as_slice()
                && *port > u32::from(u16::MAX)
            {
                return Err(wrong(Kind::BadPort, &[Expected::Port]));
            }
            self.note_family(word);
            return Ok(Expr::any(hosts.into_iter().map(either).collect()));
        }
        if token.is_plain
            && let Some(meant) = words::slip(word)
        {
            return Err(wrong(Kind::NearWord, &[Expected::Condition]).near(Some(meant)));
        }
        // A word in quotes of its own (`\\word`) or after `proc =` is a program whether it runs or not.
        if token.is_plain && !self.names.has_program(word) {
            let near = nearest(&word.to_ascii_lowercase(), states::names());
            return Err(wrong(Kind::UnknownProgram, &[]).near(near));
        }
        Ok(is(Op::Equal, Test::Program(word.into())))
    }

    fn read(&self, key: Key, op: Op, text: &str) -> Result<Expr, Kind> {
        let test = match key {
            Key::Source => return self.hosts(Side::Local, op, text),
            Key::Destination => return self.hosts(Side::Peer, op, text),
            Key::SourcePort => self.port(Side::Local, op, text)?,
            Key::DestinationPort => self.port(Side::Peer, op, text)?,
            Key::Family => {
                let family = FAMILIES.into_iter().find(|family| family.name().eq_ignore_ascii_case(text));
                Test::Family(family.ok_or(Kind::BadWord)?)
            }
            Key::Device => {
                let index = self.names.interface(text).or_else(|| value::number32(text));
                Test::Device(index.ok_or(Kind::UnknownInterface)?)
            }
            Key::Mark => {
                let (mark, mask) = match text.split_once('/') {
                    Some((mark, mask)) => (value::number32(mark), value::number32(mask)),
                    None => (value::number32(text), Some(u32::MAX)),
                };
                Test::Mark { mark: mark.ok_or(Kind::BadMark)?, mask: mask.ok_or(Kind::BadMark)? }
            }
            Key::Cgroup => Test::Cgroup { id: self.names.cgroup(text).ok_or(Kind::UnknownCgroup)?, path: text.into() },
            Key::Pid => Test::Pid(value::number32(text).ok_or(Kind::BadNumber)?),
            Key::Program => Test::Program(text.into()),
            Key::User => {
                let uid = self.names.user(text).or_else(|| value::number32(text));
                Test::User(uid.ok_or(Kind::UnknownUser)?)
            }
            Key::Unit if !self.names.has_unit(text) => return Err(Kind::UnknownUnit),
            Key::Unit => Test::Unit(text.into()),
            Key::Container if !self.names.has_container(text) => return Err(Kind::UnknownContainer),
            Key::Container => Test::Container(text.into()),
            Key::Netns if !self.names.has_netns(text) => return Err(Kind::UnknownNetns),
            Key::Netns => Test::Netns(text.into()),
            Key::ReceiveQueue => Test::ReceiveQueue(value::size(text).ok_or(Kind::BadSize)?),
            Key::SendQueue => Test::SendQueue(value::size(text).ok_or(Kind::BadSize)?),
            Key::Retrans => Test::Retrans(value::number(text).ok_or(Kind::BadNumber)?),
            Key::Age => Test::Age(value::duration(text).ok_or(Kind::BadDuration)?),
            Key::Idle => Test::Idle(value::duration(text).ok_or(Kind::BadDuration)?),
            Key::Rtt => Test::Rtt(value::duration(text).ok_or(Kind::BadDuration)?),
            Key::Keepalive if text.eq_ignore_ascii_case("on") => Test::Keepalive(true),
            Key::Keepalive if text.eq_ignore_ascii_case("off") => Test::Keepalive(false),
            Key::Timer => {
                let timer = TIMERS.into_iter().find(|timer| timer.name().eq_ignore_ascii_case(text));
                Test::Timer(timer.ok_or(Kind::BadWord)?)
            }
            // The last three never come here.
            Key::Keepalive | Key::State | Key::Exclude | Key::Autobound => return Err(Kind::BadWord),
        };
        Ok(is(op, test))
    }

    /// An end; a host name stands for any of its addresses, or with `!=` for none of them.
    fn hosts(&self, side: Side, op: Op, text: &str) -> Result<Expr, Kind> {
        let each = host::read(text, self.names)?.into_iter().map(|host| is(op, Test::Host(side, host))).collect();
        Ok(if op == Op::Equal { Expr::any(each) } else { Expr::all(each) })
    }

    /// `[FAMILY:][:]PORT`; any port at all is no port but an end.
    fn port(&self, side: Side, op: Op, text: &str) -> Result<Test, Kind> {
        let (family, rest) = host::family(text);
        let rest = rest.strip_prefix(':').unwrap_or(rest);
        let port = match family {
            None | Some(Family::Inet | Family::Inet6) => host::port16(rest, self.names)?.map(u32::from),
            Some(Family::Netlink) if rest == "kernel" => Some(0),
            Some(Family::Packet) => {
                self.names.interface(rest).map_or_else(|| host::port(rest, self.names), |index| Ok(Some(index)))?
            }
            Some(_) => host::port(rest, self.names)?,
        };
        // Those of the internet hold for the whole filter.
        let family = family.filter(|family| !matches!(family, Family::Inet | Family::Inet6));
        match (port, family) {
            (Some(port), family) => Ok(Test::Port(side, family, port)),
            (None, _) if op.is_ordering() => Err(Kind::BadPort),
            (None, None) => Ok(Test::Host(side, Host::Any(None))),
            (None, Some(family)) => Ok(Test::Host(side, of_family(family))),
        }
    }

    /// The error about an operator that needs an order.
    fn not_ordered(&self) -> FilterError {
        let error = self.unexpected(&[Expected::Equality]);
        FilterError { kind: Kind::NotOrdered, ..error }
    }
}

/// Any end of a family.
fn of_family(family: Family) -> Host {
    match family {
        Family::Unix => Host::Unix("*".into()),
        Family::Packet => Host::Packet { protocol: None, interface: None },
        Family::Netlink => Host::Netlink { protocol: None, port: None },
        Family::Vsock => Host::Vsock { cid: None, port: None },
        _ => Host::Any(None),
    }
}

fn is_ordered(key: Key) -> bool {
    matches!(
        key,
        Key::SourcePort
            | Key::DestinationPort
            | Key::ReceiveQueue
            | Key::SendQueue
            | Key::Retrans
            | Key::Age
            | Key::Idle
            | Key::Rtt
    )
}

/// What can stand after a key.
fn expected(key: Key) -> Vec<Expected> {
    let one = match key {
        Key::State | Key::Exclude => Expected::State,
        Key::Family => return FAMILIES.iter().map(|family| Expected::Word(family.name())).collect(),
        Key::Source | Key::Destination => Expected::Address,
        Key::SourcePort | Key::DestinationPort => Expected::Port,
        Key::Device => Expected::Interface,
        Key::Mark => Expected::Mark,
        Key::Cgroup => Expected::CgroupPath,
        Key::Autobound => Expected::Condition,
        Key::Pid | Key::Retrans => Expected::Number,
        Key::Program => Expected::Program,
        Key::User => Expected::User,
        Key::Unit => Expected::Unit,
        Key::Container => Expected::Container,
        Key::Netns => Expected::Netns,
        Key::ReceiveQueue | Key::SendQueue => Expected::Size,
        Key::Age | Key::Idle | Key::Rtt => Expected::Duration,
        Key::Keepalive => return ON_OFF.to_vec(),
        Key::Timer => return TIMERS.iter().map(|timer| Expected::Word(timer.name())).collect(),
    };
    vec![one]
}
