//! Host data: the numbers behind names.

use std::net::IpAddr;

/// Looks up names; the reader of a filter for people implements it. `None` means that the name does not exist here.
pub trait Names {
    /// The port of a service (`/etc/services`).
    fn service(&self, _name: &str) -> Option<u16> {
        None
    }

    /// The index of an interface.
    fn interface(&self, _name: &str) -> Option<u32> {
        None
    }

    /// The id of a user.
    fn user(&self, _name: &str) -> Option<u32> {
        None
    }

    /// The id of a cgroup v2 path, which is the inode of its directory.
    fn cgroup(&self, _path: &str) -> Option<u64> {
        None
    }

    /// The addresses of a host; `None` also if names are not resolved because that was not requested.
    fn host(&self, _name: &str) -> Option<Vec<IpAddr>> {
        None
    }

    /// Whether there is such a systemd unit, where that can be known.
    fn has_unit(&self, _unit: &str) -> bool {
        true
    }

    /// Whether there is a container whose id begins so, where that can be known.
    fn has_container(&self, _id: &str) -> bool {
        true
    }

    /// Whether a program of this name runs, where that can be known; asked about bare words only.
    fn has_program(&self, _name: &str) -> bool {
        true
    }

    /// Whether there is such a network namespace among those read, where that can be known.
    fn has_netns(&self, _label: &str) -> bool {
        true
    }
}

/// Knows no name at all; units, containers and namespaces are taken on trust.
#[cfg(test)]
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoNames;

#[cfg(test)]
impl Names for NoNames {}
