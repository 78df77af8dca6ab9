//! `struct sctp_info` as a table (`include/uapi/linux/sctp.h`, 368 bytes).
//!
//! The address of the primary path (128 bytes from offset 168) is left out: the lists of addresses have it.

use crate::model::field::{bytes, fields};

/// The states of an association, by number, as `ss` writes them.
pub const STATES: [&str; 8] = [
    "CLOSED",
    "COOKIE_WAIT",
    "COOKIE_ECHOED",
    "ESTAB",
    "SHUTDOWN_PENDING",
    "SHUTDOWN_SENT",
    "SHUTDOWN_RECEIVED",
    "ACK_SENT",
];

fields! {
    /// Our verification tag.
    TAG = "tag" "tag" bytes(0, 4), Hex;
    /// The association's state: [`STATES`].
    STATE = "state" "state" bytes(4, 4), Code;
    /// Our receive window.
    RWND = "rwnd" "rwnd_bytes" bytes(8, 4), Bytes;
    /// Chunks not acknowledged.
    UNACKDATA = "unackdata" "unackdata" bytes(12, 2), Number;
    /// Chunks that wait to be sent.
    PENDDATA = "penddata" "penddata" bytes(14, 2), Number;
    /// Incoming streams.
    INSTRMS = "instrms" "instrms" bytes(16, 2), Number;
    /// Outgoing streams.
    OUTSTRMS = "outstrms" "outstrms" bytes(18, 2), Number;
    /// The largest chunk.
    FRAGMENTATION_POINT = "fragmentation_point" "fragmentation_point_bytes" bytes(20, 4), Bytes;
    /// Messages that wait to be read.
    INQUEUE = "inqueue" "inqueue" bytes(24, 4), Number;
    /// Chunks that wait to be sent.
    OUTQUEUE = "outqueue" "outqueue" bytes(28, 4), Number;
    /// Errors in a row.
    OVERALL_ERROR = "overall_error" "overall_error" bytes(32, 4), Number;
    /// Packets that may be sent at once.
    MAX_BURST = "max_burst" "max_burst" bytes(36, 4), Number;
    /// `SCTP_MAXSEG`.
    MAXSEG = "maxseg" "maxseg_bytes" bytes(40, 4), Bytes;
    /// The peer's receive window.
    PEER_RWND = "peer_rwnd" "peer_rwnd_bytes" bytes(44, 4), Bytes;
    /// The peer's verification tag.
    PEER_TAG = "peer_tag" "peer_tag" bytes(48, 4), Hex;
    /// The peer's capabilities, one bit each.
    PEER_CAPABLE = "peer_capable" "peer_capable" bytes(52, 1), Code;
    /// Whether the peer's SACK is to be sent at once.
    PEER_SACK = "peer_sack" "peer_sack" bytes(53, 1), Number;
    /// SACKs received.
    ISACKS = "isacks" "isacks" bytes(56, 8), Number;
    /// SACKs sent.
    OSACKS = "osacks" "osacks" bytes(64, 8), Number;
    /// Packets sent.
    OPACKETS = "opackets" "opackets" bytes(72, 8), Number;
    /// Packets received.
    IPACKETS = "ipackets" "ipackets" bytes(80, 8), Number;
    /// Chunks sent again.
    RTXCHUNKS = "rtxchunks" "rtxchunks" bytes(88, 8), Number;
    /// Chunks beyond the window.
    OUTOFSEQTSNS = "outofseqtsns" "outofseqtsns" bytes(96, 8), Number;
    /// Chunks received twice.
    IDUPCHUNKS = "idupchunks" "idupchunks" bytes(104, 8), Number;
    /// Gaps acknowledged.
    GAPCNT = "gapcnt" "gapcnt" bytes(112, 8), Number;
    /// Unordered chunks sent.
    OUODCHUNKS = "ouodchunks" "ouodchunks" bytes(120, 8), Number;
    /// Unordered chunks received.
    IUODCHUNKS = "iuodchunks" "iuodchunks" bytes(128, 8), Number;
    /// Ordered chunks sent.
    OODCHUNKS = "oodchunks" "oodchunks" bytes(136, 8), Number;
    /// Ordered chunks received.
    IODCHUNKS = "iodchunks" "iodchunks" bytes(144, 8), Number;
    /// Control chunks sent.
    OCTRLCHUNKS = "octrlchunks" "octrlchunks" bytes(152, 8), Number;
    /// Control chunks received.
    ICTRLCHUNKS = "ictrlchunks" "ictrlchunks" bytes(160, 8), Number;
    /// Primary path: its state.
    P_STATE = "p_state" "primary_state" bytes(296, 4), Code;
    /// Primary path: congestion window.
    P_CWND = "p_cwnd" "primary_cwnd_bytes" bytes(300, 4), Bytes;
    /// Primary path: smoothed round-trip time.
    P_SRTT = "p_srtt" "primary_srtt_ms" bytes(304, 4), Millis;
    /// Primary path: retransmission timeout.
    P_RTO = "p_rto" "primary_rto_ms" bytes(308, 4), Millis;
    /// Primary path: heartbeat interval.
    P_HBINTERVAL = "p_hbinterval" "primary_hbinterval_ms" bytes(312, 4), Millis;
    /// Primary path: timeouts before it counts as down.
    P_PATHMAXRXT = "p_pathmaxrxt" "primary_pathmaxrxt" bytes(316, 4), Number;
    /// Primary path: delay of SACKs.
    P_SACKDELAY = "p_sackdelay" "primary_sackdelay_ms" bytes(320, 4), Millis;
    /// Primary path: packets per SACK.
    P_SACKFREQ = "p_sackfreq" "primary_sackfreq" bytes(324, 4), Number;
    /// Primary path: slow-start threshold.
    P_SSTHRESH = "p_ssthresh" "primary_ssthresh_bytes" bytes(328, 4), Bytes;
    /// Primary path: towards the next growth of the window.
    P_PARTIAL_BYTES_ACKED = "p_partial_bytes_acked" "primary_partial_acked_bytes" bytes(332, 4), Bytes;
    /// Primary path: in flight.
    P_FLIGHT_SIZE = "p_flight_size" "primary_flight_size_bytes" bytes(336, 4), Bytes;
    /// Primary path: errors.
    P_ERROR = "p_error" "primary_error" bytes(340, 2), Number;
    /// Idle time after which it closes; 0 for never.
    S_AUTOCLOSE = "s_autoclose" "autoclose_s" bytes(344, 4), Seconds;
    /// Adaptation-layer indication.
    S_ADAPTATION_IND = "s_adaptation_ind" "adaptation_ind" bytes(348, 4), Number;
    /// When a message is delivered in parts.
    S_PD_POINT = "s_pd_point" "pd_point_bytes" bytes(352, 4), Bytes;
    /// `SCTP_NODELAY`.
    S_NODELAY = "s_nodelay" "nodelay" bytes(356, 1), Flag;
    /// `SCTP_DISABLE_FRAGMENTS`.
    S_DISABLE_FRAGMENTS = "s_disable_fragments" "disable_fragments" bytes(357, 1), Flag;
    /// `SCTP_I_WANT_MAPPED_V4_ADDR`.
    S_V4MAPPED = "s_v4mapped" "v4mapped" bytes(358, 1), Flag;
    /// Level of fragment interleaving.
    S_FRAG_INTERLEAVE = "s_frag_interleave" "frag_interleave" bytes(359, 1), Number;
    /// Style: one-to-many, one-to-one, peeled off.
    S_TYPE = "s_type" "type" bytes(360, 4), Code;
}
