//! Text as people paste it: `tests/fixtures/pastes`, all of it read right, or refused by its name.

use std::{collections::BTreeSet, path::Path};

use super::{fs, json, sockdoc};

const FOLDER: &str = "tests/fixtures/pastes";

/// The expected result of a file.
enum Right {
    /// Sockets of TCP by state, then the number of UDP and UNIX sockets (`None` if the text does not show them), and
    /// the findings of `check`.
    Read(&'static [(&'static str, u64)], Option<u64>, Option<u64>, &'static [&'static str]),
    /// The same, but rows are missed, which a note says with these words.
    Missed(&'static [(&'static str, u64)], &'static str),
    /// It is refused with these words.
    Refused(&'static str),
}

use Right::{Missed, Read, Refused};

const LEAK: &[&str] = &["close-wait-many"];
const STATES: &[&str] = &["states-many"];
const QUEUES: &[&str] = &["queues-many"];
const STALLED: &[&str] = &["queues-many", "path-dead"];
const SYN_SENT: &[(&str, u64)] = &[("ESTABLISHED", 1), ("SYN_SENT", 3)];

/// Each file, and the expected result.
const PASTES: &[(&str, Right)] = &[
    ("aix.txt", Refused("netstat on macOS, BSD or AIX")),
    ("awk-counts.txt", Refused("state counts")),
    ("busybox.txt", Read(&[("ESTABLISHED", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], Some(1), Some(1), &[])),
    ("cat-n-table.txt", Refused("the lines are numbered")),
    ("cat-n.txt", Refused("the lines are numbered")),
    ("close-wait-behind-listener.txt", Read(&[("CLOSE_WAIT", 878), ("LISTEN", 1)], None, None, LEAK)),
    ("freebsd-sockstat.txt", Refused("netstat on macOS, BSD or AIX")),
    ("freebsd.txt", Refused("netstat on macOS, BSD or AIX")),
    ("grep-n.txt", Refused("the lines are numbered")),
    ("journal-prefix.txt", Read(&[("TIME_WAIT", 1), ("LISTEN", 1)], None, None, &["time-wait-server"])),
    ("kubectl-prefix.txt", Read(&[("ESTABLISHED", 1), ("LISTEN", 1)], Some(1), None, &[])),
    ("lsof-closed.txt", Read(&[("LISTEN", 1)], Some(1), Some(1), &["closed-fd-leak"])),
    ("lsof-i.txt", Read(&[("ESTABLISHED", 1), ("CLOSE_WAIT", 30), ("LISTEN", 1)], None, None, LEAK)),
    ("macos-An.txt", Refused("netstat on macOS, BSD or AIX")),
    ("macos-lsof.txt", Refused("lsof on macOS or BSD")),
    ("marathon-redacted.txt", Read(&[("CLOSE_WAIT", 25)], None, None, LEAK)),
    ("names-only-ss.txt", Read(&[("ESTABLISHED", 1), ("CLOSE_WAIT", 2), ("LISTEN", 1)], None, None, &[])),
    ("netstat-all-protocols.txt", Read(&[("CLOSE", 1), ("LISTEN", 1)], Some(2), Some(2), &[])),
    (
        "netstat-eo.txt",
        Read(
            &[("ESTABLISHED", 3), ("FIN_WAIT1", 1), ("TIME_WAIT", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)],
            None,
            None,
            STALLED,
        ),
    ),
    ("netstat-german-bare.txt", Read(&[("ESTABLISHED", 2), ("CLOSE_WAIT", 20)], None, None, LEAK)),
    ("netstat-german.txt", Read(&[("ESTABLISHED", 2), ("CLOSE_WAIT", 20)], None, None, LEAK)),
    ("netstat-japanese.txt", Read(&[("ESTABLISHED", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], None, None, &[])),
    ("netstat-mail-wrapped.txt", Read(&[("ESTABLISHED", 1), ("CLOSE_WAIT", 1)], None, None, &[])),
    ("netstat-mapped-noheader.txt", Read(&[("CLOSE_WAIT", 60), ("LISTEN", 1)], None, None, LEAK)),
    ("netstat-names-closewait.txt", Read(&[("CLOSE_WAIT", 40), ("LISTEN", 1)], None, None, LEAK)),
    ("netstat-last-ack.txt", Read(&[("LAST_ACK", 150), ("LISTEN", 1)], None, None, STATES)),
    ("netstat-listen-queue.txt", Read(&[("ESTABLISHED", 1), ("LISTEN", 1)], None, None, QUEUES)),
    ("netstat-recv-q.txt", Read(&[("ESTABLISHED", 30), ("LISTEN", 1)], None, None, QUEUES)),
    ("netstat-timers-bare.txt", Read(&[("ESTABLISHED", 3)], None, None, STALLED)),
    ("netstat-syn-recv.txt", Read(&[("SYN_RECV", 120), ("LISTEN", 1)], None, None, STATES)),
    ("netstat-syn-sent.txt", Read(&[("SYN_SENT", 24)], None, None, STATES)),
    ("netstat-neopa.txt", Read(&[("ESTABLISHED", 1), ("SYN_RECV", 1), ("LISTEN", 2)], Some(1), Some(2), &[])),
    (
        "netstat-other-language.txt",
        Missed(&[("CLOSE_WAIT", 1)], "line 2: unknown state \"ПОДКЛЮЧЕНО\"; run the tool with LC_ALL=C"),
    ),
    ("netstat-portuguese.txt", Read(&[("ESTABLISHED", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], None, None, &[])),
    ("netstat-s.txt", Refused("the text holds only counters, no sockets")),
    ("netstat-wide-queues.txt", Read(&[("ESTABLISHED", 4)], None, None, &[])),
    ("no-ss.txt", Refused("an error message of a tool")),
    ("nsca.txt", Read(&[("CLOSE_WAIT", 50)], None, None, LEAK)),
    ("nstat.txt", Refused("the text holds only counters, no sockets")),
    ("pdsh-hosts.txt", Refused("several hosts (web-1, web-2)")),
    ("pdsh-one-host.txt", Read(&[("ESTABLISHED", 2), ("LISTEN", 1)], None, None, &[])),
    ("proc-tcp-bare.txt", Read(&[("CLOSE_WAIT", 2)], None, None, &[])),
    (
        "proc-tcp-both.txt",
        Read(
            &[("ESTABLISHED", 1), ("SYN_RECV", 1), ("TIME_WAIT", 1), ("CLOSE_WAIT", 1), ("LISTEN", 2), ("CLOSING", 1)],
            None,
            None,
            &["queues-many", "time-wait-server"],
        ),
    ),
    ("prom.txt", Refused("expected a recording, a raw dump")),
    ("psutil.json", Refused("JSON is not supported")),
    ("raw-table.txt", Read(&[], Some(1), Some(1), &[])),
    ("reuseport-full.txt", Read(&[("LISTEN", 4)], None, None, &["accept-queue-full"])),
    ("same-host-twice.txt", Read(SYN_SENT, None, None, &[])),
    (
        "sections-of-one-host.txt",
        Read(&[("ESTABLISHED", 1), ("TIME_WAIT", 1), ("LISTEN", 1)], Some(2), None, &["time-wait-server"]),
    ),
    ("sockstat.txt", Refused("the text holds only counters, no sockets")),
    ("solaris.txt", Refused("netstat on Solaris")),
    ("ss-ansi.txt", Read(SYN_SENT, None, None, &[])),
    ("ss-bom.txt", Read(SYN_SENT, None, None, &[])),
    ("ss-crlf.txt", Read(SYN_SENT, None, None, &[])),
    ("ss-delack.txt", Read(&[("ESTABLISHED", 2)], None, None, &[])),
    ("ss-el6-54.txt", Read(&[("CLOSE_WAIT", 1), ("LISTEN", 2)], Some(1), None, &["accept-queue-full"])),
    ("ss-el6-nostate.txt", Missed(&[("LISTEN", 1)], "line 4: no State column")),
    ("ss-fenced.txt", Read(SYN_SENT, None, None, &[])),
    ("ss-glued.txt", Read(&[("ESTABLISHED", 1), ("LISTEN", 4)], None, None, &[])),
    ("ss-indented.txt", Read(SYN_SENT, None, None, &[])),
    ("ss-json-quoted.txt", Read(&[("TIME_WAIT", 2), ("LISTEN", 1)], None, None, &["time-wait-server"])),
    ("ss-loop.txt", Read(&[("ESTABLISHED", 1), ("CLOSE_WAIT", 2)], None, None, &[])),
    ("ss-many-pids.txt", Read(&[("LISTEN", 2)], None, None, &[])),
    ("ss-mptcp.txt", Read(&[("ESTABLISHED", 1)], None, None, &[])),
    ("ss-odd-names-padded.txt", Read(&[("LISTEN", 10)], None, None, &[])),
    ("ss-odd-names.txt", Read(&[("LISTEN", 10)], None, None, &[])),
    ("ss-old-brackets.txt", Read(&[("FIN_WAIT2", 1), ("LISTEN", 2)], None, Some(2), &[])),
    ("ss-quoted.txt", Read(SYN_SENT, None, None, &[])),
    ("ss-s.txt", Refused("the text holds only counters, no sockets")),
    ("ss-scopes.txt", Read(&[("ESTABLISHED", 4), ("LISTEN", 2)], Some(3), None, &[])),
    ("ss-squeezed.txt", Read(&[("TIME_WAIT", 2), ("LISTEN", 1)], None, None, &["time-wait-server"])),
    (
        "ss-star80-mixed.txt",
        Read(&[("ESTABLISHED", 1), ("TIME_WAIT", 1), ("LISTEN", 3)], Some(2), None, &["time-wait-server"]),
    ),
    ("ss-state-filtered.txt", Refused("no State column")),
    ("ss-state-prompt.txt", Read(&[("CLOSE_WAIT", 2)], None, None, &[])),
    ("ss-ti-v6.txt", Read(&[("ESTABLISHED", 2)], None, None, &[])),
    (
        "ss-timewait-ms.txt",
        Read(&[("ESTABLISHED", 4), ("FIN_WAIT1", 1), ("FIN_WAIT2", 2), ("TIME_WAIT", 1)], None, None, &[]),
    ),
    ("ss-timewait-sec.txt", Read(&[("ESTABLISHED", 3), ("TIME_WAIT", 3)], None, None, &["keepalive-failing"])),
    ("ss-tuplen-cgroup.txt", Read(&[("LISTEN", 2)], None, None, &[])),
    ("ss-udp-memory.txt", Read(&[], Some(2), None, QUEUES)),
    ("ss-udp-unread.txt", Read(&[], Some(2), None, QUEUES)),
    ("netstat-udp-unread.txt", Read(&[], Some(2), None, QUEUES)),
    ("ss-usage.txt", Refused("an error message of a tool")),
    ("ss-utf16.txt", Read(SYN_SENT, None, None, &[])),
    ("ss-wrapped-users.txt", Read(&[("ESTABLISHED", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], None, None, &[])),
    ("two-hosts.txt", Refused("several hosts (server1, server2)")),
    ("udplite.txt", Read(&[("LISTEN", 1)], None, None, &[])),
    ("uniq-counts.txt", Refused("state counts")),
    ("windows-powershell.txt", Refused("PowerShell on Windows")),
    ("windows.txt", Refused("netstat or PowerShell on Windows")),
    ("app-log.txt", Refused("mentions a socket, but is not a row")),
    ("cisco.txt", Refused("netstat on macOS, BSD or AIX")),
    ("conntrack.txt", Refused("connection tracking")),
    ("csv.txt", Refused("a recording, a raw dump")),
    ("empty.txt", Refused("a recording, a raw dump")),
    ("freebsd-sockstat-nohead.txt", Refused("mentions a socket, but is not a row")),
    ("hosts-ansible-lines.txt", Refused("several hosts (web-1, web-2)")),
    ("hosts-ansible.txt", Refused("several hosts (web-1, web-2)")),
    ("hosts-dshbak.txt", Refused("several hosts (web-1, web-2)")),
    ("hosts-pssh.txt", Refused("several hosts (web-1, web-2)")),
    ("hosts-salt.txt", Refused("several hosts (web-1, web-2)")),
    ("hpux.txt", Refused("netstat on macOS, BSD or AIX")),
    (
        "ansible-stdout1-ss.txt",
        Read(&[("ESTABLISHED", 1), ("TIME_WAIT", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], None, None, &[]),
    ),
    ("asciibox-ssall.txt", Read(&[("LISTEN", 2)], Some(1), Some(3), &[])),
    (
        "backslash-mail-ss.txt",
        Read(&[("ESTABLISHED", 1), ("TIME_WAIT", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], None, None, &[]),
    ),
    (
        "backtick-ss.txt",
        Read(&[("ESTABLISHED", 1), ("TIME_WAIT", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], None, None, &[]),
    ),
    ("blank-ss.txt", Read(&[("ESTABLISHED", 1), ("TIME_WAIT", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], None, None, &[])),
    ("bullets-netstat.txt", Read(&[("ESTABLISHED", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], Some(1), None, &[])),
    ("crcrlf-ss.txt", Read(&[("ESTABLISHED", 1), ("TIME_WAIT", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], None, None, &[])),
    ("cut3-netstat.txt", Read(&[("ESTABLISHED", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], Some(1), None, &[])),
    (
        "dockerlogs-t-ss.txt",
        Read(&[("ESTABLISHED", 1), ("TIME_WAIT", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], None, None, &[]),
    ),
    ("filecolon-netstat.txt", Read(&[("ESTABLISHED", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], Some(1), None, &[])),
    ("gha-ssall.txt", Read(&[("LISTEN", 2)], Some(1), Some(3), &[])),
    ("hash-ss.txt", Read(&[("ESTABLISHED", 1), ("TIME_WAIT", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], None, None, &[])),
    ("htmlbr-ss.txt", Read(&[("ESTABLISHED", 1), ("TIME_WAIT", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], None, None, &[])),
    ("htmlnbsp-netstat.txt", Read(&[("ESTABLISHED", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], Some(1), None, &[])),
    ("htmlpre-lsof.txt", Read(&[("ESTABLISHED", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], Some(1), None, &[])),
    ("ideographic-netstat.txt", Read(&[("ESTABLISHED", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], Some(1), None, &[])),
    ("k8s-log-busybox.txt", Read(&[("ESTABLISHED", 1), ("LISTEN", 1)], Some(1), None, &[])),
    (
        "less-end-ss.txt",
        Read(&[("ESTABLISHED", 1), ("TIME_WAIT", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], None, None, &[]),
    ),
    ("lineno-pipe-ss.txt", Refused("the lines are numbered")),
    ("mdtable-netstat.txt", Read(&[("ESTABLISHED", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], Some(1), None, &[])),
    ("pssh-ss.txt", Read(&[("ESTABLISHED", 1), ("TIME_WAIT", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], None, None, &[])),
    ("pybytes-netstat.txt", Read(&[("ESTABLISHED", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], Some(1), None, &[])),
    ("pylist-ss.txt", Read(&[("ESTABLISHED", 1), ("TIME_WAIT", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], None, None, &[])),
    ("salt-ss.txt", Read(&[("ESTABLISHED", 1), ("TIME_WAIT", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], None, None, &[])),
    (
        "script1-ss.txt",
        Read(&[("ESTABLISHED", 1), ("TIME_WAIT", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], None, None, &[]),
    ),
    ("smart-ssall.txt", Read(&[("LISTEN", 2)], Some(1), Some(3), &[])),
    (
        "tmux-border-ss.txt",
        Read(&[("ESTABLISHED", 1), ("TIME_WAIT", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], None, None, &[]),
    ),
    ("ts-br-netstat.txt", Read(&[("ESTABLISHED", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], Some(1), None, &[])),
    ("watch-netstat.txt", Read(&[("ESTABLISHED", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], Some(1), None, &[])),
    ("zwsp-ss.txt", Read(&[("ESTABLISHED", 1), ("TIME_WAIT", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], None, None, &[])),
    ("json-osquery.txt", Refused("JSON is not supported")),
    ("lsof-f.txt", Refused("a recording, a raw dump")),
    ("lsof-names.txt", Read(&[("ESTABLISHED", 1), ("CLOSE_WAIT", 1)], Some(2), None, &[])),
    ("lsof-np-tasks.txt", Read(&[("CLOSE_WAIT", 1)], None, None, &[])),
    ("lsof-ts.txt", Read(&[("CLOSE_WAIT", 1), ("LISTEN", 1)], None, None, &[])),
    ("macos-p.txt", Refused("netstat on macOS, BSD or AIX")),
    ("mail-lsof.txt", Read(&[("CLOSE_WAIT", 1)], None, None, &[])),
    ("mail72-netstat.txt", Read(&[("CLOSE_WAIT", 1), ("LISTEN", 1)], None, None, &[])),
    ("mail72-ss.txt", Read(&[("CLOSE_WAIT", 1), ("LISTEN", 1)], None, None, &[])),
    ("netstat-1.60-tulpen.txt", Read(&[("LISTEN", 3)], Some(2), None, &[])),
    ("netstat-c.txt", Read(&[("ESTABLISHED", 1)], None, None, &[])),
    ("netstat-es-states.txt", Refused("unknown state \"ESCUCHAR\"")),
    ("netstat-fr.txt", Read(&[("ESTABLISHED", 1), ("LISTEN", 1)], Some(1), Some(1), &[])),
    (
        "netstat-o.txt",
        Read(&[("ESTABLISHED", 1), ("SYN_SENT", 1), ("TIME_WAIT", 1)], None, None, &["queues-many", "syn-sent-stuck"]),
    ),
    ("netstat-ru-win.txt", Refused("PowerShell on Windows")),
    ("netstat-tp-nonroot.txt", Read(&[("ESTABLISHED", 1), ("LISTEN", 1)], None, None, &[])),
    ("netstat-w.txt", Read(&[("ESTABLISHED", 1), ("TIME_WAIT", 1)], None, None, &[])),
    ("netstat-zh.txt", Read(&[("CLOSE_WAIT", 1), ("LISTEN", 1)], None, Some(2), &[])),
    ("nstat-j.txt", Refused("the text holds only counters, no sockets")),
    ("oci.txt", Refused("an error message of a tool")),
    ("openbsd.txt", Refused("netstat on macOS, BSD or AIX")),
    ("proc-awk.txt", Refused("a recording, a raw dump")),
    ("proc-many-head.txt", Read(&[("LISTEN", 1)], Some(1), Some(3), &[])),
    ("proc-tcp-empty.txt", Read(&[], None, None, &[])),
    ("proc-tcp6.txt", Read(&[("CLOSE_WAIT", 1), ("LISTEN", 1)], None, None, &[])),
    ("proc-udp-empty.txt", Refused("cannot read TCP sockets")),
    ("proc-unix-empty.txt", Refused("cannot read TCP sockets")),
    ("psutil.txt", Refused("a recording, a raw dump")),
    ("redacted-blocks.txt", Read(&[("ESTABLISHED", 2), ("CLOSE_WAIT", 1)], None, None, &[])),
    ("redacted-peers.txt", Read(&[("CLOSE_WAIT", 50)], None, None, &["close-wait-many"])),
    ("redacted-ports.txt", Read(&[("CLOSE_WAIT", 50)], None, None, &["close-wait-many"])),
    ("redacted-stars.txt", Read(&[("ESTABLISHED", 2), ("CLOSE_WAIT", 1)], None, None, &[])),
    ("scientific.txt", Refused("Recv-Q and Send-Q are not numbers")),
    (
        "slack-fence.txt",
        Read(&[("ESTABLISHED", 1), ("TIME_WAIT", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], None, None, &[]),
    ),
    ("snmp.txt", Refused("the text holds only counters")),
    ("ss-2010-users-old.txt", Read(&[("LISTEN", 3)], None, None, &[])),
    ("ss-2012-o-e-m.txt", Read(&[("ESTABLISHED", 1), ("CLOSE_WAIT", 1), ("LISTEN", 1)], None, None, &[])),
    ("ss-e-destroyed.txt", Read(&[("CLOSE", 1)], Some(1), None, &[])),
    ("ss-glued-416.txt", Read(&[("ESTABLISHED", 1), ("TIME_WAIT", 1), ("LISTEN", 1)], None, None, &[])),
    ("ss-one-line.txt", Read(&[("ESTABLISHED", 1), ("LISTEN", 1)], None, None, &[])),
    ("ss-raw-udp.txt", Read(&[("LISTEN", 1)], Some(2), None, QUEUES)),
    ("ss-s-new.txt", Refused("the text holds only counters")),
    ("ss-state-arg.txt", Read(&[("ESTABLISHED", 2)], None, None, &[])),
    ("ss-ulp.txt", Read(&[("ESTABLISHED", 1)], None, None, &[])),
    ("ss-timers.txt", Read(&[("ESTABLISHED", 4)], None, None, STALLED)),
    ("ss-vsock.txt", Read(&[("LISTEN", 1)], None, None, &[])),
    ("ss-wrapped-80.txt", Read(&[("ESTABLISHED", 1), ("LISTEN", 1)], None, None, &[])),
    ("ss-wrapped-columns.txt", Read(&[("ESTABLISHED", 1), ("LISTEN", 1)], None, None, &[])),
    ("ss-x-only.txt", Read(&[], None, Some(2), &["unix-backlog-full"])),
    ("sysctl-mix.txt", Read(&[("LISTEN", 1)], None, None, &["accept-queue-full"])),
    ("tcpdump.txt", Refused("a recording, a raw dump")),
    ("two-cmds.txt", Read(&[("ESTABLISHED", 1)], None, None, &[])),
    ("uniq-hdr.txt", Refused("state counts")),
    ("wc-l.txt", Refused("a recording, a raw dump")),
    ("win-anob.txt", Refused("PowerShell on Windows")),
    ("win-ps-list.txt", Refused("a recording, a raw dump")),
    ("win-qo.txt", Refused("PowerShell on Windows")),
];

fn path(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER).join(name).to_str().unwrap().to_owned()
}

/// The number of sockets of the kind that an option selects; `None` if the text does not show them.
fn count(name: &str, option: &str) -> Option<u64> {
    let ran = sockdoc(&["count", option, "--from", &path(name)], b"");
    if ran.code == Some(0) { ran.stdout.trim().parse().ok() } else { None }
}

fn states(name: &str, options: &[&str]) -> Vec<(String, u64)> {
    let path = path(name);
    let ran = sockdoc(&[&["--json", "--from", &path], options].concat(), b"");
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr));
    let states = document["states"].as_array().unwrap().iter();
    let count =
        |one: &serde_json::Value| (one["state"].as_str().unwrap().to_owned(), one["sockets"].as_u64().unwrap_or(0));
    states.map(count).filter(|(_, sockets)| *sockets > 0).collect()
}

fn of(pairs: &[(&str, u64)]) -> Vec<(String, u64)> {
    pairs.iter().map(|(state, sockets)| ((*state).to_owned(), *sockets)).collect()
}

#[test]
fn every_paste_is_read_right_or_refused_by_its_name() {
    let files = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER)).unwrap();
    let files: BTreeSet<String> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(files, PASTES.iter().map(|(name, _)| (*name).to_owned()).collect());
    for (name, right) in PASTES {
        let path = path(name);
        let counted = sockdoc(&["count", "--from", &path], b"");
        match right {
            Read(tcp, udp, unix, rules) => {
                assert_eq!(states(name, &[]), of(tcp), "{name}");
                let sum: u64 = tcp.iter().map(|(_, sockets)| sockets).sum();
                if sum > 0 {
                    assert_eq!((counted.code, counted.stdout), (Some(0), format!("{sum}\n")), "{name}");
                }
                assert_eq!((count(name, "-u"), count(name, "-x")), (*udp, *unix), "{name}");
                let checked = sockdoc(&["check", "--json", "--from", &path], b"");
                let document: serde_json::Value = serde_json::from_str(&checked.stdout).unwrap();
                let found: Vec<&str> =
                    document["findings"].as_array().unwrap().iter().map(|one| one["rule"].as_str().unwrap()).collect();
                assert_eq!(found, *rules, "{name}");
                let fails = document["findings"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|one| matches!(one["severity"].as_str(), Some("warning" | "critical")));
                assert_eq!(checked.code, Some(i32::from(fails)), "{name}: {}", checked.stderr);
            }
            Missed(tcp, words) => {
                assert!(counted.code == Some(2) && counted.stdout.is_empty(), "{name}: {}", counted.stdout);
                assert!(counted.stderr.contains(words) && counted.stderr.contains("--partial"), "{}", counted.stderr);
                let sum: u64 = tcp.iter().map(|(_, sockets)| sockets).sum();
                let partial = sockdoc(&["count", "--partial", "--from", &path], b"");
                assert_eq!((partial.code, partial.stdout), (Some(0), format!("{sum}\n")), "{name}");
                assert_eq!(states(name, &["--partial"]), of(tcp), "{name}");
                for command in [&["check"][..], &["list", "-ta"], &["group", "--by", "state"], &[]] {
                    let ran = sockdoc(&[command, &["--from", &path]].concat(), b"");
                    assert_eq!(ran.code, Some(2), "{name} {command:?}: {}", ran.stderr);
                }
                assert_eq!(sockdoc(&["diff", &path, &path], b"").code, Some(2), "{name}");
                let monitor = sockdoc(&["check", "--nagios", "--from", &path], b"");
                assert_eq!((monitor.code, monitor.stdout.contains("UNKNOWN")), (Some(3), true), "{}", monitor.stdout);
            }
            Refused(words) => {
                assert!(counted.code == Some(2) && counted.stdout.is_empty(), "{name}: {}", counted.stdout);
                assert!(counted.stderr.contains(words), "{name}: {}", counted.stderr);
            }
        }
    }
}

#[test]
fn counters_without_a_fault_say_so_and_which_command_explains_them() {
    for name in ["ss-s.txt", "sockstat.txt"] {
        for command in [&["check"][..], &[]] {
            let ran = sockdoc(&[command, &["--from", &path(name)]].concat(), b"");
            assert!(ran.code == Some(2) && ran.stdout.is_empty(), "{name}: {}", ran.stdout);
            assert!(ran.stderr.contains("no fault; sockdoc counters explains each"), "{name}: {}", ran.stderr);
        }
    }
}

#[test]
fn programs_are_read_whatever_broke_or_typeset_their_names() {
    for (name, programs) in [
        ("ss-wrapped-80.txt", &["nginx", "nginx", "nginx"][..]),
        ("ss-wrapped-columns.txt", &["sshd", "sshd"]),
        ("smart-ssall.txt", &["sshd", "nginx", "nginx"]),
        ("mail72-ss.txt", &["sshd", "java"]),
        ("htmlbr-ss.txt", &["sshd", "sshd", "java"]),
        ("tmux-border-ss.txt", &["sshd", "sshd", "java"]),
        ("ss-2010-users-old.txt", &["rpcbind", "rpcbind", "nginx", "nginx"]),
    ] {
        let list = json(&["list", "-tap", "--json", "--from", &path(name)], b"");
        let owners = list["sockets"].as_array().unwrap().iter().filter_map(|one| one["owners"].as_array()).flatten();
        let mut found: Vec<&str> = owners.map(|owner| owner["program"].as_str().unwrap_or("?")).collect();
        let mut programs = programs.to_vec();
        found.sort_unstable();
        programs.sort_unstable();
        assert_eq!(found, programs, "{name}");
    }
}

#[test]
fn a_filter_or_a_prompt_says_the_state_of_rows_without_the_column() {
    let filtered = path("ss-state-filtered.txt");
    for arguments in [
        &["count", "time-wait", "--from", &filtered][..],
        &["count", "state", "close-wait", "--from", &filtered],
        &["count", "established", "dport", "=", ":443", "--from", &filtered],
    ] {
        assert_eq!(sockdoc(arguments, b"").stdout, "12\n", "{arguments:?}");
    }
    assert_eq!(count("ss-state-prompt.txt", "-t"), Some(2));
}

#[test]
fn of_several_captures_the_last_is_read_or_the_one_that_is_named() {
    let loops = path("ss-loop.txt");
    let ran = sockdoc(&["count", "--from", &loops], b"");
    assert!(ran.stdout == "3\n" && ran.stderr.contains("capture 2 of 2"), "{}{}", ran.stdout, ran.stderr);
    assert_eq!(sockdoc(&["count", "--capture", "1", "--from", &loops], b"").stdout, "2\n");
    let beyond = sockdoc(&["count", "--capture", "3", "--from", &loops], b"");
    assert_eq!((beyond.code, beyond.stderr.contains("1 to 2")), (Some(2), true), "{}", beyond.stderr);
    let hosts = path("two-hosts.txt");
    for number in ["1", "2"] {
        assert_eq!(sockdoc(&["count", "--capture", number, "--from", &hosts], b"").stdout, "4\n");
    }
    let list = json(&["list", "-ta", "--json", "--capture", "1", "--from", &hosts], b"");
    assert_eq!(list["sockets"][0]["local"]["address"], "192.0.2.198");
    for arguments in [["count", "--capture", "1"].as_slice(), &["count", "--partial"]] {
        let ran = sockdoc(arguments, b"");
        assert_eq!((ran.code, ran.stderr.contains("--from")), (Some(2), true), "{}", ran.stderr);
    }
}

#[test]
fn zones_are_interfaces_of_the_file() {
    let scopes = path("ss-scopes.txt");
    let list = json(&["list", "-tuan", "--json", "--from", &scopes], b"");
    let zones: Vec<&str> =
        list["sockets"].as_array().unwrap().iter().filter_map(|one| one["local"]["interface"].as_str()).collect();
    assert_eq!(zones.len(), 7, "{list:#}");
    assert_eq!(sockdoc(&["count", "-tu", "dev = eth0", "--from", &scopes], b"").stdout, "4\n");
    assert_eq!(sockdoc(&["count", "-tu", "dev = lo", "--from", &scopes], b"").stdout, "1\n");
    assert_eq!(sockdoc(&["count", "dev = eth9", "--from", &scopes], b"").code, Some(2));
}

#[test]
fn an_asterisk_is_of_both_families_where_ss_is_modern() {
    let v6 = |name: &str| {
        let list = json(&["list", "-tl", "--json", "--from", &path(name)], b"");
        let sockets = list["sockets"].as_array().unwrap().clone();
        let one = |port: u64| sockets.iter().find(|one| one["local"]["port"] == port).unwrap().clone();
        (one(22)["family"].clone(), one(22)["v6only"].clone(), sockets.iter().any(|one| one["family"] == "inet6"))
    };
    assert_eq!(v6("ss-squeezed.txt"), ("inet".into(), serde_json::Value::Null, false));
    let list = json(&["list", "-tl", "--json", "--from", &path("ss-star80-mixed.txt")], b"");
    let told: Vec<_> = list["sockets"].as_array().unwrap().iter().map(|one| (&one["family"], &one["v6only"])).collect();
    let (inet, inet6) = (serde_json::json!("inet"), serde_json::json!("inet6"));
    let (no, yes, null) = (serde_json::json!(false), serde_json::json!(true), serde_json::Value::Null);
    assert_eq!(told, [(&inet, &null), (&inet6, &no), (&inet6, &yes)]);
}

#[test]
fn names_are_shown_as_they_were_pasted_and_are_no_addresses() {
    let names = path("netstat-names-closewait.txt");
    let table = sockdoc(&["list", "-ta", "--from", &names], b"");
    assert!(table.stdout.contains("localhost:5000") && table.stdout.contains("localhost:43000"), "{}", table.stdout);
    let list = json(&["list", "-ta", "--json", "--from", &names], b"");
    for socket in list["sockets"].as_array().unwrap() {
        assert_eq!(socket["local"]["address"], serde_json::Value::Null);
        assert_eq!(socket["local"]["port"], 5000);
    }
    assert_eq!(sockdoc(&["count", "src", "localhost", "--from", &names], b"").stdout, "41\n");
    let document = json(&["check", "--json", "--from", &names], b"");
    assert!(!document.to_string().contains("\"0.0.0."), "{document:#}");
}

#[test]
fn what_is_reported_only_by_lsof_is_reported() {
    let list = json(&["list", "-tap", "--json", "--from", &path("lsof-closed.txt")], b"");
    let [listener] = list["sockets"].as_array().unwrap().as_slice() else { panic!("{list:#}") };
    let holders: Vec<u64> =
        listener["owners"].as_array().unwrap().iter().map(|owner| owner["pid"].as_u64().unwrap()).collect();
    assert_eq!((holders, &listener["inode"]), (vec![27_085, 27_086], &42_050_000.into()));
    assert_eq!((&listener["accept_queue"], &listener["v6only"]), (&serde_json::Value::Null, &serde_json::Value::Null));
    let check = json(&["check", "--json", "--from", &path("lsof-closed.txt")], b"");
    assert_eq!(check["findings"][0]["evidence"][0]["value"], 61, "{check:#}");
}

#[test]
fn a_leak_of_unknown_age_is_no_green_monitor() {
    for name in ["nsca.txt", "close-wait-behind-listener.txt"] {
        let monitor = sockdoc(&["check", "--nagios", "--from", &path(name)], b"");
        assert_eq!((monitor.code, monitor.stdout.contains("WARNING")), (Some(1), true), "{}", monitor.stdout);
        let document = json(&["check", "--json", "--from", &path(name)], b"");
        let finding = &document["findings"][0];
        assert_eq!(finding["confidence"], "inferred");
        let commands: Vec<&str> =
            finding["remedies"].as_array().unwrap().iter().filter_map(|one| one["command"].as_str()).collect();
        assert!(commands.contains(&"ss -tanpoei state close-wait"), "{commands:?}");
    }
}
