//! Line prefixes of pdsh, kubectl, Compose and the journal: the host, pod or container of the line; and prefixes
//! without a name: times, bullets.

use std::borrow::Cow;

use super::{clean::TextLine, section::is_output};

/// The lines without such a beginning, those of each writer together and under its name: pdsh mixes hosts.
pub(super) fn by_writer(lines: Vec<TextLine<'_>>) -> Vec<TextLine<'_>> {
    let lines = titled(lines);
    let mut writers: Vec<String> = Vec::new();
    for line in &lines {
        // Only what turns a line into output is the name of a writer: `Tcp: 1 200` is of netstat itself.
        if let Some((writer, rest)) = split(&line.text)
            && writers.iter().all(|known| known != writer)
            && is_output(rest)
        {
            writers.push(writer.to_owned());
        }
    }
    if writers.is_empty() {
        return lines;
    }
    let mut written: Vec<Vec<TextLine<'_>>> = writers.iter().map(|_| Vec::new()).collect();
    let mut all = Vec::with_capacity(lines.len());
    for line in lines {
        let of = split(&line.text).and_then(|(writer, rest)| {
            let place = writers.iter().position(|known| known == writer)?;
            Some((place, line.text.len() - rest.len()))
        });
        match of.and_then(|(place, length)| Some((written.get_mut(place)?, length))) {
            Some((own, length)) => own.push(TextLine { number: line.number, text: without(line.text, length) }),
            None => all.push(line),
        }
    }
    for (writer, own) in writers.iter().zip(written) {
        if let Some(first) = own.first().filter(|_| !writer.is_empty()) {
            all.push(TextLine { number: first.number, text: Cow::Owned(format!("==> {writer} <==")) });
        }
        all.extend(own);
    }
    all
}

fn without(text: Cow<'_, str>, length: usize) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(length..).unwrap_or_default()),
        Cow::Owned(text) => Cow::Owned(text.get(length..).unwrap_or_default().to_owned()),
    }
}

/// Host names above their output, as the separators of `head` print them: those of Salt precede indented lines, those
/// of dshbak and clush are between dashes.
fn titled(mut lines: Vec<TextLine<'_>>) -> Vec<TextLine<'_>> {
    const PROTOCOLS: [&str; 6] = ["tcp", "tcp6", "udp", "udp6", "ipv4", "ipv6"];
    let text = |lines: &[TextLine<'_>], at: usize| lines.get(at).map(|line| line.text.trim_end().to_owned());
    for at in 0..lines.len() {
        let Some(line) = text(&lines, at).filter(|line| !line.contains(char::is_whitespace)) else { continue };
        let is_ruled =
            |at| text(&lines, at).is_some_and(|line| line.len() > 3 && line.bytes().all(|byte| byte == b'-'));
        let between = (at > 0 && is_ruled(at - 1) && is_ruled(at + 1)).then_some(&*line);
        let is_above = text(&lines, at + 1).is_some_and(|next| next.starts_with("  ") && is_output(next.trim_start()));
        let above = line.strip_suffix(':').filter(|name| is_above && !PROTOCOLS.contains(&&*name.to_lowercase()));
        if let Some(host) = between.or(above).filter(|host| is_writer(host))
            && let Some(line) = lines.get_mut(at)
        {
            line.text = Cow::Owned(format!("==> {host} <=="));
        }
    }
    lines
}

/// A line split into its writer and its text, if it has that form.
fn split(text: &str) -> Option<(&str, &str)> {
    named(text).or_else(|| {
        let rest =
            after_time(text).or_else(|| ["- ", "* ", "• ", "# "].iter().find_map(|mark| text.strip_prefix(mark)))?;
        // Of two beginnings the second names the writer: `2026-11-28T12:00:01Z web-1: State …`.
        named(rest).filter(|(_, rest)| is_output(rest)).or(Some(("", rest)))
    })
}

/// A line without the time at its beginning, in brackets or not; containerd puts the stream behind it.
fn after_time(text: &str) -> Option<&str> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut rest = text;
    for _ in 0..4 {
        let (word, after) = rest.trim_start().split_once([' ', '\t'])?;
        let word = word.trim_matches(['[', ']', ',']);
        let is_clock = word.matches(':').count() >= 2;
        let figures = |c: char| c.is_ascii_digit() || "-/:.,+TZ".contains(c);
        let is_number = word.starts_with(|c: char| c.is_ascii_digit()) && word.chars().all(figures);
        if !is_number && !MONTHS.contains(&word) {
            return None;
        }
        rest = after;
        if is_clock {
            return Some(
                ["stdout F ", "stderr F "].iter().find_map(|stream| rest.strip_prefix(stream)).unwrap_or(rest),
            );
        }
    }
    None
}

/// A line that begins with the name of its writer.
fn named(text: &str) -> Option<(&str, &str)> {
    // `[pod/web-1/app] State …` of kubectl.
    if let Some((writer, rest)) = text.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        return is_writer(writer).then(|| (writer, rest.strip_prefix(' ').unwrap_or(rest)));
    }
    // `netstat.txt:tcp …` of grep.
    if let Some((writer, rest)) = text.split_once(':')
        && is_writer(writer)
        && !rest.starts_with(' ')
        && is_output(rest)
    {
        return Some((writer, rest));
    }
    // `web-1: State …` of pdsh.
    let (first, rest) = text.split_once(' ').or_else(|| text.strip_suffix(':').map(|_| (text, "")))?;
    if let Some(writer) = first.strip_suffix(':') {
        return is_writer(writer).then_some((writer, rest));
    }
    // `web-1  | State …` of Compose.
    if let Some(rest) = rest.trim_start().strip_prefix('|') {
        return is_writer(first).then(|| (first, rest.strip_prefix(' ').unwrap_or(rest)));
    }
    // `Nov 28 12:00:01 web-1 cron[12]: State …` and `2026-11-28T12:00:01+00:00 web-1 cron[12]: State …` of a journal.
    let (before, rest) = text.split_once(": ").or_else(|| text.strip_suffix(':').map(|before| (before, "")))?;
    let words: Vec<&str> = before.split_ascii_whitespace().collect();
    let (time, writer) = match *words.as_slice() {
        [_, _, time, writer, _] | [time, writer, _] => (time, writer),
        _ => return None,
    };
    (time.matches(':').count() >= 2 && is_writer(writer)).then_some((writer, rest))
}

