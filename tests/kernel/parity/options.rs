//! The options of `ss`, on the same sockets.

use std::collections::BTreeSet;
use std::process::Command;

use rustix::net::{AddressFamily, SocketFlags, SocketType, socket_with, sockopt};
use serde_json::Value;

#[path = "fields.rs"]
mod fields;

pub(crate) use fields::{
    bpf_filters_are_asked_for_as_with_ss, extended_fields_are_those_of_ss, json_has_the_columns_of_ss,
};

use super::filters::cookies_of;
use super::rows::{cookies, documents, every_state, list, other_families, same, same_some, still, unix_connections};
use crate::lab::counts::{Counts, Inet};
use crate::lab::holder::{Holder, Holding};
use crate::lab::program::{run, run_with};
use crate::lab::{makers, namespace, ss};

pub(crate) fn the_default_all_and_listening_are_those_of_ss() {
    let (_held, _others) = (every_state(), other_families());
    for options in [&["-t"][..], &["-ta"], &["-tl"], &["-u"], &["-ua"], &["-ul"], &["-tu"], &["-tua"], &["-tul"]] {
        same_some(options, 3);
    }
}

pub(crate) fn protocols_and_ip_versions_are_those_of_ss() {
    let (_held, _others) = (still(), other_families());
    for options in [
        &["-4", "-t", "-a"][..],
        &["-6", "-t", "-a"],
        &["-4", "-u", "-a"],
        &["-6", "-u", "-a"],
        &["-f", "inet", "-ta"],
        &["-f", "inet6", "-ta"],
        &["-tu4a"],
        &["--tcp", "--ipv4", "--all", "--numeric"],
        &["-A", "tcp,udp", "-a"],
        &["--query", "udp,tcp", "-a"],
        &["--socket=tcp", "-a"],
    ] {
        same_some(options, 2);
    }
    for options in [
        &["-wa"][..],
        &["-wa4"],
        &["--raw", "--all", "-6"],
        &["--udp", "--ipv6", "--listening"],
        &["-A", "raw,udp", "-a"],
    ] {
        same_some(options, 1);
    }
}

pub(crate) fn an_exclamation_mark_takes_a_table_away() {
    let (_held, _others) = (still(), other_families());
    for options in [&["-A", "tcp,udp,!udp", "-a"][..], &["-A", "udp,tcp,raw,!tcp", "-a"]] {
        same_some(options, 2);
    }
}

pub(crate) fn unix_sockets_are_those_of_ss() {
    let _unix = other_families();
    same_some(&["-xa"], 2);
    same_some(&["-f", "unix", "-a"], 2);
    same_some(&["-A", "u_dgr", "-a"], 2);
    same(&["-x"]);
    same(&["-xl"]);
}

pub(crate) fn unix_names_and_peers_are_those_of_ss() {
    let _unix = unix_connections();
    let lines = ss::lines(&["-HxanO"]);
    let of_ss: BTreeSet<(String, String, String)> = lines
        .iter()
        .map(|line| {
            // "u_str ESTAB 0 0 @sockdoc lab 0 123 * 456"
            let words: Vec<&str> = line.split_whitespace().collect();
            let (end, [inode, _, peer]) = words.split_last_chunk::<3>().expect("three at the end");
            ((*inode).to_owned(), end.get(4..).unwrap_or_default().join(" "), (*peer).to_owned())
        })
        .collect();
    let ours = documents(&["-xa"]);
    let text = |value: &Value| if value.is_null() { "0".to_owned() } else { value.to_string() };
    let of_sockdoc = ours
        .iter()
        .map(|one| {
            let name = one["local"]["path"].as_str().unwrap_or("*").to_owned();
            (text(&one["local"]["inode"]), name, text(&one["peer"]["inode"]))
        })
        .collect();
    assert_eq!(of_ss, of_sockdoc);
}

pub(crate) fn netlink_sockets_are_those_of_ss() {
    let lines = ss::lines(&["-Ha", "-f", "netlink"]);
    let words = |lines: &[String]| -> BTreeSet<String> {
        let ends = lines.iter().filter_map(|line| line.split_whitespace().find(|word| word.contains(':')));
        // That of the program that asks is left out here, and listed by ss.
        ends.filter(|end| !end.starts_with("tcpdiag:ss/")).map(str::to_owned).collect()
    };
    let said = list(&["-Ha", "-f", "netlink"]);
    let ours: Vec<String> = said.stdout.lines().map(str::to_owned).collect();
    assert_eq!(words(&ours), words(&lines));
    assert!(words(&ours).contains("rtnl:kernel"), "{ours:?}");
    assert!(!ours.iter().any(|line| line.contains("tcpdiag:sockdoc/")), "{ours:?}");
}

