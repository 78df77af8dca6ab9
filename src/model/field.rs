//! A field of a structure that the kernel sends as bytes and extends from version to version.
//!
//! A table of these gives the offset of each value; a field beyond the received bytes is `None`, never 0.

/// The unit of a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// A plain number, or packets.
    Number,
    /// A number whose bits or values have names.
    Code,
    /// Yes or no.
    Flag,
    /// Bytes.
    Bytes,
    /// Bytes per second; all bits are set without a limit.
    BytesPerSecond,
    /// Microseconds.
    Micros,
    /// Milliseconds.
    Millis,
    /// Seconds.
    Seconds,
    /// A tag, token or sequence number of up to 64 bits, written as hexadecimal digits.
    Hex,
}

/// One field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Field {
    /// The kernel's name without its prefix.
    pub name: &'static str,
    /// The name in JSON, which ends in the unit.
    pub json: &'static str,
    /// The same as the beginning of a JSON member after another: `,"rtt_us":`.
    pub member: &'static str,
    /// Where it begins, in bytes.
    pub offset: u16,
    /// How many bytes it takes, or the byte its bits lie in: 1, 2, 4 or 8.
    pub width: u8,
    /// For a bit field: the first bit as a little-endian compiler lays it out, and how many.
    pub bits: Option<(u8, u8)>,
    /// The unit.
    pub unit: Unit,
}

impl Field {
    /// Reads it from the structure as it was sent; `None` where it lies beyond.
    pub fn read(&self, sent: &[u8]) -> Option<u64> {
        let rest = sent.get(usize::from(self.offset)..)?;
        match self.width {
            1 => {
                let byte = *rest.first()?;
                let Some((first, count)) = self.bits else { return Some(u64::from(byte)) };
                // Big-endian compilers lay bit fields out from the top.
                let shift = if cfg!(target_endian = "big") { 8 - first - count } else { first };
                Some(u64::from(byte >> shift) & ((1 << count) - 1))
            }
            2 => rest.first_chunk().map(|bytes| u64::from(u16::from_ne_bytes(*bytes))),
            4 => rest.first_chunk().map(|bytes| u64::from(u32::from_ne_bytes(*bytes))),
            _ => rest.first_chunk().map(|bytes| u64::from_ne_bytes(*bytes)),
        }
    }
}

/// Names the fields of a structure and lists them in its order.
macro_rules! fields {
    ($($(#[$about:meta])* $constant:ident = $name:literal $json:literal $place:expr, $unit:ident;)*) => {
        $(
            $(#[$about])*
            pub const $constant: $crate::model::field::Field =
                $crate::model::field::Field {
                    name: $name,
                    json: $json,
                    member: concat!(",\"", $json, "\":"),
                    offset: $place.0,
                    width: $place.1,
                    bits: $place.2,
                    unit: $crate::model::field::Unit::$unit,
                };
        )*
        /// All fields, in the order of the structure.
        pub const FIELDS: &[$crate::model::field::Field] = &[$($constant),*];
    };
}
pub(crate) use fields;

/// Where a field lies: offset, width, and bits.
pub(crate) type Position = (u16, u8, Option<(u8, u8)>);

/// Whole bytes: offset and width.
pub(crate) const fn bytes(offset: u16, width: u8) -> Position {
    (offset, width, None)
}

/// Bits within a byte: its offset, the first bit and their number.
pub(crate) const fn bits(offset: u16, first: u8, count: u8) -> Position {
    (offset, 1, Some((first, count)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(place: Position) -> Field {
        let (offset, width, bits) = place;
        Field { name: "a", json: "a", member: ",\"a\":", offset, width, bits, unit: Unit::Number }
    }

    #[test]
    fn what_was_not_sent_or_only_in_part_is_unknown() {
        let field = field(bytes(4, 4));
        assert_eq!(field.read(&[0; 8]), Some(0));
        assert_eq!(field.read(&[0; 7]), None);
        assert_eq!(field.read(&[]), None);
    }

    #[test]
    #[cfg(target_endian = "little")]
    fn bit_fields_are_cut_out_of_their_byte() {
        assert_eq!(field(bits(0, 0, 4)).read(&[0x95]), Some(5));
        assert_eq!(field(bits(0, 4, 4)).read(&[0x95]), Some(9));
        assert_eq!(field(bits(0, 1, 2)).read(&[0b110]), Some(3));
    }
}
