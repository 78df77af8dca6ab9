//! The firewall's table of connections. Its limit is the host's, so the figures are forged.

use crate::lab::proof::{Lab, Proof, Remedied};

pub(crate) const PROOF: Proof = Proof {
    rule: "conntrack-near-limit",
    fault: "nf_conntrack_count says 800, then 950 of 1,000",
    twin: "It says 799 of 1,000",
    remedy: "sysctl -w net.netfilter.nf_conntrack_max=…, executed on the forged file",
    by: Remedied::Forged,
    severities: &["warning", "critical"],
    prove,
    ..Proof::PLAIN
};

fn tracked(lab: &mut Lab, count: u32) {
    lab.forge().sysctl("net.netfilter.nf_conntrack_count", &count.to_string());
}

fn prove(lab: &mut Lab) {
    lab.forge().sysctl("net.netfilter.nf_conntrack_max", "1000");
    lab.forge().sysctl("net.netfilter.nf_conntrack_tcp_timeout_established", "432000");
    tracked(lab, 799);
    lab.silent();
    tracked(lab, 800);
    let found = lab.fires("warning");
    assert!((found.figure("tracked") - 800.0).abs() < 0.5, "{found:?}");
    tracked(lab, 950);
    let found = lab.fires("critical");
    assert!((found.figure("tracked_limit") - 1_000.0).abs() < 0.5, "{found:?}");
    lab.runs(&found, "sysctl -w net.netfilter.nf_conntrack_tcp_timeout_established=");
    lab.runs(&found, "sysctl -w net.netfilter.nf_conntrack_max=");
    assert_eq!(lab.forge().read("sys/net/netfilter/nf_conntrack_tcp_timeout_established"), "86400");
    lab.gone();
}
