//! Netlink answers in few bytes, for samples that stay in memory: of each message the words that differ from the last
//! message of its length. The sockets of a dump differ in some words of thirty, so this takes a fraction of the time that
//! LZ4 takes, and leaves no more. The frame of a large answer then stays as it is ([`plain`]).
//!
//! Packed are units of whole words: their number (16 bits), and for every eight words a byte with a bit for each that
//! follows. The first unit of a length follows whole. After the number 0 come all other bytes as they are.

use std::{borrow::Cow, io};

use super::format::{compressed, decompressed};
use crate::model::uapi::u32_at;

/// What a frame that is not compressed begins with, before its length.
const PLAIN: [u8; 4] = *b"flat";

/// The bytes of a word.
const WORD: usize = 4;

/// How many words a byte speaks of.
const GROUP: usize = 8;

/// The number of words before bytes that stay as they are.
const UNPACKED: [u8; 2] = [0, 0];

/// Units of this number of lengths are kept in mind.
const LENGTHS: usize = 64;

/// The last unit of each length: how many words, and where it begins.
struct LastUnits([(usize, usize); LENGTHS]);

impl LastUnits {
    /// Notes a unit; where the one before it of its length begins.
    fn replace(&mut self, words: usize, start: usize) -> Option<usize> {
        let slot = self.0.get_mut(words % LENGTHS)?;
        let (length, before) = std::mem::replace(slot, (words, start));
        (length == words).then_some(before)
    }
}

/// Packs the answers of a recording: datagrams, each after its length. Anything else is kept, too, in two bytes more.
pub(super) fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(bytes.len() / GROUP + GROUP);
    let mut last = LastUnits([(0, 0); LENGTHS]);
    let (mut at, mut left) = (0, 0);
    while at < bytes.len() {
        let length = u32_at(bytes, at).unwrap_or(0) as usize;
        // A datagram's length, and then each of its messages.
        let unit = if left == 0 { WORD } else { length.checked_next_multiple_of(WORD).unwrap_or(0) };
        left = if left == 0 { length } else { left.saturating_sub(unit) };
        let words = u16::try_from(unit / WORD).unwrap_or(0);
        let Some(now) = bytes.get(at..at.saturating_add(unit)).filter(|_| words > 0) else {
            packed.extend_from_slice(&UNPACKED);
            packed.extend_from_slice(bytes.get(at..).unwrap_or_default());
            break;
        };
        packed.extend_from_slice(&words.to_le_bytes());
        match last.replace(words.into(), at).and_then(|before| bytes.get(before..before + unit)) {
            Some(before) => differences(&mut packed, now, before),
            None => packed.extend_from_slice(now),
        }
        at += unit;
    }
    if packed.len() > bytes.len() + UNPACKED.len() { [&UNPACKED[..], bytes].concat() } else { packed }
}

/// Adds the words of a unit that differ from those of another one.
fn differences(packed: &mut Vec<u8>, now: &[u8], before: &[u8]) {
    let (now, now_end) = now.as_chunks::<WORD>().0.as_chunks::<GROUP>();
    let (before, before_end) = before.as_chunks::<WORD>().0.as_chunks::<GROUP>();
    for (now, before) in now.iter().zip(before) {
        group(packed, now, before);
    }
    if !now_end.is_empty() {
        let whole = |end: &[[u8; WORD]]| {
            let mut words = [[0; WORD]; GROUP];
            words.iter_mut().zip(end).for_each(|(place, word)| *place = *word);
            words
        };
        group(packed, &whole(now_end), &whole(before_end));
    }
}

/// The same for eight words: a loop over places, as it runs for every word of a dump.
#[inline(always)]
fn group(packed: &mut Vec<u8>, now: &[[u8; WORD]; GROUP], before: &[[u8; WORD]; GROUP]) {
    let (mut which, mut count, mut words) = (0_u8, 0, [[0; WORD]; GROUP]);
    let mut number = 0;
    while number < GROUP {
        let word = now[number];
        if u32::from_ne_bytes(word) != u32::from_ne_bytes(before[number]) {
            which |= 1 << number;
            words[count % GROUP] = word;
            count += 1;
        }
        number += 1;
    }
    packed.push(which);
    packed.extend_from_slice(words.as_flattened().get(..count * WORD).unwrap_or_default());
}

