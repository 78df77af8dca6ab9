//! Where the endpoint listens: a TCP address, a UNIX socket, or sockets that systemd hands over.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener},
    os::{
        fd::{AsFd, BorrowedFd, OwnedFd},
        unix::net::{UnixListener, UnixStream},
    },
};

use super::connection::ClientStream;
use crate::system::files;

/// The port where none is given.
pub const PORT: u16 = 9977;

/// Access to a UNIX socket: its user and group.
const SOCKET_MODE: u32 = 0o660;

/// Where to listen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ListenAddress {
    /// A TCP address and port.
    Tcp(SocketAddr),
    /// The path of a UNIX socket.
    Unix(String),
}

/// Reads `127.0.0.1:9977`, `[::1]:9977`, `localhost:9977`, a port alone (on loopback), `:9977` (all addresses), an address
/// alone, or `unix:PATH`; `None` for anything else.
pub fn parse(text: &str) -> Option<ListenAddress> {
    if let Some(path) = text.strip_prefix("unix:") {
        return (!path.is_empty()).then(|| ListenAddress::Unix(path.to_owned()));
    }
    let on = |address: IpAddr, port: &str| Some(ListenAddress::Tcp(SocketAddr::new(address, port.parse().ok()?)));
    let v4 = IpAddr::V4(Ipv4Addr::LOCALHOST);
    if let Ok(address) = text.parse() {
        return Some(ListenAddress::Tcp(address));
    }
    if let Ok(address) = text.trim_matches(['[', ']']).parse() {
        return Some(ListenAddress::Tcp(SocketAddr::new(address, PORT)));
    }
    match text.rsplit_once(':') {
        Some(("", port)) => on(IpAddr::V6(Ipv6Addr::UNSPECIFIED), port),
        Some(("localhost", port)) => on(v4, port),
        Some(_) => None,
        None if text == "localhost" => Some(ListenAddress::Tcp(SocketAddr::new(v4, PORT))),
        None => on(v4, text),
    }
}

impl ListenAddress {
    /// Whether it can be reached from other hosts.
    pub fn is_public(&self) -> bool {
        matches!(self, ListenAddress::Tcp(address) if !address.ip().to_canonical().is_loopback())
    }
}

/// A socket that takes connections.
#[derive(Debug)]
pub enum ListenSocket {
    /// TCP.
    Tcp(TcpListener),
    /// UNIX.
    Unix(UnixListener),
}

impl ListenSocket {
    /// Listens at an address. A UNIX socket of this user that no program serves any more is replaced.
    ///
    /// # Errors
    /// As binding does.
    pub fn bind(address: &ListenAddress) -> io::Result<ListenSocket> {
        match address {
            ListenAddress::Tcp(address) => {
                // Where IPv6 is switched off, all addresses are those of IPv4.
                let v4 = SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), address.port());
                let bound = TcpListener::bind(address);
                let is_all = address.ip() == IpAddr::V6(Ipv6Addr::UNSPECIFIED);
                ListenSocket::tcp(if is_all { bound.or_else(|_| TcpListener::bind(v4)) } else { bound }?)
            }
            ListenAddress::Unix(path) => {
                let is_dead = |error: io::Error| error.kind() == io::ErrorKind::ConnectionRefused;
                if UnixStream::connect(path).is_err_and(is_dead) {
                    files::remove_own_socket(path)?;
                }
                let listener = UnixListener::bind(path)?;
                files::set_mode(path, SOCKET_MODE)?;
                ListenSocket::unix(listener)
            }
        }
    }

    /// A socket that was handed over, of either kind.
    ///
    /// # Errors If it is not a listening socket.
    pub fn of_descriptor(descriptor: OwnedFd) -> io::Result<ListenSocket> {
        let listener = TcpListener::from(descriptor);
        match listener.local_addr() {
            Ok(_) => ListenSocket::tcp(listener),
            Err(_) => ListenSocket::unix(UnixListener::from(OwnedFd::from(listener))),
        }
    }

    fn tcp(listener: TcpListener) -> io::Result<ListenSocket> {
        listener.set_nonblocking(true)?;
        Ok(ListenSocket::Tcp(listener))
    }

    fn unix(listener: UnixListener) -> io::Result<ListenSocket> {
        listener.set_nonblocking(true)?;
        Ok(ListenSocket::Unix(listener))
    }

    /// Where it listens, as people type it.
    pub fn name(&self) -> String {
        match self {
            ListenSocket::Tcp(listener) => listener.local_addr().map_or_else(|_| String::new(), |at| at.to_string()),
            ListenSocket::Unix(listener) => {
                let address = listener.local_addr().ok();
                let path = address.as_ref().and_then(|at| at.as_pathname()).map(|path| path.display().to_string());
                format!("unix:{}", path.unwrap_or_default())
            }
        }
    }

    /// Whether only this host can reach it by TCP: then a request for a foreign name comes from a web page.
    pub(super) fn is_loopback(&self) -> bool {
        matches!(self, ListenSocket::Tcp(listener)
            if listener.local_addr().is_ok_and(|at| at.ip().to_canonical().is_loopback()))
    }

    /// Takes a connection.
    pub(super) fn accept(&self) -> io::Result<ClientStream> {
        match self {
            ListenSocket::Tcp(listener) => ClientStream::tcp(listener.accept()?.0),
            ListenSocket::Unix(listener) => ClientStream::unix(listener.accept()?.0),
        }
    }
}

impl AsFd for ListenSocket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            ListenSocket::Tcp(listener) => listener.as_fd(),
            ListenSocket::Unix(listener) => listener.as_fd(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_people_type_it() {
        let tcp = |text: &str| Some(ListenAddress::Tcp(text.parse().unwrap()));
        for (typed, meant) in [
            ("127.0.0.1:80", tcp("127.0.0.1:80")),
            ("[::1]:80", tcp("[::1]:80")),
            ("10.0.0.5", tcp("10.0.0.5:9977")),
            ("[::1]", tcp("[::1]:9977")),
            ("::1", tcp("[::1]:9977")),
            ("localhost", tcp("127.0.0.1:9977")),
            ("localhost:80", tcp("127.0.0.1:80")),
            ("80", tcp("127.0.0.1:80")),
            (":80", tcp("[::]:80")),
            ("unix:/run/x", Some(ListenAddress::Unix("/run/x".into()))),
            ("unix:", None),
            ("host:80", None),
            ("80x", None),
            ("", None),
            ("127.0.0.1:99999", None),
        ] {
            assert_eq!(parse(typed), meant, "{typed}");
        }
        assert!(parse(":80").unwrap().is_public() && !parse("80").unwrap().is_public());
        assert!(!parse("[::ffff:127.0.0.1]:80").unwrap().is_public());
    }
}
