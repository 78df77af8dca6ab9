//! `counters` beside `nstat` and `netstat -s`: the same figure for every counter, since the namespace was made and over some time.

use std::{
    collections::BTreeMap,
    fs,
    net::{SocketAddr, UdpSocket},
    time::Duration,
};

use rustix::net::{AddressFamily, SocketFlags, SocketType, accept, bind, connect, listen, socket_with};
use serde_json::Value;

use crate::lab::{
    makers::{self, Unread},
    peer,
    proc_net::{counter, until},
    process::Process,
    program::{controlled, finish, run},
    sockets::Family,
    traffic::{First, connect_to, in_a_row, loopback, server},
};

/// Connections opened, ended and refused, and datagrams without a receiver: IPv4 and IPv6.
fn traffic() {
    let listener = server(8080);
    assert_eq!(in_a_row(&listener, loopback(1, 8080), First::Client, 20).0, 20);
    assert!(connect_to(loopback(1, 9)).is_err(), "no one listens at port 9");
    for local in ["127.0.0.1:0", "[::1]:0"] {
        // A namespace may be without IPv6.
        let Ok(socket) = UdpSocket::bind(local) else { continue };
        let to = if local.starts_with('[') { "[::1]:9" } else { "127.0.0.1:9" };
        let _ = socket.send_to(b"?", to);
    }
}

/// The same, and traffic that moves many more counters: full accept queues, timeouts, resets, closed windows, unread
/// data, fragments, full buffers, multicast, and Multipath TCP if the kernel has it.
fn all_traffic() {
    traffic();
    let held = [
        makers::full_accept_queue(Family::V4, 2, 2),
        makers::full_accept_queue(Family::V6, 2, 2),
        makers::close_wait(Family::V4, 3, Unread::Bytes(100)),
        makers::zero_window(Family::V6, 1),
        makers::syn_sent(Family::V4, 1),
    ];
    until("a timeout", || counter("TcpExtTCPTimeouts").is_some_and(|count| count > 0));
    drop(held);
    peer::needs("ip");
    assert_eq!(finish(controlled("ip", &["link", "set", "lo", "mtu", "1500"])).code, Some(0));
    let large = [0; 9000];
    for address in ["127.0.0.1:0", "[::1]:0"] {
        let (reader, writer) = (UdpSocket::bind(address).unwrap(), UdpSocket::bind(address).unwrap());
        let to = reader.local_addr().unwrap();
        rustix::net::sockopt::set_socket_recv_buffer_size(&reader, 20_000).unwrap();
        for _ in 0..20 {
            writer.send_to(&large, to).unwrap();
        }
        reader.recv(&mut [0; 10]).unwrap();
    }
    let far = UdpSocket::bind("127.0.0.1:0").unwrap();
    assert!(far.send_to(b"?", "192.0.2.1:9").is_err(), "there is no route");
    let multipath = |address: &str| {
        let address: SocketAddr = address.parse().unwrap();
        let family = if address.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 };
        let open = || socket_with(family, SocketType::STREAM, SocketFlags::CLOEXEC, Some(rustix::net::ipproto::MPTCP));
        let (listener, client) = (open()?, open()?);
        bind(&listener, &address)?;
        listen(&listener, 4)?;
        connect(&client, &rustix::net::getsockname(&listener)?)?;
        let accepted = accept(&listener)?;
        rustix::io::write(&client, b"some data")?;
        rustix::io::read(&accepted, &mut [0; 9][..])
    };
    for address in ["127.0.0.1:0", "[::1]:0"] {
        // EPROTONOSUPPORT, ENOPROTOOPT: the kernel has none.
        let _ = multipath(address);
    }
}

/// The output of both programs at rest: ours by the names of the counters, and the other's lines.
fn at_rest(other: &[&str]) -> (BTreeMap<String, i64>, String) {
    let ours = || values(&run(&["counters", "-a", "--json"]).json());
    let kernel = |all: &BTreeMap<String, i64>| -> BTreeMap<String, i64> {
        all.iter().filter(|(name, _)| !name.contains('.')).map(|(name, value)| (name.clone(), *value)).collect()
    };
    let mut seen = None;
    until("the counters are at rest", || {
        let before = ours();
        let theirs = finish(controlled(other[0], &other[1..]));
        assert_eq!(theirs.code, Some(0), "{theirs:?}");
        let is_at_rest = kernel(&before) == kernel(&ours());
        seen = Some((before, theirs.stdout));
        is_at_rest
    });
    seen.unwrap()
}

