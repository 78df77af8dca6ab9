//! Addresses and names within netlink messages, replaced in place: no length changes.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::Aliases;
use crate::{
    archive::{
        format::Line,
        question::{DumpRequest, request_name},
    },
    model::uapi::{
        AF_INET, AF_INET6, AF_PACKET, AF_UNIX, INET_DIAG_MSG, NLMSG_ERROR, NLMSG_HDRLEN, NLMSG_MIN_TYPE, NLMSG_TYPE,
        PACKET_DIAG_MSG, SOCKADDR_STORAGE, TCP_DIAG_MD5SIG, TCPDIAG_GETSOCK, UNIX_DIAG_MSG, from_hex, inet_diag,
        packet_diag, rtnetlink, u16_at, unix_diag,
    },
};

/// Where the addresses lie in `struct inet_diag_msg`.
const INET_ADDRESSES: [usize; 2] = [8, 24];
/// Replaces the identifying data of a request and its answer.
pub(super) fn answer(aliases: &Aliases, line: &mut Line, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut request = from_hex(&line.name)?;
    // A filter for the kernel holds addresses too.
    if DumpRequest::of(&request).is_some_and(|question| question.is_narrowed) {
        return None;
    }
    redact_request(aliases, &mut request);
    line.name = request_name(&request);
    let mut bytes = bytes.to_vec();
    let mut rest = bytes.as_mut_slice();
    while let Some((length, after)) = rest.split_first_chunk_mut::<4>() {
        let length = (u32::from_le_bytes(*length) as usize).min(after.len());
        let (datagram, after) = after.split_at_mut(length);
        messages(aliases, datagram);
        rest = after;
    }
    Some(bytes)
}

/// Replaces the addresses of a request to rtnetlink and of its answer; clears other attributes, such as Ethernet addresses.
pub(super) fn route(aliases: &Aliases, line: &mut Line, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut request = from_hex(&line.name)?;
    let mut bytes = bytes.to_vec();
    for message in [&mut request, &mut bytes] {
        // The refused request follows the error number.
        let is_error = u16_at(message, NLMSG_TYPE) == Some(NLMSG_ERROR);
        let rest = message.get_mut(NLMSG_HDRLEN + if is_error { 4 } else { rtnetlink::HEADER }..).unwrap_or_default();
        if is_error {
            rest.fill(0);
        }
        attributes(rest, &mut |kind, value| match (kind, value.len()) {
            (rtnetlink::DST | rtnetlink::GATEWAY | rtnetlink::PREFSRC, 4) => address(aliases, AF_INET, value),
            (rtnetlink::DST | rtnetlink::GATEWAY | rtnetlink::PREFSRC, 16) => address(aliases, AF_INET6, value),
            (rtnetlink::VIA, 18) => address(aliases, AF_INET6, value.get_mut(2..).unwrap_or_default()),
            (rtnetlink::VIA, 6) => address(aliases, AF_INET, value.get_mut(2..).unwrap_or_default()),
            (rtnetlink::OIF, 4) => {}
            _ => value.fill(0),
        });
    }
    line.name = request_name(&request);
    Some(bytes)
}

fn messages(aliases: &Aliases, datagram: &mut [u8]) {
    let mut rest = datagram;
    while let Some(head) = rest.first_chunk::<NLMSG_HDRLEN>() {
        let [l0, l1, l2, l3, k0, k1, ..] = *head;
        let length = (u32::from_ne_bytes([l0, l1, l2, l3]) as usize).clamp(NLMSG_HDRLEN, rest.len());
        let (message, after) = rest.split_at_mut(length.next_multiple_of(4).min(rest.len()));
        let payload = message.get_mut(NLMSG_HDRLEN..length).unwrap_or_default();
        match u16::from_ne_bytes([k0, k1]) {
            // The refused request follows the error number.
            NLMSG_ERROR => redact_request(aliases, payload.get_mut(4..).unwrap_or_default()),
            0..NLMSG_MIN_TYPE => {}
            _ => record(aliases, payload),
        }
        rest = after;
    }
}

fn redact_request(aliases: &Aliases, request: &mut [u8]) {
    let kind = u16_at(request, NLMSG_TYPE);
    let Some(&family @ (AF_INET | AF_INET6)) = request.get(NLMSG_HDRLEN) else { return };
    let ends = NLMSG_HDRLEN + if kind == Some(TCPDIAG_GETSOCK) { 4 } else { 8 } + 4;
    for at in [ends, ends + 16] {
        address(aliases, family, request.get_mut(at..).unwrap_or_default());
    }
}

/// Replaces the address that the bytes begin with.
fn address(aliases: &Aliases, family: u8, bytes: &mut [u8]) {
    if family == AF_INET
        && let Some(place) = bytes.first_chunk_mut::<4>()
    {
        *place = aliases.addresses.v4(Ipv4Addr::from(*place)).octets();
    } else if family == AF_INET6
        && let Some(place) = bytes.first_chunk_mut::<16>()
    {
        *place = aliases.addresses.v6(Ipv6Addr::from(*place)).octets();
    }
}

fn record(aliases: &Aliases, record: &mut [u8]) {
    match record.first() {
        Some(&family @ (AF_INET | AF_INET6)) => {
            for at in INET_ADDRESSES {
                address(aliases, family, record.get_mut(at..).unwrap_or_default());
            }
            attributes(record.get_mut(INET_DIAG_MSG..).unwrap_or_default(), &mut |kind, value| {
                inet(aliases, kind, value)
            });
        }
        Some(&AF_UNIX) => attributes(record.get_mut(UNIX_DIAG_MSG..).unwrap_or_default(), &mut |kind, value| {
            if kind == unix_diag::NAME {
                aliases.unix_name(value);
            }
        }),
        Some(&AF_PACKET) => attributes(record.get_mut(PACKET_DIAG_MSG..).unwrap_or_default(), &mut |kind, value| {
            if kind == packet_diag::FILTER {
                value.fill(0);
            }
        }),
        _ => {}
    }
}

fn inet(aliases: &Aliases, kind: u16, value: &mut [u8]) {
    match kind {
        inet_diag::LOCALS | inet_diag::PEERS => {
            for end in value.chunks_mut(SOCKADDR_STORAGE) {
                let family = end.first().copied().unwrap_or_default();
                let at = if family == AF_INET { 4 } else { 8 };
                address(aliases, family, end.get_mut(at..).unwrap_or_default());
            }
        }
        inet_diag::MD5SIG => {
            for key in value.chunks_mut(TCP_DIAG_MD5SIG) {
                let family = key.first().copied().unwrap_or_default();
                address(aliases, family, key.get_mut(4..).unwrap_or_default());
                key.get_mut(20..).unwrap_or_default().fill(0);
            }
        }
        inet_diag::SK_BPF_STORAGES => value.fill(0),
        _ => {}
    }
}

fn attributes(mut rest: &mut [u8], each: &mut dyn FnMut(u16, &mut [u8])) {
    while let Some(&[l0, l1, k0, k1]) = rest.first_chunk() {
        let length = usize::from(u16::from_ne_bytes([l0, l1]));
        if length < 4 || length > rest.len() {
            // The attribute is damaged and later readers stop here, so its bytes are cleared.
            rest.fill(0);
            return;
        }
        let (attribute, after) = rest.split_at_mut(length.next_multiple_of(4).min(rest.len()));
        each(u16::from_ne_bytes([k0, k1]) & 0x3fff, attribute.get_mut(4..length).unwrap_or_default());
        rest = after;
    }
}
