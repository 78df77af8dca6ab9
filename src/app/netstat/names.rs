//! The names that `netstat` shows, from the files of this host: a static program has no resolver.

use std::{
    collections::{BTreeMap, HashMap},
    net::Ipv4Addr,
};

use crate::{
    cli::netstat::NetstatShow,
    collect::{
        names::{HostFile, read_hosts},
        owners::{self, ProcessFields},
        services::{self, ServiceNames},
        users,
    },
    model::family::Netid,
    render::netstat::NetstatWords,
    source::{Source, processes::HolderQuery},
};

/// The longest command line that is read.
const COMMAND_LINE: usize = 511;

/// The names found so far.
#[derive(Default)]
pub(super) struct NetstatNames {
    hosts: Option<HostFile>,
    services: Option<ServiceNames>,
    /// Names of protocols, which are the ports of raw sockets.
    protocols: BTreeMap<u16, String>,
    users: BTreeMap<u32, String>,
    /// `1234/nginx: master` by the inode of a socket.
    programs: HashMap<u32, Vec<u8>>,
    /// Whether programs of unreadable processes were requested.
    pub(super) is_denied: bool,
}

impl NetstatNames {
    /// Looks up the names to show.
    pub(super) fn read(source: &dyn Source, show: &NetstatShow) -> NetstatNames {
        let mut names = NetstatNames::default();
        if !show.numeric_hosts {
            names.hosts = Some(read_hosts(source));
        }
        if !show.numeric_ports {
            names.services = Some(ServiceNames::read(source));
            names.protocols = services::protocols(source);
        }
        if show.extended > 0 && !show.numeric_users {
            names.users = users::names(source);
        }
        if show.programs {
            names.read_programs(source);
        }
        names
    }

    fn read_programs(&mut self, source: &dyn Source) {
        let ask = HolderQuery { all_holders: true, ..HolderQuery::default() };
        let Ok(owners) = owners::find(source, &ask, ProcessFields::default()) else {
            self.is_denied = true;
            return;
        };
        self.is_denied = owners.scan.denied > 0 && !owners.scan.is_root;
        let mut of_process: HashMap<u32, Vec<u8>> = HashMap::new();
        for holder in owners.holders() {
            // The first process that holds a socket stands for all of them.
            self.programs
                .entry(holder.inode)
                .or_insert_with(|| of_process.entry(holder.pid).or_insert_with(|| program(source, holder.pid)).clone());
        }
    }

    /// As the tables take them.
    pub(super) fn words(&self) -> NetstatWords<'_> {
        NetstatWords {
            names_hosts: self.hosts.is_some(),
            host: Box::new(|address| self.hosts.as_ref()?.host(address)),
            network: Box::new(|address: Ipv4Addr| self.hosts.as_ref()?.network(address)),
            port: Box::new(|netid, port| match netid {
                Netid::Raw => self.protocols.get(&port).map(String::as_str),
                netid => self.services.as_ref()?.name(netid, port),
            }),
            user: Box::new(|uid| self.users.get(&uid).map(String::as_str)),
            program: Box::new(|inode| self.programs.get(&inode).map(Vec::as_slice)),
        }
    }
}

/// `1234/nginx: master process`: the last part of its path, where it was started by one. Bytes that a terminal would obey
/// are dots, as in net-tools after 2.10.
fn program(source: &dyn Source, pid: u32) -> Vec<u8> {
    let mut line = [0; COMMAND_LINE];
    let length = source.head(&format!("/proc/{pid}/cmdline"), &mut line).unwrap_or(0);
    let line = line.get(..length).unwrap_or_default();
    let first = line.split(|byte| *byte == 0).next().unwrap_or_default();
    let name = match first.first() {
        Some(b'/') => first.rsplit(|byte| *byte == b'/').next().unwrap_or(first),
        _ => first,
    };
    let visible = |byte: &u8| if byte.is_ascii_graphic() || *byte == b' ' { *byte } else { b'.' };
    let mut text = format!("{pid}/").into_bytes();
    text.extend(name.iter().map(visible));
    text
}
