//! Whether this process may destroy sockets here, tried on a socket made for that.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    os::fd::OwnedFd,
};

use rustix::net::{AddressFamily, SocketType, bind, getsockname, listen, socket, sockopt};

use super::destroyer::Destroyer;
use crate::model::{
    entry::{End, Entry},
    family::Netid,
    state::State,
};

/// Destroys a listener made for this, on a port that the kernel chooses. An unknown address would prove nothing: the
/// kernel checks the right only for a socket that it finds.
///
/// # Errors
/// `EPERM` without the right, `EOPNOTSUPP` where the kernel was built without it.
pub fn probe(destroyer: &mut dyn Destroyer) -> io::Result<()> {
    // Where no such socket can be made, each result tells.
    let Ok((_listener, entry)) = listener() else { return Ok(()) };
    match destroyer.destroy(&entry) {
        Err(error) if matches!(error.raw_os_error(), Some(libc::EPERM | libc::EOPNOTSUPP)) => Err(error),
        _ => Ok(()),
    }
}

/// A listener on loopback, or on no interface's address where that is down.
fn listener() -> rustix::io::Result<(OwnedFd, Entry)> {
    let listener = socket(AddressFamily::INET, SocketType::STREAM, None)?;
    bind(&listener, &SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
        .or_else(|_| bind(&listener, &SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0))))?;
    listen(&listener, 0)?;
    let local = SocketAddr::try_from(getsockname(&listener)?)?;
    let entry = Entry {
        state: State::LISTEN,
        local: End::Inet(local.ip(), local.port()),
        peer: End::Inet(Ipv4Addr::UNSPECIFIED.into(), 0),
        cookie: sockopt::socket_cookie(&listener)?,
        ..Entry::blank(Netid::Tcp, 0)
    };
    Ok((listener, entry))
}
