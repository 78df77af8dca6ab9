//! Numbers as text, without the formatting machinery of the standard library: a listing writes millions.

use std::io::Write;

/// Decimal digits.
#[inline]
pub(in crate::render) fn number(out: &mut Vec<u8>, value: impl Into<u64>) {
    let value: u64 = value.into();
    match value {
        0..10 => out.push(b'0' + value as u8),
        10..100_000 => up_to_five(out, value as u32),
        _ => longer(out, value),
    }
}

/// Ports and most queues: the digits are moved to the left, five are written and those too many taken back.
fn up_to_five(out: &mut Vec<u8>, value: u32) {
    let end = out.len() + length(value);
    let moved = match value {
        0..100 => value * 1000,
        100..1_000 => value * 100,
        1_000..10_000 => value * 10,
        _ => value,
    };
    out.extend_from_slice(&[10_000, 1_000, 100, 10, 1].map(|place| b'0' + (moved / place % 10) as u8));
    out.truncate(end);
}

fn longer(out: &mut Vec<u8>, mut value: u64) {
    let mut digits = [0; 20];
    let mut first = digits.len();
    for place in digits.iter_mut().rev() {
        *place = b'0' + (value % 10) as u8;
        first -= 1;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(first..).unwrap_or_default());
}

/// How many decimal digits a number has.
#[inline]
pub(in crate::render) fn length(value: u32) -> usize {
    value.checked_ilog10().map_or(1, |log| log as usize + 1)
}

/// Hexadecimal digits, without a prefix, at least `least` of them.
pub(super) fn hex(out: &mut Vec<u8>, value: u64, least: u32) {
    let used = (u64::BITS - value.leading_zeros()).div_ceil(4).max(least).max(1);
    for place in (0..used).rev() {
        let digit = (value >> (4 * place)) as u8 & 0xf;
        out.push(if digit < 10 { b'0' + digit } else { b'a' + digit - 10 });
    }
}

/// `rounded` divided by ten to the power of `decimals`, without trailing zeros.
fn fixed(out: &mut Vec<u8>, rounded: u64, decimals: u32) {
    let scale = 10u64.pow(decimals);
    number(out, rounded / scale);
    let mut rest = rounded % scale;
    if rest == 0 {
        return;
    }
    out.push(b'.');
    let mut place = scale / 10;
    while rest > 0 && place > 0 {
        out.push(b'0' + (rest / place) as u8);
        rest %= place;
        place /= 10;
    }
}

/// The value in steps, rounded to the nearest. A value halfway between is rounded as in C: by its floating-point form
/// in this unit, with this number of decimals.
fn nearest(value: u64, step: u64, unit: u64, decimals: u32) -> u64 {
    let (whole, rest) = (value / step, value % step);
    if rest.saturating_mul(2) != step {
        return whole + u64::from(rest > step / 2);
    }
    let text = format!("{:.*}", decimals as usize, value as f64 / unit as f64);
    text.replace('.', "").parse().unwrap_or(whole)
}

/// `value` divided by ten to the power of `decimals`, with six significant digits, as `%g` of C writes it.
fn six_digits(out: &mut Vec<u8>, value: u64, decimals: u32) {
    let dropped = value.checked_ilog10().map_or(0, |log| log.saturating_sub(5)).min(decimals);
    let kept = decimals - dropped;
    fixed(out, nearest(value, 10u64.pow(dropped), 10u64.pow(decimals), kept), kept);
}

/// A thousandth of the value: `0.02`, `204`, `1234.57`.
pub(super) fn thousandths(out: &mut Vec<u8>, value: impl Into<u64>) {
    six_digits(out, value.into(), 3);
}

/// `part` in percent of `whole`, with one decimal.
pub(super) fn percent(out: &mut Vec<u8>, part: u64, whole: u64) {
    let whole = u128::from(whole.max(1));
    let tenths = u64::try_from((u128::from(part) * 1000 + whole / 2) / whole).unwrap_or(u64::MAX);
    number(out, tenths / 10);
    out.push(b'.');
    number(out, tenths % 10);
}

/// A value divided by 256, as BBR keeps its gains.
pub(super) fn of_256(out: &mut Vec<u8>, value: u32) {
    six_digits(out, (u64::from(value) * 1_000_000 + 128) / 256, 6);
}

/// `value` in a unit that it is not less than, with three significant digits, as `%.3g` of C writes it: `13.1`, `1e+03`.
fn three_digits(out: &mut Vec<u8>, value: u64, unit: u64) {
    let decimals = 2u32.saturating_sub((value / unit).checked_ilog10().unwrap_or(0));
    let mut exponent = (value / unit).checked_ilog10().unwrap_or(0);
    let step = unit.saturating_mul(10u64.pow(exponent.saturating_sub(2))) / 10u64.pow(decimals);
    let mut digits = nearest(value, step, unit, decimals);
    if exponent < 2 || (exponent == 2 && digits < 1000) {
        return fixed(out, digits, decimals);
    }
    if digits >= 1000 {
        (digits, exponent) = (digits / 10, exponent + 1);
    }
    fixed(out, digits, 2);
    // Writing to a Vec cannot fail.
    let _ = write!(out, "e+{exponent:02}");
}

/// Bits per second as `ss` writes them: `13.1Gbps`, or all digits.
pub(super) fn rate(out: &mut Vec<u8>, bits: u64, all_digits: bool) {
    const UNITS: [(u64, u8); 4] = [(1_000_000_000_000, b'T'), (1_000_000_000, b'G'), (1_000_000, b'M'), (1_000, b'k')];
    let unit = UNITS.iter().find(|(unit, _)| bits >= *unit).filter(|_| !all_digits);
    match unit {
        None => number(out, bits),
        Some(&(unit, letter)) => {
            three_digits(out, bits, unit);
            out.push(letter);
        }
    }
    out.extend_from_slice(b"bps");
}