/// The answers that were packed; `None` where these are no such bytes.
pub(super) fn unpacked(packed: &[u8]) -> Option<Cow<'_, [u8]>> {
    let mut bytes = Vec::with_capacity(packed.len() * WORD);
    let mut last = LastUnits([(0, 0); LENGTHS]);
    let mut rest = packed;
    while !rest.is_empty() {
        let words = usize::from(u16::from_le_bytes(*first(&mut rest)?));
        if words == 0 {
            bytes.extend_from_slice(rest);
            break;
        }
        let Some(before) = last.replace(words, bytes.len()) else {
            let (unit, after) = rest.split_at_checked(words * WORD)?;
            bytes.extend_from_slice(unit);
            rest = after;
            continue;
        };
        for group in (0..words).step_by(GROUP) {
            let [which] = *first(&mut rest)?;
            for word in group..words.min(group + GROUP) {
                let differs = which >> (word - group) & 1 == 1;
                let word =
                    if differs { first(&mut rest)? } else { bytes.get(before + word * WORD..)?.first_chunk()? };
                let word: [u8; WORD] = *word;
                bytes.extend_from_slice(&word);
            }
        }
    }
    Some(bytes.into())
}

/// A frame that is not compressed.
pub(super) fn plain(bytes: &[u8]) -> Vec<u8> {
    [&PLAIN[..], &(bytes.len() as u32).to_le_bytes(), bytes].concat()
}

/// The frames of a sample, all of them compressed, as a recording has them.
///
/// # Errors
/// Where these are no frames.
pub(super) fn as_recording(mut frames: &[u8]) -> io::Result<Vec<u8>> {
    let (mut recording, mut raw) = (Vec::new(), Vec::new());
    while !frames.is_empty() {
        if let Some(rest) = frames.strip_prefix(&PLAIN) {
            let frame = rest.split_first_chunk().and_then(|(length, rest)| {
                let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
                rest.split_at_checked(length)
            });
            let (frame, rest) = frame.ok_or(io::ErrorKind::InvalidData)?;
            recording.extend(compressed(frame)?);
            frames = rest;
        } else {
            let length = decompressed(frames, &mut raw)?;
            let (frame, rest) = frames.split_at_checked(length).ok_or(io::ErrorKind::InvalidData)?;
            recording.extend_from_slice(frame);
            frames = rest;
        }
    }
    Ok(recording)
}

/// Takes the first bytes.
fn first<'a, const N: usize>(rest: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (first, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(first)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Datagrams of messages of these lengths: of each the first word is its length, and few others differ.
    fn answer(datagrams: &[Vec<usize>]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (number, lengths) in (1_u32..).zip(datagrams) {
            bytes.extend((lengths.iter().sum::<usize>() as u32).to_ne_bytes());
            for (place, length) in (number..).zip(lengths) {
                let mut message = vec![7; *length];
                message[..4].copy_from_slice(&(*length as u32).to_ne_bytes());
                message[8..12].copy_from_slice(&place.wrapping_mul(0x9e37_79b9).to_ne_bytes());
                bytes.extend(message);
            }
        }
        bytes
    }

    #[test]
    fn a_dump_takes_a_few_bytes_for_each_socket() {
        let bytes = answer(&vec![vec![124; 264]; 20]);
        let packed = packed(&bytes);
        assert_eq!(unpacked(&packed).unwrap(), bytes);
        // Number of words, four bytes for 31 words, and the one that differs.
        assert!(packed.len() < 20 * (264 + 2) * 10, "{} of {}", packed.len(), bytes.len());
    }

    #[test]
    fn messages_of_several_lengths_are_compared_with_those_of_their_own() {
        // The last two have the same slot.
        let bytes = answer(&[vec![88, 124, 20], vec![124, 88, 20], vec![], vec![20 + 4 * LENGTHS, 20, 20]]);
        let packed = packed(&bytes);
        assert_eq!(unpacked(&packed).unwrap(), bytes);
        assert!(packed.len() < bytes.len());
    }

    #[test]
    fn what_is_cut_is_not_unpacked() {
        let packed = packed(&answer(&[vec![88, 88]]));
        let whole = |length: usize| unpacked(&packed[..length]).is_some_and(|bytes| bytes.len() == 4 + 2 * 88);
        assert_eq!((0..=packed.len()).filter(|length| whole(*length)).collect::<Vec<_>>(), [packed.len()]);
    }

    proptest! {
        #[test]
        fn any_bytes_come_back(
            lengths in prop::collection::vec(prop::collection::vec((4_usize..80).prop_map(|words| words * 4), 0..6), 0..6),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
            end in prop::collection::vec(any::<u8>(), 0..70),
        ) {
            let mut bytes = answer(&lengths);
            bytes.extend(end);
            for (place, byte) in changes {
                if !bytes.is_empty() {
                    let place = place.index(bytes.len());
                    bytes[place] = byte;
                }
            }
            let packed = packed(&bytes);
            prop_assert_eq!(unpacked(&packed).unwrap(), bytes);
        }
    }
}
