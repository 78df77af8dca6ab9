//! Data looked up besides the sockets: owners, units, labels, limits.

use super::{
    cgroups::CgroupMap,
    owners::{self, Owners},
    prelude::*,
    snapshot, users,
};
use crate::{
    filter::facts::Facts,
    model::{limits::Limits, owner::Holder},
    source::processes::HolderQuery,
};

/// The looked-up data of one namespace's sockets.
#[derive(Debug, Default)]
pub struct Known {
    /// Their holders; `None` if not looked up.
    pub owners: Option<Owners>,
    /// Why the processes could not be read.
    pub owners_unreadable: Option<String>,
    /// Units and containers by cgroup id.
    pub places: BTreeMap<u64, Place>,
    /// Names by user id.
    pub users: BTreeMap<u32, String>,
    /// The limits of the states.
    pub limits: Limits,
    /// The label of the namespace.
    pub netns: Option<String>,
    ephemeral_ports: Option<(u16, u16)>,
}

impl Known {
    /// Looks up the needed data, from [`Needs::OWNERS`] to [`Needs::LIMITS`].
    pub fn read(source: &dyn Source, needs: Needs, netns: Option<String>) -> Known {
        let mut known = Known { netns, ..Known::default() };
        if needs.contains(Needs::OWNERS) {
            let ask =
                HolderQuery { all_holders: true, threads: needs.contains(Needs::THREADS), ..HolderQuery::default() };
            let facts = owners::ProcessFields { uid: true, place: true, context: needs.contains(Needs::CONTEXTS) };
            match owners::find(source, &ask, facts) {
                Ok(owners) => known.owners = Some(owners),
                Err(error) => known.owners_unreadable = Some(error.to_string()),
            }
        }
        if needs.contains(Needs::PLACES) {
            let mut map = CgroupMap::new(source);
            known.places = map.all(source);
        }
        if needs.contains(Needs::USERS) {
            known.users = users::names(source);
        }
        if needs.contains(Needs::EPHEMERAL_PORTS) {
            known.ephemeral_ports = snapshot::ephemeral_range(source);
        }
        if needs.contains(Needs::LIMITS) {
            known.limits = limits(source);
        }
        known
    }
}

impl Known {
    /// The owners that could not be read.
    pub fn gaps(&self) -> Vec<Gap> {
        let unreadable = self.owners_unreadable.clone();
        let unreadable = unreadable.map(|why| Gap { what: What::Owners, why: Why::Unreadable(why) });
        unreadable.into_iter().chain(self.owners.iter().flat_map(Owners::gaps)).collect()
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
