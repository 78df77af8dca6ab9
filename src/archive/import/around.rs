//! Lines that hold no socket: prompts with the command behind them, separators, fences, times.

/// The meaning of a line for those that follow.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Around<'a> {
    /// Nothing: blank, or a fence of Markdown.
    Nothing,
    /// Another output may begin: on which host, and made by which command, as far as it says.
    Boundary { host: Option<&'a str>, command: &'a str },
}

/// Fences and tags around code, in Markdown, HTML, Jira and forums, with their ends.
const FENCES: [(&str, &str); 16] = [
    ("```", ""),
    ("~~~", ""),
    ("<pre", ">"),
    ("</pre", ">"),
    ("<code", ">"),
    ("</code", ">"),
    ("<samp", ">"),
    ("</samp", ">"),
    ("<p", ">"),
    ("</p", ">"),
    ("<br", ">"),
    ("{code", "}"),
    ("{noformat", "}"),
    ("[code", "]"),
    ("[/code", "]"),
    ("`", "`"),
];

/// Words of a fence: every row has more.
const FENCE_WORDS: usize = 2;

/// Ends of a prompt.
const PROMPTS: [&str; 6] = ["$ ", "# ", "% ", "❯ ", "➜ ", "> "];

/// A prompt has at most these characters and words.
const LONGEST_PROMPT: (usize, usize) = (60, 3);

/// The kind of decoration of a line; `None` for a line that may belong to the output.
pub(super) fn around(text: &str) -> Option<Around<'_>> {
    let text = text.trim();
    let lower = |fence: &&str| text.get(..fence.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(fence));
    let is_fence = || FENCES.iter().any(|(fence, _)| fence.len() > 1 && lower(fence));
    if text.is_empty() || text.split_ascii_whitespace().count() <= FENCE_WORDS && is_fence() {
        return Some(Around::Nothing);
    }
    // `ok: [web-1] => {` of Ansible.
    if let Some((task, rest)) = text.split_once(": [")
        && let Some((host, _)) = rest.split_once("] => ")
        && ["ok", "changed", "failed", "fatal"].contains(&task)
    {
        return Some(Around::Boundary { host: Some(host), command: "" });
    }
    // `[1] 12:00:01 [SUCCESS] web-1` of pssh.
    if let Some((_, host)) = text.split_once(" [SUCCESS] ") {
        return Some(Around::Boundary { host: Some(host), command: "" });
    }
    // `==> /proc/net/tcp <==` of head and tail.
    if let Some(name) = text.strip_prefix("==>").and_then(|rest| rest.strip_suffix("<==")) {
        let name = name.trim();
        let host = (!name.contains("proc/net/")).then_some(name);
        return Some(Around::Boundary { host, command: name });
    }
    // `web-1 | CHANGED | rc=0 >>` of Ansible.
    if let Some((host, _)) = text.split_once(" | ").filter(|_| text.ends_with(">>")) {
        return Some(Around::Boundary { host: Some(host), command: "" });
    }
    // `----`, `== second ==`.
    let is_mark = |c: char| "-=*#+_~.".contains(c);
    let marks = text.len() - text.trim_start_matches(is_mark).len();
    let is_line = marks > 1 && text.len() - text.trim_end_matches(is_mark).len() > 1 && !text.contains(':');
    if is_line || is_time(text) {
        return Some(Around::Boundary { host: None, command: "" });
    }
    // `set -x` prints the command.
    if let Some(command) = text.strip_prefix("+ ") {
        return Some(Around::Boundary { host: None, command });
    }
    prompt(text)
}

/// A line without the fences at its ends: Slack puts them right before the first word and behind the last.
pub(super) fn fences(text: &str) -> &str {
    let mut rest = text;
    // `<pre><code>` and their ends, and one more: a line of thousands of marks must not cost that many passes.
    for _ in 0..5 {
        rest = FENCES.iter().find_map(|fence| unfenced(rest, *fence)).unwrap_or(rest);
    }
    if rest.split_ascii_whitespace().count() > FENCE_WORDS { rest } else { text }
}

fn unfenced<'a>(text: &'a str, (mark, end): (&str, &str)) -> Option<&'a str> {
    let trimmed = text.trim();
    if mark == end {
        return trimmed.strip_prefix(mark)?.strip_suffix(end);
    }
    if let Some(rest) = trimmed.strip_prefix(mark) {
        let (inside, after) = rest.split_once(end)?;
        // `<p` does not begin `<pid>`.
        return (inside.is_empty() || !inside.starts_with(char::is_alphanumeric)).then_some(after);
    }
    let (before, last) = trimmed.rsplit_once(mark)?;
    let inside = last.strip_suffix(end)?;
    (inside.is_empty() || inside.starts_with([' ', '/', ':'])).then_some(before)
}