/// The values of a document, by the names of the counters.
fn values(document: &Value) -> BTreeMap<String, i64> {
    let counters = document["counters"].as_array().unwrap();
    let of = |one: &Value| (one["name"].as_str().unwrap().to_owned(), one["value"].as_i64().unwrap());
    let values: BTreeMap<_, _> = counters.iter().map(of).collect();
    assert_eq!(values.len(), counters.len(), "every name is there once");
    values
}

pub(crate) fn every_counter_is_that_of_nstat() {
    peer::needs("nstat");
    all_traffic();
    let (ours, theirs) = at_rest(&["nstat", "-asz"]);
    let (mut compared, mut moved) = (0, 0);
    for line in theirs.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_ascii_whitespace();
        let (name, value) = (words.next().unwrap(), words.next().unwrap().parse::<i64>().unwrap());
        assert_eq!(ours.get(name), Some(&value), "{line}");
        compared += 1;
        moved += u32::from(value > 0);
    }
    assert!(compared > 200 && moved > 60, "{compared} compared, {moved} of them not 0");
    let beyond: Vec<&String> = ours.keys().filter(|name| !theirs.contains(&format!("{name} "))).collect();
    // Counters that nstat leaves out on purpose, and sockstat, which it does not read.
    for name in beyond {
        let is_known =
            ["IpForwarding", "IpDefaultTTL", "TcpRtoAlgorithm", "TcpRtoMin", "TcpRtoMax", "TcpMaxConn", "TcpCurrEstab"];
        assert!(is_known.contains(&name.as_str()) || name.contains('.'), "{name}");
    }
    assert!(ours["TcpActiveOpens"] >= 20 && ours["TcpAttemptFails"] >= 1 && ours["UdpNoPorts"] >= 1, "{ours:?}");
}

pub(crate) fn every_counter_of_nstats_json_is_read_back() {
    peer::needs("nstat");
    traffic();
    for form in ["-jasz", "-jaszp"] {
        let text = finish(controlled("nstat", &[form])).stdout;
        let file = std::env::temp_dir().join(form);
        std::fs::write(&file, &text).unwrap();
        let theirs: Value = serde_json::from_str(&text).unwrap();
        let ours = run(&["counters", "-a", "--json", "--from", file.to_str().unwrap()]).json();
        let ours: BTreeMap<&str, &Value> = ours["counters"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["name"].as_str().unwrap(), &one["value"]))
            .collect();
        let theirs = theirs["kernel"].as_object().unwrap();
        assert!(theirs.len() > 200, "{text}");
        for (name, value) in theirs {
            assert_eq!(ours.get(name.as_str()), Some(&value), "{form} {name}");
        }
    }
}

pub(crate) fn every_counter_is_that_of_netstat() {
    peer::needs("netstat");
    all_traffic();
    let sentences = include_str!("../../src/render/netstat/statistics.txt");
    let (mut compared, mut moved) = (0, 0);
    for family in ["-4", "-6"] {
        let (ours, theirs) = at_rest(&["netstat", "-s", family]);
        let mut group = "";
        for line in theirs.lines() {
            let words = line.trim();
            if let Some(name) = line.strip_suffix(':').filter(|name| !name.starts_with(' ')) {
                group = name;
            } else if !words.ends_with("histogram:") {
                let value = shown_in(group, words, sentences, &ours)
                    .unwrap_or_else(|| panic!("{group}: {line:?}, ours {ours:#?}"));
                compared += 1;
                moved += u32::from(value > 0);
            }
        }
    }
    assert!(compared > 70 && moved > 60, "{compared} compared, {moved} of them not 0");
}

