//! Single fields of `ss`: those of `-e`, the programs of `-b`, and what JSON has of a socket.

use std::collections::BTreeMap;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr as UnixAddress, UnixListener, UnixStream};

use rustix::net::{AddressFamily, Protocol, SocketFlags, SocketType, socket_with, sockopt};
use serde_json::{Value, json};

use super::super::rows::{
    Row, Rows, documents, end_of_json, end_of_ss, every_state, list, mark, other_families, parse, same_some,
    set_option, ss_state, while_still,
};
use crate::lab::program::{output_unprivileged, run_unprivileged};
use crate::lab::ss;

pub(crate) fn extended_fields_are_those_of_ss() {
    let (held, others) = (every_state(), other_families());
    let [client, other] = [1, 4].map(|number| held[number].sockets.first().expect("a socket"));
    mark(client, 7);
    mark(other, u32::MAX);
    mark(&others[0][0], 0x10);
    let rows = same_some(&["-tae"], 10);
    assert!(rows.values().all(|row| row.fields.contains_key("sk")), "{rows:?}");
    let udp = same_some(&["-uae"], 4);
    for (rows, marks) in [(&rows, &["0x7", "0xffffffff"][..]), (&udp, &["0x10"])] {
        let of_ss: Vec<&str> = rows.values().filter_map(|row| Some(row.fields.get("fwmark")?.as_str())).collect();
        assert!(marks.iter().all(|mark| of_ss.contains(mark)), "{rows:?}");
    }
    // Down there we are user 1000, so that ss has a user to show.
    for options in ["-HtaenO", "-HuaenO"] {
        let users = |lines: &str| -> BTreeMap<String, Option<String>> {
            let lines = lines.lines().map(|line| format!("{line} "));
            let field = |line: &str, name: &str| {
                line.split_whitespace().find_map(|word| word.strip_prefix(name).map(str::to_owned))
            };
            lines.filter_map(|line| Some((field(&line, "sk:")?, field(&line, "uid:")))).collect()
        };
        let ours = users(&run_unprivileged(&["list", options]).stdout);
        assert!(ours.values().any(|uid| uid.as_deref() == Some("1000")), "{ours:?}");
        assert_eq!(ours, users(&output_unprivileged("ss", &[options]).stdout), "{options}");
    }
}

/// Lets IPv4 through: `ldh [12]; jeq #0x800; ret #65535; ret #0`.
const PROGRAM: [(u16, u8, u8, u32); 4] = [(0x28, 0, 0, 12), (0x15, 0, 1, 0x800), (0x06, 0, 0, 65535), (0x06, 0, 0, 0)];

pub(crate) fn bpf_filters_are_asked_for_as_with_ss() {
    let mut code = PROGRAM.map(|(code, jt, jf, k)| libc::sock_filter { code, jt, jf, k });
    let program = libc::sock_fprog { len: 4, filter: code.as_mut_ptr() };
    let open = |family, kind, protocol| {
        socket_with(family, kind, SocketFlags::CLOEXEC, protocol).expect("a socket of the lab")
    };
    let packet = |kind| open(AddressFamily::from_raw(17), kind, None);
    let raw = open(AddressFamily::INET, SocketType::RAW, Some(Protocol::from_raw(253.try_into().expect("not 0"))));
    let _held = (every_state(), packet(SocketType::RAW));
    let filtered = packet(SocketType::DGRAM);
    for socket in [&filtered, &raw] {
        set_option(socket, libc::SO_ATTACH_FILTER, &program);
    }
    same_some(&["-tab"], 10);
    // Neither shows the program of a raw socket: the kernel keeps it to itself.
    same_some(&["-wab"], 1);
    let written = PROGRAM.map(|(code, jt, jf, k)| format!("{code:#04x} {jt} {jf} {k}")).join(", ");
    let programs = |lines: &[String]| -> Vec<(bool, String)> {
        let rows = lines.iter().filter(|line| line.starts_with("p_"));
        let program = |line: &String| {
            let (_, program) = line.split_once("bpf filter (")?;
            Some(program.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches(',').to_owned())
        };
        let mut programs: Vec<_> =
            rows.map(|line| (line.starts_with("p_dgr"), program(line).unwrap_or_default())).collect();
        programs.sort();
        programs
    };
    let ours: Vec<String> = list(&["-H0abO"]).stdout.lines().map(str::to_owned).collect();
    assert_eq!(programs(&ours), [(false, String::new()), (true, format!("4): {written}"))], "{ours:?}");
    let lines = ss::lines(&["-H0abO"]);
    assert_eq!(programs(&ours), programs(&lines), "{lines:?}");
    let mut found: Vec<Value> =
        documents(&["-0ab"]).iter_mut().map(|one| one["details"]["bpf_filter"].take()).collect();
    found.sort_by_key(ToString::to_string);
    assert_eq!(found, [json!(PROGRAM), json!([])]);
}

