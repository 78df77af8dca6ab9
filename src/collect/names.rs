//! The numbers behind names, for the filter.

use std::{
    cell::OnceCell,
    io::BufRead,
    net::{IpAddr, Ipv4Addr},
    str::SplitAsciiWhitespace,
};

use super::{
    cgroups::{self, CgroupMap},
    prelude::*,
    services::ServiceNames,
    users,
};
use crate::{filter::names::Names, system::resolve};

/// Looks up names on the host; reads each list at its first use.
pub struct HostNames<'a> {
    source: &'a dyn Source,
    /// Labels of the selected network namespaces; `None` if unknown.
    namespaces: Option<&'a [String]>,
    /// Whether hosts may be asked about, which sends packets.
    resolves: bool,
    services: OnceCell<ServiceNames>,
    users: OnceCell<BTreeMap<u32, String>>,
    programs: OnceCell<Vec<Vec<u8>>>,
    places: OnceCell<Option<Vec<Place>>>,
}

impl<'a> HostNames<'a> {
    /// Names of the host that a source shows.
    pub fn new(source: &'a dyn Source, namespaces: Option<&'a [String]>, resolves: bool) -> HostNames<'a> {
        HostNames {
            source,
            namespaces,
            resolves,
            services: OnceCell::new(),
            users: OnceCell::new(),
            programs: OnceCell::new(),
            places: OnceCell::new(),
        }
    }
}

impl HostNames<'_> {
    /// Whether some cgroup or process is in such a place. Where no process can be seen, nothing is known.
    fn has_place(&self, is_it: impl Fn(&Place) -> bool) -> bool {
        let places = self.places.get_or_init(|| places(self.source));
        places.as_ref().is_none_or(|places| places.iter().any(is_it))
    }
}

impl Names for HostNames<'_> {
    fn service(&self, name: &str) -> Option<u16> {
        self.services.get_or_init(|| ServiceNames::read(self.source)).port(name)
    }

    fn interface(&self, name: &str) -> Option<u32> {
        self.source.interface_index(name)
    }

    fn user(&self, name: &str) -> Option<u32> {
        let users = self.users.get_or_init(|| users::names(self.source));
        users.iter().find(|(_, known)| *known == name).map(|(uid, _)| *uid)
    }

    fn cgroup(&self, path: &str) -> Option<u64> {
        CgroupMap::new(self.source).id_of(self.source, path)
    }

    fn host(&self, name: &str) -> Option<Vec<IpAddr>> {
        // Of a text, the addresses that stand for the name.
        let told = self.source.host_names().into_iter().filter(|(_, known)| known == name);
        let told: Vec<IpAddr> = told.map(|(address, _)| address).collect();
        let found = if told.is_empty() { hosts_file(self.source, name) } else { told };
        if !found.is_empty() {
            return Some(found);
        }
        // Without -r nothing is asked for that would send a packet.
        self.resolves.then(|| resolve::addresses_of(name)).filter(|found| !found.is_empty())
    }

    fn has_unit(&self, unit: &str) -> bool {
        if unit.contains(['*', '?']) {
            return true;
        }
        let is_it = |known: &str| known == unit || known.rsplit_once('.').is_some_and(|(name, _)| name == unit);
        self.has_place(|place| place.unit.as_deref().is_some_and(is_it))
    }

    fn has_container(&self, beginning: &str) -> bool {
        let is_it = |id: &str| id.get(..beginning.len()).is_some_and(|own| own.eq_ignore_ascii_case(beginning));
        self.has_place(|place| place.container.as_ref().is_some_and(|container| is_it(&container.id)))
    }

    fn has_netns(&self, label: &str) -> bool {
        self.namespaces.is_none_or(|known| known.iter().any(|known| known == label))
    }

    fn has_program(&self, pattern: &str) -> bool {
        // Patterns are taken on trust, and so is everything where processes cannot be seen.
        if pattern.contains(['*', '?']) {
            return true;
        }
        let programs = self.programs.get_or_init(|| programs(self.source));
        programs.is_empty() || programs.iter().any(|program| program == pattern.as_bytes())
    }
}

/// Reads all files that name units, containers and programs.
pub fn read_all(source: &dyn Source) {
    places(source);
    programs(source);
}

/// Every systemd unit and container that has a cgroup or a process; `None` where no process can be seen.
fn places(source: &dyn Source) -> Option<Vec<Place>> {
    let pids = source.list("/proc").ok().filter(|names| names.iter().any(|name| name == "1"))?;
    let pids = pids.iter().filter_map(|name| name.parse().ok());
    let mut places: Vec<Place> = pids.filter_map(|pid| cgroups::of_pid(source, pid)).collect();
    places.extend(CgroupMap::new(source).all(source).into_values());
    Some(places)
}

/// The addresses of a name in `/etc/hosts`.
fn hosts_file(source: &dyn Source, name: &str) -> Vec<IpAddr> {
    let is_it = |known: &str| known.eq_ignore_ascii_case(name);
    hosts(source, |address, mut names| names.any(is_it).then_some(address))
}

/// The wanted part of each line of `/etc/hosts`.
fn hosts<T>(source: &dyn Source, wanted: impl Fn(IpAddr, SplitAsciiWhitespace<'_>) -> Option<T>) -> Vec<T> {
    let Ok(file) = source.open("/etc/hosts") else { return Vec::new() };
    let lines = file.split(b'\n').map_while(Result::ok);
    lines
        .filter_map(|line| {
            let line = String::from_utf8_lossy(&line);
            let mut fields = line.split('#').next()?.split_ascii_whitespace();
            let address = fields.next()?.parse().ok()?;
            wanted(address, fields)
        })
        .collect()
}

/// The names of hosts and networks in `/etc/hosts` and `/etc/networks`.
#[derive(Debug, Default)]
pub struct HostFile {
    hosts: BTreeMap<IpAddr, String>,
    networks: BTreeMap<Ipv4Addr, String>,
}

impl HostFile {
    /// The first name of an address.
    pub fn host(&self, address: IpAddr) -> Option<&str> {
        self.hosts.get(&address).map(String::as_str)
    }

    /// The name of a network.
    pub fn network(&self, address: Ipv4Addr) -> Option<&str> {
        self.networks.get(&address).map(String::as_str)
    }
}

/// Reads both files; a name that cannot be read is none.
pub fn read_hosts(source: &dyn Source) -> HostFile {
    let mut file = HostFile::default();
    for (address, name) in hosts(source, |address, mut names| Some((address, names.next()?.to_owned()))) {
        file.hosts.entry(address).or_insert(name);
    }
    if let Ok(networks) = source.open("/etc/networks") {
        for line in networks.split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            let mut fields = line.split('#').next().unwrap_or_default().split_ascii_whitespace();
            if let (Some(name), Some(Ok(address))) = (fields.next(), fields.next().map(str::parse)) {
                file.networks.entry(address).or_insert_with(|| name.to_owned());
            }
        }
    }
    file
}

/// `comm` of every process that can be seen.
fn programs(source: &dyn Source) -> Vec<Vec<u8>> {
    let pids = source.list("/proc").unwrap_or_default();
    // Process 1 is always there: where it is not listed, others are hidden too.
    if !pids.iter().any(|pid| pid == "1") {
        return Vec::new();
    }
    let pids = pids.iter().filter(|name| name.bytes().all(|byte| byte.is_ascii_digit()));
    pids.filter_map(|pid| {
        let mut name = Vec::new();
        source.open(&format!("/proc/{pid}/comm")).ok()?.read_to_end(&mut name).ok()?;
        name.truncate(name.trim_ascii_end().len());
        Some(name)
    })
    .collect()
}
