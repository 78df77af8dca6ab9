//! The orphans of the whole host. Namespaces share the limit, so the figures are forged.

use crate::lab::proof::{Lab, Proof, Remedied};

pub(crate) const PROOF: Proof = Proof {
    rule: "orphans-near-limit",
    fault: "/proc/net/sockstat says orphan 500, then 900, with tcp_max_orphans 1,000",
    twin: "It says orphan 499",
    remedy: "sysctl -w net.ipv4.tcp_max_orphans=2000, executed on the forged file",
    by: Remedied::Forged,
    severities: &["warning", "critical"],
    prove,
    ..Proof::PLAIN
};

fn orphans(lab: &mut Lab, count: usize) {
    lab.forge().net("sockstat", &format!("sockets: used 9\nTCP: inuse 3 orphan {count} tw 0 alloc 9 mem 2"));
}

fn prove(lab: &mut Lab) {
    // The second is what tells the first network namespace from others.
    lab.forge().sysctl("net.ipv4.tcp_max_orphans", "1000").sysctl("net.ipv4.tcp_mem", "300 400 600");
    orphans(lab, 499);
    lab.silent();
    orphans(lab, 500);
    let found = lab.fires("warning");
    found.has("orphans", 500);
    found.has("orphan_limit", 1_000);
    orphans(lab, 900);
    let found = lab.fires("critical");
    orphans(lab, 980);
    lab.runs(&found, "sysctl -w net.ipv4.tcp_max_orphans=2000");
    lab.gone();
}
