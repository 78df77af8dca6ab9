//! Socket details beyond the common fields, read on request.

/// `struct tcp_info` as the kernel sent it: its length differs by kernel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TcpInfo {
    bytes: [u8; TcpInfo::ROOM],
    length: u16,
}

impl TcpInfo {
    /// Room for the longest structure known (280 bytes on Linux 6.18) and some growth; more is cut.
    pub const ROOM: usize = 384;

    /// Keeps a copy.
    pub fn new(sent: &[u8]) -> TcpInfo {
        let mut bytes = [0; TcpInfo::ROOM];
        let length = sent.len().min(TcpInfo::ROOM);
        for (place, byte) in bytes.iter_mut().zip(sent) {
            *place = *byte;
        }
        TcpInfo { bytes, length: length as u16 }
    }

    /// The value from the kernel.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or_default()
    }
}

/// `INET_DIAG_SKMEMINFO`, bytes but for the drops; later fields are missing on older kernels.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct SocketMemory {
    /// `SK_MEMINFO_RMEM_ALLOC`: received data, with the kernel's own overhead.
    pub rmem_alloc: u32,
    /// `SK_MEMINFO_RCVBUF`: the limit of it.
    pub rcvbuf: u32,
    /// `SK_MEMINFO_WMEM_ALLOC`: data handed to the device.
    pub wmem_alloc: u32,
    /// `SK_MEMINFO_SNDBUF`: the limit of the send buffer.
    pub sndbuf: u32,
    /// `SK_MEMINFO_FWD_ALLOC`: reserved for coming data.
    pub fwd_alloc: u32,
    /// `SK_MEMINFO_WMEM_QUEUED`: data written and not acknowledged.
    pub wmem_queued: u32,
    /// `SK_MEMINFO_OPTMEM`: options.
    pub optmem: u32,
    /// `SK_MEMINFO_BACKLOG`: segments that wait while the socket is locked.
    pub backlog: Option<u32>,
    /// `SK_MEMINFO_DROPS`: packets this socket dropped, since it was made.
    pub drops: Option<u32>,
}

/// The block of a congestion control (`INET_DIAG_VEGASINFO`, `DCTCPINFO`, `BBRINFO`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CongestionInfo {
    /// TCP Vegas.
    Vegas {
        /// Whether it is in use.
        enabled: u32,
        /// Round trips sampled.
        rtt_count: u32,
        /// Microseconds.
        rtt_us: u32,
        /// Microseconds.
        minrtt_us: u32,
    },
    /// DCTCP.
    Dctcp {
        /// Whether it is in use.
        enabled: u16,
        /// Its congestion-experienced state.
        ce_state: u16,
        /// The estimate of marked packets.
        alpha: u32,
        /// Bytes marked.
        ab_ecn: u32,
        /// Bytes in all.
        ab_tot: u32,
    },
    /// BBR.
    Bbr {
        /// Bottleneck bandwidth, bytes per second.
        bandwidth_bytes_per_second: u64,
        /// Microseconds.
        min_rtt_us: u32,
        /// Fixed point, 256 is 1.
        pacing_gain: u32,
        /// Fixed point, 256 is 1.
        cwnd_gain: u32,
    },
}

/// `INET_DIAG_ULP_INFO`: the protocol on top of TCP.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ulp {
    /// Its name: `tls`, `mptcp`, `espintcp`…
    pub name: Box<str>,
    /// TLS: version (0x0303 is 1.2), cipher, and the configuration of both directions.
    pub tls: Option<Tls>,
    /// MPTCP subflow.
    pub mptcp: Option<MptcpSubflow>,
}

/// Kernel TLS (`TLS_INFO_*`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tls {
    /// `TLS_INFO_VERSION`.
    pub version: Option<u16>,
    /// `TLS_INFO_CIPHER`.
    pub cipher: Option<u16>,
    /// `TLS_INFO_TXCONF`.
    pub tx: Option<u16>,
    /// `TLS_INFO_RXCONF`.
    pub rx: Option<u16>,
    /// `TLS_INFO_ZC_RO_TX`.
    pub zerocopy_sendfile: bool,
    /// `TLS_INFO_RX_NO_PAD`.
    pub no_pad_rx: bool,
}

