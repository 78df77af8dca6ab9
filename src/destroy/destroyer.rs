//! The request to destroy one socket.

use std::io;

use crate::{
    model::entry::Entry,
    source::kernel::KernelSource,
    wire::{WireError, destroy, dump},
};

/// Destroys sockets of one network namespace.
pub trait Destroyer {
    /// Destroys the socket with the ends and the cookie of the entry, and no other.
    ///
    /// # Errors
    /// `ENOENT` where the lookup finds no such socket; `EPERM` without CAP_NET_ADMIN in the user namespace that owns the
    /// network namespace; `EOPNOTSUPP` without CONFIG_INET_DIAG_DESTROY.
    fn destroy(&mut self, entry: &Entry) -> io::Result<()>;
}

/// The kernel, in the network namespace of the calling thread.
pub struct KernelDestroyer(KernelSource);

impl KernelDestroyer {
    /// Opens its socket with the first request.
    pub fn new() -> KernelDestroyer {
        KernelDestroyer(KernelSource::new(None))
    }
}

impl Default for KernelDestroyer {
    fn default() -> KernelDestroyer {
        KernelDestroyer::new()
    }
}

impl Destroyer for KernelDestroyer {
    fn destroy(&mut self, entry: &Entry) -> io::Result<()> {
        let request = destroy::request(entry).ok_or_else(|| io::Error::from_raw_os_error(libc::ENOENT))?;
        dump::one(&mut self.0, &request, |_| {}).map_err(|error| match error {
            WireError::NotAvailable(error) | WireError::Kernel(error, _) | WireError::Io(error) => error,
            WireError::Interrupted => io::Error::from_raw_os_error(libc::EINTR),
            WireError::Malformed(what) => io::Error::other(what),
        })
    }
}