/// `root@web-1:~# ss -tan`, `server1 # ss`, `[root@web-1 ~]$`, `$ cat /proc/net/tcp`.
fn prompt(text: &str) -> Option<Around<'_>> {
    let padded_end = |mark: &str| text.ends_with(mark.trim_end()) && text.len() <= LONGEST_PROMPT.0;
    let ends = PROMPTS.iter().filter_map(|mark| text.find(mark).map(|at| (at, at + mark.len())));
    let empty = PROMPTS
        .iter()
        .take(5)
        .find(|mark| padded_end(mark))
        .map(|mark| (text.len() - mark.trim_end().len(), text.len()));
    let (at, end) = ends.min().or(empty)?;
    let (before, command) = (text.get(..at)?.trim(), text.get(end..)?.trim());
    let words = before.split_ascii_whitespace().count();
    // An arrow or a sign of more than is none: `a -> b`.
    if text.get(at..end) == Some("> ") && words > 1 {
        return None;
    }
    if before.len() > LONGEST_PROMPT.0 || words > LONGEST_PROMPT.1 || before.contains("((") {
        return None;
    }
    // A word with no mark of a prompt before `#` is one only where the shell's user is root on a host: `server1 # ss`.
    let bare = before.trim_matches(['[', ']', '(', ')']);
    let host = match bare.split_once('@') {
        Some((_, place)) => place.split([':', ' ', '~', ']']).next(),
        None => bare.split_ascii_whitespace().next().filter(|word| is_host(word)),
    };
    Some(Around::Boundary { host: host.filter(|host| !host.is_empty()), command })
}

fn is_host(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphanumeric())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        && !["bash", "sh", "ksh", "zsh", "mysql"]
            .iter()
            .any(|shell| word.trim_end_matches(|c: char| "-.0123456789".contains(c)) == *shell)
}

/// A line that holds only a time, as `date` prints it, alone or after a word: `Sat Nov 28 12:00:01 UTC 2026`.
fn is_time(text: &str) -> bool {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let is_clock = |word: &&str| {
        let word = word.split('T').next_back().unwrap_or(word);
        let parts: Vec<&str> = word.split([':', '.', ',', '+', 'Z']).collect();
        parts.len() >= 3 && parts.iter().take(3).all(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()))
    };
    let has_no_end = !words.iter().any(|word| word.contains(':') && !is_clock(word));
    words.len() <= 8 && words.iter().any(is_clock) && (has_no_end || text.starts_with("Every "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_name_their_host_and_command() {
        let boundary = |host, command| Some(Around::Boundary { host, command });
        for (text, expected) in [
            ("$ ss -tan", boundary(None, "ss -tan")),
            ("server1 # ss -tan", boundary(Some("server1"), "ss -tan")),
            ("root@web-1:~# ss -tan state close-wait", boundary(Some("web-1"), "ss -tan state close-wait")),
            ("[root@web-1 ~]# cat /proc/net/raw", boundary(Some("web-1"), "cat /proc/net/raw")),
            ("bash-4.2# netstat -an", boundary(None, "netstat -an")),
            ("root@web-1:~#", boundary(Some("web-1"), "")),
            ("==> /proc/net/udp <==", boundary(None, "/proc/net/udp")),
            ("web-1 | CHANGED | rc=0 >>", boundary(Some("web-1"), "")),
            ("--- second ---", boundary(None, "")),
            ("Sat Nov 28 12:00:01 UTC 2026", boundary(None, "")),
            ("2026-11-28T12:00:01+00:00", boundary(None, "")),
            ("```console", Some(Around::Nothing)),
        ] {
            assert_eq!(around(text), expected, "{text}");
        }
    }

    #[test]
    fn rows_are_no_prompts() {
        for text in [
            "tcp   LISTEN 0 5 0.0.0.0:19010 0.0.0.0:* users:((\"a # b\",pid=3210,fd=3))",
            "tcp 0 0 0.0.0.0:80 0.0.0.0:* LISTEN 12/sh -c # x",
            "u_str LISTEN 0 5 /run/a$ b 20 * 0",
            "0: 0100007F:1F90 00000000:0000 0A 00000000:00000003 00:00000000 00000000 1000 0 12345",
            "Any idea?",
        ] {
            assert_eq!(around(text), None, "{text}");
        }
    }
}
