//! Names of services from `/etc/services`, which a static binary reads itself: it has no NSS.

use std::{collections::HashMap, io::BufRead};

use super::prelude::*;

/// Ports by name and names by port.
#[derive(Debug, Default)]
pub struct ServiceNames {
    ports: HashMap<Box<str>, u16>,
    names: HashMap<(Transport, u16), Box<str>>,
}

/// The protocol of a line of `/etc/services`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Transport {
    Tcp,
    Udp,
    Sctp,
    Dccp,
}

impl ServiceNames {
    /// The file.
    pub const PATH: &'static str = "/etc/services";

    /// Reads the file; empty where it cannot be read.
    pub fn read(source: &dyn Source) -> ServiceNames {
        source.open(ServiceNames::PATH).map_or_else(|_| ServiceNames::default(), ServiceNames::of)
    }

    /// Reads the lines of the file.
    pub fn of(file: impl BufRead) -> ServiceNames {
        let mut services = ServiceNames::default();
        for line in file.split(b'\n').map_while(Result::ok) {
            services.add(&String::from_utf8_lossy(&line));
        }
        services
    }

    /// `ssh  22/tcp  alias…  # comment`; the first line of a port names it.
    fn add(&mut self, line: &str) {
        let line = line.split('#').next().unwrap_or_default();
        let mut fields = line.split_ascii_whitespace();
        let Some(name) = fields.next() else { return };
        let Some((port, transport)) = fields.next().and_then(|place| place.split_once('/')) else { return };
        let transport = match transport {
            "tcp" => Transport::Tcp,
            "udp" => Transport::Udp,
            "sctp" => Transport::Sctp,
            "dccp" => Transport::Dccp,
            _ => return,
        };
        let Ok(port) = port.parse() else { return };
        for name in std::iter::once(name).chain(fields) {
            self.ports.entry(name.into()).or_insert(port);
        }
        self.names.entry((transport, port)).or_insert_with(|| name.into());
    }

    /// The port of a service.
    pub fn port(&self, name: &str) -> Option<u16> {
        self.ports.get(name).copied()
    }

    /// The name of a port.
    pub fn name(&self, netid: Netid, port: u16) -> Option<&str> {
        let transport = match netid {
            Netid::Tcp | Netid::Mptcp => Transport::Tcp,
            Netid::Udp | Netid::UdpLite => Transport::Udp,
            Netid::Sctp => Transport::Sctp,
            Netid::Dccp => Transport::Dccp,
            _ => return None,
        };
        self.names.get(&(transport, port)).map(|name| &**name)
    }
}

/// The names of IP protocols by number, from `/etc/protocols`; none where it cannot be read.
pub fn protocols(source: &dyn Source) -> BTreeMap<u16, String> {
    let mut names = BTreeMap::new();
    let Ok(file) = source.open("/etc/protocols") else { return names };
    for line in file.split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        let mut fields = line.split('#').next().unwrap_or_default().split_ascii_whitespace();
        if let (Some(name), Some(Ok(number))) = (fields.next(), fields.next().map(str::parse)) {
            names.entry(number).or_insert_with(|| name.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::memory::MemorySource;

    #[test]
    fn names_aliases_and_ports_are_read_and_comments_are_not() {
        let mut held = MemorySource::default();
        held.file("/etc/services", "# ssh 1/tcp\nhttp\t80/tcp www # web\nntp 123/udp\nbad 99999/tcp\nodd\n");
        let services = ServiceNames::read(&held);
        assert_eq!(
            (services.port("http"), services.port("www"), services.port("ntp")),
            (Some(80), Some(80), Some(123))
        );
        assert_eq!((services.port("ssh"), services.port("bad")), (None, None));
        assert_eq!((services.name(Netid::Tcp, 80), services.name(Netid::Udp, 80)), (Some("http"), None));
    }

    #[test]
    fn protocols_have_the_name_of_their_first_line() {
        let mut held = MemorySource::default();
        held.file("/etc/protocols", "# x 1\nicmp 1 ICMP # control\nother 1\nudp\t17\tUDP\nodd\n");
        let names: Vec<_> = protocols(&held).into_iter().collect();
        assert_eq!(names, [(1, "icmp".to_owned()), (17, "udp".to_owned())]);
    }
}