/// An MPTCP subflow (`MPTCP_SUBFLOW_ATTR_*`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct MptcpSubflow {
    /// `FLAGS`.
    pub flags: Option<u32>,
    /// `TOKEN_REM`, local id in front of it.
    pub token_remote: Option<u32>,
    /// `TOKEN_LOC`.
    pub token_local: Option<u32>,
    /// `ID_REM`.
    pub id_remote: Option<u8>,
    /// `ID_LOC`.
    pub id_local: Option<u8>,
    /// `MAP_SEQ`.
    pub map_seq: Option<u64>,
    /// `MAP_SFSEQ`.
    pub map_sfseq: Option<u32>,
    /// `SSN_OFFSET`.
    pub ssn_offset: Option<u32>,
    /// `MAP_DATALEN`.
    pub map_datalen: Option<u16>,
}

/// A key of TCP MD5 signatures (`INET_DIAG_MD5SIG`), without the key itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Md5Key {
    /// The peer it is for.
    pub address: std::net::IpAddr,
    /// Prefix length.
    pub prefix: u8,
}

/// A packet socket's details (`PACKET_DIAG_*`).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PacketDetail {
    /// `PDI_*` flags.
    pub flags: Option<u32>,
    /// Packet format version (1 to 3).
    pub version: Option<u32>,
    /// Bytes reserved before each packet.
    pub reserve: Option<u32>,
    /// `PACKET_COPY_THRESH`.
    pub copy_thresh: Option<u32>,
    /// `PACKET_TIMESTAMP`.
    pub timestamp: Option<u32>,
    /// Receive ring.
    pub rx_ring: Option<PacketRing>,
    /// Transmit ring.
    pub tx_ring: Option<PacketRing>,
    /// Fanout group and type.
    pub fanout: Option<u32>,
}

/// A ring of packets that kernel and program share (`struct packet_diag_ring`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct PacketRing {
    /// `pdr_block_size`, bytes.
    pub block_size: u32,
    /// `pdr_block_nr`.
    pub blocks: u32,
    /// `pdr_frame_size`, bytes.
    pub frame_size: u32,
    /// `pdr_frame_nr`.
    pub frames: u32,
    /// `pdr_retire_tmo`: milliseconds until a block that is not full is given over (`TPACKET_V3`).
    pub retire_ms: Option<u32>,
    /// `pdr_sizeof_priv`: bytes of each block that are the program's own.
    pub private_size: Option<u32>,
    /// `pdr_features`: bits.
    pub features: Option<u32>,
}

/// An XDP socket's details (`XDP_DIAG_*`).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct XdpDetail {
    /// Descriptors of the receive ring.
    pub rx_ring: Option<u32>,
    /// Descriptors of the transmit ring.
    pub tx_ring: Option<u32>,
    /// Descriptors of the ring of empty frames (`XDP_DIAG_UMEM_FILL_RING`).
    pub fill_ring: Option<u32>,
    /// Descriptors of the ring of frames that were sent (`XDP_DIAG_UMEM_COMPLETION_RING`).
    pub completion_ring: Option<u32>,
    /// The memory of its packets.
    pub umem: Option<Umem>,
    /// Counters since it was made.
    pub statistics: Option<XdpStatistics>,
}

/// The memory of an XDP socket's packets (`struct xdp_diag_umem`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Umem {
    /// Bytes.
    pub size: u64,
    /// Its number.
    pub id: u32,
    /// Pages.
    pub pages: u32,
    /// Bytes of a frame.
    pub chunk_size: u32,
    /// Bytes kept free at the begin of a frame.
    pub headroom: u32,
    /// The interface it is bound to, 0 for none.
    pub interface: u32,
    /// The queue it is bound to.
    pub queue: u32,
    /// Whether the driver uses it without copying (`XDP_DU_F_ZEROCOPY`).
    pub zero_copy: bool,
    /// Sockets that share it.
    pub references: u32,
}

