//! `-i` of TCP: the tokens of `ss` in its order, then what `ss` never prints.

use super::{
    digits::{number, of_256, percent, rate, thousandths},
    name::push_visible,
    shown::Shown,
};
use crate::model::{
    detail::{CongestionInfo, Detail, TcpInfo},
    field::Field,
    state::State,
    tcp_info as fields,
};

/// `TCP_TIMEOUT_INIT` of old kernels, which `ss` takes for none.
const NO_RTO_US: u64 = 3_000_000;

/// `ss` takes larger thresholds for none.
const NO_SSTHRESH: u64 = 0xffff;

/// The value of Vegas before its first measurement.
const NO_RTT: u32 = 0x7fff_ffff;

/// The reordering that is not worth a word.
const USUAL_REORDERING: u64 = 3;

/// Writes tokens, each with the blank before it, those of zero value left out.
struct Tokens<'a> {
    out: &'a mut Vec<u8>,
    info: &'a TcpInfo,
}

impl Tokens<'_> {
    /// In line, so that the length of the token is known where it is written.
    #[inline(always)]
    fn token(&mut self, token: &str) {
        self.out.extend_from_slice(token.as_bytes());
    }

    #[inline(always)]
    fn number(&mut self, token: &str, field: &Field) {
        self.figure(token, self.info.or_zero(field));
    }

    #[inline(always)]
    fn figure(&mut self, token: &str, value: u64) {
        if value > 0 {
            self.token(token);
            number(self.out, value);
        }
    }

    #[inline(always)]
    fn millis(&mut self, token: &str, value: u64) {
        if value > 0 {
            self.token(token);
            thousandths(self.out, value);
        }
    }

    fn rate(&mut self, token: &str, bits: u64, numeric: bool) {
        if bits > 0 {
            self.token(token);
            rate(self.out, bits, numeric);
        }
    }
}

/// Writes them all.
pub(super) fn tokens(
    out: &mut Vec<u8>,
    info: &TcpInfo,
    detail: &Detail,
    state: State,
    shown: &Shown<'_>,
    unicode: bool,
) {
    let mut to = Tokens { out, info };
    let get = |field: &Field| info.or_zero(field);
    let options = get(&fields::OPTIONS);
    // Fields unknown to ss 6.1 are left out of its output.
    let is_own = shown.compat.is_none();
    if shown.timers || shown.extended {
        for (option, token) in [
            (fields::OPT_TIMESTAMPS, " ts"),
            (if is_own { fields::OPT_USEC_TS } else { 0 }, " usec_ts"),
            (fields::OPT_SACK, " sack"),
            (fields::OPT_ECN, " ecn"),
            (fields::OPT_ECN_SEEN, " ecnseen"),
            (fields::OPT_SYN_DATA, " fastopen"),
            (if is_own { fields::OPT_FASTOPEN_CHILD } else { 0 }, " fastopen_child"),
        ] {
            if options & option != 0 {
                to.token(token);
            }
        }
    }
    if let Some(congestion) = detail.congestion.as_deref().filter(|name| !name.is_empty()) {
        to.token(" ");
        push_visible(to.out, congestion.as_bytes(), unicode);
    }
    if options & fields::OPT_WSCALE != 0 {
        to.token(" wscale:");
        number(to.out, get(&fields::SND_WSCALE));
        to.out.push(b',');
        number(to.out, get(&fields::RCV_WSCALE));
    }
    to.millis(" rto:", Some(get(&fields::RTO)).filter(|rto| *rto != NO_RTO_US).unwrap_or(0));
    to.number(" backoff:", &fields::BACKOFF);
    if get(&fields::RTT) > 0 {
        to.millis(" rtt:", get(&fields::RTT));
        to.out.push(b'/');
        thousandths(to.out, get(&fields::RTTVAR));
    }
    to.millis(" ato:", get(&fields::ATO));
    to.number(" mss:", &fields::SND_MSS);
    to.number(" pmtu:", &fields::PMTU);
    to.number(" rcvmss:", &fields::RCV_MSS);
    to.number(" advmss:", &fields::ADVMSS);
    to.number(" cwnd:", &fields::SND_CWND);
    to.figure(" ssthresh:", Some(get(&fields::SND_SSTHRESH)).filter(|most| *most < NO_SSTHRESH).unwrap_or(0));
    to.number(" bytes_sent:", &fields::BYTES_SENT);
    to.number(" bytes_retrans:", &fields::BYTES_RETRANS);
    to.number(" bytes_acked:", &fields::BYTES_ACKED);
    to.number(" bytes_received:", &fields::BYTES_RECEIVED);
    to.number(" segs_out:", &fields::SEGS_OUT);
    to.number(" segs_in:", &fields::SEGS_IN);
    to.number(" data_segs_out:", &fields::DATA_SEGS_OUT);
    to.number(" data_segs_in:", &fields::DATA_SEGS_IN);
    let sampled = congestion_block(&mut to, detail.congestion_info, shown);
    rates(&mut to, sampled.unwrap_or(get(&fields::RTT)), shown.numeric);
    to.number(" delivered:", &fields::DELIVERED);
    to.number(" delivered_ce:", &fields::DELIVERED_CE);
    if get(&fields::DELIVERY_RATE_APP_LIMITED) != 0 {
        to.token(" app_limited");
    }
    busy(&mut to);
    to.number(" unacked:", &fields::UNACKED);
    if get(&fields::RETRANS) > 0 || get(&fields::TOTAL_RETRANS) > 0 {
        to.token(" retrans:");
        number(to.out, get(&fields::RETRANS));
        to.out.push(b'/');
        number(to.out, get(&fields::TOTAL_RETRANS));
    }
    to.number(" lost:", &fields::LOST);
    if state != State::LISTEN {
        to.number(" sacked:", &fields::SACKED);
    }
    to.number(" dsack_dups:", &fields::DSACK_DUPS);
    to.number(" fackets:", &fields::FACKETS);
    if get(&fields::REORDERING) != USUAL_REORDERING {
        to.token(" reordering:");
        number(to.out, get(&fields::REORDERING));
    }
    to.number(" reord_seen:", &fields::REORD_SEEN);
    to.millis(" rcv_rtt:", get(&fields::RCV_RTT));
    to.number(" rcv_space:", &fields::RCV_SPACE);
    to.number(" rcv_ssthresh:", &fields::RCV_SSTHRESH);
    to.number(" notsent:", &fields::NOTSENT_BYTES);
    to.millis(" minrtt:", Some(get(&fields::MIN_RTT)).filter(|rtt| *rtt != u64::from(u32::MAX)).unwrap_or(0));
    to.number(" rcv_ooopack:", &fields::RCV_OOOPACK);
    to.number(" snd_wnd:", &fields::SND_WND);
    if is_own {
        to.number(" rcv_wnd:", &fields::RCV_WND);
        to.number(" rehash:", &fields::REHASH);
        beyond_ss(&mut to);
    }
}

