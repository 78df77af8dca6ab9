//! Texts that hold sockets, or seem to, and that are not read: each is refused by its name.

use super::states::state;

/// The program that wrote a text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Foreign {
    /// `netstat` of macOS, a BSD or AIX: address and port joined by a dot.
    Bsd,
    /// `netstat` of Solaris.
    Solaris,
    /// `netstat` or PowerShell of Windows.
    Windows,
    /// `lsof` of macOS or a BSD: memory addresses where Linux has inodes.
    BsdLsof,
    /// Numbers of lines before the rows: `cat -n`, `grep -n`.
    Numbered,
    /// Sums of states: `awk`, `uniq -c`.
    Sums,
    /// Entries of connection tracking: of a firewall, not of sockets.
    Conntrack,
    /// A tool's message instead of sockets.
    Message,
    /// JSON.
    Json,
}

/// Protocols of other systems' `netstat`.
const BSD_PROTOCOLS: [&str; 10] = ["tcp4", "tcp46", "udp4", "udp46", "icm4", "icm6", "icmp4", "div4", "rtp4", "vsock"];

/// Error messages that a program prints instead of its output.
const MESSAGES: [&str; 19] = [
    "ss: ",
    "netstat: ",
    "lsof: ",
    "nstat: ",
    "cat: ",
    "bash: ",
    "-bash: ",
    "sh: ",
    "-sh: ",
    "sudo: ",
    "zsh: ",
    "error: ",
    "Error: ",
    "Error from server",
    "Error response from daemon",
    "OCI runtime ",
    "Cannot open netlink",
    "RTNETLINK answers",
    "Usage: ",
];

/// Whether a line is a tool's message about itself or its privileges.
pub(super) fn is_message(text: &str) -> bool {
    let text = text.trim_start();
    MESSAGES.iter().any(|begin| text.starts_with(begin))
        || text.starts_with('(') && text.contains("ould not be ")
        || text.starts_with("will not be")
        || text.starts_with("Failed to ")
}

/// The other system that a line is of.
pub(super) fn foreign(text: &str) -> Option<Foreign> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let has = |word: &str| words.contains(&word);
    match *words.as_slice() {
        ["TCP:" | "UDP:" | "SCTP:", "IPv4" | "IPv6"] => return Some(Foreign::Solaris),
        ["Local", "Address", "Remote", "Address", ..] => return Some(Foreign::Solaris),
        ["LocalAddress", "LocalPort", ..] => return Some(Foreign::Windows),
        ["Proto", "Local", "Address", "Foreign", "Address", ..] => return Some(Foreign::Windows),
        ["TCP" | "UDP", local, peer, ..] if local.contains(':') && peer.contains(':') => return Some(Foreign::Windows),
        ["USER", "COMMAND", "PID", "FD", "PROTO", ..] => return Some(Foreign::Bsd),
        ["Active", "LOCAL" | "Multipath", ..] => return Some(Foreign::Bsd),
        ["tcp:" | "udp:" | "ip:" | "tcp6:" | "ip6:" | "icmp:"] => return Some(Foreign::Bsd),
        [first, second] if is_sum(first, second) || is_sum(second, first) => return Some(Foreign::Sums),
        [first, second, ..] if is_dotted(first) && is_dotted(second) => return Some(Foreign::Solaris),
        _ => {}
    }
    if words.iter().any(|word| word.starts_with("sport=")) && words.iter().any(|word| word.starts_with("dport=")) {
        return Some(Foreign::Conntrack);
    }
    if has("(state)") && has("Recv-Q") || has("Nextref") {
        return Some(Foreign::Bsd);
    }
    let is_pair = |pair: &[&str]| pair.iter().all(|word| is_dotted(word));
    let is_bsd = words.windows(2).any(is_pair) || words.iter().take(3).any(|word| BSD_PROTOCOLS.contains(word));
    is_bsd.then_some(Foreign::Bsd)
}

fn is_sum(name: &str, number: &str) -> bool {
    let name = name.trim_end_matches(':');
    (state(name).is_some() || name == "ESTAB") && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// `192.0.2.10.22`, `*.80`, `*.*`, `fe80::1%lo0.123`: the port behind a dot.
fn is_dotted(word: &str) -> bool {
    let Some((address, port)) = word.rsplit_once('.') else { return false };
    let is_port =
        port == "*" || !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let is_address = address == "*"
        || address.parse::<std::net::Ipv4Addr>().is_ok()
        || address.split('%').next().is_some_and(|address| address.parse::<std::net::Ipv6Addr>().is_ok());
    is_port && is_address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_systems_are_known_by_their_rows() {
        for (text, expected) in [
            ("tcp4       0      0  192.0.2.10.22          198.51.100.7.50022     ESTABLISHED", Some(Foreign::Bsd)),
            ("tcp        0      0  *.22                   *.*                    LISTEN", Some(Foreign::Bsd)),
            ("udp6       0      0  fe80::1%lo0.123        *.*", Some(Foreign::Bsd)),
            ("192.0.2.1.22  198.51.100.7.50022  64240  0  128480  0 ESTABLISHED", Some(Foreign::Solaris)),
            ("TCP    [::1]:49670            [::]:0                 LISTENING       88", Some(Foreign::Windows)),
            ("1688 CLOSE_WAIT", Some(Foreign::Sums)),
            ("TIME_WAIT 44", Some(Foreign::Sums)),
            (
                "tcp 6 118 TIME_WAIT src=192.0.2.1 dst=192.0.2.2 sport=5 dport=443 src=192.0.2.2",
                Some(Foreign::Conntrack),
            ),
            ("tcp6 0 0 ::ffff:192.0.2.254:8888 ::ffff:198.51.100.1:57000 CLOSE_WAIT", None),
            ("tcp 0 0 0.0.0.0:22 0.0.0.0:* LISTEN", None),
        ] {
            assert_eq!(foreign(text), expected, "{text}");
        }
    }
}
