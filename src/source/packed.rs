//! An answer made of records that lie in memory or in a file.

use std::{io, iter::Peekable};

use super::Answer;
use crate::model::uapi::{NLM_F_MULTI, NLMSG_DONE, NLMSG_HDRLEN, SOCK_DIAG_BY_FAMILY};

/// The sequence number that every message carries.
const SEQUENCE: u32 = 1;

/// The port id that every message carries.
const PORT: u32 = 1;

/// Datagrams are filled up to this size.
const ROOM: usize = 16 * 1024;

/// Puts the payloads of records into datagrams, and `NLMSG_DONE` after the last.
///
/// The kernel may repeat a socket where a datagram begins, and the walker drops the repeat. These records have been
/// through that already: an empty datagram between two others keeps the walker from comparing them.
pub(super) struct Packed<I: Iterator> {
    records: Peekable<I>,
    is_edge: bool,
}

impl<I: Iterator> Packed<I> {
    /// The answer that gives these records.
    pub(super) fn new(records: I) -> Packed<I> {
        Packed { records: records.peekable(), is_edge: false }
    }
}

impl<B: AsRef<[u8]>, I: Iterator<Item = io::Result<B>>> Answer for Packed<I> {
    fn expects(&self) -> (u32, u32) {
        (SEQUENCE, PORT)
    }

    fn next(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if std::mem::take(&mut self.is_edge) {
            return Ok(0);
        }
        let mut length = 0;
        let fits = |record: &io::Result<B>, length: usize| match record {
            Ok(payload) => length == 0 || length + message_length(payload.as_ref()) <= ROOM,
            Err(_) => true,
        };
        while let Some(record) = self.records.next_if(|record| fits(record, length)) {
            length += write_message(buffer, length, SOCK_DIAG_BY_FAMILY, record?.as_ref())?;
        }
        if length == 0 {
            length = write_message(buffer, 0, NLMSG_DONE, &[0; 4])?;
        }
        self.is_edge = true;
        Ok(length)
    }
}

/// The length of a message with this payload, padding and all.
fn message_length(payload: &[u8]) -> usize {
    (NLMSG_HDRLEN + payload.len()).next_multiple_of(4)
}

/// Writes a message to its place in a buffer; how long it is.
fn write_message(buffer: &mut [u8], at: usize, kind: u16, payload: &[u8]) -> io::Result<usize> {
    let length = message_length(payload);
    let space = buffer.get_mut(at..at + length).ok_or_else(did_not_fit)?;
    space.fill(0);
    let header = [
        &((NLMSG_HDRLEN + payload.len()) as u32).to_ne_bytes()[..],
        &kind.to_ne_bytes(),
        &NLM_F_MULTI.to_ne_bytes(),
        &SEQUENCE.to_ne_bytes(),
        &PORT.to_ne_bytes(),
    ]
    .concat();
    for (bytes, at) in [(header.as_slice(), 0), (payload, NLMSG_HDRLEN)] {
        space.get_mut(at..at + bytes.len()).ok_or_else(did_not_fit)?.copy_from_slice(bytes);
    }
    Ok(length)
}

fn did_not_fit() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a datagram did not fit")
}
