//! `tcp_info` as `ss -i` prints it: tokens, of which those that are zero are omitted.

use crate::model::{
    field::Field,
    tcp_info::{self as fields},
};

/// Tokens with a plain number behind a colon.
const NUMBERS: [(&str, &Field); 30] = [
    ("backoff", &fields::BACKOFF),
    ("mss", &fields::SND_MSS),
    ("pmtu", &fields::PMTU),
    ("rcvmss", &fields::RCV_MSS),
    ("advmss", &fields::ADVMSS),
    ("cwnd", &fields::SND_CWND),
    ("ssthresh", &fields::SND_SSTHRESH),
    ("bytes_sent", &fields::BYTES_SENT),
    ("bytes_retrans", &fields::BYTES_RETRANS),
    ("bytes_acked", &fields::BYTES_ACKED),
    ("bytes_received", &fields::BYTES_RECEIVED),
    ("segs_out", &fields::SEGS_OUT),
    ("segs_in", &fields::SEGS_IN),
    ("data_segs_out", &fields::DATA_SEGS_OUT),
    ("data_segs_in", &fields::DATA_SEGS_IN),
    ("lastsnd", &fields::LAST_DATA_SENT),
    ("lastrcv", &fields::LAST_DATA_RECV),
    ("lastack", &fields::LAST_ACK_RECV),
    ("delivered", &fields::DELIVERED),
    ("delivered_ce", &fields::DELIVERED_CE),
    ("unacked", &fields::UNACKED),
    ("lost", &fields::LOST),
    ("sacked", &fields::SACKED),
    ("dsack_dups", &fields::DSACK_DUPS),
    ("reordering", &fields::REORDERING),
    ("reord_seen", &fields::REORD_SEEN),
    ("rcv_space", &fields::RCV_SPACE),
    ("rcv_ssthresh", &fields::RCV_SSTHRESH),
    ("notsent", &fields::NOTSENT_BYTES),
    ("rcv_ooopack", &fields::RCV_OOOPACK),
];

/// Tokens in milliseconds with a fraction, where the kernel has microseconds.
const MILLIS: [(&str, &Field); 7] = [
    ("rto", &fields::RTO),
    ("ato", &fields::ATO),
    ("rcv_rtt", &fields::RCV_RTT),
    ("minrtt", &fields::MIN_RTT),
    ("busy", &fields::BUSY_TIME),
    ("rwnd_limited", &fields::RWND_LIMITED),
    ("sndbuf_limited", &fields::SNDBUF_LIMITED),
];

/// Words without a number, and the option they stand for.
const OPTIONS: [(&str, u64); 7] = [
    ("ts", fields::OPT_TIMESTAMPS),
    ("usec_ts", fields::OPT_USEC_TS),
    ("sack", fields::OPT_SACK),
    ("ecn", fields::OPT_ECN),
    ("ecnseen", fields::OPT_ECN_SEEN),
    ("fastopen", fields::OPT_SYN_DATA),
    ("fastopen_child", fields::OPT_FASTOPEN_CHILD),
];

/// The reordering that `ss` leaves out.
const USUAL_REORDERING: u64 = 3;

/// `TCP_INFINITE_SSTHRESH`, which `ss` leaves out, too.
const NO_SSTHRESH: u64 = 0x7fff_ffff;

/// The structure of Linux 4.19, without later fields, which not every `ss` prints.
const LENGTH: usize = 224;

/// A structure in the making.
pub(super) struct Info {
    bytes: Vec<u8>,
    options: u64,
    is_shown: bool,
}

impl Info {
    /// No fields yet.
    pub(super) fn new() -> Info {
        let mut info = Info { bytes: vec![0; LENGTH], options: 0, is_shown: false };
        info.put(&fields::REORDERING, USUAL_REORDERING);
        info.put(&fields::SND_SSTHRESH, NO_SSTHRESH);
        // No limit is the kernel's largest number.
        info.put(&fields::MAX_PACING_RATE, fields::NO_RATE);
        info
    }

    fn put(&mut self, field: &Field, value: u64) {
        let (at, width) = (usize::from(field.offset), usize::from(field.width));
        if self.bytes.len() < at + width {
            self.bytes.resize(at + width, 0);
        }
        let Some(place) = self.bytes.get_mut(at..at + width) else { return };
        match field.bits {
            Some((first, count)) => {
                let shift = if cfg!(target_endian = "big") { 8 - first - count } else { first };
                if let Some(byte) = place.first_mut() {
                    *byte |= ((value & ((1 << count) - 1)) << shift) as u8;
                }
            }
            None => match place.len() {
                1 => place.fill(u8::try_from(value).unwrap_or(u8::MAX)),
                2 => place.copy_from_slice(&u16::try_from(value).unwrap_or(u16::MAX).to_ne_bytes()),
                4 => place.copy_from_slice(&u32::try_from(value).unwrap_or(u32::MAX).to_ne_bytes()),
                _ => place.copy_from_slice(&value.to_ne_bytes()),
            },
        }
    }

