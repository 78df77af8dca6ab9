//! One condition: a key, a comparison and a value; or a bare value.

use super::{
    super::{
        error::{Expected, FilterError, Problem},
        host,
        lexer::{Sign, Token},
        states,
        suggest::nearest,
        value,
        words::{self, Keyword},
    },
    Parser, is,
};
use crate::{filter::prelude::*, model::socket::Timer};

const ON_OFF: [Expected; 2] = [Expected::Word("on"), Expected::Word("off")];

const TIMERS: [Timer; 6] =
    [Timer::None, Timer::Retransmit, Timer::Keepalive, Timer::TimeWait, Timer::Persist, Timer::DelayedAck];

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
        let Some(mut key) = words::key(&token) else { return self.bare(&token) };
        self.at += 1;
        // tcpdump: `src port 443`, `dst host 10.0.0.1`.
        let second = self.peek().and_then(words::key);
        match (key, second) {
            (Keyword::Source, Some(Keyword::Port)) => key = Keyword::SourcePort,
            (Keyword::Destination, Some(Keyword::Port)) => key = Keyword::DestinationPort,
            _ => {}
        }
        let is_doubled = matches!(key, Keyword::Source | Keyword::Destination) && second == Some(Keyword::Host)
            || second == Some(Keyword::Port) && matches!(key, Keyword::SourcePort | Keyword::DestinationPort);
        self.at += usize::from(is_doubled);
        self.parsed.beyond |= matches!(key, Keyword::Host | Keyword::Port);
        if key == Keyword::Autobound {
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
        let mut each = Vec::new();
        loop {
            let Some(value) = self.peek().filter(|token| token.sign == Sign::Word).cloned() else {
                let mut expected = expected(key);
                // Without an operator one could still come.
                if self.tokens.get(self.at.wrapping_sub(1)) == Some(&token) {
                    expected.insert(0, if is_ordered(key) { Expected::Comparison } else { Expected::Equality });
                }
                return Err(self.unexpected(&expected));
            };
            each.push(self.read(key, op, &value.text).map_err(|kind| {
                let error = FilterError::new(kind, value.span.clone()).about(&value.text);
                error.expecting(&expected(key))
            })?);
            self.at += 1;
            if matches!(key, Keyword::Source | Keyword::Destination | Keyword::SourcePort | Keyword::DestinationPort) {
                self.note_family(&value.text);
            }
            // `dport = 80,443` is either of them, `dport != 80,443` neither.
            if self.sign() != Some(Sign::Comma) || op.is_ordering() {
                return Ok(if op == Op::Equal { Expr::any(each) } else { Expr::all(each) });
            }
            self.at += 1;
        }
    }

    /// Keeps the family that an end begins with.
    fn note_family(&mut self, end: &str) {
        let family = host::family(end).0;
        self.parsed.name_families(family);
    }

    /// A value without a key: a port, an address, the path of a UNIX socket, a protocol, or a program.
    fn bare(&mut self, token: &Token) -> Result<Expr, FilterError> {
        let word = token.text.as_str();
        self.at += 1;
        if let Some((protocol, family)) = words::protocol(word).filter(|_| token.is_plain && self.operator().is_none())
        {
            let protocol = protocol.map(|protocol| is(Op::Equal, Test::Protocol(protocol)));
            let family = family.map(|family| is(Op::Equal, Test::Family(family)));
            return Ok(Expr::all(protocol.into_iter().chain(family).collect()));
        }
        let wrong =
            |kind, expected: &[Expected]| FilterError::new(kind, token.span.clone()).about(word).expecting(expected);
        if self.operator().is_some() {
            let near = words::nearest_key(word);
            return Err(wrong(Problem::UnknownKey, &[Expected::Key]).near(near));
        }
        let either = |host| is(Op::Equal, Test::Host(Side::Either, host));
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            let port = host::port16(word, self.names).map_err(|kind| wrong(kind, &[Expected::Port]))?;
            return Ok(either(HostPattern::Any(port.map(u32::from))));
        }
        if host::is_meant(word) {
            let expected =
                if word.starts_with(':') && !word.starts_with("::") { Expected::Port } else { Expected::Address };
            let hosts = host::read(word, self.names).map_err(|kind| wrong(kind, &[expected]))?;
            if let [HostPattern::Any(Some(port))] = hosts.as_slice()
                && *port > u32::from(u16::MAX)
            {
                return Err(wrong(Problem::BadPort, &[Expected::Port]));
            }
            self.note_family(word);
            return Ok(Expr::any(hosts.into_iter().map(either).collect()));
        }
        if token.is_plain
            && let Some(meant) = words::slip(word)
        {
            return Err(wrong(Problem::NearWord, &[Expected::Condition]).near(Some(meant)));
        }
        // A quoted word (`\\word`) or after `proc =` is a program whether it runs or not.
        if token.is_plain && !self.names.has_program(word) {
            // A resolvable name is a host.
            if let Some(found) = self.names.host(word) {
                let host = |address: IpAddr| HostPattern::Inet { address: (address, bits(address)), port: None };
                return Ok(Expr::any(found.into_iter().map(|address| either(host(address))).collect()));
            }
            let near = nearest(&word.to_ascii_lowercase(), states::names());
            return Err(wrong(Problem::UnknownProgram, &[]).near(near));
        }
        Ok(is(Op::Equal, Test::Program(word.into())))
    }

    fn read(&self, key: Keyword, op: Op, text: &str) -> Result<Expr, Problem> {
        let test = match key {
            Keyword::Source => return self.hosts(Side::Local, op, text),
            Keyword::Destination => return self.hosts(Side::Peer, op, text),
            Keyword::Host => return self.hosts(Side::Either, op, text),
            Keyword::SourcePort => return self.ports(Side::Local, op, text),
            Keyword::DestinationPort => return self.ports(Side::Peer, op, text),
            Keyword::Port => return self.either_port(op, text),
            Keyword::Protocol => {
                let (protocol, _) = words::protocol(text).filter(|(_, family)| family.is_none()).unwrap_or_default();
                Test::Protocol(protocol.ok_or(Problem::BadWord)?)
            }
            Keyword::Family => {
                let family = FAMILIES.into_iter().find(|family| family.name().eq_ignore_ascii_case(text));
                Test::Family(family.ok_or(Problem::BadWord)?)
            }
            Keyword::Device => {
                let index = self.names.interface(text).or_else(|| value::number32(text));
                Test::Device(index.ok_or(Problem::UnknownInterface)?)
            }
            Keyword::Mark => {
                let (mark, mask) = match text.split_once('/') {
                    Some((mark, mask)) => (value::number32(mark), value::number32(mask)),
                    None => (value::number32(text), Some(u32::MAX)),
                };
                Test::Mark { mark: mark.ok_or(Problem::BadMark)?, mask: mask.ok_or(Problem::BadMark)? }
            }
            Keyword::Cgroup => {
                Test::Cgroup { id: self.names.cgroup(text).ok_or(Problem::UnknownCgroup)?, path: text.into() }
            }
            Keyword::Pid => Test::Pid(value::number32(text).ok_or(Problem::BadNumber)?),
            Keyword::Program => Test::Program(text.into()),
            Keyword::User => {
                let uid = self.names.user(text).or_else(|| value::number32(text));
                Test::User(uid.ok_or(Problem::UnknownUser)?)
            }
            Keyword::Unit if !self.names.has_unit(text) => return Err(Problem::UnknownUnit),
            Keyword::Unit => Test::Unit(text.into()),
            Keyword::Container if !self.names.has_container(text) => return Err(Problem::UnknownContainer),
            Keyword::Container => Test::Container(text.into()),
            Keyword::Netns if !self.names.has_netns(text) => return Err(Problem::UnknownNetns),
            Keyword::Netns => Test::Netns(text.into()),
            Keyword::ReceiveQueue => Test::ReceiveQueue(value::size(text).ok_or(Problem::BadSize)?),
            Keyword::SendQueue => Test::SendQueue(value::size(text).ok_or(Problem::BadSize)?),
            Keyword::Retrans => Test::Retrans(value::number(text).ok_or(Problem::BadNumber)?),
            Keyword::Age => Test::Age(value::duration(text).ok_or(Problem::BadDuration)?),
            Keyword::Idle => Test::Idle(value::duration(text).ok_or(Problem::BadDuration)?),
            Keyword::Rtt => Test::Rtt(value::duration(text).ok_or(Problem::BadDuration)?),
            Keyword::Keepalive if text.eq_ignore_ascii_case("on") => Test::Keepalive(true),
            Keyword::Keepalive if text.eq_ignore_ascii_case("off") => Test::Keepalive(false),
            Keyword::Timer => {
                let timer = TIMERS.into_iter().find(|timer| timer.name().eq_ignore_ascii_case(text));
                Test::Timer(timer.ok_or(Problem::BadWord)?)
            }
            // The last three never come here.
            Keyword::Keepalive | Keyword::State | Keyword::Exclude | Keyword::Autobound => {
                return Err(Problem::BadWord);
            }
        };
        Ok(is(op, test))
    }

    /// An end; a host name stands for any of its addresses, or with `!=` for none of them.
    fn hosts(&self, side: Side, op: Op, text: &str) -> Result<Expr, Problem> {
        let hosts = host::read(text, self.names)?.into_iter();
        if side == Side::Either {
            let any = Expr::any(hosts.map(|host| is(Op::Equal, Test::Host(side, host))).collect());
            return Ok(if op == Op::Equal { any } else { any.negated() });
        }
        let each = hosts.map(|host| is(op, Test::Host(side, host))).collect();
        Ok(if op == Op::Equal { Expr::any(each) } else { Expr::all(each) })
    }

    /// The ports of both ends, of internet sockets alone: `port = 443` holds where either has it, `port != 443` where none
    /// has.
    fn either_port(&self, op: Op, text: &str) -> Result<Expr, Problem> {
        if let (Op::Equal, Ok(Some(port))) = (op, host::port16(text.strip_prefix(':').unwrap_or(text), self.names)) {
            return Ok(is(Op::Equal, Test::Host(Side::Either, HostPattern::Any(Some(port.into())))));
        }
        let ends = [self.ports(Side::Local, op, text)?, self.ports(Side::Peer, op, text)?].into();
        let ports = if op == Op::NotEqual { Expr::all(ends) } else { Expr::any(ends) };
        let internet = [Family::Inet, Family::Inet6].map(|family| is(Op::Equal, Test::Family(family)));
        Ok(Expr::all(vec![ports, Expr::any(internet.into())]))
    }

    /// A port, or with `=` and `!=` a range of them (`8000-8100`).
    fn ports(&self, side: Side, op: Op, text: &str) -> Result<Expr, Problem> {
        let bare = text.strip_prefix(':').unwrap_or(text);
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let range = bare.split_once('-').filter(|(from, to)| is_number(from) && is_number(to) && !op.is_ordering());
        let Some((from, to)) = range else { return Ok(is(op, self.port(side, op, text)?)) };
        let within = vec![
            is(Op::GreaterEqual, self.port(side, Op::GreaterEqual, from)?),
            is(Op::LessEqual, self.port(side, Op::LessEqual, to)?),
        ];
        let within = Expr::all(within);
        Ok(if op == Op::Equal { within } else { within.negated() })
    }

    /// `[FAMILY:][:]PORT`; any port is an end instead of a port.
    fn port(&self, side: Side, op: Op, text: &str) -> Result<Test, Problem> {
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
            (None, _) if op.is_ordering() => Err(Problem::BadPort),
            (None, None) => Ok(Test::Host(side, HostPattern::Any(None))),
            (None, Some(family)) => Ok(Test::Host(side, of_family(family))),
        }
    }

    /// The error about an operator that needs an order.
    fn not_ordered(&self) -> FilterError {
        let error = self.unexpected(&[Expected::Equality]);
        FilterError { kind: Problem::NotOrdered, ..error }
    }
}