pub(crate) fn packet_sockets_are_those_of_ss() {
    let raw = |kind| {
        socket_with(AddressFamily::from_raw(17), kind, SocketFlags::CLOEXEC, None).expect("a packet socket in the lab")
    };
    let _held = [raw(SocketType::RAW), raw(SocketType::DGRAM)];
    let lines = ss::lines(&["-H0ae"]);
    let field = |line: &str, name: &str| {
        line.split_whitespace().find_map(|word| word.strip_prefix(name).map(str::to_owned)).unwrap_or_default()
    };
    let of_ss: BTreeSet<(String, String)> = lines
        .iter()
        .filter(|line| line.starts_with("p_"))
        .map(|line| (field(line, "ino:"), field(line, "sk:")))
        .collect();
    let ours = documents(&["-0ae"]);
    let of_sockdoc: BTreeSet<(String, String)> = ours
        .iter()
        .map(|one| (one["inode"].to_string(), one["cookie"].as_str().unwrap_or_default().to_owned()))
        .collect();
    assert_eq!(of_sockdoc, of_ss);
    assert_eq!(of_sockdoc.len(), 2);
}

pub(crate) fn timers_are_those_of_ss() {
    let held = still();
    let client = held[1].sockets.first().expect("a client");
    sockopt::set_socket_keepalive(client, true).expect("keepalive");
    let rows = same_some(&["-tao"], 10);
    let timers: BTreeSet<&str> =
        rows.values().filter_map(|row| Some(row.fields.get("timer")?.split(' ').next()?.trim_matches('('))).collect();
    assert_eq!(timers, BTreeSet::from(["keepalive", "timewait"]));
}

pub(crate) fn memory_is_that_of_ss() {
    let (_held, _others) = (still(), other_families());
    let rows = same_some(&["-tam"], 10);
    assert!(rows.values().any(|row| row.fields.contains_key("skmem")), "{rows:?}");
    same_some(&["-uam"], 4);
}

pub(crate) fn tcp_info_is_that_of_ss() {
    let _held = still();
    let rows = same_some(&["-tai"], 10);
    for name in ["wscale", "mss", "pmtu", "cwnd", "segs_out", "snd_wnd", "bytes_received"] {
        assert!(rows.values().any(|row| row.fields.contains_key(name)), "{name}: {rows:?}");
    }
}

pub(crate) fn tos_cgroup_and_socket_options_are_those_of_ss() {
    let _held = still();
    for options in [&["-ta", "--tos"][..], &["-ta", "--cgroup"], &["-ta", "--inet-sockopt"]] {
        same_some(options, 10);
    }
}

pub(crate) fn everything_at_once_is_that_of_ss() {
    let _held = still();
    same_some(&["-taoemip", "--tos", "--cgroup", "--inet-sockopt"], 10);
}

pub(crate) fn a_summary_counts_what_is_there() {
    let (held, _others) = (every_state(), other_families());
    let made = held.iter().fold(Counts::default(), |mut sum, held| {
        sum += &held.made;
        sum
    });
    let said = list(&["-s"]);
    let row = |name: &str| -> Vec<usize> {
        let line = said.stdout.lines().find(|line| line.split_whitespace().next() == Some(name));
        let line = line.unwrap_or_else(|| panic!("{name}: {said:?}"));
        line.split_whitespace().skip(1).filter_map(|word| word.replace(',', "").parse().ok()).collect()
    };
    assert_eq!(row("TCP"), [made.total(), made.family(Inet::V4), made.family(Inet::V6)]);
    assert_eq!(row("UDP"), [6, 3, 3]);
    assert_eq!(row("RAW"), [2, 1, 1]);
    // ss takes UDP and RAW from the same place.
    for name in ["UDP", "RAW"] {
        let lines = ss::lines(&["-s"]);
        let line = lines.iter().find(|line| line.split_whitespace().next() == Some(name)).expect("a line");
        let figures: Vec<usize> = line.split_whitespace().skip(1).filter_map(|word| word.parse().ok()).collect();
        assert_eq!(row(name), figures, "{name}");
    }
}