/// A table from `ss`, and our documents from the same time: nothing moved meanwhile.
#[track_caller]
fn rows_and_documents(options: &[&str], unix: bool) -> (Rows, Vec<Value>) {
    let by_ss = || parse(&ss::lines(&[&["-O", "-n"], options].concat()), unix);
    let (seen, ours) = while_still(by_ss, || documents(options));
    assert_eq!(ours.len(), seen.len(), "{options:?}");
    (seen, ours)
}

/// The common part of both outputs for a socket of any family.
#[track_caller]
fn has_state_and_queues(own: &Value, row: &Row) {
    let queue = |bytes: &str, count: &str| own[bytes].as_u64().or(own[count].as_u64());
    let queues = [queue("recv_queue_bytes", "accept_queue"), queue("send_queue_bytes", "accept_limit")];
    assert_eq!(queues, row.queues.map(Some), "{own} {row:?}");
    assert_eq!(own["recv_queue_bytes"].is_null(), own["state"] == "LISTEN", "{own}");
    assert_eq!(own["state"].as_str().map(ss_state), row.state, "{own} {row:?}");
}

pub(crate) fn json_has_the_columns_of_ss() {
    let (held, _others) = (every_state(), other_families());
    let client = held[1].sockets.first().expect("a client");
    sockopt::set_socket_keepalive(client, true).expect("keepalive");
    mark(client, 9);
    for options in [&["-tae"][..], &["-uae"]] {
        let (seen, ours) = rows_and_documents(options, false);
        let mut timers = vec![];
        for row in seen.values() {
            let field = |name: &str| row.fields.get(name).map(String::as_str);
            let own = ours.iter().find(|one| one["cookie"].as_str() == field("sk"));
            let own = own.unwrap_or_else(|| panic!("{row:?} is in the documents: {ours:?}"));
            has_state_and_queues(own, row);
            let ends = (end_of_ss(&row.local), end_of_ss(&row.peer).filter(|(_, port)| *port != 0));
            assert_eq!((end_of_json(&own["local"]), end_of_json(&own["peer"])), ends, "{own} {row:?}");
            assert_eq!(own["mapped"], row.mapped, "{own} {row:?}");
            // Where ss writes 0 the kernel keeps none, which is null; it leaves the user out where it is root or none.
            assert_eq!(own["inode"].as_u64().unwrap_or(0).to_string(), field("ino").unwrap_or("0"), "{own} {row:?}");
            assert_eq!(own["uid"].as_u64().unwrap_or(0).to_string(), field("uid").unwrap_or("0"), "{own} {row:?}");
            let mark = field("fwmark").map_or(0, |mark| u64::from_str_radix(&mark[2..], 16).expect("a mark"));
            assert_eq!(own["mark"].as_u64().unwrap_or(0), mark, "{own} {row:?}");
            let timer = &own["timer"];
            let timer = timer["kind"].as_str().map(|kind| format!("({kind} {})", timer["retrans"]));
            assert_eq!(timer.as_deref().filter(|timer| !timer.starts_with("(off")), field("timer"), "{own} {row:?}");
            timers.extend(timer);
        }
        let all = ["(on ", "(keepalive ", "(timewait "];
        let is_seen = |kind: &&str| timers.iter().any(|timer| timer.starts_with(kind));
        assert!(options != ["-tae"] || all.iter().all(is_seen), "{timers:?}");
    }
    let name = UnixAddress::from_abstract_name("sockdoc-json").expect("a name");
    let listener = UnixListener::bind_addr(&name).expect("a UNIX listener");
    let _client = UnixStream::connect_addr(&name).expect("a UNIX connection");
    let (_server, _) = listener.accept().expect("a UNIX connection");
    let (seen, ours) = rows_and_documents(&["-xa"], true);
    for row in seen.values() {
        let inode = |end: &str| end.rsplit_once(' ').and_then(|(_, inode)| inode.parse::<u64>().ok());
        let own = ours.iter().find(|one| one["inode"].as_u64() == inode(&row.local));
        let own = own.unwrap_or_else(|| panic!("{row:?} is in the documents: {ours:?}"));
        has_state_and_queues(own, row);
        assert_eq!(own["netid"].as_str(), row.netid.as_deref(), "{own} {row:?}");
        let path = row.local.rsplit_once(' ').map(|(path, _)| path).filter(|path| *path != "*");
        assert_eq!(own["local"]["path"].as_str(), path, "{own} {row:?}");
        assert_eq!(own["local"]["inode"], own["inode"], "{own}");
        assert_eq!(own["peer"]["inode"].as_u64(), inode(&row.peer), "{own} {row:?}");
    }
    assert!(ours.iter().any(|one| one["local"]["path"] == "@sockdoc-json"), "{ours:?}");
}