/// Whether a word may name a host, a pod or a container: it has a letter, or it is an address.
fn is_writer(word: &str) -> bool {
    let is_name = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._/@".contains(&byte));
    is_name && word.bytes().any(|byte| byte.is_ascii_alphabetic() || byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_writer_is_reported_from_the_line() {
        for (text, expected) in [
            ("web-1: ESTAB 0 0", Some(("web-1", "ESTAB 0 0"))),
            ("192.0.2.7: ESTAB 0 0", Some(("192.0.2.7", "ESTAB 0 0"))),
            ("web-1: \t cubic", Some(("web-1", "\t cubic"))),
            ("web-1:", Some(("web-1", ""))),
            ("[pod/web-1/app] ESTAB 0", Some(("pod/web-1/app", "ESTAB 0"))),
            ("web-1  | ESTAB 0", Some(("web-1", "ESTAB 0"))),
            ("Nov 28 12:00:01 web-1 cron[12]: ESTAB 0", Some(("web-1", "ESTAB 0"))),
            ("2026-11-28T12:00:01+00:00 web-1 cron[12]: ESTAB 0", Some(("web-1", "ESTAB 0"))),
            ("   0: 0100007F:1F90 00000000:0000 0A", None),
            ("12: ESTAB 0", None),
            ("ESTAB 0 0 192.0.2.1:22 192.0.2.2:1 users:((\"a: b\",pid=1,fd=2))", None),
        ] {
            assert_eq!(split(text), expected, "{text}");
        }
    }

    #[test]
    fn mixed_lines_of_hosts_come_together() {
        let lines = |texts: &[&'static str]| -> Vec<TextLine<'static>> {
            (1..).zip(texts).map(|(number, text)| TextLine { number, text: Cow::Borrowed(*text) }).collect()
        };
        let mixed = lines(&[
            "a: ESTAB 0 0 192.0.2.1:22 192.0.2.2:1",
            "b: ESTAB 0 0 192.0.2.3:22 192.0.2.2:1",
            "a: \t cubic",
            "Tcp: 1 200",
        ]);
        let texts: Vec<String> = by_writer(mixed).into_iter().map(|line| line.text.into_owned()).collect();
        assert_eq!(
            texts,
            [
                "Tcp: 1 200",
                "==> a <==",
                "ESTAB 0 0 192.0.2.1:22 192.0.2.2:1",
                "\t cubic",
                "==> b <==",
                "ESTAB 0 0 192.0.2.3:22 192.0.2.2:1"
            ]
        );
        let plain = lines(&["Tcp: 1 200", "ffff8881: 00000002 00000000 00000000 0001 03 20 /run/x"]);
        assert_eq!(by_writer(plain.clone()), plain);
    }
}
