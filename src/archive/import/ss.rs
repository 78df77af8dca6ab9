//! Text of `ss`, with any of its options: a row a socket, its extras behind it and on the indented lines below.

use super::{
    info::Info,
    row::{Extras, Running, Sheet, User, state},
};
use crate::model::{socket::Timer, state::State};

/// Reads every row.
pub(super) fn read(lines: &[&str], sheet: &mut Sheet<'_>) {
    let any = |word: &str| lines.iter().any(|line| line.contains(word));
    // `-e` brings timers, and inodes where there are some.
    sheet.columns.inodes = any(" sk:");
    sheet.columns.timers = sheet.columns.inodes || any("timer:(");
    // Without a column for it all rows are of one table; no TCP socket is both unconnected and told.
    sheet.columns.is_udp = lines.iter().any(|line| line.starts_with("UNCONN"));
    let mut rows = lines.iter().peekable();
    while let Some(row) = rows.next() {
        if row.starts_with([' ', '\t']) {
            continue;
        }
        let mut details = String::new();
        while let Some(more) = rows.next_if(|line| line.starts_with([' ', '\t'])) {
            details.push_str(more);
        }
        take(row, &details, sheet);
    }
}

fn take(row: &str, details: &str, sheet: &mut Sheet<'_>) {
    // `State` and what stands before it as it is wide; then the addresses; names of programs may have blanks.
    let (head, users) = split_users(row);
    let words: Vec<&str> = head.split_ascii_whitespace().collect();
    let (netid, words) = match words.as_slice() {
        [first, rest @ ..] if state(first).is_none() => (Some(*first), rest),
        words => (None, words),
    };
    let [word, received, sent, rest @ ..] = words else {
        // The beginning of a row, and no more.
        sheet.left_out += u64::from(words.first().is_some_and(|word| state(word).is_some()));
        return;
    };
    let (Some(state), Ok(received), Ok(sent)) = (state(word), received.parse::<u32>(), sent.parse::<u32>()) else {
        // With one state asked for, `ss` does not tell it.
        let is_row = |words: &[&str]| match words {
            [received, sent, local, peer, ..] => {
                [received, sent].iter().all(|word| word.parse::<u32>().is_ok())
                    && [local, peer].iter().all(|end| end.contains(':'))
            }
            _ => false,
        };
        let is_stateless = is_row(words) || netid.is_some_and(|first| is_row(&[&[first], words].concat()));
        sheet.left_out += u64::from(is_stateless);
        return;
    };
    let is_udp = match netid {
        Some("tcp") => false,
        Some("udp") => true,
        Some("u_str") => return unix(1, state, (received, sent), rest, users, details, sheet),
        Some("u_dgr") => return unix(2, state, (received, sent), rest, users, details, sheet),
        Some("u_seq") => return unix(5, state, (received, sent), rest, users, details, sheet),
        Some(_) => return,
        None => sheet.columns.is_udp,
    };
    let [local, peer, words @ ..] = rest else {
        sheet.left_out += 1;
        return;
    };
    let is_v6 = local.contains('[') || peer.contains('[');
    let (Some(local), Some(peer)) = (sheet.end(local, is_v6), sheet.end(peer, is_v6)) else {
        sheet.left_out += 1;
        return;
    };
    let extras = extras(words.iter().copied().chain(details.split_ascii_whitespace()), users, state);
    sheet.inet(is_udp, state, (received, Some(sent)), [local, peer], &extras);
}

