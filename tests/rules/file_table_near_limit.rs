//! The file table of the host. Namespaces share it, so its figures are forged.

use crate::lab::proof::{Lab, Proof, Remedied};

pub(crate) const PROOF: Proof = Proof {
    rule: "file-table-near-limit",
    fault: "/proc/sys/fs/file-nr says 800, then 950 of 1,000",
    twin: "It says 790 of 1,000",
    remedy: "sysctl -w fs.file-max=…, executed on the forged file",
    by: Remedied::Forged,
    severities: &["warning", "critical"],
    prove,
    ..Proof::PLAIN
};

fn open_files(lab: &mut Lab, used: u32, most: &str) {
    lab.forge().proc_file("sys/fs/file-max", most).proc_file("sys/fs/file-nr", &format!("{used}\t0\t{most}"));
}

fn prove(lab: &mut Lab) {
    open_files(lab, 790, "1000");
    lab.silent();
    open_files(lab, 800, "1000");
    lab.fires("warning");
    open_files(lab, 950, "1000");
    let found = lab.fires("critical");
    lab.runs(&found, "sysctl -w fs.file-max=");
    // The real file-nr repeats what file-max says.
    let raised = lab.forge().read("sys/fs/file-max");
    open_files(lab, 950, &raised);
    lab.gone();
}
