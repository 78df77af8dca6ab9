//! HOST:PORT as people type it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Ports of the schemes of URLs that `/etc/services` knows under another name, or not at all.
const SCHEMES: [(&str, u16); 14] = [
    ("http", 80),
    ("https", 443),
    ("ws", 80),
    ("wss", 443),
    ("ssh", 22),
    ("postgres", 5432),
    ("postgresql", 5432),
    ("mysql", 3306),
    ("redis", 6379),
    ("rediss", 6379),
    ("amqp", 5672),
    ("amqps", 5671),
    ("mongodb", 27017),
    ("nats", 4222),
];

/// Where to connect.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReachTarget {
    /// The name or address; `None` for this host.
    pub host: Option<String>,
    /// The port.
    pub port: u16,
    /// Whether a part of the argument is ignored: the scheme or path of a URL, an interface.
    pub is_taken: bool,
    /// The interface behind `%`, by its name or index.
    pub zone: Option<String>,
}

/// An error in the arguments.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TargetError {
    /// The port is missing.
    NoPort(String),
    /// Neither a port from 1 to 65535 nor a known service.
    Port(String),
    /// An IPv6 address with a port needs brackets.
    Brackets(String),
    /// Not a host.
    Host(String),
    /// There is no such interface.
    Zone(String),
}

