//! `counters`: which names it understands, and what it refuses.

use crate::program::{good, ran, refused, sockdoc};

/// Names of one counter as people type them.
const NAMES: &[&str] =
    &["TcpExtListenDrops", "tcpextlistendrops", "ListenDrops", "LISTENDROPS", "tcp_ext_listen_drops", "*stendrops"];

pub(crate) fn a_counter_is_found_by_any_of_its_names() {
    for name in NAMES {
        let said = good(["counters", name]);
        assert!(said.contains("  TcpExtListenDrops ") && said.contains("A rise means: "), "{name}: {said}");
        assert!(!said.contains("TcpExtListenOverflows  "), "{name}: {said}");
    }
    let chinese = good(["--lang", "zh", "counters", "ListenDrops"]);
    assert!(chinese.contains("握手与监听") && chinese.contains("升高说明："), "{chinese}");
}

pub(crate) fn a_part_of_names_finds_all_of_them() {
    for (word, found, left_out) in [
        (
            "listen",
            &["TcpExtListenDrops", "TcpExtListenOverflows", "TcpExtTCPFastOpenListenOverflow"][..],
            "TcpActiveOpens",
        ),
        ("ListenOverflow", &["TcpExtListenOverflows"], "TcpExtListenDrops"),
        ("retrans", &["TcpRetransSegs", "TcpExtTCPRetransFail"], "TcpActiveOpens"),
        ("syncookies", &["TcpExtSyncookiesSent", "TcpExtSyncookiesFailed"], "TcpActiveOpens"),
        ("tcp", &["TcpActiveOpens", "TcpExtTCPTimeouts"], "UdpNoPorts"),
        ("Tcp*", &["TcpActiveOpens", "TcpExtTCPTimeouts"], "UdpNoPorts"),
    ] {
        let said = good(["counters", word]);
        for name in found {
            assert!(said.contains(&format!("  {name} ")), "{word}: {name}: {said}");
        }
        assert!(!said.contains(&format!("  {left_out} ")), "{word}: {said}");
    }
    for group in ["time_wait", "TimeWait"] {
        assert!(good(["counters", "-a", group]).lines().any(|line| line == "TIME_WAIT"), "{group}");
    }
}

pub(crate) fn a_group_is_found_by_its_name_and_zeros_are_hidden() {
    let all = good(["counters", "-a", "settings"]);
    assert!(all.contains("TcpRtoMin") && !all.contains("TcpActiveOpens"), "{all}");
    let shown = good(["counters", "mptcp"]);
    assert!(!shown.contains("MPTcpExtDataCsumErr") && shown.contains("-a shows"), "{shown}");
    for line in good(["counters", "-a", "-v"]).lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

pub(crate) fn a_wrong_counter_is_refused_by_name_with_a_way_out() {
    for (arguments, named, offered) in [
        (&["counters", "ListenDorps"][..], "ListenDorps", "TcpExtListenDrops"),
        (&["counters", "handshake"], "handshake", "handshakes"),
        (&["counters", "xyzzy"], "xyzzy", "sockdoc counters -a"),
        (&["counters", "Nothing*"], "Nothing*", "sockdoc counters -a"),
        (&["counters", ""], "", "sockdoc counters -a"),
        (&["counters", "ListenDrops", "xyzzy"], "xyzzy", "sockdoc counters -a"),
        (&["counters", "--netns", "all"], "all", "pid:N"),
        (&["counters", "--for", "soon"], "soon", "--for"),
        (&["counters", "--format", "csv"], "csv", "counters"),
    ] {
        let line = refused(&mut sockdoc(arguments));
        assert!(line.contains(named) && line.contains(offered) && line.is_ascii(), "{arguments:?}: {line}");
        let chinese = refused(sockdoc(["--lang", "zh"]).args(arguments));
        assert!(chinese.contains(named) && chinese.contains(offered), "{arguments:?}: {chinese}");
    }
    let pasted = std::env::temp_dir().join(format!("sockdoc-nstat-{}", std::process::id()));
    std::fs::write(&pasted, "#kernel\nTcpActiveOpens                  12                 0.0\n").unwrap();
    let said = good(["counters", "--from", pasted.to_str().unwrap()]);
    std::fs::remove_file(&pasted).unwrap();
    assert!(said.starts_with("text of nstat ") && !said.contains('?') && !said.contains("since"), "{said}");
    let blind = ran(sockdoc(["counters"]).env("PROC_ROOT", "/nonexistent"));
    assert_eq!((blind.code, blind.stdout.as_str()), (Some(2), ""), "{blind:?}");
}
