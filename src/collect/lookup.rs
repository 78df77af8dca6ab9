//! The addresses of a name: from `/etc/hosts`, then from the servers of `/etc/resolv.conf`. A static binary has no NSS, so
//! its plug-ins (mDNS, LDAP, systemd) are not asked.

use std::{
    hash::{BuildHasher, RandomState},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::{Duration, Instant},
};

use crate::{
    model::{
        family::Family,
        reach::{NameFailure, NameOrigin, NameResult},
    },
    source::{Source, connect::exchange},
    wire::dns,
};

/// The port of DNS.
const DNS: u16 = 53;
/// The C library's default without `/etc/resolv.conf`.
const DEFAULT_SERVER: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const DEFAULT_PATIENCE: Duration = Duration::from_secs(5);
/// Servers and search domains beyond these are not used.
const MOST_SERVERS: usize = 3;
const MOST_DOMAINS: usize = 6;

/// Which addresses are wanted, how long all servers together may take, and the folder with the files of a network namespace.
#[derive(Clone, Copy, Debug)]
pub struct Lookup<'a> {
    /// One family only.
    pub family: Option<Family>,
    /// How long to wait for all servers together.
    pub patience: Duration,
    /// The name in `/etc/netns`.
    pub netns: Option<&'a str>,
}

impl Lookup<'_> {
    /// The addresses of a name, each once.
    ///
    /// # Errors
    /// Why there are none.
    pub fn addresses(&self, source: &dyn Source, name: &str) -> NameResult {
        let (path, text) = self.file(source, "hosts");
        let plain = name.strip_suffix('.').unwrap_or(name);
        let all = in_hosts(&text, plain);
        let listed = self.wanted(all.clone());
        if !listed.is_empty() {
            return Ok((NameOrigin::File(path), listed));
        }
        if plain.eq_ignore_ascii_case("localhost") {
            return Ok((NameOrigin::ThisHost, self.this_host()));
        }
        let (_, text) = self.file(source, "resolv.conf");
        let mut settings = Resolver::of(&text);
        let began = Instant::now();
        let mut failure = NameFailure::Invalid;
        for candidate in settings.candidates(name) {
            match self.ask(&mut settings, &candidate, began) {
                Ok(found) => return Ok(found),
                // A name that may exist under another domain; a silent server stays silent.
                Err(found) => failure = found,
            }
            if matches!(failure, NameFailure::Silent(_)) {
                break;
            }
        }
        Err(if all.is_empty() { failure } else { NameFailure::OtherFamily(path, all) })
    }

    /// The addresses of this host's own loopback.
    pub fn this_host(&self) -> Vec<IpAddr> {
        self.wanted(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()])
    }

    /// Those of the family that is wanted, each once.
    pub fn wanted(&self, addresses: Vec<IpAddr>) -> Vec<IpAddr> {
        let mut kept: Vec<IpAddr> = Vec::new();
        for address in addresses {
            if self.takes(address.is_ipv6()) && !kept.contains(&address) {
                kept.push(address);
            }
        }
        kept
    }

    fn takes(&self, v6: bool) -> bool {
        self.family.is_none_or(|family| (family == Family::Inet6) == v6)
    }

    /// A file of `/etc`, or the one that `ip netns exec` puts in its place; empty where there is none.
    fn file(&self, source: &dyn Source, name: &str) -> (String, String) {
        let of_netns =
            self.netns.filter(|netns| !netns.contains(['/', ':'])).map(|netns| format!("/etc/netns/{netns}/{name}"));
        let read = |path: String| {
            let mut bytes = Vec::new();
            source.open(&path).ok()?.read_to_end(&mut bytes).ok()?;
            Some((path, String::from_utf8_lossy(&bytes).into_owned()))
        };
        let usual = format!("/etc/{name}");
        of_netns.and_then(read).or_else(|| read(usual.clone())).unwrap_or((usual, String::new()))
    }

    /// Asks one server after the other until one answers, and puts that one first. Each has its part of the time that is
    /// left of the lookup.
    fn ask(&self, settings: &mut Resolver, name: &str, began: Instant) -> NameResult {
        for (place, server) in settings.servers.clone().into_iter().enumerate() {
            let rest = (settings.servers.len() - place) as u32;
            let part = || settings.patience.min(self.patience.saturating_sub(began.elapsed()) / rest);
            let mut addresses = Vec::new();
            let mut answered = None;
            for v6 in [false, true].into_iter().filter(|&v6| self.takes(v6)) {
                let id = RandomState::new().hash_one(name) as u16;
                let question = dns::question(id, name, v6).ok_or(NameFailure::Invalid)?;
                let accepts = |message: &[u8]| dns::answer(&question, message);
                let Ok(answer) = exchange(SocketAddr::new(server, DNS), &question, part(), &accepts) else { break };
                addresses.extend(answer.addresses);
                answered = Some(answer.code);
                if answer.code == dns::NO_SUCH_NAME {
                    break;
                }
            }
            let addresses = self.wanted(addresses);
            if answered.is_some() {
                settings.servers.rotate_left(place);
            }
            match answered {
                None => {}
                Some(_) if !addresses.is_empty() => return Ok((NameOrigin::Server(server), addresses)),
                Some(0) => return Err(NameFailure::NoAddress(server)),
                Some(dns::NO_SUCH_NAME) => return Err(NameFailure::Unknown(server)),
                Some(code) => return Err(NameFailure::Error(server, code)),
            }
        }
        Err(NameFailure::Silent(settings.servers.clone()))
    }
}