/// Bytes for people: `0 B`, `128 KiB`, `2.5 MiB`.
pub(super) fn size(out: &mut Vec<u8>, bytes: u64) {
    const UNITS: [(u32, &[u8]); 3] = [(30, b" GiB"), (20, b" MiB"), (10, b" KiB")];
    match UNITS.iter().find(|(shift, _)| bytes >> shift > 0) {
        None => {
            number(out, bytes);
            out.extend_from_slice(b" B");
        }
        Some(&(shift, name)) => {
            let tenths = ((u128::from(bytes) * 10 + (1 << (shift - 1))) >> shift) as u64;
            fixed(out, tenths, 1);
            out.extend_from_slice(name);
        }
    }
}

/// The time of a timer as `ss` writes it since iproute2 6.11: `110min`, `1min40sec`, `9.200sec`, `204ms`; nothing for 0.
pub(super) fn timer(out: &mut Vec<u8>, ms: u32) {
    timer_in(out, ms, "sec");
}

/// The same as older ones write it: `9.200ms`.
pub(super) fn timer_of_6_1(out: &mut Vec<u8>, ms: u32) {
    timer_in(out, ms, "ms");
}

/// With the unit of seconds that have a fraction.
fn timer_in(out: &mut Vec<u8>, ms: u32, fraction: &str) {
    let (minutes, seconds, ms) = (ms / 60_000, ms / 1000 % 60, ms % 1000);
    let (seconds, ms) = match (minutes, seconds) {
        (10.., _) => (0, 0),
        (1.., seconds) => (seconds, 0),
        (0, 10..) => (seconds, 0),
        _ => (seconds, ms),
    };
    if minutes > 0 {
        number(out, minutes);
        out.extend_from_slice(b"min");
    }
    if seconds > 0 {
        number(out, seconds);
        out.extend_from_slice(if ms > 0 { b"." } else { b"sec" });
    }
    if ms > 0 {
        // Writing to a Vec cannot fail.
        let _ = write!(out, "{ms:03}{}", if seconds > 0 { fraction } else { "ms" });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_length_of_number_is_written_whole() {
        for value in [0, 9, 10, 99, 100, 999, 1_000, 9_999, 10_000, 65_535, 99_999, 100_000, 4_294_967_295, u64::MAX] {
            assert_eq!(text(|out| number(out, value)), value.to_string());
            assert_eq!(length(value as u32), (value as u32).to_string().len());
            assert_eq!(text(|out| hex(out, value, 1)), format!("{value:x}"));
        }
        assert_eq!(text(|out| hex(out, 0x2a, 4)), "002a");
    }

    #[test]
    fn milliseconds_have_six_significant_digits() {
        for (us, expected) in [
            (0u64, "0"),
            (20, "0.02"),
            (5, "0.005"),
            (204_000, "204"),
            (1_234_567, "1234.57"),
            (12_345_678, "12345.7"),
            (123_456_789, "123457"),
            (9_999_999, "10000"),
            (1_234_565, "1234.57"),
            (2_000_005, "2000.01"),
            (2_000_015, "2000.02"),
        ] {
            assert_eq!(text(|out| thousandths(out, us)), expected, "{us}");
        }
    }

    #[test]
    fn rates_have_three_significant_digits() {
        for (bits, expected) in [
            (0, "0bps"),
            (999, "999bps"),
            (1_234, "1.23kbps"),
            (10_000_000_000, "10Gbps"),
            (13_107_200_000, "13.1Gbps"),
            (123_456_789, "123Mbps"),
        ] {
            assert_eq!(text(|out| rate(out, bits, false)), expected);
        }
        assert_eq!(text(|out| rate(out, 123_456_789, true)), "123456789bps");
        // A value halfway between goes to the even digit, or to the side of its binary fraction.
        for (bits, expected) in [
            (38_250_000, "38.2Mbps"),
            (38_350_000, "38.4Mbps"),
            (1_005_000, "1Mbps"),
            (1_015_000, "1.01Mbps"),
            (2_500_500, "2.5Mbps"),
            (999_400_000, "999Mbps"),
            (999_500_000, "1e+03Mbps"),
            (9_996_000, "10Mbps"),
            (u64::MAX, "1.84e+07Tbps"),
        ] {
            assert_eq!(text(|out| rate(out, bits, false)), expected, "{bits}");
        }
    }

    #[test]
    fn timers_read_as_in_ss() {
        for (ms, expected) in [
            (0, ""),
            (204, "204ms"),
            (40, "040ms"),
            (9_200, "9.200sec"),
            (53_900, "53sec"),
            (100_000, "1min40sec"),
            (6_600_000, "110min"),
        ] {
            assert_eq!(text(|out| timer(out, ms)), expected);
        }
    }

    #[test]
    fn shares_gains_and_sizes_are_rounded() {
        assert_eq!(text(|out| percent(out, 1, 3)), "33.3");
        assert_eq!(text(|out| percent(out, 2, 0)), "200.0");
        assert_eq!(text(|out| of_256(out, 739)), "2.88672");
        assert_eq!(text(|out| of_256(out, 256)), "1");
        assert_eq!(text(|out| of_256(out, 89)), "0.347656");
        assert_eq!(text(|out| size(out, 131_072)), "128 KiB");
        assert_eq!(text(|out| size(out, 2_621_440)), "2.5 MiB");
        assert_eq!(text(|out| size(out, 1023)), "1023 B");
    }
}
