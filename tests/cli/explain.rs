//! `explain`: the table of contents, topics, and the stories of sockets of this test.

use std::net::TcpStream;

use crate::lab::peer;
use crate::program::{good, listener, ran, sockdoc};

pub(crate) fn without_a_topic_there_is_a_table_of_contents() {
    let list = good(["explain"]);
    for part in
        ["## States\n", "\n- TIME_WAIT: ", "\n- EMFILE: ", "\n- Recv-Q: ", "\n- net.core.somaxconn: ", "## Myths"]
    {
        assert!(list.contains(part), "{part}:\n{list}");
    }
    let all = good(["explain", "--all"]);
    assert!(all.contains("\n# EMFILE\n") && all.contains("```text\n") && !all.contains("{{"));
    assert_eq!(ran(&mut sockdoc(["explain", "--all", "EMFILE"])).code, Some(2));
}

pub(crate) fn figures_are_read_only_where_they_are_shown() {
    for topic in ["tw_reuse", "ListenDrops", "close-wait", "close-wait-leak", "states"] {
        let still = good(["explain", topic, "--no-live"]);
        assert!(!still.contains("## On this host"), "{still}");
        let blind = ran(sockdoc(["explain", topic, "--no-live"]).env("PROC_ROOT", "/nonexistent"));
        assert_eq!((blind.code, blind.stderr.as_str()), (Some(0), ""), "{blind:?}");
        assert_eq!(blind.stdout, still, "{topic}");
    }
    let setting = good(["explain", "tcp_fin_timeout"]);
    assert!(setting.contains("## On this host, now\n\nnet.ipv4.tcp_fin_timeout is "), "{setting}");
    let gone = good(["explain", "tcp_tw_recycle", "--lang", "zh"]);
    assert!(gone.contains("没有 net.ipv4.tcp_tw_recycle"), "{gone}");
}

pub(crate) fn sockets_tell_their_story() {
    let listener = listener();
    let end = listener.local_addr().unwrap().to_string();
    let client = TcpStream::connect(&end).unwrap();
    let (server, _) = listener.accept().unwrap();
    drop(server);
    let pid = std::process::id();
    let told = ran(&mut sockdoc(["explain", "-v", &end]));
    if told.code != Some(0) && told.stderr.contains("cannot read") {
        peer::lacks("a kernel that shows its sockets");
    }
    let held = format!("(pid {pid}, fd ");
    for part in
        [&format!("# Sockets matching {end}\n"), " is in LISTEN.", " is in CLOSE_WAIT.", "The peer closed ", &held]
    {
        assert!(told.stdout.contains(part), "{part}: {told:?}");
    }
    let chinese = good(["explain", "--lang", "zh", &format!("pid:{pid}")]);
    assert!(chinese.contains(" 处于 CLOSE_WAIT。") && chinese.contains("持有它的是 "), "{chinese}");
    let none = good(["explain", "127.0.0.1:1", "and", "time-wait"]);
    assert!(none.ends_with("No socket matches.\n"), "{none}");
    drop(client);
}

pub(crate) fn a_wrong_word_is_answered_with_topics_and_a_wrong_filter_with_its_place() {
    let topic = ran(&mut sockdoc(["explain", "close-wai"]));
    assert_eq!(topic.code, Some(2));
    assert!(topic.stderr.contains("did you mean \"CLOSE_WAIT\""), "{topic:?}");
    let filter = ran(&mut sockdoc(["explain", "pid", "=", "banana"]));
    assert_eq!(filter.code, Some(2));
    assert!(filter.stderr.contains("\n  pid = banana\n        ^^^^^^"), "{filter:?}");
}
