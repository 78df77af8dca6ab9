//! Numbers, sizes and durations.

/// A whole number: decimal, or hexadecimal with `0x`. (A leading zero does not make it octal as in `ss`: `:080` is 80.)
pub(super) fn number(text: &str) -> Option<u64> {
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => (digits, 16),
        None => (text, 10),
    };
    // `from_str_radix` takes a sign.
    if digits.starts_with('+') { None } else { u64::from_str_radix(digits, radix).ok() }
}

/// The same within 32 bits.
pub(super) fn number32(text: &str) -> Option<u32> {
    number(text)?.try_into().ok()
}

/// Bytes: a number, and `K`, `M` or `G` for powers of 1024, in any of their spellings (`KB`, `KiB`).
pub(super) fn size(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text.get(digits.len()..)?.to_ascii_lowercase().as_str() {
        "" => 1,
        "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        _ => return None,
    };
    decimal(digits)?.checked_mul(unit)
}

/// Units of time in microseconds, longest first.
const UNITS: [(&str, u64); 6] =
    [("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1_000), ("us", 1)];

/// A duration in microseconds: `10m`, `100ms`, `1h30m`. A unit is required, because a bare number is ambiguous.
pub(super) fn duration(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut total = 0u64;
    while !rest.is_empty() {
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let amount = decimal(rest.get(..rest.len() - after.len())?)?;
        rest = after.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let unit = after.get(..after.len() - rest.len())?;
        let (_, micros) = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit))?;
        total = total.checked_add(amount.checked_mul(*micros)?)?;
    }
    if text.is_empty() { None } else { Some(total) }
}

/// Writes a duration in its largest unit that needs no fraction.
pub(super) fn write_duration(micros: u64) -> String {
    let whole = UNITS.iter().find(|(_, unit)| micros.is_multiple_of(*unit) && micros >= *unit);
    whole.map_or_else(|| format!("{micros}us"), |(name, unit)| format!("{}{name}", micros / unit))
}

fn decimal(digits: &str) -> Option<u64> {
    if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_decimal_or_marked_as_hexadecimal() {
        assert_eq!(["80", "080", "0x50", "0X50"].map(number), [Some(80); 4]);
        for wrong in ["", "0x", "+1", "-1", "1 ", "8o", "0x+1", "18446744073709551616"] {
            assert_eq!(number(wrong), None, "{wrong}");
        }
        assert_eq!(number32("4294967296"), None);
    }

    #[test]
    fn sizes_take_powers_of_1024() {
        assert_eq!(["0", "7", "4k", "4K", "1m", "2G"].map(size), [0, 7, 4096, 4096, 1 << 20, 2 << 30].map(Some));
        assert_eq!(["8b", "4kB", "1MiB", "2GB"].map(size), [8, 4096, 1 << 20, 2 << 30].map(Some));
        for wrong in ["", "k", "1bk", "1.5k", "-1", "18446744073709551615k", "1k1"] {
            assert_eq!(size(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn durations_need_units() {
        for (text, micros) in [
            ("10m", 600_000_000),
            ("100ms", 100_000),
            ("5S", 5_000_000),
            ("1h30m", 5_400_000_000),
            ("0s", 0),
            ("7us", 7),
        ] {
            assert_eq!(duration(text), Some(micros), "{text}");
        }
        for wrong in ["", "10", "m", "10x", "1h30", "1.5s", "-1s", "99999999999999999999d", "999999999999999d", "5 m"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
        assert_eq!([0, 1, 1_000, 90_000_000, 3_600_000_000].map(write_duration), ["0us", "1us", "1ms", "90s", "1h"]);
    }
}