pub(crate) fn without_a_heading_and_on_one_line() {
    let held = still();
    let sockets: usize = held.iter().map(|held| held.made.total()).sum();
    assert_eq!(list(&["-Hta"]).stdout.lines().count(), sockets);
    assert_eq!(list(&["-ta"]).stdout.lines().count(), sockets + 1);
    assert_eq!(list(&["-HtaiemO"]).stdout.lines().count(), sockets);
    assert_eq!(ss::lines(&["-HtaiemO"]).len(), sockets);
}

pub(crate) fn a_listing_without_queues() {
    let _held = still();
    let said = list(&["-taQ"]);
    let heading = said.stdout.lines().next().expect("a heading");
    assert!(!heading.contains("Recv-Q") && !heading.contains("Send-Q"), "{heading}");
}

pub(crate) fn a_dump_is_read_by_both() {
    let _held = still();
    let [ours, theirs] =
        ["sockdoc", "ss"].map(|name| std::env::temp_dir().join(name).to_str().expect("UTF-8").to_owned());
    let live = cookies(&documents(&["-tae"]));
    assert_eq!(list(&["-ta", "-D", &ours]).stdout, "");
    assert_eq!(cookies(&documents(&["-tae", "--from", &ours])), live);
    let replayed = run_with(&["list", "-tae", "--format", "jsonl"], &[("TCPDIAG_FILE", &ours)]);
    assert_eq!(replayed.code, Some(0), "{replayed:?}");
    assert_eq!(replayed.stdout.lines().count(), live.len());
    ss::lines(&["-ta", "-D", &theirs]);
    assert_eq!(cookies(&documents(&["-tae", "--from", &theirs])), live);
    // ss stops at the end of the first of the two answers, in its own file as in ours.
    let by_ss = |path: &str| {
        let output = Command::new("ss").args(["-HtaenO"]).env("TCPDIAG_FILE", path).output().expect("ss");
        let lines: Vec<String> = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
        cookies_of(&lines)
    };
    assert_eq!(by_ss(&ours), by_ss(&theirs));
    assert_eq!(by_ss(&ours), cookies(&documents(&["-tae4"])));
}

pub(crate) fn a_namespace_is_entered_by_process_and_by_path() {
    let held = still();
    let mut holder = Holder::start(|| Holding { sockets: vec![], made: Counts::default() });
    holder.ready();
    let here = cookies(&documents(&["-tae"]));
    namespace::enter_another().expect("another namespace");
    assert!(documents(&["-tae"]).is_empty());
    for netns in [format!("pid:{}", holder.pid()), format!("/proc/{}/ns/net", holder.pid())] {
        for option in ["-N", "--net", "--netns"] {
            assert_eq!(cookies(&documents(&["-tae", option, &netns])), here, "{option} {netns}");
        }
    }
    drop(held);
}

pub(crate) fn what_destroys_needs_yes() {
    for (options, way_out) in [(["list", "-K"], "sockdoc kill FILTER"), (["list", "--kill"], "--yes")] {
        let said = run(&options);
        assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""), "{said:?}");
        assert!(said.stderr.contains(way_out), "{said:?}");
    }
}

pub(crate) fn the_options_of_ss_need_no_subcommand() {
    let _held = still();
    for options in ["-tlnp", "-tan", "-antup", "-lt"] {
        let (short, long) = (run(&[options]), run(&["list", options]));
        assert_eq!((short.code, &short.stdout), (Some(0), &long.stdout), "{options}: {short:?}");
    }
}

pub(crate) fn an_unknown_option_is_refused() {
    for options in
        [&["list", "--nonsense"][..], &["list", "-tY"], &["-tY"], &["list", "-f", "inet7"], &["list", "-A", "tpc"]]
    {
        let said = run(options);
        assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""), "{options:?}: {said:?}");
        assert!(!said.stderr.is_empty());
    }
}

pub(crate) fn bound_inactive_sockets_are_listed_alone() {
    let (_held, _bound) = (still(), makers::bound_inactive(Inet::V4, 3));
    let ours = documents(&["-tB"]);
    assert_eq!(ours.len(), 3, "{ours:?}");
    assert!(ours.iter().all(|one| one["state"] == "BOUND_INACTIVE"), "{ours:?}");
}
