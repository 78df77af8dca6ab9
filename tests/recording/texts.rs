//! Text of other tools, pasted from elsewhere.

use super::{json, sockdoc};

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
    // A heading alone tells of nothing, which is an answer.
    let heading = SS.lines().next().unwrap();
    assert_eq!(sockdoc(&["count", "--from", "-"], heading.as_bytes()).stdout, "0\n");
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
    let ran = sockdoc(&["check", "--from", "-"], SS.as_bytes());
    assert!(ran.stderr.contains("text of ss") && ran.stderr.contains("no owners"), "{}", ran.stderr);
    let document = json(&["--json", "--from", "-"], SS.as_bytes());
    assert!(document["not_checked"].as_array().unwrap().len() > 10, "{document:#}");
    assert!(document["gaps"].as_array().unwrap().iter().any(|gap| gap["what"] == "TCP"), "{document:#}");
}

#[test]
fn other_texts_are_refused() {
    for text in ["hello\n", "root:x:0:0::/root:/bin/bash\n", "{}\n", "Proto\n"] {
        let ran = sockdoc(&["--from", "-"], text.as_bytes());
        assert_eq!(ran.code, Some(2), "{text}");
        assert!(ran.stderr.contains("neither a recording"), "{}", ran.stderr);
    }
}
