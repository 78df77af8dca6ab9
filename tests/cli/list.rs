//! The options of `list` that need the whole program.

use std::os::unix::ffi::OsStrExt;

use rustix::net::{AddressFamily, SocketType, bind, netlink::SocketAddrNetlink, socket};

use crate::program::{Ran, ran, sockdoc};

/// Status, output and errors of `sockdoc list`.
fn list(options: &[&str]) -> (Option<i32>, String, String) {
    let Ran { code, stdout, stderr } = ran(sockdoc(["list"]).args(options));
    (code, stdout, stderr)
}

pub(crate) fn words_are_chosen_and_a_pipe_gets_the_tokens_of_ss() {
    let _listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let said = |options: &[&str]| list(&[&["-tlm"], options].concat()).1;
    for options in [&[] as &[&str], &["--in-words=auto"], &["--in-words=never"], &["--in-words", "--in-words=never"]] {
        let text = said(options);
        assert!(text.contains(" skmem:(r") && !text.contains("memory:"), "{options:?}: {text}");
    }
    for options in [&["--in-words"] as &[&str], &["--in-words=always"], &["--in-words", "sport", "ge", "1"]] {
        let text = said(options);
        assert!(text.contains(" memory: ") && !text.contains("skmem"), "{options:?}: {text}");
    }
    let (code, out, errors) = list(&["--in-words=frob"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(errors.contains("\"frob\"") && errors.contains("auto, always, never"), "{errors}");
}

pub(crate) fn a_column_has_the_names_that_people_try() {
    for (word, heading) in [("proc", "Process"), ("cwnd", "snd_cwnd"), ("RTT", "rtt"), ("src", "Local Address:Port")] {
        let (code, out, errors) = list(&["-t", "--columns", word]);
        let shown = out.lines().next().map(str::trim_start);
        assert_eq!((code, shown), (Some(0), Some(heading)), "{word}: {errors}");
    }
    for (word, near) in [("pocess", "process"), ("cwdn", "cwnd"), ("rttt", "rtt"), ("conainer", "container")] {
        let (code, _, errors) = list(&["-t", "--columns", word]);
        assert_eq!(code, Some(2));
        assert!(errors.contains(&format!("\"{word}\": did you mean \"{near}\"?")), "{errors}");
    }
}

pub(crate) fn columns_are_the_same_in_csv_and_json() {
    let _listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    // Twice, by two names; a field of tcp_info; the name of JSON; one that is not known here.
    let chosen = "lport,local.port,state,recv_queue_bytes,process,tcp_info.rtt_us,unit,local";
    let said = |format: &str| list(&["-tlp", "--columns", chosen, "--format", format]).1;
    let csv = said("csv");
    let mut rows = csv.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let heading = rows.next().unwrap();
    assert_eq!(heading, ["lport", "state", "recvq", "process", "rtt_us", "unit", "local"]);
    let rows: Vec<_> = rows.collect();
    let whole: serde_json::Value = serde_json::from_str(&said("json")).unwrap();
    let lines: Vec<serde_json::Value> = said("jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(!rows.is_empty() && whole["gaps"].is_array());
    for (place, row) in rows.iter().enumerate() {
        for mut document in [whole["sockets"][place].clone(), lines[place].clone()] {
            let document = document.as_object_mut().unwrap();
            document.remove("schema");
            assert_eq!(document.len(), heading.len(), "{document:?}");
            for (name, value) in heading.iter().zip(row) {
                let json = match &document[name] {
                    serde_json::Value::Null => String::new(),
                    serde_json::Value::String(text) => text.clone(),
                    number => number.to_string(),
                };
                assert_eq!(&json, value, "{name} of {document:?}");
            }
            assert!(document["lport"].is_u64() && document["recvq"].is_u64(), "{document:?}");
        }
    }
}

pub(crate) fn a_filter_takes_the_words_of_other_programs() {
    let path = std::env::temp_dir().join("a b.sock");
    let path = path.to_str().unwrap();
    let _unix = std::os::unix::net::UnixListener::bind(path).unwrap();
    let tcp = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = tcp.local_addr().unwrap().port();
    let _udp = std::net::UdpSocket::bind(("127.0.0.1", port)).unwrap();
    // The thread's own name is the program's: that of its first thread.
    rustix::thread::set_name(c"Web Content").unwrap();
    let netids = |words: &[&str]| -> Vec<String> {
        let (code, out, errors) = list(&[&["-H", "--columns", "netid"], words].concat());
        assert_eq!(code, Some(0), "{words:?}: {errors}");
        let mut found: Vec<String> = out.lines().map(|line| line.trim().to_owned()).collect();
        found.sort_unstable();
        found
    };
    let (port, range) = (port.to_string(), format!("{port}-{port}"));
    let pid = format!("pid:{}", std::process::id());
    for (words, expected) in [
        (&["port", port.as_str()][..], &["tcp", "udp"][..]),
        (&["port", &range], &["tcp", "udp"]),
        (&[&format!("port:{port}"), "tcp"], &["tcp"]),
        (&[&format!("udp:{port}")], &["udp"]),
        (&[&format!("{port}/udp")], &["udp"]),
        (&[&format!("TCP@127.0.0.1:{port}")], &["tcp"]),
        (&["host", "127.0.0.1", "and", "src", "port", &port], &["tcp", "udp"]),
        (&["ip", "dst", "port", &port], &[]),
        (&["port", &format!("1,{port}"), "udp"], &["udp"]),
        (&[&pid, "listen"], &["tcp", "u_str"]),
        (&["proc", "=", "Web Content", "listen"], &["tcp", "u_str"]),
        (&["proc = \"Web Content\" and listen"], &["tcp", "u_str"]),
        (&["-xl", "src", path], &["u_str"]),
        (&[&format!("\"{path}\"")], &["u_str"]),
        (&[&path.replace(' ', "?")], &["u_str"]),
    ] {
        assert_eq!(netids(words), expected, "{words:?}");
    }
    // Without an option the filter decides which tables are counted.
    for (words, count) in
        [(vec!["udp:1"], "0"), (vec!["udp", "port", &port], "1"), (vec!["-t", "udp", "port", &port], "0")]
    {
        assert_eq!(ran(sockdoc(["count"]).args(&words)).stdout.trim(), count, "{words:?}");
    }
}

pub(crate) fn a_wrong_filter_names_what_is_valid() {
    for (words, said) in [
        (&["state", "foo"][..], "unknown state \"foo\": expected established, syn-sent"),
        (&["state"], "expected established, syn-sent"),
        (&["frob", "=", "3"], "unknown key \"frob\": expected state, "),
        (&["proc = \"Web"], "unclosed quote"),
        (&["protocol = frob"], "expected tcp, udp, udplite, raw"),
        (&["db.invalid:80"], "unknown host \"db.invalid:80\""),
        (&["--columns", "xyzzy"], "expected netid, state"),
        (&["--sort", "xyzzy"], "expected netid, state"),
    ] {
        let (code, out, errors) = list(words);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{words:?}");
        assert!(errors.contains(said), "{words:?}: {errors}");
        let names = errors.split(", ").count();
        assert!(names < 50, "{words:?}: {names} names in {errors}");
    }
}

pub(crate) fn a_map_that_is_not_there_is_named() {
    let (code, out, errors) = list(&["-t", "--bpf-map-id", "4294967295"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(errors.contains("BPF map 4294967295"), "{errors}");
}

pub(crate) fn the_port_of_a_netlink_socket_is_that_of_a_program_unless_numbers_are_asked_for() {
    // The first netlink socket that the kernel gives a port has the process id, if that is free.
    let held = socket(AddressFamily::NETLINK, SocketType::RAW, None).unwrap();
    bind(&held, &SocketAddrNetlink::new(0, 0)).unwrap();
    let own: SocketAddrNetlink = rustix::net::getsockname(&held).unwrap().try_into().unwrap();
    let port = own.pid();
    let name = std::fs::read(format!("/proc/{port}/comm")).unwrap_or_default();
    let name = std::ffi::OsStr::from_bytes(name.trim_ascii_end()).to_string_lossy().into_owned();
    let named = if name.is_empty() { format!("rtnl:{port}") } else { format!("rtnl:{name}/{port}") };
    let has = |options: &[&str], end: &str| list(options).1.split_whitespace().any(|word| word == end);
    assert!(has(&["-H", "-f", "netlink"], &named), "{named}");
    assert!(has(&["-Hn", "-f", "netlink"], &format!("rtnl:{port}")));
    assert!(list(&["-f", "netlink", "--format", "csv"]).1.contains(&format!("rtnl:{port},")));
}

pub(crate) fn what_a_text_does_not_say_is_an_empty_field_of_csv() {
    let text = "\
Active Internet connections (servers and established)
Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name
tcp        0      0 127.0.0.1:5432          0.0.0.0:*               LISTEN      812/postgres
tcp        0     36 10.0.0.5:22             10.0.0.9:50022          ESTABLISHED 1042/sshd
";
    let file = std::env::temp_dir().join(format!("sockdoc-csv-{}.txt", std::process::id()));
    std::fs::write(&file, text).unwrap();
    let path = file.to_str().unwrap();
    let of = |options: &[&str]| list(&[options, &["--from", path]].concat());
    let (csv, table) = (of(&["-a", "-p", "--format", "csv"]), of(&["-a", "-H", "--columns", "state,sendq,fd,pid"]));
    std::fs::remove_file(&file).unwrap();
    assert_eq!(csv.0, Some(0), "{}", csv.2);
    let rows = [
        "netid,state,recvq,sendq,local,peer,process,pid,fd,unit,container",
        "tcp,LISTEN,0,,127.0.0.1:5432,0.0.0.0:*,postgres,812,,,",
        "tcp,ESTABLISHED,0,36,10.0.0.5:22,10.0.0.9:50022,sshd,1042,,,",
    ];
    assert_eq!(csv.1.lines().collect::<Vec<_>>(), rows);
    let cells: Vec<Vec<&str>> = table.1.lines().map(|line| line.split_ascii_whitespace().collect()).collect();
    assert_eq!(cells, [["LISTEN", "-", "-", "812"], ["ESTABLISHED", "36", "-", "1042"]]);
}

pub(crate) fn names_in_csv_are_text_and_no_formulas() {
    let _listener = crate::program::listener();
    for (name, shown) in [
        (&b"\x1b[31mE"[..], "\\x1b[31mE"),
        (b"a\xff\xfeb", "a\\xff\\xfeb"),
        (b"=1+cmd|'x'!A0", "'=1+cmd|'x'!A0"),
        (b"@SUM(1)", "'@SUM(1)"),
        (b"-1-a,b", "\"'-1-a,b\""),
        (b"-17", "-17"),
    ] {
        // The test is a process: this is its name.
        std::fs::write("/proc/self/comm", name).expect("a name");
        let rows = [list(&["-tlnp", "--format", "csv", "--columns", "process"]).1, group(&["proc", "listen"])];
        for rows in rows {
            let is_shown = |line: &str| line == shown || line == format!("{shown},1");
            assert!(rows.lines().any(is_shown), "{rows}");
        }
    }
}

/// The groups by a key as CSV.
fn group(words: &[&str]) -> String {
    let mut command = sockdoc(["group", "--format", "csv", "--by"]);
    ran(command.args(words)).stdout
}

pub(crate) fn the_name_of_a_namespace_is_escaped_once() {
    let _listener = crate::program::listener();
    let folder = std::env::temp_dir().join("a\u{1b}\\b");
    std::fs::create_dir(&folder).expect("a folder");
    let path = folder.join("net");
    std::os::unix::fs::symlink(format!("/proc/{}/ns/net", std::process::id()), &path).expect("a link");
    let name = path.to_str().expect("UTF-8");
    let once = name.replace('\u{1b}', "\\x1b");
    assert!(group(&["netns", "listen", "--netns", name]).contains(&format!("\n{once},")));
    let table = ran(sockdoc(["group", "--by", "netns", "listen", "--netns", name]).env("LC_ALL", "C.UTF-8")).stdout;
    assert!(table.lines().any(|line| line.ends_with(&format!("  {once}"))), "{table}");
    let json = ran(&mut sockdoc(["group", "--by", "netns", "listen", "--json", "--netns", name])).stdout;
    let document: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(document["groups"][0]["netns"], name, "JSON has its own escapes");
    std::fs::remove_dir_all(folder).expect("removed");
}
