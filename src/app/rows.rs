//! A row of a listing: a socket with the data known about it.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    net::IpAddr,
};

use super::prelude::*;
use crate::{
    collect::{owners, ports},
    filter::facts::Facts,
    model::{
        entry::{End, Entry},
        owner::Holder,
    },
    render::list::{Listing, Owner, SocketRow},
    report::ends,
    system::resolve,
};

/// Makes rows of sockets.
pub(super) struct Rows<'a> {
    /// Owners and other data of the sockets.
    pub(super) known: &'a Known,
    /// Names of interfaces by index.
    pub(super) interfaces: BTreeMap<u32, String>,
    /// Names of hosts found so far, or given by a text; `None` if there are none and none are requested.
    pub(super) hosts: Option<RefCell<HashMap<IpAddr, Option<String>>>>,
    /// Whether more of them may be asked for.
    pub(super) resolves: bool,
    /// Names of programs found so far at netlink ports.
    pub(super) programs: RefCell<HashMap<u32, Option<String>>>,
}

impl<'a> Rows<'a> {
    pub(super) fn write(
        &'a self,
        listing: &mut Listing<'_, '_>,
        entry: &Entry,
        (owners, peers): &mut (Vec<Owner<'a>>, Vec<Owner<'a>>),
    ) -> io::Result<()> {
        let known = self.known;
        owners.clear();
        peers.clear();
        let mut unknown = None;
        if let Some(all) = &known.owners {
            self.extend(owners, all.of(entry.inode), entry.inode);
            if owners.is_empty() {
                unknown = Some(owners::unknown(entry, &all.scan));
            }
            if let End::Unix { inode, .. } = entry.peer {
                self.extend(peers, all.of(inode), inode);
            }
        }
        // As in ss, which gives a name to the socket's own port alone.
        let hosts = [self.host(&entry.local).or_else(|| self.program(&entry.local)), self.host(&entry.peer)];
        listing.row(&SocketRow {
            hosts: hosts.each_ref().map(Option::as_deref),
            entry,
            owners,
            unknown,
            place: known.place(entry),
            netns: known.netns.as_deref(),
            user: entry.uid().and_then(|uid| known.users.get(&uid)).map(String::as_str),
            interface: self.interfaces.get(&entry.interface).map(String::as_str),
            ends: ends::ends(entry, &known.limits),
            peer_owners: peers,
        })
    }

    /// Finds the program at the port of a netlink socket, for when it is written.
    pub(super) fn name(&self, entry: &Entry, source: &dyn Source) {
        if let End::Netlink { port, .. } = entry.local {
            self.programs.borrow_mut().entry(port).or_insert_with(|| ports::program(source, port));
        }
    }

    fn program(&self, end: &End) -> Option<String> {
        let End::Netlink { port, .. } = end else { return None };
        self.programs.borrow().get(port).cloned().flatten()
    }

    fn host(&self, end: &End) -> Option<String> {
        let (Some(hosts), End::Inet(address, _)) = (&self.hosts, end) else { return None };
        match self.resolves {
            true => hosts.borrow_mut().entry(*address).or_insert_with(|| resolve::name_of(*address)).clone(),
            false => hosts.borrow().get(address).cloned().flatten(),
        }
    }

    pub(super) fn extend(&'a self, owners: &mut Vec<Owner<'a>>, holders: &[Holder], inode: u32) {
        if inode == 0 {
            return;
        }
        let owner = |holder: &Holder| {
            let process = self.known.process(holder.pid)?;
            let user = process.uid.and_then(|uid| self.known.users.get(&uid)).map(String::as_str);
            Some(Owner { pid: holder.pid, tid: holder.tid, fd: holder.known_fd(), process, user, socket_context: None })
        };
        owners.extend(holders.iter().filter_map(owner));
    }
}
