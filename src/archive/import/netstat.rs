//! Text of Linux's `netstat`, with `-e`, `-p` and `-o` as far as they go.

use super::row::{Extras, Running, Sheet, User, state};
use crate::model::{blanks::untold, owner::NO_FD, socket::Timer, state::State};

/// Whether a line is of `netstat`: a heading, or a row that begins as one.
pub(super) fn is_of_it(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    line.starts_with("Active Internet connections")
        || (line.starts_with("Proto") && line.contains("Foreign Address"))
        || words.next().is_some_and(|word| protocol(word).is_some())
            && words.next().is_some_and(|word| word.parse::<u32>().is_ok())
}

/// Whether it is UDP; none for what is not read here.
fn protocol(word: &str) -> Option<bool> {
    match word {
        "tcp" | "tcp6" => Some(false),
        "udp" | "udp6" => Some(true),
        _ => None,
    }
}

/// Which of the columns about owners there are.
#[derive(Clone, Copy, Default)]
struct OwnerColumns {
    owner: bool,
    program: bool,
}

/// Reads every row.
pub(super) fn read(lines: &[&str], sheet: &mut Sheet<'_>) {
    let heading = lines.iter().find(|line| line.starts_with("Proto") && line.contains("Foreign Address"));
    let has = |word: &str| heading.is_some_and(|heading| heading.contains(word));
    let columns = OwnerColumns { owner: has("Inode"), program: has("PID/Program") };
    sheet.columns.inodes = columns.owner;
    sheet.columns.timers = has("Timer");
    let mut unix_program = false;
    for line in lines {
        if line.starts_with("Proto") && line.contains("I-Node") {
            unix_program = line.contains("PID/Program");
        } else if line.starts_with("unix ") {
            unix(line, unix_program, sheet);
        } else {
            inet(line, columns, sheet);
        }
    }
}

/// `tcp 0 0 127.0.0.1:80 0.0.0.0:* LISTEN 0 12345 12/nginx: master off (0.00/0/0)`.
fn inet(line: &str, columns: OwnerColumns, sheet: &mut Sheet<'_>) {
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    let [name, received, sent, local, peer, rest @ ..] = words.as_slice() else {
        // The beginning of a row, and no more.
        sheet.left_out += u64::from(words.len() > 1 && words.first().is_some_and(|name| protocol(name).is_some()));
        return;
    };
    let Some(is_udp) = protocol(name) else { return };
    let (Ok(received), Ok(sent)) = (received.parse::<u32>(), sent.parse::<u32>()) else { return };
    let (state, rest) = match rest {
        [word, rest @ ..] if state(word).is_some() => (state(word), rest),
        rest if is_udp => (Some(State::CLOSE), rest),
        rest => (None, rest),
    };
    let is_v6 = name.ends_with('6');
    let (Some(state), Some(local), Some(peer)) = (state, sheet.end(local, is_v6), sheet.end(peer, is_v6)) else {
        sheet.left_out += 1;
        return;
    };
    let mut extras = Extras::default();
    let at = rest.iter().position(|word| kind_of_timer(word).is_some());
    let is_timer = |at: &usize| rest.get(at + 1).is_some_and(|word| word.starts_with('('));
    let (mut rest, timer) = match at.filter(is_timer) {
        Some(at) => rest.split_at(at),
        None => (rest, &[][..]),
    };
    if let [kind, figures, ..] = timer {
        extras.timer = running(kind, figures);
    }
    if columns.owner
        && let [user, inode, others @ ..] = rest
    {
        // A name is no number, and not root.
        extras.uid = Some(user.parse().unwrap_or(untold::UID));
        extras.inode = inode.parse().ok();
        rest = others;
    }
    let program = if columns.program { rest.join(" ") } else { String::new() };
    extras.users.extend(user(&program));
    let sent = if state == State::LISTEN { None } else { Some(sent) };
    sheet.inet(is_udp, state, (received, sent), [local, peer], &extras);
}

/// `12/nginx: master`: the name may be cut. No descriptor is told.
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
        word if word.starts_with("unkn-") => Timer::Untold,
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

/// `unix  2  [ ACC ]  STREAM  LISTENING  12345  12/nginx  /run/x.sock`; there are no queues.
fn unix(line: &str, has_program: bool, sheet: &mut Sheet<'_>) {
    let Some((flags, rest)) = line.split_once(']') else { return };
    let words: Vec<&str> = rest.split_ascii_whitespace().collect();
    let Some(at) = words.iter().position(|word| word.parse::<u32>().is_ok()) else { return };
    let (before, rest) = words.split_at(at);
    let [inode, rest @ ..] = rest else { return };
    let Ok(inode) = inode.parse::<u32>() else { return };
    let kind = match before.first() {
        Some(&"STREAM") => 1,
        Some(&"DGRAM") => 2,
        Some(&"SEQPACKET") => 5,
        _ => return,
    };
    let is_connected = matches!(before.get(1), Some(&"CONNECTED" | &"CONNECTING"));
    let rest = match rest {
        // One word, for a name with blanks cannot be told from what follows.
        [program, rest @ ..] if has_program => {
            if let Some(user) = user(program) {
                sheet.unix_holder(inode, &user);
            }
            // What is left of the program's name.
            let path = rest.iter().position(|word| word.starts_with(['/', '@']));
            path.and_then(|path| rest.get(path..)).unwrap_or_default()
        }
        rest => rest,
    };
    sheet.unix_line(kind, flags.contains("ACC"), is_connected, inode, &rest.join(" "));
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
