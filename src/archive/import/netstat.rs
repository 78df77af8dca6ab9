//! Text of Linux's `netstat`, of net-tools and of BusyBox, with `-e`, `-p` and `-o` as far as they go.

use super::{prelude::*, row::Running};
use crate::model::{blanks::not_shown, owner::NO_FD};

/// The protocol of the first column, and whether it is of IPv6.
fn protocol(word: &str) -> Option<Result<(Netid, bool), &'static str>> {
    Some(match word {
        "tcp" => Ok((Netid::Tcp, false)),
        "tcp6" => Ok((Netid::Tcp, true)),
        "udp" => Ok((Netid::Udp, false)),
        "udp6" => Ok((Netid::Udp, true)),
        "raw" => Ok((Netid::Raw, false)),
        "raw6" => Ok((Netid::Raw, true)),
        "sctp" => Ok((Netid::Sctp, false)),
        "sctp6" => Ok((Netid::Sctp, true)),
        "dccp" => Ok((Netid::Dccp, false)),
        "dccp6" => Ok((Netid::Dccp, true)),
        "udplite" | "udpl" | "udplit" => Ok((Netid::UdpLite, false)),
        "udplite6" | "udpl6" => Ok((Netid::UdpLite, true)),
        "l2cap" | "l2ca" | "rfcomm" | "rfco" => Err("Bluetooth"),
        "ax25" | "netrom" | "rose" | "ipx" | "x25" => Err("AX.25, IPX or X.25"),
        _ => return None,
    })
}

/// Whether a line begins as a row.
pub(super) fn is_row(text: &str) -> bool {
    let mut words = text.split_ascii_whitespace();
    match words.next() {
        Some("unix") => words.next().is_some_and(is_number),
        Some(word) => protocol(word).is_some() && words.next().is_some_and(is_number),
        None => false,
    }
}

/// Whether a row breaks off before its state: a mail may have broken it.
pub(super) fn wants_more(text: &str) -> bool {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let ([name, _, _, local] | [name, _, _, local, _]) = *words.as_slice() else { return false };
    name.starts_with("tcp") && end(local).is_some()
}

/// Reads a row.
pub(super) fn row<'a>(text: &'a str, shown: ShownColumns) -> Item<'a> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let [name, received, sent, local, peer, rest @ ..] = words.as_slice() else {
        return match words.first() {
            Some(&"unix") => unix(text),
            _ => Item::Unread(UnreadReason::Cut),
        };
    };
    let (netid, is_v6) = match protocol(name) {
        Some(Ok(known)) => known,
        Some(Err(name)) => return Item::Elsewhere(name),
        None => return unix(text),
    };
    let (Ok(received), Ok(sent)) = (received.parse::<u32>(), sent.parse::<u32>()) else {
        return Item::Unread(UnreadReason::Figures);
    };
    let (Some(_), Some(_)) = (end(local), end(peer)) else { return Item::Unread(UnreadReason::Cut) };
    let (state, rest) = match (netid, rest) {
        (_, [word, rest @ ..]) if state(word).is_some() => (state(word), rest),
        // The number of the state.
        (Netid::Raw, [word, rest @ ..]) if is_number(word) && word.len() <= 2 => {
            (word.parse().ok().map(State::from_kernel), rest)
        }
        (Netid::Udp | Netid::UdpLite | Netid::Raw, rest) => (Some(State::CLOSE), rest),
        (_, [word, ..]) if !is_number(word) && *word != "-" && !word.contains('/') => {
            return Item::Unread(UnreadReason::State((*word).to_owned()));
        }
        _ => return Item::Unread(UnreadReason::NoState),
    };
    let Some(state) = state else { return Item::Unread(UnreadReason::NoState) };
    let extras = extras(rest, text);
    // Rows without their heading show by themselves what they have.
    let shown = ShownColumns {
        timers: shown.timers || extras.timer.is_some(),
        inodes: shown.inodes || extras.inode.is_some(),
        ..shown
    };
    Item::Inet(TextRow { netid, state, received, sent, local, peer, is_v6, shown, extras })
}

/// `0 12345 12/nginx: master off (0.00/0/0)`: user and inode, the program, the timer, each where the text has it.
fn extras<'a>(words: &[&'a str], text: &'a str) -> Extras<'a> {
    let is_timer = |at: &usize| {
        let figures = words.get(at + 1).is_some_and(|word| word.starts_with('('));
        figures && words.get(*at).is_some_and(|word| kind_of_timer(word).is_some())
    };
    let at = (0..words.len()).find(is_timer);
    let (words, timer) = words.split_at(at.unwrap_or(words.len()));
    let mut extras = Extras::default();
    if let [kind, figures, ..] = timer {
        extras.timer = running(kind, figures);
    }
    let program = words.iter().position(|word| *word == "-" || user(word).is_some()).unwrap_or(words.len());
    if let Some([user, inode]) = words.get(..program)
        && is_number(inode)
    {
        // A name is neither a number nor root.
        extras.uid = Some(user.parse().unwrap_or(not_shown::UID));
        extras.inode = inode.parse().ok();
    }
    if let (Some(first), Some(last)) = (words.get(program), words.last()) {
        extras.users.extend(between(text, first, last).and_then(user));
    }
    extras
}

