//! Addresses and names within netlink messages, replaced in place: no length changes.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::Redactor;
use crate::archive::{dumps::Question, format::Line, recorder::name_of_request};

const HEADER: usize = 16;
const NLMSG_ERROR: u16 = 2;
const TCPDIAG_GETSOCK: u16 = 18;

const AF_UNIX: u8 = 1;
const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;
const AF_PACKET: u8 = 17;

/// `struct inet_diag_msg`, and where its addresses stand.
const INET: usize = 72;
const INET_ADDRESSES: [usize; 2] = [8, 24];
/// `struct unix_diag_msg`, `struct packet_diag_msg`.
const UNIX: usize = 16;
const PACKET: usize = 16;

const UNIX_DIAG_NAME: u16 = 0;
const PACKET_DIAG_FILTER: u16 = 7;
const INET_DIAG_LOCALS: u16 = 12;
const INET_DIAG_PEERS: u16 = 13;
const INET_DIAG_MD5SIG: u16 = 18;
const INET_DIAG_SK_BPF_STORAGES: u16 = 20;

/// `struct sockaddr_storage`, `struct tcp_diag_md5sig`.
const SOCKADDR: usize = 128;
const MD5SIG: usize = 100;

/// Replaces what a request and its answer tell.
pub(super) fn answer(redactor: &Redactor, line: &mut Line, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut request: Vec<u8> = Vec::with_capacity(line.name.len() / 2);
    let digits: Option<Vec<u32>> = line.name.chars().map(|digit| digit.to_digit(16)).collect();
    request.extend(digits?.chunks_exact(2).map(|two| two.iter().fold(0, |byte, digit| byte << 4 | digit) as u8));
    // A filter for the kernel holds addresses too.
    if Question::of(&request).is_some_and(|question| question.is_narrowed) {
        return None;
    }
    redact_request(redactor, &mut request);
    line.name = name_of_request(&request);
    let mut bytes = bytes.to_vec();
    let mut rest = bytes.as_mut_slice();
    while let Some((length, after)) = rest.split_first_chunk_mut::<4>() {
        let length = (u32::from_le_bytes(*length) as usize).min(after.len());
        let (datagram, after) = after.split_at_mut(length);
        messages(redactor, datagram);
        rest = after;
    }
    Some(bytes)
}

fn messages(redactor: &Redactor, datagram: &mut [u8]) {
    let mut rest = datagram;
    while let Some(head) = rest.first_chunk::<HEADER>() {
        let [l0, l1, l2, l3, k0, k1, ..] = *head;
        let length = (u32::from_ne_bytes([l0, l1, l2, l3]) as usize).clamp(HEADER, rest.len());
        let (message, after) = rest.split_at_mut(length.next_multiple_of(4).min(rest.len()));
        let payload = message.get_mut(HEADER..length).unwrap_or_default();
        match u16::from_ne_bytes([k0, k1]) {
            // The request that was refused stands behind the error number.
            NLMSG_ERROR => redact_request(redactor, payload.get_mut(4..).unwrap_or_default()),
            0..16 => {}
            _ => record(redactor, payload),
        }
        rest = after;
    }
}

fn redact_request(redactor: &Redactor, request: &mut [u8]) {
    let kind = request.get(4..6).and_then(|kind| kind.first_chunk()).map(|kind| u16::from_ne_bytes(*kind));
    let Some(&family @ (AF_INET | AF_INET6)) = request.get(HEADER) else { return };
    let ends = HEADER + if kind == Some(TCPDIAG_GETSOCK) { 4 } else { 8 } + 4;
    for at in [ends, ends + 16] {
        address(redactor, family, request.get_mut(at..).unwrap_or_default());
    }
}

/// Replaces the address that the bytes begin with.
fn address(redactor: &Redactor, family: u8, bytes: &mut [u8]) {
    if family == AF_INET
        && let Some(place) = bytes.first_chunk_mut::<4>()
    {
        *place = redactor.addresses.v4(Ipv4Addr::from(*place)).octets();
    } else if family == AF_INET6
        && let Some(place) = bytes.first_chunk_mut::<16>()
    {
        *place = redactor.addresses.v6(Ipv6Addr::from(*place)).octets();
    }
}

fn record(redactor: &Redactor, record: &mut [u8]) {
    match record.first() {
        Some(&family @ (AF_INET | AF_INET6)) => {
            for at in INET_ADDRESSES {
                address(redactor, family, record.get_mut(at..).unwrap_or_default());
            }
            attributes(record.get_mut(INET..).unwrap_or_default(), &mut |kind, value| inet(redactor, kind, value));
        }
        Some(&AF_UNIX) => attributes(record.get_mut(UNIX..).unwrap_or_default(), &mut |kind, value| {
            if kind == UNIX_DIAG_NAME {
                redactor.unix_name(value);
            }
        }),
        Some(&AF_PACKET) => attributes(record.get_mut(PACKET..).unwrap_or_default(), &mut |kind, value| {
            if kind == PACKET_DIAG_FILTER {
                value.fill(0);
            }
        }),
        _ => {}
    }
}

fn inet(redactor: &Redactor, kind: u16, value: &mut [u8]) {
    match kind {
        INET_DIAG_LOCALS | INET_DIAG_PEERS => {
            for end in value.chunks_mut(SOCKADDR) {
                let family = end.first().copied().unwrap_or_default();
                let at = if family == AF_INET { 4 } else { 8 };
                address(redactor, family, end.get_mut(at..).unwrap_or_default());
            }
        }
        INET_DIAG_MD5SIG => {
            for key in value.chunks_mut(MD5SIG) {
                let family = key.first().copied().unwrap_or_default();
                address(redactor, family, key.get_mut(4..).unwrap_or_default());
                key.get_mut(20..).unwrap_or_default().fill(0);
            }
        }
        INET_DIAG_SK_BPF_STORAGES => value.fill(0),
        _ => {}
    }
}

fn attributes(mut rest: &mut [u8], each: &mut dyn FnMut(u16, &mut [u8])) {
    while let Some(&[l0, l1, k0, k1]) = rest.first_chunk() {
        let length = usize::from(u16::from_ne_bytes([l0, l1]));
        if length < 4 || length > rest.len() {
            // Nobody reads on here; what it holds is not told.
            rest.fill(0);
            return;
        }
        let (attribute, after) = rest.split_at_mut(length.next_multiple_of(4).min(rest.len()));
        each(u16::from_ne_bytes([k0, k1]) & 0x3fff, attribute.get_mut(4..length).unwrap_or_default());
        rest = after;
    }
}