/// The block of the congestion control; gives the round-trip time that Vegas measured.
fn congestion_block(to: &mut Tokens<'_>, block: Option<CongestionInfo>, shown: &Shown<'_>) -> Option<u64> {
    let measured = |enabled, rtt_us| (enabled != 0 && rtt_us != 0 && rtt_us != NO_RTT).then_some(u64::from(rtt_us));
    match block? {
        CongestionInfo::Vegas { enabled, rtt_us, .. } if shown.compat.is_some() => return measured(enabled, rtt_us),
        CongestionInfo::Vegas { enabled, rtt_us, rtt_count, minrtt_us } => {
            to.token(" vegas:(enabled:");
            number(to.out, enabled);
            to.out.extend_from_slice(b",rttcnt:");
            number(to.out, rtt_count);
            for (name, rtt) in [(",rtt:", rtt_us), (",minrtt:", minrtt_us)] {
                if rtt != NO_RTT {
                    to.out.extend_from_slice(name.as_bytes());
                    thousandths(to.out, rtt);
                }
            }
            to.out.push(b')');
            return measured(enabled, rtt_us);
        }
        CongestionInfo::Dctcp { enabled: 0, .. } => to.token(" dctcp:fallback_mode"),
        CongestionInfo::Dctcp { ce_state, alpha, ab_ecn, ab_tot, .. } => {
            to.token(" dctcp:(ce_state:");
            number(to.out, ce_state);
            for (name, value) in [(",alpha:", alpha), (",ab_ecn:", ab_ecn), (",ab_tot:", ab_tot)] {
                to.out.extend_from_slice(name.as_bytes());
                number(to.out, value);
            }
            to.out.push(b')');
        }
        CongestionInfo::Bbr { bandwidth_bytes_per_second, min_rtt_us, pacing_gain, cwnd_gain } => {
            to.token(" bbr:(bw:");
            rate(to.out, bandwidth_bytes_per_second.saturating_mul(8), shown.numeric);
            to.out.extend_from_slice(b",mrtt:");
            thousandths(to.out, min_rtt_us);
            for (name, gain) in [(",pacing_gain:", pacing_gain), (",cwnd_gain:", cwnd_gain)] {
                if gain != 0 {
                    to.out.extend_from_slice(name.as_bytes());
                    of_256(to.out, gain);
                }
            }
            to.out.push(b')');
        }
    }
    None
}

