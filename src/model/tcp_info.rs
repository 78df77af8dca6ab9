//! `struct tcp_info` as a table of field offsets (`include/uapi/linux/tcp.h`; offsets from the type information of
//! Linux 6.18, 280 bytes). Older kernels send fewer bytes; the missing fields are unknown.

use crate::model::{
    detail::TcpInfo,
    field::{Field, bits, bytes, fields},
    group::Direction,
    state::State,
};

/// `TCPI_OPT_*`: the bits of [`OPTIONS`], lowest first.
pub const OPTION_NAMES: [&str; 8] =
    ["timestamps", "sack", "wscale", "ecn", "ecn_seen", "syn_data", "usec_ts", "fastopen_child"];

/// `TCPI_OPT_TIMESTAMPS`.
pub const OPT_TIMESTAMPS: u64 = 1;
/// `TCPI_OPT_SACK`.
pub const OPT_SACK: u64 = 2;
/// `TCPI_OPT_WSCALE`.
pub const OPT_WSCALE: u64 = 4;
/// `TCPI_OPT_ECN`: negotiated.
pub const OPT_ECN: u64 = 8;
/// `TCPI_OPT_ECN_SEEN`: at least one packet came with an ECN mark.
pub const OPT_ECN_SEEN: u64 = 16;
/// `TCPI_OPT_SYN_DATA`: data in the SYN was acknowledged (Fast Open).
pub const OPT_SYN_DATA: u64 = 32;
/// `TCPI_OPT_USEC_TS`: timestamps in microseconds (Linux 6.7).
pub const OPT_USEC_TS: u64 = 64;
/// `TCPI_OPT_TFO_CHILD`: made by Fast Open (Linux 6.15).
pub const OPT_FASTOPEN_CHILD: u64 = 128;

/// `enum tcp_ca_state`, by number.
pub const CA_STATES: [&str; 5] = ["open", "disorder", "cwr", "recovery", "loss"];

/// `enum tcp_fastopen_client_fail`, by number.
pub const FASTOPEN_FAILS: [&str; 4] = ["none", "cookie-unavailable", "data-not-acked", "syn-retransmitted"];

/// The pacing rates that mean none.
pub const NO_RATE: u64 = u64::MAX;

impl TcpInfo {
    /// A field; `None` where this kernel does not send it.
    pub fn get(&self, field: &Field) -> Option<u64> {
        field.read(self.bytes())
    }

    /// A field, 0 where this kernel does not send it: for text that leaves zeros out, as `ss` does.
    pub fn or_zero(&self, field: &Field) -> u64 {
        self.get(field).unwrap_or(0)
    }

    /// Whether the peer's window has room for the next segment of a send queue with these bytes; `false` before Linux 5.4,
    /// which does not send the window.
    pub fn has_room(&self, wqueue: u32) -> bool {
        let segment = self.get(&SND_MSS).unwrap_or(0).min(wqueue.into());
        self.get(&SND_WND).is_some_and(|window| segment > 0 && window >= segment)
    }

    /// The side that connected, from the kernel's counters: our SYN counts as acknowledged, but not as payload.
    ///
    /// `wqueue` comes from the record. `None` in states without `tcp_info`, on kernels before 4.19, or if the values do
    /// not match.
    pub fn direction(&self, state: State, wqueue: u32) -> Option<Direction> {
        // A FIN of ours counts one in the queue and one when it is acknowledged.
        let fin = match state {
            State::ESTABLISHED | State::CLOSE_WAIT => 0,
            State::FIN_WAIT2 => 1,
            _ => return None,
        };
        let in_flight = u64::from(wqueue).checked_sub(self.get(&NOTSENT_BYTES)?)?;
        let payload = self.get(&BYTES_SENT)?.checked_sub(self.get(&BYTES_RETRANS)?)?.checked_sub(in_flight)?;
        match self.get(&BYTES_ACKED)?.checked_sub(payload)?.checked_sub(fin)? {
            0 => Some(Direction::Inbound),
            1 => Some(Direction::Outbound),
            _ => None,
        }
    }
}

