//! Host limits that affect sockets.

/// The sysctls under `net.ipv4` that bound a state, of the socket's network namespace; `None` where one could not be
/// read.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Limits {
    /// `tcp_fin_timeout`, seconds.
    pub tcp_fin_timeout: Option<u32>,
    /// `tcp_syn_retries`.
    pub tcp_syn_retries: Option<u32>,
    /// `tcp_syn_linear_timeouts`; 0 on kernels without it (before Linux 6.5).
    pub tcp_syn_linear_timeouts: Option<u32>,
    /// `tcp_synack_retries`.
    pub tcp_synack_retries: Option<u32>,
}
