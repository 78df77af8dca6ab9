//! Kernel settings that rules ask for. One without a file does not exist on this kernel, or not in this namespace.

use std::collections::BTreeMap;

use super::files::Files;

/// The names, dotted.
const NAMES: [&str; 36] = [
    "fs.file-max",
    "net.core.rmem_default",
    "net.core.rmem_max",
    "net.core.somaxconn",
    "net.core.wmem_max",
    RANGE,
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_abort_on_overflow",
    "net.ipv4.tcp_ehash_entries",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_max_orphans",
    "net.ipv4.tcp_max_syn_backlog",
    "net.ipv4.tcp_max_tw_buckets",
    OF_THE_HOST,
    "net.ipv4.tcp_migrate_req",
    "net.ipv4.tcp_mtu_probing",
    "net.ipv4.tcp_orphan_retries",
    "net.ipv4.tcp_retries2",
    "net.ipv4.tcp_rfc1337",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_rto_max_ms",
    "net.ipv4.tcp_syn_linear_timeouts",
    "net.ipv4.tcp_syn_retries",
    "net.ipv4.tcp_synack_retries",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_timestamps",
    "net.ipv4.tcp_tw_reuse",
    "net.ipv4.tcp_tw_reuse_delay",
    "net.ipv4.tcp_wmem",
    "net.ipv4.udp_mem",
    "net.netfilter.nf_conntrack_max",
    "net.netfilter.nf_conntrack_tcp_timeout_established",
    "net.unix.max_dgram_qlen",
];

const RANGE: &str = "net.ipv4.ip_local_port_range";
/// The range where it is unknown: that of a kernel whose setting was never changed (`net/ipv4/af_inet.c`, `inet_init_net()`).
pub(super) const DEFAULT_RANGE: (u16, u16) = (32_768, 60_999);
/// A setting that only the first network namespace has (`tcp_init`, `ipv4_net_table` against `ipv4_table`).
pub(super) const OF_THE_HOST: &str = "net.ipv4.tcp_mem";

/// Reads those that exist.
pub(super) fn read(files: &mut Files<'_>) -> BTreeMap<String, String> {
    let mut sysctls = BTreeMap::new();
    for name in NAMES {
        if let Some(text) = files.text(&path(name)) {
            sysctls.insert(name.to_owned(), text.trim().to_owned());
        }
    }
    sysctls
}

/// Reads one.
pub(super) fn one(files: &mut Files<'_>, name: &str) -> Option<String> {
    files.text(&path(name)).map(|text| text.trim().to_owned())
}

/// Whether these settings are those of the first network namespace.
pub(super) fn is_of_initial_netns(sysctls: &BTreeMap<String, String>) -> bool {
    sysctls.contains_key(OF_THE_HOST)
}

/// The ports that `connect()` takes by itself.
pub(super) fn ephemeral_range(files: &mut Files<'_>) -> Option<(u16, u16)> {
    let mut ends = files.text(&path(RANGE))?.split_ascii_whitespace().map(str::parse);
    Some((ends.next()?.ok()?, ends.next()?.ok()?))
}

fn path(name: &str) -> String {
    ["/proc/sys/", &name.replace('.', "/")].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::memory::MemorySource;

    #[test]
    fn a_setting_is_its_trimmed_text_and_a_missing_file_no_setting() {
        let mut held = MemorySource::default();
        held.file("/proc/sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
        held.file("/proc/sys/net/ipv4/ip_local_reserved_ports", "\n");
        held.file("/proc/sys/net/core/somaxconn", "4096\n");
        let mut files = Files::new(&held);
        let sysctls = read(&mut files);
        let expected = [
            ("net.core.somaxconn", "4096"),
            ("net.ipv4.ip_local_port_range", "32768\t60999"),
            ("net.ipv4.ip_local_reserved_ports", ""),
        ];
        assert_eq!(sysctls.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>(), expected);
        assert!(!is_of_initial_netns(&sysctls));
        assert_eq!(ephemeral_range(&mut files), Some((32768, 60999)));
    }
}