/// The part of a text from one of its words to another.
fn between<'a>(text: &'a str, first: &str, last: &str) -> Option<&'a str> {
    let start = first.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
    let end = last.as_ptr().addr().checked_sub(text.as_ptr().addr())? + last.len();
    text.get(start..end)
}

/// `12/nginx: master`: the name may be cut. The descriptor is unknown.
fn user(text: &str) -> Option<User<'_>> {
    let (pid, program) = text.split_once('/')?;
    Some(User { program, pid: pid.parse().ok()?, fd: NO_FD })
}

fn kind_of_timer(word: &str) -> Option<Timer> {
    Some(match word {
        "off" => Timer::None,
        "on" => Timer::Retransmit,
        "keepalive" => Timer::Keepalive,
        "timewait" => Timer::TimeWait,
        "probe" => Timer::Persist,
        word if word.starts_with("unkn-") => Timer::NotShown,
        _ => return None,
    })
}

/// `(7195.93/0/0)`: seconds, retransmissions, probes.
fn running(kind: &str, figures: &str) -> Option<Running> {
    let timer = kind_of_timer(kind)?;
    let mut figures = figures.trim_matches(['(', ')']).split('/');
    let seconds: f64 = figures.next()?.parse().ok()?;
    let (retransmissions, probes) = (figures.next()?.parse().ok()?, figures.next()?.parse().ok()?);
    let tries = if matches!(timer, Timer::Keepalive | Timer::Persist) { probes } else { retransmissions };
    Some((timer, (seconds.clamp(0.0, 4e6) * 1000.0) as u32, tries))
}

/// `unix  2  [ ACC ]  STREAM  LISTENING  12345  12/nginx  /run/x.sock`; the row has no queues.
fn unix(text: &str) -> Item<'_> {
    let read = || {
        let (flags, rest) = text.split_once(']')?;
        let words: Vec<&str> = rest.split_ascii_whitespace().collect();
        let at = words.iter().position(|word| is_number(word))?;
        let (before, rest) = words.split_at(at);
        let [inode, rest @ ..] = rest else { return None };
        let kind = match *before.first()? {
            "STREAM" | "\u{6d41}" | "\u{30b9}\u{30c8}\u{30ea}\u{30fc}\u{30e0}" => 1,
            "DGRAM" | "\u{6570}\u{636e}\u{62a5}" | "\u{30c7}\u{30fc}\u{30bf}\u{30b0}\u{30e9}\u{30e0}" => 2,
            "SEQPACKET" => 5,
            other => return Some(Item::Unread(UnreadReason::State(other.to_owned()))),
        };
        let state = match before.get(1) {
            _ if flags.contains("ACC") => State::LISTEN,
            Some(
                &("CONNECTED"
                | "CONNECTING"
                | "VERBUNDEN"
                | "CONECTADO"
                | "SPOJEN"
                | "CONNECTE"
                | "\u{5df2}\u{8fde}\u{63a5}"
                | "\u{63a5}\u{7d9a}\u{6e08}"),
            ) => State::ESTABLISHED,
            _ => State::CLOSE,
        };
        // A program's name may have blanks; the path behind it begins with `/` or `@`.
        let users: Vec<User<'_>> = rest.first().and_then(|word| user(word)).into_iter().collect();
        let has_program = !users.is_empty() || rest.first() == Some(&"-");
        let is_path = |word: &&str| !has_program || word.starts_with(['/', '@']);
        let path = rest.iter().position(is_path).unwrap_or(rest.len());
        let extras = Extras { inode: Some(inode.parse().ok()?), users, ..Extras::default() };
        let name = Some(rest.get(path..)?.join(" ")).filter(|name| !name.is_empty());
        Some(Item::Unix(UnixRow { kind, state, queues: None, name, peer: 0, extras }))
    };
    read().unwrap_or(Item::Unread(UnreadReason::Cut))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timers_read_as_netstat_writes_them() {
        assert_eq!(running("keepalive", "(7195.93/0/2)"), Some((Timer::Keepalive, 7_195_930, 2)));
        assert_eq!(running("on", "(0.20/3/0)"), Some((Timer::Retransmit, 200, 3)));
        assert_eq!(running("off", "(0.00/0/0)"), Some((Timer::None, 0, 0)));
        assert_eq!(running("on", "(x/3/0)"), None);
        assert_eq!(running("word", "(0.20/3/0)"), None);
    }
}