/// `u_str LISTEN 0 4096 /run/a b 12345 * 0`: names with blanks, each with its inode behind it.
fn unix(kind: u8, state: State, queues: (u32, u32), words: &[&str], users: &str, details: &str, sheet: &mut Sheet<'_>) {
    let named = |words: &[&str]| {
        let at = (1..words.len()).find(|&at| words.get(at).is_some_and(|word| word.parse::<u32>().is_ok()))?;
        let inode = words.get(at)?.parse::<u32>().ok()?;
        Some((words.get(..at)?.join(" "), inode, at + 1))
    };
    let Some((name, inode, next)) = named(words) else {
        sheet.left_out += 1;
        return;
    };
    let words = words.get(next..).unwrap_or_default();
    let (peer, next) = named(words).map_or((0, 0), |(_, peer, next)| (peer, next));
    let rest = words.get(next..).unwrap_or_default();
    let mut extras = extras(rest.iter().copied().chain(details.split_ascii_whitespace()), users, state);
    extras.inode = Some(inode);
    sheet.unix(kind, state, queues, Some(name.as_str()).filter(|name| *name != "*"), peer, &extras);
}

/// The row without `users:((…))`, and that.
fn split_users(row: &str) -> (String, &str) {
    const MARK: &str = "users:((";
    let Some(at) = row.find(MARK) else { return (row.to_owned(), "") };
    let (before, rest) = row.split_at(at);
    let inside = rest.get(MARK.len() - 1..).unwrap_or_default();
    // A program may call itself anything; of several ends the last before another token is meant.
    let length = inside.find(")) ").or_else(|| inside.rfind("))")).unwrap_or(inside.len());
    let users = inside.get(..(length + 1).min(inside.len())).unwrap_or(inside);
    let after = inside.get(length + 2..).unwrap_or_default();
    (format!("{before} {after}"), users)
}

/// `("nginx",pid=12,fd=3),("nginx",pid=13,fd=3)`, or without the words as before iproute2 4.
fn holders(text: &str) -> Vec<User<'_>> {
    let mut users = Vec::new();
    let mut rest = text;
    while let Some(begin) = rest.find("(\"") {
        let Some(inside) = rest.get(begin + 2..) else { break };
        // The name ends before the first number.
        let Some(end) = inside.find("\",") else { break };
        let program = inside.get(..end).unwrap_or_default();
        let after = inside.get(end + 2..).unwrap_or_default();
        let fields = after.split(')').next().unwrap_or_default();
        let mut numbers = Vec::new();
        for field in fields.split(',') {
            match field.split_once('=') {
                Some(("pid" | "fd", number)) => numbers.extend(number.parse::<u32>().ok()),
                None => numbers.extend(field.parse::<u32>().ok()),
                _ => {}
            }
        }
        if let [pid, fd, ..] = numbers[..] {
            users.push(User { program, pid, fd });
        }
        rest = after.get(fields.len()..).unwrap_or_default();
    }
    users
}

fn extras<'a>(words: impl Iterator<Item = &'a str>, users: &'a str, state: State) -> Extras<'a> {
    let mut extras = Extras { users: holders(users), ..Extras::default() };
    let mut info = Info::new();
    let mut words = words.peekable();
    while let Some(word) = words.next() {
        if let Some(text) = word.strip_prefix("timer:(") {
            extras.timer = timer(text.trim_end_matches(')'));
        } else if let Some(text) = word.strip_prefix("skmem:(") {
            extras.memory = Some(memory(text.trim_end_matches(')')));
        } else if let Some(text) = word.strip_prefix("uid:") {
            extras.uid = text.parse().ok();
        } else if let Some(text) = word.strip_prefix("ino:") {
            extras.inode = text.parse().ok();
        } else if let Some(text) = word.strip_prefix("sk:") {
            extras.cookie = u64::from_str_radix(text, 16).ok();
        } else if let Some(text) = word.strip_prefix("cgroup:") {
            extras.cgroup = Some(text).filter(|path| path.starts_with('/'));
        } else if !info.take(word, words.peek().copied()) && is_name(word) && extras.congestion.is_none() {
            extras.congestion = Some(word);
        }
    }
    extras.info = info.finish(state.number());
    extras.congestion = extras.congestion.filter(|_| extras.info.is_some());
    extras
}

