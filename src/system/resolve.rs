//! Names of hosts, from the system's resolver: they may send a packet, so only when asked to.

use std::net::IpAddr;

/// The name of an address; `None` if it has none or the resolver does not answer.
pub fn name_of(address: IpAddr) -> Option<String> {
    if address.is_unspecified() {
        return None;
    }
    // The resolver gives the address back as text where it finds no name.
    dns_lookup::lookup_addr(&address).ok().filter(|name| name.parse::<IpAddr>().is_err())
}

/// The addresses of a name.
pub fn addresses_of(name: &str) -> Vec<IpAddr> {
    dns_lookup::lookup_host(name).map(Iterator::collect).unwrap_or_default()
}
