//! Network namespaces.

/// A readable network namespace.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Namespace {
    /// The inode number that identifies it.
    pub inode: u64,
    /// The file by which it is entered: under `/run/netns`, or of a process that lives in it.
    pub path: String,
    /// Its label: name, container, unit or a process in it; `None` may be the run's own namespace.
    pub label: Option<String>,
    /// Whether it is the one this program was started in.
    pub own: bool,
}

/// The namespaces found on the host.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Namespaces {
    /// One's own first, then by label.
    pub found: Vec<Namespace>,
    /// Processes whose namespace this user may not see.
    pub denied: u64,
    /// Names that are no text, with the bytes that are none replaced: their namespaces are found by processes alone.
    pub illegible: Vec<String>,
}
