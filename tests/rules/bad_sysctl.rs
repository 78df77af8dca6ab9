//! The settings of old tuning guides, all at once.

use std::{env, fs};

use crate::lab::check::Finding;
use crate::lab::namespace::set_sysctl;
use crate::lab::program;
use crate::lab::proof::{Lab, Proof, Remedied};

pub(crate) const PROOF: Proof = Proof {
    rule: "bad-sysctl",
    fault: "tcp_abort_on_overflow 1, tcp_syncookies 0 (then 2), tcp_timestamps 0, tcp_max_tw_buckets one below its default, tcp_retries2 4, tcp_orphan_retries 1 (then 2)",
    twin: "The kernel's defaults, with tcp_retries2 5, tcp_orphan_retries 3 and tcp_rfc1337 1",
    remedy: "sysctl -w … for each of the six",
    by: Remedied::Executed,
    severities: &["notice"],
    prove,
    ..Proof::PLAIN
};

fn set(name: &str, value: &str) {
    set_sysctl(&format!("net.ipv4.{name}"), value).expect("a setting of this namespace");
}

fn read(name: &str) -> String {
    fs::read_to_string(format!("/proc/sys/net/ipv4/{name}")).expect("a setting").trim().to_owned()
}

/// The commands of the remedies under that name.
fn printed(found: &Finding, what: &str) -> Vec<String> {
    let remedies = found.0["remedies"].as_array().expect("remedies");
    remedies.iter().map(|remedy| remedy[what].as_str().expect("a command").to_owned()).collect()
}

fn prove(lab: &mut Lab) {
    let buckets: u64 = read("tcp_max_tw_buckets").parse().expect("a number");
    set("tcp_retries2", "5");
    set("tcp_orphan_retries", "3");
    set("tcp_rfc1337", "1");
    lab.silent();

    let fewer = (buckets - 1).to_string();
    for (cookies, orphans) in [("0", "1"), ("2", "2")] {
        let bad = [
            ("tcp_abort_on_overflow", "1", "0"),
            ("tcp_syncookies", cookies, "1"),
            ("tcp_timestamps", "0", "1"),
            ("tcp_max_tw_buckets", &fewer, &buckets.to_string()),
            ("tcp_retries2", "4", "8"),
            ("tcp_orphan_retries", orphans, "0"),
        ];
        for (name, value, _) in bad {
            set(name, value);
        }
        let found = lab.fires("notice");
        assert_eq!(found.commands().len(), bad.len(), "{found:?}");
        for (name, value, better) in bad {
            assert!((found.figure(name) - value.parse::<f64>().expect("a number")).abs() < 0.5, "{found:?}");
            lab.runs(&found, &format!("sysctl -w net.ipv4.{name}="));
            assert_eq!(read(name), better, "{name}");
        }
        lab.gone();

        // The printed undo command undoes it, and the printed file keeps it.
        for undo in printed(&found, "undo") {
            let said = program::shell(&undo);
            assert_eq!(said.code, Some(0), "{undo}: {said:?}");
        }
        for (name, value, _) in bad {
            assert_eq!(read(name), value, "{name}");
        }
        lab.fires("notice");
        let file = env::temp_dir().join(format!("sockdoc-persist-{}.conf", std::process::id()));
        fs::write(&file, printed(&found, "persist").join("\n") + "\n").expect("a file");
        let said = program::shell(&format!("sysctl -p {}", file.display()));
        fs::remove_file(&file).expect("the file");
        assert_eq!(said.code, Some(0), "{said:?}");
        lab.gone();

        // Each alone is enough.
        for (name, value, better) in bad {
            set(name, value);
            let found = lab.fires("notice");
            assert_eq!(found.commands().len(), 1, "{found:?}");
            set(name, better);
        }
        lab.gone();
    }
}
