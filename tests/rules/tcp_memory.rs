//! The memory of all TCP buffers of the host. Its limits exist in the first namespace only, so the figures are forged.

use std::fs;

use crate::lab::proof::{Lab, Proof, Remedied};

pub(crate) const PROOF: Proof = Proof {
    rule: "tcp-memory",
    fault: "/proc/net/sockstat says mem 400, then 540, with tcp_mem 300 400 600",
    twin: "It says mem 399",
    remedy: "sysctl -w net.ipv4.tcp_mem=…, executed on the forged file",
    by: Remedied::Forged,
    severities: &["warning", "critical"],
    prove,
    ..Proof::PLAIN
};

pub(crate) const PRESSURE: Proof = Proof {
    variant: "in another namespace",
    fault: "There is no tcp_mem, and /proc/net/protocols says press yes for TCP",
    twin: "It says no",
    remedy: "Programs that read their data: the kernel says no again",
    by: Remedied::Forged,
    severities: &["warning"],
    prove: prove_pressure,
    ..PROOF
};

fn pages(lab: &mut Lab, count: usize) {
    lab.forge().net("sockstat", &format!("sockets: used 9\nTCP: inuse 3 orphan 0 tw 0 alloc 9 mem {count}"));
}

fn prove(lab: &mut Lab) {
    // In the proportion of the kernel's own defaults.
    lab.forge().sysctl("net.ipv4.tcp_mem", "300 400 600");
    pages(lab, 399);
    lab.silent();
    pages(lab, 400);
    let found = lab.fires("warning");
    found.has("memory", 400 * 4096);
    found.has("memory_limit", 600 * 4096);
    pages(lab, 540);
    let found = lab.fires("critical");
    pages(lab, 599);
    lab.runs(&found, "sysctl -w net.ipv4.tcp_mem='450 600 900'");
    assert_eq!(lab.forge().read("sys/net/ipv4/tcp_mem"), "450 600 900");
    lab.gone();
}

fn pressure(lab: &mut Lab, press: &str) {
    let real = fs::read_to_string("/proc/self/net/protocols").expect("the kernel's own");
    let line = |line: &str| {
        let is_tcp = line.starts_with("TCP ") || line.starts_with("TCPv6 ");
        if is_tcp { line.replacen(" no ", &format!(" {press} "), 1) } else { line.to_owned() }
    };
    let lines: Vec<String> = real.lines().map(line).collect();
    lab.forge().net("protocols", &lines.join("\n"));
}

fn prove_pressure(lab: &mut Lab) {
    pressure(lab, "no");
    lab.silent();
    pressure(lab, "yes");
    let found = lab.fires("warning");
    found.says("under memory pressure");
    pressure(lab, "no");
    lab.gone();
}