/// The value of ours that a line of `netstat -s` shows: in words that stand for a counter of that group, or by its name.
fn shown_in(group: &str, line: &str, sentences: &str, ours: &BTreeMap<String, i64>) -> Option<i64> {
    let full = |name: &str| if group.ends_with('6') { name.to_owned() } else { format!("{group}{name}") };
    let by_name = line.split_once(": ").and_then(|(name, value)| Some((full(name), value.parse().ok()?)));
    let by_words = sentences.lines().filter_map(|sentence| {
        let (of, rest) = sentence.split_once(' ')?;
        let (name, words) = rest.split_once(' ')?;
        let (before, after) = words.split_once(' ')?.1.split_once('#')?;
        let number = line.strip_prefix(before.trim_start())?.strip_suffix(after.trim_end())?;
        (of == group).then_some((full(name), number.parse().ok()?))
    });
    by_words.chain(by_name).find(|(name, value)| ours.get(name) == Some(value)).map(|(_, value)| value)
}

pub(crate) fn a_rise_is_shown_with_its_rate_and_what_did_not_rise_is_not() {
    let listener = server(8080);
    let busy = Process::fork(move || {
        for _ in 0..200 {
            let _ = in_a_row(&listener, loopback(1, 8080), First::Client, 5);
            std::thread::sleep(Duration::from_millis(20));
        }
        0
    });
    let document = run(&["counters", "--for", "1s", "--json"]).json();
    drop(busy);
    let seconds = document["seconds"].as_f64().unwrap();
    assert!((1.0..20.0).contains(&seconds), "{seconds}");
    let counters = document["counters"].as_array().unwrap();
    let opened = counters.iter().find(|one| one["name"] == "TcpActiveOpens").expect("connections were opened");
    let (rise, rate) = (opened["rise"].as_i64().unwrap(), opened["per_second"].as_f64().unwrap());
    assert!(rise >= 20 && rise <= opened["value"].as_i64().unwrap(), "{opened}");
    assert!((rate - rise as f64 / seconds).abs() < 0.01, "{opened}");
    assert!(counters.iter().all(|one| one["rise"].as_i64() != Some(0)), "{document:#}");
    assert_eq!(document["hidden"].as_u64().unwrap() + counters.len() as u64, all(&document), "nothing is lost");
    let text = run(&["counters", "--for", "200ms", "TcpRtoMax", "listendrops"]);
    assert!(text.stdout.contains("+0") && text.stdout.contains("TcpExtListenDrops"), "{text:?}");
}

/// How many counters there are in all.
fn all(_: &Value) -> u64 {
    run(&["counters", "-a", "--json"]).json()["counters"].as_array().unwrap().len() as u64
}

pub(crate) fn a_recording_gives_the_counters_of_its_host() {
    traffic();
    let file = std::env::temp_dir().join("a.sockdoc").display().to_string();
    assert_eq!(run(&["record", "-o", &file]).code, Some(0));
    let live = values(&run(&["counters", "-a", "--json"]).json());
    let kept = run(&["counters", "-a", "--json", "--from", &file]).json();
    for (name, value) in values(&kept) {
        // Recording and counting hold other sockets than each other.
        assert!(live[&name] == value || name.contains('.'), "{name}: {value}, now {}", live[&name]);
    }
    assert!(values(&kept).len() > 200, "{kept:#}");
    let text = run(&["counters", "--from", &file]);
    assert!(text.stdout.contains("TcpActiveOpens") && !text.stdout.contains("TcpExtTCPMD5Failure"), "{text:?}");
    // Two samples give what rose between them.
    assert_eq!(run(&["record", "-o", &file, "--force", "--for", "1s", "--every", "500ms"]).code, Some(0));
    let over_time = run(&["counters", "--json", "--from", &file]).json();
    assert!(over_time["seconds"].as_f64().unwrap() > 0.5, "{over_time:#}");
    fs::remove_file(file).unwrap();
}

pub(crate) fn counters_of_another_namespace_are_its_own() {
    peer::needs("ip");
    traffic();
    assert_eq!(finish(controlled("ip", &["netns", "add", "blue"])).code, Some(0));
    let here = values(&run(&["counters", "-a", "--json"]).json());
    let there = values(&run(&["counters", "-a", "--json", "--netns", "blue"]).json());
    assert_eq!((there["TcpActiveOpens"], here["TcpActiveOpens"] >= 20), (0, true));
}
