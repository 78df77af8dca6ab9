//! Text of other tools, pasted from elsewhere.

use super::{fs, json, sockdoc};

const SS: &str = "\
State      Recv-Q Send-Q Local Address:Port   Peer Address:Port Process
LISTEN     0      128          0.0.0.0:22          0.0.0.0:*     users:((\"sshd\",pid=1,fd=3))
LISTEN     0      511                *:80                *:*
ESTAB      0      36      10.0.0.5:22      192.0.2.7:51234
CLOSE-WAIT 1      0       10.0.0.5:41234   10.0.3.7:5432
TIME-WAIT  0      0       [::ffff:10.0.0.5]:80 [::ffff:198.51.100.9]:40000
SYN-SENT   0      1       [2001:db8::5]:5555 [2001:db8::9]:443
\t cubic wscale:7,7 rto:204
";

const SS_ALL: &str = "\
Netid State  Recv-Q Send-Q     Local Address:Port  Peer Address:Port
u_str ESTAB  0      0                      * 16540            * 16541
udp   UNCONN 0      0      127.0.0.53%lo:53         0.0.0.0:*
tcp   ESTAB  0      0           10.0.0.5:22       192.0.2.7:51234
";

/// `ss -tanpoeimO`, but for one line that is broken as without `-O`.
const SS_FULL: &str = "\
State      Recv-Q Send-Q Local Address:Port Peer Address:Port Process
LISTEN     129 128 0.0.0.0:8080 0.0.0.0:* users:((\"java worker\",pid=4321,fd=30)) uid:1000 ino:20730 sk:a00 cgroup:/system.slice/orders.service <->
CLOSE-WAIT 0 0 10.0.0.5:41234 10.0.3.7:5432 users:((\"java worker\",pid=4321,fd=31),(\"java worker\",pid=4322,fd=31)) uid:1000 ino:20731 sk:a01 cgroup:/system.slice/orders.service -->
\t skmem:(r0,rb131072,t0,tb87040,f0,w0,o0,bl0,d2) ts sack cubic wscale:7,7 rto:204 rtt:1.5/0.75 ato:40 mss:1448 pmtu:1500 rcvmss:536 advmss:1448 cwnd:10 bytes_sent:100 bytes_acked:101 bytes_received:1 segs_out:5 segs_in:4 data_segs_out:1 send 77226667bps lastsnd:600001 lastrcv:600000 lastack:600000 pacing_rate 154453328bps delivery_rate 1.2Mbps app_limited busy:120ms rwnd_limited:30ms(25.0%) retrans:1/3 rcv_space:14480 rcv_ssthresh:64088 minrtt:1.2
ESTAB      0 0 [2001:db8::5]:5555 [2001:db8::9]:443 timer:(keepalive,119min,0) ino:20732 sk:a02 <->
TIME-WAIT  0 0 10.0.0.5:8080 198.51.100.9:40000 timer:(timewait,53sec,0) ino:0 sk:a03
";

const SS_UNIX: &str = "\
Netid State  Recv-Q Send-Q Local Address:Port  Peer Address:Port Process
u_str LISTEN 6      5          /run/a b.sock 20            * 0     users:((\"php-fpm\",pid=9,fd=8))
u_str ESTAB  0      0                      * 40            * 41    users:((\"dbus\",pid=3,fd=4))
u_dgr UNCONN 0      0                @hidden 50            * 0
";

const NETSTAT_FULL: &str = "\
Active Internet connections (servers and established)
Proto Recv-Q Send-Q Local Address Foreign Address State User Inode PID/Program name Timer
tcp 3 0 0.0.0.0:80 0.0.0.0:* LISTEN 0 20731 12/nginx: master off (0.00/0/0)
tcp 0 0 10.0.0.5:41234 10.0.3.7:5432 CLOSE_WAIT 1000 20732 4321/java keepalive (7195.93/0/2)
tcp 0 0 10.0.0.5:41236 10.0.3.7:5432 TIME_WAIT 0 0 - timewait (45.12/0/0)
udp 0 0 0.0.0.0:68 0.0.0.0:* 0 20733 900/dhclient off (0.00/0/0)
Active UNIX domain sockets (servers and established)
Proto RefCnt Flags       Type       State         I-Node   PID/Program name     Path
unix  2      [ ACC ]     STREAM     LISTENING     12345    77/systemd           /run/x.sock
unix  3      [ ]         DGRAM                    12346    77/systemd
unix  3      [ ]         STREAM     CONNECTED     12347    -
";

const NETSTAT: &str = "\
Active Internet connections (servers and established)
Proto Recv-Q Send-Q Local Address           Foreign Address         State
tcp        0      0 0.0.0.0:22              0.0.0.0:*               LISTEN
tcp        0      0 10.0.0.5:41234          10.0.3.7:5432           CLOSE_WAIT
tcp        0      0 10.0.0.5:41236          10.0.3.7:5432           TIME_WAIT
tcp6       0      0 :::80                   :::*                    LISTEN
udp        0      0 0.0.0.0:68              0.0.0.0:*
udp6       0      0 fe80::1:546             :::*
Active UNIX domain sockets (servers and established)
Proto RefCnt Flags       Type       State         I-Node   Path
unix  2      [ ACC ]     STREAM     LISTENING     12345    /run/x.sock
";

const TABLE: &str = "  \
sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000003 00:00000000 00000000  1000        0 12345 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F90 0100007F:C350 08 00000000:00000001 00:00000000 00000000  1000        0 12346 1 0000000000000000 100 0 0 10 0
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 777 1 0000000000000000 100 0 0 10 0
";

fn counts(text: &str) -> Vec<(String, u64)> {
    let document = json(&["--json", "--from", "-"], text.as_bytes());
    let states = document["states"].as_array().unwrap().iter();
    let count = |one: &serde_json::Value| (one["state"].as_str().unwrap().to_owned(), one["sockets"].as_u64().unwrap());
    states.map(count).filter(|(_, sockets)| *sockets > 0).collect()
}

fn of(pairs: &[(&str, u64)]) -> Vec<(String, u64)> {
    pairs.iter().map(|(state, sockets)| ((*state).to_owned(), *sockets)).collect()
}

#[test]
fn text_of_ss_is_read() {
    let expected = [("ESTABLISHED", 1), ("SYN_SENT", 1), ("TIME_WAIT", 1), ("CLOSE_WAIT", 1), ("LISTEN", 2)];
    assert_eq!(counts(SS), of(&expected));
    let listed = json(&["list", "-ta", "--json", "--from", "-"], SS.as_bytes());
    let sockets = listed["sockets"].as_array().unwrap();
    let leak = sockets.iter().find(|one| one["state"] == "CLOSE_WAIT").unwrap();
    assert_eq!(
        (&leak["local"]["port"], &leak["peer"]["address"], &leak["recv_queue_bytes"]),
        (&41234.into(), &"10.0.3.7".into(), &1.into())
    );
    let mapped = sockets.iter().find(|one| one["state"] == "TIME_WAIT").unwrap();
    assert_eq!((&mapped["mapped"], &mapped["peer"]["address"]), (&true.into(), &"198.51.100.9".into()));
    let grouped = json(&["group", "--by", "service", "close-wait", "--json", "--from", "-"], SS.as_bytes());
    assert_eq!(grouped["groups"][0]["service"], "10.0.3.7:5432");
}

#[test]
fn other_tables_of_ss_are_left_aside() {
    assert_eq!(counts(SS_ALL), of(&[("ESTABLISHED", 1)]));
    assert_eq!(sockdoc(&["count", "-u", "--from", "-"], SS_ALL.as_bytes()).stdout, "1\n");
    // A heading alone is an answer without rows.
    let heading = SS.lines().next().unwrap();
    assert_eq!(sockdoc(&["count", "--from", "-"], heading.as_bytes()).stdout, "0\n");
}

#[test]
fn an_error_names_standard_input_in_words() {
    let cut = "State Recv-Q Send-Q Local Address:Port Peer Address:Port\nESTAB 0 0 10.0.0.5:22\nSYN-S 0";
    for (text, english, chinese) in [
        (cut, "sockdoc: standard input: no readable row: ", "sockdoc: 标准输入没有一行能读（"),
        ("frobnicate\0", "sockdoc: cannot read standard input: expected ", "sockdoc: 读不了标准输入；应为"),
    ] {
        let said = |lang| sockdoc(&["--lang", lang, "--from", "-"], text.as_bytes());
        for (ran, expected) in [(said("en"), english), (said("zh"), chinese)] {
            assert_eq!((ran.code, ran.stderr.starts_with(expected)), (Some(2), true), "{}", ran.stderr);
        }
    }
}

#[test]
fn sockets_are_explained_from_a_text_of_one_protocol() {
    // UDP and UNIX sockets were not requested, and `ss -tan` does not show them.
    let ran = sockdoc(&["explain", "10.0.3.7:5432", "--no-live", "--from", "-"], SS.as_bytes());
    assert_eq!((ran.code, ran.stderr.contains("cannot read")), (Some(0), false), "{}", ran.stderr);
    assert!(ran.stdout.contains("CLOSE_WAIT") && ran.stdout.contains("10.0.3.7:5432"), "{}", ran.stdout);
    let none = sockdoc(&["explain", "10.9.9.9:1", "--from", "-"], SS.as_bytes());
    assert_eq!((none.code, none.stdout.contains("No socket matches")), (Some(0), true), "{}", none.stderr);
    // A filter that asks for UNIX sockets cannot be answered.
    let unix = sockdoc(&["explain", "src", "unix:/run/*", "--from", "-"], SS.as_bytes());
    assert_eq!((unix.code, unix.stderr.contains("cannot read UNIX sockets")), (Some(2), true), "{}", unix.stderr);
}

#[test]
fn text_of_netstat_is_read() {
    assert_eq!(counts(NETSTAT), of(&[("TIME_WAIT", 1), ("CLOSE_WAIT", 1), ("LISTEN", 2)]));
    assert_eq!(sockdoc(&["count", "-u", "--from", "-"], NETSTAT.as_bytes()).stdout, "2\n");
}

#[test]
fn tables_of_proc_are_read() {
    assert_eq!(counts(TABLE), of(&[("CLOSE_WAIT", 1), ("LISTEN", 2)]));
    let listed = json(&["list", "-ta", "--json", "--from", "-"], TABLE.as_bytes());
    let inodes: Vec<_> =
        listed["sockets"].as_array().unwrap().iter().map(|one| one["inode"].as_u64().unwrap()).collect();
    assert_eq!(inodes, [12345, 12346, 777]);
}

#[test]
fn a_text_says_what_it_lacks_and_proves_no_health() {
    let ran = sockdoc(&["check", "--from", "-"], NETSTAT.as_bytes());
    assert!(ran.stderr.contains("text of netstat") && ran.stderr.contains("owners, timers"), "{}", ran.stderr);
    let document = json(&["--json", "--from", "-"], SS.as_bytes());
    assert!(document["gaps"].as_array().unwrap().iter().any(|gap| gap["what"] == "host"), "{document:#}");
    let unchecked = |text: &str| {
        let document = json(&["check", "--json", "--from", "-"], text.as_bytes());
        let all = document["not_checked"].as_array().unwrap().iter();
        all.map(|one| one["rule"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    // One CLOSE_WAIT of unknown age, a SYN_SENT without its timer, listeners with known limits.
    let of_ss = unchecked(SS);
    for rule in ["close-wait-leak", "close-wait-unread", "syn-sent-stuck", "fd-near-limit", "udp-drops", "slow-reader"]
    {
        assert!(of_ss.iter().any(|one| one == rule), "{rule}: {of_ss:?}");
    }
    assert!(!of_ss.iter().any(|one| one == "accept-queue-full"), "{of_ss:?}");
    // Listeners alone: whether there was any CLOSE_WAIT is not known.
    let listeners: String =
        SS.lines().filter(|line| line.contains("Recv-Q") || line.starts_with("LISTEN")).collect::<Vec<_>>().join("\n");
    assert!(unchecked(&listeners).iter().any(|one| one == "close-wait-unaccepted"));
    for ran in [sockdoc(&["check", "-v", "--from", "-"], SS.as_bytes()), ran] {
        assert!(!ran.stdout.contains("cannot be read here"), "{}", ran.stdout);
    }
}

#[test]
fn what_stands_in_the_columns_is_used() {
    let listed = json(&["list", "-tanpoeim", "--json", "--from", "-"], SS_FULL.as_bytes());
    let sockets = listed["sockets"].as_array().unwrap();
    let [listener, leak, idle, gone] = sockets.as_slice() else { panic!("{listed:#}") };
    assert_eq!((&listener["accept_queue"], &listener["accept_limit"]), (&129.into(), &128.into()));
    assert_eq!((&leak["inode"], &leak["uid"], &leak["cookie"]), (&20731.into(), &1000.into(), &"a01".into()));
    let owner = &leak["owners"][0];
    assert_eq!(
        (&owner["program"], &owner["pid"], &owner["fd"], &owner["unit"]),
        (&"java worker".into(), &4321.into(), &31.into(), &"orders.service".into())
    );
    let info = &leak["tcp_info"];
    assert_eq!((&info["last_ack_recv_ms"], &info["rtt_us"]), (&600_000.into(), &1_500.into()));
    assert_eq!((&info["retrans_out"], &info["total_retrans"]), (&1.into(), &3.into()));
    assert_eq!((&info["busy_us"], &info["rwnd_limited_us"]), (&120_000.into(), &30_000.into()));
    assert_eq!(info["delivery_rate_bytes_per_second"], 150_000);
    assert_eq!((&leak["memory"]["rcvbuf_bytes"], &leak["memory"]["drops"]), (&131_072.into(), &2.into()), "{leak:#}");
    assert_eq!(leak["timer"], serde_json::Value::Null);
    assert_eq!(idle["timer"]["kind"], "keepalive");
    assert_eq!((&idle["timer"]["expires_ms"], &idle["timer"]["retrans"]), (&7_140_000.into(), &0.into()));
    assert_eq!((&gone["ends"], &gone["ends_in_ms"]), (&"timer".into(), &53_000.into()));
    let checked = json(&["check", "--json", "--from", "-"], SS_FULL.as_bytes());
    let found: Vec<(&str, &str)> = checked["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["rule"].as_str().unwrap(), one["severity"].as_str().unwrap()))
        .collect();
    assert_eq!(found, [("accept-queue-full", "critical"), ("close-wait-leak", "notice"), ("time-wait-server", "ok")]);
}

#[test]
fn what_is_not_told_is_null_and_never_made_up() {
    let listed = json(&["list", "-tanpe", "--json", "--from", "-"], NETSTAT.as_bytes());
    for socket in listed["sockets"].as_array().unwrap() {
        for field in ["inode", "uid", "user", "cookie", "timer", "accept_limit", "tcp_info", "memory"] {
            assert_eq!(socket[field], serde_json::Value::Null, "{field}: {socket:#}");
        }
        let state = socket["state"].as_str().unwrap();
        let expected = if state == "TIME_WAIT" { "none-kept" } else { "not-told" };
        assert_eq!(socket["owner_unknown"], expected, "{socket:#}");
    }
    let table = sockdoc(&["list", "-tanpeo", "--from", "-"], NETSTAT.as_bytes());
    for made_up in ["42949672", "unknown", "sudo"] {
        assert!(!table.stdout.contains(made_up), "{}", table.stdout);
    }
}

#[test]
fn netstat_with_all_its_columns_is_read() {
    let listed = json(&["list", "-anpeo", "--json", "--from", "-"], NETSTAT_FULL.as_bytes());
    let sockets = listed["sockets"].as_array().unwrap();
    let by_port = |port: u64| sockets.iter().find(|one| one["local"]["port"] == port).unwrap();
    let web = by_port(80);
    assert_eq!((&web["inode"], &web["uid"]), (&20731.into(), &0.into()));
    assert_eq!((&web["owners"][0]["program"], &web["owners"][0]["pid"]), (&"nginx: master".into(), &12.into()));
    assert_eq!(web["owners"][0]["fd"], serde_json::Value::Null);
    assert_eq!((&web["accept_queue"], &web["accept_limit"]), (&3.into(), &serde_json::Value::Null));
    let leak = by_port(41234);
    assert_eq!((&leak["timer"]["kind"], &leak["timer"]["retrans"]), (&"keepalive".into(), &2.into()));
    assert_eq!(by_port(41236)["ends_in_ms"], 45_120);
    let unix = sockets.iter().find(|one| one["local"]["path"] == "/run/x.sock").unwrap();
    assert_eq!((&unix["state"], &unix["inode"]), (&"LISTEN".into(), &12345.into()));
    assert_eq!(unix["owners"][0]["pid"], 77);
    // A descriptor that the text does not tell is not made up.
    let told = sockdoc(&["explain", "sport", "=", ":80", "--no-live", "--from", "-"], NETSTAT_FULL.as_bytes()).stdout;
    assert!(told.contains("nginx: master (pid 12") && !told.contains("fd "), "{told}");
    assert_eq!(sockets.iter().filter(|one| one["netid"] == "u_dgr").count(), 1);
}

#[test]
fn unix_sockets_of_ss_are_read() {
    let listed = json(&["list", "-anpx", "--json", "--from", "-"], SS_UNIX.as_bytes());
    let sockets = listed["sockets"].as_array().unwrap();
    let [full, client, hidden] = sockets.as_slice() else { panic!("{listed:#}") };
    assert_eq!((&full["local"]["path"], &full["inode"]), (&"/run/a b.sock".into(), &20.into()));
    assert_eq!((&full["accept_queue"], &full["accept_limit"]), (&6.into(), &5.into()));
    assert_eq!((&client["peer"]["inode"], &client["owners"][0]["program"]), (&41.into(), &"dbus".into()));
    assert_eq!(hidden["local"]["path"], "@hidden");
    let checked = json(&["check", "--json", "unix-backlog-full", "--from", "-"], SS_UNIX.as_bytes());
    assert_eq!(checked["findings"][0]["severity"], "critical", "{checked:#}");
}

#[test]
fn what_a_mail_or_a_shell_added_does_no_harm() {
    let expected = counts(SS);
    assert_eq!(counts(&SS.replace('\n', "\r\n")), expected);
    let quoted: String = SS.lines().map(|line| format!("> {line}\n")).collect();
    assert_eq!(counts(&quoted), expected);
    assert_eq!(counts(&format!("root@web-1:~# ss -tan\n{SS}root@web-1:~# \n")), expected);
    let indented: String = SS.lines().map(|line| format!("    {line}\n")).collect();
    assert_eq!(counts(&indented), expected);
    // Names of services are in /etc/services.
    let services = fs::read_to_string("/etc/services").unwrap_or_default();
    if services.lines().any(|line| line.starts_with("ssh")) {
        assert_eq!(
            counts(&SS.replace("0.0.0.0:22 ", "0.0.0.0:ssh ").replace("10.0.0.5:22 ", "10.0.0.5:ssh ")),
            expected
        );
    }
    // Names where addresses belong are unknown addresses, and a note says so.
    let named = format!("{SS}ESTAB 0 0 web-1:ssh laptop.example:51234\n");
    let ran = sockdoc(&["count", "--from", "-"], named.as_bytes());
    assert!(ran.stdout == "7\n" && ran.stderr.contains("line 9: read without addresses"), "{}", ran.stderr);
    let document = json(&["count", "--json", "--from", "-"], named.as_bytes());
    assert_eq!(document["gaps"][1]["what"], "lines", "{document:#}");
}

#[test]
fn a_text_of_which_nothing_can_be_read_is_no_empty_host() {
    let stateless = "Recv-Q Send-Q Local Address:Port Peer Address:Port\n1 0 10.0.0.5:41234 10.0.3.7:5432\n";
    let cut = "State Recv-Q Send-Q Local Address:Port Peer Address:Port\nESTAB 0 0 10.0.0.5:22 10.0.\n";
    let prose = "State Recv-Q Send-Q Local Address:Port Peer Address:Port\nnothing to see here\n";
    for (text, words) in [
        (stateless, "line 2: no State column"),
        (cut, "line 2: the row is cut off"),
        (prose, "a recording, a raw dump"),
    ] {
        let ran = sockdoc(&["--from", "-"], text.as_bytes());
        assert!(
            ran.code == Some(2) && ran.stdout.is_empty() && ran.stderr.contains(words),
            "{} {}",
            ran.stdout,
            ran.stderr
        );
    }
}

#[test]
fn other_texts_are_refused() {
    for text in ["hello\n", "root:x:0:0::/root:/bin/bash\n", "Proto\n"] {
        let ran = sockdoc(&["--from", "-"], text.as_bytes());
        assert_eq!(ran.code, Some(2), "{text}");
        assert!(ran.stderr.contains("a recording, a raw dump"), "{}", ran.stderr);
    }
}
