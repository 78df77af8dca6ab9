//! `struct sctp_info` as a table (`include/uapi/linux/sctp.h`, 368 bytes).
//!
//! The address of the primary path (128 bytes from offset 168) is left out: the lists of addresses tell more.

use crate::model::field::{Place::Bytes, fields};

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
    TAG = "tag" "tag" Bytes(0, 4), Hex;
    /// The association's state: [`STATES`].
    STATE = "state" "state" Bytes(4, 4), Code;
    /// Our receive window.
    RWND = "rwnd" "rwnd_bytes" Bytes(8, 4), Bytes;
    /// Chunks not acknowledged.
    UNACKDATA = "unackdata" "unackdata" Bytes(12, 2), Number;
    /// Chunks that wait to be sent.
    PENDDATA = "penddata" "penddata" Bytes(14, 2), Number;
    /// Incoming streams.
    INSTRMS = "instrms" "instrms" Bytes(16, 2), Number;
    /// Outgoing streams.
    OUTSTRMS = "outstrms" "outstrms" Bytes(18, 2), Number;
    /// The largest chunk.
    FRAGMENTATION_POINT = "fragmentation_point" "fragmentation_point_bytes" Bytes(20, 4), Bytes;
    /// Messages that wait to be read.
    INQUEUE = "inqueue" "inqueue" Bytes(24, 4), Number;
    /// Chunks that wait to be sent.
    OUTQUEUE = "outqueue" "outqueue" Bytes(28, 4), Number;
    /// Errors in a row.
    OVERALL_ERROR = "overall_error" "overall_error" Bytes(32, 4), Number;
    /// Packets that may be sent at once.
    MAX_BURST = "max_burst" "max_burst" Bytes(36, 4), Number;
    /// `SCTP_MAXSEG`.
    MAXSEG = "maxseg" "maxseg_bytes" Bytes(40, 4), Bytes;
    /// The peer's receive window.
    PEER_RWND = "peer_rwnd" "peer_rwnd_bytes" Bytes(44, 4), Bytes;
    /// The peer's verification tag.
    PEER_TAG = "peer_tag" "peer_tag" Bytes(48, 4), Hex;
    /// What the peer can do, one bit each.
    PEER_CAPABLE = "peer_capable" "peer_capable" Bytes(52, 1), Code;
    /// Whether the peer's SACK is to be sent at once.
    PEER_SACK = "peer_sack" "peer_sack" Bytes(53, 1), Number;
    /// SACKs received.
    ISACKS = "isacks" "isacks" Bytes(56, 8), Number;
    /// SACKs sent.
    OSACKS = "osacks" "osacks" Bytes(64, 8), Number;
    /// Packets sent.
    OPACKETS = "opackets" "opackets" Bytes(72, 8), Number;
    /// Packets received.
    IPACKETS = "ipackets" "ipackets" Bytes(80, 8), Number;
    /// Chunks sent again.
    RTXCHUNKS = "rtxchunks" "rtxchunks" Bytes(88, 8), Number;
    /// Chunks beyond the window.
    OUTOFSEQTSNS = "outofseqtsns" "outofseqtsns" Bytes(96, 8), Number;
    /// Chunks received twice.
    IDUPCHUNKS = "idupchunks" "idupchunks" Bytes(104, 8), Number;
    /// Gaps acknowledged.
    GAPCNT = "gapcnt" "gapcnt" Bytes(112, 8), Number;
    /// Unordered chunks sent.
    OUODCHUNKS = "ouodchunks" "ouodchunks" Bytes(120, 8), Number;
    /// Unordered chunks received.
    IUODCHUNKS = "iuodchunks" "iuodchunks" Bytes(128, 8), Number;
    /// Ordered chunks sent.
    OODCHUNKS = "oodchunks" "oodchunks" Bytes(136, 8), Number;
    /// Ordered chunks received.
    IODCHUNKS = "iodchunks" "iodchunks" Bytes(144, 8), Number;
    /// Control chunks sent.
    OCTRLCHUNKS = "octrlchunks" "octrlchunks" Bytes(152, 8), Number;
    /// Control chunks received.
    ICTRLCHUNKS = "ictrlchunks" "ictrlchunks" Bytes(160, 8), Number;
    /// Primary path: its state.
    P_STATE = "p_state" "primary_state" Bytes(296, 4), Code;
    /// Primary path: congestion window.
    P_CWND = "p_cwnd" "primary_cwnd_bytes" Bytes(300, 4), Bytes;
    /// Primary path: smoothed round-trip time.
    P_SRTT = "p_srtt" "primary_srtt_ms" Bytes(304, 4), Millis;
    /// Primary path: retransmission timeout.
    P_RTO = "p_rto" "primary_rto_ms" Bytes(308, 4), Millis;
    /// Primary path: heartbeat interval.
    P_HBINTERVAL = "p_hbinterval" "primary_hbinterval_ms" Bytes(312, 4), Millis;
    /// Primary path: timeouts before it counts as down.
    P_PATHMAXRXT = "p_pathmaxrxt" "primary_pathmaxrxt" Bytes(316, 4), Number;
    /// Primary path: delay of SACKs.
    P_SACKDELAY = "p_sackdelay" "primary_sackdelay_ms" Bytes(320, 4), Millis;
    /// Primary path: packets per SACK.
    P_SACKFREQ = "p_sackfreq" "primary_sackfreq" Bytes(324, 4), Number;
    /// Primary path: slow-start threshold.
    P_SSTHRESH = "p_ssthresh" "primary_ssthresh_bytes" Bytes(328, 4), Bytes;
    /// Primary path: towards the next growth of the window.
    P_PARTIAL_BYTES_ACKED = "p_partial_bytes_acked" "primary_partial_acked_bytes" Bytes(332, 4), Bytes;
    /// Primary path: in flight.
    P_FLIGHT_SIZE = "p_flight_size" "primary_flight_size_bytes" Bytes(336, 4), Bytes;
    /// Primary path: errors.
    P_ERROR = "p_error" "primary_error" Bytes(340, 2), Number;
    /// Idle time after which it closes; 0 for never.
    S_AUTOCLOSE = "s_autoclose" "autoclose_s" Bytes(344, 4), Seconds;
    /// Adaptation-layer indication.
    S_ADAPTATION_IND = "s_adaptation_ind" "adaptation_ind" Bytes(348, 4), Number;
    /// When a message is delivered in parts.
    S_PD_POINT = "s_pd_point" "pd_point_bytes" Bytes(352, 4), Bytes;
    /// `SCTP_NODELAY`.
    S_NODELAY = "s_nodelay" "nodelay" Bytes(356, 1), Flag;
    /// `SCTP_DISABLE_FRAGMENTS`.
    S_DISABLE_FRAGMENTS = "s_disable_fragments" "disable_fragments" Bytes(357, 1), Flag;
    /// `SCTP_I_WANT_MAPPED_V4_ADDR`.
    S_V4MAPPED = "s_v4mapped" "v4mapped" Bytes(358, 1), Flag;
    /// Level of fragment interleaving.
    S_FRAG_INTERLEAVE = "s_frag_interleave" "frag_interleave" Bytes(359, 1), Number;
    /// Style: one-to-many, one-to-one, peeled off.
    S_TYPE = "s_type" "type" Bytes(360, 4), Code;
}
