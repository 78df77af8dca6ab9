//! Two questions of rtnetlink and their answers: the route to an address, and the state of a neighbour.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use netlink_packet_core::NLM_F_REQUEST;

use super::{attributes, request::asked};
use crate::model::{
    reach::Hop,
    uapi::{AF_INET, AF_INET6, NLMSG_ERROR, NLMSG_HDRLEN, NLMSG_TYPE, rtnetlink, u16_at, u32_at},
};

/// `RTM_NEWROUTE`, `RTM_GETROUTE`, `RTM_NEWNEIGH`, `RTM_GETNEIGH` (`include/uapi/linux/rtnetlink.h`).
const RTM_NEWROUTE: u16 = 24;
const RTM_GETROUTE: u16 = 26;
const RTM_NEWNEIGH: u16 = 28;
const RTM_GETNEIGH: u16 = 30;

/// The question for the route to an address, out of one interface where that is not 0.
pub fn route_request(to: IpAddr, interface: u32) -> Vec<u8> {
    let address = octets(to);
    let mut payload = vec![0_u8; rtnetlink::HEADER];
    payload[..2].copy_from_slice(&[family(to), (address.len() * 8) as u8]);
    payload.extend(attribute(rtnetlink::DST, &address));
    if interface != 0 {
        payload.extend(attribute(rtnetlink::OIF, &interface.to_ne_bytes()));
    }
    asked(RTM_GETROUTE, NLM_F_REQUEST, &payload)
}

/// The question for one neighbour on an interface.
pub fn neighbour_request(address: IpAddr, interface: u32) -> Vec<u8> {
    let mut payload = vec![family(address), 0, 0, 0];
    payload.extend(interface.to_ne_bytes());
    payload.extend([0; 4]);
    payload.extend(attribute(rtnetlink::DST, &octets(address)));
    asked(RTM_GETNEIGH, NLM_F_REQUEST, &payload)
}

/// The route in an answer; its interface has no name yet.
///
/// # Errors The kernel's error instead of a route (`ENETUNREACH`); an answer without a route is `InvalidData`.
pub fn route(answer: &[u8]) -> io::Result<Hop> {
    let payload = payload(answer, RTM_NEWROUTE)?;
    let mut hop =
        Hop { kind: payload.get(7).copied().unwrap_or(0), index: 0, interface: None, gateway: None, source: None };
    for (kind, value) in attributes(payload.get(rtnetlink::HEADER..).unwrap_or_default()) {
        match kind {
            rtnetlink::OIF => hop.index = u32_at(value, 0).unwrap_or(0),
            rtnetlink::GATEWAY => hop.gateway = address(value),
            rtnetlink::VIA => hop.gateway = value.get(2..).and_then(address),
            rtnetlink::PREFSRC => hop.source = address(value),
            _ => {}
        }
    }
    Ok(hop)
}

/// The `NUD_*` state in an answer.
///
/// # Errors The kernel's error: `ENOENT` if the neighbour does not exist.
pub fn neighbour_state(answer: &[u8]) -> io::Result<u16> {
    u16_at(payload(answer, RTM_NEWNEIGH)?, 8).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// The bytes after the header of the first message, if it is of this kind.
fn payload(answer: &[u8], wanted: u16) -> io::Result<&[u8]> {
    let payload = answer.get(NLMSG_HDRLEN..).unwrap_or_default();
    match u16_at(answer, NLMSG_TYPE) {
        Some(NLMSG_ERROR) => {
            let errno = u32_at(payload, 0).map_or(libc::EIO, |errno| errno.cast_signed().wrapping_neg());
            Err(io::Error::from_raw_os_error(errno))
        }
        Some(kind) if kind == wanted => Ok(payload),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

fn family(address: IpAddr) -> u8 {
    if address.is_ipv4() { AF_INET } else { AF_INET6 }
}

fn octets(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    }
}

fn address(value: &[u8]) -> Option<IpAddr> {
    match value.len() {
        4 => Some(Ipv4Addr::from(*value.first_chunk()?).into()),
        16 => Some(Ipv6Addr::from(*value.first_chunk()?).into()),
        _ => None,
    }
}

/// An attribute; all values here fill whole words of four bytes.
fn attribute(kind: u16, value: &[u8]) -> Vec<u8> {
    let length = (4 + value.len()) as u16;
    [&length.to_ne_bytes()[..], &kind.to_ne_bytes(), value].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: u16, payload: &[u8]) -> Vec<u8> {
        let length = (NLMSG_HDRLEN + payload.len()) as u32;
        [&length.to_ne_bytes()[..], &kind.to_ne_bytes(), &[0; 10], payload].concat()
    }

    #[test]
    fn a_route_tells_router_source_and_interface() {
        let mut payload = vec![0; rtnetlink::HEADER];
        payload[7] = 1;
        payload.extend(attribute(rtnetlink::OIF, &3_u32.to_ne_bytes()));
        payload.extend(attribute(rtnetlink::GATEWAY, &[10, 0, 0, 1]));
        payload.extend(attribute(rtnetlink::PREFSRC, &[10, 0, 0, 5]));
        let hop = route(&message(RTM_NEWROUTE, &payload)).unwrap();
        assert_eq!((hop.index, hop.is_local()), (3, false));
        assert_eq!(hop.gateway, Some(Ipv4Addr::new(10, 0, 0, 1).into()));
        assert_eq!(hop.source, Some(Ipv4Addr::new(10, 0, 0, 5).into()));
    }

    #[test]
    fn an_error_in_place_of_an_answer_is_the_kernels() {
        let error = message(NLMSG_ERROR, &(-libc::ENETUNREACH).to_ne_bytes());
        assert_eq!(route(&error).unwrap_err().raw_os_error(), Some(libc::ENETUNREACH));
        assert!(route(&[]).is_err() && neighbour_state(&message(RTM_NEWNEIGH, &[0; 4])).is_err());
    }
}
