//! Netlink requests and replies: one file per family.
//!
//! Requests and record headers go through the types of `netlink-packet-core` and `netlink-packet-sock-diag` at their
//! allocation-free lower level; fields that those crates lose or refuse (the time left in `TIME_WAIT`, probe counts,
//! `tcp_info` of any length) are decoded here, by the actual bytes.

pub mod destroy;
pub mod destroyed;
pub mod dns;
pub mod dump;
#[cfg(test)]
mod fill_tests;
pub mod inet;
pub mod inet_detail;
mod memory;
pub mod netlink;
pub mod packet;
mod prelude;
pub mod request;
pub mod route;
mod sctp;
pub mod seen;
pub mod tipc;
mod ulp;
pub mod unix;
pub mod vsock;
pub mod xdp;

use std::{fmt, io};

use netlink_packet_core::{NlaBuffer, NlasIterator};

/// Why a dump gave no, or no whole, answer.
#[derive(Debug)]
pub enum WireError {
    /// The kernel, or this process's sandbox, has no `sock_diag` for this table.
    NotAvailable(io::Error),
    /// The table changed under the dump (`NLM_F_DUMP_INTR`, `EINTR`): ask again.
    Interrupted,
    /// The kernel answered with an error number.
    Kernel(io::Error, Option<String>),
    /// A message that no kernel sends.
    Malformed(&'static str),
    /// Sending or receiving failed.
    Io(io::Error),
}

impl fmt::Display for WireError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WireError::NotAvailable(error) => write!(out, "sock_diag: {}", system_words(error)),
            WireError::Interrupted => out.write_str("sock_diag: the table changed under every try"),
            WireError::Kernel(error, None) => write!(out, "sock_diag: {}", system_words(error)),
            WireError::Kernel(error, Some(text)) => write!(out, "sock_diag: {}: {text}", system_words(error)),
            WireError::Malformed(what) => write!(out, "sock_diag: malformed netlink message: {what}"),
            // The error of a recording that lacks data has its own words.
            WireError::Io(error) if error.raw_os_error().is_none() => write!(out, "{}", system_words(error)),
            WireError::Io(error) => write!(out, "netlink: {}", system_words(error)),
        }
    }
}

impl std::error::Error for WireError {}

impl WireError {
    /// The error number behind it, where there is one.
    pub fn number(&self) -> Option<i32> {
        match self {
            WireError::NotAvailable(error) | WireError::Kernel(error, _) | WireError::Io(error) => error.raw_os_error(),
            WireError::Interrupted | WireError::Malformed(_) => None,
        }
    }
}

/// The system's words for an error, without the number that Rust puts behind them.
pub(crate) fn system_words(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}

/// Error numbers by which kernels say that they lack a family, a protocol or `sock_diag` itself.
///
/// `ENOENT` no handler (`net/core/sock_diag.c`), `EINVAL` and `EOPNOTSUPP` from older ones,
/// `EPROTONOSUPPORT` and `EAFNOSUPPORT` no such netlink protocol, `EACCES` and `EPERM` a sandbox,
/// `ENOSYS` an emulated kernel, `ECONNREFUSED` no kernel side behind the protocol.
pub(crate) fn is_not_available(errno: i32) -> bool {
    matches!(
        errno,
        libc::ENOENT
            | libc::EINVAL
            | libc::EOPNOTSUPP
            | libc::EPROTONOSUPPORT
            | libc::EAFNOSUPPORT
            | libc::EACCES
            | libc::EPERM
            | libc::ENOSYS
            | libc::ECONNREFUSED
    )
}

/// Sorts an error number of the kernel.
pub(crate) fn from_errno(errno: i32, text: Option<String>) -> WireError {
    let error = io::Error::from_raw_os_error(errno);
    match errno {
        libc::EINTR => WireError::Interrupted,
        errno if is_not_available(errno) => WireError::NotAvailable(error),
        _ => WireError::Kernel(error, text),
    }
}

/// The attributes in a row, kind and value. A damaged one ends the list; those before it are valid.
pub(crate) fn attributes(bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    NlasIterator::new(bytes).map_while(|nla| {
        let nla = nla.ok()?;
        Some((nla.kind(), value(nla)?))
    })
}

/// An attribute's value with the lifetime of the record, which `NlaBuffer::value` does not give.
fn value(nla: NlaBuffer<&[u8]>) -> Option<&[u8]> {
    let length = usize::from(nla.length());
    nla.into_inner().get(4..length)
}

/// Text the kernel sends, with or without a zero byte at its end.
pub(crate) fn text(value: &[u8]) -> Box<str> {
    let text = value.split(|&byte| byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(text).into()
}
