//! A field of a structure the kernel sends as bytes and lengthens from version to version.
//!
//! A table of these says where each figure lies; a field beyond what was sent is `None`, never 0.

/// What a figure counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// A plain number, or packets.
    Number,
    /// A number whose bits or values have names of their own.
    Code,
    /// Yes or no.
    Flag,
    /// Bytes.
    Bytes,
    /// Bytes per second; all bits set where there is no limit.
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
    /// Where it begins, in bytes.
    pub offset: u16,
    /// How many bytes it takes, or the byte its bits lie in: 1, 2, 4 or 8.
    pub width: u8,
    /// For a bit field: the first bit as a little-endian compiler lays it out, and how many.
    pub bits: Option<(u8, u8)>,
    /// What it counts.
    pub unit: Unit,
}

impl Field {
    /// A field of whole bytes.
    pub const fn whole(name: &'static str, json: &'static str, offset: u16, width: u8, unit: Unit) -> Field {
        Field { name, json, offset, width, bits: None, unit }
    }

    /// A bit field within one byte.
    pub const fn bits(name: &'static str, json: &'static str, offset: u16, bits: (u8, u8), unit: Unit) -> Field {
        Field { name, json, offset, width: 1, bits: Some(bits), unit }
    }

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
                $crate::model::field::place($name, $json, $place, $crate::model::field::Unit::$unit);
        )*
        /// All fields, in the order of the structure.
        pub const FIELDS: &[$crate::model::field::Field] = &[$($constant),*];
    };
}
pub(crate) use fields;

/// Where a field lies.
pub(crate) enum Place {
    /// Offset and width in bytes.
    Bytes(u16, u8),
    /// Offset of the byte, first bit and number of bits.
    Bits(u16, u8, u8),
}

pub(crate) const fn place(name: &'static str, json: &'static str, place: Place, unit: Unit) -> Field {
    match place {
        Place::Bytes(offset, width) => Field::whole(name, json, offset, width, unit),
        Place::Bits(offset, first, count) => Field::bits(name, json, offset, (first, count), unit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_sent_or_only_in_part_is_unknown() {
        let field = Field::whole("a", "a", 4, 4, Unit::Number);
        assert_eq!(field.read(&[0; 8]), Some(0));
        assert_eq!(field.read(&[0; 7]), None);
        assert_eq!(field.read(&[]), None);
    }

    #[test]
    #[cfg(target_endian = "little")]
    fn bit_fields_are_cut_out_of_their_byte() {
        assert_eq!(Field::bits("a", "a", 0, (0, 4), Unit::Number).read(&[0x95]), Some(5));
        assert_eq!(Field::bits("a", "a", 0, (4, 4), Unit::Number).read(&[0x95]), Some(9));
        assert_eq!(Field::bits("a", "a", 0, (1, 2), Unit::Number).read(&[0b110]), Some(3));
    }
}
