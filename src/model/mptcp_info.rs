//! `struct mptcp_info` as a table (`include/uapi/linux/mptcp.h`, offsets from the type information of Linux 6.18, 96
//! bytes).

use crate::model::field::{bytes, fields};

/// `MPTCP_INFO_FLAG_FALLBACK`: the connection went on as plain TCP.
pub const FLAG_FALLBACK: u64 = 1;
/// `MPTCP_INFO_FLAG_REMOTE_KEY_RECEIVED`.
pub const FLAG_REMOTE_KEY: u64 = 2;

fields! {
    /// Subflows beyond the first.
    SUBFLOWS = "subflows" "subflows" bytes(0, 1), Number;
    /// Addresses announced.
    ADD_ADDR_SIGNAL = "add_addr_signal" "add_addr_signal" bytes(1, 1), Number;
    /// Announced addresses taken.
    ADD_ADDR_ACCEPTED = "add_addr_accepted" "add_addr_accepted" bytes(2, 1), Number;
    /// Limit of subflows.
    SUBFLOWS_MAX = "subflows_max" "subflows_max" bytes(3, 1), Number;
    /// Limit of addresses announced.
    ADD_ADDR_SIGNAL_MAX = "add_addr_signal_max" "add_addr_signal_max" bytes(4, 1), Number;
    /// Limit of addresses taken.
    ADD_ADDR_ACCEPTED_MAX = "add_addr_accepted_max" "add_addr_accepted_max" bytes(5, 1), Number;
    /// [`FLAG_FALLBACK`], [`FLAG_REMOTE_KEY`].
    FLAGS = "flags" "flags" bytes(8, 4), Code;
    /// The connection's token.
    TOKEN = "token" "token" bytes(12, 4), Hex;
    /// Sequence number of the next byte written.
    WRITE_SEQ = "write_seq" "write_seq" bytes(16, 8), Hex;
    /// The oldest not acknowledged.
    SND_UNA = "snd_una" "snd_una" bytes(24, 8), Hex;
    /// The next expected.
    RCV_NXT = "rcv_nxt" "rcv_nxt" bytes(32, 8), Hex;
    /// Local addresses in use (Linux 5.16).
    LOCAL_ADDR_USED = "local_addr_used" "local_addr_used" bytes(40, 1), Number;
    /// Their limit.
    LOCAL_ADDR_MAX = "local_addr_max" "local_addr_max" bytes(41, 1), Number;
    /// Whether checksums are used.
    CSUM_ENABLED = "csum_enabled" "csum_enabled" bytes(42, 1), Flag;
    /// Timeouts in a row (Linux 6.5).
    RETRANSMITS = "retransmits" "retransmits" bytes(44, 4), Number;
    /// Sent again.
    BYTES_RETRANS = "bytes_retrans" "retrans_bytes" bytes(48, 8), Bytes;
    /// Sent.
    BYTES_SENT = "bytes_sent" "sent_bytes" bytes(56, 8), Bytes;
    /// Received.
    BYTES_RECEIVED = "bytes_received" "received_bytes" bytes(64, 8), Bytes;
    /// Acknowledged.
    BYTES_ACKED = "bytes_acked" "acked_bytes" bytes(72, 8), Bytes;
    /// Subflows, the first one among them (Linux 6.8).
    SUBFLOWS_TOTAL = "subflows_total" "subflows_total" bytes(80, 1), Number;
    /// Limit of laminar endpoints (Linux 6.18).
    ENDP_LAMINAR_MAX = "endp_laminar_max" "endp_laminar_max" bytes(81, 1), Number;
    /// Since data were last sent (Linux 6.10).
    LAST_DATA_SENT = "last_data_sent" "last_data_sent_ms" bytes(84, 4), Millis;
    /// Since data were last received.
    LAST_DATA_RECV = "last_data_recv" "last_data_recv_ms" bytes(88, 4), Millis;
    /// Since an ACK was last received.
    LAST_ACK_RECV = "last_ack_recv" "last_ack_recv_ms" bytes(92, 4), Millis;
}