/// The addresses of a name in the text of `/etc/hosts`.
fn in_hosts(text: &str, name: &str) -> Vec<IpAddr> {
    let line = |line: &str| {
        let mut fields = line.split('#').next()?.split_ascii_whitespace();
        let address = fields.next()?.parse().ok()?;
        fields.any(|field| field.eq_ignore_ascii_case(name)).then_some(address)
    };
    text.lines().filter_map(line).collect()
}

/// The settings of `/etc/resolv.conf`.
#[derive(PartialEq, Eq, Debug)]
struct Resolver {
    servers: Vec<IpAddr>,
    domains: Vec<String>,
    /// A name with at least this many dots is first tried without a search domain.
    dots: usize,
    patience: Duration,
}

impl Resolver {
    fn of(text: &str) -> Resolver {
        let mut all = Resolver { servers: Vec::new(), domains: Vec::new(), dots: 1, patience: DEFAULT_PATIENCE };
        for line in text.lines() {
            let mut fields = line.split_ascii_whitespace();
            match fields.next() {
                Some("nameserver") => all.servers.extend(fields.next().and_then(|word| word.parse::<IpAddr>().ok())),
                Some("search" | "domain") => all.domains = fields.take(MOST_DOMAINS).map(str::to_owned).collect(),
                Some("options") => {
                    for (name, value) in fields.filter_map(|option| option.split_once(':')) {
                        match (name, value.parse::<u8>()) {
                            ("ndots", Ok(dots)) => all.dots = usize::from(dots),
                            ("timeout", Ok(seconds)) => all.patience = Duration::from_secs(seconds.max(1).into()),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        all.servers.truncate(MOST_SERVERS);
        if all.servers.is_empty() {
            all.servers.push(DEFAULT_SERVER);
        }
        all
    }

    /// The names to ask for, in their order.
    fn candidates(&self, name: &str) -> Vec<String> {
        let mut names: Vec<String> = match name.ends_with('.') {
            true => Vec::new(),
            false => self.domains.iter().map(|domain| format!("{name}.{domain}")).collect(),
        };
        let is_first = name.matches('.').count() >= self.dots;
        names.insert(if is_first { 0 } else { names.len() }, name.to_owned());
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::memory::MemorySource;

    #[test]
    fn the_file_of_hosts_comes_first_and_that_of_a_namespace_before_it() {
        let mut held = MemorySource::default();
        held.file("/etc/hosts", "10.0.0.1 db.lan DB # db\n10.0.0.1 db\n::2 db\n");
        held.file("/etc/netns/blue/hosts", "10.0.0.9 db\n");
        let lookup = Lookup { family: None, patience: Duration::ZERO, netns: None };
        let (origin, addresses) = lookup.addresses(&held, "Db.").unwrap();
        assert_eq!(origin, NameOrigin::File("/etc/hosts".to_owned()));
        assert_eq!(addresses, ["10.0.0.1", "::2"].map(|address| address.parse::<IpAddr>().unwrap()));
        let blue = Lookup { netns: Some("blue"), ..lookup }.addresses(&held, "db").unwrap();
        assert_eq!(blue.1, ["10.0.0.9".parse::<IpAddr>().unwrap()]);
        let v6 = Lookup { family: Some(Family::Inet6), ..lookup }.addresses(&held, "db").unwrap();
        assert_eq!(v6.1, ["::2".parse::<IpAddr>().unwrap()]);
        assert_eq!(lookup.addresses(&held, "localhost").unwrap().0, NameOrigin::ThisHost);
    }

    #[test]
    fn search_domains_are_tried_by_the_number_of_dots() {
        let text = "search lan example\nnameserver 10.0.0.53\nnameserver x\noptions ndots:2 timeout:1 rotate\n";
        let resolver = Resolver::of(text);
        assert_eq!(resolver.servers, ["10.0.0.53".parse::<IpAddr>().unwrap()]);
        assert_eq!(resolver.patience, Duration::from_secs(1));
        assert_eq!(resolver.candidates("db.x"), ["db.x.lan", "db.x.example", "db.x"]);
        assert_eq!(resolver.candidates("a.b.c"), ["a.b.c", "a.b.c.lan", "a.b.c.example"]);
        assert_eq!(resolver.candidates("db."), ["db."]);
        assert_eq!(Resolver::of("").servers, [DEFAULT_SERVER]);
    }
}
