//! Whom a finding names: the listener or destination, and the program that holds it.

use super::check::Finding;

/// A listener or destination at this address and port whose program is this process.
pub(crate) fn is_at(found: &Finding, kind: &str, at: std::net::SocketAddr, pid: u32) -> bool {
    let subject = &found.0["subject"];
    subject["kind"] == kind
        && subject["address"] == at.ip().to_string()
        && subject["port"] == at.port()
        && subject["program"]["pid"] == pid
}

/// A destination that is a whole host, where this process is connected.
pub(crate) fn is_host(found: &Finding, address: std::net::IpAddr, pid: u32) -> bool {
    let subject = &found.0["subject"];
    subject["kind"] == "destination"
        && subject["address"] == address.to_string()
        && subject["port"].is_null()
        && subject["program"]["pid"] == pid
}

/// This host as a whole.
pub(crate) fn is_this_host(found: &Finding) -> bool {
    found.0["subject"]["kind"] == "host"
}

/// A UNIX listener of that path.
pub(crate) fn is_path(found: &Finding, path: &str, pid: u32) -> bool {
    let subject = &found.0["subject"];
    subject["kind"] == "listener" && subject["path"] == path && subject["program"]["pid"] == pid
}
