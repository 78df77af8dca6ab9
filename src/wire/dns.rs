//! Questions to a DNS server for the addresses of a name, and their answers (RFC 1035, RFC 3596).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Length of the header of a message.
const HEADER: usize = 12;
/// The bit of an answer, and the wish for recursion.
const ANSWER: u8 = 0x80;
const RECURSION: u8 = 0x01;
/// A and AAAA.
const A: u16 = 1;
const AAAA: u16 = 28;
/// The class of the Internet.
const INTERNET: u16 = 1;
/// The error code of a name that does not exist.
pub const NO_SUCH_NAME: u8 = 3;

/// A server's answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DnsAnswer {
    /// The error code; 0 for none.
    pub code: u8,
    /// The addresses, in the server's order.
    pub addresses: Vec<IpAddr>,
}

/// The question for the IPv4 or IPv6 addresses of a name; `None` where it cannot be a name.
pub fn question(id: u16, name: &str, v6: bool) -> Option<Vec<u8>> {
    let mut bytes = [&id.to_be_bytes()[..], &[RECURSION, 0, 0, 1, 0, 0, 0, 0, 0, 0]].concat();
    let labels = name.strip_suffix('.').unwrap_or(name).split('.');
    for label in labels {
        let length = u8::try_from(label.len()).ok().filter(|length| (1..64).contains(length))?;
        if !label.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        bytes.push(length);
        bytes.extend(label.bytes());
    }
    bytes.push(0);
    bytes.extend(if v6 { AAAA } else { A }.to_be_bytes());
    bytes.extend(INTERNET.to_be_bytes());
    (bytes.len() <= HEADER + 255 + 4).then_some(bytes)
}

/// The answer to a question; `None` if the message does not answer it.
pub fn answer(question: &[u8], message: &[u8]) -> Option<DnsAnswer> {
    let asked = question.get(HEADER..)?;
    let same_id = message.get(..2)? == question.get(..2)?;
    let repeats = message.get(HEADER..HEADER + asked.len());
    // A server that cannot read the question need not repeat it.
    let count = be16(message, 4)?;
    let is_ours = count == 0 || repeats.is_some_and(|repeated| repeated.eq_ignore_ascii_case(asked));
    if !same_id || message.get(2)? & ANSWER == 0 || !is_ours {
        return None;
    }
    let mut answer = DnsAnswer { code: message.get(3)? & 0x0f, addresses: Vec::new() };
    let mut at = HEADER + if count == 0 { 0 } else { asked.len() };
    for _ in 0..be16(message, 6)? {
        let Some((address, next)) = record(message, at) else { break };
        answer.addresses.extend(address);
        at = next;
    }
    Some(answer)
}

/// The address in a record, if it holds one, and where the next record begins.
fn record(message: &[u8], at: usize) -> Option<(Option<IpAddr>, usize)> {
    let at = name_end(message, at)?;
    let (kind, length) = (be16(message, at)?, usize::from(be16(message, at + 8)?));
    let value = message.get(at + 10..at + 10 + length)?;
    let address = match (kind, length) {
        (A, 4) => value.first_chunk().map(|bytes: &[u8; 4]| Ipv4Addr::from(*bytes).into()),
        (AAAA, 16) => value.first_chunk().map(|bytes: &[u8; 16]| Ipv6Addr::from(*bytes).into()),
        _ => None,
    };
    Some((address, at + 10 + length))
}

/// Where a name ends: behind its last label, or a pointer to the rest of it.
fn name_end(message: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match *message.get(at)? {
            0 => return Some(at + 1),
            length if length >= 0xc0 => return Some(at + 2),
            length => at += 1 + usize::from(length),
        }
    }
}

fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An answer with an alias, an address of the alias, and a record of another kind.
    fn message(question: &[u8], code: u8) -> Vec<u8> {
        let mut bytes = question.to_vec();
        bytes[2] = 0x81;
        bytes[3] = code;
        bytes[7] = 3;
        bytes.extend([0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, 4, 1, b'x', 0xc0, 12]);
        bytes.extend([1, b'x', 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 2, 7]);
        bytes.extend([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 9, 0, 2, 1, b'y']);
        bytes
    }

    #[test]
    fn addresses_are_read_through_aliases() {
        let question = question(7, "db.example", false).unwrap();
        let answer = answer(&question, &message(&question, 0)).unwrap();
        assert_eq!(answer, DnsAnswer { code: 0, addresses: vec![Ipv4Addr::new(192, 0, 2, 7).into()] });
    }

    #[test]
    fn what_is_no_answer_to_the_question_is_passed_over() {
        let asked = question(7, "db.example", true).unwrap();
        let other = question(8, "db.example", true).unwrap();
        assert_eq!(answer(&other, &message(&asked, 0)), None, "another id");
        assert_eq!(answer(&asked, &asked), None, "a question");
        let whole = message(&asked, NO_SUCH_NAME);
        for cut in 0..whole.len() {
            let _ = answer(&asked, &whole[..cut]);
        }
        assert_eq!(answer(&asked, &whole).unwrap().code, NO_SUCH_NAME);
    }

    #[test]
    fn what_cannot_be_a_name_is_not_asked_for() {
        for name in ["", "a..b", "数据库", &"x".repeat(64), &["abcdefgh"; 40].join(".")] {
            assert_eq!(question(1, name, false), None, "{name}");
        }
        assert!(question(1, "db.", false).is_some());
    }
}