fields! {
    /// The state by its number.
    STATE = "state" "state" bytes(0, 1), Code;
    /// The state of congestion control: [`CA_STATES`].
    CA_STATE = "ca_state" "ca_state" bytes(1, 1), Code;
    /// Timeouts in a row that nothing was acknowledged since.
    RETRANSMITS = "retransmits" "retransmits" bytes(2, 1), Number;
    /// Zero-window or keepalive probes without an answer.
    PROBES = "probes" "probes" bytes(3, 1), Number;
    /// How often the timeout was doubled.
    BACKOFF = "backoff" "backoff" bytes(4, 1), Number;
    /// Bits of [`OPTIONS`].
    OPTIONS = "options" "options" bytes(5, 1), Code;
    /// The peer's window scale; means nothing without the option.
    SND_WSCALE = "snd_wscale" "snd_wscale" bits(6, 0, 4), Number;
    /// Our window scale.
    RCV_WSCALE = "rcv_wscale" "rcv_wscale" bits(6, 4, 4), Number;
    /// Whether the rate was limited by the program, not the network (Linux 4.9).
    DELIVERY_RATE_APP_LIMITED = "delivery_rate_app_limited" "app_limited" bits(7, 0, 1), Flag;
    /// Why Fast Open failed as a client: [`FASTOPEN_FAILS`] (Linux 5.5).
    FASTOPEN_CLIENT_FAIL = "fastopen_client_fail" "fastopen_client_fail" bits(7, 1, 2), Code;
    /// The retransmission timeout.
    RTO = "rto" "rto_us" bytes(8, 4), Micros;
    /// The delayed-ACK timeout.
    ATO = "ato" "ato_us" bytes(12, 4), Micros;
    /// The largest segment sent.
    SND_MSS = "snd_mss" "snd_mss_bytes" bytes(16, 4), Bytes;
    /// The largest segment received, estimated.
    RCV_MSS = "rcv_mss" "rcv_mss_bytes" bytes(20, 4), Bytes;
    /// Packets in flight; on `LISTEN` connections that wait.
    UNACKED = "unacked" "unacked" bytes(24, 4), Number;
    /// Packets the peer has out of order; on `LISTEN` the limit of the accept queue.
    SACKED = "sacked" "sacked" bytes(28, 4), Number;
    /// Packets taken for lost.
    LOST = "lost" "lost" bytes(32, 4), Number;
    /// Retransmitted packets in flight.
    RETRANS = "retrans" "retrans_out" bytes(36, 4), Number;
    /// Always 0 since Linux 4.15.
    FACKETS = "fackets" "fackets" bytes(40, 4), Number;
    /// Since data were last sent.
    LAST_DATA_SENT = "last_data_sent" "last_data_sent_ms" bytes(44, 4), Millis;
    /// Always 0: the kernel does not remember.
    LAST_ACK_SENT = "last_ack_sent" "last_ack_sent_ms" bytes(48, 4), Millis;
    /// Since data were last received.
    LAST_DATA_RECV = "last_data_recv" "last_data_recv_ms" bytes(52, 4), Millis;
    /// Since an ACK was last received.
    LAST_ACK_RECV = "last_ack_recv" "last_ack_recv_ms" bytes(56, 4), Millis;
    /// The path MTU.
    PMTU = "pmtu" "pmtu_bytes" bytes(60, 4), Bytes;
    /// The receive window's current limit.
    RCV_SSTHRESH = "rcv_ssthresh" "rcv_ssthresh_bytes" bytes(64, 4), Bytes;
    /// The round-trip time, smoothed.
    RTT = "rtt" "rtt_us" bytes(68, 4), Micros;
    /// Its variation.
    RTTVAR = "rttvar" "rttvar_us" bytes(72, 4), Micros;
    /// The slow-start threshold, packets; 2147483647 for none.
    SND_SSTHRESH = "snd_ssthresh" "snd_ssthresh" bytes(76, 4), Number;
    /// The congestion window, packets.
    SND_CWND = "snd_cwnd" "snd_cwnd" bytes(80, 4), Number;
    /// The segment size we announced.
    ADVMSS = "advmss" "advmss_bytes" bytes(84, 4), Bytes;
    /// How many packets may be out of order before one counts as lost.
    REORDERING = "reordering" "reordering" bytes(88, 4), Number;
    /// The receiver's estimate of the round-trip time.
    RCV_RTT = "rcv_rtt" "rcv_rtt_us" bytes(92, 4), Micros;
    /// The size that the receive buffer is tuned for.
    RCV_SPACE = "rcv_space" "rcv_space_bytes" bytes(96, 4), Bytes;
    /// Packets retransmitted in all.
    TOTAL_RETRANS = "total_retrans" "total_retrans" bytes(100, 4), Number;
    /// The pacing rate; all bits set for none (Linux 3.15).
    PACING_RATE = "pacing_rate" "pacing_rate_bytes_per_second" bytes(104, 8), BytesPerSecond;
    /// Its limit (`SO_MAX_PACING_RATE`).
    MAX_PACING_RATE = "max_pacing_rate" "max_pacing_rate_bytes_per_second" bytes(112, 8), BytesPerSecond;
    /// Acknowledged, SYN and FIN among them (Linux 4.1).
    BYTES_ACKED = "bytes_acked" "acked_bytes" bytes(120, 8), Bytes;
    /// Received, a FIN among them (Linux 4.1).
    BYTES_RECEIVED = "bytes_received" "received_bytes" bytes(128, 8), Bytes;
    /// Segments sent (Linux 4.2).
    SEGS_OUT = "segs_out" "segs_out" bytes(136, 4), Number;
    /// Segments received (Linux 4.2).
    SEGS_IN = "segs_in" "segs_in" bytes(140, 4), Number;
    /// Written and not sent yet (Linux 4.6).
    NOTSENT_BYTES = "notsent_bytes" "notsent_bytes" bytes(144, 4), Bytes;
    /// The smallest round-trip time of late (Linux 4.6).
    MIN_RTT = "min_rtt" "min_rtt_us" bytes(148, 4), Micros;
    /// Segments with data received (Linux 4.6).
    DATA_SEGS_IN = "data_segs_in" "data_segs_in" bytes(152, 4), Number;
    /// Segments with data sent (Linux 4.6).
    DATA_SEGS_OUT = "data_segs_out" "data_segs_out" bytes(156, 4), Number;
    /// The rate of delivery, most recent (Linux 4.9).
    DELIVERY_RATE = "delivery_rate" "delivery_rate_bytes_per_second" bytes(160, 8), BytesPerSecond;
    /// Time with data to send (Linux 4.10).
    BUSY_TIME = "busy_time" "busy_us" bytes(168, 8), Micros;
    /// Of it, held up by the peer's window.
    RWND_LIMITED = "rwnd_limited" "rwnd_limited_us" bytes(176, 8), Micros;
    /// Of it, held up by the send buffer.
    SNDBUF_LIMITED = "sndbuf_limited" "sndbuf_limited_us" bytes(184, 8), Micros;
    /// Packets delivered (Linux 4.18).
    DELIVERED = "delivered" "delivered" bytes(192, 4), Number;
    /// Of them marked for congestion.
    DELIVERED_CE = "delivered_ce" "delivered_ce" bytes(196, 4), Number;
    /// Payload sent, including retransmits (Linux 4.19).
    BYTES_SENT = "bytes_sent" "sent_bytes" bytes(200, 8), Bytes;
    /// Payload sent again (Linux 4.19).
    BYTES_RETRANS = "bytes_retrans" "retrans_bytes" bytes(208, 8), Bytes;
    /// Packets the peer reported as received twice (Linux 4.19).
    DSACK_DUPS = "dsack_dups" "dsack_dups" bytes(216, 4), Number;
    /// Reordering events (Linux 4.19).
    REORD_SEEN = "reord_seen" "reord_seen" bytes(220, 4), Number;
    /// Packets received out of order (Linux 5.4).
    RCV_OOOPACK = "rcv_ooopack" "rcv_ooopack" bytes(224, 4), Number;
    /// The peer's window (Linux 5.4).
    SND_WND = "snd_wnd" "snd_wnd_bytes" bytes(228, 4), Bytes;
    /// Our window (Linux 6.2).
    RCV_WND = "rcv_wnd" "rcv_wnd_bytes" bytes(232, 4), Bytes;
    /// How often the flow label changed (Linux 6.2).
    REHASH = "rehash" "rehash" bytes(236, 4), Number;
    /// Timeouts in all (Linux 6.7).
    TOTAL_RTO = "total_rto" "total_rto" bytes(240, 2), Number;
    /// Recoveries from timeouts (Linux 6.7).
    TOTAL_RTO_RECOVERIES = "total_rto_recoveries" "total_rto_recoveries" bytes(242, 2), Number;
    /// Time spent in them (Linux 6.7).
    TOTAL_RTO_TIME = "total_rto_time" "total_rto_ms" bytes(244, 4), Millis;
    /// Packets received with a congestion mark (Linux 6.18).
    RECEIVED_CE = "received_ce" "received_ce" bytes(248, 4), Number;
    /// Accurate ECN: delivered with ECT(1).
    DELIVERED_E1_BYTES = "delivered_e1_bytes" "delivered_e1_bytes" bytes(252, 4), Bytes;
    /// Accurate ECN: delivered with ECT(0).
    DELIVERED_E0_BYTES = "delivered_e0_bytes" "delivered_e0_bytes" bytes(256, 4), Bytes;
    /// Accurate ECN: delivered with CE.
    DELIVERED_CE_BYTES = "delivered_ce_bytes" "delivered_ce_bytes" bytes(260, 4), Bytes;
    /// Accurate ECN: received with ECT(1).
    RECEIVED_E1_BYTES = "received_e1_bytes" "received_e1_bytes" bytes(264, 4), Bytes;
    /// Accurate ECN: received with ECT(0).
    RECEIVED_E0_BYTES = "received_e0_bytes" "received_e0_bytes" bytes(268, 4), Bytes;
    /// Accurate ECN: received with CE.
    RECEIVED_CE_BYTES = "received_ce_bytes" "received_ce_bytes" bytes(272, 4), Bytes;
    /// Accurate ECN: failures, one bit each.
    ACCECN_FAIL_MODE = "accecn_fail_mode" "accecn_fail_mode" bytes(276, 2), Code;
    /// Accurate ECN: whether its option came through.
    ACCECN_OPT_SEEN = "accecn_opt_seen" "accecn_opt_seen" bytes(278, 2), Code;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_fill_the_structure_without_holes_or_overlap() {
        let mut end = (0, 0);
        for field in FIELDS {
            let (first, count) = field.bits.unwrap_or((0, field.width * 8));
            let begin = (usize::from(field.offset), usize::from(first));
            let at = |(byte, bit): (usize, usize)| byte * 8 + bit;
            // Five bits of byte 7 have no use yet.
            let hole = if field.name == "rto" { 5 } else { 0 };
            assert_eq!(at(begin), at(end) + hole, "{}", field.name);
            end = (begin.0, begin.1 + usize::from(count));
        }
        assert_eq!(end.0 * 8 + end.1, 280 * 8);
    }

    #[test]
    fn names_are_not_used_twice() {
        let mut names: Vec<_> = FIELDS.iter().map(|field| field.json).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), FIELDS.len());
    }

    fn direction(counts: [u64; 4], state: State, wqueue: u32) -> Option<Direction> {
        let mut bytes = [0; 232];
        for (field, count) in [&BYTES_ACKED, &BYTES_SENT, &BYTES_RETRANS, &NOTSENT_BYTES].into_iter().zip(counts) {
            let (offset, width) = (usize::from(field.offset), usize::from(field.width));
            bytes[offset..offset + width].copy_from_slice(&count.to_ne_bytes()[..width]);
        }
        TcpInfo::new(&bytes).direction(state, wqueue)
    }

    #[test]
    fn one_acknowledged_byte_too_many_is_our_syn() {
        let established = State::ESTABLISHED;
        assert_eq!(direction([101, 150, 30, 5], established, 25), Some(Direction::Outbound));
        assert_eq!(direction([100, 150, 30, 5], established, 25), Some(Direction::Inbound));
        assert_eq!(direction([102, 150, 30, 5], State::FIN_WAIT2, 25), Some(Direction::Outbound), "and our FIN");
    }

    #[test]
    fn figures_that_do_not_fit_tell_no_direction() {
        assert_eq!(direction([0, 10, 20, 30], State::ESTABLISHED, 0), None);
        assert_eq!(direction([150, 150, 0, 0], State::FIN_WAIT2, 0), None);
        assert_eq!(direction([101, 150, 30, 5], State::LAST_ACK, 25), None);
        assert_eq!(TcpInfo::new(&[0; 104]).direction(State::ESTABLISHED, 0), None, "an old kernel");
    }

    #[test]
    fn an_old_kernel_leaves_later_fields_unknown() {
        let info = TcpInfo::new(&[0; 232]);
        assert_eq!(info.get(&SND_WND), Some(0));
        assert_eq!(info.get(&RCV_WND), None);
        assert_eq!(info.get(&TOTAL_RTO), None);
    }
}
