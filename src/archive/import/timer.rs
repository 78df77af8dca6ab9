//! Timers as `ss -o` writes them.

use super::row::Running;
use crate::model::socket::Timer;

/// `keepalive,119min,0`; an invalid timer or time is unknown.
pub(super) fn timer(text: &str) -> Option<Running> {
    let mut parts = text.split(',');
    let timer = match parts.next()? {
        "off" => Timer::None,
        "on" => Timer::Retransmit,
        "keepalive" => Timer::Keepalive,
        "timewait" => Timer::TimeWait,
        "persist" => Timer::Persist,
        "delack" => Timer::DelayedAck,
        _ => Timer::NotShown,
    };
    let tries = parts.clone().nth(1).and_then(|tries| tries.parse().ok()).unwrap_or(0);
    match millis(parts.next().unwrap_or_default()) {
        Some(time) => Some((timer, time, tries)),
        None => Some((Timer::NotShown, 0, tries)),
    }
}

/// `119min`, `1min23sec`, `23sec`, `9.373sec` (since iproute2 6.11), `3.200ms` (the same before that), `200ms`.
fn millis(text: &str) -> Option<u32> {
    let (minutes, rest) = match text.split_once("min") {
        Some((minutes, rest)) => (minutes.parse::<u64>().ok()?, rest),
        None => (0, text),
    };
    let rest = match rest.strip_suffix("ms") {
        Some(whole) if !whole.contains('.') => whole.parse().ok()?,
        seconds => match seconds.or_else(|| rest.strip_suffix("sec")).or_else(|| rest.strip_suffix('s')) {
            Some(seconds) => thousandths(seconds)?,
            None if rest.is_empty() => 0,
            None => return None,
        },
    };
    u32::try_from(minutes.checked_mul(60_000)?.checked_add(rest)?).ok()
}

/// Seconds with up to three decimals, in thousandths.
fn thousandths(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let part =
        if part.len() <= 3 && is_digits(part) { format!("{part:0<3}").parse::<u64>().ok()? } else { return None };
    whole.parse::<u64>().ok()?.checked_mul(1000)?.checked_add(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_ss_writes_them() {
        for (text, expected) in [
            ("119min", Some(7_140_000)),
            ("1min23sec", Some(83_000)),
            ("23sec", Some(23_000)),
            ("3.200ms", Some(3_200)),
            ("9.373sec", Some(9_373)),
            ("9.373s", Some(9_373)),
            ("3.20sec", Some(3_200)),
            ("200ms", Some(200)),
            ("2min3.004ms", Some(123_004)),
            ("", Some(0)),
            ("soon", None),
            ("99999999999min", None),
        ] {
            assert_eq!(millis(text), expected, "{text}");
        }
        assert_eq!(timer("timewait,soon,0"), Some((Timer::NotShown, 0, 0)));
        assert_eq!(timer("on,1min27sec,9"), Some((Timer::Retransmit, 87_000, 9)));
    }
}