/// Rates: allowed, limited to, and measured on arrival.
fn rates(to: &mut Tokens<'_>, rtt_us: u64, numeric: bool) {
    let get = |field: &Field| to.info.or_zero(field);
    // In the floating point of ss, which rounds to the nearest.
    let window = get(&fields::SND_CWND) as f64 * get(&fields::SND_MSS) as f64 * 8_000_000.0;
    let send = if rtt_us == 0 { 0 } else { (window / rtt_us as f64).round_ties_even() as u64 };
    let bits = |field: &Field| Some(get(field)).filter(|rate| *rate != fields::NO_RATE).unwrap_or(0).saturating_mul(8);
    let (pacing, most, delivery) =
        (bits(&fields::PACING_RATE), bits(&fields::MAX_PACING_RATE), bits(&fields::DELIVERY_RATE));
    to.rate(" send ", send, numeric);
    to.number(" lastsnd:", &fields::LAST_DATA_SENT);
    to.number(" lastrcv:", &fields::LAST_DATA_RECV);
    to.number(" lastack:", &fields::LAST_ACK_RECV);
    to.rate(" pacing_rate ", pacing, numeric);
    if pacing > 0 && most > 0 {
        to.out.push(b'/');
        rate(to.out, most, numeric);
    }
    to.rate(" delivery_rate ", delivery, numeric);
}

/// The time with data to send, and the causes of delay.
fn busy(to: &mut Tokens<'_>) {
    let all = to.info.or_zero(&fields::BUSY_TIME);
    if all == 0 {
        return;
    }
    to.token(" busy:");
    number(to.out, all / 1000);
    to.out.extend_from_slice(b"ms");
    for (token, field) in [(" rwnd_limited:", &fields::RWND_LIMITED), (" sndbuf_limited:", &fields::SNDBUF_LIMITED)] {
        let part = to.info.or_zero(field);
        if part > 0 {
            to.token(token);
            number(to.out, part / 1000);
            to.out.extend_from_slice(b"ms(");
            percent(to.out, part, all);
            to.out.extend_from_slice(b"%)");
        }
    }
}

/// Fields that `ss` leaves out, if not zero.
fn beyond_ss(to: &mut Tokens<'_>) {
    for (token, field, names) in [
        (" ca_state:", &fields::CA_STATE, fields::CA_STATES.as_slice()),
        (" fastopen_client_fail:", &fields::FASTOPEN_CLIENT_FAIL, fields::FASTOPEN_FAILS.as_slice()),
    ] {
        let value = to.info.or_zero(field);
        if value > 0 {
            to.token(token);
            match usize::try_from(value).ok().and_then(|value| names.get(value)) {
                Some(name) => to.out.extend_from_slice(name.as_bytes()),
                None => number(to.out, value),
            }
        }
    }
    to.number(" retransmits:", &fields::RETRANSMITS);
    to.number(" probes:", &fields::PROBES);
    to.number(" total_rto:", &fields::TOTAL_RTO);
    to.number(" total_rto_recoveries:", &fields::TOTAL_RTO_RECOVERIES);
    if to.info.or_zero(&fields::TOTAL_RTO_TIME) > 0 {
        to.number(" total_rto_time:", &fields::TOTAL_RTO_TIME);
        to.out.extend_from_slice(b"ms");
    }
    for field in [
        &fields::RECEIVED_CE,
        &fields::DELIVERED_E1_BYTES,
        &fields::DELIVERED_E0_BYTES,
        &fields::DELIVERED_CE_BYTES,
        &fields::RECEIVED_E1_BYTES,
        &fields::RECEIVED_E0_BYTES,
        &fields::RECEIVED_CE_BYTES,
        &fields::ACCECN_FAIL_MODE,
        &fields::ACCECN_OPT_SEEN,
    ] {
        let value = to.info.or_zero(field);
        if value > 0 {
            to.token(" ");
            to.token(field.name);
            to.out.push(b':');
            number(to.out, value);
        }
    }
}