/// Any end of a family.
fn of_family(family: Family) -> HostPattern {
    match family {
        Family::Unix => HostPattern::Unix("*".into()),
        Family::Packet => HostPattern::Packet { protocol: None, interface: None },
        Family::Netlink => HostPattern::Netlink { protocol: None, port: None },
        Family::Vsock => HostPattern::Vsock { cid: None, port: None },
        _ => HostPattern::Any(None),
    }
}

/// The bits of a whole address.
fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn is_ordered(key: Keyword) -> bool {
    matches!(
        key,
        Keyword::SourcePort
            | Keyword::DestinationPort
            | Keyword::Port
            | Keyword::ReceiveQueue
            | Keyword::SendQueue
            | Keyword::Retrans
            | Keyword::Age
            | Keyword::Idle
            | Keyword::Rtt
    )
}

/// The tokens that may follow a key.
fn expected(key: Keyword) -> Vec<Expected> {
    let one = match key {
        Keyword::State | Keyword::Exclude => Expected::State,
        Keyword::Family => return FAMILIES.iter().map(|family| Expected::Word(family.name())).collect(),
        Keyword::Source | Keyword::Destination | Keyword::Host => Expected::Address,
        Keyword::SourcePort | Keyword::DestinationPort | Keyword::Port => Expected::Port,
        Keyword::Protocol => return words::protocols().map(Expected::Word).collect(),
        Keyword::Device => Expected::Interface,
        Keyword::Mark => Expected::Mark,
        Keyword::Cgroup => Expected::CgroupPath,
        Keyword::Autobound => Expected::Condition,
        Keyword::Pid | Keyword::Retrans => Expected::Number,
        Keyword::Program => Expected::Program,
        Keyword::User => Expected::User,
        Keyword::Unit => Expected::Unit,
        Keyword::Container => Expected::Container,
        Keyword::Netns => Expected::Netns,
        Keyword::ReceiveQueue | Keyword::SendQueue => Expected::Size,
        Keyword::Age | Keyword::Idle | Keyword::Rtt => Expected::Duration,
        Keyword::Keepalive => return ON_OFF.to_vec(),
        Keyword::Timer => return TIMERS.iter().map(|timer| Expected::Word(timer.name())).collect(),
    };
    vec![one]
}
