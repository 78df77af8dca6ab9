//! Facts about the host and the run.

use std::time::SystemTime;

use crate::model::gap::Gap;

/// The host and time of a sample.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Host {
    /// The node name (`uname`).
    pub name: String,
    /// The kernel release, `6.18.0`.
    pub kernel: String,
    /// The start of the sample.
    pub taken_at: SystemTime,
    /// The inode of the network namespace (`/proc/self/ns/net`), if readable.
    pub netns: Option<u64>,
}

impl Host {
    /// The kernel's version as far as it is numeric: `(6, 18)`.
    pub fn kernel_version(&self) -> Option<(u32, u32)> {
        let mut parts = self.kernel.split(|c: char| !c.is_ascii_digit());
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    }
}

/// Other network namespaces, as far as this user may see.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Others {
    /// How many were found.
    pub count: u64,
    /// The limit that stopped the search.
    pub gap: Option<Gap>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn release_names_of_distributions_are_read() {
        let version = |kernel: &str| {
            let host =
                Host { name: String::new(), kernel: kernel.into(), taken_at: SystemTime::UNIX_EPOCH, netns: None };
            host.kernel_version()
        };
        assert_eq!(version("6.8.0-49-generic"), Some((6, 8)));
        assert_eq!(version("5.14"), Some((5, 14)));
        assert_eq!(version("banana"), None);
    }
}