impl ReachTarget {
    /// Reads one word (`db:5432`, `https://host/`, `5432`) or two (`db 5432`); `services` knows the ports of services.
    ///
    /// # Errors If the arguments name no valid target.
    pub fn read(words: &[String], services: &dyn Fn(&str) -> Option<u16>) -> Result<ReachTarget, TargetError> {
        let (first, second) = (words.first().map_or("", String::as_str), words.get(1).map(String::as_str));
        let (scheme, rest) = match first.split_once("://") {
            Some((scheme, rest)) => (Some(scheme), rest),
            None => (None, first),
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let (host, port) = parts(authority, second.is_some())?;
        let scheme = scheme.map(|scheme| scheme.rsplit(':').next().unwrap_or(scheme));
        let scheme = scheme.map(|scheme| scheme.split('+').next().unwrap_or(scheme));
        let (host, port) = match (host, port.or(second), scheme) {
            (host, Some(port), _) => (host, port),
            (host, None, Some(scheme)) => (host, scheme),
            // A bare port is this host's.
            (Some(word), None, None) if number(word).is_some() => (None, word),
            (host, None, None) => return Err(TargetError::NoPort(host.unwrap_or_default().to_owned())),
        };
        let known = |name: &str| SCHEMES.iter().find(|(scheme, _)| *scheme == name).map(|(_, port)| *port);
        let word = port.to_ascii_lowercase();
        let port = number(port).or_else(|| services(&word)).or_else(|| known(&word)).filter(|&port| port != 0);
        let port = port.ok_or(TargetError::Port(word))?;
        let (host, zone) = match host.map(|host| host.split_once('%').unwrap_or((host, ""))) {
            None => (None, None),
            Some((host, zone)) => (Some(plain(host)?), Some(zone.to_owned()).filter(|zone| !zone.is_empty())),
        };
        let is_taken = scheme.is_some() || authority.len() != first.len();
        Ok(ReachTarget { host: host.filter(|host| !host.is_empty() && host != "*"), port, is_taken, zone })
    }

    /// The address that the host is, where it is one: any address is that of this host, and IPv4 in IPv6 is IPv4.
    pub fn address(&self) -> Option<IpAddr> {
        let address: IpAddr = self.host.as_ref()?.parse().ok()?;
        Some(match address.to_canonical() {
            IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
            address => address,
        })
    }
}

/// The host and the port of `HOST:PORT`, as far as they are there.
fn parts(word: &str, has_port: bool) -> Result<(Option<&str>, Option<&str>), TargetError> {
    if let Some(rest) = word.strip_prefix('[') {
        let (host, behind) = rest.split_once(']').ok_or_else(|| TargetError::Brackets(word.to_owned()))?;
        return match behind.strip_prefix(':') {
            Some(port) => Ok((Some(host), Some(port))),
            None if behind.is_empty() => Ok((Some(host), None)),
            None => Err(TargetError::Brackets(word.to_owned())),
        };
    }
    match word.matches(':').count() {
        0 => Ok((Some(word), None)),
        1 if !has_port => {
            let (host, port) = word.split_once(':').unwrap_or((word, ""));
            Ok((Some(host), Some(port)))
        }
        _ if has_port && word.split('%').next().is_some_and(|host| host.parse::<Ipv6Addr>().is_ok()) => {
            Ok((Some(word), None))
        }
        1 => Err(TargetError::Host(word.to_owned())),
        _ => Err(TargetError::Brackets(word.to_owned())),
    }
}

fn number(word: &str) -> Option<u16> {
    word.parse().ok().filter(|_| word.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A host that may be asked for: no blanks, nothing that would turn a terminal around, no number for an address.
fn plain(host: &str) -> Result<String, TargetError> {
    let last = host.trim_end_matches('.').rsplit('.').next().unwrap_or(host);
    // No top-level domain is a number: that is an address with a slip in it, or a short form that few programs know.
    let is_number = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    let is_slip = is_number && host.parse::<IpAddr>().is_err();
    match !is_slip && host.chars().all(|character| !character.is_control() && !character.is_whitespace()) {
        true => Ok(host.to_owned()),
        false => Err(TargetError::Host(host.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &str) -> Result<(Option<String>, u16, bool), TargetError> {
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        let services = |name: &str| (name == "https").then_some(443);
        ReachTarget::read(&words, &services).map(|target| (target.host, target.port, target.is_taken))
    }

    #[test]
    fn host_and_port_are_read_as_people_type_them() {
        let is = |words: &str, host: &str, port: u16, taken: bool| {
            let host = Some(host.to_owned()).filter(|host| !host.is_empty());
            assert_eq!(read(words), Ok((host, port, taken)), "{words}");
        };
        is("db:5432", "db", 5432, false);
        is("db 5432", "db", 5432, false);
        is("[::1]:443", "::1", 443, false);
        is("[::1] 443", "::1", 443, false);
        is("::1 443", "::1", 443, false);
        is("fe80::1%eth0 443", "fe80::1", 443, false);
        is("10.0.0.1:https", "10.0.0.1", 443, false);
        is("10.0.0.1:HTTPS", "10.0.0.1", 443, false);
        is("https://host/", "host", 443, true);
        is("https://user:pw@host:8443/a?b#c", "host", 8443, true);
        is("jdbc:postgresql://db/x", "db", 5432, true);
        is("postgresql+psycopg2://u:p@[fd00::2]/x", "fd00::2", 5432, true);
        is("db:5432/mydb", "db", 5432, true);
        is("5432", "", 5432, false);
        is(":5432", "", 5432, false);
        is("*:80", "", 80, false);
    }

    #[test]
    fn what_is_no_place_to_connect_to_says_why() {
        assert_eq!(read("db"), Err(TargetError::NoPort("db".to_owned())));
        assert_eq!(read("db:"), Err(TargetError::Port(String::new())));
        assert_eq!(read("db:0"), Err(TargetError::Port("0".to_owned())));
        assert_eq!(read("db:65536"), Err(TargetError::Port("65536".to_owned())));
        assert_eq!(read("db:nosuch"), Err(TargetError::Port("nosuch".to_owned())));
        assert_eq!(read("::1:443"), Err(TargetError::Brackets("::1:443".to_owned())));
        assert_eq!(read("[::1"), Err(TargetError::Brackets("[::1".to_owned())));
        assert_eq!(read("db:1 2"), Err(TargetError::Host("db:1".to_owned())));
        assert_eq!(read("a\u{1b}b:1"), Err(TargetError::Host("a\u{1b}b".to_owned())));
        for host in ["256.1.1.1", "10.0.0", "127.1", "2130706433"] {
            assert_eq!(read(&format!("{host}:80")), Err(TargetError::Host(host.to_owned())));
        }
        assert!(read("db.1a:80").is_ok() && read("7-eleven:80").is_ok());
    }

    #[test]
    fn any_address_is_this_host() {
        let address = |word: &str| {
            let words = [word.to_owned(), "80".to_owned()];
            ReachTarget::read(&words, &|_| None).unwrap().address().map(|address| address.to_string())
        };
        assert_eq!(address("0.0.0.0").as_deref(), Some("127.0.0.1"));
        assert_eq!(address("::").as_deref(), Some("::1"));
        assert_eq!(address("::ffff:10.0.0.1").as_deref(), Some("10.0.0.1"));
        assert_eq!(address("db"), None);
    }
}