/// Counters of an XDP socket (`struct xdp_diag_stats`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct XdpStatistics {
    /// `n_rx_dropped`.
    pub rx_dropped: u64,
    /// `n_rx_invalid`.
    pub rx_invalid: u64,
    /// `n_rx_full`.
    pub rx_full: u64,
    /// `n_fill_ring_empty`.
    pub fill_ring_empty: u64,
    /// `n_tx_invalid`.
    pub tx_invalid: u64,
    /// `n_tx_ring_empty`.
    pub tx_ring_empty: u64,
}

/// A TIPC socket's internals.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct TipcDetail {
    /// `TIPC_NLA_SOCK_STAT_LINK_CONG`: it waits for room on a link.
    pub link_congested: bool,
    /// `TIPC_NLA_SOCK_STAT_CONN_CONG`: it waits for the peer of its connection.
    pub connection_congested: bool,
    /// `TIPC_NLA_SOCK_STAT_DROP`: messages dropped.
    pub drops: Option<u32>,
    /// `TIPC_NLA_SOCK_HAS_PUBL`: it has published a service.
    pub published: bool,
    /// `TIPC_NLA_CON_TYPE` and `TIPC_NLA_CON_INST`: the service it is connected by.
    pub service: Option<(u32, u32)>,
}

/// The requested details. A detail that was not requested or does not exist is `None`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Detail {
    /// `INET_DIAG_INFO` of TCP and of MPTCP's subflows.
    pub tcp_info: Option<TcpInfo>,
    /// `INET_DIAG_INFO` of an MPTCP connection (`struct mptcp_info`) or an SCTP association (`struct sctp_info`).
    pub protocol_info: Option<Box<[u8]>>,
    /// `INET_DIAG_CONG`: the congestion control.
    pub congestion: Option<Box<str>>,
    /// Its block.
    pub congestion_info: Option<CongestionInfo>,
    /// Memory.
    pub memory: Option<SocketMemory>,
    /// `INET_DIAG_TOS`.
    pub tos: Option<u8>,
    /// `INET_DIAG_TCLASS`.
    pub tclass: Option<u8>,
    /// `INET_DIAG_CLASS_ID`: the priority.
    pub class_id: Option<u32>,
    /// `INET_DIAG_SOCKOPT`: two bytes of flags.
    pub sockopt: Option<u16>,
    /// The protocol on top of TCP.
    pub ulp: Option<Ulp>,
    /// TCP MD5 keys.
    pub md5: Vec<Md5Key>,
    /// The attached classic BPF filter: code, jt, jf, k of each instruction.
    pub bpf: Vec<(u16, u8, u8, u32)>,
    /// `INET_DIAG_SK_BPF_STORAGES`: map id and value.
    pub bpf_storages: Vec<(u32, Box<[u8]>)>,
    /// SCTP: all local and peer addresses.
    pub sctp_locals: Vec<std::net::IpAddr>,
    /// SCTP: all peer addresses.
    pub sctp_peers: Vec<std::net::IpAddr>,
    /// UNIX: the inodes of sockets that wait in a listener's queue.
    pub unix_pending: Vec<u32>,
    /// UNIX: inode and device of the path.
    pub unix_vfs: Option<(u32, u32)>,
    /// Packet.
    pub packet: Option<PacketDetail>,
    /// XDP.
    pub xdp: Option<XdpDetail>,
    /// TIPC.
    pub tipc: Option<TipcDetail>,
    /// Netlink: the first 64 of the multicast groups it has joined, one bit each.
    pub netlink_groups: Option<u64>,
    /// Netlink: the groups beyond them, 64 to a number; empty where none is joined.
    pub netlink_more_groups: Vec<u64>,
    /// Netlink: whether a dump is under way, and its flags (`NDIAG_FLAG_*`).
    pub netlink_flags: Option<u32>,
}
