//! The query for a table, for listing and counting.

use crate::{
    model::{family::Family, needs::Needs, selection::Selection, state::StateSet},
    wire::request::Request,
};

/// The query for a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DumpQuery {
    /// Wanted states, without `BOUND_INACTIVE`. Families without states are given where `CLOSE` is among them, as in `ss`.
    pub states: StateSet,
    /// Whether TCP sockets that are bound but unused are asked for too.
    pub bound_inactive: bool,
    /// Only this internet family.
    pub family: Option<Family>,
    /// The details to read of each socket beyond the common fields.
    pub needs: Needs,
    /// Only the storage in the BPF maps of these descriptors; empty means all.
    pub bpf_maps: Vec<i32>,
    /// A program for the kernel (`INET_DIAG_REQ_BYTECODE`) that excludes some internet sockets. A kernel that refuses
    /// it, and `/proc/net`, return all of them, so the caller must test the records again.
    pub bytecode: Option<Vec<u8>>,
    /// The kernel's version, which decides whether it can list bound but unused sockets.
    pub kernel: Option<(u32, u32)>,
    /// Put into [`crate::model::entry::Entry::netns`].
    pub netns: u16,
    /// As `ss` asks: TCP for each family by itself, and the netlink socket that asks is among the others.
    pub as_ss: bool,
}

impl DumpQuery {
    /// Sockets in the given states, nothing beyond their common fields.
    pub fn states(states: StateSet) -> DumpQuery {
        DumpQuery {
            states,
            bound_inactive: false,
            family: None,
            needs: Needs::empty(),
            bpf_maps: Vec::new(),
            bytecode: None,
            as_ss: false,
            kernel: None,
            netns: 0,
        }
    }

    /// The states and the family of a selection.
    pub fn selected(selection: &Selection) -> DumpQuery {
        DumpQuery { family: selection.family, ..DumpQuery::states(selection.states) }
    }

    /// The internet families that are wanted.
    pub(super) fn families(&self) -> impl Iterator<Item = Family> + use<> {
        let only = self.family;
        [Family::Inet, Family::Inet6].into_iter().filter(move |&one| only.is_none_or(|only| only == one))
    }

    /// A query with all its filters and details, then without those that a kernel may refuse.
    pub(super) fn requests(&self, bare: Request) -> Vec<Request> {
        let narrow = self.bytecode.as_deref().map(|program| bare.clone().with_bytecode(program));
        let storages = self.needs.contains(Needs::BPF_STORAGES).then(|| narrow.as_ref().unwrap_or(&bare).clone());
        let storages = storages.map(|request| request.with_bpf_storages(&self.bpf_maps));
        storages.into_iter().chain(narrow).chain([bare]).collect()
    }
}
