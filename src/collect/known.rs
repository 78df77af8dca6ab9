//! What was looked up beside the sockets themselves: owners, units, labels, limits.

use std::collections::BTreeMap;

use super::{
    cgroups::CgroupMap,
    owners::{self, Owners},
    snapshot, users,
};
use crate::{
    filter::{facts::Facts, needs::Needs},
    model::{
        entry::Entry,
        gap::{Gap, What, Why},
        limits::Limits,
        owner::{Holder, Place, Process},
    },
    source::{Source, processes::HolderQuery},
};

/// What is looked up before a table is walked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct LookUp {
    /// Who holds the sockets.
    pub owners: bool,
    /// Each thread of them.
    pub threads: bool,
    /// Their security contexts.
    pub contexts: bool,
    /// Units and containers by the socket's own cgroup.
    pub places: bool,
    /// Names of users.
    pub users: bool,
    /// The ports the kernel gives out.
    pub ephemeral_ports: bool,
    /// What bounds the states.
    pub limits: bool,
}

impl LookUp {
    /// What a filter needs.
    #[must_use]
    pub fn and(self, needs: Needs) -> LookUp {
        LookUp {
            owners: self.owners || needs.owners,
            places: self.places || needs.places,
            ephemeral_ports: self.ephemeral_ports || needs.ephemeral_ports,
            ..self
        }
    }
}

/// What is known of one namespace's sockets.
#[derive(Debug, Default)]
pub struct Known {
    /// Who holds them; `None` where nobody looked.
    pub owners: Option<Owners>,
    /// Why the processes could not be looked at.
    pub owners_unreadable: Option<String>,
    /// Units and containers by cgroup id.
    pub places: BTreeMap<u64, Place>,
    /// Names by user id.
    pub users: BTreeMap<u32, String>,
    /// What bounds the states.
    pub limits: Limits,
    /// The label of the namespace.
    pub netns: Option<String>,
    ephemeral_ports: Option<(u16, u16)>,
}

impl Known {
    /// Looks up what is wanted.
    pub fn read(source: &dyn Source, wanted: LookUp, netns: Option<String>) -> Known {
        let mut known = Known { netns, ..Known::default() };
        if wanted.owners {
            let ask = HolderQuery { all_holders: true, threads: wanted.threads, ..HolderQuery::default() };
            let facts = owners::ProcessFields { uid: true, place: true, context: wanted.contexts };
            match owners::find(source, &ask, facts) {
                Ok(owners) => known.owners = Some(owners),
                Err(error) => known.owners_unreadable = Some(error.to_string()),
            }
        }
        if wanted.places {
            let mut map = CgroupMap::new(source);
            known.places = map.all(source);
        }
        if wanted.users {
            known.users = users::names(source);
        }
        if wanted.ephemeral_ports {
            known.ephemeral_ports = snapshot::ephemeral_range(source);
        }
        if wanted.limits {
            known.limits = limits(source);
        }
        known
    }
}

impl Known {
    /// What of the owners could not be seen.
    pub fn gaps(&self) -> Vec<Gap> {
        let unreadable = self.owners_unreadable.clone().map(Why::Unreadable);
        let scan = self.owners.as_ref().map(|owners| owners.scan);
        let denied = scan.map(|scan| scan.denied).filter(|&denied| denied > 0).map(Why::Denied);
        let hidden = scan.is_some_and(|scan| scan.hidden).then(|| Why::Unreadable("hidepid".to_owned()));
        let why = unreadable.into_iter().chain(denied).chain(hidden);
        why.map(|why| Gap { what: What::Owners, why }).collect()
    }
}

impl Facts for Known {
    fn holders(&self, entry: &Entry) -> &[Holder] {
        match &self.owners {
            Some(owners) if entry.inode != 0 => owners.of(entry.inode),
            _ => &[],
        }
    }

    fn process(&self, pid: u32) -> Option<&Process> {
        self.owners.as_ref()?.process(pid)
    }

    fn place(&self, entry: &Entry) -> Option<&Place> {
        self.places.get(&entry.cgroup_id?)
    }

    fn netns(&self, _entry: &Entry) -> Option<&str> {
        self.netns.as_deref()
    }

    fn ephemeral_ports(&self, _entry: &Entry) -> Option<(u16, u16)> {
        self.ephemeral_ports
    }
}

fn limits(source: &dyn Source) -> Limits {
    let read = |name: &str| -> Option<u32> {
        let mut text = String::new();
        source.open(&format!("/proc/sys/net/ipv4/{name}")).ok()?.read_to_string(&mut text).ok()?;
        text.trim().parse().ok()
    };
    Limits {
        tcp_fin_timeout: read("tcp_fin_timeout"),
        tcp_syn_retries: read("tcp_syn_retries"),
        tcp_syn_linear_timeouts: read("tcp_syn_linear_timeouts"),
        tcp_synack_retries: read("tcp_synack_retries"),
    }
}