/// Whether a word may be the name of a congestion control.
fn is_name(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && word.starts_with(|c: char| c.is_alphabetic())
}

/// `keepalive,119min,0`.
fn timer(text: &str) -> Option<Running> {
    let mut parts = text.split(',');
    let timer = match parts.next()? {
        "on" => Timer::Retransmit,
        "keepalive" => Timer::Keepalive,
        "timewait" => Timer::TimeWait,
        "persist" => Timer::Persist,
        "delack" => Timer::DelayedAck,
        _ => Timer::Untold,
    };
    let time = millis(parts.next().unwrap_or_default()).unwrap_or(0);
    let tries = parts.next().and_then(|tries| tries.parse().ok()).unwrap_or(0);
    Some((timer, time, tries))
}

/// `119min`, `1min23sec`, `23sec`, `3.200ms` (seconds and thousandths), `200ms`.
fn millis(text: &str) -> Option<u32> {
    let (minutes, rest) = match text.split_once("min") {
        Some((minutes, rest)) => (minutes.parse::<u64>().ok()?, rest),
        None => (0, text),
    };
    let rest = if let Some(seconds) = rest.strip_suffix("sec") {
        seconds.parse::<u64>().ok()?.checked_mul(1000)?
    } else if let Some(both) = rest.strip_suffix("ms") {
        match both.split_once('.') {
            Some((seconds, millis)) => {
                seconds.parse::<u64>().ok()?.checked_mul(1000)?.checked_add(millis.parse::<u64>().ok()?)?
            }
            None => both.parse().ok()?,
        }
    } else if rest.is_empty() {
        0
    } else {
        return None;
    };
    u32::try_from(minutes.checked_mul(60_000)?.checked_add(rest)?).ok()
}

/// `r0,rb131072,t0,tb16384,f0,w0,o0,bl0,d0`, in the order of the kernel.
fn memory(text: &str) -> [u32; 9] {
    const ORDER: [&str; 9] = ["r", "rb", "t", "tb", "f", "w", "o", "bl", "d"];
    let mut memory = [0; 9];
    for part in text.split(',') {
        let name = part.trim_end_matches(|c: char| c.is_ascii_digit());
        let value = part.get(name.len()..).and_then(|digits| digits.parse().ok());
        let place = ORDER.iter().position(|known| *known == name);
        if let (Some(place), Some(value)) = (place.and_then(|place| memory.get_mut(place)), value) {
            *place = value;
        }
    }
    memory
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_ss_writes_them() {
        for (text, expected) in [
            ("119min", Some(7_140_000)),
            ("1min23sec", Some(83_000)),
            ("23sec", Some(23_000)),
            ("3.200ms", Some(3_200)),
            ("200ms", Some(200)),
            ("2min3.004ms", Some(123_004)),
            ("soon", None),
            ("99999999999min", None),
        ] {
            assert_eq!(millis(text), expected, "{text}");
        }
    }

    #[test]
    fn holders_are_read_whatever_a_program_calls_itself() {
        let read = |text| holders(text).into_iter().map(|user| (user.program, user.pid, user.fd)).collect::<Vec<_>>();
        assert_eq!(read("(\"nginx\",pid=12,fd=3),(\"a b)\",pid=13,fd=4)"), [("nginx", 12, 3), ("a b)", 13, 4)]);
        assert_eq!(read("(\"old\",12,3)"), [("old", 12, 3)]);
        assert_eq!(read("(\"t\",pid=12,tid=15,fd=3)"), [("t", 12, 3)]);
        assert_eq!(read("(\"cut\",pid=1"), []);
        let (row, users) = split_users("ESTAB 0 0 a:1 b:2 users:((\"x y\",pid=1,fd=2)) timer:(on,1sec,0)");
        assert_eq!((row.as_str(), users), ("ESTAB 0 0 a:1 b:2   timer:(on,1sec,0)", "(\"x y\",pid=1,fd=2)"));
    }
}