    /// Takes a token, and says whether it is one of `tcp_info`; `next` is the one behind it.
    pub(super) fn take(&mut self, token: &str, next: Option<&str>) -> bool {
        let is_known = match token.split_once(':') {
            Some((name, value)) => self.pair(name, value),
            None => self.word(token, next),
        };
        // Fields of every `tcp_info`; options also occur outside it.
        self.is_shown |= is_known && (token.starts_with("cwnd:") || token.starts_with("rto:"));
        is_known
    }

    fn pair(&mut self, name: &str, value: &str) -> bool {
        if let Some((_, field)) = NUMBERS.iter().find(|(known, _)| *known == name) {
            value.parse().map(|number| self.put(field, number)).is_ok()
        } else if let Some((_, field)) = MILLIS.iter().find(|(known, _)| *known == name) {
            // `busy:12ms`, `rwnd_limited:3ms(2.5%)`.
            let digits = value.split("ms").next().unwrap_or(value);
            micros(digits).map(|number| self.put(field, number)).is_some()
        } else {
            let two = |sign| value.split_once(sign);
            match name {
                "wscale" => two(',').and_then(|(send, receive)| Some((send.parse().ok()?, receive.parse().ok()?))).map(
                    |(send, receive)| {
                        self.options |= fields::OPT_WSCALE;
                        self.put(&fields::SND_WSCALE, send);
                        self.put(&fields::RCV_WSCALE, receive);
                    },
                ),
                "rtt" => two('/').and_then(|(rtt, var)| Some((micros(rtt)?, micros(var)?))).map(|(rtt, var)| {
                    self.put(&fields::RTT, rtt);
                    self.put(&fields::RTTVAR, var);
                }),
                "retrans" => {
                    two('/').and_then(|(now, all)| Some((now.parse().ok()?, all.parse().ok()?))).map(|(now, all)| {
                        self.put(&fields::RETRANS, now);
                        self.put(&fields::TOTAL_RETRANS, all);
                    })
                }
                "snd_wnd" => value.parse().ok().map(|number| self.put(&fields::SND_WND, number)),
                "rcv_wnd" => value.parse().ok().map(|number| self.put(&fields::RCV_WND, number)),
                "rehash" => value.parse().ok().map(|number| self.put(&fields::REHASH, number)),
                _ => None,
            }
            .is_some()
        }
    }

    fn word(&mut self, word: &str, next: Option<&str>) -> bool {
        if let Some((_, option)) = OPTIONS.iter().find(|(name, _)| *name == word) {
            self.options |= option;
            return true;
        }
        let rate = |next: Option<&str>| bytes_per_second(next?);
        match word {
            "app_limited" => self.put(&fields::DELIVERY_RATE_APP_LIMITED, 1),
            // Values that `ss` computes.
            "send" => {}
            "pacing_rate" => {
                let (now, most) = next.map_or(("", None), |next| match next.split_once('/') {
                    Some((now, most)) => (now, Some(most)),
                    None => (next, None),
                });
                self.put(&fields::PACING_RATE, rate(Some(now)).unwrap_or(0));
                if let Some(most) = rate(most) {
                    self.put(&fields::MAX_PACING_RATE, most);
                }
            }
            "delivery_rate" => self.put(&fields::DELIVERY_RATE, rate(next).unwrap_or(0)),
            _ => return bytes_per_second(word.split('/').next().unwrap_or(word)).is_some(),
        }
        true
    }

    /// The structure, if the row has any of its fields; `state` is the socket's.
    pub(super) fn finish(mut self, state: u8) -> Option<Vec<u8>> {
        self.put(&fields::OPTIONS, self.options);
        self.put(&fields::STATE, state.into());
        self.is_shown.then_some(self.bytes)
    }
}

/// Milliseconds with a fraction.
fn micros(text: &str) -> Option<u64> {
    let millis: f64 = text.parse().ok()?;
    (millis.is_finite() && millis >= 0.0).then(|| (millis * 1000.0).round() as u64)
}

/// `1.2Mbps`, `800000bps`.
fn bytes_per_second(text: &str) -> Option<u64> {
    let number = text.strip_suffix("bps")?;
    let (digits, times) = match number.char_indices().last()? {
        (at, 'K') => (number.get(..at)?, 1e3),
        (at, 'M') => (number.get(..at)?, 1e6),
        (at, 'G') => (number.get(..at)?, 1e9),
        (at, 'T') => (number.get(..at)?, 1e12),
        _ => (number, 1.0),
    };
    let rate: f64 = digits.parse().ok()?;
    (rate.is_finite() && rate >= 0.0).then(|| (rate * times / 8.0) as u64)
}
